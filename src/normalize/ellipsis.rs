//! Rule `ellipsis`: an ellipsis is not written …….

use std::ops::RangeInclusive;

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_chinese_mark, is_han},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// An ellipsis is not written …….
pub const ELLIPSIS: Rule = Rule {
    name: "ellipsis",
    stage: Stage::Normalize,
    summary: "an ellipsis is not written ……",
    doc: Doc {
        finds: "Three to six full stops, a single …, or dots of other kinds after Han.",
        why: "A Chinese ellipsis is six dots in two cells, in the middle of the line or at its foot as the region has it.",
        examples: &[("他說...", "他說……"), ("等等。。。", "等等……")],
        unsure: "Dots after Latin or before a digit (leaders of a table of contents) stay, and so do twelve dots.",
    },
    check: Check::Text(DOTS, |context, text| edits(context.place, text)),
};

/// The dots of [`is_dot`].
const DOTS: &[RangeInclusive<char>] =
    &['.'..='.', '·'..='·', '‥'..='…', '⋯'..='⋯', '。'..='。', '・'..='・', '．'..='．'];

fn is_dot(c: char) -> bool {
    matches!(c, '.' | '。' | '…' | '⋯' | '‥' | '・' | '·' | '．')
}

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    // Nearly every text has a full stop, but few have two in a row.
    let string = text.as_str();
    if !string.contains("。。") && !string.contains(|c| c != '。' && is_dot(c)) {
        return Vec::new();
    }
    let view = View::new(text);
    let mut found = Vec::new();
    for s in view.repeats(is_dot) {
        let wanted = match view.get(s.start) {
            Some('…') => s.len() == 1,
            Some('⋯' | '‥') => s.len() <= 2,
            _ => (3..=6).contains(&s.len()),
        };
        let chinese = |c: char| is_han(c) || is_chinese_mark(c) || "”“’‘".contains(c);
        let after = view.get(s.end).is_none_or(|c| chinese(c) || c == '\n');
        if wanted && after && view.before(s.start).is_some_and(chinese) {
            found.push(Edit::sure(view.bytes(s), "……"));
        }
    }
    found
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
                ("他說...", "他說……"),
                ("等等。。。", "等等……"),
                ("好吧…我去", "好吧……我去"),
                ("香港⋯⋯", "香港……"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("他說……", "他說……"),
                ("etc...", "etc..."),
                ("第一章......5", "第一章......5"),
                ("沉默…………", "沉默…………"),
                ("3...5", "3...5"),
                ("好。", "好。"),
            ],
        );
    }
}
