//! Blocks of a document in, slabs of lines out: what each kind of block looks like on the page.

mod definitions;
mod front;
mod heads;
mod index;
mod list;
pub(crate) mod notes;
mod places;
mod table;

use std::collections::BTreeMap;

use crate::{
    counter::{Numerals, by_place, in_words},
    document::{Align as ColumnAlign, Block, Document, NotePlace, Role},
    edition::{Edition, Script},
    font::{
        casting::{Substitutes, missing},
        shape::Shapers,
        store::{Family, FontError},
    },
    index::Index,
    kit::Kit,
    layout::{
        EM,
        adjust::{Line, adjust},
        class::{Class, Composition},
        item::{Break, Marking, Paragraph, marked_paragraph},
        lines::{Breaker, Measure, break_lines},
        page::{Area, Element, Fault, Node, NodeKind, Pages, Slab, TextLine, move_by, shifted},
        paginate::{Foot, paginate},
        review,
        side::{marks, readings},
        style::{Align, Ink, ParagraphStyle},
    },
    links,
    report::{Diagnostic, Report, Severity},
    source::{SourceId, Span},
    template::{Direction, HeadingStyle, NoteMark, Opening, PageStyle, Signature},
    text::{MarkKind, Text},
};

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
    places::with_pages(document, edition, report, |document, report| {
        index::with_indexes(document, edition, report, |indexes, report| {
            lay_out_once(kit, edition, document, indexes, options, report)
        })
    })
}

/// Sets a document as it stands, whatever pages its references name.
fn lay_out_once(
    kit: &Kit,
    edition: &Edition,
    document: &Document,
    indexes: &[Index],
    options: Options,
    report: &mut Report,
) -> Result<Pages, FontError> {
    let page = &kit.template.page;
    let shapers = Shapers::new(&kit.fonts);
    let composition = options.composition.unwrap_or_else(|| Composition::on(edition.region, page));
    let numbers = document.note_numbers(document.meta.notes.unwrap_or(page.notes.place));
    let mut setter = Setter {
        shapers: &shapers,
        composition,
        flat: if composition.heeds(38) {
            Composition { direction: Direction::Horizontal, ..composition }
        } else {
            composition
        },
        edition,
        page,
        document,
        breaker: options.breaker,
        marking: Marking {
            mark: page.notes.mark,
            traditional: edition.script == Script::Traditional,
            uniform: false,
            numbers: &numbers,
        },
        by_page: false,
        report,
        slabs: Vec::new(),
        heads: Vec::new(),
        labels: Vec::new(),
        missing: BTreeMap::new(),
        substitutes: Substitutes::default(),
        places: Vec::new(),
        rank: u8::from(document.printed_title().is_some()),
        depth: 0,
        run_in: None,
        pages: Pages {
            width: page.width,
            height: page.height,
            direction: page.direction,
            right_bound: page.direction == Direction::Vertical && page.facing() && composition.heeds(32),
            nodes: vec![Node { kind: NodeKind::Document, parent: 0 }],
            ..Pages::default()
        },
    };
    setter.by_page = setter.notes_by_page();
    if setter.page.notes.mark == NoteMark::Circled && !setter.by_page && document.notes.len() > 50 {
        setter.marking.mark = NoteMark::Bracket;
    }
    setter.marking.uniform = setter.by_page;
    setter.pages.notes = (0..document.notes.len()).map(|index| setter.marking.of(index)).collect();
    let frame = Frame { left: 0.0, right: 0.0, node: 0 };
    setter.title()?;
    let front = if page.title_page { std::mem::take(&mut setter.slabs) } else { Vec::new() };
    if setter.note_place() == NotePlace::Chapter {
        setter.chapters()?;
    } else {
        setter.blocks(&document.blocks, frame, Face::Body)?;
        setter.flush_run_in()?;
    }
    let foot = setter.foot()?;
    if setter.note_place() != NotePlace::Chapter {
        let at_end = (0..document.notes.len()).filter(|&index| !setter.at_foot(index)).collect();
        setter.end_notes(at_end, 2)?;
    }
    setter.indexes(indexes)?;
    setter.colophon()?;
    let edges = composition.heeds(49);
    let mut slabs = std::mem::take(&mut setter.slabs);
    setter.anchor(&mut slabs);
    let split = paginate(slabs, &setter.heads, &foot, page, edges, &mut setter.pages);
    setter.front(front, edges)?;
    setter.settle_places();
    setter.number_notes()?;
    setter.heads()?;
    review::review(&setter.pages, document, &split, setter.report);
    for (c, (span, count)) in std::mem::take(&mut setter.missing) {
        setter.report.push(missing(c, span, count));
    }
    setter.substitutes.tell(&kit.fonts, setter.report);
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
    /// The same for what stands horizontally in vertical books: heads, tables, captions.
    flat: Composition,
    edition: &'a Edition,
    page: &'a PageStyle,
    document: &'a Document,
    breaker: Breaker,
    marking: Marking<'a>,
    /// Whether notes are counted by the page.
    by_page: bool,
    report: &'a mut Report,
    slabs: Vec<Slab>,
    /// Heads of tables, to be repeated.
    heads: Vec<Slab>,
    /// Labels of notes: paragraph and note.
    labels: Vec<(usize, usize)>,
    pages: Pages,
    /// Places that links lead to: where they begin, and their names.
    places: Vec<(Begin, String)>,
    missing: BTreeMap<char, (Span, usize)>,
    substitutes: Substitutes,
    /// Structure level of the heading before.
    rank: u8,
    /// How many lists are open.
    depth: usize,
    /// A run-in heading that waits for its paragraph: level, words.
    run_in: Option<(u8, Text)>,
}

