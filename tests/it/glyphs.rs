//! A finished PDF in, what stands on its pages out: every glyph with its place, every path with its
//! bounds, and the settings of the file. It reads the bytes with a parser that is not the writer's,
//! so that layout's own data can be compared with what a viewer draws.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use hayro_syntax::{
    Pdf,
    object::{Array, Dict, Name, Number, Object, Stream, String as PdfString},
    page::Resources,
};
use skrifa::{
    FontRef, GlyphId, MetadataProvider,
    instance::{LocationRef, Size},
    outline::{DrawSettings, OutlinePen},
    string::StringId,
};

/// A PDF as it was finished.
#[derive(Debug, Default)]
pub struct Finished {
    /// The pages.
    pub sheets: Vec<Sheet>,
    /// The fonts that the pages use.
    pub fonts: Vec<Font>,
    /// `/Lang` of the document.
    pub language: Option<String>,
    /// `/Direction` of the viewer preferences, `R2L` in books that are read from the right.
    pub direction: Option<String>,
    /// Outline entries in order: depth from 1, words.
    pub outline: Vec<(usize, String)>,
    /// Roles of the structure elements in reading order, such as `H1`, `P`, `Note`.
    pub roles: Vec<String>,
}

/// A page.
#[derive(Debug, Default)]
pub struct Sheet {
    /// Width, pt.
    pub width: f64,
    /// Height, pt.
    pub height: f64,
    /// Glyphs in the order of the content stream.
    pub glyphs: Vec<Glyph>,
    /// Painted paths and pictures in the order of the content stream.
    pub shapes: Vec<Shape>,
}

/// A glyph on a page.
#[derive(Clone, Debug)]
pub struct Glyph {
    /// What it reads as, by `/ToUnicode` of its font and the `/ActualText` that it stands under: text
    /// that no glyph of such a sequence reads as belongs to the glyph before it.
    pub text: String,
    /// Which reading beside its base it belongs to, counted over the page: a sequence that is copied
    /// in brackets and has none.
    pub reading: Option<usize>,
    /// Origin from the left edge, pt.
    pub x: f64,
    /// Origin from the top edge, pt.
    pub y: f64,
    /// Size of an em, pt.
    pub size: f64,
    /// Where an em along the glyph's baseline leads (x, y downwards), in em: `[1, 0]` if upright,
    /// `[0, 1]` if turned by 90° clockwise.
    pub along: [f64; 2],
    /// Where an em upwards from the baseline leads, in em: `[0, -1]` if upright.
    pub up: [f64; 2],
    /// Advance by the font's widths, pt.
    pub advance: f64,
    /// Index in `Finished::fonts`.
    pub font: usize,
    /// Code in the font, which is the glyph id of the embedded program.
    pub id: u16,
    /// Text rendering mode: 0 is fill.
    pub mode: i64,
    /// Whether it stands in an artifact: a running head, a folio.
    pub artifact: bool,
}

/// A painted path or picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Left, top, right, bottom, pt from the top left corner of the page.
    pub bounds: [f64; 4],
    /// What it is.
    pub kind: ShapeKind,
}

/// Kinds of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShapeKind {
    /// A filled path of straight lines only.
    Rule,
    /// A filled path with curves.
    Curve,
    /// A stroked path of straight lines only.
    Line,
    /// A stroked path with curves.
    Wave,
    /// A picture.
    Image,
}

/// A font of the file.
#[derive(Clone, Debug, Default)]
pub struct Font {
    /// PostScript name, without the tag of the subset.
    pub name: String,
    unicode: BTreeMap<u16, String>,
    widths: BTreeMap<u16, f64>,
    default_width: f64,
    wide: bool,
    unit: f64,
    program: Option<Arc<Vec<u8>>>,
}

impl Font {
    /// The ink box of a glyph: left, bottom, right, top, em from its origin, y upwards; `None` for
    /// glyphs without ink.
    pub fn ink(&self, id: u16) -> Option<[f64; 4]> {
        ink(self.program.as_deref()?, u32::from(id))
    }
}

