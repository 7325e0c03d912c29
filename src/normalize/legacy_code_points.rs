//! Rule `legacy-code-points`: private code points of old encodings stand for real characters.

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::View,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Private code points of old encodings stand for real characters.
pub const LEGACY_CODE_POINTS: Rule = Rule {
    name: "legacy-code-points",
    stage: Stage::Normalize,
    summary: "private code points of old encodings stand for real characters",
    doc: Doc {
        finds: "Private-use code points that GBK and early GB 18030 used for characters which Unicode has since encoded.",
        why: "Without the old system font they show as boxes.",
        examples: &[("\u{E81E}", "\u{9FB4}")],
        unsure: "Only code points that GB 18030-2005 itself moved are known here; other private characters stay, for they may be the writer\u{2019}s own.",
    },
    check: Check::Text(&['\u{E7C7}'..='\u{E864}'], |context, text| edits(context.place, text)),
};

/// From GB 18030-2000's private mapping to the character of GB 18030-2005.
const MOVED: &[(char, char)] = &[
    ('\u{E7C7}', '\u{1E3F}'),
    ('\u{E816}', '\u{20087}'),
    ('\u{E817}', '\u{20089}'),
    ('\u{E818}', '\u{200CC}'),
    ('\u{E81E}', '\u{9FB4}'),
    ('\u{E826}', '\u{9FB5}'),
    ('\u{E82B}', '\u{9FB6}'),
    ('\u{E82C}', '\u{9FB7}'),
    ('\u{E831}', '\u{215D7}'),
    ('\u{E832}', '\u{9FB8}'),
    ('\u{E83B}', '\u{2298F}'),
    ('\u{E843}', '\u{9FB9}'),
    ('\u{E854}', '\u{9FBA}'),
    ('\u{E855}', '\u{241FE}'),
    ('\u{E864}', '\u{9FBB}'),
];

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    (0..view.len())
        .filter_map(|i| {
            let c = view.get(i)?;
            let (_, new) = MOVED.iter().find(|(old, _)| *old == c)?;
            Some(Edit::sure(view.bytes(i..i + 1), *new))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::tests::check;

    #[test]
    fn faults_are_mended() {
        check(edits, Place::Paragraph, &[("讀\u{E81E}字", "讀\u{9FB4}字")]);
    }

    #[test]
    fn good_text_stays() {
        check(edits, Place::Paragraph, &[("\u{E000}", "\u{E000}"), ("龴", "龴")]);
    }
}
