//! Rule `trailing-spaces`: spaces stand at the end of a line.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{BLANKS, View, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Spaces stand at the end of a line.
pub const TRAILING_SPACES: Rule = Rule {
    name: "trailing-spaces",
    stage: Stage::Normalize,
    summary: "spaces stand at the end of a line",
    doc: Doc {
        finds: "Spaces before a hard break or at the end of a text.",
        why: "They shift centered lines and show up as differences between copies.",
        examples: &[("當全球化。 ", "當全球化。")],
        unsure: "Never: nothing can depend on them outside code.",
    },
    check: Check::Text(BLANKS, |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    view.stretches(|c| is_space(c) || c == '\u{3000}')
        .into_iter()
        .filter(|s| view.get(s.end).is_none_or(|c| c == '\n'))
        .map(|s| Edit::sure(view.bytes(s), ""))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(edits, Place::Paragraph, &[("當全球化。 ", "當全球化。"), ("甲　\n乙\t", "甲\n乙")]);
    }

    #[test]
    fn good_text_stays() {
        check(edits, Place::Paragraph, &[("甲 乙", "甲 乙"), ("the end", "the end")]);
    }
}