/// The ink box of a glyph of a font program, as `Font::ink`.
pub fn ink(program: &[u8], id: u32) -> Option<[f64; 4]> {
    let font = FontRef::from_index(program, 0).ok()?;
    let mut pen = Bounds(None);
    let settings = DrawSettings::unhinted(Size::new(1.0), LocationRef::default());
    font.outline_glyphs().get(GlyphId::new(id))?.draw(settings, &mut pen).ok()?;
    pen.0
}

/// The advance width of a glyph of a font program, em.
pub fn width(program: &[u8], id: u32) -> f64 {
    let font = FontRef::from_index(program, 0).expect("a font");
    let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    f64::from(metrics.advance_width(GlyphId::new(id)).unwrap_or_default())
}

/// The PostScript name of a font program.
pub fn postscript_name(program: &[u8]) -> String {
    let font = FontRef::from_index(program, 0).expect("a font");
    font.localized_strings(StringId::POSTSCRIPT_NAME).english_or_first().expect("a name").to_string()
}

/// The box around an outline, by its points on the curve: well-made outlines have one at every extreme.
struct Bounds(Option<[f64; 4]>);

impl Bounds {
    fn add(&mut self, x: f32, y: f32) {
        let (x, y) = (f64::from(x), f64::from(y));
        let b = self.0.get_or_insert([x, y, x, y]);
        *b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
    }
}

impl OutlinePen for Bounds {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add(x, y);
    }

    fn quad_to(&mut self, _: f32, _: f32, x: f32, y: f32) {
        self.add(x, y);
    }

    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        self.add(x, y);
    }

    fn close(&mut self) {}
}

/// Reads a PDF.
pub fn read(bytes: &[u8]) -> Finished {
    let pdf = Pdf::new(bytes.to_vec()).expect("a PDF");
    let mut reader = Reader { finished: Finished::default(), fonts: HashMap::new() };
    for page in pdf.pages().iter() {
        let area = page.media_box();
        let mut state = Scan {
            ctm: [1.0, 0.0, 0.0, 1.0, -area.x0, -area.y0],
            sheet: Sheet { width: area.x1 - area.x0, height: area.y1 - area.y0, ..Sheet::default() },
            ..Scan::new()
        };
        let content = page.page_stream().unwrap_or_default().to_vec();
        reader.content(&content, page.resources(), &mut state);
        assert!(state.marked.is_empty(), "every marked-content sequence is closed");
        reader.finished.sheets.push(state.sheet);
    }
    let mut finished = reader.finished;
    let root: Dict = pdf.xref().get(pdf.xref().root_id()).expect("a catalog");
    finished.language = root.get::<PdfString>("Lang").map(|s| text_string(s.as_bytes()));
    finished.direction = root
        .get::<Dict>("ViewerPreferences")
        .and_then(|d| d.get::<Name>("Direction"))
        .map(|n| n.as_str().to_owned());
    if let Some(outlines) = root.get::<Dict>("Outlines") {
        outline(&outlines, 1, &mut finished.outline);
    }
    if let Some(tree) = root.get::<Dict>("StructTreeRoot") {
        roles(&tree, &mut finished.roles);
    }
    finished
}

fn outline(parent: &Dict, depth: usize, out: &mut Vec<(usize, String)>) {
    let mut next = parent.get::<Dict>("First");
    while let Some(entry) = next {
        let title = entry.get::<PdfString>("Title").map(|s| text_string(s.as_bytes())).unwrap_or_default();
        out.push((depth, title));
        outline(&entry, depth + 1, out);
        next = entry.get::<Dict>("Next");
    }
}

fn roles(element: &Dict, out: &mut Vec<String>) {
    if let Some(role) = element.get::<Name>("S") {
        out.push(role.as_str().to_owned());
    }
    if let Some(kids) = element.get::<Array>("K") {
        for kid in kids.iter::<Object>() {
            if let Object::Dict(kid) = kid {
                roles(&kid, out);
            }
        }
    } else if let Some(kid) = element.get::<Dict>("K") {
        roles(&kid, out);
    }
}

/// A row vector times a matrix `[a b c d e f]`, as in PDF.
type Matrix = [f64; 6];

fn times(m: Matrix, n: Matrix) -> Matrix {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}

