//! What is a matter of taste: forms, variants and pairs of grammar, from `seeds/tables/scoring-forms.tsv`.

use std::{collections::BTreeSet, sync::LazyLock};

use super::lexicon;
use crate::fix::charset::CharSet;

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
    /// The characters that have another reading.
    read: CharSet,
    variants: Pairs,
    style: Pairs,
    apart: Pairs,
}

/// Pairs of characters, and the first ones: most characters are in no pair.
struct Pairs {
    first: CharSet,
    pairs: BTreeSet<(u16, u16)>,
}

impl Pairs {
    fn new(pairs: impl Iterator<Item = (u16, u16)>) -> Self {
        let pairs: BTreeSet<(u16, u16)> = pairs.collect();
        let first = CharSet::of(pairs.iter().filter_map(|(c, _)| char::from_u32((*c).into())));
        Self { first, pairs }
    }

    fn starts(&self, c: u16) -> bool {
        char::from_u32(c.into()).is_some_and(|c| self.first.may_have(c))
    }

    fn has(&self, a: u16, b: u16) -> bool {
        self.starts(a) && self.pairs.contains(&(a, b))
    }
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
        read: CharSet::of(also.iter().map(|(c, _)| *c)),
        also,
        variants: Pairs::new(rows("variant").flat_map(|(group, _)| pairs(group))),
        style: Pairs::new(rows("style").flat_map(|(group, _)| pairs(group))),
        apart: Pairs::new(APART.iter().flat_map(|group| pairs(group))),
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
    if !FORMS.read.may_have(c) {
        return 0;
    }
    FORMS.also.binary_search_by_key(&c, |(c, _)| *c).map_or(0, |at| FORMS.also[at].1)
}

/// Whether two scored characters stand for each other.
pub fn are_variants(a: u16, b: u16) -> bool {
    FORMS.variants.has(a, b)
}

/// Whether the choice between two scored characters is one of grammar or style.
pub fn is_style(a: u16, b: u16) -> bool {
    FORMS.style.has(a, b)
}

/// Whether a scored character is a word of grammar, or often taken for one.
pub fn is_grammar(c: u16) -> bool {
    FORMS.style.starts(c)
}

/// Whether two scored characters are never read as each other.
pub fn are_apart(a: u16, b: u16) -> bool {
    FORMS.apart.has(a, b)
}

/// What a function character may be written for, as it is scored.
pub fn style_of(c: u16) -> impl Iterator<Item = u16> {
    FORMS.style.pairs.range((c, 0)..=(c, u16::MAX)).map(|(_, other)| *other)
}
