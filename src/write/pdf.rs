//! Pages in, a tagged PDF out: PDF/A-2a and PDF/UA-1 by default, validated at export.
//!
//! The one module that names krilla.

use std::{
    collections::BTreeMap,
    num::{NonZeroU16, NonZeroU32},
    sync::Arc,
};

use krilla::{
    Data, Document as Pdf, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata, TextDirection},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::{NumberingStyle, PageLabel, PageSettings},
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node as TagNode, SpanTag,
        TableHeaderScope, Tag, TagGroup, TagKind, TagTree, WritingMode,
    },
    text::{Font, GlyphId, KrillaGlyph},
};
use sha2::{Digest, Sha256};

use crate::{
    document::{Document, ImageFormat},
    edition::Edition,
    font::store::{FaceId, FontData, FontStore},
    kit::Kit,
    layout::{
        EM,
        blocks::{Options, lay_out, one_line},
        item::{Cluster, MIDDLE, Paragraph},
        page::{Element, Entry, NodeKind, Page as LaidOut, Pages, SideMark, TextLine, in_brackets},
        ruby::Placed,
        style::Ink,
    },
    report::Report,
    text::OBJECT,
    write::WriteError,
};

/// The standard that a PDF is made to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standard {
    /// PDF/A-2a and PDF/UA-1: for archives and for readers with assistive technology.
    #[default]
    A2aUa1,
    /// PDF/A-1b, the oldest archival level, without structure.
    A1b,
}

/// Sets a document and writes it as PDF.
///
/// # Errors
/// When a face cannot be opened or the library refuses the file.
pub fn write(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    standard: Standard,
    report: &mut Report,
) -> Result<Vec<u8>, WriteError> {
    let pages = lay_out(kit, edition, document, Options::default(), report)?;
    draw(&kit.fonts, edition, document, &pages, standard)
}

/// Writes pages that are already laid out.
///
/// # Errors
/// When a face cannot be opened or the library refuses the file.
pub fn draw(
    fonts: &FontStore,
    edition: &Edition,
    document: &Document,
    pages: &Pages,
    standard: Standard,
) -> Result<Vec<u8>, WriteError> {
    let refuse = |reason: String| WriteError::Format { format: "PDF", reason };
    let builder = ConfigurationBuilder::new();
    let builder = match standard {
        Standard::A2aUa1 => {
            builder.with_archival_validator(Archival::A2_A).with_accessibility_validator(Accessibility::UA1)
        }
        Standard::A1b => builder.with_archival_validator(Archival::A1_B),
    };
    let configuration = builder.finish().map_err(|e| refuse(format!("{e:?}")))?;
    let mut pdf = Pdf::new_with(SerializeSettings {
        configuration,
        enable_tagging: standard == Standard::A2aUa1,
        ..SerializeSettings::default()
    });
    let mut writer = Writer {
        fonts,
        pages,
        document,
        faces: BTreeMap::new(),
        children: vec![Vec::new(); pages.nodes.len()],
        attached: vec![false; pages.nodes.len()],
        links: Vec::new(),
        images: BTreeMap::new(),
    };
    let mut counts = (0, 0);
    for page in &pages.pages {
        let count = if page.front { &mut counts.0 } else { &mut counts.1 };
        *count += 1;
        writer.page(&mut pdf, page, *count)?;
    }
    let mut metadata = metadata(edition, document);
    if pages.right_bound {
        metadata = metadata.text_direction(TextDirection::RightToLeft);
    }
    pdf.set_metadata(metadata);
    pdf.set_outline(outline(pages));
    if standard == Standard::A2aUa1 {
        pdf.set_tag_tree(writer.tree(edition));
    }
    pdf.finish().map_err(|e| refuse(format!("{e:?}")))
}

