//! The order of an index: Traditional by strokes, then radical; Simplified by sound, then strokes. Latin words and
//! numbers stand before both.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{counter::in_words, edition::Script};

/// The order of Han characters; its header says what the lines are.
const TABLE: &str = include_str!("../../seeds/tables/index-order.tsv");

/// Where a character stands: its group, and its place among all characters.
#[derive(Clone, Copy)]
struct Spot {
    group: &'static str,
    rank: u32,
}

/// The group of an entry; the order of the variants is that of the groups.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    /// Numbers and signs.
    Number,
    /// Words of Latin letters, by the first; in an index by sound Han stands among them.
    Letter(char),
    /// All words of Latin letters.
    Latin,
    /// Characters by their strokes.
    Strokes(u32),
    /// Characters that the table does not have, and other scripts.
    Other,
}

/// Words in order, under the labels of their groups. Names are read as names are.
pub(super) fn sorted(words: Vec<String>, names: bool, script: Script) -> Vec<(String, Vec<String>)> {
    let spots = spots(words.iter().flat_map(|word| word.chars()).collect(), script);
    let surnames = if names && script == Script::Simplified { surnames() } else { HashMap::new() };
    let mut groups: BTreeMap<Group, Vec<(Vec<u32>, String)>> = BTreeMap::new();
    for word in words {
        // What is no letter does not count: 《紅樓夢》 is 紅樓夢.
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
        let spot = |(at, c): (usize, &char)| match surnames.get(c) {
            Some(spot) if at == 0 && letters.len() > 1 => Some(*spot),
            _ => spots.get(c).copied(),
        };
        let first = letters.first().and_then(|c| spot((0, c)));
        let key =
            letters.iter().enumerate().map(|(at, c)| spot((at, c)).map_or_else(|| plain(*c), |s| s.rank));
        let group = group(letters.first().copied(), first, script);
        groups.entry(group).or_default().push((key.collect(), word));
    }
    groups
        .into_iter()
        .map(|(group, mut words)| {
            words.sort();
            (label(&group), words.into_iter().map(|(_, word)| word).collect())
        })
        .collect()
}

fn group(first: Option<char>, spot: Option<Spot>, script: Script) -> Group {
    let latin = first.and_then(letter);
    match (first, spot) {
        (_, Some(spot)) if script == Script::Traditional => {
            spot.group.parse().map_or(Group::Other, Group::Strokes)
        }
        (_, Some(spot)) => spot.group.chars().next().and_then(letter).map_or(Group::Other, Group::Letter),
        (Some(c), None) if c.is_ascii_digit() => Group::Number,
        (None, None) => Group::Number,
        (Some(_), None) => match (latin, script) {
            (Some(_), Script::Traditional) => Group::Latin,
            (Some(letter), Script::Simplified) => Group::Letter(letter),
            (None, _) => Group::Other,
        },
    }
}

fn label(group: &Group) -> String {
    match group {
        Group::Number => "0–9".to_owned(),
        Group::Letter(letter) => letter.to_string(),
        Group::Latin => "A–Z".to_owned(),
        Group::Strokes(count) => in_words(u64::from(*count), true) + "畫",
        Group::Other => "其他".to_owned(),
    }
}

/// The capital of a Latin letter, without what stands over it.
fn letter(c: char) -> Option<char> {
    let bare = unicode_normalization::char::decompose_canonical;
    let mut base = c;
    let mut first = true;
    bare(c, |d| {
        if std::mem::take(&mut first) {
            base = d;
        }
    });
    base.is_ascii_alphabetic().then(|| base.to_ascii_uppercase())
}

/// The rank of a character that the table does not have: Latin letters without regard to case, before all Han.
fn plain(c: char) -> u32 {
    let han = 1 << 21;
    match letter(c) {
        Some(letter) => u32::from(letter),
        None if c.is_ascii() => u32::from(c),
        None => han + u32::from(c),
    }
}

