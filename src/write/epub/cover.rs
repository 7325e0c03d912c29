//! A cover picture from the title: book shelves show pictures only, and few show SVG.

use tiny_skia::{FillRule, Mask, Path, PathBuilder, Rect, Transform};

use crate::{
    font::{
        casting::{Casting, Set, mark},
        outline::{Segment, outline},
        store::{Family, FontStore, Style},
    },
    kit::Kit,
    write::{WriteError, epub::Book, packer::Packer, runs::runs, words},
};

const WIDTH: f32 = 1200.0;
const HEIGHT: f32 = 1800.0;
/// Longest title or list of authors on the picture, characters.
const LONGEST: usize = 72;
/// Width of the lines.
const MEASURE: f32 = 900.0;
const PAPER: [u8; 3] = [0xFA, 0xF7, 0xF0];
const INK: [u8; 3] = [0x22, 0x1E, 0x1A];
const RED: [u8; 3] = [0x9A, 0x2F, 0x23];
/// The tints from paper to ink, and the number of the red behind them: sixteen colors, two pixels in a byte.
const TINTS: usize = 15;
/// How much trouble is taken to pack the picture, of 12.
const LEVEL: i32 = 2;
/// Height of the strips in which the picture is drawn.
const STRIP: usize = 100;

/// A word of Western text or one Chinese character.
struct Token {
    text: String,
    set: Set,
    /// Width, em.
    width: f32,
    /// What it costs to end a line behind it; infinite where a line must not end.
    cost: f32,
    /// Whether a line must end behind it.
    end: bool,
}

struct Canvas<'a> {
    /// What is filled with ink.
    shapes: Vec<(Path, FillRule)>,
    rule: Option<Rect>,
    store: &'a FontStore,
    casting: Casting<'a>,
}

/// The cover as PNG.
pub(super) fn png(kit: &Kit, book: &Book) -> Result<Vec<u8>, WriteError> {
    let fail = |reason: &str| WriteError::Format { format: "EPUB", reason: reason.to_owned() };
    let casting = Casting::new(&kit.fonts, book.edition.region)?;
    let mut canvas = Canvas { shapes: Vec::new(), rule: None, store: &kit.fonts, casting };
    canvas.frame();

    let meta = &book.document.meta;
    let heavy = Style { family: Family::Serif, bold: true, italic: false };
    let plain = Style { bold: false, ..heavy };
    let title = meta.title.as_ref().map_or(book.title.as_str(), |t| t.as_str());
    let mut y = canvas.block(title, heavy, 150.0, 78.0, 500.0)?;
    y += 70.0;
    canvas.rule = Rect::from_xywh(WIDTH / 2.0 - 60.0, y.round(), 120.0, 6.0);
    y += 110.0;
    if let Some(subtitle) = &meta.subtitle {
        y = canvas.block(&words::line(subtitle), plain, 64.0, 44.0, y)?;
    }
    let authors = meta.authors.iter().map(words::line).collect::<Vec<_>>().join("\u{3000}");
    let y = canvas.block(&authors, plain, 60.0, 40.0, (y + 120.0).max(1300.0))?;
    if let Some(date) = words::printed_date(meta, book.page.dates()) {
        canvas.block(&date, plain, 40.0, 40.0, (y + 20.0).max(1590.0))?;
    }
    encode(&canvas.shapes, canvas.rule).map_err(|e| fail(&e.to_string()))
}

/// The picture as PNG with a palette of the tints between paper and ink, and red for the rule. It is drawn in strips:
/// the memory for the whole of it would take longer to get than the drawing takes.
fn encode(shapes: &[(Path, FillRule)], rule: Option<Rect>) -> Result<Vec<u8>, png::EncodingError> {
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    let color = |tint: usize| -> [u8; 3] {
        std::array::from_fn(|k| {
            let (paper, ink) = (usize::from(PAPER[k]), usize::from(INK[k]));
            ((paper * (TINTS - 1 - tint) + ink * tint) / (TINTS - 1)) as u8
        })
    };
    let tint: [u8; 256] = std::array::from_fn(|cover| ((cover * (TINTS - 1) + 127) / 255) as u8);
    // Each row behind the number of its filter, which is none.
    let row = width / 2 + 1;
    let mut pixels: Vec<u8> = Vec::with_capacity(row * height);
    let mut strip = Mask::new(width as u32, STRIP as u32).expect("a strip has an extent");
    for top in (0..height).step_by(STRIP) {
        strip.clear();
        let (above, below) = (top as f32, (top + STRIP) as f32);
        let touches = |path: &Path| path.bounds().bottom() > above && path.bounds().top() < below;
        for (path, fill) in shapes.iter().filter(|(path, _)| touches(path)) {
            strip.fill_path(path, *fill, true, Transform::from_translate(0.0, -above));
        }
        for cover in strip.data().chunks_exact(width).take(height - top) {
            pixels.push(0);
            pixels.extend(
                cover
                    .chunks_exact(2)
                    .map(|pair| tint[usize::from(pair[0])] << 4 | tint[usize::from(pair[1])]),
            );
        }
    }
    if let Some(rule) = rule {
        let columns = 1 + rule.left() as usize / 2..1 + (rule.right() as usize).min(width) / 2;
        for row in pixels.chunks_exact_mut(row).take(rule.bottom() as usize).skip(rule.top() as usize) {
            row[columns.clone()].fill((TINTS << 4 | TINTS) as u8);
        }
    }
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width as u32, height as u32);
    encoder.set_depth(png::BitDepth::Four);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette((0..TINTS).map(color).chain([RED]).flatten().collect::<Vec<u8>>());
    // So that the reader can tell it from the cover of a house.
    encoder.add_text_chunk("Software".to_owned(), "hanpress".to_owned())?;
    encoder.write_header()?.write_chunk(png::chunk::IDAT, &Packer::new(LEVEL).zlib(&pixels))?;
    Ok(out)
}