fn metadata(edition: &Edition, document: &Document) -> Metadata {
    let meta = &document.meta;
    let text: Vec<&str> = document.texts().into_iter().map(|(_, t)| t.as_str()).collect();
    let id: String = Sha256::digest(text.join("\n").as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
    let title = meta.title.as_ref().map_or_else(|| "Untitled".to_owned(), |t| one_line(t.as_str()));
    let mut out = Metadata::new()
        .title(title)
        .language(edition.tag().to_owned())
        .creator("hanpress".to_owned())
        .producer(concat!("hanpress ", env!("CARGO_PKG_VERSION")).to_owned())
        .document_id(format!("{}-{id}", edition.tag()))
        .authors(meta.authors.iter().map(|a| a.as_str().to_owned()).collect());
    if let Some(description) = &meta.description {
        out = out.description(description.as_str().to_owned());
    }
    // PDF/A wants a date; a manuscript without one gets the first of the epoch, never the clock's.
    let mut parts = meta.date.as_deref().unwrap_or_default().splitn(3, '-');
    let year = parts.next().and_then(|y| y.parse().ok()).unwrap_or(1970);
    let number = |s: Option<&str>| s.and_then(|s| s.parse().ok()).unwrap_or(1);
    out = out.creation_date(DateTime::new(year).month(number(parts.next())).day(number(parts.next())));
    out
}

fn outline(pages: &Pages) -> Outline {
    let mut outline = Outline::new();
    // Open branches with their level; a branch is closed when one of its level or above comes.
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    fn close(open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline) {
        if let Some((_, node)) = open.pop() {
            match open.last_mut() {
                Some((_, parent)) => parent.push_child(node),
                None => outline.push_child(node),
            }
        }
    }
    for entry in &pages.outline {
        while open.last().is_some_and(|(level, _)| *level >= entry.level) {
            close(&mut open, &mut outline);
        }
        open.push((entry.level, OutlineNode::new(entry.text.clone(), destination(entry)).with_open(true)));
    }
    while !open.is_empty() {
        close(&mut open, &mut outline);
    }
    outline
}

/// The place on its page that an entry of the outline leads to.
fn destination(entry: &Entry) -> XyzDestination {
    XyzDestination::new(entry.page, Point::from_xy(0.0, (entry.y - 12.0).max(0.0)))
}

/// A child in the structure: another node, content, or a link with its content.
#[derive(Clone)]
enum Child {
    Node(usize),
    Content(Identifier),
    Link(usize),
}

struct Writer<'a> {
    fonts: &'a FontStore,
    pages: &'a Pages,
    document: &'a Document,
    faces: BTreeMap<FaceId, Font>,
    children: Vec<Vec<Child>>,
    attached: Vec<bool>,
    links: Vec<Vec<Identifier>>,
    images: BTreeMap<usize, Image>,
}

struct Bytes(Arc<FontData>);

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq)]
enum Goal {
    Url(String),
    /// An entry of the outline.
    Entry(usize),
    /// A place of the text, by its name.
    Place(String),
}

/// The rectangle of a link on its page.
struct Area {
    link: usize,
    rect: Rect,
    goal: Goal,
}

/// Glyphs of one face, look and orientation that stand in a row.
struct Run<'a> {
    face: FaceId,
    look: u16,
    /// Whether they lie on their side.
    turned: bool,
    text: std::borrow::Cow<'a, str>,
    /// Glyph, place along the line in 1/1024 em, place across it, range in `text`.
    glyphs: Vec<(u32, i32, i32, std::ops::Range<usize>)>,
    end: i32,
    /// Whether `text` is the paragraph's, so that more glyphs of it may join.
    joins: bool,
    /// What is read out for it; filled where the line tells.
    spoken: String,
    /// The readings that follow it.
    readings: Vec<(usize, &'a [Placed])>,
}

