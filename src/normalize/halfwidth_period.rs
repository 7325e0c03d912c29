//! Rule `halfwidth-period`: a half-width full stop ends a Chinese sentence.

use crate::{
    document::Place,
    edit::{Confidence, Edit},
    normalize::class::{View, is_han, is_pause},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A half-width full stop ends a Chinese sentence.
pub const HALFWIDTH_PERIOD: Rule = Rule {
    name: "halfwidth-period",
    stage: Stage::Normalize,
    summary: "a half-width full stop ends a Chinese sentence",
    doc: Doc {
        finds: "A full stop of Latin script after Han, at the end of a paragraph or between two long clauses.",
        why: "It is too small to be seen between Han characters.",
        examples: &[("他走了，我也走了.", "他走了，我也走了。")],
        unsure: "Sure only at the end of a paragraph that has other Chinese marks. Between Han it may part a name (喬治.華盛頓): doubtful between long clauses, otherwise left.",
    },
    check: Check::Text(&['.'..='.'], |context, text| edits(context.place, text)),
};

/// How many Han characters on each side make a clause and not the part of a name.
const CLAUSE: usize = 6;

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    if place != Place::Paragraph || !view.any(is_pause) {
        return Vec::new();
    }
    let long = |mut range: std::ops::Range<usize>| {
        range.len() == CLAUSE && range.all(|i| view.get(i).is_some_and(is_han))
    };
    view.stretches(|c| c == '.')
        .into_iter()
        .filter(|s| s.len() == 1 && view.before(s.start).is_some_and(is_han))
        .filter_map(|s| {
            let confidence = match view.get(s.end) {
                None | Some('\n') => Confidence::Sure,
                _ if long(s.start.saturating_sub(CLAUSE)..s.start) && long(s.end..s.end + CLAUSE) => {
                    Confidence::Doubtful
                }
                _ => return None,
            };
            Some(Edit::new(view.bytes(s), "。", confidence))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(edits, Place::Paragraph, &[("他走了，我也走了.", "他走了，我也走了。")]);
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("喬治.華盛頓", "喬治.華盛頓"),
                ("他是喬治.華盛頓，總統", "他是喬治.華盛頓，總統"),
                ("3.14", "3.14"),
                ("A.甲，", "A.甲，"),
                ("香港", "香港"),
                ("他走了，我也走了...", "他走了，我也走了..."),
            ],
        );
    }
}
