//! Words of Hong Kong: a text in Traditional characters in, edits of the words that Hong Kong does not use out.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    borders,
    config::Config,
    convert::{Converter, Extras},
};
use crate::{
    edit::{Confidence, Edit},
    tables::guarded,
    text::Text,
};

const TABLE: &str = include_str!("../../seeds/tables/hong-kong-words.tsv");

/// Whose words a manuscript has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The mainland's: it was in Simplified characters.
    Mainland,
    /// Anybody's: Traditional characters do not tell.
    Any,
}

/// A line of the table.
#[derive(Clone, Copy, Debug)]
struct Row {
    right: &'static str,
    whose: &'static str,
    sure: bool,
    guards: &'static str,
    reason: &'static str,
}

/// A word in one of its forms, and Hong Kong's in the same.
struct Pair {
    wrong: String,
    right: String,
    row: Row,
}

/// The table by first character, longer words first; also in the forms of characters that Hong Kong's list and
/// Taiwan's standard have, for writers in Hong Kong use both (即食麪, 即食麵).
static WORDS: LazyLock<HashMap<char, Vec<Pair>>> = LazyLock::new(|| {
    let forms = [Config::T2hk, Config::T2tw].map(|config| Converter::new(config, Extras::NONE));
    let mut words = HashMap::<char, Vec<Pair>>::new();
    for (wrong, row) in TABLE.lines().filter_map(row) {
        let other = forms.iter().map(|form| (form.convert(wrong), form.convert(row.right)));
        let other = other.filter(|(word, _)| word != wrong);
        for (wrong, right) in other.chain([(wrong.to_owned(), row.right.to_owned())]) {
            let first = wrong.chars().next().expect("a word is not empty");
            words.entry(first).or_default().push(Pair { wrong, right, row });
        }
    }
    words.values_mut().for_each(|rows| rows.sort_by_key(|pair| std::cmp::Reverse(pair.wrong.len())));
    words
});

fn row(line: &'static str) -> Option<(&'static str, Row)> {
    let mut fields = line.split('\t');
    let mut next = || fields.next();
    (!line.starts_with('#')).then(|| {
        let (wrong, right, whose) = (next()?, next()?, next()?);
        let sure = next()? == "sure";
        Some((wrong, Row { right, whose, sure, guards: next()?, reason: next()? }))
    })?
}

/// The words of a text for which Hong Kong has its own. What is not certain is only likely, and not to be made.
pub(crate) fn words(text: &Text, whose: Whose) -> Vec<Edit> {
    let string = text.as_str();
    let mut found = Vec::new();
    for open in text.open_ranges() {
        let mut free = open.start;
        for (offset, c) in string[open.clone()].char_indices() {
            let at = open.start + offset;
            if at < free {
                continue;
            }
            let pairs = WORDS.get(&c).map_or(&[][..], Vec::as_slice);
            let hit = pairs.iter().find(|Pair { wrong, row, .. }| {
                string[at..open.end].starts_with(wrong.as_str())
                    && (whose == Whose::Any || row.whose != "tw")
                    && !guarded(string, at, wrong, row.guards)
            });
            if let Some(Pair { wrong, right, row }) = hit {
                let range = at..at + wrong.len();
                free = range.end;
                if borders::is_cut(string, range.clone()) {
                    continue;
                }
                let confidence = if row.sure { Confidence::Sure } else { Confidence::Likely };
                found.push(Edit::new(range, right, confidence).because(row.reason));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn localized(string: &str, whose: Whose) -> String {
        let mut text = Text::verbatim(string, SourceId(0), 0);
        let edits = words(&text, whose);
        text.apply("region-words-hk", edits, |e| e.confidence == Confidence::Sure);
        text.as_str().to_owned()
    }

    #[test]
    fn words_of_hong_kong_take_the_place_of_others() {
        for (whose, before, after) in [
            (Whose::Mainland, "他坐出租車去機場，在航站樓取登機牌。", "他坐的士去機場，在航站樓取登機證。"),
            (Whose::Mainland, "程序員買了一台筆記本電腦。", "程式員買了一台手提電腦。"),
            (Whose::Any, "義大利的軟體公司用雷射", "意大利的軟件公司用激光"),
            (Whose::Any, "吃泡麪和泡麵配優格", "吃即食麪和即食麵配乳酪"),
        ] {
            assert_eq!(localized(before, whose), after);
        }
    }

    #[test]
    fn innocent_strings_stay() {
        for string in [
            "軟體動物與鳳梨酥",
            "法律程序和信息",
            "他參加彭先生的婚禮",
            "哈薩克斯坦的同志工作到深夜",
            "中國小說與三國中的人物",
            "的士司機用八達通",
        ] {
            assert_eq!(localized(string, Whose::Any), string);
        }
        // Taiwan's words are not looked for in a text of the mainland.
        assert_eq!(localized("一個便當", Whose::Mainland), "一個便當");
    }

    #[test]
    fn no_word_of_hong_kong_is_anothers() {
        for (wrong, row) in TABLE.lines().filter_map(row) {
            assert_eq!(localized(row.right, Whose::Any), row.right, "{wrong} {row:?}");
        }
    }
}