impl Writer<'_> {
    fn font(&mut self, id: FaceId) -> Result<Font, WriteError> {
        if let Some(font) = self.faces.get(&id) {
            return Ok(font.clone());
        }
        let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(Bytes(self.fonts.data(id)?));
        let font = Font::new(Data::from(bytes), 0).ok_or_else(|| WriteError::Format {
            format: "PDF",
            reason: format!("font `{}` cannot be read", self.fonts.info(id).name),
        })?;
        self.faces.insert(id, font.clone());
        Ok(font)
    }

    fn page(&mut self, pdf: &mut Pdf, page: &LaidOut, number: u32) -> Result<(), WriteError> {
        let style = if page.front { NumberingStyle::LowerRoman } else { NumberingStyle::Arabic };
        let settings = PageSettings::from_wh(self.pages.width, self.pages.height)
            .ok_or_else(|| WriteError::Format { format: "PDF", reason: "the page has no size".into() })?
            .with_page_label(PageLabel::new(Some(style), None, NonZeroU32::new(number)));
        let elements = &page.elements;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        let mut areas: Vec<Area> = Vec::new();
        for element in elements {
            match element {
                Element::Text(line) => self.line(&mut surface, line, &mut areas)?,
                Element::Image { image, x, y, width, height, node } => {
                    let picture = self.image(*image)?;
                    let size = Size::from_wh(*width, *height).expect("a picture on a page has a size");
                    let id = surface.start_tagged(ContentTag::Other);
                    surface.push_transform(&Transform::from_translate(*x, *y));
                    surface.draw_image(picture, size);
                    surface.pop();
                    surface.end_tagged();
                    self.attach(*node);
                    self.children[*node].push(Child::Content(id));
                }
                Element::Rule { x, y, width, height, ink } => {
                    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
                    rule(&mut surface, *x, *y, *width, *height, *ink);
                    surface.end_tagged();
                }
            }
        }
        surface.finish();
        for Area { link, rect, goal } in areas {
            let (target, alt) = match goal {
                Goal::Url(url) => (Target::Action(Action::Link(LinkAction::new(percent_encode(&url)))), url),
                Goal::Entry(entry) => {
                    let entry = &self.pages.outline[entry];
                    (Target::Destination(destination(entry).into()), entry.text.clone())
                }
                Goal::Place(name) => {
                    let spot = &self.pages.places[&name];
                    let place = XyzDestination::new(spot.page, Point::from_xy(0.0, spot.y));
                    (Target::Destination(place.into()), spot.words.clone())
                }
            };
            let annotation = Annotation::new_link(LinkAnnotation::new(rect, target), Some(alt));
            let id = page.add_tagged_annotation(annotation);
            self.links[link].push(id);
        }
        page.finish();
        Ok(())
    }

    fn image(&mut self, index: usize) -> Result<Image, WriteError> {
        if let Some(image) = self.images.get(&index) {
            return Ok(image.clone());
        }
        let image = &self.document.images[index];
        let data = Data::from(image.bytes.clone());
        let made = match image.format {
            ImageFormat::Png => Image::from_png(data, false),
            ImageFormat::Jpeg => Image::from_jpeg(data, false),
        };
        let made = made.map_err(|reason| WriteError::Format {
            format: "PDF",
            reason: format!("picture `{}`: {reason}", image.path),
        })?;
        self.images.insert(index, made.clone());
        Ok(made)
    }

    /// Draws a line: its runs, each link in a sequence of its own, readings right after their base.
    fn line(
        &mut self,
        surface: &mut Surface,
        line: &TextLine,
        areas: &mut Vec<Area>,
    ) -> Result<(), WriteError> {
        let pages = self.pages;
        let paragraph = &pages.paragraphs[line.paragraph];
        let runs = runs(pages, paragraph, line);
        let goal = |run: &Run| match (&paragraph.looks[run.look as usize].link, line.goto) {
            (Some(url), _) => match url.strip_prefix('#') {
                Some(name) if self.pages.places.contains_key(name) => Some(Goal::Place(name.to_owned())),
                Some(_) => None,
                None => Some(Goal::Url(url.clone())),
            },
            (None, Some(entry)) => Some(Goal::Entry(entry)),
            (None, None) => None,
        };
        // Stretches of one goal; readings are drawn right after their base.
        let mut first = 0;
        while first < runs.len() {
            let target = goal(&runs[first]);
            let mut end = first + 1;
            while end < runs.len() && goal(&runs[end]) == target {
                end += 1;
            }
            self.stretch(surface, line, &runs[first..end], target, areas)?;
            first = end;
        }
        self.decorate(surface, line, paragraph, &runs);
        Ok(())
    }

    /// A stretch of a line that is one piece of content. The glyphs of a vertical line are set one by
    /// one, so the piece says what it reads as, or extractors would make lines across the columns; with
    /// readings between the glyphs it says where in the text they belong.
    fn stretch(
        &mut self,
        surface: &mut Surface,
        line: &TextLine,
        runs: &[Run],
        target: Option<Goal>,
        areas: &mut Vec<Area>,
    ) -> Result<(), WriteError> {
        let paragraph = &self.pages.paragraphs[line.paragraph];
        if runs.iter().all(|run| run.glyphs.is_empty()) {
            return Ok(());
        }
        let tells = line.vertical || runs.iter().any(|r| !r.readings.is_empty());
        let mut spoken = String::new();
        for run in runs.iter().filter(|_| tells) {
            spoken.push_str(&run.spoken);
            for &(reading, _) in &run.readings {
                spoken.push_str(&in_brackets(&paragraph.readings[reading].text));
            }
        }
        match line.node {
            Some(node) => {
                let tag = SpanTag::empty().with_actual_text(tells.then_some(&*spoken));
                let id = surface.start_tagged(ContentTag::Span(tag));
                self.attach(node);
                let child = match &target {
                    Some(_) => {
                        self.links.push(vec![id]);
                        Child::Link(self.links.len() - 1)
                    }
                    None => Child::Content(id),
                };
                self.children[node].push(child);
            }
            None => {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
            }
        }
        let drawn: Vec<&Run> = runs.iter().filter(|run| !run.glyphs.is_empty()).collect();
        for (k, run) in drawn.iter().enumerate() {
            let look = &paragraph.looks[run.look as usize];
            let font = self.font(run.face)?;
            surface.set_fill(Some(fill(look.ink)));
            if run.turned && k == 0 {
                self.anchor(surface, line, run.glyphs[0].1, font.clone())?;
            }
            if look.slanted {
                surface.push_transform(&Transform::from_row(1.0, 0.0, -0.2, 1.0, 0.2 * line.y, 0.0));
                self.run(surface, line, run, look.scale, font.clone());
                surface.pop();
            } else {
                self.run(surface, line, run, look.scale, font.clone());
            }
            for &(reading, placed) in &run.readings {
                self.reading(surface, line, &paragraph.readings[reading].text, placed)?;
            }
            if (run.turned || !run.readings.is_empty()) && k + 1 == drawn.len() {
                self.anchor(surface, line, run.end, font)?;
            }
        }
        surface.end_tagged();
        if let (Some(goal), Some(_)) = (target, line.node)
            && let (Some(from), Some(to)) = (runs.iter().find(|r| !r.glyphs.is_empty()), runs.last())
            && let Some(rect) = cell(line, from.glyphs[0].1, to.end)
        {
            areas.push(Area { link: self.links.len() - 1, rect, goal });
        }
        Ok(())
    }

    /// An upright space at a place of a vertical line. Extractors take the place of a piece from its first
    /// and last glyph; those of a turned run stand in a frame of their own and would send the column astray.
    fn anchor(&self, surface: &mut Surface, line: &TextLine, at: i32, font: Font) -> Result<(), WriteError> {
        let (face, _) = self.faces.iter().find(|(_, f)| **f == font).expect("a font comes from a face");
        let Some(space) = crate::font::outline::glyph(&self.fonts.data(*face)?, ' ') else { return Ok(()) };
        let along = at as f32 * line.size / EM as f32;
        let glyph = KrillaGlyph::new(GlyphId::new(space), 0.0, 0.0, 0.0, 0.0, 0..1, None);
        let start = match line.vertical {
            true => Point::from_xy(line.x - line.size / 2.0, line.y + along),
            false => Point::from_xy(line.x + along, line.y),
        };
        surface.draw_glyphs(start, &[glyph], font, " ", line.size, false);
        Ok(())
    }

    /// The glyphs of a run.
    fn run(&self, surface: &mut Surface, line: &TextLine, run: &Run, scale: i32, font: Font) {
        let unit = line.size / EM as f32;
        let size = line.size * scale as f32 / EM as f32;
        let em = scale as f32;
        let range = |at: &std::ops::Range<usize>| at.clone();
        let along = run.turned || !line.vertical;
        if along {
            // Along the line; for a turned run in a frame that is turned with it.
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs
                .iter()
                .enumerate()
                .map(|(k, (id, x, y, at))| {
                    let next = run.glyphs.get(k + 1).map_or(run.end, |n| n.1);
                    let advance = (next - x) as f32 / em;
                    KrillaGlyph::new(GlyphId::new(*id), advance, 0.0, *y as f32 / em, 0.0, range(at), None)
                })
                .collect();
            let x = run.glyphs[0].1 as f32 * unit;
            if run.turned {
                surface.push_transform(&turn(line.x, line.y));
                surface.draw_glyphs(Point::from_xy(x, 0.0), &glyphs, font, &run.text, size, false);
                surface.pop();
            } else {
                let start = Point::from_xy(line.x + x, line.y);
                surface.draw_glyphs(start, &glyphs, font, &run.text, size, false);
            }
            return;
        }
        // Down the line from glyph to glyph, from the left edge of the cells: a glyph as wide as its
        // cell needs no offset, and extractors see one column.
        let left = run.glyphs[0].2;
        let glyphs: Vec<KrillaGlyph> = run
            .glyphs
            .iter()
            .enumerate()
            .map(|(k, (id, x, y, at))| {
                let next = run.glyphs.get(k + 1).map_or(*x, |n| n.1);
                let (right, down) = ((*y - left) as f32 / em, (next - x) as f32 / em);
                KrillaGlyph::new(GlyphId::new(*id), 0.0, right, 0.0, -down, range(at), None)
            })
            .collect();
        let (x, y) = (line.x + left as f32 * unit, line.y + run.glyphs[0].1 as f32 * unit);
        surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font, &run.text, size, false);
    }

    /// The glyphs of a reading beside its base.
    fn reading(
        &mut self,
        surface: &mut Surface,
        line: &TextLine,
        text: &str,
        placed: &[Placed],
    ) -> Result<(), WriteError> {
        surface.set_fill(Some(fill(Ink::Text)));
        for group in placed.chunk_by(|a, b| a.glyph.face == b.glyph.face && a.glyph.size == b.glyph.size) {
            let font = self.font(group[0].glyph.face)?;
            let size = line.size * group[0].glyph.size as f32 / EM as f32;
            let em = group[0].glyph.size as f32;
            let turned = group[0].turned;
            let glyphs: Vec<KrillaGlyph> = group
                .iter()
                .map(|p| {
                    let at = p.glyph.start as usize..p.glyph.end as usize;
                    let (right, up) = if line.vertical && !turned { (p.y, -p.x) } else { (p.x, p.y) };
                    let (right, up) = (right as f32 / em, up as f32 / em);
                    KrillaGlyph::new(GlyphId::new(p.glyph.id), 0.0, right, up, 0.0, at, None)
                })
                .collect();
            if turned {
                surface.push_transform(&turn(line.x, line.y));
                surface.draw_glyphs(Point::from_xy(0.0, 0.0), &glyphs, font, text, size, false);
                surface.pop();
            } else {
                surface.draw_glyphs(Point::from_xy(line.x, line.y), &glyphs, font, text, size, false);
            }
        }
        Ok(())
    }

    /// Strikes, emphasis dots and side lines: drawn, no part of the text.
    fn decorate(&self, surface: &mut Surface, line: &TextLine, paragraph: &Paragraph, runs: &[Run]) {
        let struck = |run: &&Run| paragraph.looks[run.look as usize].strike && !run.glyphs.is_empty();
        if line.marks.is_empty() && !runs.iter().any(|r| struck(&r)) {
            return;
        }
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
        let unit = line.size / EM as f32;
        let thin = line.size * 0.045;
        // A point of the line on the sheet.
        let at = |x: i32, y: i32| {
            let (x, y) = (x as f32 * unit, y as f32 * unit);
            if line.vertical { (line.x + y, line.y + x) } else { (line.x + x, line.y - y) }
        };
        let mut stroke = |points: &dyn Fn(&mut PathBuilder)| {
            let mut path = PathBuilder::new();
            points(&mut path);
            if let Some(path) = path.finish() {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint: rgb::Color::black().into(),
                    width: thin,
                    ..Stroke::default()
                }));
                surface.draw_path(&path);
                surface.set_stroke(None);
            }
        };
        for mark in &line.marks {
            match *mark {
                SideMark::Line { from, to, y } => stroke(&|path| {
                    let ((x0, y0), (x1, y1)) = (at(from, y), at(to, y));
                    path.move_to(x0, y0);
                    path.line_to(x1, y1);
                }),
                SideMark::Wave { from, to, y } => stroke(&|path| wave(path, from, to, y, at)),
                SideMark::Dot { .. } | SideMark::Leader { .. } => {}
            }
        }
        for mark in &line.marks {
            let (x, y, radius) = match *mark {
                SideMark::Dot { x, y } => (x, y, 0.08),
                SideMark::Leader { x, y } => (x, y, 0.035),
                SideMark::Line { .. } | SideMark::Wave { .. } => continue,
            };
            let (x, y) = at(x, y);
            dot(surface, x, y, line.size * radius);
        }
        for run in runs.iter().filter(struck) {
            let middle = if line.vertical { 0 } else { MIDDLE };
            let ((x0, y0), (x1, y1)) = (at(run.glyphs[0].1, middle), at(run.end, middle));
            let (w, h) = ((x1 - x0).abs().max(thin), (y1 - y0).abs().max(thin));
            rule(surface, x0.min(x1), y0.min(y1), w, h, paragraph.looks[run.look as usize].ink);
        }
        surface.end_tagged();
    }

    /// Hangs a node under its parent when its first content comes, so that the order is the reading order.
    fn attach(&mut self, node: usize) {
        let mut node = node;
        while node != 0 && !self.attached[node] {
            self.attached[node] = true;
            let parent = self.pages.nodes[node].parent;
            self.children[parent].push(Child::Node(node));
            node = parent;
        }
    }

    fn tree(&self, edition: &Edition) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(edition.tag().to_owned()));
        for child in &self.children[0] {
            tree.push(self.tag(child));
        }
        tree
    }

    fn tag(&self, child: &Child) -> TagNode {
        match child {
            Child::Content(id) => TagNode::Leaf(*id),
            Child::Link(link) => {
                let mut group = TagGroup::new(Tag::Link);
                for id in &self.links[*link] {
                    group.push(*id);
                }
                TagNode::Group(group)
            }
            Child::Node(node) => {
                let tag: TagKind = match &self.pages.nodes[*node].kind {
                    NodeKind::Document => Tag::Part.into(),
                    NodeKind::Heading(level, words) => {
                        let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
                        Tag::Hn(level, Some(words.clone())).into()
                    }
                    NodeKind::Paragraph | NodeKind::Code => Tag::P.into(),
                    NodeKind::Quote => Tag::BlockQuote.into(),
                    NodeKind::List(numbered) => {
                        let numbering = if *numbered { ListNumbering::Decimal } else { ListNumbering::Disc };
                        Tag::L(numbering).into()
                    }
                    NodeKind::Definitions => Tag::L(ListNumbering::None).into(),
                    NodeKind::Item => Tag::LI.into(),
                    NodeKind::Label => Tag::Lbl.into(),
                    NodeKind::Body => Tag::LBody.into(),
                    NodeKind::Table => Tag::Table.into(),
                    NodeKind::Row => Tag::TR.into(),
                    NodeKind::HeaderCell(rows, columns) => Tag::TH(TableHeaderScope::Column)
                        .with_row_span(reach(*rows))
                        .with_col_span(reach(*columns))
                        .into(),
                    NodeKind::Cell(rows, columns) => {
                        Tag::TD.with_row_span(reach(*rows)).with_col_span(reach(*columns)).into()
                    }
                    NodeKind::Figure(alt) => {
                        let alt = if alt.is_empty() { "—".to_owned() } else { alt.clone() };
                        Tag::Figure(Some(alt)).into()
                    }
                    NodeKind::Caption => Tag::Caption.into(),
                    NodeKind::Note => Tag::Note.into(),
                    NodeKind::Contents => Tag::TOC.into(),
                    NodeKind::ContentsEntry => Tag::TOCI.into(),
                };
                let mut tag = tag;
                if self.pages.vertical() {
                    tag.set_writing_mode(Some(WritingMode::TbRl));
                }
                let mut group = TagGroup::new(tag);
                for child in &self.children[*node] {
                    group.push(self.tag(child));
                }
                TagNode::Group(group)
            }
        }
    }
}

