//! Blocks as they stand in a body: paragraphs, tables, and what wraps them.

use std::collections::BTreeMap;

use crate::{
    document::{Align, Block, IndexKind, Merge},
    read::{
        docx::{
            Reader, Tracked,
            inline::{Around, Line},
            numbering::LabelKind,
            picture,
            story::{Looks, Paragraph, Piece, Story},
            styles::{self, Use},
            words_of,
        },
        xml::{Element, Space},
    },
    report::Severity,
    text::{MarkKind, Text},
};

/// Columns of a table; no page has room for more, and a span may claim any number.
const COLUMNS: usize = 200;

/// A row of a table as it was read.
struct Row {
    cells: Vec<Text>,
    head: bool,
}

impl Reader<'_> {
    /// Reads a block of a body, a note, a cell or a text box.
    pub(super) fn block(&mut self, story: &mut Story, element: &Element) {
        let span = self.span(element.at.clone());
        if element.space == Space::Mc && element.name == "AlternateContent" {
            if let Some(chosen) = picture::chosen(element) {
                chosen.elements().for_each(|block| self.block(story, block));
            }
            return;
        }
        if element.space == Space::M {
            let mut line = Line::default();
            self.inline(story, &mut line, &wrapped(element), &Around::default());
            story.add(Paragraph { text: line.finish(), ..Paragraph::new(span) });
            return;
        }
        if element.space != Space::W {
            if !words_of(element).trim().is_empty() {
                let message = format!("`{}` is not understood; its words are kept", element.name);
                self.say("unread-element", Severity::Warning, span, message);
                element.elements().for_each(|block| self.block(story, block));
            }
            return;
        }
        match element.name.as_str() {
            "p" => self.paragraph(story, element),
            "tbl" => self.table(story, element),
            "sdt" => self.content_control(story, element),
            "customXml" | "sdtContent" | "smartTag" => {
                element.elements().for_each(|block| self.block(story, block))
            }
            "ins" | "moveTo" | "del" | "moveFrom" => {
                let inserted = matches!(element.name.as_str(), "ins" | "moveTo");
                self.tell_change(element, &words_of(element), inserted);
                if inserted == (self.options.tracked == Tracked::Accepted) {
                    element.elements().for_each(|block| self.block(story, block));
                }
            }
            "sectPr" => self.section(element),
            "commentRangeStart" | "commentRangeEnd" => self.remark(element),
            "altChunk" => {
                let message = "a piece of another format is put in here; it is not read";
                self.say("unread-element", Severity::Error, span, message);
            }
            "bookmarkStart" | "bookmarkEnd" | "proofErr" | "permStart" | "permEnd" | "moveFromRangeStart"
            | "moveFromRangeEnd" | "moveToRangeStart" | "moveToRangeEnd" | "sdtPr" | "customXmlPr" => {}
            // What belongs into a paragraph makes one.
            _ if !words_of(element).trim().is_empty() => {
                let mut line = Line::default();
                self.inline(story, &mut line, &wrapped(element), &Around::default());
                story.add(Paragraph { text: line.finish(), ..Paragraph::new(span) });
            }
            _ => {}
        }
    }

    fn content_control(&mut self, story: &mut Story, element: &Element) {
        let properties = element.child("sdtPr");
        let gallery = properties.and_then(|p| p.find(&|e| e.is("docPartGallery"))).and_then(Element::value);
        if gallery.as_deref() == Some("Table of Contents") {
            self.contents(self.span(element.at.clone()));
            return;
        }
        let tag = properties.and_then(|p| p.child_value("tag")).unwrap_or_default();
        // An index of our own, its heading included.
        if let Some(kind) = tag.strip_prefix("hanpress-index-").and_then(IndexKind::parse) {
            return self.indexes(kind);
        }
        if properties.is_some_and(|p| p.child("showingPlcHdr").is_some_and(Element::is_on)) {
            self.placeholder(element);
            return;
        }
        if let Some(content) = element.child("sdtContent") {
            content.elements().for_each(|block| self.block(story, block));
        }
    }

    /// The page of a section: only its direction is news.
    fn section(&mut self, element: &Element) {
        let direction = element.child_value("textDirection").unwrap_or_default();
        if ["tbRl", "rl", "tbRlV", "rlV"].contains(&direction.as_str()) {
            let message =
                "the lines of a section run from top to bottom (`--direction vertical` makes such editions)";
            self.tally.count("vertical", message, self.span(element.at.clone()));
        }
        if element.find(&|e| e.is("cols") && e.attribute("num").is_some_and(|n| n != "1")).is_some() {
            self.tally.count(
                "columns",
                "columns of a section are not carried",
                self.span(element.at.clone()),
            );
        }
    }

    fn paragraph(&mut self, story: &mut Story, element: &Element) {
        let span = self.span(element.at.clone());
        let properties = element.child("pPr");
        if let Some(section) = properties.and_then(|p| p.child("sectPr")) {
            self.section(section);
        }
        let before = properties
            .and_then(|p| p.child("pPrChange"))
            .filter(|_| self.options.tracked == Tracked::Refused);
        let looks = before.and_then(|change| change.child("pPr")).or(properties);
        let named = looks.and_then(|p| p.child_value("pStyle"));
        let style = self.styles.paragraph(named.as_deref()).map(str::to_owned);
        let style = style.as_deref();
        let outline = looks.and_then(styles::outline).map(Use::Heading);
        let usage = match self.styles.usage(style) {
            Use::Body => outline.unwrap_or_default(),
            usage => usage,
        };
        if usage == Use::Contents && !words_of(element).trim().is_empty() {
            // The field that makes them may begin or end in such a line.
            self.contents(span);
            self.fields_of(story, element);
            return;
        }
        let heavy = !matches!(usage, Use::Body | Use::List | Use::Continued);
        let around = Around::paragraph(self.styles.face(style), heavy);
        let mut line = Line::default();
        self.inline(story, &mut line, element, &around);
        let align =
            looks.and_then(|p| p.child_value("jc")).or_else(|| self.styles.align(style)).unwrap_or_default();
        let own = looks.map(styles::numbered).unwrap_or_default();
        let styled = self.styles.numbered(style);
        let (list, level) = (own.0.or(styled.0), own.1.or(styled.1));
        let mut paragraph = Paragraph {
            usage,
            looks: Looks {
                bold: line.is_bold(),
                centered: align == "center",
                right: matches!(align.as_str(), "right" | "end"),
                left: looks.and_then(|p| p.child_value("jc")).is_some_and(|jc| jc == "left" || jc == "start"),
                size: line.size().unwrap_or(self.styles.size),
                plain: usage == Use::Body,
            },
            counted: line.counted,
            ruled: looks.and_then(|p| p.child("pBdr")).is_some() || line.rule,
            ..Paragraph::new(span)
        };
        paragraph.text = line.finish();
        let empty = paragraph.text.as_str().trim().is_empty();
        // An empty paragraph of a list shows no label and is not counted.
        if let Some(list) = list.filter(|_| !empty) {
            paragraph.label = self.numbering.count(&list, level.unwrap_or_default());
        }
        let own = looks.and_then(styles::left);
        let listed = paragraph.label.as_ref().and_then(|label| label.left);
        paragraph.left = own.or(listed).or_else(|| self.styles.left(style)).unwrap_or_default();
        // Quotations in quotations are indented once more each.
        if let (Some(left), Some(step), None) = (own, self.styles.left(style), &paragraph.label)
            && usage == Use::Quote
            && step > 0
        {
            paragraph.quoted = ((left + step / 2) / step).clamp(1, 8) as usize;
        }
        self.label(&mut paragraph);
        let mark = properties.and_then(|p| p.child("rPr"));
        let mark = mark.and_then(|p| {
            p.elements().find(|e| ["ins", "del", "moveFrom", "moveTo"].iter().any(|n| e.is(n)))
        });
        let gone = mark.is_some_and(|mark| {
            let inserted = matches!(mark.name.as_str(), "ins" | "moveTo");
            inserted != (self.options.tracked == Tracked::Accepted)
        });
        if !(gone && paragraph.text.is_empty()) {
            // A large first letter stands in a frame of its own before the rest of its paragraph.
            let initial = looks.and_then(|p| p.child("framePr")).and_then(|f| f.attribute("dropCap"));
            story.add(paragraph);
            story.joined = gone || initial.is_some_and(|kind| kind != "none");
        }
        story.pieces.extend(line.beside);
    }

    /// Puts a label that no list of a document can have before the words of its paragraph.
    fn label(&mut self, paragraph: &mut Paragraph) {
        let Some(label) = &paragraph.label else { return };
        let is_list = matches!(paragraph.usage, Use::Body | Use::List | Use::Quote | Use::Continued);
        let words = match &label.kind {
            LabelKind::Words(words) => words.clone(),
            LabelKind::Number { counter, number, lost } if !is_list => match lost {
                Some(label) => gapped(label.clone()),
                None => gapped(crate::counter::label(*counter, *number, true)),
            },
            LabelKind::Number { lost: Some(label), .. } => {
                let message =
                    "labels of a list are numbers in editions, where the document has letters or other signs";
                let _ = label;
                self.tally.count("labels", message, paragraph.span);
                return;
            }
            LabelKind::Number { .. } | LabelKind::Bullet | LabelKind::Nothing if is_list => return,
            LabelKind::Number { .. } | LabelKind::Bullet | LabelKind::Nothing => {
                paragraph.label = None;
                return;
            }
        };
        let mut text = Text::made(words, crate::source::Span { end: paragraph.span.start, ..paragraph.span });
        text.push_text(&paragraph.text);
        paragraph.text = text;
        paragraph.label = None;
        self.tally.count(
            "numbers",
            "numbers that the program makes stand as text before their words",
            paragraph.span,
        );
    }

    /// Fields that begin and end in an element whose words are left out.
    fn fields_of(&mut self, story: &mut Story, element: &Element) {
        for child in element.elements() {
            if child.is("fldChar") {
                match child.attribute("fldCharType").as_deref() {
                    Some("begin") => story.fields.begin(child.at.clone()),
                    Some("separate") => {
                        story.fields.separate();
                    }
                    _ => {
                        story.fields.end();
                    }
                }
            } else if child.is("instrText") {
                child.letters().for_each(|letters| story.fields.instruct(&letters.text));
            } else {
                self.fields_of(story, child);
            }
        }
    }

    fn table(&mut self, story: &mut Story, element: &Element) {
        let span = self.span(element.at.clone());
        let mut rows: Vec<Row> = Vec::new();
        let mut aligns: Vec<Vec<Align>> = Vec::new();
        let mut only: Option<&Element> = None;
        let mut merged: Vec<Merge> = Vec::new();
        // The cell of each column that may go on in the next row.
        let mut open: BTreeMap<usize, usize> = BTreeMap::new();
        let mut count = 0;
        for row in unwrapped(element, "tr") {
            let properties = row.child("trPr");
            let change = properties.and_then(|p| p.elements().find(|e| e.is("ins") || e.is("del")));
            if let Some(change) = change {
                let inserted = change.is("ins");
                self.tell_change(change, &words_of(row), inserted);
                if inserted != (self.options.tracked == Tracked::Accepted) {
                    continue;
                }
            }
            let head = properties.and_then(|p| p.child("tblHeader")).is_some_and(Element::is_on);
            let skip = |name: &str| {
                properties.and_then(|p| p.child_value(name)).and_then(|v| v.parse::<usize>().ok())
            };
            let mut out = Row { cells: Vec::new(), head };
            let mut align = Vec::new();
            for _ in 0..skip("gridBefore").unwrap_or(0).min(COLUMNS) {
                out.cells.push(Text::new());
                align.push(Align::Auto);
            }
            for cell in unwrapped(row, "tc") {
                count += 1;
                only = Some(cell);
                let (text, aligned) = self.cell(story, cell);
                let (spanned, merge) = self.spanned(cell);
                let column = out.cells.len();
                match merge {
                    // A cell that goes on one above reaches one row farther.
                    Some(false) if text.is_empty() => {
                        if let Some(above) = open.get(&column).and_then(|at: &usize| merged.get_mut(*at)) {
                            above.rows = rows.len() + 1 - above.row;
                        }
                    }
                    start if start == Some(true) || spanned > 1 => {
                        open.remove(&column);
                        if start == Some(true) {
                            open.insert(column, merged.len());
                        }
                        let columns = spanned.min(COLUMNS);
                        merged.push(Merge { row: rows.len(), column, rows: 1, columns });
                    }
                    _ => {
                        open.remove(&column);
                    }
                }
                out.cells.push(text);
                align.push(aligned);
                for _ in 1..spanned.min(COLUMNS) {
                    out.cells.push(Text::new());
                    align.push(Align::Auto);
                }
            }
            out.cells.truncate(COLUMNS);
            align.truncate(COLUMNS);
            if !head {
                aligns.push(align);
            }
            rows.push(out);
        }
        // A table of one cell is a frame around what stands in it.
        if let (1, Some(cell)) = (count, only) {
            self.tally.count("frames", "a table of one cell is carried as what stands in it", span);
            let mut own = Story::new(&story.part, story.relations.clone(), false);
            own.boxes = story.boxes;
            cell.elements().filter(|e| !e.is("tcPr")).for_each(|block| self.block(&mut own, block));
            let blocks = self.finish(own);
            story.joined = false;
            story.pieces.extend(blocks.into_iter().map(Piece::Block));
            return;
        }
        if rows.is_empty() {
            return;
        }
        let columns = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let heads = rows.iter().take_while(|row| row.head).count();
        if heads > 1 {
            self.tally.count("heads", "of several head rows of a table the first is its head", span);
        }
        let mut head = if heads > 0 { rows.remove(0).cells } else { Vec::new() };
        // A head is heavy because it is one.
        let heavy = |text: &Text| {
            let all = 0..text.as_str().len();
            text.is_empty() || text.marks().iter().any(|m| m.kind == MarkKind::Strong && m.range == all)
        };
        if head.iter().all(heavy) {
            head.iter_mut().for_each(|cell| cell.unmark(|mark| mark.kind == MarkKind::Strong));
        }
        let align = (0..columns).map(|column| {
            let mut own = aligns.iter().filter_map(|row| row.get(column)).copied();
            let first = own.next().unwrap_or_default();
            if own.all(|align| align == first) { first } else { Align::Auto }
        });
        let align = align.collect();
        let fill = |mut cells: Vec<Text>| {
            cells.resize(columns, Text::new());
            cells
        };
        let head = if head.is_empty() { head } else { fill(head) };
        let rows = rows.into_iter().map(|row| fill(row.cells)).collect();
        story.joined = false;
        story.pieces.push(Piece::Block(Block::Table { align, head, rows, merged, caption: None }));
    }

    /// How many columns a cell claims, and whether it starts (true) or goes on (false) as one of several rows.
    fn spanned(&mut self, cell: &Element) -> (usize, Option<bool>) {
        let properties = cell.child("tcPr");
        let rows = properties.and_then(|p| p.elements().find(|e| e.is("vMerge")));
        let starts = rows.map(|merge| merge.value().as_deref() == Some("restart"));
        if properties.is_some_and(|p| p.elements().any(|e| e.is("hMerge"))) {
            let span = self.span(cell.at.clone());
            self.tally.count("spans", "cells merged in the way of old files are set side by side", span);
        }
        let columns =
            properties.and_then(|p| p.child_value("gridSpan")).and_then(|v| v.parse::<usize>().ok());
        (columns.unwrap_or(1).max(1), starts)
    }

    /// The words of a cell, its paragraphs parted by line ends, and how it is aligned.
    fn cell(&mut self, story: &Story, cell: &Element) -> (Text, Align) {
        let mut own = Story::new(&story.part, story.relations.clone(), false);
        own.boxes = story.boxes;
        let mut out = Text::new();
        cell.elements().filter(|e| !e.is("tcPr")).for_each(|block| self.block(&mut own, block));
        let mut align = Align::Auto;
        let pieces = std::mem::take(&mut own.pieces);
        for (at, piece) in pieces.into_iter().enumerate() {
            let text = match piece {
                Piece::Paragraph(paragraph) => {
                    if at == 0 {
                        align = match paragraph.looks {
                            Looks { centered: true, .. } => Align::Center,
                            Looks { right: true, .. } => Align::End,
                            Looks { left: true, .. } => Align::Start,
                            _ => Align::Auto,
                        };
                    }
                    labelled(*paragraph)
                }
                Piece::Block(block) => {
                    let span = self.span(cell.at.clone());
                    self.tally.count(
                        "in-cells",
                        "a table or text box in a cell is carried as its words",
                        span,
                    );
                    flat(block)
                }
            };
            if text.is_empty() {
                continue;
            }
            if !out.is_empty() {
                let at = text.span(0..text.as_str().len());
                out.push("\n", crate::source::Span { end: at.start, ..at }, false);
            }
            out.push_text(&text);
        }
        (out, align)
    }
}

