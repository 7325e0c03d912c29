//! Rule `interpunct`: another dot stands for the interpunct of a name.

use std::ops::RangeInclusive;

use crate::{
    document::Place,
    edit::{Confidence, Edit},
    normalize::class::{View, is_han, is_numeral},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Another dot stands for the interpunct of a name.
pub const INTERPUNCT: Rule = Rule {
    name: "interpunct",
    stage: Stage::Normalize,
    summary: "another dot stands for the interpunct of a name",
    doc: Doc {
        finds: "A bullet, katakana dot, hyphenation point or full-width full stop between two Han characters.",
        why: "The mark between the parts of a name is U+00B7; others differ in width, break lines wrongly and hide the name from a search.",
        examples: &[("比爾‧蓋茨", "比爾·蓋茨")],
        unsure: "Dots after a number (一．緒論), at the start of a line or in Japanese text stay. A full-width full stop (比爾．蓋茲) is only likely, and left where it may end a sentence.",
    },
    check: Check::Text(DOTS, |context, text| edits(context.place, text)),
};

/// What stands for the interpunct.
const DOTS: &[RangeInclusive<char>] =
    &['•'..='•', '‧'..='‧', '∙'..='∙', '⋅'..='⋅', '・'..='・', '．'..='．', '･'..='･'];

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    if view.any(|c| matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}')) {
        return Vec::new();
    }
    // A text without 。 may end its sentences with ．, so there the dot says nothing.
    let stops = view.any(|c| c == '。');
    (0..view.len())
        .filter_map(|i| {
            let confidence = match view.get(i)? {
                '．' if stops => Confidence::Likely,
                '‧' | '•' | '・' | '･' | '∙' | '⋅' => Confidence::Sure,
                _ => return None,
            };
            let parted = view.before(i).is_some_and(|c| is_han(c) && !is_numeral(c))
                && view.get(i + 1).is_some_and(is_han);
            parted.then(|| Edit::new(view.bytes(i..i + 1), "·", confidence))
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
            &[("比爾‧蓋茨", "比爾·蓋茨"), ("喬治・華盛頓", "喬治·華盛頓"), ("馬克•吐溫", "馬克·吐溫")],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("一．緒論", "一．緒論"),
                ("認識對方．你有空嗎", "認識對方．你有空嗎"),
                ("•蘋果", "•蘋果"),
                ("比爾·蓋茨", "比爾·蓋茨"),
                ("コーヒー・紅茶", "コーヒー・紅茶"),
                ("3・15", "3・15"),
            ],
        );
    }
}
