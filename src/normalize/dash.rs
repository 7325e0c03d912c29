//! Rule `dash`: a dash is not written ——.

use std::ops::RangeInclusive;

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_closing, is_han, is_opening, is_pause, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A dash is not written ——.
pub const DASH: Rule = Rule {
    name: "dash",
    stage: Stage::Normalize,
    summary: "a dash is not written ——",
    doc: Doc {
        finds: "Two or three hyphens, box-drawing lines, full-width hyphens or long-vowel marks between Han.",
        why: "A Chinese dash is two cells long and unbroken; the others fall apart at a line end or show a gap.",
        examples: &[("可能--現實", "可能——現實"), ("可能──現實", "可能——現實")],
        unsure: "A single — may join places or years (北京—上海) and stays, and so do longer lines.",
    },
    check: Check::Text(DASHES, |context, text| edits(context.place, text)),
};

/// The lines of [`is_line`].
const DASHES: &[RangeInclusive<char>] =
    &['-'..='-', '–'..='–', '―'..='―', '─'..='─', 'ー'..='ー', '－'..='－'];

fn is_line(c: char) -> bool {
    matches!(c, '-' | '─' | '－' | 'ー' | '―' | '–')
}

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let mut found = Vec::new();
    for s in view.repeats(is_line) {
        let spaced = view.before(s.start).is_some_and(is_space) && view.get(s.end).is_some_and(is_space);
        let whole = if spaced { s.start - 1..s.end + 1 } else { s.clone() };
        let wanted = s.len() == 2 || (view.get(s.start) == Some('-') && s.len() == 3);
        let before = view.before(whole.start).is_some_and(|c| is_han(c) || is_closing(c) || is_pause(c));
        let after = view.get(whole.end).is_some_and(|c| is_han(c) || is_opening(c));
        if wanted && before && after {
            found.push(Edit::sure(view.bytes(whole), "——"));
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
                ("可能--現實", "可能——現實"),
                ("可能 -- 現實", "可能——現實"),
                ("可能──現實", "可能——現實"),
                ("可能－－現實", "可能——現實"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("可能——現實", "可能——現實"),
                ("北京—上海", "北京—上海"),
                ("2001--2005", "2001--2005"),
                ("甲----乙", "甲----乙"),
                ("--help 選項", "--help 選項"),
                ("甲-乙", "甲-乙"),
            ],
        );
    }
}
