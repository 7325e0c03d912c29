//! Where the pages of the PDF begin in an EPUB: a mark in the text for each, and the list that leads there.

use std::collections::BTreeMap;

use crate::{document::Document, layout::starts::Start, text::Text, write::xml::Xml};

/// The starts of pages by the text that they stand in.
#[derive(Clone, Debug, Default)]
pub(in crate::write) struct Breaks {
    /// By the address of a text of the document, which stays where it is while the book is written: byte and label.
    by_text: BTreeMap<usize, Vec<(usize, String)>>,
    labels: Vec<String>,
}

/// An entry of the list of pages.
pub(super) struct PageLink {
    pub(super) label: String,
    pub(super) href: String,
}

impl Breaks {
    pub(super) fn new(document: &Document, starts: &[Start]) -> Self {
        let mut breaks = Self::default();
        if starts.is_empty() {
            return breaks;
        }
        let texts = document.texts();
        for start in starts {
            let Some((_, text)) = texts.get(start.text) else { continue };
            breaks.by_text.entry(address(text)).or_default().push((start.at, start.label.clone()));
            breaks.labels.push(start.label.clone());
        }
        breaks
    }

    /// The pages that begin in a text of the document: byte and label, in order.
    pub(in crate::write) fn of(&self, text: &Text) -> &[(usize, String)] {
        self.by_text.get(&address(text)).map_or(&[], Vec::as_slice)
    }

    /// The marks that a file has, as links.
    pub(super) fn written(&self, path: &str, bytes: &[u8]) -> Vec<PageLink> {
        if self.labels.is_empty() {
            return Vec::new();
        }
        let text = String::from_utf8_lossy(bytes);
        let ids =
            text.split("role=\"doc-pagebreak\" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let label = |id: &str| id.trim_start_matches("page-").to_owned();
        ids.map(|id| PageLink { label: label(id), href: format!("{path}#{id}") }).collect()
    }
}

/// Writes the mark of a page.
pub(in crate::write) fn mark(xml: &mut Xml, label: &str) {
    let id = ["page-", label].concat();
    let all = [("epub:type", "pagebreak"), ("role", "doc-pagebreak"), ("id", &id), ("aria-label", label)];
    xml.open("span", &all).close();
}

fn address(text: &Text) -> usize {
    std::ptr::from_ref(text) as usize
}
