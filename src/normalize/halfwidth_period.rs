//! Rule `halfwidth-period`: a half-width full stop ends a Chinese sentence.

use crate::{
    document::Place,
    edit::{Confidence, Edit},
    normalize::class::{View, is_closing, is_han, is_pause, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A half-width full stop ends a Chinese sentence.
pub const HALFWIDTH_PERIOD: Rule = Rule {
    name: "halfwidth-period",
    stage: Stage::Normalize,
    summary: "a half-width full stop ends a Chinese sentence",
    doc: Doc {
        finds: "A full stop of Latin script after Han or a Chinese bracket, at the end of a paragraph or between two long clauses.",
        why: "It is too small to be seen between Han characters.",
        examples: &[("他走了，我也走了.", "他走了，我也走了。")],
        unsure: "Sure only in a paragraph that has other Chinese marks, at its end, before two spaces, or several times between long clauses where 。 never stands. Between Han it may part a name (喬治.華盛頓): doubtful between long clauses, otherwise left.",
    },
    check: Check::Text(&['.'..='.'], |context, text| edits(context.place, text)),
};

/// How many Han characters on each side make a clause and not the part of a name.
const CLAUSE: usize = 6;

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let typed = |i: usize| view.get(i) == Some(',') && view.before(i).is_some_and(is_han);
    let pauses =
        view.any(is_pause) || (0..view.len()).any(|i| typed(i) && view.get(i + 1).is_some_and(is_han));
    if place != Place::Paragraph || !pauses {
        return Vec::new();
    }
    let long = |mut range: std::ops::Range<usize>| {
        range.len() == CLAUSE && range.all(|i| view.get(i).is_some_and(is_han))
    };
    let between = |at: usize| long(at.saturating_sub(CLAUSE)..at) && long(at + 1..at + 1 + CLAUSE);
    // Where no sentence ends with a full stop of Chinese, those between long clauses are the writer's own, if there
    // are several: one may part a name.
    let habit = !view.any(|c| c == '。')
        && (0..view.len()).filter(|&i| view.get(i) == Some('.') && between(i)).count() >= 2;
    view.stretches(|c| c == '.')
        .into_iter()
        .filter(|s| s.len() == 1 && view.before(s.start).is_some_and(|c| is_han(c) || is_closing(c)))
        .filter_map(|s| {
            let confidence = match view.get(s.end) {
                None | Some('\n') => Confidence::Sure,
                // Two spaces or more are typed after a sentence, and not in a name.
                Some(c) if is_space(c) && view.get(s.end + 1).is_some_and(is_space) => Confidence::Sure,
                _ if between(s.start) && habit => Confidence::Sure,
                _ if between(s.start) => Confidence::Doubtful,
                _ => return None,
            };
            let spaces = (s.end..view.len()).take_while(|&i| view.get(i).is_some_and(is_space)).count();
            let spaces = if confidence == Confidence::Sure { spaces } else { 0 };
            Some(Edit::new(view.bytes(s.start..s.end + spaces), "。", confidence))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("他走了，我也走了.", "他走了，我也走了。"),
                ("他走了，我也走了（笑）.", "他走了，我也走了（笑）。"),
                (
                    "這一理念，提供了核心支撐.上合組織成員國增加.秘書處就設在北京市內",
                    "這一理念，提供了核心支撐。上合組織成員國增加。秘書處就設在北京市內",
                ),
                ("稿件附上，請查收.  上次", "稿件附上，請查收。上次"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("喬治.華盛頓", "喬治.華盛頓"),
                ("他是喬治.華盛頓，總統", "他是喬治.華盛頓，總統"),
                ("他是喬治. 華盛頓，總統", "他是喬治. 華盛頓，總統"),
                ("3.14", "3.14"),
                ("A.甲，", "A.甲，"),
                ("香港", "香港"),
                ("他走了，我也走了...", "他走了，我也走了..."),
            ],
        );
    }
}
