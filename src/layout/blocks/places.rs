//! Where links within the document lead on its pages, and the page numbers in references to them.

use std::collections::BTreeMap;

use super::{Begin, Document, Edition, Element, FontError, Pages, Report, Script, Setter, links};
use crate::{
    layout::page::Spot,
    report::{Diagnostic, Severity},
    source::{SourceId, Span},
};

/// How often pages are made anew because the numbers of pages change the lines that they stand in.
const ROUNDS: usize = 6;

/// Lays a document out until the page numbers in its references are those of its pages.
pub(super) fn with_pages(
    document: &Document,
    edition: &Edition,
    report: &mut Report,
    lay_out: impl Fn(&Document, &mut Report) -> Result<Pages, FontError>,
) -> Result<Pages, FontError> {
    if !links::asks_for_pages(document) {
        return lay_out(document, report);
    }
    let mut document = document.clone();
    let page = if edition.script == Script::Traditional { "頁" } else { "页" };
    for round in 1.. {
        let mut own = Report::default();
        let pages = lay_out(&document, &mut own)?;
        let changed = links::fill_with(&mut document, |url, asked| {
            let spot = pages.places.get(&url[1..]).filter(|_| asked)?;
            Some(["第", &spot.folio, page].concat())
        });
        if changed && round < ROUNDS {
            continue;
        }
        if changed {
            let message = "the page numbers in references do not settle; one of them may be off by a page";
            own.push(Diagnostic::new(
                "dangling-link",
                Severity::Warning,
                Span::new(SourceId(0), 0..0),
                message,
            ));
        }
        report.diagnostics.extend(own.diagnostics);
        report.changes.extend(own.changes);
        return Ok(pages);
    }
    unreachable!("the last round returns")
}

impl Setter<'_> {
    /// Finds the page and the height of every place.
    pub(super) fn settle_places(&mut self) {
        let mut waiting: BTreeMap<Begin, Vec<String>> = BTreeMap::new();
        for (begin, name) in std::mem::take(&mut self.places) {
            waiting.entry(begin).or_default().push(name);
        }
        if waiting.is_empty() {
            return;
        }
        let mut found = BTreeMap::new();
        for (index, page) in self.pages.pages.iter().enumerate() {
            let folio = match page.label.parse() {
                Ok(number) if !page.front => self.folio_words(number),
                _ => page.label.clone(),
            };
            for element in &page.elements {
                let (begins, y, words) = match element {
                    Element::Text(line) => {
                        let paragraph = &self.pages.paragraphs[line.paragraph];
                        let clusters = &paragraph.clusters[line.line.start..line.line.end];
                        let (Some(first), Some(last)) = (clusters.first(), clusters.last()) else { continue };
                        let (from, to) = (first.range.start as usize, last.range.end as usize);
                        let text = Begin::Text(line.paragraph, from)..Begin::Text(line.paragraph, to);
                        let mut begins: Vec<Begin> = waiting.range(text).map(|(begin, _)| *begin).collect();
                        // A picture that is not there leaves its words.
                        let under = line.node.map(|node| Begin::Node(self.pages.nodes[node].parent));
                        begins.extend(under.filter(|begin| waiting.contains_key(begin)));
                        let top = if line.vertical { line.y } else { line.y - line.size };
                        (begins, top, paragraph.text[from..to].to_owned())
                    }
                    Element::Image { node, y, .. } => {
                        let begin = Begin::Node(*node);
                        (Vec::from_iter(waiting.contains_key(&begin).then_some(begin)), *y, String::new())
                    }
                    Element::Rule { .. } => continue,
                };
                for name in begins.iter().flat_map(|begin| waiting.remove(begin).unwrap_or_default()) {
                    let spot = Spot {
                        page: index,
                        y: (y - 4.0).max(0.0),
                        folio: folio.clone(),
                        words: if words.is_empty() { name.clone() } else { words.clone() },
                    };
                    found.entry(name).or_insert(spot);
                }
            }
        }
        self.pages.places = found;
    }
}
