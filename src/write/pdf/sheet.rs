//! What is drawn on a page, as a content stream (ISO 32000-1, clauses 8, 9 and 14.6).
//!
//! Places come in pt from the top left of the page, as the layout has them, and go out in PDF's
//! own axes, rounded to 1/1000 pt; advances of glyphs are rounded to 1/1000 em where they end, so
//! that nothing adds up along a line.

use std::ops::Range;

use super::face::Face;
use crate::layout::{EM, style::Ink};

/// A glyph in a frame: its id, its place in 1/1024 em of the line, and the bytes that it stands for.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// Glyph id.
    pub(super) id: u32,
    /// Along the frame's first axis.
    pub(super) x: i32,
    /// Along its second, upwards.
    pub(super) y: i32,
    /// Bytes of the text.
    pub(super) text: Range<u32>,
}

/// Where glyphs are set: an origin on the page, and how the axes lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    /// Origin, pt.
    pub(super) x: f32,
    /// Origin, pt.
    pub(super) y: f32,
    /// Pt to an em of the line.
    pub(super) em: f32,
    /// Size of the font, pt.
    pub(super) size: f32,
    /// A quarter turn clockwise.
    pub(super) turned: bool,
    /// A forged slant.
    pub(super) slanted: bool,
}

/// What a piece of content is.
pub(super) enum Piece<'a> {
    /// Part of the structure, under a number of its page, and what it reads as if it says so.
    Content(u32, Option<&'a str>),
    /// A running head or folio.
    Head,
    /// Decoration.
    Ornament,
}

/// A page under the pen.
pub(super) struct Sheet {
    /// The content.
    pub(super) out: Vec<u8>,
    /// The fonts that it uses, by number.
    pub(super) fonts: Vec<u16>,
    /// The pictures that it uses.
    pub(super) pictures: Vec<usize>,
    /// How much content of the structure it has.
    pub(super) count: u32,
    tagged: bool,
    /// Height of the page, 1/1000 pt.
    height: i64,
    ink: Option<Ink>,
    font: Option<(u16, i64)>,
    /// The space after every glyph, 1/1000 pt.
    space: i64,
    /// Codes and advances of the glyphs that are set: memory that is used again.
    codes: Vec<(u16, f32)>,
    /// Whether a text object is open.
    writing: bool,
    /// Whether the open piece says what it reads as.
    tells: bool,
}

/// 1/1000 pt.
fn milli(pt: f32) -> i64 {
    (f64::from(pt) * 1000.0).round() as i64
}

impl Sheet {
    /// An empty page of a height in pt; `tagged` if its content is part of a structure.
    pub(super) fn new(height: f32, tagged: bool) -> Self {
        Self {
            out: Vec::with_capacity(4096),
            fonts: Vec::new(),
            pictures: Vec::new(),
            count: 0,
            tagged,
            height: milli(height),
            ink: None,
            font: None,
            space: 0,
            codes: Vec::new(),
            writing: false,
            tells: false,
        }
    }

    /// The number of the next piece of structured content.
    pub(super) fn number(&mut self) -> u32 {
        self.count += 1;
        self.count - 1
    }

    /// Opens a piece of content.
    pub(super) fn open(&mut self, piece: &Piece) {
        self.stop();
        if !self.tagged {
            return;
        }
        match piece {
            Piece::Content(number, said) => {
                self.out.extend(b"/Span<</MCID ");
                int(&mut self.out, i64::from(*number));
                if let Some(said) = said {
                    self.said(said);
                    self.tells = true;
                }
                self.out.extend(b">>BDC\n");
            }
            Piece::Head => self.out.extend(b"/Artifact<</Type/Pagination/Subtype/Header>>BDC\n"),
            Piece::Ornament => self.out.extend(b"/Artifact BMC\n"),
        }
    }