/// The places of characters in the order of a script. Ranks leave room for Latin letters before them.
fn spots(wanted: BTreeSet<char>, script: Script) -> HashMap<char, Spot> {
    let order = if script == Script::Traditional { "stroke" } else { "pinyin" };
    let mut out = HashMap::new();
    let mut rank = 1 << 10;
    for (group, characters) in lines(order) {
        for c in characters.chars() {
            rank += 1;
            if wanted.contains(&c) {
                out.insert(c, Spot { group, rank });
            }
        }
    }
    out
}

/// The places of characters by the readings that they have at the head of a name: behind all others of that sound.
fn surnames() -> HashMap<char, Spot> {
    let mut ends = HashMap::new();
    let mut rank = 1 << 10;
    for (group, characters) in lines("pinyin") {
        rank += characters.chars().count() as u32;
        ends.insert(group, rank);
    }
    let mut out = HashMap::new();
    for (group, characters) in lines("surname") {
        let rank = ends.get(group).copied().unwrap_or(rank);
        out.extend(characters.chars().map(|c| (c, Spot { group, rank })));
    }
    out
}

/// The groups of an order, each with its characters.
fn lines(order: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(move |line| line.strip_prefix(order)?.strip_prefix('\t')?.split_once('\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words in any order, and the groups of their index.
    fn check(script: Script, names: bool, cases: &[(&str, &str)]) {
        for (words, expected) in cases {
            let words = words.split(' ').map(str::to_owned).collect();
            let groups = sorted(words, names, script);
            let shown: Vec<String> =
                groups.iter().map(|(label, words)| format!("{label}: {}", words.join(" "))).collect();
            assert_eq!(shown.join(" / "), *expected);
        }
    }

    #[test]
    fn traditional_by_strokes() {
        check(
            Script::Traditional,
            false,
            &[
                ("賈寶玉 王熙鳳 林黛玉", "四畫: 王熙鳳 / 八畫: 林黛玉 / 十三畫: 賈寶玉"),
                ("林黛玉 林之孝 林", "八畫: 林 林之孝 林黛玉"),
                (
                    "《紅樓夢》 一 Zola apple Éluard 3D",
                    "0–9: 3D / A–Z: apple Éluard Zola / 一畫: 一 / 九畫: 《紅樓夢》",
                ),
                ("あ 丁", "二畫: 丁 / 其他: あ"),
            ],
        );
    }

    #[test]
    fn simplified_by_sound() {
        check(
            Script::Simplified,
            false,
            &[
                ("贾宝玉 王熙凤 林黛玉", "J: 贾宝玉 / L: 林黛玉 / W: 王熙凤"),
                ("阿 Apple 爱", "A: Apple 阿 爱"),
                ("妈 马 麻 骂", "M: 妈 麻 马 骂"),
                ("女 努 吕 路", "L: 路 吕 / N: 努 女"),
                ("曾经 单位", "C: 曾经 / D: 单位"),
            ],
        );
        check(
            Script::Simplified,
            true,
            &[("曾国藩 曾 单雄信 仇英", "C: 曾 / Q: 仇英 / S: 单雄信 / Z: 曾国藩"), ("赵曾", "Z: 赵曾")],
        );
    }

    #[test]
    fn the_table_has_every_character_once() {
        for order in ["pinyin", "stroke"] {
            let mut seen = BTreeSet::new();
            for (group, characters) in lines(order) {
                assert!(!characters.is_empty(), "{group}");
                characters.chars().for_each(|c| assert!(seen.insert(c), "{order}: {c} is there twice"));
            }
            assert!(seen.len() > 20_000, "{order}: {}", seen.len());
        }
        let sounds: BTreeSet<&str> = lines("pinyin").map(|(group, _)| group).collect();
        assert!(lines("surname").all(|(group, _)| sounds.contains(group)));
    }
}
