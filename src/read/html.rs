//! HTML in, a document out: what people write, what programs export and what browsers save. Malformed HTML is normal.
//! Of a saved page only the article is read, and what is left out is reported; so is all that is not understood.

mod article;
mod blocks;
mod index;
mod inlines;
mod linked;
mod lists;
mod math;
mod meta;
mod names;
pub(super) mod notes;
mod pictures;
mod places;
mod run;
mod tables;
mod tail;
pub(super) mod tree;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use crate::{
    document::{Block, Document, Role},
    read::{ReadOptions, comments, heads, letter},
    report::{Diagnostic, Report, Severity},
    source::{Source, Span},
    text::{MarkKind, Text},
};
use notes::{At, Notes, Targets};
use run::Run;
use tree::{Id, Kind, Tree};

/// A parsed file of a document: the only one of a page, one of many of a book.
pub(super) struct File {
    /// Its path in the package; empty for a page.
    pub(super) path: String,
    tree: Tree,
    /// Elements that are no part of the article.
    left_out: BTreeSet<Id>,
}

/// Reads HTML.
pub fn read(source: &Source, options: &ReadOptions, report: &mut Report) -> Document {
    let mut document = Document::default();
    let file = parse(source, String::new(), 0..source.text.len(), is_xhtml(&source.text), report);
    let linked = linked::find(&source.text, &file.tree);
    meta::read(source, &file.tree, linked.as_ref(), &mut document.meta, report);
    let mut file = file;
    if !options.whole {
        file.left_out = article::leave_out(source, &file.tree, report);
    }
    meta::title(source, &file, linked.as_ref(), &mut document.meta, report);
    assemble(source, &mut [file], 1, options, &mut document, report);
    // A page is often called as its first heading is.
    if let (Some(title), Some(Block::Heading { text, .. })) = (&document.meta.title, document.blocks.first())
        && same_words(title, text)
        && !text.marks().iter().any(|m| matches!(m.kind, MarkKind::Note(_) | MarkKind::Image { .. }))
    {
        document.meta.title = Some(text.clone());
        document.blocks.remove(0);
    }
    heads::title(&mut document, options, report);
    if letter::is_one(&document.meta, options) {
        letter::guess(&mut document.blocks, report);
    }
    document
}

/// Whether a page says that it is XHTML, in which tags end themselves.
fn is_xhtml(text: &str) -> bool {
    text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).starts_with("<?xml")
}

/// Parses a file of a document.
pub(super) fn parse(
    source: &Source,
    path: String,
    range: Range<usize>,
    xml: bool,
    report: &mut Report,
) -> File {
    let start = range.start + entities(source, range.clone(), report);
    let tree = Tree::parse(&source.text, start..range.end, xml);
    if let Some(place) = &tree.too_deep {
        let message = "elements this deep in one another are put into one; no word is lost";
        unread(source, place.clone(), message.to_owned(), report);
    }
    File { path, tree, left_out: BTreeSet::new() }
}

/// The length of a document type that declares entities; such are not replaced, for they may be a trap.
fn entities(source: &Source, range: Range<usize>, report: &mut Report) -> usize {
    let text = &source.text[range.clone()];
    let head = text.trim_start();
    let Some(at) = text.find("<!DOCTYPE").filter(|&at| at < 4096 && head.starts_with('<')) else { return 0 };
    let (bracket, end) = (text[at..].find('['), text[at..].find('>'));
    let Some(bracket) = bracket.filter(|b| end.is_none_or(|e| *b < e)) else { return 0 };
    let Some(close) = text[at + bracket..].find("]>") else { return 0 };
    let end = at + bracket + close + 2;
    if text[at..end].contains("<!ENTITY") {
        let message = "entities that a document declares are not replaced; their names stand in the text";
        unread(source, range.start + at..range.start + end, message.to_owned(), report);
    }
    end
}

fn unread(source: &Source, range: Range<usize>, message: String, report: &mut Report) {
    report.push(Diagnostic::new("unread-html", Severity::Warning, Span::new(source.id, range), message));
}