/// The rows of a table or cells of a row, out of what may be wrapped around them.
fn unwrapped<'e, 'a>(element: &'e Element<'a>, name: &str) -> Vec<&'e Element<'a>> {
    let mut out = Vec::new();
    for child in element.elements() {
        if child.is(name) {
            out.push(child);
        } else if ["sdt", "sdtContent", "customXml", "ins", "moveTo"].iter().any(|wrap| child.is(wrap)) {
            out.extend(unwrapped(child, name));
        }
    }
    out
}

/// An element in a paragraph of its own.
fn wrapped<'a>(element: &Element<'a>) -> Element<'a> {
    let mut out = element.clone();
    out.children = vec![crate::read::xml::Node::Element(element.clone())];
    out
}

/// A paragraph of a list with its label as text, as a cell must have it.
fn labelled(paragraph: Paragraph) -> Text {
    let words = match paragraph.label.map(|label| label.kind) {
        Some(LabelKind::Number { counter, number, lost }) => {
            gapped(lost.unwrap_or_else(|| crate::counter::label(counter, number, true)))
        }
        Some(LabelKind::Bullet) => "• ".to_owned(),
        Some(LabelKind::Words(_) | LabelKind::Nothing) | None => return paragraph.text,
    };
    let mut text = Text::made(words, crate::source::Span { end: paragraph.span.start, ..paragraph.span });
    text.push_text(&paragraph.text);
    text
}

