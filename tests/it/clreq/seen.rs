//! What a reader sees of a set text, the same for both directions and at both levels: lines of
//! clusters with places in em. One way here is from layout's `Pages`, the other from the PDF.

use std::collections::HashMap;

use hanpress::{
    edition::Region,
    font::store::{FaceId, FontStore},
    layout::{
        EM,
        page::{Element, Pages, TextLine},
    },
    template::{Direction, PageStyle},
};

use crate::glyphs::{self, Finished, ShapeKind};

/// A cell of the table of conformance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// Whose composition.
    pub region: Region,
    /// Whether lines run down the page.
    pub vertical: bool,
}

impl At {
    /// Whether it is the mainland's.
    pub fn cn(self) -> bool {
        self.region == Region::Cn
    }

    /// Whether it is Taiwan's.
    pub fn tw(self) -> bool {
        self.region == Region::Tw
    }
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let region = match self.region {
            Region::Cn => "CN",
            Region::Tw => "TW",
            Region::Hk => "HK",
        };
        write!(f, "{region} {}", if self.vertical { "V" } else { "H" })
    }
}

/// Where the data came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Layout's own data.
    Layout,
    /// The finished file.
    Pdf,
}

/// A set text. Lengths are em of the body; `inline` counts along the line from the start of the type
/// area, `block` across the lines from the side of the first line.
#[derive(Debug)]
pub struct Seen {
    /// Where the data came from.
    pub level: Level,
    /// Region and direction.
    pub at: At,
    /// Line length, em.
    pub measure: f64,
    /// Lines on a page.
    pub rows: u16,
    /// Distance between line axes, em.
    pub pitch: f64,
    /// Number of pages.
    pub pages: usize,
    /// Lines of the text, in reading order.
    pub lines: Vec<Line>,
    /// Lines of running heads and folios.
    pub furniture: Vec<Line>,
    /// Rules and curves beside the text.
    pub rules: Vec<Rule>,
}

/// A line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Page, from 0.
    pub page: usize,
    /// What stands on it, in order.
    pub clusters: Vec<Cluster>,
}

/// A glyph, or the glyphs that read as one text.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// What it reads as; empty for glyphs after the first of several that read as one text.
    pub text: String,
    /// Where its cell starts.
    pub inline: f64,
    /// Axis of its cell.
    pub block: f64,
    /// Advance of the glyph, or of its cell if layout gives it another one.
    pub advance: f64,
    /// Size of its em.
    pub size: f64,
    /// Whether it stands upright on the page; otherwise it is turned by 90° clockwise.
    pub upright: bool,
    /// Whether it is drawn aslant or stroked, which no font asks for.
    pub forged: bool,
    /// PostScript name of its face.
    pub face: String,
    /// Its ink: inline start and end, block start and end; `None` for spaces.
    pub ink: Option<[f64; 4]>,
}

/// A rule or curve.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Page, from 0.
    pub page: usize,
    /// Inline start and end, block start and end.
    pub area: [f64; 4],
    /// Whether it is a curve, such as a wave.
    pub curved: bool,
}

/// How far the em box reaches above the baseline; the axis of a cell is half an em below its top.
const ASCENT: f64 = 0.88;

/// A glyph on the page before it is put in em: origin, pt; directions as in `glyphs::Glyph`.
struct Placed<'a> {
    text: &'a str,
    origin: [f64; 2],
    size: f64,
    along: [f64; 2],
    up: [f64; 2],
    advance: f64,
    forged: bool,
    face: &'a str,
    ink: Option<[f64; 4]>,
}

/// The corner that places count from, pt, and the size of the body.
struct Frame {
    left: f64,
    right: f64,
    top: f64,
    em: f64,
    vertical: bool,
}

impl Frame {
    fn new(page: &PageStyle) -> Self {
        let along = f64::from(page.measure) * f64::from(page.size);
        let across = f64::from(page.lines) * f64::from(page.pitch) * f64::from(page.size);
        let vertical = page.direction == Direction::Vertical;
        let (width, sheet) = (if vertical { across } else { along }, f64::from(page.width));
        let left = page.inner.map_or((sheet - width) / 2.0, f64::from);
        Self { left, right: left + width, top: f64::from(page.top), em: f64::from(page.size), vertical }
    }

    /// A point of the page, pt, as inline and block, em.
    fn point(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        if self.vertical {
            [(y - self.top) / self.em, (self.right - x) / self.em]
        } else {
            [(x - self.left) / self.em, (y - self.top) / self.em]
        }
    }

    fn area(&self, a: [f64; 2], b: [f64; 2]) -> [f64; 4] {
        let (a, b) = (self.point(a), self.point(b));
        [a[0].min(b[0]), a[0].max(b[0]), a[1].min(b[1]), a[1].max(b[1])]
    }