/// The runs of a line: neighbours of one face, look and orientation; a reading ends a run.
fn runs<'a>(pages: &'a Pages, paragraph: &'a Paragraph, line: &'a TextLine) -> Vec<Run<'a>> {
    let mut runs: Vec<Run> = Vec::new();
    let set = &line.line;
    let mut readings = line.readings.iter().peekable();
    for (k, cluster) in paragraph.clusters[set.start..set.end].iter().enumerate() {
        let x = set.x[k];
        let end = set.x.get(k + 1).copied().unwrap_or(x + cluster.advance);
        let text = &paragraph.text[cluster.range.start as usize..cluster.range.end as usize];
        let note = paragraph.looks[cluster.look as usize].note.filter(|_| text.contains(OBJECT));
        let own = match note {
            Some(note) => Some(words_run(paragraph, cluster, x, pages.notes[note].clone())),
            None if text.bytes().any(|b| b == 0 || b >= 0xEE) && text.contains(unmappable) => {
                Some(geta_run(paragraph, cluster, x, end))
            }
            None => None,
        };
        if let Some(run) = own {
            runs.push(run);
        } else {
            let turned = line.vertical && cluster.turned;
            for glyph in &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize] {
                let placed = (glyph.id, x + glyph.x, glyph.y, glyph.start as usize..glyph.end as usize);
                match runs.last_mut() {
                    Some(run)
                        if run.joins
                            && run.face == glyph.face
                            && run.look == cluster.look
                            && run.turned == turned =>
                    {
                        run.glyphs.push(placed);
                        run.end = end;
                    }
                    _ => {
                        let mut glyphs = Vec::with_capacity(set.end - set.start - k);
                        glyphs.push(placed);
                        runs.push(Run {
                            face: glyph.face,
                            look: cluster.look,
                            turned,
                            text: (&*paragraph.text).into(),
                            glyphs,
                            end,
                            joins: true,
                            spoken: String::new(),
                            readings: Vec::new(),
                        });
                    }
                }
            }
            if let (true, Some(run)) = (line.vertical || !line.readings.is_empty(), runs.last_mut()) {
                run.spoken.push_str(text);
            }
        }
        let last = k + 1 == set.end - set.start;
        if let (true, true, Some((face, id, advance))) = (last, set.hyphen, paragraph.hyphen(set.end - 1)) {
            let x = x + cluster.advance;
            let y = paragraph.glyphs.get(cluster.glyphs.start as usize).map_or(0, |g| g.y);
            runs.push(Run {
                face,
                look: cluster.look,
                turned: line.vertical,
                text: "\u{AD}".into(),
                glyphs: vec![(id, x, y, 0..2)],
                end: x + advance,
                joins: false,
                spoken: String::new(),
                readings: Vec::new(),
            });
        }
        let at = set.start + k + 1;
        while let Some((index, placed)) = readings.next_if(|r| paragraph.readings[r.0].clusters.end <= at) {
            if let Some(run) = runs.last_mut() {
                run.joins = false;
                run.readings.push((*index, placed));
            }
        }
    }
    runs
}

