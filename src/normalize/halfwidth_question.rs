//! Rule `halfwidth-question`: a half-width question or exclamation mark stands in Chinese text.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_closing, is_han, is_opening, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A half-width question or exclamation mark stands in Chinese text.
pub const HALFWIDTH_QUESTION: Rule = Rule {
    name: "halfwidth-question",
    stage: Stage::Normalize,
    summary: "a half-width question or exclamation mark stands in Chinese text",
    doc: Doc {
        finds: "One to three ? and ! of Latin script after Han, before Han or a Chinese bracket or at the end of a text.",
        why: "It sits too close to the character before it and looks lost at the end of a line.",
        examples: &[("好嗎?好", "好嗎？好")],
        unsure: "Marks beside Latin stay, and so do more than three in a row.",
    },
    check: Check::Text(&['!'..='!', '?'..='?'], |context, text| edits(context.place, text)),
};

/// How many marks may stand together and still be a writer's own.
const LONGEST: usize = 3;

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    view.stretches(|c| matches!(c, '?' | '!'))
        .into_iter()
        .filter(|run| run.len() <= LONGEST)
        .filter_map(|run| {
            let next = if view.get(run.end).is_some_and(is_space) { run.end + 1 } else { run.end };
            let before = view.before(run.start).is_some_and(|c| is_han(c) || is_closing(c));
            let after =
                view.get(next).is_none_or(|c| is_han(c) || is_opening(c) || is_closing(c) || c == '\n');
            let new = |i| if view.get(i) == Some('?') { '？' } else { '！' };
            let end = if view.get(next).is_some_and(|c| c != '\n') { next } else { run.end };
            (before && after)
                .then(|| Edit::sure(view.bytes(run.start..end), run.map(new).collect::<String>()))
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
                ("好嗎?好", "好嗎？好"),
                ("「走吧!」他說", "「走吧！」他說"),
                ("請隨時聯絡!!", "請隨時聯絡！！"),
                ("好嗎?! 好", "好嗎？！好"),
                ("你來嗎?", "你來嗎？"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(edits, Place::Paragraph, &[("a?b", "a?b"), ("what? 好", "what? 好"), ("好嗎？好", "好嗎？好")]);
    }
}
