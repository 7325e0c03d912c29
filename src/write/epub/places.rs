//! Where links within a document lead: the file of each place and the identifier that it has there.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Block, Document, collect, each},
    links,
    text::Text,
    write::epub::Chapter,
};

/// A place that links lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::write) struct Place {
    /// The file; empty where there is only one.
    pub(in crate::write) path: String,
    /// The identifier, unlike any that the writer gives.
    pub(in crate::write) id: String,
}

/// The places of a document whose text stands in these files, and its notes with the text or, those that are `apart`, in
/// one of their own; the title stands in the first.
pub(in crate::write) fn of(
    document: &Document,
    chapters: &[Chapter],
    notes: Option<&str>,
    apart: impl Fn(usize) -> bool,
) -> BTreeMap<String, Place> {
    let names = links::all(document);
    if names.is_empty() {
        return BTreeMap::new();
    }
    let mut paths: BTreeMap<&str, &str> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for chapter in chapters {
        // A note stands in the file that refers to it first.
        let mut noted = document.notes_of(chapter.blocks);
        noted.retain(|index| !apart(*index) && told.insert(*index));
        let noted = noted.iter().map(|&index| document.notes[index].as_slice());
        for blocks in std::iter::once(chapter.blocks).chain(noted) {
            for name in texts(blocks).into_iter().flat_map(links::anchors).map(|(_, name)| name) {
                paths.entry(name).or_insert(&chapter.path);
            }
            each(blocks, &mut |block| {
                if let Block::Figure { anchor: Some(name), .. } = block {
                    paths.entry(name).or_insert(&chapter.path);
                }
            });
        }
    }
    // What no block has stands in the title, or in a note that nothing refers to.
    let first = chapters.first().map_or("", |chapter| &chapter.path);
    let last = notes.or(chapters.last().map(|chapter| chapter.path.as_str())).unwrap_or_default();
    let titles: BTreeSet<&str> = document
        .meta
        .title
        .iter()
        .chain(&document.meta.subtitle)
        .flat_map(links::anchors)
        .map(|a| a.1)
        .collect();
    let mut out: BTreeMap<String, Place> = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for name in names {
        let other = if titles.contains(name) { first } else { last };
        let path = paths.get(name).copied().unwrap_or(other).to_owned();
        let wanted = id(name);
        let more = (2..).map(|n| format!("{wanted}-{n}"));
        let id = std::iter::once(wanted.clone()).chain(more).find(|id| taken.insert(id.clone()));
        out.insert(name.to_owned(), Place { path, id: id.expect("numbers do not end") });
    }
    out
}

fn texts(blocks: &[Block]) -> Vec<&Text> {
    let mut out = Vec::new();
    collect(blocks, &mut out);
    out.into_iter().map(|(_, text)| text).collect()
}

/// A name as XML allows it for an identifier, and unlike `heading-1`, `note-1` and the others of the writer.
fn id(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let name: String = name.chars().map(kept).collect();
    let own = ["heading-", "note-", "ref-", "entry-"].iter().any(|start| {
        name.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    }) || name == "title"
        || name.starts_with("index-of-");
    let starts = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    if own || !starts { ["place-", &name].concat() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_identifiers() {
        for (name, expected) in [
            ("fig-1", "fig-1"),
            ("第一章", "第一章"),
            ("fig:1", "fig_1"),
            ("1", "place-1"),
            ("note-1", "place-note-1"),
            ("entry-2", "place-entry-2"),
            ("notes", "notes"),
            ("title", "place-title"),
        ] {
            assert_eq!(id(name), expected, "{name}");
        }
    }
}
