//! Pages in, where each of them begins in the document out: for the page list of an EPUB.

use std::collections::BTreeMap;

use crate::{
    document::Document,
    layout::page::{Element, NodeKind, Pages},
    source::Span,
};

/// Where a page of the text begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// Its number as the pages write it.
    pub label: String,
    /// The text in which it begins: an index of `Document::texts`.
    pub text: usize,
    /// The byte of that text.
    pub at: usize,
}

/// The starts of the pages that are counted with the text, in order. A page on which nothing of the running text begins
/// or goes on (one of notes or pictures alone) begins with the page after it, and is left out.
pub fn starts(pages: &Pages, document: &Document) -> Vec<Start> {
    // Texts by their words and their place: of those alike in both, the first that is left.
    let mut texts: BTreeMap<(Option<Span>, &str), Vec<usize>> = BTreeMap::new();
    let all = document.texts();
    for (index, (_, text)) in all.iter().enumerate().rev() {
        let span = (!text.is_empty()).then(|| text.span(0..text.as_str().len()));
        texts.entry((span, text.as_str())).or_default().push(index);
    }
    let mut found: BTreeMap<usize, usize> = BTreeMap::new();
    let mut out: Vec<Start> = Vec::new();
    for page in pages.pages.iter().filter(|page| !page.front) {
        let lines = page.elements.iter().filter_map(|element| match element {
            Element::Text(line) if line.node.is_some_and(|node| runs(pages, node)) => Some(line),
            _ => None,
        });
        let mut places = lines.filter_map(|line| {
            let paragraph = &pages.paragraphs[line.paragraph];
            let text = match found.get(&line.paragraph) {
                Some(text) => *text,
                None => texts.get_mut(&(paragraph.place, paragraph.text.as_str()))?.pop()?,
            };
            found.insert(line.paragraph, text);
            let at = paragraph.clusters.get(line.line.start)?.range.start as usize;
            Some((text, at))
        });
        // A head of a table that stands on this page again began on another.
        let last = out.last().map(|start| (start.text, start.at));
        if let Some((text, at)) = places.find(|place| last.is_none_or(|last| *place > last)) {
            out.push(Start { label: page.label.clone(), text, at });
        }
        places.for_each(drop);
    }
    out.retain(|start| !start.label.is_empty());
    out
}

/// Whether a node belongs to the running text, and not to notes or contents.
fn runs(pages: &Pages, mut node: usize) -> bool {
    loop {
        match pages.nodes[node].kind {
            NodeKind::Note | NodeKind::Contents | NodeKind::ContentsEntry | NodeKind::Label => return false,
            _ if node == 0 => return true,
            _ => node = pages.nodes[node].parent,
        }
    }
}
