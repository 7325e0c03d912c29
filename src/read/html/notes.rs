//! Notes in HTML: links that lead to a note and back. Which links are references, which elements are notes, and which
//! links only lead back, found over all files before they are read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Range,
};

use crate::{
    package::{target, unescaped},
    read::html::{
        File,
        run::decoded,
        tree::{Id, Kind, Tree},
    },
};

/// A node of a file.
pub(super) type At = (usize, Id);

/// Longest words of a reference, characters: `[註12]`.
const LONGEST_MARKER: usize = 8;

/// The notes of a document.
#[derive(Default)]
pub(super) struct Notes {
    /// The note of each reference.
    pub(super) references: BTreeMap<At, At>,
    /// The notes, and the words of the first reference to each.
    pub(super) notes: BTreeMap<At, String>,
    /// What leads back from a note, or only names it: no text.
    pub(super) backs: BTreeSet<At>,
    /// Labels of notes in a definition list or a table: no text.
    pub(super) labels: BTreeSet<At>,
    /// Elements that hold notes.
    pub(super) holders: BTreeSet<At>,
    /// Notes in the order of their first reference, as they are read.
    pub(super) order: Vec<At>,
}

/// Where names in links lead to.
pub(super) struct Targets {
    ids: HashMap<(usize, String), Id>,
    paths: HashMap<String, usize>,
}

/// Where a link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// Out of the document.
    Away,
    /// To a file of the document.
    File,
    /// To an element.
    Node(At),
}

impl Targets {
    pub(super) fn of(files: &[File]) -> Self {
        let mut ids = HashMap::new();
        for (index, file) in files.iter().enumerate() {
            for id in file.tree.descendants(Tree::ROOT) {
                for name in ["id", "name"] {
                    if let Some(value) = file.tree.attribute(id, name)
                        && (name == "id" || file.tree.name(id) == "a")
                    {
                        ids.entry((index, value.to_owned())).or_insert(id);
                    }
                }
            }
        }
        let paths = files.iter().enumerate().map(|(index, file)| (file.path.clone(), index)).collect();
        Self { ids, paths }
    }

    /// The file that a path in another one names.
    pub(super) fn file(&self, files: &[File], file: usize, path: &str) -> Option<usize> {
        match path {
            "" => Some(file),
            path => target(&files[file].path, path).and_then(|path| self.paths.get(&path).copied()),
        }
    }

    /// Where a reference in a file leads.
    pub(super) fn find(&self, files: &[File], file: usize, href: &str) -> Link {
        let (path, name) = href.split_once('#').unwrap_or((href, ""));
        let Some(index) = self.file(files, file, path) else { return Link::Away };
        let unescaped = unescaped(name);
        let node = [name, unescaped.as_str()]
            .iter()
            .find_map(|name| self.ids.get(&(index, (*name).to_owned())).copied());
        node.map_or(Link::File, |id| Link::Node((index, id)))
    }
}

