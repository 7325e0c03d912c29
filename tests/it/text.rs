//! Properties of `Text` over long random edit chains.

use hanpress::{
    edit::{Confidence, Edit},
    source::{Source, SourceId},
    text::{MarkKind, Text},
};
use proptest::prelude::*;

const SOURCE: &str =
    "二戰後以自由主義為理念的既有制度安排，則在經濟復蘇、see https://a.b/c 等關鍵議題上屢現失靈。";

/// Byte offsets of the characters of a string, and its end.
fn boundaries(s: &str) -> Vec<usize> {
    s.char_indices().map(|(i, _)| i).chain([s.len()]).collect()
}

proptest! {
    #![proptest_config(crate::support::cases(1500))]

    #[test]
    fn long_random_edit_chains_keep_the_invariants(
        marks in prop::collection::vec((0usize..48, 0usize..48, 0u8..4), 0..6),
        chain in prop::collection::vec(
            prop::collection::vec((0usize..60, 0usize..4, "[甲乙a，]{0,3}", any::<bool>()), 1..4), 1..24),
    ) {
        let source = Source::new(SourceId(3), "s", SOURCE);
        let mut text = Text::verbatim(SOURCE, SourceId(3), 0);
        let edges = boundaries(SOURCE);
        for (a, b, kind) in marks {
            let (a, b) = (edges[a.min(b) % edges.len()], edges[a.max(b) % edges.len()]);
            let kind = match kind {
                0 => MarkKind::Strong,
                1 => MarkKind::Url,
                2 => MarkKind::Code,
                _ => MarkKind::Emphasis,
            };
            if a < b { text.mark(a..b, kind); }
        }
        let locked = |text: &Text| -> Vec<String> {
            text.marks().iter().filter(|m| m.kind.locked()).map(|m| text.as_str()[m.range.clone()].to_owned()).collect()
        };
        let locked_before = locked(&text);
        for edits in chain {
            let edges = boundaries(text.as_str());
            let before = text.as_str().to_owned();
            let edits: Vec<Edit> = edits.into_iter().map(|(at, len, new, sure)| {
                let start = at % edges.len();
                let end = (start + len).min(edges.len() - 1);
                Edit::new(edges[start]..edges[end], new, if sure { Confidence::Sure } else { Confidence::Doubtful })
            }).collect();
            let changes = text.apply("random", edits, |e| e.confidence == Confidence::Sure);
            if changes.iter().all(|c| !c.applied) {
                prop_assert_eq!(&before, text.as_str());
            }
            for change in &changes {
                prop_assert!(change.span.range().end <= SOURCE.len());
                prop_assert!(SOURCE.is_char_boundary(change.span.start as usize));
                prop_assert!(SOURCE.is_char_boundary(change.span.end as usize));
            }
            // Pieces tile the text; verbatim pieces equal the source.
            let mut at = 0;
            for (range, piece) in text.piece_ranges() {
                prop_assert_eq!(range.start, at);
                prop_assert!(!range.is_empty());
                at = range.end;
                if piece.verbatim {
                    prop_assert_eq!(&text.as_str()[range], source.slice(piece.span));
                }
            }
            prop_assert_eq!(at, text.as_str().len());
            for mark in text.marks() {
                prop_assert!(!mark.range.is_empty());
                prop_assert!(text.as_str().get(mark.range.clone()).is_some());
            }
            prop_assert_eq!(&locked(&text), &locked_before);
        }
    }

    #[test]
    fn a_slice_keeps_spans(a in 0usize..48, b in 0usize..48) {
        let edges = boundaries(SOURCE);
        let (a, b) = (edges[a.min(b) % edges.len()], edges[a.max(b) % edges.len()]);
        let (a, b) = (a.min(b), a.max(b));
        let mut text = Text::verbatim(SOURCE, SourceId(0), 0);
        text.apply("r", vec![Edit::sure(6..9, "甲乙")], |_| true);
        let b = b.min(text.as_str().len());
        if text.as_str().is_char_boundary(a) && text.as_str().is_char_boundary(b) {
            let part = text.slice(a..b);
            prop_assert_eq!(part.as_str(), &text.as_str()[a..b]);
        }
    }
}
