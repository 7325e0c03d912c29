//! What a reader sees of a set text, the same for both directions and at both levels: lines of
//! clusters with places in em. One way here is from layout's `Pages`, the other from the PDF.

use std::collections::{BTreeMap, HashMap};

use hanpress::{
    edition::Region,
    font::store::{FaceId, FontStore},
    layout::{
        EM,
        page::{Element, Pages, SideMark, TextLine},
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
    /// Readings beside their bases, in reading order.
    pub readings: Vec<Line>,
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
    /// Whether it is a curve: a wave, a dot.
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
    /// The frame of a page, counted from 0.
    fn new(page: &PageStyle, number: usize) -> Self {
        let along = f64::from(page.measure) * f64::from(page.size);
        let across = f64::from(page.lines) * f64::from(page.pitch) * f64::from(page.size);
        let vertical = page.direction == Direction::Vertical;
        let (width, sheet) = (if vertical { across } else { along }, f64::from(page.width));
        // A horizontal book is bound at the left of its odd pages, a vertical one at their right.
        let left = match page.inner.map(f64::from) {
            Some(inner) if number.is_multiple_of(2) != vertical => inner,
            Some(inner) => sheet - inner - width,
            None => (sheet - width) / 2.0,
        };
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
            readings: Vec::new(),
            furniture: Vec::new(),
            rules: Vec::new(),
        }
    }

    /// From layout's data.
    pub fn of_layout(at: At, page: &PageStyle, pages: &Pages, fonts: &FontStore) -> Self {
        let mut seen = Self::empty(Level::Layout, at, page);
        seen.pages = pages.pages.len();
        let mut faces = Faces { fonts, names: HashMap::new(), inks: HashMap::new() };
        for (number, sheet) in pages.pages.iter().enumerate() {
            let frame = Frame::new(page, number);
            for element in &sheet.elements {
                match element {
                    Element::Text(line) => {
                        let mut setter = Setter { frame: &frame, pages, line, faces: &mut faces };
                        let clusters = setter.clusters();
                        let readings = setter.readings().into_iter();
                        let area = |[a, b]: [[f64; 2]; 2]| frame.area(a, b);
                        let marks =
                            setter.marks().into_iter().map(|(corners, curved)| (area(corners), curved));
                        seen.rules.extend(marks.map(|(area, curved)| Rule { page: number, area, curved }));
                        seen.readings.extend(readings.map(|clusters| Line { page: number, clusters }));
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
        let mut seen = Self::empty(Level::Pdf, at, page);
        seen.pages = pdf.sheets.len();
        let mut inks: HashMap<(usize, u16), Option<[f64; 4]>> = HashMap::new();
        for (number, sheet) in pdf.sheets.iter().enumerate() {
            let frame = Frame::new(page, number);
            let off =
                (sheet.width - f64::from(page.width)).abs() + (sheet.height - f64::from(page.height)).abs();
            assert!(off < 0.01, "the sheet has the size of the page");
            let (mut body, mut furniture): (Vec<Line>, Vec<Line>) = Default::default();
            let mut readings: BTreeMap<usize, Vec<Cluster>> = BTreeMap::new();
            for glyph in &sheet.glyphs {
                let font = &pdf.fonts[glyph.font];
                let square = (glyph.along[0] * glyph.up[0] + glyph.along[1] * glyph.up[1]).abs() < 1e-4;
                let straight = glyph.along.iter().chain(&glyph.up).all(|v| v.abs() < 1e-4 || v.abs() > 0.1);
                let ink = *inks.entry((glyph.font, glyph.id)).or_insert_with(|| font.ink(glyph.id));
                // Characters without a glyph are no part of what is seen.
                let text = glyph.text.replace(['\n', '\u{200B}', '\u{2060}'], "");
                let cluster = frame.cluster(&Placed {
                    text: &text,
                    origin: [glyph.x, glyph.y],
                    size: glyph.size,
                    along: glyph.along,
                    up: glyph.up,
                    advance: glyph.advance,
                    forged: !square || !straight || glyph.mode != 0,
                    face: &font.name,
                    ink,
                });
                if cluster.text.is_empty() && ink.is_none() {
                    continue;
                }
                if let Some(reading) = glyph.reading {
                    readings.entry(reading).or_default().push(cluster);
                    continue;
                }
                let lines = if glyph.artifact { &mut furniture } else { &mut body };
                match lines.last_mut() {
                    Some(line) if line.takes(&cluster) => line.clusters.push(cluster),
                    _ => lines.push(Line { page: number, clusters: vec![cluster] }),
                }
            }
            seen.lines.extend(body);
            seen.readings.extend(readings.into_values().map(|clusters| Line { page: number, clusters }));
            seen.furniture.extend(furniture);
            for shape in sheet.shapes.iter().filter(|s| s.kind != ShapeKind::Image) {
                let [left, top, right, bottom] = shape.bounds;
                let area = frame.area([left, top], [right, bottom]);
                let curved = matches!(shape.kind, ShapeKind::Curve | ShapeKind::Wave);
                seen.rules.push(Rule { page: number, area, curved });
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

    /// Where a text stands: its line and its first cluster there; readings are counted after the lines.
    pub fn find(&self, wanted: &str) -> (usize, &Cluster) {
        let all = self.lines.iter().chain(&self.readings);
        all.enumerate()
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

    /// Axis of the line, em: of its first Han, for Latin has an axis of its own.
    pub fn block(&self) -> f64 {
        let han =
            self.clusters.iter().find(|c| c.text.starts_with(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)));
        han.or(self.clusters.first()).map_or(0.0, |c| c.block)
    }

    fn takes(&self, next: &Cluster) -> bool {
        let last = self.clusters.last().expect("a line has clusters");
        let step = next.inline - (last.inline + last.advance);
        // Raised figures and the digits of one upright cell stand off the axis.
        (next.block - last.block).abs() < 0.6
            && step > -1.1
            && step < 1.05
            && next.inline >= last.inline - 0.3
    }
}

/// Width and ink box of a glyph, em.
type Measured = (f64, Option<[f64; 4]>);

/// What is asked of the faces, read once.
struct Faces<'a> {
    fonts: &'a FontStore,
    names: HashMap<FaceId, String>,
    inks: HashMap<(FaceId, u32), Measured>,
}

impl Faces<'_> {
    fn name(&mut self, face: FaceId) -> String {
        let fonts = self.fonts;
        let name = || glyphs::postscript_name(&fonts.data(face).expect("a face"));
        self.names.entry(face).or_insert_with(name).clone()
    }

    /// Width and ink of a glyph, em.
    fn ink(&mut self, face: FaceId, id: u32) -> Measured {
        let fonts = self.fonts;
        let ink = || {
            let data = fonts.data(face).expect("a face");
            (glyphs::width(&data, id), glyphs::ink(&data, id))
        };
        *self.inks.entry((face, id)).or_insert_with(ink)
    }
}

/// A glyph of a line: text, along and across the line in 1/1024 em, advance along it or the font's
/// own, scale in 1/1024, face and number, whether it lies on its side.
struct SetGlyph<'a> {
    text: &'a str,
    x: i32,
    y: i32,
    advance: Option<i32>,
    scale: i32,
    face: FaceId,
    id: u32,
    turned: bool,
    slanted: bool,
}

/// A line of layout's data on its way to what is seen.
struct Setter<'a, 'b> {
    frame: &'a Frame,
    pages: &'a Pages,
    line: &'a TextLine,
    faces: &'a mut Faces<'b>,
}

impl Setter<'_, '_> {
    /// A point of the line on the page, pt.
    fn point(&self, x: i32, y: i32) -> [f64; 2] {
        let unit = f64::from(self.line.size) / f64::from(EM);
        let (x, y) = (f64::from(x) * unit, f64::from(y) * unit);
        let (left, top) = (f64::from(self.line.x), f64::from(self.line.y));
        if self.line.vertical { [left + y, top + x] } else { [left + x, top - y] }
    }

    fn cluster(&mut self, glyph: &SetGlyph) -> Cluster {
        let unit = f64::from(self.line.size) / f64::from(EM);
        let size = f64::from(self.line.size) * f64::from(glyph.scale) / f64::from(EM);
        let (width, ink) = self.faces.ink(glyph.face, glyph.id);
        let turned = self.line.vertical && glyph.turned;
        let own = width * size;
        let cell = if self.line.vertical && !turned { None } else { glyph.advance };
        self.frame.cluster(&Placed {
            text: glyph.text,
            origin: self.point(glyph.x, glyph.y),
            size,
            along: if turned { [0.0, 1.0] } else { [1.0, 0.0] },
            up: if turned { [1.0, 0.0] } else { [0.0, -1.0] },
            advance: cell.map_or(own, |a| f64::from(a) * unit),
            forged: glyph.slanted,
            face: &self.faces.name(glyph.face),
            ink,
        })
    }

    fn clusters(&mut self) -> Vec<Cluster> {
        let pages = self.pages;
        let paragraph = &pages.paragraphs[self.line.paragraph];
        let set = &self.line.line;
        let mut out = Vec::new();
        for (k, cluster) in paragraph.clusters[set.start..set.end].iter().enumerate() {
            let look = &paragraph.looks[cluster.look as usize];
            let glyphs: Vec<_> = paragraph.glyphs_of(cluster).collect();
            let whole = &paragraph.text[cluster.range.start as usize..cluster.range.end as usize];
            let label = look.note.filter(|_| whole.contains('\u{FFFC}')).map(|n| pages.notes[n].as_str());
            let mut before = None;
            for (i, glyph) in glyphs.iter().enumerate() {
                let text = match label {
                    Some(label) => {
                        let start = label.char_indices().nth(i).map_or(label.len(), |c| c.0);
                        let end = label.char_indices().nth(i + 1).map_or(label.len(), |c| c.0);
                        &label[start..if i + 1 == glyphs.len() { label.len() } else { end }]
                    }
                    None if before == Some(glyph.start) => "",
                    None => &paragraph.text[glyph.start as usize..glyph.end as usize],
                };
                before = Some(glyph.start);
                let end = glyphs.get(i + 1).map_or(cluster.advance, |g| g.x);
                out.push(self.cluster(&SetGlyph {
                    text,
                    x: set.x[k] + glyph.x,
                    y: glyph.y,
                    advance: Some(end - glyph.x),
                    scale: look.scale,
                    face: glyph.face,
                    id: glyph.id,
                    turned: cluster.turned,
                    slanted: look.slanted,
                }));
            }
        }
        if let (true, Some(last)) = (set.hyphen, set.x.last())
            && let cluster = &paragraph.clusters[set.end - 1]
            && let Some((face, id, advance)) = paragraph.hyphen(set.end - 1)
        {
            let y = paragraph.glyphs_of(cluster).next().map_or(0, |g| g.y);
            out.push(self.cluster(&SetGlyph {
                text: "\u{AD}",
                x: last + cluster.advance,
                y,
                advance: Some(advance),
                scale: paragraph.looks[cluster.look as usize].scale,
                face,
                id,
                turned: true,
                slanted: false,
            }));
        }
        out
    }

    fn readings(&mut self) -> Vec<Vec<Cluster>> {
        let line = self.line;
        let paragraph = &self.pages.paragraphs[line.paragraph];
        let mut out = Vec::new();
        for (index, placed) in &line.readings {
            let text = &paragraph.readings[*index].text;
            let glyphs = placed.iter().map(|p| {
                let g = &p.glyph;
                self.cluster(&SetGlyph {
                    text: &text[g.start as usize..g.end as usize],
                    x: p.x,
                    y: p.y,
                    advance: None,
                    scale: g.size,
                    face: g.face,
                    id: g.id,
                    turned: p.turned,
                    slanted: false,
                })
            });
            out.push(glyphs.collect());
        }
        out
    }

    /// Corners of dots and side lines, pt, and whether they are curves.
    fn marks(&self) -> Vec<([[f64; 2]; 2], bool)> {
        let marks = self.line.marks.iter().map(|mark| match *mark {
            SideMark::Dot { x, y } => {
                let r = 82;
                ([self.point(x - r, y - r), self.point(x + r, y + r)], true)
            }
            SideMark::Leader { x, y } => ([self.point(x - 36, y - 36), self.point(x + 36, y + 36)], true),
            SideMark::Line { from, to, y } => ([self.point(from, y), self.point(to, y)], false),
            SideMark::Wave { from, to, y } => ([self.point(from, y - 85), self.point(to, y + 85)], true),
        });
        marks.collect()
    }
}
