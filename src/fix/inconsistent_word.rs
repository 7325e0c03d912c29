//! Rule `inconsistent-word`: a string that the document writes once, against a habit of its own.

use std::ops::Range;

use crate::{
    document::{Document, Place},
    edit::{Confidence, Edit},
    fix::{
        charset::CharSet,
        hanzi::{self, Likeness},
        mixing::{Map, fold, scatter},
        passages::{Passages, Run},
    },
    kit::Kit,
    rule::{Check, Doc, Rule, Stage},
    text::Text,
};

/// A word that differs by one confusable character from one that the document uses again and again.
pub const INCONSISTENT_WORD: Rule = Rule {
    name: "inconsistent-word",
    stage: Stage::Fix,
    summary: "a word differs by one similar character from the form used in the rest of the document",
    doc: Doc {
        finds: "Four characters in a row that occur once, while the same four with one other character, of the same sound or a shared part, occur three times or more in the same stretch of 10,000 characters.",
        why: "Names and terms that a document repeats are in no dictionary; the document itself is the best witness of how they are written.",
        examples: &[("上合組職（一次；上合組織十五次）", "上合組織")],
        unsure: "Sure only if the two characters share both a syllable and the part that gives the sound, outside quotations. Numerals, function words (的得地, 他她它, 在再), antonyms (買賣) and variants (裏裡) are never touched; neither is a form whose neighbors recur.",
    },
    check: Check::Document(check),
};

/// How many characters must agree, the wrong one included.
const WINDOW: usize = 4;
/// How often the other form must occur.
const SUPPORT: usize = 3;
/// Characters that grammar or counting puts in place of each other, or that begin a new word anywhere.
const NEVER: &str = "一二三四五六七八九十百千萬万億亿兩两零〇的得地底他她它牠祂妳你您那哪做作在再是有及至已以於于與与而之了和為为不也則则就到由因向被把將将對对從从自其此這这个個們们人者或並并又所可會会能要上下左右東西南北前後后內内外大小多少男女年月日時时次第每各某";
/// Pairs that sound and look alike and mean the opposite, or that are both right in the same place.
const PAIRS: &[&str] =
    &["買賣", "买卖", "授受", "請情", "清青", "期其", "事市", "城成", "姓性", "攻功", "政正", "制製", "員圓"];

type Gram = [char; WINDOW];
fn check(_: &Kit, document: &Document) -> Vec<(usize, Edit)> {
    let texts = document.texts();
    let words = Passages::of(&texts);
    let pairs = words.pairs();
    let suspects = words.suspects(&pairs);
    if suspects.is_empty() {
        return Vec::new();
    }
    let mut chapters = words.chapters().into_iter();
    let (mut chapter, mut holes) = (0..0, Holes::default());
    // The run, the character and its byte offset that were looked at last.
    let (mut last, mut counted, mut offset) = (usize::MAX, 0, 0);
    let mut found = Vec::new();
    for &(number, at) in &suspects {
        while number >= chapter.end {
            chapter = chapters.next().expect("every run is in a chapter");
            let here = suspects.partition_point(|(run, _)| *run < chapter.start)
                ..suspects.partition_point(|(run, _)| *run < chapter.end);
            holes = words.habits(chapter.clone(), &pairs, &suspects[here]);
        }
        let run = &words.runs[number];
        if last != number {
            (last, counted, offset) = (number, run.chars.start, run.start);
        }
        offset += words.chars[counted..at].iter().map(|c| c.len_utf8()).sum::<usize>();
        counted = at;
        found.extend(judge(&words, run, at, offset, &holes, texts[run.text].1).map(|edit| (run.text, edit)));
    }
    found
}