fn apply(m: Matrix, x: f64, y: f64) -> (f64, f64) {
    (x * m[0] + y * m[2] + m[4], x * m[1] + y * m[3] + m[5])
}

/// What `q` keeps and `Q` brings back.
#[derive(Clone)]
struct TextState {
    ctm: Matrix,
    font: Option<usize>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    stretch: f64,
    rise: f64,
    leading: f64,
    mode: i64,
}

/// A page while it is read.
struct Scan {
    ctm: Matrix,
    text: TextState,
    kept: Vec<TextState>,
    matrix: Matrix,
    line: Matrix,
    path: Option<[f64; 4]>,
    curved: bool,
    marked: Vec<Marked>,
    sheet: Sheet,
}

/// A marked-content sequence.
struct Marked {
    artifact: bool,
    /// The text that its glyphs read as.
    actual: Option<String>,
    /// How many glyphs of the page stand before it.
    from: usize,
}

impl Scan {
    fn new() -> Self {
        let identity = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        Self {
            ctm: identity,
            text: TextState {
                ctm: identity,
                font: None,
                size: 0.0,
                spacing: 0.0,
                word_spacing: 0.0,
                stretch: 1.0,
                rise: 0.0,
                leading: 0.0,
                mode: 0,
            },
            kept: Vec::new(),
            matrix: identity,
            line: identity,
            path: None,
            curved: false,
            marked: Vec::new(),
            sheet: Sheet::default(),
        }
    }

    fn point(&mut self, x: f64, y: f64) {
        let (x, y) = apply(self.ctm, x, y);
        let y = self.sheet.height - y;
        let b = self.path.get_or_insert([x, y, x, y]);
        *b = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
    }

    fn paint(&mut self, kind: Option<ShapeKind>) {
        if let (Some(bounds), Some(kind)) = (self.path.take(), kind) {
            self.sheet.shapes.push(Shape { bounds, kind });
        }
        self.curved = false;
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.matrix = self.line;
    }
}

struct Reader {
    finished: Finished,
    /// Index of a font by the object it is.
    fonts: HashMap<(u32, i32), usize>,
}