    /// Closes a piece whose text runs from top to bottom.
    pub(super) fn close_column(&mut self) {
        // poppler puts what a piece reads as where its glyphs were, and looks at how the axes lie by then
        // to tell which way it runs: so they are turned.
        if self.writing && self.tells {
            self.out.extend(b"0 -1 1 0 0 0 Tm\n");
        }
        self.close();
    }

    /// Closes it.
    pub(super) fn close(&mut self) {
        self.stop();
        self.tells = false;
        if self.tagged {
            self.out.extend(b"EMC\n");
        }
    }

    fn said(&mut self, words: &str) {
        self.out.extend(b"/ActualText<FEFF");
        for unit in words.encode_utf16() {
            hex(&mut self.out, unit);
        }
        self.out.push(b'>');
    }

    fn stop(&mut self) {
        if std::mem::take(&mut self.writing) {
            self.out.extend(b"ET\n");
        }
    }

    fn fill(&mut self, ink: Ink) {
        if self.ink != Some(ink) {
            self.ink = Some(ink);
            self.out.extend(match ink {
                Ink::Text | Ink::Accent => &b"0 g\n"[..],
                Ink::Faint => b".376 g\n",
                Ink::Link => b".094 .259 .471 rg\n",
            });
        }
    }

    /// Sets glyphs of a text.
    pub(super) fn set(&mut self, face: &mut Face, ink: Ink, frame: &Frame, text: &str, glyphs: &[Set]) {
        let Some(first) = glyphs.first() else { return };
        self.fill(ink);
        if !std::mem::replace(&mut self.writing, true) {
            self.out.extend(b"BT\n");
        }
        let font = (face.number, milli(frame.size));
        if self.font != Some(font) {
            self.font = Some(font);
            self.out.extend(b"/F");
            int(&mut self.out, i64::from(font.0));
            self.out.push(b' ');
            number(&mut self.out, font.1);
            self.out.extend(b" Tf\n");
            if !self.fonts.contains(&font.0) {
                self.fonts.push(font.0);
            }
        }
        let place = |at: i32| (f64::from(at) * f64::from(frame.em) * (1000.0 / f64::from(EM))).round() as i64;
        // 1/1000 of the font's em to 1/1024 em of the line.
        let unit = 1000.0 * f64::from(frame.em) / f64::from(EM) / f64::from(frame.size);
        let mut codes = std::mem::take(&mut self.codes);
        codes.clear();
        codes.extend(glyphs.iter().map(|glyph| face.code(glyph.id)));
        self.space(spacing(glyphs, &codes, unit, frame.size));
        let space = self.space as f64 / f64::from(frame.size);
        // Where the current row of glyphs starts, in the frame, 1/1000 pt.
        let mut start = (place(first.x), place(first.y));
        self.matrix(frame, start);
        let mut row = first;
        let mut pen = 0.0;
        let mut open = false;
        let mut k = 0;
        while k < glyphs.len() {
            let range = &glyphs[k].text;
            let mut end = k + 1;
            while end < glyphs.len() && glyphs[end].text == *range {
                end += 1;
            }
            let words = &text[range.start as usize..range.end as usize];
            let plain = (face.reads(codes[k].0, words) && end == k + 1) || self.tells || !self.tagged;
            if !plain {
                self.break_row(&mut open);
                self.out.extend(b"/Span<<");
                self.said(words);
                self.out.extend(b">>BDC\n");
            }
            for (glyph, &(code, advance)) in glyphs[k..end].iter().zip(&codes[k..end]) {
                if glyph.y != row.y {
                    self.break_row(&mut open);
                    let next = (place(glyph.x), place(glyph.y));
                    number(&mut self.out, next.0 - start.0);
                    self.out.push(b' ');
                    number(&mut self.out, next.1 - start.1);
                    self.out.extend(b" Td");
                    (start, row, pen) = (next, glyph, 0.0);
                }
                let off = pen - f64::from(glyph.x - row.x) * unit;
                // Nothing is mended that is less than a thousandth; what is left of it is mended later.
                let back = if off.abs() < 0.9 { 0.0 } else { off.round() };
                if !std::mem::replace(&mut open, true) {
                    self.out.extend(b"[");
                    if back != 0.0 {
                        int(&mut self.out, back as i64);
                        pen -= back;
                    }
                    self.out.push(b'(');
                } else if back != 0.0 {
                    self.out.push(b')');
                    int(&mut self.out, back as i64);
                    self.out.push(b'(');
                    pen -= back;
                }
                for byte in code.to_be_bytes() {
                    // A line end inside a string would be read as another one.
                    match byte {
                        b'(' | b')' | b'\\' => self.out.extend([b'\\', byte]),
                        b'\r' => self.out.extend(b"\\r"),
                        _ => self.out.push(byte),
                    }
                }
                pen += f64::from(advance) + space;
            }
            if !plain {
                self.break_row(&mut open);
                self.out.extend(b"EMC\n");
            }
            k = end;
        }
        self.break_row(&mut open);
        self.codes = codes;
    }