    fn cluster(&self, glyph: &Placed) -> Cluster {
        let upright = glyph.along[0] > 0.5;
        let at = |along: f64, up: f64| {
            [
                glyph.origin[0] + (glyph.along[0] * along + glyph.up[0] * up) * glyph.size,
                glyph.origin[1] + (glyph.along[1] * along + glyph.up[1] * up) * glyph.size,
            ]
        };
        // An upright glyph of a vertical line starts at the top of its em box, in the middle of its width.
        let (start, axis) = if self.vertical && upright {
            let half = glyph.advance / glyph.size / 2.0;
            (at(half, ASCENT), at(half, ASCENT - 0.5))
        } else {
            (at(0.0, ASCENT - 0.5), at(0.0, ASCENT - 0.5))
        };
        let advance = if self.vertical && upright { glyph.size } else { glyph.advance };
        Cluster {
            text: glyph.text.to_owned(),
            inline: self.point(start)[0],
            block: self.point(axis)[1],
            advance: advance / self.em,
            size: glyph.size / self.em,
            upright,
            forged: glyph.forged,
            face: glyph.face.to_owned(),
            ink: glyph.ink.map(|[left, bottom, right, top]| self.area(at(left, bottom), at(right, top))),
        }
    }
}

impl Seen {
    fn empty(level: Level, at: At, page: &PageStyle) -> Self {
        Self {
            level,
            at,
            measure: f64::from(page.measure),
            rows: page.lines,
            pitch: f64::from(page.pitch),
            pages: 0,
            lines: Vec::new(),
            furniture: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// From layout's data.
    pub fn of_layout(at: At, page: &PageStyle, pages: &Pages, fonts: &FontStore) -> Self {
        let frame = Frame::new(page);
        let mut seen = Self::empty(Level::Layout, at, page);
        seen.pages = pages.pages.len();
        let mut faces = Faces { fonts, names: HashMap::new(), inks: HashMap::new() };
        for (number, sheet) in pages.pages.iter().enumerate() {
            for element in &sheet.elements {
                match element {
                    Element::Text(line) => {
                        let clusters = set_line(&frame, pages, line, &mut faces);
                        let into = if line.node.is_some() { &mut seen.lines } else { &mut seen.furniture };
                        into.push(Line { page: number, clusters });
                    }
                    Element::Rule { x, y, width, height, .. } => {
                        let [x, y, width, height] = [*x, *y, *width, *height].map(f64::from);
                        let area = frame.area([x, y], [x + width, y + height]);
                        seen.rules.push(Rule { page: number, area, curved: false });
                    }
                    Element::Image { .. } => {}
                }
            }
        }
        seen
    }

    /// From the finished file. Glyphs go on in a line as long as they stand on its axis, go forward
    /// and leave no more room than justification may.
    pub fn of_pdf(at: At, page: &PageStyle, pdf: &Finished) -> Self {
        let frame = Frame::new(page);
        let mut seen = Self::empty(Level::Pdf, at, page);
        seen.pages = pdf.sheets.len();
        let mut inks: HashMap<(usize, u16), Option<[f64; 4]>> = HashMap::new();
        for (number, sheet) in pdf.sheets.iter().enumerate() {
            let off =
                (sheet.width - f64::from(page.width)).abs() + (sheet.height - f64::from(page.height)).abs();
            assert!(off < 0.01, "the sheet has the size of the page");
            let (mut body, mut furniture): (Vec<Line>, Vec<Line>) = Default::default();
            for glyph in &sheet.glyphs {
                let font = &pdf.fonts[glyph.font];
                let square = (glyph.along[0] * glyph.up[0] + glyph.along[1] * glyph.up[1]).abs() < 1e-4;
                let straight = glyph.along.iter().chain(&glyph.up).all(|v| v.abs() < 1e-4 || v.abs() > 0.1);
                let ink = *inks.entry((glyph.font, glyph.id)).or_insert_with(|| font.ink(glyph.id));
                let cluster = frame.cluster(&Placed {
                    text: &glyph.text,
                    origin: [glyph.x, glyph.y],
                    size: glyph.size,
                    along: glyph.along,
                    up: glyph.up,
                    advance: glyph.advance,
                    forged: !square || !straight || glyph.mode != 0,
                    face: &font.name,
                    ink,
                });
                let lines = if glyph.artifact { &mut furniture } else { &mut body };
                match lines.last_mut() {
                    Some(line) if line.takes(&cluster) => line.clusters.push(cluster),
                    _ => lines.push(Line { page: number, clusters: vec![cluster] }),
                }
            }
            seen.lines.extend(body);
            seen.furniture.extend(furniture);
            for shape in sheet.shapes.iter().filter(|s| s.kind != ShapeKind::Image) {
                let [left, top, right, bottom] = shape.bounds;
                let area = frame.area([left, top], [right, bottom]);
                seen.rules.push(Rule { page: number, area, curved: shape.kind == ShapeKind::Curve });
            }
        }
        seen
    }

    /// The texts of the lines.
    pub fn texts(&self) -> Vec<String> {
        self.lines.iter().map(Line::text).collect()
    }

    /// The texts of the lines, parted by `|`.
    pub fn joined(&self) -> String {
        self.texts().join("|")
    }

    /// Where a text stands: its line and its first cluster there.
    pub fn find(&self, wanted: &str) -> (usize, &Cluster) {
        self.lines
            .iter()
            .enumerate()
            .find_map(|(k, line)| line.find(wanted).map(|i| (k, &line.clusters[i])))
            .unwrap_or_else(|| panic!("`{wanted}` is not on a line: {}", self.joined()))
    }

    /// Where the cell of a text starts on its line, em.
    pub fn inline(&self, wanted: &str) -> f64 {
        self.find(wanted).1.inline
    }

    /// How far it is along the line from the start of one text to that of another, em.
    pub fn between(&self, from: &str, to: &str) -> f64 {
        self.inline(to) - self.inline(from)
    }

    /// Where the ink of a text is.
    pub fn ink(&self, wanted: &str) -> [f64; 4] {
        self.find(wanted).1.ink.unwrap_or_else(|| panic!("`{wanted}` has ink"))
    }
}

impl Line {
    /// What the line reads as.
    pub fn text(&self) -> String {
        self.clusters.iter().map(|c| c.text.as_str()).collect()
    }

    /// The cluster where a text starts.
    pub fn find(&self, wanted: &str) -> Option<usize> {
        let at = self.text().find(wanted)?;
        let mut end = 0;
        self.clusters.iter().position(|c| {
            end += c.text.len();
            at < end
        })
    }

    /// Where the last cell with ink ends, em: the mark at a line end by its full cell.
    pub fn end(&self) -> f64 {
        self.clusters.iter().rev().find(|c| c.ink.is_some()).map_or(0.0, |c| c.inline + c.advance)
    }

    /// Axis of the line, em.
    pub fn block(&self) -> f64 {
        self.clusters.first().map_or(0.0, |c| c.block)
    }

    fn takes(&self, next: &Cluster) -> bool {
        let last = self.clusters.last().expect("a line has clusters");
        let step = next.inline - (last.inline + last.advance);
        // Raised and lowered figures stand off the axis, but smaller.
        let near = if next.size < 0.8 || last.size < 0.8 { 0.45 } else { 0.1 };
        (next.block - last.block).abs() < near
            && step > -1.1
            && step < 1.05
            && next.inline >= last.inline - 0.3
    }
}

/// Names and inks of the faces, read once.
struct Faces<'a> {
    fonts: &'a FontStore,
    names: HashMap<FaceId, String>,
    inks: HashMap<(FaceId, u32), Option<[f64; 4]>>,
}

impl Faces<'_> {
    fn name(&mut self, face: FaceId) -> String {
        let fonts = self.fonts;
        let name = || glyphs::postscript_name(&fonts.data(face).expect("a face"));
        self.names.entry(face).or_insert_with(name).clone()
    }

