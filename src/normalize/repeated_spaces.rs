//! Rule `repeated-spaces`: several spaces stand where one would do.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{SPACES, View, is_han, is_opening, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Several spaces stand where one would do.
pub const REPEATED_SPACES: Rule = Rule {
    name: "repeated-spaces",
    stage: Stage::Normalize,
    summary: "several spaces stand where one would do",
    doc: Doc {
        finds: "Two or more spaces in a row, not at the start of a line.",
        why: "A reader sees a hole, a justified line stretches each of them.",
        examples: &[("Hong  Kong", "Hong Kong")],
        unsure: "Three or more between words, Han on one side, become one ideographic space. Ideographic spaces (張　三) are set on purpose and stay.",
    },
    check: Check::Text(SPACES, |context, text| edits(context.place, text)),
};

/// From so many spaces on they are a gap and no slip of the finger.
const GAP: usize = 3;

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    view.stretches(is_space)
        .into_iter()
        .filter(|s| s.len() > 1 && !view.starts_line(s.start) && view.get(s.end).is_some_and(|c| c != '\n'))
        .map(|s| {
            // A gap that was typed to part two things, Han beside it.
            let han = |c: Option<char>| c.is_some_and(|c| is_han(c) || is_opening(c));
            let before = view.before(s.start);
            let word = before.is_some_and(|c| is_han(c) || c.is_alphanumeric());
            let wide = s.len() >= GAP && word && (is_han(before.unwrap_or(' ')) || han(view.get(s.end)));
            Edit::sure(view.bytes(s), if wide { "\u{3000}" } else { " " })
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
                ("Hong  Kong", "Hong Kong"),
                ("甲\u{A0} 乙", "甲 乙"),
                ("電話2345   傳真6789", "電話2345　傳真6789"),
                ("好，   他", "好， 他"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[("Hong Kong", "Hong Kong"), ("張　　三", "張　　三"), ("甲\n  乙", "甲\n  乙")],
        );
    }
}