    /// Sets the space after every glyph, 1/1000 pt.
    fn space(&mut self, space: i64) {
        if self.space != space {
            self.space = space;
            number(&mut self.out, space);
            self.out.extend(b" Tc\n");
        }
    }

    fn break_row(&mut self, open: &mut bool) {
        if std::mem::take(open) {
            self.out.extend(b")]TJ\n");
        }
    }

    /// The matrix that puts a place of a frame on the page.
    fn matrix(&mut self, frame: &Frame, (x, y): (i64, i64)) {
        let (left, up) = (milli(frame.x), self.height - milli(frame.y));
        let (x, y) = if frame.turned { (left + y, up - x) } else { (left + x, up + y) };
        self.out.extend(match (frame.turned, frame.slanted) {
            (false, false) => &b"1 0 0 1 "[..],
            (false, true) => b"1 0 .2 1 ",
            (true, false) => b"0 -1 1 0 ",
            (true, true) => b"0 -1 1 -.2 ",
        });
        number(&mut self.out, x);
        self.out.push(b' ');
        number(&mut self.out, y);
        self.out.extend(b" Tm");
    }

    /// Draws a picture into a box.
    pub(super) fn picture(&mut self, picture: usize, x: f32, y: f32, width: f32, height: f32) {
        self.stop();
        if !self.pictures.contains(&picture) {
            self.pictures.push(picture);
        }
        let bottom = self.height - milli(y) - milli(height);
        self.out.extend(b"q ");
        self.numbers(&[milli(width), 0, 0, milli(height), milli(x), bottom]);
        self.out.extend(b"cm/I");
        int(&mut self.out, picture as i64);
        self.out.extend(b" Do Q\n");
    }

    /// Fills a rectangle.
    pub(super) fn rule(&mut self, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
        self.stop();
        self.fill(ink);
        let bottom = self.height - milli(y) - milli(height);
        self.numbers(&[milli(x), bottom, milli(width), milli(height)]);
        self.out.extend(b"re f\n");
    }

    /// Strokes a path in black, its lines and curves as wide as `width` pt.
    pub(super) fn stroke(&mut self, width: f32, path: &[Step]) {
        self.stop();
        number(&mut self.out, milli(width));
        self.out.extend(b" w\n");
        self.path(path);
        self.out.extend(b"S\n");
    }

    /// Fills a closed path.
    pub(super) fn shape(&mut self, ink: Ink, path: &[Step]) {
        self.stop();
        self.fill(ink);
        self.path(path);
        self.out.extend(b"f\n");
    }