impl Reader {
    fn content(&mut self, content: &[u8], resources: &Resources, scan: &mut Scan) {
        let mut operations = hayro_syntax::content::UntypedIter::new(content);
        while let Some(operation) = operations.next() {
            let operands: Vec<&Object> = operation.operands().collect();
            let n: Vec<f64> = operands.iter().filter_map(|o| number(o)).collect();
            let name = || operands.iter().find_map(|o| if let Object::Name(n) = o { Some(n) } else { None });
            let operator: &[u8] = operation.operator;
            match operator {
                b"q" => {
                    scan.text.ctm = scan.ctm;
                    scan.kept.push(scan.text.clone());
                }
                b"Q" => {
                    scan.text = scan.kept.pop().expect("`Q` comes after `q`");
                    scan.ctm = scan.text.ctm;
                }
                b"cm" => scan.ctm = times(matrix(&n), scan.ctm),
                b"m" | b"l" => scan.point(n[0], n[1]),
                b"c" | b"v" | b"y" => {
                    n.chunks(2).for_each(|p| scan.point(p[0], p[1]));
                    scan.curved = true;
                }
                b"re" => {
                    scan.point(n[0], n[1]);
                    scan.point(n[0] + n[2], n[1] + n[3]);
                }
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" => {
                    let kind = if scan.curved { ShapeKind::Curve } else { ShapeKind::Rule };
                    scan.paint(Some(kind));
                }
                b"S" | b"s" => {
                    let kind = if scan.curved { ShapeKind::Wave } else { ShapeKind::Line };
                    scan.paint(Some(kind));
                }
                b"n" => scan.paint(None),
                b"BT" => {
                    scan.line = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
                    scan.matrix = scan.line;
                }
                b"Tc" => scan.text.spacing = n[0],
                b"Tw" => scan.text.word_spacing = n[0],
                b"Tz" => scan.text.stretch = n[0] / 100.0,
                b"TL" => scan.text.leading = n[0],
                b"Ts" => scan.text.rise = n[0],
                b"Tr" => scan.text.mode = n[0] as i64,
                b"Tf" => {
                    let name = name().expect("`Tf` names a font");
                    scan.text.font = Some(self.font(resources, name));
                    scan.text.size = n[0];
                }
                b"Td" => scan.next_line(n[0], n[1]),
                b"TD" => {
                    scan.text.leading = -n[1];
                    scan.next_line(n[0], n[1]);
                }
                b"T*" => scan.next_line(0.0, -scan.text.leading),
                b"Tm" => {
                    scan.line = matrix(&n);
                    scan.matrix = scan.line;
                }
                b"Tj" => self.show(operands[0], scan),
                b"'" => {
                    scan.next_line(0.0, -scan.text.leading);
                    self.show(operands[0], scan);
                }
                b"\"" => panic!("the operator `\"` is not read"),
                b"TJ" => {
                    let Object::Array(parts) = operands[0] else { panic!("`TJ` has an array") };
                    for part in parts.iter::<Object>() {
                        match number(&part) {
                            Some(by) => {
                                let by = -by / 1000.0 * scan.text.size * scan.text.stretch;
                                scan.matrix = times([1.0, 0.0, 0.0, 1.0, by, 0.0], scan.matrix);
                            }
                            None => self.show(&part, scan),
                        }
                    }
                }
                b"BMC" => {
                    let artifact = name().is_some_and(|n| n.as_str() == "Artifact");
                    scan.marked.push(Marked { artifact, actual: None, from: scan.sheet.glyphs.len() });
                }
                b"BDC" => {
                    let artifact = name().is_some_and(|n| n.as_str() == "Artifact");
                    let properties = match operands.last() {
                        Some(Object::Dict(d)) => Some(d.clone()),
                        Some(Object::Name(n)) => resources.properties.get::<Dict>(n),
                        _ => None,
                    };
                    let actual = properties.and_then(|d| d.get::<PdfString>("ActualText"));
                    let actual = actual.map(|s| text_string(s.as_bytes()));
                    scan.marked.push(Marked { artifact, actual, from: scan.sheet.glyphs.len() });
                }
                b"EMC" => {
                    let marked = scan.marked.pop().expect("`EMC` ends a marked-content sequence");
                    // The outermost text counts.
                    if let (Some(actual), true) =
                        (marked.actual, scan.marked.iter().all(|m| m.actual.is_none()))
                    {
                        let inside = scan.sheet.glyphs.split_at_mut(marked.from);
                        let reading = inside.0.iter().filter_map(|g| g.reading).max().map_or(0, |n| n + 1);
                        share_out(&actual, inside.1, reading);
                    }
                }
                b"Do" => self.object(resources, name().expect("`Do` names an object"), scan),
                _ => {}
            }
        }
    }

    fn object(&mut self, resources: &Resources, name: &Name, scan: &mut Scan) {
        let Some(stream) = resources.get_x_object(name) else { return };
        let dict = stream.dict().clone();
        if dict.get::<Name>("Subtype").is_some_and(|n| n.as_str() == "Form") {
            let kept = (scan.ctm, scan.text.clone());
            let numbers: Vec<f64> = dict
                .get::<Array>("Matrix")
                .map(|a| a.iter::<Number>().map(|n| n.as_f64()).collect())
                .unwrap_or_default();
            if numbers.len() == 6 {
                scan.ctm = times(matrix(&numbers), scan.ctm);
            }
            let own = dict.get::<Dict>("Resources").map(Resources::new);
            let content = stream.decoded().expect("a form that can be read").into_owned();
            self.content(&content, own.as_ref().unwrap_or(resources), scan);
            (scan.ctm, scan.text) = kept;
        } else {
            for (x, y) in [(0.0, 0.0), (1.0, 1.0)] {
                scan.point(x, y);
            }
            scan.paint(Some(ShapeKind::Image));
        }
    }

    fn show(&mut self, string: &Object, scan: &mut Scan) {
        let Object::String(string) = string else { panic!("a shown string") };
        let index = scan.text.font.expect("a font is set before text is shown");
        let bytes = string.as_bytes();
        let codes: Vec<u16> = if self.finished.fonts[index].wide {
            bytes.chunks(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect()
        } else {
            bytes.iter().map(|&b| u16::from(b)).collect()
        };
        let artifact = scan.marked.iter().any(|m| m.artifact);
        for id in codes {
            let font = &self.finished.fonts[index];
            let text = font.unicode.get(&id).cloned().unwrap_or_default();
            let state = &scan.text;
            let full = times(scan.matrix, scan.ctm);
            let (x, y) = apply(full, 0.0, state.rise);
            let linear = [full[0], full[1], full[2], full[3], 0.0, 0.0];
            let along = apply(linear, state.size * state.stretch, 0.0);
            let up = apply(linear, 0.0, state.size);
            let size = up.0.hypot(up.1);
            let width = font.widths.get(&id).copied().unwrap_or(font.default_width) * font.unit;
            let space = if !font.wide && id == 32 { state.word_spacing } else { 0.0 };
            let step = (width * state.size + state.spacing + space) * state.stretch;
            scan.sheet.glyphs.push(Glyph {
                text,
                reading: None,
                x,
                y: scan.sheet.height - y,
                size,
                along: [along.0 / size, -along.1 / size],
                up: [up.0 / size, -up.1 / size],
                advance: width * along.0.hypot(along.1),
                font: index,
                id,
                mode: state.mode,
                artifact,
            });
            scan.matrix = times([1.0, 0.0, 0.0, 1.0, step, 0.0], scan.matrix);
        }
    }

    fn font(&mut self, resources: &Resources, name: &Name) -> usize {
        let id = resources.fonts.get_ref(name).map(|r| (r.obj_number, r.gen_number));
        if let Some(&known) = id.as_ref().and_then(|id| self.fonts.get(id)) {
            return known;
        }
        let dict = resources.get_font(name).expect("a font of that name");
        let index = self.finished.fonts.len();
        self.finished.fonts.push(font(&dict));
        if let Some(id) = id {
            self.fonts.insert(id, index);
        }
        index
    }
}

