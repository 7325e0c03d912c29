//! Rule `repeated-spaces`: several spaces stand where one would do.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{SPACES, View, is_space},
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
        unsure: "Ideographic spaces (張　三) are set on purpose and stay.",
    },
    check: Check::Text(SPACES, |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    view.stretches(is_space)
        .into_iter()
        .filter(|s| s.len() > 1 && !view.starts_line(s.start) && view.get(s.end).is_some_and(|c| c != '\n'))
        .map(|s| Edit::sure(view.bytes(s), " "))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(edits, Place::Paragraph, &[("Hong  Kong", "Hong Kong"), ("甲\u{A0} 乙", "甲 乙")]);
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