impl Notes {
    /// Finds all notes.
    pub(super) fn find(source: &str, files: &[File], targets: &Targets) -> Self {
        let mut notes = Self::default();
        for (index, file) in files.iter().enumerate() {
            let tree = &file.tree;
            for id in tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "a") {
                notes.link(source, files, targets, (index, id));
            }
        }
        let found: Vec<At> = notes.notes.keys().copied().collect();
        for note in found {
            notes.backs_of(source, files, targets, note);
        }
        notes
    }

    fn link(&mut self, source: &str, files: &[File], targets: &Targets, at: At) {
        let (file, id) = at;
        let tree = &files[file].tree;
        let Some(href) = tree.attribute(id, "href").filter(|h| h.contains('#')) else { return };
        let Link::Node(target) = targets.find(files, file, href) else { return };
        let inside = |node: Id| tree.ancestors(node).any(|a| self.notes.contains_key(&(file, a)));
        let says = says_reference(tree, id);
        if !says && inside(id) {
            return;
        }
        let words = words(source, tree, id);
        let Some((note, label)) = note_of(&files[target.0].tree, target) else { return };
        let holds = note.0 == file && (note.1 == id || tree.ancestors(id).any(|a| a == note.1));
        let later = (file, tree.range(id).start) < (note.0, files[note.0].tree.range(note.1).start);
        let back = || leads_to(files, targets, note, at);
        let is_one = says || is_marker(&words) && later && (is_note(&files[note.0].tree, note.1) || back());
        if holds || !is_one {
            return;
        }
        self.references.insert(at, note);
        self.notes.entry(note).or_insert(words);
        self.labels.extend(label);
        let mut at = note;
        for above in files[note.0].tree.ancestors(note.1) {
            if is_holder(&files[note.0].tree, above) {
                at.1 = above;
                self.holders.insert(at);
            }
        }
    }

    fn backs_of(&mut self, source: &str, files: &[File], targets: &Targets, note: At) {
        let tree = &files[note.0].tree;
        for id in tree.descendants(note.1).filter(|&id| id != note.1) {
            let named = tree.attribute(id, "class").is_some_and(|class| {
                let known = ["footnote-back", "footnote-backref", "reversefootnote", "mw-cite-backlink"];
                class
                    .split_ascii_whitespace()
                    .any(|c| known.contains(&c) || matches!(c, "fn-bracket" | "fn-backref"))
            });
            let named = named
                || tree.attribute(id, "data-footnote-backref").is_some()
                || tree.has(id, "role", "doc-backlink");
            if named {
                self.backs.insert((note.0, id));
                continue;
            }
            if tree.name(id) != "a" || self.references.contains_key(&(note.0, id)) {
                continue;
            }
            let Some(href) = tree.attribute(id, "href").filter(|h| h.contains('#')) else { continue };
            if let Link::Node(target) = targets.find(files, note.0, href) {
                let words = words(source, tree, id);
                let arrow = words.chars().all(|c| "↩↑^⏎⤴↵⬆\u{fe0e}\u{fe0f} ".contains(c));
                if (is_marker(&words) || arrow)
                    && self.references.keys().any(|&reference| is_near(files, target, reference))
                {
                    self.backs.insert((note.0, id));
                }
            }
        }
    }
}

/// Whether the name of a reference is on it or on what stands right around it.
fn is_near(files: &[File], target: At, reference: At) -> bool {
    let tree = &files[reference.0].tree;
    target.0 == reference.0
        && (target.1 == reference.1
            || tree.ancestors(reference.1).take(2).any(|a| a == target.1)
            || tree.parent(target.1) == reference.1
            // `<a id="ref1"></a><a href="#note1">`
            || tree.next(target.1) == Some(reference.1))
}

/// Whether a link in the note leads to the reference.
fn leads_to(files: &[File], targets: &Targets, note: At, reference: At) -> bool {
    let tree = &files[note.0].tree;
    tree.descendants(note.1).filter(|&id| tree.name(id) == "a").take(40).any(|id| {
        let href = tree.attribute(id, "href").filter(|h| h.contains('#'));
        let target = href.map(|href| targets.find(files, note.0, href));
        matches!(target, Some(Link::Node(target)) if is_near(files, target, reference))
    })
}

/// Whether a link says of itself that it refers to a note.
fn says_reference(tree: &Tree, id: Id) -> bool {
    let classes = ["footnote-ref", "footnote-reference", "footnoteref", "noteref", "note-ref", "fnref"];
    tree.has(id, "epub:type", "noteref")
        || tree.has(id, "role", "doc-noteref")
        || tree.attribute(id, "data-footnote-ref").is_some()
        || classes.iter().any(|class| tree.has(id, "class", class))
}

