//! Places that links within a document lead to: which elements they are, over all files, and their names.

use std::collections::BTreeSet;

use crate::{
    document::{Document, NotePlace, collect_mut},
    read::html::{
        File, Reader,
        notes::{At, Link},
        tree::Tree,
    },
    text::MarkKind,
};

impl Reader<'_> {
    /// Finds the elements that links of the text lead to. A link to a file leads to its beginning.
    pub(super) fn find_places(&mut self, shown: usize) {
        let mut taken = BTreeSet::new();
        for file in 0..self.files.len() {
            let File { tree, left_out, .. } = &self.files[file];
            for id in tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "a") {
                let at = (file, id);
                let out = std::iter::once(id).chain(tree.ancestors(id)).any(|above| {
                    left_out.contains(&above)
                        || self.notes.backs.contains(&(file, above))
                        || self.notes.labels.contains(&(file, above))
                });
                if out || self.notes.references.contains_key(&at) {
                    continue;
                }
                let Some(href) = tree.attribute(id, "href") else { continue };
                let Some(target) = self.goal(file, href, shown) else { continue };
                if self.names.contains_key(&target) {
                    continue;
                }
                let own = self.files[target.0].tree.attribute(target.1, "id");
                let own = own.or_else(|| self.files[target.0].tree.attribute(target.1, "name"));
                let wanted = match own {
                    Some(name) if !name.trim().is_empty() => {
                        name.split_whitespace().collect::<Vec<_>>().join("-")
                    }
                    _ => stem(&self.files[target.0].path).to_owned(),
                };
                let more = (2..).map(|n| format!("{wanted}-{n}"));
                let name =
                    std::iter::once(wanted.clone()).chain(more).find(|name| taken.insert(name.clone()));
                self.names.insert(target, name.expect("numbers do not end"));
            }
        }
        // Other files of a book may lead to any of them.
        for (file, File { tree, left_out, .. }) in
            self.files.iter().enumerate().filter(|_| self.options.chapter)
        {
            for id in tree.descendants(Tree::ROOT) {
                let Some(name) = tree.attribute(id, "id").filter(|name| !name.trim().is_empty()) else {
                    continue;
                };
                let out =
                    std::iter::once(id).chain(tree.ancestors(id)).any(|above| left_out.contains(&above));
                if !out && !self.names.contains_key(&(file, id)) && taken.insert(name.to_owned()) {
                    self.names.insert((file, id), name.to_owned());
                }
            }
        }
        self.anchors = self.names.clone();
    }

    /// Where our own editions say that notes stand.
    pub(super) fn find_note_place(&mut self) {
        for File { tree, .. } in self.files {
            for id in tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "section") {
                if tree.has(id, "class", "notes") {
                    let place = NotePlace::NAMES.iter().find(|(name, _)| tree.has(id, "class", name));
                    self.document.meta.notes = self.document.meta.notes.or(place.map(|(_, place)| *place));
                }
            }
        }
    }

    /// Which notes stand at the end where others stand at the foot.
    pub(super) fn find_endnotes(&mut self) {
        let is_one = |&(file, id): &At| {
            let tree = &self.files[file].tree;
            tree.has(id, "class", "endnote")
                || ["endnote", "rearnote"].iter().any(|kind| tree.has(id, "epub:type", kind))
                || tree.has(id, "role", "doc-endnote")
        };
        let order = self.notes.order.iter().enumerate();
        let found: BTreeSet<usize> = order.filter(|(_, at)| is_one(at)).map(|(index, _)| index).collect();
        if found.len() < self.document.notes.len() {
            self.document.endnotes = found;
        }
    }

    /// The element that a link within the document leads to.
    pub(super) fn goal(&self, file: usize, href: &str, shown: usize) -> Option<At> {
        match self.targets.find(self.files, file, href) {
            Link::Node(at) => Some(at),
            // A link to the page itself leads nowhere, and so does one to a name that it does not have.
            Link::File => {
                let (path, name) = href.split_once('#').unwrap_or((href, ""));
                let other = self.targets.file(self.files, file, path)?;
                (!path.is_empty() && name.is_empty() && other < shown).then_some((other, Tree::ROOT))
            }
            Link::Away => None,
        }
    }

    /// A name that no text came for is that of the last one.
    pub(super) fn last_place(&mut self) {
        let names = std::mem::take(&mut self.waiting);
        let Document { blocks, .. } = &mut *self.document;
        let mut texts = Vec::new();
        collect_mut(blocks, &mut texts);
        if let Some((_, text)) = texts.last_mut() {
            for name in names {
                text.mark_around(0..text.as_str().len(), MarkKind::Anchor(name));
            }
        }
    }
}

/// The name of a file without its folder and extension.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