/// Makes the blocks and notes of a document from its files, of which `shown` are its text and the others may have
/// notes. Gives back the index of the first block of each.
pub(super) fn assemble(
    source: &Source,
    files: &mut [File],
    shown: usize,
    options: &ReadOptions,
    document: &mut Document,
    report: &mut Report,
) -> Vec<usize> {
    index::find(files, &mut document.meta);
    let targets = Targets::of(files);
    let notes = Notes::find(&source.text, files, &targets);
    let mut reader = Reader {
        source,
        files,
        targets,
        notes,
        told: BTreeSet::new(),
        options,
        simplified: document.meta.language.as_deref().is_some_and(is_simplified),
        report,
        document,
        quotes: 0,
        tongue: None,
        depth: 0,
        unread: BTreeMap::new(),
        file: 0,
        names: BTreeMap::new(),
        anchors: BTreeMap::new(),
        waiting: Vec::new(),
    };
    reader.find_places(shown);
    reader.find_note_place();
    let mut starts = Vec::new();
    for file in 0..shown {
        reader.file = file;
        starts.push(reader.document.blocks.len());
        reader.title_block();
        let blocks = reader.flow(Tree::ROOT);
        reader.document.blocks.extend(blocks);
    }
    // A note may refer to other notes, which are numbered after it.
    while let Some(&at) = reader.notes.order.get(reader.document.notes.len()) {
        let note = reader.note_blocks(at);
        reader.document.notes.push(note);
    }
    reader.find_endnotes();
    reader.unused();
    reader.last_place();
    reader.tell();
    reader.comments();
    starts
}

fn is_simplified(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    tag.contains("hans") || ["zh-cn", "zh-sg", "zh-my"].contains(&tag.as_str())
}

struct Reader<'a> {
    source: &'a Source,
    files: &'a [File],
    targets: Targets,
    notes: Notes,
    /// Elements whose words are in the metadata already, or in a caption.
    told: BTreeSet<At>,
    options: &'a ReadOptions,
    /// Whether `<q>` has the quotation marks of Simplified text.
    simplified: bool,
    report: &'a mut Report,
    document: &'a mut Document,
    /// `<q>` inside one another.
    quotes: usize,
    /// What the element around says of its words: another language, or that they stay.
    tongue: Option<MarkKind>,
    /// Quotations and lists inside one another.
    depth: usize,
    /// What is read otherwise than it may be meant: where first, and how often.
    unread: BTreeMap<&'static str, (Span, usize)>,
    /// The file that is read.
    file: usize,
    /// The names of the elements that links lead to.
    names: BTreeMap<At, String>,
    /// Those of them that are not read yet.
    anchors: BTreeMap<At, String>,
    /// The names of places that wait for their text.
    waiting: Vec<String>,
}

