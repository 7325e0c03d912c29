//! Indexes of our own editions: they are made anew, and only which there are is read.

use crate::{
    document::{IndexKind, Metadata},
    read::html::{File, tree::Tree},
};

/// Leaves the indexes out of the text and says in the metadata which there are.
pub(super) fn find(files: &mut [File], meta: &mut Metadata) {
    for File { tree, left_out, .. } in files {
        for id in tree.descendants(Tree::ROOT).filter(|&id| tree.name(id) == "section") {
            if !tree.has(id, "role", "doc-index") || !tree.has(id, "class", "index") {
                continue;
            }
            // One that somebody else made is text.
            let known = IndexKind::NAMES.iter().find(|(name, _)| tree.has(id, "class", name));
            if let Some((_, kind)) = known {
                left_out.insert(id);
                if !meta.index.contains(kind) {
                    meta.index.push(*kind);
                }
            }
        }
    }
}
