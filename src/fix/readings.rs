//! What the lattice says of the pieces of a document. The same words are read once, however often they stand in it and
//! however often it is looked at.

use std::ops::Range;

use rayon::prelude::*;

use crate::fix::{
    lattice::{self, Candidate, Finder},
    mixing::{Map, scatter},
    passages::Passages,
    slips::LEAST,
};

/// Chances below this are no rivals.
const RIVAL: f32 = 0.02;

/// A candidate of a piece of text, wherever the piece stands.
pub struct Suspect {
    /// The chance of it.
    pub chance: f32,
    /// What might be meant; its places count from the beginning of the piece.
    pub candidate: Candidate,
    /// Other words that might be meant, best first.
    pub rivals: Vec<String>,
}

/// What the lattice says of a piece of text.
#[derive(Default)]
pub struct Reading {
    /// A place of the piece among the characters of the document.
    place: Range<usize>,
    /// How probable the piece is (log10).
    pub score: f32,
    /// The likeliest candidates in order; no two touch.
    pub suspects: Box<[Suspect]>,
}

/// The readings of a document.
#[derive(Default)]
pub struct Readings {
    /// Its characters when it was looked at last.
    chars: Vec<char>,
    /// The readings of its pieces then.
    readings: Vec<Reading>,
}

impl Readings {
    /// Reads the pieces of a document: the reading of each.
    pub fn read(&mut self, passages: &Passages, pieces: &[(usize, Range<usize>)]) -> Vec<&Reading> {
        let (places, numbers) = distinct(&passages.chars, pieces);
        let known = self.index();
        let readings = (places.into_par_iter())
            .map(|place| {
                let of = |number: u32| &self.chars[self.readings[number as usize].place.clone()];
                match known.find(&passages.chars[place.clone()], of) {
                    Ok(number) => Err((number, place)),
                    Err(_) => Ok(Finder::with(|finder| suspect(passages, finder, place))),
                }
            })
            .collect::<Vec<_>>();
        drop(known);
        let readings = readings.into_iter().map(|reading| {
            reading.unwrap_or_else(|(number, place)| {
                let known = std::mem::take(&mut self.readings[number as usize]);
                Reading { place, ..known }
            })
        });
        self.readings = readings.collect();
        numbers.into_iter().map(|number| &self.readings[number as usize]).collect()
    }

    /// The readings by the characters of their pieces: made for each look, for between looks it would only take room.
    fn index(&self) -> Index {
        let mut index = Index::default();
        let of = |number: u32| &self.chars[self.readings[number as usize].place.clone()];
        for (number, reading) in (0..).zip(&self.readings) {
            if let Err(free) = index.find(&self.chars[reading.place.clone()], of) {
                index.0.insert(free, number);
            }
        }
        index
    }

    /// Keeps the characters of the document that was read, for the next look.
    pub fn keep(&mut self, chars: Vec<char>) {
        self.chars = chars;
    }
}

/// The first place of each different piece, and for every piece the number of its place.
fn distinct(chars: &[char], pieces: &[(usize, Range<usize>)]) -> (Vec<Range<usize>>, Vec<u32>) {
    let (mut index, mut places) = (Index::default(), Vec::<Range<usize>>::new());
    let mut numbers = Vec::with_capacity(pieces.len());
    for (_, range) in pieces {
        let of = |number: u32| &chars[places[number as usize].clone()];
        let number = index.find(&chars[range.clone()], of).unwrap_or_else(|free| {
            let number = places.len() as u32;
            index.0.insert(free, number);
            places.push(range.clone());
            number
        });
        numbers.push(number);
    }
    (places, numbers)
}

/// The number of each piece by its characters.
#[derive(Default)]
struct Index(Map<u64, u32>);

impl Index {
    /// The number of a piece, or the key under which it can be put; `piece` gives the characters of a number.
    fn find<'a>(&self, chars: &[char], piece: impl Fn(u32) -> &'a [char]) -> Result<u32, u64> {
        let mut key = chars.iter().fold(0u64, |key, c| scatter(key ^ u64::from(*c)));
        // Different pieces may share a key: each next one moves on.
        while let Some(number) = self.0.get(&key) {
            if piece(*number) == chars {
                return Ok(*number);
            }
            key = key.wrapping_add(1);
        }
        Err(key)
    }
}

/// The likeliest candidates of a piece; no two touch.
fn suspect(passages: &Passages, finder: &mut Finder, place: Range<usize>) -> Reading {
    let mut all: Vec<(f32, Candidate)> = (passages.candidates(finder, place.clone()).into_iter())
        .map(|candidate| (lattice::model::chance(&candidate), candidate))
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.changes.cmp(&b.1.changes)));
    let mut suspects: Vec<Suspect> = Vec::new();
    for (chance, candidate) in all {
        let rival = suspects.iter_mut().find(|suspect| {
            let other = &suspect.candidate;
            other.first() <= candidate.last() && candidate.first() <= other.last()
        });
        if let Some(suspect) = rival {
            let word = String::from_utf16_lossy(&candidate.word);
            if chance >= RIVAL && suspect.rivals.len() < 3 && !suspect.rivals.contains(&word) {
                suspect.rivals.push(word);
            }
        } else if chance >= LEAST {
            suspects.push(Suspect { chance, candidate, rivals: Vec::new() });
        }
    }
    suspects.sort_by_key(|suspect| suspect.candidate.first());
    Reading { place, score: finder.score(), suspects: suspects.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::Place, source::SourceId, text::Text};

    #[test]
    fn words_that_recur_are_read_once_and_kept() {
        let mut readings = Readings::default();
        let mut last = Vec::new();
        for string in ["迫在眉捷，人民，迫在眉捷。", "人民，迫在眉睫，迫在眉捷。"] {
            let text = Text::verbatim(string, SourceId(0), 0);
            let passages = Passages::of(&[(Place::Paragraph, &text)]);
            let pieces: Vec<_> = passages.runs.iter().map(|run| (0, run.chars.clone())).collect();
            let read = readings.read(&passages, &pieces);
            last = read.iter().map(|reading| (reading.score, reading.suspects.len())).collect();
            assert_eq!(readings.readings.len(), if string.starts_with('迫') { 2 } else { 3 });
            readings.keep(passages.chars);
        }
        let alone = |string: &str| {
            let text = Text::verbatim(string, SourceId(0), 0);
            let passages = Passages::of(&[(Place::Paragraph, &text)]);
            let reading = suspect(&passages, &mut Finder::default(), passages.runs[0].chars.clone());
            (reading.score, reading.suspects.len())
        };
        assert_eq!(last, [alone("人民"), alone("迫在眉睫"), alone("迫在眉捷")]);
    }
}
