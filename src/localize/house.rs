//! Words of the house for an edition: what stays as it is, and what becomes something else, whatever the dictionaries say.
//! A list in, the places of a text that it settles out.

use std::{collections::HashMap, ops::Range};

use super::{
    config::Config,
    convert::{Converter, Extras},
};

/// The words of the house for one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct House {
    /// By first character, longer words first: the word, and what it becomes.
    words: HashMap<char, Vec<(String, String)>>,
}

/// Why a list of words cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// A word that is to become two different ones, or to stay and to change.
    #[error("`{word}` is to become both `{one}` and `{other}`")]
    Twice {
        /// The word.
        word: String,
        /// What it is to become by one line.
        one: String,
        /// What it is to become by another.
        other: String,
    },
    /// A word that is to become one that is to become another.
    #[error("`{word}` is to become `{next}`, which is to become `{last}`: say `{last}` at once")]
    Chain {
        /// The word.
        word: String,
        /// What it is to become.
        next: String,
        /// What that is to become.
        last: String,
    },
    /// A circle of words, each to become the next.
    #[error("`{word}` is to become `{next}` and back: the list goes round in a circle")]
    Circle {
        /// The word.
        word: String,
        /// What it is to become.
        next: String,
    },
    /// A line without a word.
    #[error("a word is empty")]
    Empty,
}

impl House {
    /// Makes a list of pairs usable: a word, and what it becomes; a pair of equals stays as it is. A word in
    /// Traditional characters also stands for its Simplified form, and another form of the same word for itself.
    ///
    /// # Errors
    /// When two pairs contradict each other.
    pub fn new<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Conflict> {
        let mut all: HashMap<&str, &str> = HashMap::new();
        let pairs: Vec<(&str, &str)> = pairs.into_iter().collect();
        for &(word, new) in &pairs {
            if word.trim().is_empty() {
                return Err(Conflict::Empty);
            }
            if let Some(known) = all.insert(word, new).filter(|known| *known != new) {
                let (one, other) = (known.to_owned(), new.to_owned());
                return Err(Conflict::Twice { word: word.to_owned(), one, other });
            }
        }
        for &(word, next) in &pairs {
            let Some(last) = all.get(next).filter(|last| **last != next && word != next) else { continue };
            let (word, next, last) = (word.to_owned(), next.to_owned(), (*last).to_owned());
            return Err(if goes_round(&all, &word) {
                Conflict::Circle { word, next }
            } else {
                Conflict::Chain { word, next, last }
            });
        }
        let mut house = Self::default();
        let simplify = Converter::new(Config::T2s, Extras::NONE);
        for &(word, new) in &pairs {
            house.add(word, new);
            let simplified = simplify.convert(word);
            if simplified != word && !all.contains_key(simplified.as_str()) {
                house.add(&simplified, new);
            }
            // The form of a word that the house wants is right where a manuscript has it already.
            if new != word && !all.contains_key(new) && simplify.convert(new) == simplified {
                house.add(new, new);
            }
        }
        house
            .words
            .values_mut()
            .for_each(|words| words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len())));
        Ok(house)
    }

    fn add(&mut self, word: &str, new: &str) {
        let Some(first) = word.chars().next() else { return };
        let words = self.words.entry(first).or_default();
        // Of two Traditional words with one Simplified form the first counts.
        if words.iter().all(|(known, _)| known != word) {
            words.push((word.to_owned(), new.to_owned()));
        }
    }

    /// The places of a text that the list settles, from its start on, longer words first, and what stands there.
    pub(crate) fn find<'a>(&'a self, text: &str, within: Range<usize>) -> Vec<(Range<usize>, &'a str)> {
        let mut found = Vec::new();
        if self.words.is_empty() {
            return found;
        }
        let mut free = within.start;
        for (offset, c) in text[within.clone()].char_indices() {
            let at = within.start + offset;
            let words = self.words.get(&c).filter(|_| at >= free).map_or(&[][..], Vec::as_slice);
            let hit = words.iter().find(|(word, _)| text[at..within.end].starts_with(word.as_str()));
            if let Some((word, new)) = hit {
                free = at + word.len();
                found.push((at..free, new.as_str()));
            }
        }
        found
    }
}

impl House {
    /// The places of a converted text that hold what the list asks for.
    pub(crate) fn made(&self, text: &str, within: Range<usize>) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        for new in self.words.values().flatten().map(|(_, new)| new).filter(|new| !new.is_empty()) {
            let found = text[within.clone()].match_indices(new.as_str());
            places.extend(found.map(|(at, _)| within.start + at..within.start + at + new.len()));
        }
        places
    }
}

/// Whether following the list from a word leads into a circle.
fn goes_round(all: &HashMap<&str, &str>, word: &str) -> bool {
    let mut at = word;
    for _ in 0..=all.len() {
        match all.get(at) {
            Some(next) if *next != at => at = next,
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_both_scripts_the_longest_first() {
        let house = House::new([("軟件", "軟件"), ("軟件園", "科學園"), ("金庸", "金庸"), ("打印", "列印")])
            .expect("a list");
        let found = |text: &str| -> Vec<String> {
            let found = house.find(text, 0..text.len());
            found.into_iter().map(|(range, new)| format!("{}→{new}", &text[range])).collect()
        };
        assert_eq!(found("软件园的软件"), ["软件园→科學園", "软件→軟件"]);
        assert_eq!(found("軟件，打印"), ["軟件→軟件", "打印→列印"]);
        assert!(found("软体").is_empty() && found("").is_empty());
    }

    #[test]
    fn contradictions_are_told() {
        for (pairs, says) in [
            (&[("甲", "乙"), ("甲", "丙")][..], "`甲` is to become both `乙` and `丙`"),
            (&[("甲", "甲"), ("甲", "丙")], "`甲` is to become both `甲` and `丙`"),
            (
                &[("甲", "乙"), ("乙", "丙")],
                "`甲` is to become `乙`, which is to become `丙`: say `丙` at once",
            ),
            (
                &[("甲", "乙"), ("乙", "甲")],
                "`甲` is to become `乙` and back: the list goes round in a circle",
            ),
            (
                &[("甲", "乙"), ("乙", "丙"), ("丙", "甲")],
                "`甲` is to become `乙` and back: the list goes round in a circle",
            ),
            (&[("", "乙")], "a word is empty"),
        ] {
            assert_eq!(House::new(pairs.iter().copied()).expect_err("a conflict").to_string(), says);
        }
        // To become what stays is no chain.
        assert!(House::new([("甲", "乙"), ("乙", "乙"), ("甲", "乙")]).is_ok());
        // A long chain that closes somewhere else is found, and soon.
        let words: Vec<String> = (0..20_000).map(|i| format!("詞{i}")).collect();
        let pairs = (0..20_000).map(|i| (words[i].as_str(), words[(i + 1).min(19_999)].as_str()));
        assert!(matches!(House::new(pairs), Err(Conflict::Chain { .. })));
    }
}