impl Canvas<'_> {
    fn frame(&mut self) {
        let mut path = PathBuilder::new();
        for inset in [54.0_f32, 68.0] {
            // A line of two and a half pixels: the space between two rectangles.
            for edge in [inset - 1.25, inset + 1.25] {
                if let Some(rect) = Rect::from_xywh(edge, edge, WIDTH - 2.0 * edge, HEIGHT - 2.0 * edge) {
                    path.push_rect(rect);
                }
            }
        }
        if let Some(path) = path.finish() {
            self.shapes.push((path, FillRule::EvenOdd));
        }
    }

    /// Sets centred lines from `top` on, as large as `size` and not smaller than `least`
    /// where that needs fewer than six lines; gives the bottom.
    fn block(
        &mut self,
        text: &str,
        style: Style,
        size: f32,
        least: f32,
        top: f32,
    ) -> Result<f32, WriteError> {
        // A picture of a cover, not the cover page's text: what is longer than a cover can hold ends in dots.
        let cut = text.char_indices().nth(LONGEST).map(|(end, _)| format!("{}……", &text[..end]));
        let text = cut.as_deref().unwrap_or(text);
        let tokens = self.tokens(text, style)?;
        if tokens.is_empty() {
            return Ok(top);
        }
        let (lines, size) = fit(&tokens, size, least);
        let mut y = top;
        for line in lines {
            self.line(&tokens[line], style, size, y + size * 0.88)?;
            y += size * 1.45;
        }
        Ok(y)
    }

    fn tokens(&mut self, text: &str, style: Style) -> Result<Vec<Token>, WriteError> {
        let mut tokens: Vec<Token> = Vec::new();
        for paragraph in text.split('\n') {
            let made = crate::text::Text::made(
                paragraph.trim(),
                crate::source::Span::new(crate::source::SourceId(0), 0..0),
            );
            for run in runs(&made, 0) {
                let words = &made.as_str()[run.range.clone()];
                let parts: Vec<&str> = match run.set {
                    Set::Chinese => words.split_inclusive(|_| true).collect(),
                    Set::Western => words.split_inclusive(' ').collect(),
                };
                for part in parts {
                    let width = self.width(part, style, run.set)?;
                    tokens.push(Token { text: part.to_owned(), set: run.set, width, cost: 0.0, end: false });
                }
            }
            if let Some(last) = tokens.last_mut() {
                last.end = true;
            }
        }
        for i in 0..tokens.len() {
            let last = tokens[i].text.chars().next_back().unwrap_or(' ');
            let next = tokens.get(i + 1).and_then(|t| t.text.chars().next()).unwrap_or(' ');
            let doubled = last == next && matches!(last, '\u{2014}' | '\u{2026}');
            tokens[i].cost = if doubled || opening(last) || mark(next) && !opening(next) && next != '\u{2014}'
            {
                f32::INFINITY
            } else if last == ' ' || last == '\u{3000}' || mark(last) || opening(next) || next == '\u{2014}' {
                0.0
            } else {
                6.0
            };
        }
        Ok(tokens)
    }

    fn width(&mut self, text: &str, style: Style, set: Set) -> Result<f32, WriteError> {
        let mut width = 0.0;
        for c in text.chars() {
            width += self.glyph(c, style, set, 1.0)?.1;
        }
        Ok(width)
    }

    /// The outline and the advance of a character; nothing for one that no face has.
    fn glyph(
        &mut self,
        c: char,
        style: Style,
        set: Set,
        size: f32,
    ) -> Result<(Vec<Segment>, f32), WriteError> {
        // The dash of the Chinese faces is short; U+2500 has the full em.
        let drawn = if c == '\u{2014}' && set == Set::Chinese { '\u{2500}' } else { c };
        let Some(id) = self.casting.face(drawn, style, set) else { return Ok(Default::default()) };
        let data = self.store.data(id)?;
        Ok(outline(&data, drawn, size).unwrap_or_default())
    }

    fn line(&mut self, tokens: &[Token], style: Style, size: f32, baseline: f32) -> Result<(), WriteError> {
        let (left, width) = extent(tokens);
        let mut x = WIDTH / 2.0 - width * size / 2.0 - left * size;
        let mut path = PathBuilder::new();
        for token in tokens {
            for c in token.text.chars() {
                let (shape, advance) = self.glyph(c, style, token.set, size)?;
                shape.iter().for_each(|segment| trace(&mut path, *segment, x, baseline));
                x += advance;
            }
        }
        if let Some(path) = path.finish() {
            self.shapes.push((path, FillRule::Winding));
        }
        Ok(())
    }
}