/// Whether an element is a note by what it says of itself or of what it stands in.
fn is_note(tree: &Tree, id: Id) -> bool {
    let says = ["footnote", "endnote", "rearnote", "note"];
    let named = tree.attribute(id, "id").unwrap_or_default().to_ascii_lowercase();
    let named = named.trim_start_matches(['_', '-']);
    says.iter().any(|word| {
        tree.has(id, "epub:type", word)
            || tree.has(id, "class", word)
            || tree.has(id, "role", &["doc-", word].concat())
    }) || ["fn", "note", "cite_note", "cite-note", "footnote", "ftn", "endnote", "en-"]
        .iter()
        .any(|start| named.starts_with(start) && !named.contains("ref"))
        || tree.ancestors(id).take(3).any(|above| is_holder(tree, above))
}

/// Whether an element says that it holds notes.
fn is_holder(tree: &Tree, id: Id) -> bool {
    let words = ["footnotes", "endnotes", "rearnotes", "notes", "references", "footnote-list", "note-list"];
    words.iter().any(|word| tree.has(id, "epub:type", word) || tree.has(id, "class", word))
        || tree.has(id, "role", "doc-endnotes")
        || tree.attribute(id, "data-footnotes").is_some()
}

/// The element that is the note at a target, with its label if that stands apart.
fn note_of(tree: &Tree, target: At) -> Option<(At, Option<At>)> {
    let inline = |name: &str| {
        matches!(
            name,
            "a" | "span" | "sup" | "sub" | "b" | "strong" | "i" | "em" | "small" | "font" | "cite" | "label"
        )
    };
    let id = std::iter::once(target.1)
        .chain(tree.ancestors(target.1))
        .find(|&id| !inline(tree.name(id)))
        .filter(|&id| id != Tree::ROOT)?;
    let file = target.0;
    match tree.name(id) {
        "dt" => {
            let mut next = tree.next(id);
            while let Some(at) = next.filter(|&at| tree.name(at).is_empty()) {
                next = tree.next(at);
            }
            next.filter(|&at| tree.name(at) == "dd").map(|dd| ((file, dd), Some((file, id))))
        }
        "td" | "th" => Some(((file, tree.parent(id)), Some((file, id)))),
        "tr" => {
            let label = tree.children(id).find(|&c| matches!(tree.name(c), "td" | "th"));
            Some(((file, id), label.map(|l| (file, l))))
        }
        "li" | "p" | "div" | "aside" | "dd" | "section" | "blockquote" => Some(((file, id), None)),
        _ => None,
    }
}

/// The words of an element, white space once.
pub(in crate::read) fn words(source: &str, tree: &Tree, id: Id) -> String {
    let mut out = String::new();
    for node in tree.descendants(id).filter(|&n| tree.kind(n) == Kind::Text) {
        let range: Range<usize> = tree.range(node);
        if out.len() > 400 {
            break;
        }
        out.push_str(&decoded(source, range));
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number or sign in the words of a reference: `1` of `[1]`.
pub(super) fn bare(words: &str) -> &str {
    words.trim_matches(|c: char| c.is_whitespace() || "[]()［］（）〔〕【】^.、．:：".contains(c))
}

/// Whether words are those of a reference to a note: `1`, `[1]`, `註一`, `*`, `①`.
fn is_marker(words: &str) -> bool {
    let inner = bare(words).trim_start_matches(['註', '注', '释', '釋']);
    let sign = |c: char| {
        c.is_ascii_digit() || "*†‡§＊一二三四五六七八九十百〇".contains(c) || ('①'..='⓿').contains(&c)
    };
    let one = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_lowercase());
    words.chars().count() <= LONGEST_MARKER
        && (inner.chars().all(sign) || one)
        && (!inner.is_empty() || words.contains(['註', '注']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_references() {
        for (words, expected) in [
            ("1", true),
            ("[12]", true),
            ("〔一〕", true),
            ("註3", true),
            ("注", true),
            ("①", true),
            ("*", true),
            ("a", true),
            ("見第三節", false),
            ("第1章", false),
            ("", false),
            ("1999年3月", false),
            ("甲", false),
        ] {
            assert_eq!(is_marker(words), expected, "{words}");
        }
    }
}
