//! Rule `halfwidth-comma`: a half-width comma stands between Han characters.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_chinese_mark, is_closing, is_han, is_opening, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A half-width comma stands between Han characters.
pub const HALFWIDTH_COMMA: Rule = Rule {
    name: "halfwidth-comma",
    stage: Stage::Normalize,
    summary: "a half-width comma stands between Han characters",
    doc: Doc {
        finds: "A comma of Latin script (,) with Han characters or Chinese brackets on both sides, or after them at the end of a text.",
        why: "It sits too close to the character before it, and the line may break wrongly at it.",
        examples: &[("你好,世界", "你好，世界")],
        unsure: "Beside a digit or a Latin letter it stays, and so it does in rows of short items without any Chinese mark (data, not a sentence).",
    },
    check: Check::Text(&[','..=','], |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let commas = text.as_str().matches(',').count();
    let short = text.as_str().split(',').all(|item| item.chars().count() <= 4);
    if commas > 1 && short && !view.any(is_chinese_mark) {
        return Vec::new();
    }
    (0..view.len())
        .filter_map(|i| {
            view.get(i).filter(|c| *c == ',')?;
            let next = if view.get(i + 1).is_some_and(is_space) { i + 2 } else { i + 1 };
            let before = view.before(i).is_some_and(|c| is_han(c) || is_closing(c));
            let after = view.get(next).is_none_or(|c| is_han(c) || is_opening(c) || c == '\n');
            (before && after).then(|| Edit::sure(view.bytes(i..next), "，"))
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
                ("你好,世界", "你好，世界"),
                ("他說「好」, 就走了", "他說「好」，就走了"),
                ("您在電郵中提到,", "您在電郵中提到，"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("1,000元", "1,000元"),
                ("甲,B,丙", "甲,B,丙"),
                ("姓名,年齡,性別", "姓名,年齡,性別"),
                ("你好，世界", "你好，世界"),
                ("Hong Kong,香港", "Hong Kong,香港"),
            ],
        );
    }
}