/// Where a place begins that links lead to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Begin {
    /// In a paragraph, at a byte of its text.
    Text(usize, usize),
    /// At what hangs under a node of the structure: a picture.
    Node(usize),
}

/// Lines of a paragraph, still without a place on the page.
struct Set {
    lines: Vec<TextLine>,
    /// Whether something stands between the lines: readings, dots, side lines (checklist 39).
    beside: bool,
}

impl<'a> Setter<'a> {
    fn pitch(&self) -> f32 {
        self.page.size * self.page.pitch
    }

    fn width(&self, frame: Frame) -> f32 {
        (f32::from(self.page.measure) - frame.left - frame.right).max(1.0) * self.page.size
    }

    fn traditional(&self) -> bool {
        self.edition.script == Script::Traditional
    }

    /// Text of our own.
    fn made(words: impl Into<String>) -> Text {
        Text::made(words, Span::new(SourceId(0), 0..0))
    }

    /// Breaks and adjusts a text in a style within a frame of the measure.
    fn set(
        &mut self,
        text: &Text,
        style: &ParagraphStyle,
        frame: Frame,
        node: Option<usize>,
    ) -> Result<Set, FontError> {
        let composition = self.composition;
        let mut set = self.compose(&composition, text, style, self.width(frame), node)?;
        for line in &mut set.lines {
            line.x += frame.left * self.page.size;
        }
        Ok(set)
    }