/// The lines with the fewest breaks that keep the size above `least`, and that size.
fn fit(tokens: &[Token], size: f32, least: f32) -> (Vec<std::ops::Range<usize>>, f32) {
    let forced = tokens[..tokens.len() - 1].iter().filter(|t| t.end).count() + 1;
    let mut best = None;
    for count in forced..forced + 6 {
        let Some(lines) = balance(tokens, count) else { break };
        let widest = lines.iter().map(|l| extent(&tokens[l.clone()]).1).fold(0.01, f32::max);
        let fitting = size.min(MEASURE / widest);
        best = Some((lines, fitting));
        if fitting >= least {
            break;
        }
    }
    best.unwrap_or_else(|| (std::iter::once(0..tokens.len()).collect(), least))
}

/// `count` lines of about equal width that end at good places; `None` if there are not so many places.
fn balance(tokens: &[Token], count: usize) -> Option<Vec<std::ops::Range<usize>>> {
    let n = tokens.len();
    let mean = tokens.iter().map(|t| t.width).sum::<f32>() / count as f32;
    let mut best = vec![vec![(f32::INFINITY, 0); n + 1]; count + 1];
    best[0][0].0 = 0.0;
    for lines in 1..=count {
        for end in 1..=n {
            let stop = if end == n || tokens[end - 1].end { 0.0 } else { tokens[end - 1].cost };
            for start in (0..end).rev() {
                // A line does not run on over a hard break.
                if start + 1 < end && tokens[start..end - 1].iter().any(|t| t.end) {
                    break;
                }
                let (_, width) = extent(&tokens[start..end]);
                let cost = best[lines - 1][start].0 + (width - mean).powi(2) + stop;
                if cost < best[lines][end].0 {
                    best[lines][end] = (cost, start);
                }
            }
        }
    }
    best[count][n].0.is_finite().then(|| {
        let mut ends = vec![n];
        for lines in (1..=count).rev() {
            ends.push(best[lines][ends[ends.len() - 1]].1);
        }
        ends.windows(2).rev().map(|w| w[1]..w[0]).collect()
    })
}

/// Blank before a line's ink and the width of the line without the blank halves of its
/// outermost marks and spaces, em.
fn extent(tokens: &[Token]) -> (f32, f32) {
    let width: f32 = tokens.iter().map(|t| t.width).sum();
    let first = tokens.first().and_then(|t| t.text.chars().next()).unwrap_or('字');
    let last = tokens.last().and_then(|t| t.text.chars().next_back()).unwrap_or('字');
    let left = if opening(first) { 0.5 } else { 0.0 };
    let right = match last {
        '」' | '』' | '》' | '〉' | '）' | '】' | '”' | '’' => 0.5,
        ' ' => 0.25,
        '\u{3000}' => 1.0,
        _ => 0.0,
    };
    (left, (width - left - right).max(0.1))
}

fn opening(c: char) -> bool {
    matches!(c, '「' | '『' | '《' | '〈' | '（' | '【' | '〔' | '［' | '｛' | '“' | '‘')
}

/// Adds a segment to a path, its origin at `x` on the baseline `y` of the picture.
fn trace(path: &mut PathBuilder, segment: Segment, x: f32, y: f32) {
    match segment {
        Segment::Move(a, b) => path.move_to(x + a, y - b),
        Segment::Line(a, b) => path.line_to(x + a, y - b),
        Segment::Quad(a, b, c, d) => path.quad_to(x + a, y - b, x + c, y - d),
        Segment::Cubic(a, b, c, d, e, f) => path.cubic_to(x + a, y - b, x + c, y - d, x + e, y - f),
        Segment::Close => path.close(),
    }
}
