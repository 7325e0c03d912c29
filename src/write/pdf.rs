//! Pages in, a tagged PDF out: PDF/A-2a and PDF/UA-1 by default, validated at export.
//!
//! The one module that names krilla.

use std::{collections::BTreeMap, num::NonZeroU16, sync::Arc};

use krilla::{
    Data, Document as Pdf, SerializeSettings,
    action::{Action, LinkAction},
    annotation::{Annotation, LinkAnnotation, Target},
    color::rgb,
    configure::{Accessibility, Archival, ConfigurationBuilder},
    destination::XyzDestination,
    geom::{PathBuilder, Point, Rect, Size, Transform},
    image::Image,
    metadata::{DateTime, Metadata},
    num::NormalizedF32,
    outline::{Outline, OutlineNode},
    page::PageSettings,
    paint::{Fill, FillRule},
    surface::Surface,
    tagging::{
        Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node as TagNode, SpanTag,
        TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
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
        item::{Cluster, Paragraph},
        page::{Element, NodeKind, Pages, TextLine},
        style::Ink,
    },
    report::Report,
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
    for page in &pages.pages {
        writer.page(&mut pdf, &page.elements)?;
    }
    pdf.set_metadata(metadata(edition, document));
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
        let destination = XyzDestination::new(entry.page, Point::from_xy(0.0, (entry.y - 12.0).max(0.0)));
        open.push((entry.level, OutlineNode::new(entry.text.clone(), destination).with_open(true)));
    }
    while !open.is_empty() {
        close(&mut open, &mut outline);
    }
    outline
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

/// Glyphs of one face, look and node that stand in a row.
struct Run<'a> {
    face: FaceId,
    look: u16,
    text: std::borrow::Cow<'a, str>,
    /// Glyph, origin in 1/1024 em from the line's start, offset upwards, range in `text`.
    glyphs: Vec<(u32, i32, i32, std::ops::Range<usize>)>,
    end: i32,
    /// Whether `text` is the paragraph's, so that more glyphs of it may join.
    joins: bool,
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

    fn page(&mut self, pdf: &mut Pdf, elements: &[Element]) -> Result<(), WriteError> {
        let settings = PageSettings::from_wh(self.pages.width, self.pages.height)
            .ok_or_else(|| WriteError::Format { format: "PDF", reason: "the page has no size".into() })?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        // Rectangles of links, with the link that they belong to.
        let mut areas: Vec<(usize, Rect, String)> = Vec::new();
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
        for (link, rect, url) in areas {
            let target = Target::Action(Action::Link(LinkAction::new(percent_encode(&url))));
            let annotation = Annotation::new_link(LinkAnnotation::new(rect, target), Some(url));
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

    fn line(
        &mut self,
        surface: &mut Surface,
        line: &TextLine,
        areas: &mut Vec<(usize, Rect, String)>,
    ) -> Result<(), WriteError> {
        let pages = self.pages;
        let paragraph = &pages.paragraphs[line.paragraph];
        let unit = line.size / EM as f32;
        let runs = runs(paragraph, line);
        let mut tagged: Option<(Option<String>, Option<Identifier>)> = None;
        for run in runs.iter().filter(|run| !run.glyphs.is_empty()) {
            let look = &paragraph.looks[run.look as usize];
            let font = self.font(run.face)?;
            // One marked-content sequence a line and link.
            if tagged.as_ref().is_none_or(|(link, _)| *link != look.link) {
                if tagged.take().is_some() {
                    surface.end_tagged();
                }
                let id = match line.node {
                    Some(node) => {
                        let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
                        self.attach(node);
                        let child = match &look.link {
                            Some(_) => self.link(line, node, id),
                            None => Child::Content(id),
                        };
                        self.children[node].push(child);
                        Some(id)
                    }
                    None => {
                        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
                        None
                    }
                };
                tagged = Some((look.link.clone(), id));
            }
            if let (Some(url), true) = (&look.link, line.node.is_some())
                && let Some(rect) = Rect::from_ltrb(
                    line.x + run.glyphs[0].1 as f32 * unit,
                    line.y - line.size * 0.88,
                    line.x + run.end as f32 * unit,
                    line.y + line.size * 0.12,
                )
            {
                areas.push((self.links.len() - 1, rect, url.clone()));
            }
            surface.set_fill(Some(fill(look.ink)));
            let size = line.size * look.scale as f32 / EM as f32;
            let em = look.scale as f32;
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs
                .iter()
                .enumerate()
                .map(|(k, (id, x, y, range))| {
                    let next = run.glyphs.get(k + 1).map_or(run.end, |n| n.1);
                    KrillaGlyph::new(
                        GlyphId::new(*id),
                        (next - x) as f32 / em,
                        0.0,
                        *y as f32 / em,
                        0.0,
                        range.clone(),
                        None,
                    )
                })
                .collect();
            let start = Point::from_xy(line.x + run.glyphs[0].1 as f32 * unit, line.y);
            surface.draw_glyphs(start, &glyphs, font, &run.text, size, false);
        }
        if tagged.is_some() {
            surface.end_tagged();
        }
        for run in runs.iter().filter(|run| !run.glyphs.is_empty()) {
            let look = &paragraph.looks[run.look as usize];
            let (x, width) =
                (line.x + run.glyphs[0].1 as f32 * unit, (run.end - run.glyphs[0].1) as f32 * unit);
            if look.strike {
                surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)));
                rule(surface, x, line.y - line.size * 0.36, width, line.size * 0.05, look.ink);
                surface.end_tagged();
            }
        }
        Ok(())
    }

    /// Adds content to the structure as part of a link of its own.
    fn link(&mut self, _line: &TextLine, _node: usize, id: Identifier) -> Child {
        self.links.push(vec![id]);
        Child::Link(self.links.len() - 1)
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
                    NodeKind::Item => Tag::LI.into(),
                    NodeKind::Label => Tag::Lbl.into(),
                    NodeKind::Body => Tag::LBody.into(),
                    NodeKind::Table => Tag::Table.into(),
                    NodeKind::Row => Tag::TR.into(),
                    NodeKind::HeaderCell => Tag::TH(TableHeaderScope::Column).into(),
                    NodeKind::Cell => Tag::TD.into(),
                    NodeKind::Figure(alt) => {
                        let alt = if alt.is_empty() { "—".to_owned() } else { alt.clone() };
                        Tag::Figure(Some(alt)).into()
                    }
                    NodeKind::Caption => Tag::Caption.into(),
                    NodeKind::Note => Tag::Note.into(),
                };
                let mut group = TagGroup::new(tag);
                for child in &self.children[*node] {
                    group.push(self.tag(child));
                }
                TagNode::Group(group)
            }
        }
    }
}