    /// Breaks and adjusts a text in a style to a width, pt; x of the lines counts from its start.
    fn compose(
        &mut self,
        composition: &Composition,
        text: &Text,
        style: &ParagraphStyle,
        width: f32,
        node: Option<usize>,
    ) -> Result<Set, FontError> {
        // The measure in the paragraph's own em, rounded down to the unit.
        let mut measure = (f64::from(width) / f64::from(style.size) * f64::from(EM) + 1e-3) as i32;
        let full = measure;
        let first_indent = style.first_indent.min((measure - 2 * EM).max(0));
        let mut built = marked_paragraph(self.shapers, composition, style, measure, text, self.marking)?;
        for &(at, c) in &built.missing {
            let first = self.missing.entry(c).or_insert_with(|| (text.span(at..at + c.len_utf8()), 0));
            first.1 += 1;
        }
        for &(at, c, own, other) in &built.substitutes {
            self.substitutes.add(c, own, other, || text.span(at..at + c.len_utf8()));
        }
        let phrase = style.phrase && composition.heeds(51);
        if phrase {
            keep_phrases(&mut built);
        }
        let lines_at = |measure: i32| {
            let measures = Measure { first: measure - first_indent, rest: measure };
            break_lines(composition, &built, measures, self.breaker)
        };
        let mut ends = lines_at(measure);
        let phrased = phrase.then(|| at_marks(composition, &built, measure, &ends)).flatten();
        if let Some(phrased) = phrased {
            ends = phrased;
        } else if style.align == Align::Center && ends.len() > 1 && composition.heeds(51) {
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
        for (mark, name) in links::anchors(text) {
            self.places.push((Begin::Text(index, mark.range.start), name.to_owned()));
        }
        self.note_indexed(text, index);
        let apart = self.note_place() != NotePlace::Foot;
        for mark in text.marks().iter().filter(|_| apart) {
            if let MarkKind::Note(note) = mark.kind {
                self.places.push((Begin::Text(index, mark.range.start), notes::mark_place(note)));
            }
        }
        let unit = style.size / EM as f32;
        let decorated = !built.readings.is_empty() || built.looks.iter().any(|l| l.side.is_some() || l.dots);
        let mut lines = Vec::with_capacity(ends.len());
        let mut start = 0;
        let mut hyphens = 0;
        for (k, &end) in ends.iter().enumerate() {
            let indent = if k == 0 { first_indent } else { 0 };
            let boundary = built.boundaries[end - 1].breaks;
            // Without checklist 20 just the last lines are spread.
            let spread = (boundary != Break::Forced) == composition.heeds(20);
            let justify = style.align == Align::Justify && spread;
            let hyphen = boundary == Break::Hyphen;
            let line = adjust(composition, &built, start, end, measure - indent, justify, hyphen);
            hyphens = if hyphen { hyphens + 1 } else { 0 };
            let faults = faults(&built, &line, measure - indent, justify, k, hyphens, text);
            let shift = match style.align {
                Align::Justify | Align::Start => indent,
                Align::Center => (full - line.width) / 2,
                Align::End => full - line.width,
            };
            let (readings, marks) = if decorated {
                (readings(composition, &built, &line), marks(composition, &built, &line))
            } else {
                (Vec::new(), Vec::new())
            };
            lines.push(TextLine {
                x: shift as f32 * unit,
                y: 0.0,
                vertical: composition.vertical(),
                size: style.size,
                paragraph: index,
                line,
                node,
                readings,
                marks,
                faults,
                goto: None,
            });
            start = end;
        }
        // What breaking needed is not needed any more.
        built.settle();
        self.pages.add(built);
        Ok(Set { lines, beside: decorated })
    }

    /// Where a line of a size stands in a height: its baseline, or the axis of a vertical line.
    fn middle(vertical: bool, height: f32, size: f32) -> f32 {
        if vertical { height / 2.0 } else { height / 2.0 + 0.38 * size }
    }

    /// Pushes lines one slab each, on the grid of a pitch; no single line at a page edge (checklist 49).
    fn stack(&mut self, set: Set, pitch: f32) {
        let pitch = self.roomy(&set, pitch);
        let n = set.lines.len();
        for (i, mut line) in set.lines.into_iter().enumerate() {
            line.y = Self::middle(line.vertical, pitch, line.size);
            let keep = n > 1 && (i == 0 || i + 2 == n);
            self.slabs.push(Slab {
                height: pitch,
                elements: vec![Element::Text(Box::new(line))],
                keep,
                soft: true,
                ..Slab::default()
            });
        }
    }

    /// The pitch for lines that may have something between them: a gap of less than 5/8 em is widened
    /// to whole grid units (checklist 39).
    fn roomy(&mut self, set: &Set, pitch: f32) -> f32 {
        let Some(line) = set.lines.first().filter(|_| set.beside && self.composition.heeds(39)) else {
            return pitch;
        };
        if pitch - line.size >= line.size * 0.62 {
            return pitch;
        }
        let span = line.faults.first().map_or(Span::new(SourceId(0), 0..0), |f| f.span);
        self.report.push(Diagnostic::new(
            "narrow-line-gap",
            Severity::Note,
            span,
            "the gap between the lines is too narrow for readings or marks: this paragraph takes two lines a line",
        ));
        pitch * 2.0
    }

    /// One slab of whole pitches with lines centred in it, `above` of the free space over them.
    fn block_of_lines(&mut self, sets: Vec<(Set, f32)>, pitches: f32, above: f32) -> Slab {
        let text: f32 = sets.iter().map(|(set, pitch)| set.lines.len() as f32 * pitch).sum();
        let height = ((text / self.pitch() - 0.01).ceil().max(1.0) + pitches) * self.pitch();
        let mut y = (height - text) * above;
        let mut slab = Slab { height, ..Slab::default() };
        for (set, pitch) in sets {
            for mut line in set.lines {
                line.y = y + Self::middle(line.vertical, pitch, line.size);
                slab.elements.push(Element::Text(Box::new(line)));
                y += pitch;
            }
        }
        slab
    }

    fn blocks(&mut self, blocks: &[Block], frame: Frame, face: Face) -> Result<(), FontError> {
        let mut continued = false;
        // How the sentence before stands.
        let mut open = Sentence::Bare;
        let mut signed = 0;
        for (k, block) in blocks.iter().enumerate() {
            if self.page.signature == Signature::Official && k >= signed {
                let texts: Vec<&Text> = blocks[k..].iter().map_while(signature_of).collect();
                signed = k + texts.len();
                self.sign(&texts, frame)?;
            }
            if k < signed {
                continue;
            }
            self.block(block, frame, face, continued)?;
            if let Some(last) = last_text(block) {
                open = sentence(last.as_str());
            }
            continued = match block {
                Block::Code { .. } | Block::List { .. } | Block::Definitions(_) => open != Sentence::Ended,
                Block::Table { .. } | Block::Figure { .. } | Block::Verse(_) => open == Sentence::Open,
                _ => false,
            };
        }
        Ok(())
    }

    /// A signature and its date after GB/T 9704, 7.3.5.2: a blank line, the name two em in from the end, the date two
    /// em behind the beginning of the name; if the date is longer, it stands two em in and the name before it.
    fn sign(&mut self, texts: &[&Text], frame: Frame) -> Result<(), FontError> {
        if texts.is_empty() {
            return Ok(());
        }
        self.flush_run_in()?;
        let size = self.page.size;
        let style = ParagraphStyle::new(self.page.body, size).align(Align::Start);
        let mut lines = Vec::new();
        for text in texts {
            let node = self.pages.node(NodeKind::Paragraph, frame.node);
            lines.extend(self.set(text, &style, frame, Some(node))?.lines);
        }
        let wide = |line: &TextLine| line.line.width as f32 * size / EM as f32;
        let count = lines.len();
        let name = lines[..count - 1].iter().map(wide).fold(0.0, f32::max);
        let date = wide(&lines[count - 1]);
        let end = (f32::from(self.page.measure) - frame.right - 2.0) * size;
        let (names, dates) = match () {
            () if count == 1 => (0.0, end - date),
            () if date > name => (end - date - 2.0 * size, end - date),
            () => (end - name, end - name + 2.0 * size),
        };
        self.space(1.0);
        for (k, mut line) in lines.into_iter().enumerate() {
            line.x = if k + 1 == count { dates } else { names }.max(frame.left * size);
            line.y = Self::middle(line.vertical, self.pitch(), line.size);
            let elements = vec![Element::Text(Box::new(line))];
            self.slabs.push(Slab { height: self.pitch(), elements, keep: k + 1 < count, ..Slab::default() });
        }
        Ok(())
    }

    fn block(&mut self, block: &Block, frame: Frame, face: Face, continued: bool) -> Result<(), FontError> {
        let (size, pitch) = (self.page.size, self.pitch());
        if !matches!(block, Block::Paragraph { .. }) {
            self.flush_run_in()?;
        }
        match block {
            Block::Heading { level, text } => self.heading(*level, text, frame),
            Block::Paragraph { text, role: Role::AuthorNote } => self.author_note(text, frame),
            Block::Paragraph { text, role } => self.paragraph(text, *role, frame, face, continued),
            Block::Quote(blocks) => {
                let node = self.pages.node(NodeKind::Quote, frame.node);
                let inner = Frame { left: self.inset(frame, 2.0), right: (frame.right + 2.0).min(8.0), node };
                self.space(0.5);
                self.blocks(blocks, inner, if face == Face::Small { face } else { Face::Quote })?;
                self.space(0.5);
                Ok(())
            }
            Block::Verse(stanzas) => self.verse(stanzas, frame, face),
            Block::List { start, counter, items, .. } => self.list(*start, *counter, items, frame, face),
            Block::Definitions(all) => self.definitions(all, frame, face),
            Block::Code { text, .. } => self.code(text, frame),
            Block::Table { align, head, rows, merged, caption } => {
                self.table(align, head, rows, merged, caption.as_ref(), frame)
            }
            Block::Figure { path, alt, caption, anchor, span } => {
                if let Some(name) = anchor {
                    self.places.push((Begin::Node(self.pages.nodes.len()), name.clone()));
                }
                self.figure(path, alt, caption.as_ref(), frame, *span)
            }
            Block::Break => {
                let node = self.pages.node(NodeKind::Paragraph, frame.node);
                let style = ParagraphStyle::new(self.page.body, size).align(Align::Center).ink(Ink::Faint);
                let set = self.set(&Self::made("＊\u{3000}＊\u{3000}＊"), &style, frame, Some(node))?;
                self.stack(set, pitch);
                Ok(())
            }
        }
    }

    fn paragraph(
        &mut self,
        text: &Text,
        role: Role,
        frame: Frame,
        face: Face,
        continued: bool,
    ) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Paragraph, frame.node);
        let flush = continued || face == Face::Small || !matches!(role, Role::Body | Role::AuthorNote);
        // In columns under 14 em one em is enough (checklist 47).
        let narrow = self.width(frame) < 14.0 * self.page.size;
        let indent = match () {
            () if flush || self.composition.off.has(47) => 0.0,
            () if narrow => self.page.indent.min(1.0),
            () => self.page.indent,
        };
        let (family, scale) = match face {
            Face::Body => (self.page.body, 1.0),
            Face::Quote => (Family::Kai, 1.0),
            Face::Small => (self.page.body, self.page.notes.scale),
        };
        let size = self.page.size * scale;
        let pitch = if face == Face::Small { self.note_pitch() } else { self.pitch() };
        let mut style = ParagraphStyle::new(family, size);
        style.first_indent = (indent * EM as f32) as i32;
        let mut frame = frame;
        if role == Role::Signature {
            style.align = Align::End;
            frame.right += 2.0;
        }
        let joined;
        let mut entry = None;
        let text = match self.run_in.take() {
            Some((level, heading)) => {
                entry = Some((self.rank_of(level), one_line(heading.as_str())));
                joined = self.run_in_heading(level, &heading, text, &mut style);
                &joined
            }
            None => text,
        };
        let first = self.slabs.len();
        let set = self.set(text, &style, frame, Some(node))?;
        self.stack(set, pitch);
        if let (Some(entry), Some(slab)) = (entry, self.slabs.get_mut(first)) {
            slab.entry = Some((entry.0, entry.1, node));
        }
        for mark in text.marks() {
            if let MarkKind::Image { path, alt } = &mark.kind {
                let span = text.span(mark.range.clone());
                self.figure(path, alt, None, frame, span)?;
            }
        }
        Ok(())
    }

    /// The style of a heading of a level.
    fn heading_style(&self, level: u8) -> HeadingStyle {
        let styles = &self.page.heading;
        let index = usize::from(level.max(1) - 1).min(styles.len().saturating_sub(1));
        styles.get(index).cloned().unwrap_or(HeadingStyle {
            scale: 1.0,
            lines: 2,
            family: Family::Sans,
            bold: true,
            center: false,
            indent: 0.0,
            run_in: false,
        })
    }

    /// A heading takes whole lines and stays with at least two lines of what follows (checklist 51).
    fn heading(&mut self, level: u8, text: &Text, frame: Frame) -> Result<(), FontError> {
        let look = self.heading_style(level);
        if look.run_in {
            self.run_in = Some((level, text.clone()));
            return Ok(());
        }
        let words = one_line(text.as_str());
        let rank = self.rank_of(level);
        let node = self.pages.node(NodeKind::Heading(rank, words.clone()), frame.node);
        let size = self.page.size * look.scale;
        let mut style = ParagraphStyle::new(look.family, size).ink(Ink::Accent);
        style.style.bold = look.bold;
        style.align = if look.center { Align::Center } else { Align::Start };
        style.phrase = true;
        let inner = Frame { left: self.inset(frame, look.indent), ..frame };
        let set = self.set(text, &style, inner, Some(node))?;
        // Two headings in a row share their space.
        let after_heading = self.slabs.last().is_some_and(|s| s.entry.is_some() && s.keep);
        let lines = if after_heading { look.lines.saturating_sub(1) } else { look.lines };
        let pitch = size * 1.5;
        let one = (pitch / self.pitch() - 0.01).ceil();
        let free = (f32::from(lines) - one).max(0.0);
        let mut slab = self.block_of_lines(vec![(set, pitch)], free, 0.58);
        if self.composition.off.has(51) {
            slab.height += 0.4 * self.pitch();
        }
        slab.keep = self.composition.heeds(51);
        slab.entry = Some((rank, words, node));
        if level == 1 && (self.page.title_page || !self.slabs.is_empty()) {
            slab.opening = self.page.chapter;
        }
        // Blank lines over a heading vanish at the top of a page, unless a chapter opens there.
        if slab.opening == Opening::Flow && lines >= 3 {
            slab.trim = self.pitch();
        }
        self.slabs.push(slab);
        Ok(())
    }

    /// Structure may not skip a level (PDF/UA-1): ### right under # counts as ##.
    fn rank_of(&mut self, level: u8) -> u8 {
        let has_title = self.document.meta.title.is_some();
        let rank = if has_title { level.saturating_add(1).min(6) } else { level }.min(self.rank + 1);
        self.rank = rank;
        rank
    }

    /// A heading in the line of its paragraph: heavy or Kai, an em, then the text (checklist 52).
    fn run_in_heading(&mut self, level: u8, heading: &Text, text: &Text, style: &mut ParagraphStyle) -> Text {
        let look = self.heading_style(level);
        style.first_indent = (look.indent * EM as f32) as i32;
        let mut joined = Text::new();
        joined.push_text(heading);
        let end = joined.as_str().len();
        if look.bold {
            joined.mark(0..end, MarkKind::Strong);
        } else if look.family == Family::Kai {
            joined.mark(0..end, MarkKind::Emphasis);
        }
        let at = heading.span(heading.as_str().len()..heading.as_str().len());
        if !text.is_empty() {
            // A full stop has its own blank.
            if sentence(heading.as_str()) != Sentence::Ended {
                joined.push("\u{3000}", at, false);
            }
            joined.push_text(text);
        }
        joined
    }

    /// A run-in heading without a paragraph stands alone.
    fn flush_run_in(&mut self) -> Result<(), FontError> {
        if self.run_in.is_some() {
            let frame = Frame { left: 0.0, right: 0.0, node: 0 };
            self.paragraph(&Text::new(), Role::Body, frame, Face::Body, false)?;
        }
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
        self.stack(set, pitch);
        if let Some(slab) = self.slabs.get_mut(first) {
            let (x, width) = (frame.left * self.page.size, self.page.size * 8.0);
            slab.elements
                .insert(0, Element::Rule { x, y: -pitch * 0.3, width, height: 0.6, ink: Ink::Faint });
        }
        let last = self.slabs.len();
        for slab in &mut self.slabs[first..last.saturating_sub(1)] {
            slab.keep = true;
        }
        Ok(())
    }

    /// Verse: lines are never justified, what turns over is indented, the whole block is centred on its
    /// longest line, and a stanza stays together (checklist 56).
    fn verse(&mut self, stanzas: &[Text], frame: Frame, face: Face) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Paragraph, frame.node);
        let small = if face == Face::Small { self.page.notes.scale } else { 1.0 };
        let style = ParagraphStyle::new(Family::Kai, self.page.size * small).align(Align::Start);
        let mut sets = Vec::new();
        let mut longest = 0.0_f32;
        for stanza in stanzas {
            let mut lines = Vec::new();
            let mut start = 0;
            for line in stanza.as_str().split('\n') {
                let part = stanza.slice(start..start + line.len());
                start += line.len() + 1;
                let set = self.set(&part, &style, frame, Some(node))?;
                // A line that does not fit goes on two em in.
                let set = if set.lines.len() > 1 {
                    self.pages.paragraphs.pop();
                    let inner = Frame { left: frame.left + 2.0, ..frame };
                    let hanging = ParagraphStyle { first_indent: -2 * EM, ..style };
                    self.set(&part, &hanging, inner, Some(node))?
                } else {
                    set
                };
                for line in &set.lines {
                    longest = longest.max(line.x + line.line.width as f32 * style.size / EM as f32);
                }
                lines.extend(set.lines);
            }
            sets.push(lines);
        }
        let left = frame.left * self.page.size;
        let shift = ((left + self.width(frame) - longest) / 2.0 - left / 2.0).max(0.0);
        // Whole em, so that the characters stay under those of the text.
        let shift = (shift / self.page.size).floor() * self.page.size;
        self.space(0.5);
        for (k, lines) in sets.into_iter().enumerate() {
            if k > 0 {
                self.space(0.5);
            }
            let count = lines.len();
            for (i, mut line) in lines.into_iter().enumerate() {
                line.x += shift;
                line.y = Self::middle(line.vertical, self.pitch(), line.size);
                let keep = i + 1 < count && count <= 12;
                let elements = vec![Element::Text(Box::new(line))];
                self.slabs.push(Slab { height: self.pitch(), elements, keep, ..Slab::default() });
            }
        }
        self.space(0.5);
        Ok(())
    }

    fn code(&mut self, text: &Text, frame: Frame) -> Result<(), FontError> {
        let node = self.pages.node(NodeKind::Code, frame.node);
        let size = self.page.size * 0.85;
        let style = ParagraphStyle::new(Family::Mono, size).align(Align::Start);
        let inner = Frame { left: frame.left + 1.0, right: frame.right + 1.0, node };
        let set = self.set(text, &style, inner, Some(node))?;
        self.space(0.5);
        self.stack(set, self.pitch() * 0.8);
        self.space(0.5);
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

/// The words of a signature.
fn signature_of(block: &Block) -> Option<&Text> {
    match block {
        Block::Paragraph { text, role: Role::Signature } => Some(text),
        _ => None,
    }
}

/// The last running text of a block; none of what is no running text.
fn last_text(block: &Block) -> Option<&Text> {
    match block {
        Block::Paragraph { text, .. } | Block::Heading { text, .. } => Some(text),
        Block::Verse(stanzas) => stanzas.last(),
        Block::Quote(blocks) => blocks.iter().rev().find_map(last_text),
        Block::List { items, .. } => items.last()?.blocks.iter().rev().find_map(last_text),
        Block::Definitions(all) => all.last()?.meanings.last()?.iter().rev().find_map(last_text),
        Block::Table { .. } | Block::Figure { .. } | Block::Code { .. } | Block::Break => None,
    }
}

/// How a sentence stands at the end of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sentence {
    /// It has ended: what follows is a paragraph of its own, even behind a list.
    Ended,
    /// It has no mark, or a colon: it goes on behind a formula or list, but not behind a table or figure.
    Bare,
    /// It goes on.
    Open,
}