    fn path(&mut self, path: &[Step]) {
        let mut pen = (0.0, 0.0);
        for step in path {
            match *step {
                Step::Move(to) => self.points(&[to], b"m "),
                Step::Line(to) => self.points(&[to], b"l "),
                Step::Quad(by, to) => {
                    // A curve of the third degree with the same course.
                    let part = |a: f32, b: f32| a + (b - a) * 2.0 / 3.0;
                    let one = (part(pen.0, by.0), part(pen.1, by.1));
                    let two = (part(to.0, by.0), part(to.1, by.1));
                    self.points(&[one, two, to], b"c ");
                }
                Step::Cubic(one, two, to) => self.points(&[one, two, to], b"c "),
            }
            pen = match *step {
                Step::Move(to) | Step::Line(to) | Step::Quad(_, to) | Step::Cubic(_, _, to) => to,
            };
        }
    }

    fn points(&mut self, points: &[(f32, f32)], verb: &[u8]) {
        for &(x, y) in points {
            let y = self.height - milli(y);
            self.numbers(&[milli(x), y]);
        }
        self.out.extend(verb);
    }

    fn numbers(&mut self, numbers: &[i64]) {
        for &value in numbers {
            number(&mut self.out, value);
            self.out.push(b' ');
        }
    }

    /// Ends the page.
    pub(super) fn end(&mut self) {
        self.stop();
    }
}

/// A step of a path; points in pt from the top left of the page.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// Starts it.
    Move((f32, f32)),
    /// A straight line.
    Line((f32, f32)),
    /// A curve with one control point.
    Quad((f32, f32), (f32, f32)),
    /// A curve with two.
    Cubic((f32, f32), (f32, f32), (f32, f32)),
}

/// The space that most glyphs of a justified line have after them, 1/1000 pt: said once, not for each of them.
fn spacing(glyphs: &[Set], codes: &[(u16, f32)], unit: f64, size: f32) -> i64 {
    let mut gaps = [0.0; 15];
    let mut count = 0;
    for (pair, code) in glyphs.windows(2).zip(codes).take(gaps.len()) {
        if pair[0].y != pair[1].y {
            return 0;
        }
        gaps[count] = f64::from(pair[1].x - pair[0].x) * unit - f64::from(code.1);
        count += 1;
    }
    let gaps = &mut gaps[..count];
    gaps.sort_unstable_by(f64::total_cmp);
    let middle = gaps.get(count / 2).copied().unwrap_or_default();
    if middle.abs() < 1.0 { 0 } else { (middle * f64::from(size)).round() as i64 }
}

fn int(out: &mut Vec<u8>, value: i64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = value.unsigned_abs();
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[at..]);
}

/// A number given in thousandths.
fn number(out: &mut Vec<u8>, thousandths: i64) {
    let (whole, part) = (thousandths.unsigned_abs() / 1000, thousandths.unsigned_abs() % 1000);
    if thousandths < 0 {
        out.push(b'-');
    }
    if whole > 0 || part == 0 {
        int(out, whole as i64);
    }
    if part > 0 {
        let digits = [part / 100, part / 10 % 10, part % 10].map(|d| b'0' + d as u8);
        let end = 3 - digits.iter().rev().take_while(|&&d| d == b'0').count();
        out.push(b'.');
        out.extend_from_slice(&digits[..end]);
    }
}

fn hex(out: &mut Vec<u8>, unit: u16) {
    for shift in [12, 8, 4, 0] {
        out.push(b"0123456789ABCDEF"[usize::from(unit >> shift & 15)]);
    }
}

#[cfg(test)]
mod tests {
    use super::{int, number};

    #[test]
    fn numbers_are_short_and_exact() {
        let cases = [
            (0, "0"),
            (1, ".001"),
            (-1, "-.001"),
            (10, ".01"),
            (100, ".1"),
            (1000, "1"),
            (-1500, "-1.5"),
            (123_456, "123.456"),
            (595_276, "595.276"),
            (841_890, "841.89"),
        ];
        for (value, want) in cases {
            let mut out = Vec::new();
            number(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), want);
        }
        for value in [0, 7, -42, 1_000_000_007, i64::MAX, i64::MIN + 1] {
            let mut out = Vec::new();
            int(&mut out, value);
            assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }
}
