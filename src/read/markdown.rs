//! Markdown in, a document out: CommonMark with tables, footnotes, task lists and strike-through, with
//! emphasis that Chinese marks do not break. What is not understood is reported and its text is kept.

mod definitions;
mod divisions;
mod html;
mod ignored;
mod inlines;
mod math;
mod places;

use std::{collections::HashMap, ops::Range};

use comrak::{
    Arena, Node, Options,
    nodes::{ListType, NodeValue, TableAlignment},
    parse_document,
};

use crate::{
    document::{Align, Block, Counter, Document, Item, NotePlace, Role},
    read::{
        ReadOptions, comments, front, heads, letter,
        short::{self, Writing},
    },
    report::{Diagnostic, Report, Severity},
    source::Source,
    text::{MarkKind, Text},
};
use places::{Lines, Places};

/// Quotations and lists inside one another; what is deeper is set at this depth.
const DEEPEST: usize = 24;

/// What the names of notes begin with that stand at the end where others stand at the foot: `[^end:1]`.
const AT_END: &str = "end:";

/// Reads Markdown.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let mut document = Document::default();
    let body = front::read(source, &mut document.meta, report);
    for text in document.meta.title.iter_mut().chain(&mut document.meta.subtitle) {
        short::report(text, Writing::Typed, report);
    }
    let arena = Arena::new();
    let places = Places::new(source.id, &source.text, body);
    let mut options_of_parser = parser();
    let (text, formulas) = math::hidden(&source.text[body..], &places, body, &options_of_parser);
    options_of_parser.extension.math_dollars = formulas;
    options_of_parser.extension.math_code = formulas;
    let root = parse_document(&arena, &text, &options_of_parser);
    let mut reader = Reader {
        places,
        report,
        definitions: HashMap::new(),
        order: Vec::new(),
        keep_lines: false,
        chapter: options.chapter,
        waiting: Vec::new(),
    };
    let mut unused = reader.definitions(root);
    document.blocks = reader.blocks(root, 0);
    // A note may name other notes, which are numbered after it.
    while let Some(&node) = reader.order.get(document.notes.len()) {
        let note = reader.blocks(node, 0);
        document.notes.push(note);
    }
    let at_end = |node: &Node| match &node.data().value {
        NodeValue::FootnoteDefinition(note) => label(&note.name).starts_with(AT_END),
        _ => false,
    };
    document.endnotes = (0..reader.order.len()).filter(|&index| at_end(&reader.order[index])).collect();
    if !document.endnotes.is_empty() && document.endnotes.len() == document.notes.len() {
        document.endnotes.clear();
        document.meta.notes.get_or_insert(NotePlace::End);
    }
    unused.retain(|node| !reader.order.iter().any(|used| used.same_node(node)));
    for node in unused {
        let range = reader.places.block(node.data().sourcepos);
        let message = "a note that nothing refers to stands at the end of the text".to_owned();
        reader.say("unused-note", Severity::Warning, range, message);
        let blocks = reader.blocks(node, 0);
        document.blocks.extend(blocks);
    }
    // A name that no text came for is that of the last one.
    let waiting = std::mem::take(&mut reader.waiting);
    if let Some((_, text)) = document.texts_mut().into_iter().rfind(|(_, text)| !text.is_empty()) {
        for name in waiting {
            text.mark_around(0..text.as_str().len(), MarkKind::Anchor(name));
        }
    }
    let found = ignored::comments(root, &reader.places, reader.report);
    comments::ignore(found, source.id, source.text.len(), &mut document, report);
    heads::title(&mut document, options, report);
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

fn parser() -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.subscript = true;
    options.extension.superscript = true;
    options.extension.table = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.description_lists = true;
    options.extension.math_dollars = true;
    options.extension.math_code = true;
    options.extension.cjk_friendly_emphasis = true;
    options.extension.block_directive = true;
    options.parse.escaped_char_spans = true;
    options.parse.leave_footnote_definitions = true;
    options
}

