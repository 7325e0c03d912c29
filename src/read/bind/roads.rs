//! Links from one file of a book to another: `[乙](02.md#x)`, `[乙](02.md)`. They lead to the place in the bound book.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    document::{Block, Document},
    links::slug,
    package::unescaped,
    read::bind::{Leaf, inside, places},
    text::{MarkKind, OBJECT, Text},
};

/// A target while the book is bound: the file, and the name in it; no manuscript can write it.
const SIGN: char = '\u{1}';

/// The links between the files of a book.
#[derive(Default)]
pub(super) struct Roads {
    /// The names in each file that links lead to; an empty one is its beginning.
    wanted: BTreeMap<String, BTreeSet<String>>,
    /// Where these are in the book.
    found: BTreeMap<(String, String), String>,
}

impl Roads {
    /// Finds the links of all chapters that lead to a chapter, and gives them their file as seen from the book.
    pub(super) fn find(leaves: &mut [Leaf]) -> Self {
        let mut roads = Self::default();
        let paths: BTreeSet<String> = leaves
            .iter()
            .filter_map(|leaf| match leaf {
                Leaf::Chapter(chapter) => Some(chapter.path.clone()),
                Leaf::Part(_) => None,
            })
            .collect();
        for leaf in leaves {
            let Leaf::Chapter(chapter) = leaf else { continue };
            let own = places(&chapter.document);
            let folder = chapter.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            for (_, text) in chapter.document.texts_mut() {
                for kind in text.kinds_mut() {
                    let (MarkKind::Link { url, .. } | MarkKind::Reference { url, .. }) = kind else {
                        continue;
                    };
                    let (path, name) = url.split_once('#').unwrap_or((url, ""));
                    let empty = name.is_empty() || own.contains(name) || own.contains(&unescaped(name));
                    if path.is_empty() && empty {
                        continue;
                    }
                    let file = match path {
                        "" => chapter.path.clone(),
                        path => inside(folder, &unescaped(path)),
                    };
                    if path.starts_with(['/', '\\']) || !paths.contains(&file) {
                        continue;
                    }
                    let name = unescaped(name);
                    *url = format!("{SIGN}{file}{SIGN}{name}{SIGN}{url}");
                    roads.wanted.entry(file).or_default().insert(name);
                }
            }
        }
        roads
    }

    /// Makes the places of a chapter that links lead to: gives the wanted names with those that they have there.
    pub(super) fn places(&self, path: &str, chapter: &mut Document) -> Vec<(String, String)> {
        let Some(wanted) = self.wanted.get(path) else { return Vec::new() };
        let mut own = places(chapter);
        let mut out = Vec::new();
        for name in wanted {
            if own.contains(name) {
                out.push((name.clone(), name.clone()));
                continue;
            }
            let stem = path.rsplit('/').next().and_then(|file| file.split('.').next()).unwrap_or_default();
            let called = if name.is_empty() { slug(stem) } else { name.clone() };
            let free = (2..).map(|number| format!("{called}-{number}"));
            let free =
                std::iter::once(called.clone()).chain(free).find(|new| !new.is_empty() && !own.contains(new));
            let new = free.expect("numbers do not end");
            let text = if name.is_empty() { first(chapter) } else { headed(chapter, name) };
            let Some(text) = text else { continue };
            let there = text.anchor().map(str::to_owned).unwrap_or_else(|| {
                text.mark_around(0..text.as_str().len(), MarkKind::Anchor(new.clone()));
                new
            });
            own.insert(there.clone());
            out.push((name.clone(), there));
        }
        out
    }

    /// Remembers under which names the places of a chapter stand in the book, after some got `new` ones.
    pub(super) fn arrive(
        &mut self,
        path: &str,
        found: Vec<(String, String)>,
        new: &BTreeMap<String, String>,
    ) {
        for (name, there) in found {
            let there = new.get(&there).cloned().unwrap_or(there);
            self.found.insert((path.to_owned(), name), there);
        }
    }

    /// Gives all links their places. One that leads to nothing in its chapter is again as it was written.
    pub(super) fn settle(&self, book: &mut Document) {
        if self.wanted.is_empty() {
            return;
        }
        for (_, text) in book.texts_mut() {
            for kind in text.kinds_mut() {
                let (MarkKind::Link { url, .. } | MarkKind::Reference { url, .. }) = kind else { continue };
                let Some(rest) = url.strip_prefix(SIGN) else { continue };
                let mut parts = rest.splitn(3, SIGN);
                let (file, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                let written = parts.next().unwrap_or_default();
                *url = match self.found.get(&(file.to_owned(), name.to_owned())) {
                    Some(there) => ["#", there].concat(),
                    None => written.to_owned(),
                };
            }
            show(text);
        }
    }
}

/// A reference to what is not in the book shows its target.
fn show(text: &mut Text) {
    let away = |kind: &MarkKind| matches!(kind, MarkKind::Reference { url, .. } if !url.starts_with('#'));
    let gone: Vec<_> = text.marks().iter().filter(|mark| away(&mark.kind)).cloned().collect();
    for mark in gone.into_iter().rev() {
        let MarkKind::Reference { url, .. } = &mark.kind else { continue };
        if text.as_str()[mark.range.clone()].contains(OBJECT) {
            text.rewrite(vec![(mark.range.clone(), url.clone())]);
        }
        let end = mark.range.start + url.len();
        text.unmark(|other| other.range.start == mark.range.start && other.kind == mark.kind);
        text.mark(mark.range.start..end.min(text.as_str().len()), MarkKind::Url);
    }
}

/// The first text of a chapter.
fn first(chapter: &mut Document) -> Option<&mut Text> {
    chapter.texts_mut().into_iter().map(|(_, text)| text).find(|text| !text.is_empty())
}

/// The heading of a chapter that a name is made of, as on GitHub.
fn headed<'d>(chapter: &'d mut Document, name: &str) -> Option<&'d mut Text> {
    let wanted = slug(name);
    let words = |text: &Text| slug(&text.as_str().replace('\n', "\u{3000}").replace(OBJECT, ""));
    chapter.blocks.iter_mut().find_map(|block| match block {
        Block::Heading { text, .. } if !text.is_empty() && words(text) == wanted => Some(text),
        _ => None,
    })
}
