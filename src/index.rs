//! Indexes: marked words of a document in, the entries of an index in the order of an edition out. Where its words
//! stand each writer knows best: a page, a file.

mod order;

use std::collections::BTreeMap;

use crate::{
    document::{Document, IndexKind},
    edition::{Edition, Script},
    text::{Mark, MarkKind, OBJECT, Text},
};

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// What it lists.
    pub kind: IndexKind,
    /// Its entries, by strokes or by sound.
    pub groups: Vec<Group>,
}

/// Entries under one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `三畫`, or `A`.
    pub label: String,
    /// The entries, in order.
    pub entries: Vec<Entry>,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its words.
    pub words: String,
    /// Where these stand, in order.
    pub places: Vec<Locator>,
}

/// A place that an entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// What is printed: a page, several pages, a number.
    pub label: String,
    /// Where it leads; what that is, the writer knows.
    pub target: String,
}

/// The indexes that a document asks for, in order: words of each and where they stand. One without words is left out.
pub fn of(
    document: &Document,
    edition: &Edition,
    places: impl Fn(IndexKind, &str) -> Vec<Locator>,
) -> Vec<Index> {
    let mut all: BTreeMap<IndexKind, Vec<String>> = BTreeMap::new();
    if !document.meta.index.is_empty() {
        for (_, text) in document.texts() {
            for (_, kind, words) in listed(document, text) {
                all.entry(kind).or_default().push(words);
            }
        }
    }
    let kinds = document.meta.index.iter();
    kinds
        .filter_map(|kind| {
            let mut words = all.remove(kind)?;
            words.sort_unstable();
            words.dedup();
            let entry = |words: String| {
                let places = places(*kind, &words);
                Entry { words, places }
            };
            let groups = order::sorted(words, *kind == IndexKind::Names, edition.script)
                .into_iter()
                .map(|(label, words)| Group { label, entries: words.into_iter().map(entry).collect() });
            Some(Index { kind: *kind, groups: groups.collect() })
        })
        .collect()
}

/// The marks of a text that an index of the document lists, in order: which index, under which words.
pub fn listed<'t>(
    document: &'t Document,
    text: &'t Text,
) -> impl Iterator<Item = (&'t Mark, IndexKind, String)> {
    let marks = text.marks();
    marks.iter().filter(|_| !document.meta.index.is_empty()).filter_map(move |mark| {
        let asked = &document.meta.index;
        let kind = kind(marks, mark, asked).filter(|kind| asked.contains(kind))?;
        let words = entry(text, mark);
        (!words.is_empty()).then_some((mark, kind, words))
    })
}

/// The index that lists a mark. Over a name that another index lists, the mark of a term says only how that has it.
fn kind(marks: &[Mark], mark: &Mark, asked: &[IndexKind]) -> Option<IndexKind> {
    let other = |kind: &MarkKind| match kind {
        MarkKind::Name => Some(IndexKind::Names),
        MarkKind::Title => Some(IndexKind::Titles),
        _ => None,
    };
    let listed =
        |one: &&Mark| one.range == mark.range && other(&one.kind).is_some_and(|k| asked.contains(&k));
    match &mark.kind {
        MarkKind::Index(_) if marks.iter().find(listed).is_some() => None,
        MarkKind::Index(_) => Some(IndexKind::Terms),
        kind => other(kind),
    }
}

/// The words under which an index lists a mark: those that are given for it, or its own.
fn entry(text: &Text, mark: &Mark) -> String {
    let given = text.marks().iter().find_map(|other| match &other.kind {
        MarkKind::Index(words) if other.range == mark.range && !words.is_empty() => Some(words.as_str()),
        _ => None,
    });
    let words = given.unwrap_or(&text.as_str()[mark.range.clone()]);
    words.chars().filter(|c| *c != OBJECT && *c != '\n').collect::<String>().trim().to_owned()
}

/// What an index is called in an edition.
pub fn title(kind: IndexKind, edition: &Edition) -> &'static str {
    match (kind, edition.script) {
        (IndexKind::Names, _) => "人名索引",
        (IndexKind::Titles, Script::Traditional) => "書名索引",
        (IndexKind::Titles, Script::Simplified) => "书名索引",
        (IndexKind::Terms, _) => "索引",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        read::{ReadOptions, markdown},
        report::Report,
        source::{Source, SourceId},
    };

    #[test]
    fn what_is_marked_is_listed_and_nothing_else() {
        for (markdown, expected) in [
            ("---\nindex: names\n---\n[寶玉]{.name}讀[西廂]{.title}。", "names: 二十畫 寶玉"),
            (
                "---\nindex: [titles, names]\n---\n[乙]{.name}[甲]{.title}[乙]{.name}",
                "titles: 五畫 甲|names: 一畫 乙",
            ),
            ("---\nindex: terms\n---\n[活字]{.index}與[字]{.name}", "terms: 九畫 活字"),
            ("---\nindex: names, terms\n---\n[寶玉]{.name .index entry=賈寶玉}", "names: 十三畫 賈寶玉"),
            ("---\nindex: terms\n---\n[它]{.index entry=\"活 字\"}", "terms: 九畫 活 字"),
            ("---\nindex: terms\n---\n[寶玉]{.name .index entry=賈寶玉}[乙]{.name}", "terms: 十三畫 賈寶玉"),
            ("---\nindex: terms\n---\n沒有", ""),
            ("[寶玉]{.name}[活字]{.index}", ""),
        ] {
            let source = Source::new(SourceId(0), "a.md", markdown);
            let document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
            let edition = Edition::parse("tw").expect("known");
            let all = of(&document, &edition, |_, _| Vec::new());
            let shown = all.iter().map(|index| {
                let groups = index.groups.iter().map(|group| {
                    let words: Vec<&str> = group.entries.iter().map(|e| e.words.as_str()).collect();
                    format!("{} {}", group.label, words.join(" "))
                });
                format!("{}: {}", index.kind.name(), groups.collect::<Vec<_>>().join(" "))
            });
            assert_eq!(shown.collect::<Vec<_>>().join("|"), expected, "{markdown}");
        }
    }
}
