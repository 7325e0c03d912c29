//! What is a matter of taste: forms, variants and pairs of grammar, from `seeds/tables/scoring-forms.tsv`.

use std::{collections::BTreeSet, sync::LazyLock};

use super::lexicon;

const TABLE: &str = include_str!("../../../seeds/tables/scoring-forms.tsv");

/// Characters of which none is ever read as another: numbers, directions, kin, days.
const APART: &[&str] = &[
    "〇零一二三四五六七八九十百千万亿兩两几半双壹贰叁肆伍陆柒捌玖拾佰仟",
    "东南西北",
    "上下",
    "左右",
    "男女",
    "甲乙丙丁戊己庚辛壬癸",
    "子丑寅卯辰巳午未申酉戌亥",
    "内外前后",
    "父母爸妈",
    "买卖",
    "授受",
    "大小",
    "爷奶",
    "哥弟姐妹",
    "年月日时",
    "元角分",
    "我你他她它您",
];

struct Forms {
    also: Vec<(char, u16)>,
    variants: BTreeSet<(u16, u16)>,
    style: BTreeSet<(u16, u16)>,
    apart: BTreeSet<(u16, u16)>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let rows = |kind: &'static str| {
        TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(move |line| {
            let mut fields = line.split('\t');
            (fields.next() == Some(kind)).then(|| (fields.next().unwrap_or(""), fields.next().unwrap_or("")))
        })
    };
    let mut also: Vec<(char, u16)> = rows("also")
        .filter_map(|(c, other)| Some((c.chars().next()?, other.chars().next()? as u32 as u16)))
        .collect();
    also.sort_unstable();
    Forms {
        also,
        variants: rows("variant").flat_map(|(group, _)| pairs(group)).collect(),
        style: rows("style").flat_map(|(group, _)| pairs(group)).collect(),
        apart: APART.iter().flat_map(|group| pairs(group)).collect(),
    }
});

/// All pairs of different characters of a group, as they are scored.
fn pairs(group: &str) -> Vec<(u16, u16)> {
    let chars: Vec<u16> = group.chars().map(lexicon::fold).collect();
    let with = |a: u16| chars.iter().filter(move |b| **b != a).map(move |b| (a, *b));
    chars.iter().flat_map(|a| with(*a)).collect()
}

/// Another character that one may stand for, as it is scored; U+0000 for none.
pub fn also(c: char) -> u16 {
    FORMS.also.binary_search_by_key(&c, |(c, _)| *c).map_or(0, |at| FORMS.also[at].1)
}

/// Whether two scored characters stand for each other.
pub fn are_variants(a: u16, b: u16) -> bool {
    FORMS.variants.contains(&(a, b))
}

/// Whether the choice between two scored characters is one of grammar or style.
pub fn is_style(a: u16, b: u16) -> bool {
    FORMS.style.contains(&(a, b))
}

/// Whether a scored character is a word of grammar, or often taken for one.
pub fn is_grammar(c: u16) -> bool {
    style_of(c).next().is_some()
}

/// Whether two scored characters are never read as each other.
pub fn are_apart(a: u16, b: u16) -> bool {
    FORMS.apart.contains(&(a, b))
}

/// What a function character may be written for, as it is scored.
pub fn style_of(c: u16) -> impl Iterator<Item = u16> {
    FORMS.style.range((c, 0)..=(c, u16::MAX)).map(|(_, other)| *other)
}
