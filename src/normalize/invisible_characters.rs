//! Rule `invisible-characters`: characters that no reader sees stand beside Chinese text.

use std::ops::RangeInclusive;

use crate::{
    document::Place,
    edit::Edit,
    normalize::class::{View, is_chinese_mark, is_han, is_space},
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// Characters that no reader sees stand beside Chinese text.
pub const INVISIBLE_CHARACTERS: Rule = Rule {
    name: "invisible-characters",
    stage: Stage::Normalize,
    summary: "characters that no reader sees stand beside Chinese text",
    doc: Doc {
        finds: "Zero-width spaces and joiners, soft hyphens, byte order marks and direction controls beside Han characters or Chinese marks.",
        why: "They come along from web pages and chat programs, break searching and line breaking, and show as boxes in some fonts.",
        examples: &[("上海\u{200B}精神", "上海精神")],
        unsure: "Inside Latin and other scripts, between emoji and around Arabic or Hebrew they have work to do and stay. Variation selectors are never touched.",
    },
    check: Check::Text(INVISIBLE, |context, text| edits(context.place, text)),
};

fn edits(_: Place, text: &Text) -> Vec<Edit> {
    let view = View::new(text);
    // Right-to-left text needs its controls.
    if view.any(|c| matches!(c, '\u{590}'..='\u{8FF}')) {
        return Vec::new();
    }
    let chinese = |c: Option<char>| c.is_none_or(|c| is_han(c) || is_chinese_mark(c) || c == '\n');
    // What stands behind spaces counts as beside, for the spaces may go.
    let seen = |i: usize| view.get(i).filter(|&c| !is_space(c) && c != '\u{3000}' && !is_invisible(c));
    let stretches = view.stretches(is_invisible);
    // The visible character after each stretch, from the last to the first, so that none is looked for twice.
    let mut afters = vec![None; stretches.len()];
    let (mut to, mut visible) = (view.len(), None);
    for (s, after) in stretches.iter().zip(&mut afters).rev() {
        visible = (s.end..to).find_map(seen).or(visible);
        (*after, to) = (visible, s.start);
    }
    let (mut from, mut before) = (0, None);
    stretches
        .into_iter()
        .zip(afters)
        .filter(|(s, after)| {
            before = (from..s.start).rev().find_map(seen).or(before);
            from = s.end;
            (chinese(before) || chinese(*after))
                && !before.is_some_and(is_pictograph)
                && !after.is_some_and(is_pictograph)
        })
        .map(|(s, _)| Edit::sure(view.bytes(s), ""))
        .collect()
}

/// The characters of [`is_invisible`].
const INVISIBLE: &[RangeInclusive<char>] = &[
    '\u{AD}'..='\u{AD}',
    '\u{200B}'..='\u{200F}',
    '\u{202A}'..='\u{202E}',
    '\u{2060}'..='\u{2060}',
    '\u{2066}'..='\u{2069}',
    '\u{FEFF}'..='\u{FEFF}',
];

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
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
                ("上海\u{200B}精神", "上海精神"),
                ("\u{FEFF}當全球化", "當全球化"),
                ("合作\u{AD}，", "合作，"),
                ("\u{202A}合作\u{202C}", "合作"),
                ("a\u{200B} \u{200B}　\u{200B}甲", "a 　甲"),
            ],
        );
    }

    #[test]
    fn good_text_stays() {
        check(
            edits,
            Place::Paragraph,
            &[
                ("我們👩\u{200D}👩\u{200D}👧來了", "我們👩\u{200D}👩\u{200D}👧來了"),
                ("data\u{200B}base 很大", "data\u{200B}base 很大"),
                ("כן\u{200F}是", "כן\u{200F}是"),
                ("葛\u{E0100}城", "葛\u{E0100}城"),
                ("a\u{200B} \u{200B}b", "a\u{200B} \u{200B}b"),
            ],
        );
    }
}