/// Characters that PDF/A does not let a glyph stand for: private ones and those that are none. In UTF-8 the
/// first byte of each is 0 or from 0xEE.
fn unmappable(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0 | 0xFEFF | 0xE000..=0xF8FF | 0xF0000..) || code & 0xFFFE == 0xFFFE
}

/// A private character is drawn, and copied, as the printers' geta mark.
fn geta_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, end: i32) -> Run<'a> {
    let mut run = words_run(paragraph, cluster, x, "〓".into());
    run.glyphs.truncate(1);
    if let Some(glyph) = run.glyphs.first_mut() {
        glyph.3 = 0.."〓".len();
    }
    run.end = end;
    run
}

/// A cluster that reads as other words than the text has there: the mark of a note.
fn words_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, words: String) -> Run<'a> {
    let glyphs = &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize];
    let starts: Vec<usize> = words.char_indices().map(|c| c.0).collect();
    let n = glyphs.len();
    let at = |k: usize| starts.get(k).copied().unwrap_or(words.len());
    let placed = glyphs
        .iter()
        .enumerate()
        .map(|(k, g)| (g.id, x + g.x, g.y, at(k)..if k + 1 == n { words.len() } else { at(k + 1) }))
        .collect();
    Run {
        face: glyphs.first().map_or(FaceId(0), |g| g.face),
        look: cluster.look,
        turned: cluster.turned,
        text: words.clone().into(),
        glyphs: placed,
        end: x + cluster.advance,
        joins: false,
        spoken: words,
        readings: Vec::new(),
    }
}

