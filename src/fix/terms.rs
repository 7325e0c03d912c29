//! Terms that a document writes again and again, and the places where one character of such a term is another:
//! what no word list can know, the document itself tells.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    lattice::{
        self,
        lexicon::{self, Confused},
    },
    mixing::Map,
    passages::Passages,
};

/// How many characters must agree, the one in question included.
pub const LENGTH: usize = 3;
/// How often the term must stand in the document.
const TIMES: u32 = 3;

/// A place where a term may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The run.
    pub run: usize,
    /// The character in question, by its place in `Passages::chars`.
    pub at: usize,
    /// What the term has there.
    pub new: char,
    /// Where the string begins in which the term was recognized.
    pub start: usize,
    /// How often the term stands in the document.
    pub times: u32,
    /// How many strings around the place speak for it.
    pub strings: u32,
}

fn key(string: &[char]) -> u64 {
    string.iter().fold(0, |key, c| key << 21 | u64::from(*c))
}

/// Strings are first counted roughly, by this cell of theirs, so that only those that recur are counted one by one.
fn cell(key: u64, cells: usize) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 42) as usize % cells
}

/// The key of a string without one of its characters.
fn without(string: &[char], hole: usize) -> u64 {
    let mut key = 0;
    for (i, c) in string.iter().enumerate() {
        key = key << 21 | if i == hole { 0 } else { u64::from(*c) };
    }
    key
}

/// Terms by what is left of them without one of their characters.
struct Terms {
    /// What is left, the character, and how often the term stands in the document; sorted.
    rows: Vec<(u64, char, u32)>,
    /// Where the rows of what is left begin.
    index: Map<u64, u32>,
}

impl Terms {
    fn of<'a>(counts: impl Iterator<Item = (&'a u64, &'a u32)>) -> Self {
        let mut rows = Vec::new();
        for (term, times) in counts {
            let character = |i: usize| char::from_u32((term >> (21 * (LENGTH - 1 - i))) as u32 & 0x1F_FFFF);
            let string: [char; LENGTH] =
                std::array::from_fn(|i| character(i).expect("keys are made of characters"));
            rows.extend((0..LENGTH).map(|hole| (without(&string, hole), string[hole], *times)));
        }
        rows.sort_unstable();
        let mut index = Map::default();
        for (at, (key, ..)) in rows.iter().enumerate() {
            index.entry(*key).or_insert(at as u32);
        }
        Self { rows, index }
    }

    /// The rows of what is left of a string.
    fn like(&self, key: u64) -> &[(u64, char, u32)] {
        let Some(from) = self.index.get(&key) else { return &[] };
        let rows = &self.rows[*from as usize..];
        &rows[..rows.iter().take_while(|row| row.0 == key).count()]
    }
}

/// All places of a document, in order; of several terms for one place the one with the most strings.
pub fn find(passages: &Passages) -> Vec<Term> {
    passages.chapters().into_par_iter().flat_map_iter(|runs| find_in(passages, runs)).collect()
}

/// The places of some runs, whose terms are those that recur in them.
fn find_in(passages: &Passages, runs: Range<usize>) -> Vec<Term> {
    let windows = || {
        passages.runs[runs.clone()].iter().flat_map(|run| passages.chars[run.chars.clone()].windows(LENGTH))
    };
    let cells = (windows().count() * 4).next_power_of_two();
    let mut rough = vec![0u8; cells];
    windows().for_each(|string| {
        let count = &mut rough[cell(key(string), cells)];
        *count = count.saturating_add(1);
    });
    let mut counts: Map<u64, u32> = Map::default();
    for string in windows().filter(|string| u32::from(rough[cell(key(string), cells)]) >= TIMES) {
        *counts.entry(key(string)).or_default() += 1;
    }
    let terms = Terms::of(counts.iter().filter(|(_, times)| **times >= TIMES));
    let mut found = Vec::new();
    let mut confused = Confused::default();
    for number in runs {
        let run = &passages.runs[number];
        let chars = &passages.chars[run.chars.clone()];
        let rare = |start: usize| {
            let key = key(&chars[start..start + LENGTH]);
            rough[cell(key, cells)] == 1 || counts.get(&key).is_none_or(|n| *n == 1)
        };
        let rare: Vec<bool> = (0..(chars.len() + 1).saturating_sub(LENGTH)).map(rare).collect();
        for at in 0..chars.len() {
            let starts = at.saturating_sub(LENGTH - 1)..(at + 1).min(rare.len());
            // Where any string with the character recurs, it is at home.
            if starts.is_empty() || !starts.clone().all(|start| rare[start]) {
                continue;
            }
            let mut here: Vec<Term> = Vec::new();
            for start in starts {
                let others = terms.like(without(&chars[start..start + LENGTH], at - start));
                if others.is_empty() {
                    continue;
                }
                let written = lexicon::fold(chars[at]);
                confused.turn(written);
                let meant = |(_, new, _): &&(u64, char, u32)| may_be_meant(written, &confused, *new);
                for &(_, new, times) in others.iter().filter(meant) {
                    match here.iter_mut().find(|term| term.new == new) {
                        Some(term) => {
                            term.strings += 1;
                            term.times = term.times.max(times);
                        }
                        None => here.push(Term {
                            run: number,
                            at: run.chars.start + at,
                            new,
                            start: run.chars.start + start,
                            times,
                            strings: 1,
                        }),
                    }
                }
            }
            found.extend(
                here.into_iter().max_by_key(|term| (term.strings, term.times, std::cmp::Reverse(term.new))),
            );
        }
    }
    found
}

/// Whether a character, as it is scored, may have been written for another.
fn may_be_meant(written: u16, confused: &Confused, new: char) -> bool {
    let new = lexicon::fold(new);
    written != new
        && confused.why(new).is_some()
        && !lattice::are_variants(written, new)
        && !lattice::are_apart(written, new)
        && !lattice::is_grammar(new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Place, source::SourceId, text::Text};

    #[test]
    fn terms_are_those_of_their_chapter() {
        let (term, slip) = ("上合組織，", "上合組職，");
        let far = "人民的生活，".repeat(6000);
        for (string, found) in [
            (format!("{}{slip}", term.repeat(3)), 1),
            (format!("{}{slip}", term.repeat(2)), 0),
            (format!("{}{far}{slip}", term.repeat(3)), 0),
            (format!("{far}{}{slip}", term.repeat(3)), 1),
        ] {
            let text = Text::verbatim(&string, SourceId(0), 0);
            let terms = find(&Passages::of(&[(Place::Paragraph, &text)]));
            let new: Vec<char> = terms.iter().map(|term| term.new).collect();
            assert_eq!(new, vec!['織'; found], "{} characters", string.chars().count());
        }
    }
}
