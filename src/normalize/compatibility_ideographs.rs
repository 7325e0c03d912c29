//! Rule `compatibility-ideographs`: compatibility ideographs or radicals stand for Han characters.

use unicode_normalization::UnicodeNormalization;

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_han},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Compatibility ideographs or radicals stand for Han characters.
pub const COMPATIBILITY_IDEOGRAPHS: Rule = Rule {
    name: "compatibility-ideographs",
    stage: Stage::Normalize,
    summary: "compatibility ideographs or radicals stand for Han characters",
    doc: Doc {
        finds: "CJK compatibility ideographs, Kangxi radicals and CJK radicals in running text.",
        why: "They look like ordinary characters, so nobody sees them, but searching, dictionaries and many fonts do not know them. They come from PDF files and old encodings.",
        examples: &[("⼈⺠", "人民"), ("金\u{F90A}", "金金")],
        unsure: "A radical alone, in brackets or quotation marks, is talked about and stays (部首「⻌」). Nothing else is folded: this is not NFKC.",
    },
    check: Check::Text(
        &['\u{2E80}'..='\u{2FD5}', '\u{F900}'..='\u{FAFF}', '\u{2F800}'..='\u{2FA1F}'],
        |context, text| edits(context.place, text),
    ),
};

/// CJK radicals that are written like a whole character (EquivalentUnifiedIdeograph.txt).
const RADICALS: &[(char, char)] = &[
    ('⺠', '民'),
    ('⻁', '虎'),
    ('⻄', '西'),
    ('⻅', '见'),
    ('⻆', '角'),
    ('⻉', '贝'),
    ('⻋', '车'),
    ('⻓', '长'),
    ('⻔', '门'),
    ('⻘', '青'),
    ('⻙', '韦'),
    ('⻚', '页'),
    ('⻛', '风'),
    ('⻜', '飞'),
    ('⻝', '食'),
    ('⻢', '马'),
    ('⻣', '骨'),
    ('⻤', '鬼'),
    ('⻥', '鱼'),
    ('⻦', '鸟'),
    ('⻨', '麦'),
    ('⻩', '黄'),
    ('⻬', '齐'),
    ('⻮', '齿'),
    ('⻰', '龙'),
    ('⻳', '龟'),
];

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    let mut found = Vec::new();
    for i in 0..view.len() {
        let Some(c) = view.get(i) else { continue };
        let new = match c {
            '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}' => std::iter::once(c).nfc().next(),
            '\u{2E80}'..='\u{2FD5}' if in_words(&view, i) => full_form(c),
            _ => None,
        };
        found.extend(new.filter(|n| *n != c).map(|n| Edit::sure(view.bytes(i..i + 1), n)));
    }
    found
}

/// Whether a radical has a Han character or another radical beside it.
fn in_words(view: &View, i: usize) -> bool {
    let word = |c: Option<char>| c.is_some_and(|c| is_han(c) || matches!(c, '\u{2E80}'..='\u{2FD5}'));
    word(view.before(i)) || word(view.get(i + 1))
}

/// The character that a radical is, where it is a whole character.
fn full_form(c: char) -> Option<char> {
    match c {
        '\u{2F00}'..='\u{2FD5}' => std::iter::once(c).nfkc().next(),
        _ => RADICALS.iter().find(|(radical, _)| *radical == c).map(|(_, full)| *full),
    }
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
                ("⼈⺠", "人民"),
                ("⻔⼝", "门口"),
                ("金\u{F90A}", "金金"),
                ("突\u{FA0C}", "突兀"),
                ("⾹港", "香港"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("部首「⻌」", "部首「⻌」"),
                ("（⼈）", "（⼈）"),
                ("ﬁ①㎏", "ﬁ①㎏"),
                ("凞\u{FA0E}", "凞\u{FA0E}"),
            ],
        );
    }
}