/// A quarter turn clockwise around a point.
fn turn(x: f32, y: f32) -> Transform {
    Transform::from_row(0.0, 1.0, -1.0, 0.0, x, y)
}

/// The rectangle of a stretch of a line, as high as its em box.
fn cell(line: &TextLine, from: i32, to: i32) -> Option<Rect> {
    let unit = line.size / EM as f32;
    let (from, to) = (from as f32 * unit, to as f32 * unit);
    if line.vertical {
        let half = line.size / 2.0;
        Rect::from_ltrb(line.x - half, line.y + from, line.x + half, line.y + to)
    } else {
        let (up, down) = (line.size * 0.88, line.size * 0.12);
        Rect::from_ltrb(line.x + from, line.y - up, line.x + to, line.y + down)
    }
}

/// A wave of whole periods between two places of a line.
fn wave(path: &mut PathBuilder, from: i32, to: i32, y: i32, at: impl Fn(i32, i32) -> (f32, f32)) {
    let (period, height) = (EM * 3 / 8, EM / 12);
    let count = ((to - from) / period).max(1);
    let (x0, y0) = at(from, y);
    path.move_to(x0, y0);
    for k in 0..2 * count {
        let step = |part: i32| from + (to - from) * (2 * k + part) / (4 * count);
        let lift = if k % 2 == 0 { height } else { -height };
        let ((cx, cy), (x, y)) = (at(step(1), y + 2 * lift), at(step(2), y));
        path.quad_to(cx, cy, x, y);
    }
}