fn sentence(text: &str) -> Sentence {
    let text = text.trim_end_matches(|c: char| "」』”’）)\u{FFFC} \n".contains(c));
    match text.chars().next_back() {
        Some('。' | '！' | '？' | '…' | '.' | '!' | '?') => Sentence::Ended,
        Some('，' | '、' | '；' | ',' | ';') => Sentence::Open,
        _ => Sentence::Bare,
    }
}

/// What is less than perfect in a line (the layout report).
fn faults(
    paragraph: &Paragraph,
    line: &Line,
    measure: i32,
    justify: bool,
    index: usize,
    hyphens: usize,
    text: &Text,
) -> Vec<Fault> {
    let em = |units: i32| units as f32 / EM as f32;
    let clusters = &paragraph.clusters[line.start..line.end];
    let mut out = Vec::new();
    let mut push = |rule, amount| {
        let range = clusters[0].range.start as usize..clusters[clusters.len() - 1].range.end as usize;
        out.push(Fault { rule, amount, span: text.span(range) });
    };
    let over = line.width - measure;
    if over > 0 {
        push("overfull-line", em(over));
    } else if justify && over < 0 {
        push("short-line", em(-over));
    }
    if justify && line.gap > EM / 20 {
        push("loose-line", em(line.gap));
    }
    if hyphens > 2 {
        push("hyphen-run", hyphens as f32);
    }
    let boundary = &paragraph.boundaries[line.end - 1];
    if boundary.breaks == Break::Emergency {
        push("broken-word", 0.0);
    }
    if line.end == paragraph.clusters.len() && index > 0 {
        let han = clusters.iter().filter(|c| matches!(c.class, Class::Han)).count();
        let western = clusters.iter().any(|c| matches!(c.class, Class::Western | Class::Object));
        if han == 1 && !western {
            push("lone-character", 0.0);
        }
    }
    out
}

