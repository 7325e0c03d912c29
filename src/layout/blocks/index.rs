//! Indexes at the end of the text: entries with the pages that their words stand on.

use std::collections::BTreeMap;

use super::{
    Align, Document, EM, Edition, Family, FontError, Frame, NodeKind, Pages, ParagraphStyle, Report, Setter,
    Text,
};
use crate::{
    document::IndexKind,
    index::{self, Index, Locator},
    layout::page::Spot,
    text::MarkKind,
};

/// How often pages are made anew because the lines of the index move what stands behind it.
const ROUNDS: usize = 3;
/// So many pages in a row are written as the first and the last.
const RANGE: usize = 3;

/// What the name of a place begins with where indexed words stand; no manuscript can write it.
const PLACE: &str = "\u{1}index ";

/// Lays a document out with its indexes: once to know the pages of its words, and once more to print them.
pub(super) fn with_indexes(
    document: &Document,
    edition: &Edition,
    report: &mut Report,
    mut lay_out: impl FnMut(&[Index], &mut Report) -> Result<Pages, FontError>,
) -> Result<Pages, FontError> {
    let mut indexes = index::of(document, edition, |_, _| Vec::new());
    if indexes.is_empty() {
        return lay_out(&[], report);
    }
    for _ in 0..ROUNDS {
        let pages = lay_out(&indexes, &mut Report::default())?;
        let found = found(&pages);
        let known = index::of(document, edition, |kind, words| {
            found.get(&(kind.name(), words)).map_or(Vec::new(), |spots| locators(&pages, spots))
        });
        if known == indexes {
            break;
        }
        indexes = known;
    }
    let mut pages = lay_out(&indexes, report)?;
    let wanted: Vec<&str> = (indexes.iter().flat_map(|index| &index.groups))
        .flat_map(|group| group.entries.iter().flat_map(|entry| &entry.places))
        .map(|place| place.target.as_str())
        .collect();
    let wanted: std::collections::BTreeSet<&str> = wanted.into_iter().collect();
    pages.places.retain(|name, _| !name.starts_with(PLACE) || wanted.contains(name.as_str()));
    pages.indexes = indexes;
    Ok(pages)
}

/// The name of a place where words stand that an index lists.
fn place(kind: IndexKind, words: &str, paragraph: usize, at: usize) -> String {
    format!("{PLACE}{} {paragraph} {at} {words}", kind.name())
}

/// The places of the words of all indexes, in the order of the pages.
fn found(pages: &Pages) -> BTreeMap<(&str, &str), Vec<(&str, &Spot)>> {
    let mut out: BTreeMap<(&str, &str), Vec<(&str, &Spot)>> = BTreeMap::new();
    for (name, spot) in &pages.places {
        let mut parts = name.strip_prefix(PLACE).unwrap_or_default().splitn(4, ' ');
        if let (Some(kind), Some(_), Some(_), Some(words)) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        {
            out.entry((kind, words)).or_default().push((name, spot));
        }
    }
    for spots in out.values_mut() {
        spots.sort_by(|(a, one), (b, other)| {
            (one.page, one.y)
                .partial_cmp(&(other.page, other.y))
                .unwrap_or(std::cmp::Ordering::Equal)
                .then(a.cmp(b))
        });
    }
    out
}

/// The pages of an entry, each once; several in a row are one stretch.
fn locators(pages: &Pages, spots: &[(&str, &Spot)]) -> Vec<Locator> {
    let mut firsts: Vec<(&str, &Spot)> = Vec::new();
    for spot in spots {
        if firsts.last().is_none_or(|(_, last)| last.page != spot.1.page) {
            firsts.push(*spot);
        }
    }
    let front = |spot: &Spot| pages.pages[spot.page].front;
    let mut out = Vec::new();
    let mut at = 0;
    while at < firsts.len() {
        let (name, first) = firsts[at];
        let follows = |pair: &[(&str, &Spot)]| {
            pair[0].1.page + 1 == pair[1].1.page && front(pair[0].1) == front(pair[1].1)
        };
        let count = 1 + firsts[at..].windows(2).take_while(|pair| follows(pair)).count();
        let count = if count >= RANGE { count } else { 1 };
        let last = firsts[at + count - 1].1;
        let joint = if first.folio.is_ascii() { "–" } else { "至" };
        let label = if count > 1 { [&first.folio, joint, &last.folio].concat() } else { first.folio.clone() };
        out.push(Locator { label, target: name.to_owned() });
        at += count;
    }
    out
}

impl Setter<'_> {
    /// Remembers where words begin that an index lists.
    pub(super) fn note_indexed(&mut self, text: &Text, paragraph: usize) {
        for (mark, kind, words) in index::listed(self.document, text) {
            let name = place(kind, &words, paragraph, mark.range.start);
            self.places.push((super::Begin::Text(paragraph, mark.range.start), name));
        }
    }

    /// The indexes, each under a heading as that of a chapter.
    pub(super) fn indexes(&mut self, indexes: &[Index]) -> Result<(), FontError> {
        for index in indexes {
            let frame = Frame { left: 0.0, right: 0.0, node: 0 };
            self.heading(1, &Self::made(index::title(index.kind, self.edition)), frame)?;
            self.flush_run_in()?;
            let size = self.page.size * 0.9;
            let pitch = self.note_pitch().max(size * 1.6);
            for (number, group) in index.groups.iter().enumerate() {
                if number > 0 {
                    self.space(0.5);
                }
                let node = self.pages.node(NodeKind::Paragraph, 0);
                let style = ParagraphStyle::new(Family::Sans, size).bold().align(Align::Start);
                let set = self.set(&Self::made(group.label.clone()), &style, frame, Some(node))?;
                let first = self.slabs.len();
                self.stack(set, pitch);
                for slab in &mut self.slabs[first..] {
                    (slab.keep, slab.soft) = (true, false);
                }
                for entry in &group.entries {
                    let node = self.pages.node(NodeKind::Paragraph, 0);
                    let style = ParagraphStyle::new(self.page.body, size).align(Align::Start);
                    let hanging = ParagraphStyle { first_indent: -2 * EM, ..style };
                    let inner = Frame { left: self.inset(frame, 3.0), ..frame };
                    let set = self.set(&words_of(entry), &hanging, inner, Some(node))?;
                    self.stack(set, pitch);
                }
            }
        }
        Ok(())
    }
}

/// An entry as it is printed: its words, and the pages, each of which leads to its place.
fn words_of(entry: &index::Entry) -> Text {
    let mut string = entry.words.clone();
    let mut links = Vec::new();
    for (number, place) in entry.places.iter().enumerate() {
        let western = place.label.is_ascii() || place.label.contains('–');
        string.push_str(match (number, western) {
            (0, _) => "\u{3000}",
            (_, true) => ", ",
            (_, false) => "、",
        });
        let start = string.len();
        string.push_str(&place.label);
        links.push((start..string.len(), place.target.clone()));
    }
    let mut text = Setter::made(string);
    for (range, target) in links {
        text.mark(range, MarkKind::Reference { url: ["#", &target].concat(), page: false });
    }
    text
}
