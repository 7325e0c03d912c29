//! The forms that a document writes: its script, and which of several forms of a character it uses.

use crate::{
    edition::{Region, Script},
    fix::mixing::Map,
    localize::{
        config::Config,
        convert::{Converter, Extras},
        script::{Detector, Evidence},
    },
};

/// How a document writes.
pub struct Forms {
    /// Converters to the scripts of the document, best first; none for Simplified.
    converters: Vec<Converter>,
    /// How often each character stands in the document.
    counts: Map<u64, u32>,
}

/// Characters are counted up to here: a book's first chapters tell its habits.
const ENOUGH: usize = 200_000;

impl Forms {
    /// The forms of a document's characters.
    pub fn of(chars: &[char]) -> Self {
        let chars = &chars[..chars.len().min(ENOUGH)];
        let sample: String = chars.iter().filter(|c| **c != '\0').collect();
        let evidence: Evidence = Detector::default().evidence(&sample);
        let mut counts = Map::<u64, u32>::default();
        for c in chars {
            *counts.entry((*c).into()).or_default() += 1;
        }
        let region = if evidence.hong_kong > evidence.taiwan { Region::Hk } else { Region::Tw };
        let configs: &[Config] = match (evidence.script(), region) {
            (Some(Script::Traditional), Region::Hk) => &[Config::S2hk, Config::S2tw, Config::S2t],
            (Some(Script::Traditional), _) => &[Config::S2tw, Config::S2hk, Config::S2t],
            _ => &[],
        };
        let extras = Extras { repairs: true, ..Extras::NONE };
        Self { converters: configs.iter().map(|config| Converter::new(*config, extras)).collect(), counts }
    }

    /// A Simplified word as the document would write it; each character with whether that form is a guess.
    pub fn write(&self, word: &str) -> Vec<(char, bool)> {
        let plain: Vec<char> = word.chars().collect();
        let ways: Vec<Vec<char>> = (self.converters.iter())
            .map(|converter| converter.convert(word).chars().collect())
            .filter(|way: &Vec<char>| way.len() == plain.len())
            .collect();
        let Some(first) = ways.first() else { return plain.into_iter().map(|c| (c, false)).collect() };
        let mut guessed = vec![false; plain.len()];
        for guess in
            self.converters[0].replacements(word).iter().filter(|r| r.grade.is_some() && !r.rivals.is_empty())
        {
            let at = word[..guess.range.start].chars().count();
            guessed[at..at + word[guess.range.clone()].chars().count()].fill(true);
        }
        let count = |c: char| self.counts.get(&c.into()).copied().unwrap_or(0);
        let form = |at: usize| {
            // Of forms that are equally frequent the region's own, which is the first, wins.
            ways.iter()
                .map(|way| way[at])
                .fold(first[at], |best, c| if count(c) > count(best) { c } else { best })
        };
        (0..plain.len()).map(|at| (form(at), guessed[at])).collect()
    }
}