impl<'a> Reader<'a> {
    fn tree(&self) -> &'a Tree {
        &self.files[self.file].tree
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source.id, range)
    }

    /// Counts something that is told once, with its first place.
    fn count(&mut self, what: &'static str, id: Id) {
        let span = match self.tree().element(id) {
            Some(element) => self.span(element.tag.clone()),
            None => self.span(self.tree().range(id)),
        };
        self.unread.entry(what).or_insert((span, 0)).1 += 1;
    }

    fn say(&mut self, id: Id, message: String) {
        let range = self.tree().element(id).map_or(self.tree().range(id), |e| e.tag.clone());
        unread(self.source, range, message, self.report);
    }

    /// The number of a note that is referred to here.
    fn note(&mut self, note: At) -> usize {
        match self.notes.order.iter().position(|&n| n == note) {
            Some(index) => index,
            None => {
                self.notes.order.push(note);
                self.notes.order.len() - 1
            }
        }
    }

    /// The blocks of a note, without what names it and leads back.
    fn note_blocks(&mut self, at: At) -> Vec<Block> {
        self.file = at.0;
        let mut blocks = self.inside(at.1);
        let label = self.notes.notes.get(&at).cloned().unwrap_or_default();
        if let Some(Block::Paragraph { text, role }) = blocks.first_mut() {
            *role = Role::Body;
            *text = without_label(text, &label);
        }
        blocks.retain(|b| !matches!(b, Block::Paragraph { text, .. } if text.is_empty()));
        blocks
    }

    /// Notes whose references are left out stand at the end.
    fn unused(&mut self) {
        let unused: Vec<At> =
            self.notes.notes.keys().filter(|note| !self.notes.order.contains(note)).copied().collect();
        for at in unused {
            let inside = |id: Id| {
                let file = &self.files[at.0];
                std::iter::once(id).chain(file.tree.ancestors(id)).any(|a| file.left_out.contains(&a))
            };
            if inside(at.1) {
                continue;
            }
            self.file = at.0;
            let blocks = self.note_blocks(at);
            let message = "a note that nothing refers to stands at the end of the text".to_owned();
            let span = self.span(self.tree().range(at.1));
            self.report.push(Diagnostic::new("unused-note", Severity::Warning, span, message));
            self.document.blocks.extend(blocks);
        }
    }

    /// Tells what was counted.
    fn tell(&mut self) {
        for (what, (span, times)) in std::mem::take(&mut self.unread) {
            let message = if times > 1 { format!("{what} ({times} times)") } else { what.to_owned() };
            self.report.push(Diagnostic::new("unread-html", Severity::Note, span, message));
        }
    }

    /// What comments take from the proofreader.
    fn comments(&mut self) {
        let mut found = Vec::new();
        for file in self.files {
            let tree = &file.tree;
            for id in tree.descendants(Tree::ROOT).filter(|&id| tree.kind(id) == Kind::Comment) {
                let range = tree.range(id);
                if !self.source.text[range.clone()].contains("hanpress") {
                    continue;
                }
                let mut comments = comments::find(
                    &self.source.text[range.clone()],
                    self.source.id,
                    range.start,
                    self.report,
                );
                let parent = tree.parent(id);
                let block = match names::is_block(tree.name(parent)) && has_words(self.source, tree, parent) {
                    true => Some(parent),
                    false => std::iter::successors(tree.next(id), |&n| tree.next(n))
                        .find(|&n| tree.element(n).is_some()),
                };
                comments.iter_mut().for_each(|c| c.block = block.map(|b| tree.range(b)));
                found.extend(comments);
            }
        }
        found.sort_by_key(|comment| comment.range.start);
        comments::ignore(found, self.source.id, self.source.text.len(), self.document, self.report);
    }
}

/// Whether words stand right in an element.
fn has_words(source: &Source, tree: &Tree, id: Id) -> bool {
    tree.children(id).any(|c| tree.kind(c) == Kind::Text && !source.text[tree.range(c)].trim().is_empty())
}

/// Whether two texts have the same words.
pub(super) fn same_words(a: &Text, b: &Text) -> bool {
    let words = |text: &Text| text.as_str().chars().filter(|c| !c.is_whitespace()).collect::<String>();
    words(a) == words(b)
}

/// A note without the number that the page writes before it: `[1] 見…`.
fn without_label(text: &Text, label: &str) -> Text {
    let string = text.as_str();
    let (label, rest) = (notes::bare(label), string.trim_start());
    let open = rest.trim_start_matches(['[', '［', '〔', '【', '(', '（']);
    let after = open.strip_prefix(label).filter(|_| !label.is_empty());
    let end =
        after.map(|a| a.trim_start_matches([']', '］', '〕', '】', ')', '）', '.', '．', '、', ':', '：']));
    match (after, end) {
        (Some(after), Some(end)) if end.len() < after.len() => {
            let start = string.len() - end.trim_start().len();
            text.slice(start..string.len())
        }
        // The link that was the number stood before its stop.
        _ => {
            let rest = rest.trim_start_matches(['.', '．', '、', ':', '：', ']', ')', '）', ' ']);
            text.slice(string.len() - rest.len()..string.len())
        }
    }
}

/// A flow in the making: blocks, and the paragraph that is open.
struct Flow {
    blocks: Vec<Block>,
    run: Run,
    role: Role,
}
