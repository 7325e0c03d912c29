//! Blocks of a document in, slabs of lines out: what each kind of block looks like on the page.

use std::collections::BTreeMap;

use crate::{
    document::{Align as ColumnAlign, Block, Document, Role},
    edition::{Edition, Script},
    font::{
        casting::missing,
        shape::Shapers,
        store::{Family, FontError},
    },
    kit::Kit,
    layout::{
        EM,
        adjust::adjust,
        class::Composition,
        item::{Break, paragraph},
        lines::{Breaker, Measure, break_lines},
        page::{Element, Node, NodeKind, Pages, Slab, TextLine, paginate},
        style::{Align, Ink, ParagraphStyle},
    },
    report::{Diagnostic, Report, Severity},
    rule::{Check, Doc, Rule, Stage},
    source::{SourceId, Span},
    template::PageStyle,
    text::{MarkKind, Text},
};

/// What layout reports.
pub const RULES: &[Rule] = &[
    Rule {
        name: "missing-glyph",
        stage: Stage::Font,
        summary: "no face has a character",
        doc: Doc {
            finds: "A character that neither the bundled faces nor the ones given with `--font` have.",
            why: "It would be an empty box in print. Where it stands, 〓 is set; copied text still has the character, unless it is a private one.",
            examples: &[],
            unsure: "Never. `--strict` makes it a failure; `--font FILE` gives a face that has it.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "font-not-embedded",
        stage: Stage::Font,
        summary: "a font cannot be embedded in EPUB and DOCX",
        doc: Doc {
            finds: "A font given with `--font` that is no TrueType font or whose licence bits forbid embedding.",
            why: "Word processors and e-readers ignore such a font, and readers would see another one.",
            examples: &[],
            unsure: "Never. The bundled faces can all be embedded.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "overfull-line",
        stage: Stage::Layout,
        summary: "a line is wider than its measure",
        doc: Doc {
            finds: "A line that could not be broken anywhere, such as a long code or address in a narrow column.",
            why: "It sticks out into the margin.",
            examples: &[],
            unsure: "Never.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "short-line",
        stage: Stage::Layout,
        summary: "a line was left short rather than torn apart",
        doc: Doc {
            finds: "A justified line whose gaps would have to open by more than half an em.",
            why: "A line that is torn apart reads worse than a short one (checklist 19).",
            examples: &[],
            unsure: "It is a note, not a fault.",
        },
        check: Check::Reported,
    },
];

/// How layout may be varied; the default is what readers get.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// How lines are broken.
    pub breaker: Breaker,
    /// Composition other than the region's own, for comparison and negative controls.
    pub composition: Option<Composition>,
}

/// Sets a document in pages.
///
/// # Errors
/// When a face cannot be opened. What the faces lack and what could not be set well is reported.
pub fn lay_out(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    options: Options,
    report: &mut Report,
) -> Result<Pages, FontError> {
    let page = &kit.template.page;
    let shapers = Shapers::new(&kit.fonts);
    let mut setter = Setter {
        shapers: &shapers,
        composition: options.composition.unwrap_or_else(|| Composition::of(edition.region)),
        edition,
        page,
        document,
        breaker: options.breaker,
        report,
        left: (page.width - f32::from(page.measure) * page.size) / 2.0,
        slabs: Vec::new(),
        missing: BTreeMap::new(),
        rank: u8::from(document.meta.title.is_some()),
        pages: Pages {
            width: page.width,
            height: page.height,
            nodes: vec![Node { kind: NodeKind::Document, parent: 0 }],
            ..Pages::default()
        },
    };
    setter.title()?;
    let indent = Frame { left: 0.0, right: 0.0, node: 0 };
    setter.blocks(&document.blocks, indent, Face::Body)?;
    setter.notes()?;
    let slabs = std::mem::take(&mut setter.slabs);
    paginate(slabs, page.top, setter.pitch() * f32::from(page.lines), &mut setter.pages);
    setter.heads()?;
    for (c, (span, count)) in std::mem::take(&mut setter.missing) {
        setter.report.push(missing(c, span, count));
    }
    Ok(setter.pages)
}

/// Where a block stands between the edges of the measure, in body em, and its structure node.
#[derive(Clone, Copy)]
struct Frame {
    left: f32,
    right: f32,
    node: usize,
}

/// What the paragraphs of a block are set in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Body,
    Quote,
    Small,
}

struct Setter<'a> {
    shapers: &'a Shapers<'a>,
    composition: Composition,
    edition: &'a Edition,
    page: &'a PageStyle,
    document: &'a Document,
    breaker: Breaker,
    report: &'a mut Report,
    left: f32,
    slabs: Vec<Slab>,
    pages: Pages,
    missing: BTreeMap<char, (Span, usize)>,
    /// Structure level of the heading before.
    rank: u8,
}