/// The lines of a title that breaks only beside marks and spaces, where that needs no more lines.
fn at_marks(
    composition: &Composition,
    paragraph: &Paragraph,
    measure: i32,
    ends: &[usize],
) -> Option<Vec<usize>> {
    if ends.len() < 2 {
        return None;
    }
    let mut tied = paragraph.clone();
    for i in 0..tied.clusters.len() - 1 {
        let words = |class| matches!(class, Class::Han | Class::Western);
        let breaks = &mut tied.boundaries[i].breaks;
        if words(tied.clusters[i].class) && words(tied.clusters[i + 1].class) && *breaks == Break::Free {
            *breaks = Break::None;
        }
    }
    let measures = Measure { first: measure, rest: measure };
    let found = break_lines(composition, &tied, measures, Breaker::Total);
    let mut start = 0;
    let fits = found.iter().all(|&end| {
        let line = adjust(composition, &tied, start, end, measure, false, false);
        start = end;
        // A line of a character or two would be no better.
        line.width <= measure && line.width > measure / 8
    });
    (fits && found.len() <= ends.len()).then_some(found)
}

/// Headings do not break before a particle that belongs to the words before it, nor after one that
/// belongs to the words after it (checklist 51).
fn keep_phrases(paragraph: &mut Paragraph) {
    for i in 0..paragraph.clusters.len().saturating_sub(1) {
        let text = |k: usize| {
            let range = &paragraph.clusters[k].range;
            &paragraph.text[range.start as usize..range.end as usize]
        };
        let before =
            matches!(text(i + 1), "的" | "之" | "了" | "着" | "著" | "地" | "得" | "們" | "们" | "性");
        let after =
            matches!(text(i), "和" | "與" | "与" | "及" | "不" | "第" | "在" | "從" | "从" | "為" | "为");
        // A number stays with its unit: 2026年.
        let unit = text(i).ends_with(|c: char| c.is_ascii_digit())
            && matches!(text(i + 1), "年" | "月" | "日" | "時" | "时" | "屆" | "届" | "號" | "号" | "期");
        let about = matches!((text(i), text(i + 1)), ("關", "於") | ("关", "于"));
        if (before || after || unit || about) && paragraph.boundaries[i].breaks == Break::Free {
            paragraph.boundaries[i].breaks = Break::None;
        }
    }
}