fn font(dict: &Dict) -> Font {
    let base = dict.get::<Name>("BaseFont").map(|n| n.as_str().to_owned()).unwrap_or_default();
    let mut font = Font {
        // The tag of a subset is six capitals and a plus.
        name: base.split_once('+').map_or(base.clone(), |(_, name)| name.to_owned()),
        unit: 0.001,
        ..Font::default()
    };
    if let Some(map) = dict.get::<Stream>("ToUnicode") {
        font.unicode = to_unicode(&map.decoded().expect("a character map"));
    }
    let Some(descendants) = dict.get::<Array>("DescendantFonts") else {
        // A font of drawn glyphs has codes of one byte and widths in its own unit.
        let numbers = |key| -> Vec<f64> {
            dict.get::<Array>(key)
                .map(|a| a.iter::<Number>().map(|n| n.as_f64()).collect())
                .unwrap_or_default()
        };
        font.unit = numbers("FontMatrix").first().copied().unwrap_or(0.001);
        let first = dict.get::<Number>("FirstChar").map_or(0, |n| n.as_f64() as u16);
        font.widths = (first..).zip(numbers("Widths")).collect();
        return font;
    };
    let encoding = dict.get::<Name>("Encoding").map(|n| n.as_str().to_owned());
    assert_eq!(encoding.as_deref(), Some("Identity-H"), "only this encoding is read");
    font.wide = true;
    let descendant = descendants.iter::<Dict>().next().expect("a descendant font");
    font.default_width = descendant.get::<Number>("DW").map_or(1000.0, |n| n.as_f64());
    if let Some(widths) = descendant.get::<Array>("W") {
        let mut parts = widths.iter::<Object>();
        while let Some(first) = parts.next().and_then(|o| number(&o)) {
            match parts.next() {
                Some(Object::Array(list)) => {
                    font.widths.extend((first as u16..).zip(list.iter::<Number>().map(|n| n.as_f64())));
                }
                Some(last) => {
                    let last = number(&last).expect("the end of a range") as u16;
                    let width = parts.next().and_then(|o| number(&o)).expect("the width of a range");
                    font.widths.extend((first as u16..=last).map(|id| (id, width)));
                }
                None => break,
            }
        }
    }
    if let Some(descriptor) = descendant.get::<Dict>("FontDescriptor") {
        let program =
            ["FontFile2", "FontFile3"].iter().find_map(|key| descriptor.get::<Stream>(key.as_bytes()));
        font.program = program.map(|s| Arc::new(s.decoded().expect("a font program").into_owned()));
    }
    font
}