/// The best case against the character at `at`, which stands at `offset` in its text, if there is one.
fn judge(words: &Passages, run: &Run, at: usize, offset: usize, holes: &Holes, text: &Text) -> Option<Edit> {
    let chars = &words.chars;
    let written = chars[at];
    let mut best: Option<(usize, usize, char, Likeness)> = None;
    for start in windows(run, at) {
        let others = holes.get(&key(without(gram(&chars[start..start + WINDOW]), at - start)));
        for &(other, count) in others.into_iter().flatten() {
            let stronger = best.as_ref().is_none_or(|(_, most, c, _)| (count, *c) > (*most, other));
            if let Some(likeness) = stronger.then(|| candidate(written, other)).flatten() {
                best = Some((start, count, other, likeness));
            }
        }
    }
    let (start, count, other, likeness) = best?;
    let certain = likeness.sounds() && likeness.part.is_some() && !run.quoted && run.place != Place::Meta;
    let confidence = if certain { Confidence::Sure } else { Confidence::Doubtful };
    let window: String = chars[start..start + WINDOW].iter().collect();
    let right: String = (start..start + WINDOW).map(|i| if i == at { other } else { chars[i] }).collect();
    let message = format!(
        "{written} for {other}: {}; `{right}` occurs {count} times in this document, `{window}` once",
        likeness.describe(),
    );
    // The whole word reads better in a report, but an edit may not pull a mark's edge over it.
    let length = |part: Range<usize>| chars[part].iter().map(|c| c.len_utf8()).sum::<usize>();
    let whole = offset - length(start..at)..offset + length(at..start + WINDOW);
    let inside = |edge: usize| whole.start < edge && edge < whole.end;
    let crossed = text.marks().iter().any(|m| inside(m.range.start) || inside(m.range.end));
    let edit = if crossed {
        Edit::new(offset..offset + written.len_utf8(), other, confidence)
    } else {
        Edit::new(whole, right, confidence)
    };
    Some(edit.because(message))
}

/// Where the windows of a run that have the character at `at` start.
fn windows(run: &Run, at: usize) -> Range<usize> {
    let first = at.saturating_sub(WINDOW - 1).max(run.chars.start);
    first..(at + 1).min((run.chars.end + 1).saturating_sub(WINDOW)).max(first)
}

impl Passages {
    /// How often the pair that begins at each character occurs, up to `SUPPORT`; 0 at the end of a run.
    fn pairs(&self) -> Vec<u8> {
        let mut tally = Tally::new();
        let inner = || self.runs.iter().flat_map(|run| run.chars.start..run.chars.end - 1);
        inner().for_each(|i| tally.count(self.chars[i], self.chars[i + 1]));
        let mut pairs = vec![0; self.chars.len()];
        inner().for_each(|i| pairs[i] = tally.get(self.chars[i], self.chars[i + 1]));
        pairs
    }

    /// The characters, with their run, that stand in no pair that recurs: a neighbor that recurs is a word of its
    /// own. So no string that has such a character and its neighbor occurs twice.
    fn suspects(&self, pairs: &[u8]) -> Vec<(usize, usize)> {
        let never = CharSet::of(NEVER.chars());
        let mut suspects = Vec::new();
        for (number, run) in self.runs.iter().enumerate().filter(|(_, run)| run.chars.len() >= WINDOW) {
            let mut before = 0;
            for at in run.chars.clone() {
                let c = self.chars[at];
                if before <= 1 && pairs[at] <= 1 && !(never.may_have(c) && NEVER.contains(c)) {
                    suspects.push((number, at));
                }
                before = pairs[at];
            }
        }
        suspects
    }

    /// The frequent strings of some runs that are like one with a suspect of theirs, by what is left when one character
    /// is taken out.
    fn habits(&self, runs: Range<usize>, pairs: &[u8], suspects: &[(usize, usize)]) -> Holes {
        let mut asked = Filter::new(suspects.len() * WINDOW);
        for &(run, at) in suspects {
            for start in windows(&self.runs[run], at) {
                asked.add(key(without(gram(&self.chars[start..start + WINDOW]), at - start)));
            }
        }
        let mut grams = Map::<u128, usize>::default();
        for run in &self.runs[runs] {
            for start in run.chars.start..(run.chars.end + 1).saturating_sub(WINDOW) {
                // A string is at most as frequent as its pairs.
                if pairs[start..start + WINDOW - 1].iter().any(|n| usize::from(*n) < SUPPORT) {
                    continue;
                }
                let gram = gram(&self.chars[start..start + WINDOW]);
                if (0..WINDOW).any(|hole| asked.may_have(key(without(gram, hole)))) {
                    *grams.entry(key(gram)).or_default() += 1;
                }
            }
        }
        let mut holes = Holes::default();
        for (key_of_gram, count) in grams.into_iter().filter(|(_, count)| *count >= SUPPORT) {
            let gram = gram_of(key_of_gram);
            for hole in 0..WINDOW {
                holes.entry(key(without(gram, hole))).or_default().push((gram[hole], count));
            }
        }
        holes
    }
}

