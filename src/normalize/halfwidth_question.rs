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
        finds: "A single ? or ! of Latin script after Han and before Han or a Chinese bracket.",
        why: "It sits too close to the character before it and looks lost at the end of a line.",
        examples: &[("好嗎?好", "好嗎？好")],
        unsure: "Doubled marks, marks beside Latin and marks at the end of a text stay.",
    },
    check: Check::Text(&['!'..='!', '?'..='?'], |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    (0..view.len())
        .filter_map(|i| {
            let new = match view.get(i)? {
                '?' => "？",
                '!' => "！",
                _ => return None,
            };
            let next = if view.get(i + 1).is_some_and(is_space) { i + 2 } else { i + 1 };
            let before = view.before(i).is_some_and(|c| is_han(c) || is_closing(c));
            let after = view.get(next).is_some_and(|c| is_han(c) || is_opening(c) || is_closing(c));
            (before && after).then(|| Edit::sure(view.bytes(i..next), new))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(edits, Place::Paragraph, &[("好嗎?好", "好嗎？好"), ("「走吧!」他說", "「走吧！」他說")]);
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[("a?b", "a?b"), ("好嗎?!", "好嗎?!"), ("what? 好", "what? 好"), ("好嗎？好", "好嗎？好")],
        );
    }
}