/// A label parted from its words, unless it ends in a full-width mark.
fn gapped(label: String) -> String {
    if label.is_ascii() { label + " " } else { label }
}

/// The words of a block in a line a paragraph.
fn flat(block: Block) -> Text {
    let mut out = Text::new();
    let mut add = |text: &Text, between: &str| {
        if text.is_empty() {
            return;
        }
        if !out.is_empty() {
            let at = text.span(0..text.as_str().len());
            out.push(between, crate::source::Span { end: at.start, ..at }, false);
        }
        out.push_text(text);
    };
    match &block {
        Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::Code { text, .. } => {
            add(text, "\n")
        }
        Block::Verse(stanzas) => stanzas.iter().for_each(|text| add(text, "\n")),
        Block::Table { head, rows, .. } => {
            for row in std::iter::once(head).chain(rows) {
                for (at, cell) in row.iter().enumerate() {
                    add(cell, if at == 0 { "\n" } else { "\u{3000}" });
                }
            }
        }
        Block::Quote(blocks) => blocks.iter().for_each(|inner| add(&flat(inner.clone()), "\n")),
        Block::List { items, .. } => {
            items.iter().flat_map(|item| &item.blocks).for_each(|inner| add(&flat(inner.clone()), "\n"));
        }
        Block::Definitions(all) => {
            for one in all {
                add(&one.term, "\n");
                one.meanings.iter().flatten().for_each(|inner| add(&flat(inner.clone()), "\n"));
            }
        }
        Block::Figure { caption, .. } => caption.iter().for_each(|text| add(text, "\n")),
        Block::Break => {}
    }
    out
}