/// The runs of a line: neighbours of one face and look.
fn runs<'a>(paragraph: &'a Paragraph, line: &TextLine) -> Vec<Run<'a>> {
    let mut runs: Vec<Run> = Vec::new();
    let set = &line.line;
    for (k, cluster) in paragraph.clusters[set.start..set.end].iter().enumerate() {
        let x = set.x[k];
        let end = set.x.get(k + 1).copied().unwrap_or(x + cluster.advance);
        if let Some(note) = paragraph.looks[cluster.look as usize].note {
            runs.push(note_run(paragraph, cluster, x, note));
            continue;
        }
        let text = &paragraph.text[cluster.range.start as usize..cluster.range.end as usize];
        if text.contains(unmappable) {
            runs.push(geta_run(paragraph, cluster, x, end));
            continue;
        }
        for glyph in &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize] {
            let placed = (glyph.id, x + glyph.x, glyph.y, glyph.start as usize..glyph.end as usize);
            match runs.last_mut() {
                Some(run) if run.joins && run.face == glyph.face && run.look == cluster.look => {
                    run.glyphs.push(placed);
                    run.end = end;
                }
                _ => runs.push(Run {
                    face: glyph.face,
                    look: cluster.look,
                    text: (&*paragraph.text).into(),
                    glyphs: vec![placed],
                    end,
                    joins: true,
                }),
            }
        }
        let last = k + 1 == set.end - set.start;
        if let (true, true, Some((face, id, advance))) = (last, set.hyphen, cluster.hyphen) {
            let x = x + cluster.advance;
            runs.push(Run {
                face,
                look: cluster.look,
                text: "\u{AD}".into(),
                glyphs: vec![(id, x, 0, 0..2)],
                end: x + advance,
                joins: false,
            });
        }
    }
    runs
}

/// Characters that PDF/A does not let a glyph stand for: private ones and those that are none.
fn unmappable(c: char) -> bool {
    let code = c as u32;
    matches!(code, 0 | 0xFEFF | 0xE000..=0xF8FF | 0xF0000..) || code & 0xFFFE == 0xFFFE
}

/// A private character is drawn, and copied, as the printers' geta mark.
fn geta_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, end: i32) -> Run<'a> {
    let glyphs = &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize];
    Run {
        face: glyphs.first().map_or(FaceId(0), |g| g.face),
        look: cluster.look,
        text: "〓".into(),
        glyphs: glyphs.iter().take(1).map(|g| (g.id, x + g.x, g.y, 0.."〓".len())).collect(),
        end,
        joins: false,
    }
}

/// A note mark reads as its number, not as the placeholder of the text.
fn note_run<'a>(paragraph: &Paragraph, cluster: &Cluster, x: i32, note: usize) -> Run<'a> {
    let glyphs = &paragraph.glyphs[cluster.glyphs.start as usize..cluster.glyphs.end as usize];
    let text = format!("[{}]", note + 1);
    let n = glyphs.len();
    let placed = glyphs
        .iter()
        .enumerate()
        .map(|(k, g)| (g.id, x + g.x, g.y, k..if k + 1 == n { text.len() } else { k + 1 }))
        .collect();
    Run {
        face: glyphs.first().map_or(FaceId(0), |g| g.face),
        look: cluster.look,
        text: text.into(),
        glyphs: placed,
        end: x + cluster.advance,
        joins: false,
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
