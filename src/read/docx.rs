//! A document of Word in, a document out. Structure comes from styles and numbering definitions, and only where these
//! say nothing from looks, which is reported. What has no place in a document is reported with its part and its place.

mod assemble;
mod field;
mod inline;
mod looks;
mod math;
mod numbering;
mod parts;
mod picture;
mod properties;
mod story;
mod styles;
mod symbol;
mod table;
mod tally;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Block, Document, Metadata, NotePlace},
    links,
    read::{
        ReadOptions,
        docx::{numbering::Numbering, parts::Relations, styles::Styles, tally::Tally},
        letter,
        xml::{Element, Node, Parser, Space},
    },
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::Text,
};

/// What becomes of tracked changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tracked {
    /// What was inserted stays, what was deleted goes.
    #[default]
    Accepted,
    /// What was inserted goes, what was deleted stays.
    Refused,
}

/// Everything that reading a document needs to know and gathers.
struct Reader<'a> {
    source: &'a Source,
    options: &'a ReadOptions,
    report: &'a mut Report,
    styles: Styles,
    numbering: Numbering,
    /// Foot and end notes that were not referred to yet, by their kind and id.
    waiting: BTreeMap<(&'static str, String), Element<'a>>,
    /// The number of each note that was.
    numbers: BTreeMap<(&'static str, String), usize>,
    notes: Vec<Vec<Block>>,
    comments: BTreeMap<String, Comment>,
    /// Where the words begin and end that a comment is about, in the source.
    remarked: BTreeMap<String, (usize, usize)>,
    /// Bookmarks that are open, by their id, and the notes that bookmarks stand for, by their name.
    bookmarks: BTreeMap<String, String>,
    marked_notes: BTreeMap<String, usize>,
    meta: Metadata,
    tally: Tally,
    /// How many tracked changes there are.
    changes: usize,
    /// Whether it was said that the contents are left out.
    said_contents: bool,
    /// The endnotes that were read, by their index.
    endnotes: BTreeSet<usize>,
}

/// A remark that somebody wrote beside the text.
struct Comment {
    author: String,
    words: String,
}

/// Reads a DOCX.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let main = parts::main(source);
    let relations = parts::relations(source, &main);
    let named = |kind: &str| relations.of_kind(kind).map(str::to_owned);
    let part = |kind: &str, usual: &str| named(kind).unwrap_or_else(|| parts::beside(&main, usual));
    let styles = Styles::read(source, &part("styles", "styles.xml"), report);
    let numbering = Numbering::read(source, &part("numbering", "numbering.xml"), report);
    let mut reader = Reader {
        source,
        options,
        report,
        styles,
        numbering,
        waiting: BTreeMap::new(),
        numbers: BTreeMap::new(),
        notes: Vec::new(),
        comments: BTreeMap::new(),
        remarked: BTreeMap::new(),
        bookmarks: BTreeMap::new(),
        marked_notes: BTreeMap::new(),
        meta: Metadata::default(),
        tally: Tally::default(),
        changes: 0,
        said_contents: false,
        endnotes: BTreeSet::new(),
    };
    for (kind, usual) in [("footnote", "footnotes.xml"), ("endnote", "endnotes.xml")] {
        reader.gather_notes(kind, &part([kind, "s"].concat().as_str(), usual));
    }
    reader.gather_comments(&part("comments", "comments.xml"));
    let settings = part("settings", "settings.xml");
    let blocks = reader.body(&main, relations);
    properties::read(&mut reader);
    reader.heads_and_feet(&main);
    if reader.changes > 0 {
        let (done, other) = match options.tracked {
            Tracked::Accepted => ("accepted", "refused"),
            Tracked::Refused => ("refused", "accepted"),
        };
        let changes = if reader.changes == 1 { "change is" } else { "changes are" };
        let message = format!("{} tracked {changes} {done}", reader.changes);
        let start = source.part(&main).map_or(0, |(_, start)| start);
        let finding =
            Diagnostic::new("tracked-change", Severity::Warning, reader.span(start..start), message);
        reader.report.push(finding.hint(format!("`--tracked {other}` does the opposite")));
    }
    reader.place_notes(&settings);
    let Reader { meta, notes, endnotes, tally, report, .. } = reader;
    tally.tell(report);
    let mut document = Document { meta, blocks, notes, endnotes, ..Document::default() };
    // Which places of a chapter are needed is known when its book is bound.
    if !options.chapter {
        links::prune(&mut document);
    }
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

impl<'a> Reader<'a> {
    /// A span of the source.
    fn span(&self, at: std::ops::Range<usize>) -> Span {
        Span::new(self.source.id, at)
    }

    /// Reports something that is not understood, or not carried.
    fn say(&mut self, rule: &'static str, severity: Severity, span: Span, message: impl Into<String>) {
        self.report.push(Diagnostic::new(rule, severity, span, message));
    }

    /// The main text.
    fn body(&mut self, main: &str, relations: Relations) -> Vec<Block> {
        let Some((text, start)) = self.source.part(main) else {
            let message = format!("`{main}`, the main text, is not in the package");
            self.say("damaged-package", Severity::Error, self.span(0..0), message);
            return Vec::new();
        };
        let mut parser = Parser::new(text, start);
        let mut story = story::Story::new(main, relations, true);
        if parser.enter(Space::W, "body") {
            while let Some(node) = parser.next() {
                if let Node::Element(element) = node {
                    self.block(&mut story, &element);
                }
                self.deep(&mut story, &mut parser);
            }
        }
        self.trouble(main, &parser);
        self.loose_notes(&mut story);
        self.finish(story)
    }

    /// Characters of elements that stand too deep to be understood: they become a paragraph.
    fn deep(&mut self, story: &mut story::Story, parser: &mut Parser) {
        let deep = std::mem::take(&mut parser.deep);
        let (Some(first), Some(last)) = (deep.first(), deep.last()) else { return };
        let span = self.span(first.at.start..last.at.end);
        let message = "elements stand too deep in one another; their words are kept as a paragraph";
        self.say("unread-element", Severity::Warning, span, message);
        let mut text = Text::new();
        for letters in deep {
            text.push(&letters.text, self.span(letters.at.clone()), letters.verbatim);
        }
        story.add(story::Paragraph { text, ..story::Paragraph::new(span) });
    }

    /// Reports that a part could not be read to its end.
    fn trouble(&mut self, part: &str, parser: &Parser) {
        if let Some((at, message)) = &parser.trouble {
            let message = format!("`{part}` is damaged: {message}; what follows is missing");
            self.say("damaged-package", Severity::Error, self.span(*at..*at), message);
        }
    }

    fn gather_notes(&mut self, kind: &'static str, part: &str) {
        let Some((text, start)) = self.source.part(part) else { return };
        let mut parser = Parser::new(text, start);
        if parser.enter(Space::W, &[kind, "s"].concat()) {
            while let Some(node) = parser.next() {
                let Node::Element(note) = node else { continue };
                let separates = note.attribute("type").is_some_and(|t| t != "normal");
                if let (true, false, Some(id)) = (note.is(kind), separates, note.attribute("id")) {
                    self.waiting.insert((kind, id), note);
                }
            }
        }
        self.trouble(part, &parser);
    }

    fn gather_comments(&mut self, part: &str) {
        let Some((text, start)) = self.source.part(part) else { return };
        let mut parser = Parser::new(text, start);
        if parser.enter(Space::W, "comments") {
            while let Some(node) = parser.next() {
                let Node::Element(comment) = node else { continue };
                let author = comment.attribute("author").unwrap_or_default();
                let words = words_of(&comment);
                if let Some(id) = comment.attribute("id") {
                    self.comments.insert(id, Comment { author, words });
                }
            }
        }
        self.trouble(part, &parser);
    }

    /// The note of an id as a number of the document; the note is read when it is first referred to.
    fn note(&mut self, kind: &'static str, id: &str) -> Option<usize> {
        let key = (kind, id.to_owned());
        if let Some(&number) = self.numbers.get(&key) {
            return Some(number);
        }
        let element = self.waiting.remove(&key)?;
        let number = self.notes.len();
        self.numbers.insert(key, number);
        self.notes.push(Vec::new());
        self.notes[number] = self.note_blocks(&element);
        if kind == "endnote" {
            self.endnotes.insert(number);
        }
        Some(number)
    }

    /// Where all notes are endnotes, that is the place of notes; otherwise each has its own.
    fn place_notes(&mut self, settings: &str) {
        if self.endnotes.is_empty() || self.endnotes.len() < self.notes.len() {
            return;
        }
        self.endnotes.clear();
        let text = self.source.part(settings).map_or("", |(text, _)| text);
        let sections = text.split("endnotePr").nth(1).is_some_and(|inner| inner.contains("\"sectEnd\""));
        self.meta.notes = Some(if sections { NotePlace::Chapter } else { NotePlace::End });
    }

    fn note_blocks(&mut self, element: &Element<'a>) -> Vec<Block> {
        let part = self.source.part_at(element.at.start).map_or(String::new(), |part| part.name.clone());
        let relations = parts::relations(self.source, &part);
        let mut story = story::Story::new(&part, relations, false);
        element.elements().for_each(|block| self.block(&mut story, block));
        // The mark of the note is parted from its words by a space.
        if let Some(story::Piece::Paragraph(first)) = story.pieces.first_mut() {
            let blank = first.text.as_str().len() - first.text.as_str().trim_start().len();
            first.text.remove(std::iter::once(0..blank));
        }
        self.finish(story)
    }

    /// Notes that nothing refers to: their words stand at the end of the text.
    fn loose_notes(&mut self, story: &mut story::Story) {
        let waiting = std::mem::take(&mut self.waiting);
        for (_, element) in waiting {
            let span = self.span(element.at.clone());
            if words_of(&element).trim().is_empty() {
                continue;
            }
            self.say(
                "unused-note",
                Severity::Warning,
                span,
                "nothing refers to this note; its words stand at the end",
            );
            for block in self.note_blocks(&element) {
                story.pieces.push(story::Piece::Block(block));
            }
        }
    }

    /// Running heads and feet are not carried: editions have their own.
    fn heads_and_feet(&mut self, main: &str) {
        let relations = parts::relations(self.source, main);
        for (kind, name) in [("header", "head"), ("footer", "foot")] {
            for part in relations.all_of_kind(kind) {
                let Some((text, start)) = self.source.part(&part) else { continue };
                let mut parser = Parser::new(text, start);
                let mut words = String::new();
                if parser.enter(Space::W, if kind == "header" { "hdr" } else { "ftr" }) {
                    while let Some(node) = parser.next() {
                        if let Node::Element(element) = node {
                            words.push_str(&words_of(&element));
                        }
                    }
                }
                let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
                // A page number alone is no loss.
                if words.chars().any(char::is_alphabetic) {
                    let span = self.span(start..start);
                    let message =
                        format!("the running {name} `{words}` is left out; editions have their own");
                    self.say("unread-element", Severity::Note, span, message);
                }
            }
        }
    }
}

/// The words of an element, a line a paragraph: what is told in a message.
fn words_of(element: &Element) -> String {
    fn gather(element: &Element, out: &mut String) {
        if matches!(element.space, Space::W | Space::A | Space::M)
            && matches!(element.name.as_str(), "t" | "delText")
        {
            element.letters().for_each(|l| out.push_str(&l.text));
        }
        element.elements().for_each(|e| gather(e, out));
        if element.name == "p" && !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
    }
    let mut out = String::new();
    gather(element, &mut out);
    out.trim_end().to_owned()
}