/// Lines of a paragraph with their height, still without a place on the page.
struct Set {
    lines: Vec<TextLine>,
}

impl Setter<'_> {
    fn pitch(&self) -> f32 {
        self.page.size * self.page.pitch
    }

    fn width(&self, frame: Frame) -> f32 {
        (f32::from(self.page.measure) - frame.left - frame.right) * self.page.size
    }

    /// Breaks and adjusts a text in a style; x of the lines is from the page's left edge.
    fn set(
        &mut self,
        text: &Text,
        style: &ParagraphStyle,
        frame: Frame,
        node: Option<usize>,
    ) -> Result<Set, FontError> {
        let width = self.width(frame);
        // The measure in the paragraph's own em, rounded down to the unit.
        let mut measure = (f64::from(width) / f64::from(style.size) * f64::from(EM) + 1e-6) as i32;
        let full = measure;
        let built = paragraph(self.shapers, &self.composition, style, measure, text)?;
        for &(at, c) in &built.missing {
            let first = self.missing.entry(c).or_insert_with(|| (text.span(at..at + c.len_utf8()), 0));
            first.1 += 1;
        }
        let lines_at = |measure: i32| {
            let measures = Measure { first: measure - style.first_indent, rest: measure };
            break_lines(&self.composition, &built, measures, self.breaker)
        };
        let mut ends = lines_at(measure);
        if style.align == Align::Center && ends.len() > 1 {
            // Balanced: the shortest measure that needs no more lines.
            let (mut low, mut high) = (measure / 3, measure);
            while low + 64 < high {
                let middle = (low + high) / 2;
                if lines_at(middle).len() > ends.len() { low = middle } else { high = middle }
            }
            measure = high;
            ends = lines_at(measure);
        }
        let index = self.pages.paragraphs.len();
        let unit = style.size / EM as f32;
        let mut lines = Vec::with_capacity(ends.len());
        let mut start = 0;
        for (k, &end) in ends.iter().enumerate() {
            let indent = if k == 0 { style.first_indent } else { 0 };
            let boundary = built.boundaries[end - 1].breaks;
            let justify = style.align == Align::Justify && boundary != Break::Forced;
            let line = adjust(
                &self.composition,
                &built,
                start,
                end,
                measure - indent,
                justify,
                boundary == Break::Hyphen,
            );
            let over = line.width - (measure - indent);
            let clusters = &built.clusters[start..end];
            let range = clusters[0].range.start as usize..clusters[clusters.len() - 1].range.end as usize;
            if over > 0 {
                self.report.push(Diagnostic::new(
                    "overfull-line",
                    Severity::Warning,
                    text.span(range.clone()),
                    format!("a line is {:.2} em wider than its measure", f64::from(over) / f64::from(EM)),
                ));
            } else if justify && over < 0 {
                self.report.push(Diagnostic::new(
                    "short-line",
                    Severity::Note,
                    text.span(range.clone()),
                    format!(
                        "a line is left {:.2} em short rather than torn apart",
                        f64::from(-over) / f64::from(EM)
                    ),
                ));
            }
            let shift = match style.align {
                Align::Justify | Align::Start => indent,
                Align::Center => (full - line.width) / 2,
                Align::End => full - line.width,
            };
            lines.push(TextLine {
                x: self.left + frame.left * self.page.size + shift as f32 * unit,
                y: 0.0,
                size: style.size,
                paragraph: index,
                line,
                node,
            });
            start = end;
        }
        self.pages.add(built);
        Ok(Set { lines })
    }

    /// Baseline of a line whose cell is centred in a height: the em box reaches 0.88 em above it.
    fn baseline(height: f32, size: f32) -> f32 {
        height / 2.0 + 0.38 * size
    }

    /// Pushes lines one slab each, on the grid of a pitch; no single line at a page edge (checklist 49).
    fn stack(&mut self, set: Set, pitch: f32, rules: Vec<Vec<Element>>) {
        let n = set.lines.len();
        let mut rules = rules.into_iter();
        for (i, mut line) in set.lines.into_iter().enumerate() {
            line.y = Self::baseline(pitch, line.size);
            let mut elements = vec![Element::Text(line)];
            elements.extend(rules.next().unwrap_or_default());
            let keep = n > 1 && (i == 0 || i + 2 == n);
            self.slabs.push(Slab { height: pitch, elements, keep, ..Slab::default() });
        }
    }

    /// One slab of whole pitches with lines centred in it, `above` of the free space over them.
    fn block_of_lines(&mut self, sets: Vec<(Set, f32)>, pitches: f32, above: f32) -> Slab {
        let text: f32 = sets.iter().map(|(set, pitch)| set.lines.len() as f32 * pitch).sum();
        let height = (text / self.pitch()).ceil().max(1.0) * self.pitch() + pitches * self.pitch();
        let mut y = (height - text) * above;
        let mut slab = Slab { height, ..Slab::default() };
        for (set, pitch) in sets {
            for mut line in set.lines {
                line.y = y + Self::baseline(pitch, line.size);
                slab.elements.push(Element::Text(line));
                y += pitch;
            }
        }
        slab
    }

    fn title(&mut self) -> Result<(), FontError> {
        let document = self.document;
        let meta = &document.meta;
        let size = self.page.size;
        let frame = Frame { left: 0.0, right: 0.0, node: 0 };
        let mut sets = Vec::new();
        if let Some(title) = &meta.title {
            let words = one_line(title.as_str());
            let node = self.pages.node(NodeKind::Heading(1, words), 0);
            let style =
                ParagraphStyle::new(Family::Serif, size * 1.85).bold().align(Align::Center).ink(Ink::Accent);
            let set = self.set(title, &style, frame, Some(node))?;
            sets.push((set, size * 1.85 * 1.5));
        }
        if let Some(subtitle) = &meta.subtitle {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(Family::Sans, size * 1.2).align(Align::Center).ink(Ink::Faint);
            let set = self.set(subtitle, &style, frame, Some(node))?;
            sets.push((set, size * 1.2 * 1.7));
        }
        let mut by = Text::new();
        for (i, author) in meta.authors.iter().enumerate() {
            if i > 0 {
                by.push("\u{3000}", author.span(0..0), false);
            }
            by.push_text(author);
        }
        if !by.is_empty() {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let style = ParagraphStyle::new(Family::Kai, size * 1.1).align(Align::Center);
            let set = self.set(&by, &style, frame, Some(node))?;
            sets.push((set, size * 1.1 * 1.9));
        }
        if let Some(date) = &meta.date {
            let node = self.pages.node(NodeKind::Paragraph, 0);
            let text = Text::made(date_in_words(date), Span::new(SourceId(0), 0..0));
            let style = ParagraphStyle::new(Family::Serif, size * 0.85).align(Align::Center).ink(Ink::Faint);
            let set = self.set(&text, &style, frame, Some(node))?;
            sets.push((set, size * 0.85 * 1.8));
        }
        if sets.is_empty() {
            return Ok(());
        }
        let mut slab = self.block_of_lines(sets, 1.6, 0.35);
        slab.height = (slab.height / self.pitch()).ceil() * self.pitch();
        slab.keep = true;
        slab.entry = meta.title.as_ref().map(|t| (1, one_line(t.as_str())));
        self.slabs.push(slab);
        Ok(())
    }

    fn blocks(&mut self, blocks: &[Block], frame: Frame, face: Face) -> Result<(), FontError> {
        let mut continued = false;
        for block in blocks {
            self.block(block, frame, face, continued)?;
            continued = matches!(
                block,
                Block::List { .. } | Block::Table { .. } | Block::Figure { .. } | Block::Code { .. }
            );
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, frame: Frame, face: Face, continued: bool) -> Result<(), FontError> {
        let (size, pitch) = (self.page.size, self.pitch());
        match block {
            Block::Heading { level, text } => self.heading(*level, text, frame),
            Block::Paragraph { text, role: Role::AuthorNote } => self.author_note(text, frame),
            Block::Paragraph { text, role } => {
                let node = self.pages.node(NodeKind::Paragraph, frame.node);
                let indent = if *role == Role::Continued || continued { 0 } else { self.page.indent as i32 };
                let (family, size, pitch) = match face {
                    Face::Body => (Family::Serif, size, pitch),
                    Face::Quote => (Family::Kai, size, pitch),
                    Face::Small => (Family::Serif, size * 0.875, pitch * 0.875),
                };
                let indent = if face == Face::Small { 0 } else { indent };
                let style = ParagraphStyle::new(family, size).indent(indent);
                let set = self.set(text, &style, frame, Some(node))?;
                self.stack(set, pitch, Vec::new());
                for mark in text.marks() {
                    if let MarkKind::Image { path, alt } = &mark.kind {
                        self.figure(path, alt, None, frame)?;
                    }
                }
                Ok(())
            }
            Block::Quote(blocks) => {
                let node = self.pages.node(NodeKind::Quote, frame.node);
                let inner = Frame { left: self.inset(frame, 2.0), right: (frame.right + 2.0).min(8.0), node };
                self.space(0.5);
                self.blocks(blocks, inner, if face == Face::Small { face } else { Face::Quote })?;
                self.space(0.5);
                Ok(())
            }
            Block::Verse(stanzas) => {
                for stanza in stanzas {
                    let node = self.pages.node(NodeKind::Paragraph, frame.node);
                    let style = ParagraphStyle::new(Family::Serif, size).align(Align::Start);
                    let set = self.set(stanza, &style, frame, Some(node))?;
                    self.stack(set, pitch, Vec::new());
                }
                Ok(())
            }
            Block::List { start, items, .. } => self.list(*start, items, frame, face),
            Block::Code { text, .. } => self.code(text, frame),
            Block::Table { align, head, rows, .. } => self.table(align, head, rows, frame),
            Block::Figure { path, alt, caption, .. } => self.figure(path, alt, caption.as_ref(), frame),
            Block::Break => {
                let node = self.pages.node(NodeKind::Paragraph, frame.node);
                let style = ParagraphStyle::new(Family::Serif, size).align(Align::Center).ink(Ink::Faint);
                let text = Text::made("＊\u{3000}＊\u{3000}＊", Span::new(SourceId(0), 0..0));
                let set = self.set(&text, &style, frame, Some(node))?;
                self.stack(set, pitch, Vec::new());
                Ok(())
            }
        }
    }

    /// A heading takes whole lines and stays with at least two lines of what follows (checklist 51).
    fn heading(&mut self, level: u8, text: &Text, frame: Frame) -> Result<(), FontError> {
        let has_title = self.document.meta.title.is_some();
        let words = one_line(text.as_str());
        // Structure may not skip a level (PDF/UA-1): ### right under # counts as ##.
        let rank = if has_title { level.saturating_add(1).min(6) } else { level }.min(self.rank + 1);
        self.rank = rank;
        let node = self.pages.node(NodeKind::Heading(rank, words.clone()), frame.node);
        let (scale, blank, align) = match level {
            1 => (1.3, 1.6, Align::Center),
            2 => (1.15, 1.2, Align::Start),
            _ => (1.0, 0.6, Align::Start),
        };
        let size = self.page.size * scale;
        let style = ParagraphStyle::new(Family::Sans, size).bold().align(align).ink(Ink::Accent);
        let set = self.set(text, &style, frame, Some(node))?;
        let mut slab = self.block_of_lines(vec![(set, size * 1.5)], blank, 0.58);
        slab.height = (slab.height / self.pitch() - 0.01).ceil() * self.pitch();
        slab.keep = true;
        slab.trim = if level == 1 { self.pitch() } else { 0.0 };
        slab.entry = Some((rank, words));
        self.slabs.push(slab);
        Ok(())
    }

    fn author_note(&mut self, text: &Text, frame: Frame) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Paragraph, frame.node);
        let size = self.page.size * 0.875;
        let style = ParagraphStyle::new(Family::Kai, size);
        self.slabs.push(Slab { height: self.pitch(), blank: true, ..Slab::default() });
        let set = self.set(text, &style, frame, Some(node))?;
        let pitch = self.pitch() * 0.9;
        let first = self.slabs.len();
        self.stack(set, pitch, Vec::new());
        if let Some(slab) = self.slabs.get_mut(first) {
            let (x, width) = (self.left + frame.left * self.page.size, self.page.size * 8.0);
            slab.elements
                .insert(0, Element::Rule { x, y: -pitch * 0.3, width, height: 0.6, ink: Ink::Faint });
        }
        let last = self.slabs.len();
        for slab in &mut self.slabs[first..last.saturating_sub(1)] {
            slab.keep = true;
        }
        Ok(())
    }

    fn list(
        &mut self,
        start: Option<u64>,
        items: &[crate::document::Item],
        frame: Frame,
        face: Face,
    ) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::List(start.is_some()), frame.node);
        for (i, item) in items.iter().enumerate() {
            let entry = self.pages.node(NodeKind::Item, node);
            let label = match (start, item.task) {
                (_, Some(true)) => "☑".to_owned(),
                (_, Some(false)) => "☐".to_owned(),
                (Some(n), None) => format!("{}.", n + i as u64),
                (None, None) => "•".to_owned(),
            };
            let mark = self.pages.node(NodeKind::Label, entry);
            let style = ParagraphStyle::new(Family::Serif, self.page.size).align(Align::Start);
            let text = Text::made(label, Span::new(SourceId(0), 0..0));
            let hang = Frame { left: frame.left + 0.5, right: frame.right, node: entry };
            let label = self.set(&text, &style, hang, Some(mark))?;
            let body = self.pages.node(NodeKind::Body, entry);
            let inner = Frame { left: self.inset(frame, 2.0), right: frame.right, node: body };
            let first = self.slabs.len();
            let pitch = self.pitch();
            for (k, block) in item.blocks.iter().enumerate() {
                self.block(block, inner, face, k == 0 || matches!(block, Block::Paragraph { .. }))?;
            }
            if first == self.slabs.len() {
                self.slabs.push(Slab { height: pitch, ..Slab::default() });
            }
            for mut line in label.lines {
                line.y = Self::baseline(pitch, line.size);
                self.slabs[first].elements.insert(0, Element::Text(line));
            }
        }
        Ok(())
    }

    fn code(&mut self, text: &Text, frame: Frame) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Code, frame.node);
        let size = self.page.size * 0.85;
        let style = ParagraphStyle::new(Family::Mono, size).align(Align::Start);
        let inner = Frame { left: frame.left + 1.0, right: frame.right + 1.0, node };
        let set = self.set(text, &style, inner, Some(node))?;
        self.space(0.5);
        self.stack(set, self.pitch() * 0.8, Vec::new());
        self.space(0.5);
        Ok(())
    }

    fn table(
        &mut self,
        align: &[ColumnAlign],
        head: &[Text],
        rows: &[Vec<Text>],
        frame: Frame,
    ) -> Result<(), FontError> {
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        if columns == 0 {
            return Ok(());
        }
        let node = self.pages.node(NodeKind::Table, frame.node);
        let size = self.page.size * 0.9;
        // Column widths follow the longest cell, each at least three characters.
        let longest = |k: usize| {
            rows.iter()
                .chain([&head.to_vec()])
                .filter_map(|row| row.get(k))
                .map(|t| t.as_str().chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum::<f32>())
                .fold(3.0, f32::max)
                + 1.0
        };
        let natural: Vec<f32> = (0..columns).map(longest).collect();
        let total = f32::from(self.page.measure) - frame.left - frame.right;
        let natural: Vec<f32> = natural.iter().map(|w| w * 0.9).collect();
        let widths = share(&natural, total);
        let width: f32 = widths.iter().sum();
        let left = frame.left + (total - width) / 2.0;
        let line = |y: f32, height: f32, setter: &Self| Element::Rule {
            x: setter.left + left * setter.page.size,
            y,
            width: width * setter.page.size,
            height,
            ink: Ink::Text,
        };
        self.space(0.5);
        let header = (!head.is_empty()).then_some(head);
        let all: Vec<(&[Text], bool)> =
            header.into_iter().map(|h| (h, true)).chain(rows.iter().map(|r| (r.as_slice(), false))).collect();
        let count = all.len();
        for (i, (row, header)) in all.into_iter().enumerate() {
            let row_node = self.pages.node(NodeKind::Row, node);
            let mut slab = Slab { keep: header, ..Slab::default() };
            let (pad, pitch) = (3.0, size * 1.5);
            let mut x = left;
            for (k, cell) in row.iter().enumerate() {
                let kind = if header { NodeKind::HeaderCell } else { NodeKind::Cell };
                let cell_node = self.pages.node(kind, row_node);
                let side = match align.get(k).copied().unwrap_or_default() {
                    ColumnAlign::Auto | ColumnAlign::Start => Align::Start,
                    ColumnAlign::Center => Align::Center,
                    ColumnAlign::End => Align::End,
                };
                let mut style =
                    ParagraphStyle::new(if header { Family::Sans } else { Family::Serif }, size).align(side);
                style.style.bold = header;
                let inner = Frame {
                    left: x + 0.3,
                    right: f32::from(self.page.measure) - x - widths[k] + 0.3,
                    node: cell_node,
                };
                let set = self.set(cell, &style, inner, Some(cell_node))?;
                for (n, mut text) in set.lines.into_iter().enumerate() {
                    text.y = pad + n as f32 * pitch + Self::baseline(pitch, size);
                    slab.height = slab.height.max(pad * 2.0 + (n + 1) as f32 * pitch);
                    slab.elements.push(Element::Text(text));
                }
                x += widths[k];
            }
            slab.height = slab.height.max(pad * 2.0 + pitch);
            if i == 0 {
                slab.elements.push(line(0.0, 1.0, self));
            }
            if header {
                slab.elements.push(line(slab.height - 0.5, 0.5, self));
            }
            if i + 1 == count {
                slab.elements.push(line(slab.height - 1.0, 1.0, self));
            }
            self.slabs.push(slab);
        }
        self.space(0.5);
        Ok(())
    }

    fn figure(
        &mut self,
        path: &str,
        alt: &str,
        caption: Option<&Text>,
        frame: Frame,
    ) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Figure(alt.to_owned()), frame.node);
        let found = self.document.images.iter().position(|i| i.path == path);
        if let Some(index) = found {
            let image = &self.document.images[index];
            let most = self.width(frame);
            let tall = self.pitch() * f32::from(self.page.lines) * 0.6;
            // At 150 dots an inch, but never wider than the measure.
            let natural = image.width as f32 * 72.0 / 150.0;
            let scale = (most / natural).min(1.0).min(tall / (image.height as f32 * 72.0 / 150.0));
            let (width, height) = (natural * scale, image.height as f32 * 72.0 / 150.0 * scale);
            let x = self.left + frame.left * self.page.size + (most - width) / 2.0;
            let gap = self.pitch() * 0.5;
            self.slabs.push(Slab {
                height: height + 2.0 * gap,
                elements: vec![Element::Image { image: index, x, y: gap, width, height, node }],
                keep: caption.is_some(),
                ..Slab::default()
            });
        }
        if let Some(caption) = caption {
            let under = self.pages.node(NodeKind::Caption, node);
            let style = ParagraphStyle::new(Family::Sans, self.page.size * 0.85).align(Align::Center);
            let set = self.set(caption, &style, frame, Some(under))?;
            self.stack(set, self.pitch() * 0.85, Vec::new());
            self.space(0.5);
        }
        Ok(())
    }

    /// Notes stand together at the end, under a heading.
    fn notes(&mut self) -> Result<(), FontError> {
        if self.document.notes.is_empty() {
            return Ok(());
        }
        let words = if self.edition.script == Script::Simplified { "注释" } else { "註釋" };
        let heading = Text::made(words, Span::new(SourceId(0), 0..0));
        self.heading(2, &heading, Frame { left: 0.0, right: 0.0, node: 0 })?;
        let document = self.document;
        for (i, blocks) in document.notes.iter().enumerate() {
            let node = self.pages.node(NodeKind::Note, 0);
            let label_node = self.pages.node(NodeKind::Paragraph, node);
            let style = ParagraphStyle::new(Family::Serif, self.page.size * 0.875).align(Align::Start);
            let label = Text::made(format!("[{}]", i + 1), Span::new(SourceId(0), 0..0));
            let label = self.set(&label, &style, Frame { left: 0.0, right: 0.0, node }, Some(label_node))?;
            let first = self.slabs.len();
            self.blocks(blocks, Frame { left: 2.0, right: 0.0, node }, Face::Small)?;
            if first == self.slabs.len() {
                self.slabs.push(Slab { height: self.pitch(), ..Slab::default() });
            }
            for mut line in label.lines {
                line.y = Self::baseline(self.pitch() * 0.875, line.size);
                self.slabs[first].elements.insert(0, Element::Text(line));
            }
        }
        Ok(())
    }

    /// Running heads on all pages but the first, and folios (checklist 54).
    fn heads(&mut self) -> Result<(), FontError> {
        let frame = Frame { left: 0.0, right: 0.0, node: 0 };
        let style = ParagraphStyle::new(Family::Serif, self.page.size * 0.75).ink(Ink::Faint);
        let title = self.document.meta.title.as_ref().map(|t| one_line(t.as_str()));
        let bottom = self.page.top + self.pitch() * f32::from(self.page.lines);
        for i in 0..self.pages.pages.len() {
            let folio = Text::made((i + 1).to_string(), Span::new(SourceId(0), 0..0));
            let set = self.set(&folio, &style.align(Align::Center), frame, None)?;
            for mut line in set.lines {
                line.y = bottom + self.page.size * 2.6;
                self.pages.pages[i].elements.push(Element::Text(line));
            }
            if let (true, true, Some(title)) = (i > 0, self.page.head != crate::template::Head::None, &title)
            {
                let head = Text::made(title.clone(), Span::new(SourceId(0), 0..0));
                let set = self.set(&head, &style.align(Align::End), frame, None)?;
                for mut line in set.lines.into_iter().take(1) {
                    line.y = self.page.top - self.page.size * 2.0;
                    self.pages.pages[i].elements.push(Element::Text(line));
                }
                let (x, width) = (self.left, self.width(frame));
                let y = self.page.top - self.page.size * 1.5;
                self.pages.pages[i].elements.push(Element::Rule {
                    x,
                    y,
                    width,
                    height: 0.4,
                    ink: Ink::Faint,
                });
            }
        }
        Ok(())
    }

    /// A left indent deeper by some em, but never past the middle of the measure.
    fn inset(&self, frame: Frame, by: f32) -> f32 {
        (frame.left + by).min(f32::from(self.page.measure) * 0.5)
    }

    fn space(&mut self, pitches: f32) {
        self.slabs.push(Slab { height: pitches * self.pitch(), blank: true, ..Slab::default() });
    }
}