struct Reader<'a, 'r> {
    places: Places<'r>,
    report: &'r mut Report,
    /// Notes by their name.
    definitions: HashMap<String, Node<'a>>,
    /// Notes in the order of their first reference.
    order: Vec<Node<'a>>,
    /// Whether lines end where they end in the manuscript, as in verse.
    keep_lines: bool,
    /// Whether the manuscript is a chapter of a book.
    chapter: bool,
    /// The names of places that wait for their text.
    waiting: Vec<String>,
}

fn label(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

impl<'a> Reader<'a, '_> {
    fn say(&mut self, rule: &'static str, severity: Severity, range: Range<usize>, message: String) {
        self.report.push(Diagnostic::new(rule, severity, self.places.span(range), message));
    }

    /// Finds all notes; of two with one name the first counts. Gives back every definition.
    fn definitions(&mut self, root: Node<'a>) -> Vec<Node<'a>> {
        let mut all = Vec::new();
        for node in root.descendants() {
            if let NodeValue::FootnoteDefinition(definition) = &node.data().value {
                self.definitions.entry(label(&definition.name)).or_insert(node);
                all.push(node);
            }
        }
        all
    }

    /// The number of a note that is referred to here.
    fn note(&mut self, name: &str) -> Option<usize> {
        let node = *self.definitions.get(&label(name))?;
        if let Some(index) = self.order.iter().position(|n| n.same_node(node)) {
            return Some(index);
        }
        self.order.push(node);
        Some(self.order.len() - 1)
    }

    /// The blocks of a container.
    fn blocks(&mut self, parent: Node<'a>, depth: usize) -> Vec<Block> {
        let mut out = Vec::new();
        let mut line = parent.data().sourcepos.start.line;
        for node in parent.children() {
            let place = node.data().sourcepos;
            self.definitions_between(line..place.start.line, &mut out);
            self.block(node, depth, &mut out);
            line = place.end.line + 1;
        }
        let end = parent.data().sourcepos.end.line;
        if parent.first_child().is_some() || matches!(parent.data().value, NodeValue::Document) {
            self.definitions_between(line..end + 1, &mut out);
        }
        divisions::captions(&mut out);
        for block in &mut out {
            if let Block::Table { caption: Some(caption), .. } = block
                && caption.as_str().ends_with('}')
                && caption.anchor().is_none()
            {
                *caption = self.without_attributes(std::mem::take(caption), "caption");
            }
        }
        out
    }

    fn block(&mut self, node: Node<'a>, depth: usize, out: &mut Vec<Block>) {
        let place = node.data().sourcepos;
        let range = self.places.block(place);
        match &node.data().value {
            NodeValue::Heading(heading) => {
                let text = self.inlines(node);
                let text = self.without_attributes(text, "heading");
                out.push(Block::Heading { level: heading.level, text });
            }
            NodeValue::Paragraph => self.paragraph(node, out),
            NodeValue::ThematicBreak => out.push(Block::Break),
            NodeValue::CodeBlock(code) => {
                let first = place.start.line + usize::from(code.fenced);
                let literal = code.literal.strip_suffix('\n').unwrap_or(&code.literal);
                let mut text = Text::new();
                Lines::new(&self.places, literal, first, range.clone()).push(&mut text, 0..literal.len());
                if !code.fenced && literal.contains(['，', '。']) {
                    let message =
                        "Chinese text that is indented by four spaces is code in Markdown".to_owned();
                    self.say("unread-markup", Severity::Warning, range, message);
                }
                out.push(Block::Code { language: code.info.clone(), text });
            }
            NodeValue::HtmlBlock(html) => {
                let found = html::paragraphs(&self.places, &html.literal, place.start.line, range.clone());
                let comment = html.literal.trim_start().starts_with("<!--") && found.is_empty();
                let names = html::names(&html.literal);
                let known = found.is_empty() && !names.is_empty() || html::is_picture(&html.literal);
                self.waiting.extend(names);
                if !comment && !known {
                    let message = "HTML is not understood; the text between the tags is kept".to_owned();
                    self.say("raw-html", Severity::Warning, range, message);
                }
                out.extend(found.into_iter().map(html::block));
            }
            NodeValue::Table(table) => {
                let align = table.alignments.iter().map(|a| match a {
                    TableAlignment::None => Align::Auto,
                    TableAlignment::Left => Align::Start,
                    TableAlignment::Center => Align::Center,
                    TableAlignment::Right => Align::End,
                });
                let align = align.collect();
                let mut rows: Vec<Vec<Text>> = Vec::new();
                let mut surplus = Vec::new();
                for row in node.children() {
                    // The parser drops cells beyond the last column.
                    let end = self.places.block(row.data().sourcepos).end;
                    let cell = row
                        .last_child()
                        .and_then(|c| self.places.range(c.data().sourcepos, &places::Shift::None));
                    let start = cell.map_or(end, |c| c.end.min(end));
                    let rest = self.places.text[start..end].trim_start_matches([' ', '\t', '|']);
                    let rest =
                        end - rest.len()..end - rest.len() + rest.trim_end_matches([' ', '\t', '|']).len();
                    if !rest.is_empty() {
                        surplus.push(rest);
                    }
                    rows.push(row.children().map(|cell| self.inlines(cell)).collect());
                }
                let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
                // A caption without an empty line above it looks like a row.
                let caption = rows.last().and_then(|row| row.first()).and_then(divisions::labelled);
                if caption.is_some() {
                    rows.pop();
                }
                out.push(Block::Table { align, head, rows, merged: Vec::new(), caption });
                for rest in surplus {
                    let text = Text::verbatim(&self.places.text[rest.clone()], self.places.id, rest.start);
                    let message = "cells beyond the last column stand under the table".to_owned();
                    self.say("unread-markup", Severity::Warning, rest, message);
                    out.push(Block::Paragraph { text, role: Role::Body });
                }
            }
            // Notes are read where they are referred to.
            NodeValue::FootnoteDefinition(_) => {}
            NodeValue::List(_)
            | NodeValue::BlockQuote
            | NodeValue::BlockDirective(_)
            | NodeValue::DescriptionList
                if depth >= DEEPEST =>
            {
                let message =
                    format!("quotations, lists or divisions more than {DEEPEST} deep are set at that depth");
                self.say("unread-markup", Severity::Warning, range, message);
                for inner in node.descendants() {
                    let own = inner.ancestors().skip(1).take_while(|a| !a.same_node(node));
                    if !is_container(inner)
                        && inner.data().value.block()
                        && own.into_iter().take(1).all(is_container)
                    {
                        self.block(inner, depth, out);
                    }
                }
            }
            NodeValue::List(list) => {
                let start = (list.list_type == ListType::Ordered).then_some(list.start as u64);
                let tight = list.tight;
                let mut items = Vec::new();
                for item in node.children() {
                    let task = match &item.data().value {
                        NodeValue::TaskItem(task) => Some(task.symbol.is_some()),
                        _ => None,
                    };
                    items.push(Item { task, blocks: self.blocks(item, depth + 1) });
                }
                out.push(Block::List { start, counter: Counter::Auto, tight, items });
            }
            NodeValue::DescriptionList => self.defined(node, depth, out),
            NodeValue::BlockQuote => {
                let blocks = self.blocks(node, depth + 1);
                out.push(Block::Quote(blocks));
            }
            NodeValue::BlockDirective(directive) => self.division(node, &directive.info, depth, out),
            _ => {
                // No extension that makes other blocks is on.
                let text = self.inlines(node);
                out.push(Block::Paragraph { text, role: Role::Body });
            }
        }
    }

    fn paragraph(&mut self, node: Node<'a>, out: &mut Vec<Block>) {
        let place = node.data().sourcepos;
        let last = node.last_child().map_or(place.end.line, |n| n.data().sourcepos.end.line);
        self.definitions_between(
            place.start.line..place.start.line + place.end.line.saturating_sub(last),
            out,
        );
        let alone = |n: Node<'a>| match &n.data().value {
            NodeValue::Image(_) | NodeValue::SoftBreak => true,
            NodeValue::Text(text) => {
                inlines::name_of_picture(n).is_some_and(|(_, length)| length == text.len())
            }
            _ => false,
        };
        if node.first_child().is_some() && node.children().all(alone) {
            for child in node.children() {
                if let NodeValue::Image(link) = &child.data().value {
                    let anchor =
                        child.next_sibling().and_then(inlines::name_of_picture).map(|(name, _)| name);
                    let range = self.places.range(child.data().sourcepos, &places::Shift::None);
                    let range = range.unwrap_or(self.places.block(place));
                    let alt = self.alt(child);
                    let caption = (!link.title.is_empty()).then(|| {
                        match self.places.text[range.clone()].rfind(link.title.as_str()) {
                            Some(at) => Text::verbatim(link.title.clone(), self.places.id, range.start + at),
                            None => Text::made(link.title.clone(), self.places.span(range.clone())),
                        }
                    });
                    out.push(Block::Figure {
                        path: link.url.clone(),
                        alt,
                        caption,
                        anchor,
                        span: self.places.span(range),
                    });
                }
            }
            return;
        }
        if self.is_line_block(place) {
            return self.line_block(node, out);
        }
        let text = self.inlines(node);
        if !text.as_str().trim().is_empty() {
            out.push(Block::Paragraph { text, role: Role::Body });
        }
    }

    /// Link definitions that the parser took away: one whose target is no address is a note
    /// that somebody wrote by hand, and is kept.
    fn definitions_between(&mut self, lines: Range<usize>, out: &mut Vec<Block>) {
        for line in lines {
            let range = self.places.line(line);
            let source = &self.places.text[range.clone()];
            let Some(open) = source.find('[') else { continue };
            let marker =
                |c: char| matches!(c, ' ' | '\t' | '>' | '-' | '*' | '+' | '.' | ')') || c.is_ascii_digit();
            let Some((_, target)) = source[open..].split_once("]:") else { continue };
            let address = inlines::is_address(target.split(['"', '\'']).next().unwrap_or_default());
            if source[..open].chars().all(marker) && !source[open..].starts_with("[^") && !address {
                let text = Text::verbatim(&source[open..], self.places.id, range.start + open);
                let message = "a link definition whose target is no address is kept as text".to_owned();
                self.say("unread-markup", Severity::Warning, range, message);
                out.push(Block::Paragraph { text, role: Role::Body });
            }
        }
    }

    /// A heading or a caption without `{#name .class}` at its end; the name is that of its place.
    fn without_attributes(&mut self, text: Text, what: &str) -> Text {
        let string = text.as_str().trim_end();
        let Some(open) = string.rfind('{').filter(|_| string.ends_with('}')) else { return text };
        let inner = &string[open + 1..string.len() - 1];
        let attribute = |t: &str| t.starts_with(['#', '.']) || t.contains('=') || t == "-";
        let empty = string[..open].trim().is_empty();
        if inner.trim().is_empty()
            || empty
            || !inner.split_whitespace().all(attribute)
            || text.is_locked(open..string.len())
        {
            return text;
        }
        let span = text.span(open..string.len());
        let name = inner.split_whitespace().find_map(|word| word.strip_prefix('#'));
        if inner.split_whitespace().any(|word| !word.starts_with('#') && word != "-") {
            let message = format!("the attributes `{}` of a {what} are not used", &string[open..]);
            self.report.push(Diagnostic::new("unread-markup", Severity::Note, span, message));
        }
        let mut out = text.slice(0..string[..open].trim_end().len());
        if let Some(name) = name.filter(|name| !name.is_empty()) {
            out.mark_around(0..out.as_str().len(), MarkKind::Anchor(name.to_owned()));
        }
        out
    }
}

fn is_container(node: Node) -> bool {
    matches!(
        node.data().value,
        NodeValue::List(_)
            | NodeValue::Item(_)
            | NodeValue::TaskItem(_)
            | NodeValue::BlockQuote
            | NodeValue::BlockDirective(_)
            | NodeValue::DescriptionList
            | NodeValue::DescriptionItem(_)
            | NodeValue::DescriptionTerm
            | NodeValue::DescriptionDetails
    )
}
