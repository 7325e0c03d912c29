//! Indexes of a DOCX: a hidden field behind each word that one lists, and at the end a field with the entries filled in.
//! The pages are those of the layout, until the program that opens the file counts its own.

use std::ops::Range;

use crate::{
    document::{Document, IndexKind},
    edition::{Region, Script},
    index::{self, Index},
    text::{MarkKind, Text},
    write::{
        docx::{contents, inline::Story},
        runs::Voice,
    },
};

/// Words that an index lists.
pub(super) struct Marked {
    /// Where they stand in their text.
    pub range: Range<usize>,
    kind: IndexKind,
    /// Under which words they are listed.
    words: String,
    /// Whether these are their own.
    own: bool,
    /// The bookmark around words that are listed under others: its id, and its name.
    bookmark: Option<(String, String)>,
    ended: bool,
}

/// The words of a text that an index lists, and those that are marked for one.
pub(super) fn marks(document: &Document, text: &Text) -> Vec<Marked> {
    let marked = |range: Range<usize>, kind, words: String| {
        let own = text.as_str()[range.clone()] == words;
        Marked { range, kind, words, own, bookmark: None, ended: false }
    };
    let mut out: Vec<Marked> = index::listed(document, text)
        .map(|(mark, kind, words)| marked(mark.range.clone(), kind, words))
        .collect();
    for mark in text.marks() {
        if let MarkKind::Index(words) = &mark.kind
            && !out.iter().any(|one| one.range == mark.range)
        {
            let own = &text.as_str()[mark.range.clone()];
            let words = if words.is_empty() { own } else { words };
            out.push(marked(mark.range.clone(), IndexKind::Terms, words.to_owned()));
        }
    }
    out
}

/// What the tag of an index begins with, before the name of its kind.
const TAG: &str = "hanpress-index-";

impl Story<'_, '_> {
    /// Begins the bookmark of words that are listed under others: nothing else says where they begin.
    pub(super) fn begin_entry(&mut self, one: &mut Marked) {
        if !one.own {
            self.ids += 1;
            let (id, name) = (self.ids.to_string(), format!("_Index{}", self.ids));
            self.xml.empty("w:bookmarkStart", &[("w:id", &id), ("w:name", &name)]);
            one.bookmark = Some((id, name));
        }
    }

    /// Writes the fields of the words that end at a place of the text.
    pub(super) fn end_entries(&mut self, all: &mut [Marked], at: usize) {
        for one in all.iter_mut().filter(|one| !one.ended && one.range.end <= at) {
            one.ended = true;
            if let Some((id, _)) = &one.bookmark {
                self.xml.empty("w:bookmarkEnd", &[("w:id", id)]);
            }
            let mut instruction = format!(" XE \"{}\"{}", quoted(&one.words), flag(one.kind));
            if let Some((_, name)) = &one.bookmark {
                instruction += &format!(" \\r {name}");
            }
            self.xml.open("w:r", &[]).empty("w:fldChar", &[("w:fldCharType", "begin")]).close();
            self.xml.open("w:r", &[]);
            self.xml.leaf("w:instrText", &[("xml:space", "preserve")], &(instruction + " ")).close();
            contents::mark(self, "end");
        }
    }
}

/// What tells the fields of one index from those of another; the index of terms is what others simply call the index.
fn flag(kind: IndexKind) -> String {
    if kind == IndexKind::Terms { String::new() } else { format!(" \\f \"{}\"", kind.name()) }
}

/// Words in the quotation marks of a field; a colon would begin an entry below this one.
fn quoted(words: &str) -> String {
    words.replace('\\', "\\\\").replace('"', "\\\"").replace(':', "\\:")
}

/// Writes the indexes of a document.
pub(super) fn write(story: &mut Story) {
    let book = story.book;
    let known = book.paged.indexes.as_slice();
    let without =
        if known.is_empty() { index::of(book.document, book.edition, |_, _| Vec::new()) } else { Vec::new() };
    let all = if known.is_empty() { &without } else { known };
    // LibreOffice comes to grief over an index behind one that has a name of its own: only the last may have one, and
    // the others are paragraphs that no program makes anew.
    for (at, index) in all.iter().enumerate() {
        let field = index.kind == IndexKind::Terms || at + 1 == all.len();
        one(story, index, field, known.is_empty());
    }
}

fn one(story: &mut Story, index: &Index, field: bool, stale: bool) {
    let edition = story.book.edition;
    let title = index::title(index.kind, edition);
    story.xml.open("w:sdt", &[]).open("w:sdtPr", &[]);
    story.xml.empty("w:alias", &[("w:val", title)]);
    story.xml.empty("w:tag", &[("w:val", &[TAG, index.kind.name()].concat())]);
    story.xml.close().open("w:sdtContent", &[]).line();
    contents::open(story, "Heading1");
    story.words(title, Voice::Heading);
    story.xml.close().line();
    // How Word is to sort it: by the language.
    let language = match (edition.script, edition.region) {
        (Script::Simplified, _) => "2052",
        (Script::Traditional, Region::Hk) => "3076",
        (Script::Traditional, _) => "1028",
    };
    let instruction =
        format!(" INDEX{} \\e \"\u{3000}\" \\h \"A\" \\c \"1\" \\z \"{language}\" ", flag(index.kind));
    let last = index.groups.last().map_or(0, |group| group.entries.len());
    for (number, group) in index.groups.iter().enumerate() {
        contents::open(story, "IndexHeading");
        if number == 0 && field {
            contents::begin_as(story, &instruction, stale);
        }
        story.words(&group.label, Voice::Heading);
        story.xml.close().line();
        for (at, entry) in group.entries.iter().enumerate() {
            contents::open(story, "Index1");
            let labels: Vec<&str> = entry.places.iter().map(|place| place.label.as_str()).collect();
            let gap = if labels.is_empty() { "" } else { "\u{3000}" };
            let western = labels.iter().all(|label| label.is_ascii() || label.contains('–'));
            let joint = if western { ", " } else { "、" };
            story.words(&[&entry.words, gap, &labels.join(joint)].concat(), Voice::Body);
            if field && number + 1 == index.groups.len() && at + 1 == last {
                contents::mark(story, "end");
            }
            story.xml.close().line();
        }
    }
    story.xml.close().close().line();
}