/// A filled dot.
fn dot(surface: &mut Surface, x: f32, y: f32, r: f32) {
    // Distance of the control points of a quarter circle.
    let c = r * 0.552_285;
    let mut path = PathBuilder::new();
    path.move_to(x + r, y);
    path.cubic_to(x + r, y + c, x + c, y + r, x, y + r);
    path.cubic_to(x - c, y + r, x - r, y + c, x - r, y);
    path.cubic_to(x - r, y - c, x - c, y - r, x, y - r);
    path.cubic_to(x + c, y - r, x + r, y - c, x + r, y);
    path.close();
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(Ink::Text)));
        surface.draw_path(&path);
    }
}

fn rule(surface: &mut Surface, x: f32, y: f32, width: f32, height: f32, ink: Ink) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(ink)));
        surface.draw_path(&path);
    }
}

fn fill(ink: Ink) -> Fill {
    let color = match ink {
        Ink::Text | Ink::Accent => rgb::Color::black(),
        Ink::Faint => rgb::Color::new(96, 96, 96),
        Ink::Link => rgb::Color::new(24, 66, 120),
    };
    Fill { paint: color.into(), opacity: NormalizedF32::ONE, rule: FillRule::NonZero }
}

/// A URI in ASCII, as PDF wants it.
fn percent_encode(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// How far a cell reaches, if farther than itself.
fn reach(cells: u16) -> Option<NonZeroU32> {
    NonZeroU32::new(cells.into()).filter(|cells| cells.get() > 1)
}