    fn ink(&mut self, face: FaceId, id: u32) -> Option<[f64; 4]> {
        let fonts = self.fonts;
        let ink = || glyphs::ink(&fonts.data(face).expect("a face"), id);
        *self.inks.entry((face, id)).or_insert_with(ink)
    }
}

fn set_line(frame: &Frame, pages: &Pages, line: &TextLine, faces: &mut Faces) -> Vec<Cluster> {
    assert!(!frame.vertical, "layout has no vertical lines yet");
    let paragraph = &pages.paragraphs[line.paragraph];
    let size = f64::from(line.size);
    let unit = size / f64::from(EM);
    let mut out = Vec::new();
    let mut place = |text: &str, x: i32, y: i32, advance: i32, scale: i32, face: FaceId, id: u32| {
        let name = faces.name(face);
        out.push(frame.cluster(&Placed {
            text,
            origin: [f64::from(line.x) + f64::from(x) * unit, f64::from(line.y) - f64::from(y) * unit],
            size: size * f64::from(scale) / f64::from(EM),
            along: [1.0, 0.0],
            up: [0.0, -1.0],
            advance: f64::from(advance) * unit,
            forged: false,
            face: &name,
            ink: faces.ink(face, id),
        }));
    };
    let set = &line.line;
    for (k, cluster) in paragraph.clusters[set.start..set.end].iter().enumerate() {
        let look = &paragraph.looks[cluster.look as usize];
        let glyphs = &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize];
        let note = look.note.map(|n| format!("[{}]", n + 1));
        let mut before = None;
        for (i, glyph) in glyphs.iter().enumerate() {
            let range = glyph.start as usize..glyph.end as usize;
            let text = match &note {
                Some(label) => label.get(i..i + 1).unwrap_or_default(),
                None if before == Some(glyph.start) => "",
                None => &paragraph.text[range],
            };
            before = Some(glyph.start);
            let end = glyphs.get(i + 1).map_or(cluster.advance, |g| g.x);
            place(text, set.x[k] + glyph.x, glyph.y, end - glyph.x, look.scale, glyph.face, glyph.id);
        }
    }
    if let (true, Some(last)) = (set.hyphen, set.x.last())
        && let cluster = &paragraph.clusters[set.end - 1]
        && let Some((face, id, advance)) = cluster.hyphen
    {
        let scale = paragraph.looks[cluster.look as usize].scale;
        place("\u{AD}", last + cluster.advance, 0, advance, scale, face, id);
    }
    out
}
