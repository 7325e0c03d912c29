//! Rule `typed-indent`: an indent is typed with spaces.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{BLANKS, View, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// An indent is typed with spaces.
pub const TYPED_INDENT: Rule = Rule {
    name: "typed-indent",
    stage: Stage::Normalize,
    summary: "an indent is typed with spaces",
    doc: Doc {
        finds: "Spaces, tabs and ideographic spaces at the start of a text.",
        why: "The indent is the page style\u{2019}s; typed ones add to it and differ from edition to edition.",
        examples: &[("　　當全球化", "當全球化")],
        unsure: "Only the start of a text counts: lines of verse after a hard break keep theirs.",
    },
    check: Check::Text(BLANKS, |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let end = (0..view.len()).find(|&i| !view.get(i).is_some_and(is_blank)).unwrap_or(view.len());
    if end == 0 { Vec::new() } else { vec![Edit::sure(view.bytes(0..end), "")] }
}

fn is_blank(c: char) -> bool {
    is_space(c) || c == '\u{3000}'
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
            &[("　　當全球化", "當全球化"), (" \t當全球化", "當全球化"), ("　", "")],
        );
    }

    #[test]
    fn good_text_stays() {
        check(edits, Place::Paragraph, &[("當全球化", "當全球化"), ("甲\n　　乙", "甲\n　　乙")]);
    }
}
