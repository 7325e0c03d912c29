//! Rule `heading-space`: the halves of a heading are parted by a word space.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{SPACES, View, is_closing, is_han, is_opening, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// The halves of a heading are parted by a word space.
pub const HEADING_SPACE: Rule = Rule {
    name: "heading-space",
    stage: Stage::Normalize,
    summary: "the halves of a heading are parted by a word space",
    doc: Doc {
        finds: "A space between Han characters or Chinese brackets in a title or heading.",
        why: "It parts the halves of a couplet or a number from its words; a word space is too thin for that and is lost where lines are justified.",
        examples: &[("民心相通 累積成為信任資本", "民心相通　累積成為信任資本")],
        unsure: "Only titles and headings; a space beside a comma or colon is left to `han-space`.",
    },
    check: Check::Text(SPACES, |context, text| edits(context.place, text)),
};

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    if !matches!(place, Place::Title | Place::Heading) {
        return Vec::new();
    }
    let view = View::new(text);
    view.stretches(is_space)
        .into_iter()
        .filter(|s| {
            view.before(s.start).is_some_and(|c| is_han(c) || is_closing(c))
                && view.get(s.end).is_some_and(|c| is_han(c) || is_opening(c))
        })
        .map(|s| Edit::sure(view.bytes(s), "\u{3000}"))
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
            Place::Heading,
            &[
                ("民心相通 累積成為信任資本", "民心相通　累積成為信任資本"),
                ("第一章 「第三種可能」", "第一章　「第三種可能」"),
                ("第1章  緒論", "第1章　緒論"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Heading,
            &[
                ("求同存異　以協商治理分歧", "求同存異　以協商治理分歧"),
                ("Rust 入門", "Rust 入門"),
                ("第一章： 緒論", "第一章： 緒論"),
            ],
        );
    }
}