/// Shares an `/ActualText` out among the glyphs that stand under it, in order. What stands in brackets
/// that have no glyph of their own is the reading of what stands before it.
fn share_out(actual: &str, glyphs: &mut [Glyph], mut reading: usize) {
    let mut rest = actual;
    // What is left of the reading that the glyphs belong to.
    let mut inside: Option<&str> = None;
    for i in 0..glyphs.len() {
        let own = std::mem::take(&mut glyphs[i].text);
        if inside.is_none()
            && let Some(after) = rest.strip_prefix('（').filter(|_| own != "（" && !own.trim().is_empty())
        {
            let close = after.find('）').expect("a reading is closed");
            inside = Some(&after[..close]);
            rest = &after[close + '）'.len_utf8()..];
        }
        if let Some(left) = inside {
            glyphs[i].reading = Some(reading);
            let at = left.find(&own).unwrap_or(0);
            glyphs[i].text = left[at..].chars().take(own.chars().count()).collect();
            let next = &left[(at + glyphs[i].text.len()).min(left.len())..];
            inside = Some(next).filter(|n| !n.trim().is_empty());
            if inside.is_none() {
                reading += 1;
            }
            continue;
        }
        // A space that only anchors a turned word has no text.
        let anchor = |at: &usize| *at > 0 && own.trim().is_empty();
        let Some(at) = rest.find(&own).filter(|at| !own.is_empty() && !anchor(at)) else { continue };
        glyphs[i.saturating_sub(1)].text.push_str(&rest[..at]);
        glyphs[i].text.push_str(&own);
        rest = &rest[at + own.len()..];
    }
    if let Some(last) = glyphs.last_mut() {
        last.text.push_str(rest);
    }
}

/// The text of every code of a `/ToUnicode` map.
fn to_unicode(map: &[u8]) -> BTreeMap<u16, String> {
    let map = String::from_utf8_lossy(map);
    let mut out = BTreeMap::new();
    let hex = |s: &str| -> Vec<u16> {
        let digits: Vec<char> = s.chars().filter(|c| !c.is_whitespace()).collect();
        digits
            .chunks(4)
            .map(|c| u16::from_str_radix(&c.iter().collect::<String>(), 16).expect("hexadecimal digits"))
            .collect()
    };
    let sections = |from: &'static str, to: &'static str| {
        map.split(from).skip(1).map(move |s| s.split(to).next().unwrap_or_default().to_owned())
    };
    let strings = |s: &str| -> Vec<Vec<u16>> {
        s.split('<').skip(1).map(|p| hex(p.split('>').next().unwrap_or_default())).collect()
    };
    for section in sections("beginbfchar", "endbfchar") {
        for pair in strings(&section).chunks(2) {
            out.insert(pair[0][0], String::from_utf16_lossy(&pair[1]));
        }
    }
    for section in sections("beginbfrange", "endbfrange") {
        assert!(!section.contains('['), "ranges with a list are not read");
        for part in strings(&section).chunks(3) {
            for (k, code) in (part[0][0]..=part[1][0]).enumerate() {
                let mut text = part[2].clone();
                *text.last_mut().expect("a character") += k as u16;
                out.insert(code, String::from_utf16_lossy(&text));
            }
        }
    }
    out
}

/// A text string: UTF-16 with its mark, UTF-8 with its mark, else Latin.
fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units: Vec<u16> = rest.chunks(2).map(|c| u16::from_be_bytes([c[0], c[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

fn number(object: &Object) -> Option<f64> {
    if let Object::Number(n) = object { Some(n.as_f64()) } else { None }
}

fn matrix(n: &[f64]) -> Matrix {
    n.try_into().expect("a matrix has six numbers")
}