/// Frequent strings, each as the character in the hole and its count, by the key of the rest.
type Holes = Map<u128, Vec<(char, usize)>>;

/// Counts pairs of characters up to `SUPPORT`: an open table of the pairs, each with its count in the last two bits.
struct Tally {
    slots: Vec<u64>,
    used: usize,
}

impl Tally {
    fn new() -> Self {
        Self { slots: vec![0; 1 << 12], used: 0 }
    }

    fn count(&mut self, a: char, b: char) {
        if self.used * 2 > self.slots.len() {
            let old = std::mem::take(&mut self.slots);
            self.slots = vec![0; old.len() * 2];
            for slot in old.into_iter().filter(|slot| *slot != 0) {
                let at = self.find(slot >> 2);
                self.slots[at] = slot;
            }
        }
        let pair = u64::from(a) << 21 | u64::from(b);
        let at = self.find(pair);
        self.used += usize::from(self.slots[at] == 0);
        let count = (self.slots[at] & 3).saturating_add(1).min(SUPPORT as u64);
        self.slots[at] = pair << 2 | count;
    }

    fn get(&self, a: char, b: char) -> u8 {
        (self.slots[self.find(u64::from(a) << 21 | u64::from(b))] & 3) as u8
    }

    /// The slot of a pair, or the empty one where it would be.
    #[inline]
    fn find(&self, pair: u64) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = (scatter(pair) >> 20) as usize & mask;
        while self.slots[at] != 0 && self.slots[at] >> 2 != pair {
            at = (at + 1) & mask;
        }
        at
    }
}

/// Says of a key that it was not added, or that it may have been.
struct Filter {
    bits: Vec<u64>,
}

impl Filter {
    fn new(keys: usize) -> Self {
        Self { bits: vec![0; (keys / 4).max(64).next_power_of_two()] }
    }

    fn add(&mut self, key: u128) {
        let (word, bit) = self.place(key);
        self.bits[word] |= bit;
    }

    #[inline]
    fn may_have(&self, key: u128) -> bool {
        let (word, bit) = self.place(key);
        self.bits[word] & bit != 0
    }

    #[inline]
    fn place(&self, key: u128) -> (usize, u64) {
        let hash = fold(key);
        ((hash >> 20) as usize & (self.bits.len() - 1), 1 << (hash & 63))
    }
}

/// The key of a string; the characters of a hole are U+0000.
#[inline]
fn key(gram: Gram) -> u128 {
    gram.iter().fold(0, |key, c| key << 21 | u128::from(u32::from(*c)))
}

/// The string of a key.
fn gram_of(key: u128) -> Gram {
    std::array::from_fn(|i| {
        let code = (key >> (21 * (WINDOW - 1 - i))) as u32 & 0x1F_FFFF;
        char::from_u32(code).expect("keys are made of characters")
    })
}

/// What makes the two characters likely to be confused; `None` if they are not, or must never be judged.
fn candidate(written: char, other: char) -> Option<Likeness> {
    let never = |c: char| NEVER.contains(c);
    let pair = PAIRS.iter().any(|pair| pair.contains(written) && pair.contains(other));
    if written == other || never(written) || never(other) || pair || hanzi::are_variants(written, other) {
        return None;
    }
    hanzi::likeness(written, other).filter(|l| l.part.is_some() || (l.sounds() && l.looks))
}

fn gram(window: &[char]) -> Gram {
    window.try_into().expect("windows have the length of a gram")
}

fn without(mut gram: Gram, hole: usize) -> Gram {
    gram[hole] = '\0';
    gram
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (written, other, whether the pair can be judged at all)
    const PAIRED: &[(char, char, bool)] = &[
        ('職', '織', true),
        ('買', '賣', false),
        ('裏', '裡', false),
        ('的', '得', false),
        ('一', '二', false),
        ('復', '複', false),
        ('他', '她', false),
        ('職', '人', false),
    ];

    #[test]
    fn only_confusable_pairs_are_judged() {
        for (written, other, expected) in PAIRED {
            assert_eq!(candidate(*written, *other).is_some(), *expected, "{written} {other}");
        }
    }
}
