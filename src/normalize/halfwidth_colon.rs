//! Rule `halfwidth-colon`: a half-width colon or semicolon stands between Han characters.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_closing, is_han, is_numeral, is_opening, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A half-width colon or semicolon stands between Han characters.
pub const HALFWIDTH_COLON: Rule = Rule {
    name: "halfwidth-colon",
    stage: Stage::Normalize,
    summary: "a half-width colon or semicolon stands between Han characters",
    doc: Doc {
        finds: "A colon or semicolon of Latin script with Han characters or Chinese brackets on both sides, or after them at the end of a text.",
        why: "It sits too close to the character before it, and the line may break wrongly at it.",
        examples: &[("作者:李拉", "作者：李拉")],
        unsure: "Times, ratios (三:二), addresses and anything beside a digit or Latin letter stay.",
    },
    check: Check::Text(&[':'..=';'], |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    (0..view.len())
        .filter_map(|i| {
            let new = match view.get(i)? {
                ':' => "：",
                ';' => "；",
                _ => return None,
            };
            let next = if view.get(i + 1).is_some_and(is_space) { i + 2 } else { i + 1 };
            let before = view.before(i).filter(|c| is_han(*c) || is_closing(*c))?;
            let after = view.get(next).unwrap_or('\n');
            let good = is_han(after) || is_opening(after) || after == '\n';
            (good && (!is_numeral(before) || !is_numeral(after)))
                .then(|| Edit::sure(view.bytes(i..next), new))
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
                ("作者:李拉", "作者：李拉"),
                ("他說:「好」;就走了", "他說：「好」；就走了"),
                ("編輯先生:", "編輯先生："),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("12:30", "12:30"),
                ("三:二", "三:二"),
                ("http://a.b", "http://a.b"),
                ("網址:http", "網址:http"),
                ("A:甲", "A:甲"),
                ("作者：李拉", "作者：李拉"),
            ],
        );
    }
}
