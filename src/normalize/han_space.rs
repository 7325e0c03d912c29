//! Rule `han-space`: a space stands between Han characters.

use crate::{
    document::Place,
    edit::{Confidence, Edit},
    normalize::class::{SPACES, View, is_chinese_mark, is_closing, is_han, is_opening, is_pause, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A space stands between Han characters.
pub const HAN_SPACE: Rule = Rule {
    name: "han-space",
    stage: Stage::Normalize,
    summary: "a space stands between Han characters",
    doc: Doc {
        finds: "A word space beside a Chinese mark or between two Han characters in running text.",
        why: "Chinese parts no words; such spaces come from hard wraps, web pages and PDF files.",
        examples: &[("你好， 世界", "你好，世界")],
        unsure: "Sure beside a comma or full stop, likely between Han in a paragraph of sentences. Headings, captions and lists of names keep their spaces; ideographic spaces always stay.",
    },
    check: Check::Text(SPACES, |context, text| edits(context.place, text)),
};

fn edits(place: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let paragraph = place == Place::Paragraph;
    let sentences = paragraph && view.any(|c| c == '。');
    let mut found = Vec::new();
    for s in view.stretches(is_space) {
        let (Some(before), Some(after)) = (view.before(s.start), view.get(s.end)) else {
            continue;
        };
        let word = |c: char| is_han(c) || is_chinese_mark(c);
        if !word(before) || !word(after) {
            continue;
        }
        let bracket = |c: char| is_opening(c) || is_closing(c);
        let confidence =
            if is_pause(before) || is_pause(after) || (paragraph && bracket(before) != bracket(after)) {
                Confidence::Sure
            } else if sentences && is_han(before) && is_han(after) {
                Confidence::Likely
            } else {
                continue;
            };
        found.push(Edit::new(view.bytes(s), "", confidence));
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
            &[("你好， 世界", "你好，世界"), ("他稱 「上海精神」 為準則", "他稱「上海精神」為準則")],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("張三 李四", "張三 李四"),
                ("「甲」 「乙」", "「甲」 「乙」"),
                ("張　三", "張　三"),
                ("他走了 我來了。", "他走了 我來了。"),
                ("A 組，B 組", "A 組，B 組"),
            ],
        );
    }
}