/// A heading's words on one line: hard breaks become an ideographic space.
pub(crate) fn one_line(text: &str) -> String {
    text.replace('\n', "\u{3000}")
}

/// An ISO date as Chinese readers write it: `2025-09-01` → `2025年9月1日`, or `二〇二五年九月一日`.
pub fn date_in_words(date: &str, numerals: Numerals) -> String {
    let mut parts = date.split('-');
    let number = |s: Option<&str>| s.and_then(|s| s.parse::<u64>().ok());
    let year = |n: u64| if numerals == Numerals::Han { by_place(n) } else { n.to_string() };
    // Numbers up to 31 are the same in both scripts.
    let count = |n: u64| if numerals == Numerals::Han { in_words(n, true) } else { n.to_string() };
    match (number(parts.next()), number(parts.next()), number(parts.next())) {
        (Some(y), Some(m), Some(d)) => format!("{}年{}月{}日", year(y), count(m), count(d)),
        (Some(y), Some(m), None) => format!("{}年{}月", year(y), count(m)),
        (Some(y), None, None) => format!("{}年", year(y)),
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
            assert_eq!(date_in_words(iso, Numerals::Keep), words);
        }
        for (iso, words) in
            [("2025-09-01", "二〇二五年九月一日"), ("2025-12", "二〇二五年十二月"), ("soon", "soon")]
        {
            assert_eq!(date_in_words(iso, Numerals::Han), words);
        }
    }
}