/// Shares a width among columns: narrow ones get what they want, wide ones what is left, equally.
fn share(natural: &[f32], total: f32) -> Vec<f32> {
    let mut order: Vec<usize> = (0..natural.len()).collect();
    order.sort_by(|&a, &b| natural[a].total_cmp(&natural[b]));
    let mut widths = vec![0.0; natural.len()];
    let mut left = total;
    for (done, &i) in order.iter().enumerate() {
        widths[i] = natural[i].min(left / (natural.len() - done) as f32);
        left -= widths[i];
    }
    widths
}

/// A heading's words on one line: hard breaks become an ideographic space.
pub(crate) fn one_line(text: &str) -> String {
    text.replace('\n', "\u{3000}")
}

/// An ISO date as Chinese readers write it: `2025-09-01` → `2025年9月1日`.
pub fn date_in_words(date: &str) -> String {
    let mut parts = date.split('-');
    let number = |s: Option<&str>| s.and_then(|s| s.parse::<u32>().ok());
    match (number(parts.next()), number(parts.next()), number(parts.next())) {
        (Some(y), Some(m), Some(d)) => format!("{y}年{m}月{d}日"),
        (Some(y), Some(m), None) => format!("{y}年{m}月"),
        (Some(y), None, None) => format!("{y}年"),
        _ => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_words() {
        for (iso, words) in
            [("2025-09-01", "2025年9月1日"), ("2025-09", "2025年9月"), ("2025", "2025年"), ("soon", "soon")]
        {
            assert_eq!(date_in_words(iso), words);
        }
    }
}
