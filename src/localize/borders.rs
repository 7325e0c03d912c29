//! Where words part: whether a stretch of a text is cut out of words that belong together (量子 out of 改变量子, where a
//! dictionary sees 变量). In: a text and a stretch; out: what the words and word pairs of the proofreader say.

use std::ops::Range;

use crate::fix::lattice::lexicon::{self, Facts, Node, Word};

/// Characters on each side of the stretch that are looked at.
const REACH: usize = 4;
/// The longest word that counts.
const LONGEST: usize = 5;
/// How much likelier (log10) the reading that cuts the stretch must be.
pub(crate) const MARGIN: f32 = 1.0;
/// From here on nobody needs to look whether words part so.
pub(crate) const CLEAR: f32 = 3.0;

/// Whether a stretch is cut out of words: the likeliest reading of what stands around it does not part at both its
/// ends, and every reading that does is much less likely.
pub(crate) fn is_cut(text: &str, range: Range<usize>) -> bool {
    let Some((chars, from, to)) = window(text, range) else { return false };
    let crosses = |border: usize| {
        (border.saturating_sub(LONGEST - 1)..border).any(|start| longest(&chars, start) > border)
    };
    if !crosses(from) && !crosses(to) {
        return false;
    }
    // A longer word around the stretch does not cut it: 以太网 in 以太网络.
    let free = best(&chars, |start, end| !(start <= from && to <= end && end - start > to - from));
    free - best(&chars, |start, end| ![from, to].iter().any(|border| (start + 1..end).contains(border)))
        > MARGIN
}

/// Whether words much rather part at `first` than at `second`, both inside a stretch.
pub(crate) fn parts_at(text: &str, range: Range<usize>, first: usize, second: usize) -> bool {
    margin(text, range, first, second) > MARGIN
}

/// How much likelier (log10) words part at `first` than at `second`, both inside a stretch.
pub(crate) fn margin(text: &str, range: Range<usize>, first: usize, second: usize) -> f32 {
    let Some((chars, from, _)) = window(text, range.clone()) else { return 0.0 };
    let number = |at: usize| from + text[range.start..at].chars().count();
    let parting = |border: usize| best(&chars, |start, end| !(start + 1..end).contains(&border));
    parting(number(first)) - parting(number(second))
}

/// The word in which the character at `at` stands, by the likeliest reading of what is around it; the character alone
/// where no word is known.
pub(crate) fn word_at(text: &str, at: usize) -> Range<usize> {
    let own = at..at + text[at..].chars().next().map_or(0, char::len_utf8);
    let Some((chars, from, _)) = window(text, own.clone()) else { return own };
    // The way to each place: how probable, the word that ends there, and where it starts.
    let mut ways: Vec<Vec<(Word, f32, usize, usize)>> = vec![Vec::new(); chars.len() + 1];
    for start in 0..chars.len() {
        for (end, word) in words(&chars, start).iter() {
            let first = || ways[start].iter().enumerate();
            let before = first().map(|(number, way)| (way.1 + after(Some(way.0), word), number));
            let best = match start {
                0 => Some((after(None, word), 0)),
                _ => before.max_by(|a, b| a.0.total_cmp(&b.0)),
            };
            ways[end].extend(best.map(|(score, number)| (word, score, start, number)));
        }
    }
    let last = (0..ways[chars.len()].len()).max_by(|a, b| {
        let score = |number: &usize| ways[chars.len()][*number].1;
        score(a).total_cmp(&score(b))
    });
    let (mut end, mut way) = (chars.len(), last);
    while let Some((_, _, start, before)) = way.map(|number| ways[end][number]) {
        if start <= from && from < end {
            let width =
                |chars: std::str::Chars, count: usize| chars.take(count).map(char::len_utf8).sum::<usize>();
            let before: usize = text[..at].chars().rev().take(from - start).map(char::len_utf8).sum();
            return at - before..at + width(text[at..].chars(), end - from);
        }
        (end, way) = (start, (start > 0).then_some(before));
    }
    own
}

/// Whether a character is Han, of the planes that the words have.
pub(crate) fn is_han(c: char) -> bool {
    ('\u{3400}'..'\u{A000}').contains(&c)
}

/// The words that start at a place, each with its end; every character is at least a word by itself.
fn words(chars: &[u16], start: usize) -> Words {
    let mut out = Words::default();
    let mut node = Some(Node::ROOT);
    for end in start + 1..=chars.len().min(start + LONGEST) {
        node = node.and_then(|node| lexicon::step(node, chars[end - 1]));
        let word = node.and_then(lexicon::word).filter(|word| !lexicon::is_voucher(*word));
        match word {
            Some(word) => out.push(end, word),
            None if end == start + 1 => out.push(end, Word::NONE),
            None if node.is_none() => break,
            None => {}
        }
    }
    out
}

/// A few words with their ends.
#[derive(Default)]
struct Words {
    all: [(usize, u32); LONGEST],
    count: usize,
}

impl Words {
    fn push(&mut self, end: usize, word: Word) {
        self.all[self.count] = (end, word.0);
        self.count += 1;
    }

    fn iter(&self) -> impl Iterator<Item = (usize, Word)> {
        self.all[..self.count].iter().map(|&(end, word)| (end, Word(word)))
    }
}

/// The characters of a stretch and of some on both sides, as they are scored, and where the stretch is in them.
fn window(text: &str, range: Range<usize>) -> Option<(Vec<u16>, usize, usize)> {
    if !text[range.clone()].chars().all(is_han) {
        return None;
    }
    let mut chars: Vec<u16> = Vec::with_capacity(2 * REACH + range.len() / 3);
    let before = text[..range.start].chars().rev().take_while(|c| is_han(*c)).take(REACH);
    chars.extend(before.map(lexicon::fold));
    chars.reverse();
    let from = chars.len();
    chars.extend(text[range.clone()].chars().map(lexicon::fold));
    let to = chars.len();
    chars.extend(text[range.end..].chars().take_while(|c| is_han(*c)).take(REACH).map(lexicon::fold));
    Some((chars, from, to))
}

/// Where the longest word that starts at a place ends.
fn longest(chars: &[u16], start: usize) -> usize {
    let (mut node, mut end) = (Node::ROOT, start + 1);
    for (at, c) in chars.iter().enumerate().skip(start).take(LONGEST) {
        let Some(next) = lexicon::step(node, *c) else { break };
        if lexicon::word(next).is_some_and(|word| !lexicon::is_voucher(word)) {
            end = at + 1;
        }
        node = next;
    }
    end
}

/// The probability of the second word after the first (log10); `None` is the beginning.
fn after(first: Option<Word>, second: Word) -> f32 {
    let single = lexicon::single(second);
    first.map_or(single, |first| {
        let facts = Facts::of(first);
        facts.pair(second).unwrap_or(facts.backoff + single)
    })
}

/// How probable the likeliest reading is, of words that are `allowed` by where they start and end (log10).
fn best(chars: &[u16], allowed: impl Fn(usize, usize) -> bool) -> f32 {
    // The words that end at each place, with the likeliest way to there; a few more than at a time are kept, so that
    // a place finds its own by its number.
    const KEPT: usize = LONGEST + 1;
    let mut ways = [[(Word::NONE, f32::NEG_INFINITY); LONGEST]; KEPT];
    let mut counts = [0_usize; KEPT];
    for start in 0..chars.len() {
        let here = start % KEPT;
        let mut before = [(Facts::of(Word::NONE), f32::NEG_INFINITY); LONGEST];
        for (slot, (first, way)) in before.iter_mut().zip(&ways[here][..counts[here]]) {
            *slot = (Facts::of(*first), *way);
        }
        let before = &before[..counts[here]];
        counts[here] = 0;
        for (end, word) in words(chars, start).iter().filter(|(end, _)| allowed(start, *end)) {
            let single = lexicon::single(word);
            let way = if start == 0 {
                single
            } else {
                let ways = before
                    .iter()
                    .map(|(facts, way)| way + facts.pair(word).unwrap_or(facts.backoff + single));
                ways.fold(f32::NEG_INFINITY, f32::max)
            };
            let there = end % KEPT;
            ways[there][counts[there]] = (word, way);
            counts[there] += 1;
        }
    }
    let last = chars.len() % KEPT;
    ways[last][..counts[last]].iter().map(|(_, way)| *way).fold(f32::NEG_INFINITY, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_stand_in_words() {
        for (text, at, word) in [
            ("走到山裏面去", "裏", "裏面"),
            ("台灣隊伍", "灣", "台灣"),
            ("被发明的", "发", "发明"),
            ("于念慈", "于", "于"),
            ("a", "a", "a"),
        ] {
            assert_eq!(&text[word_at(text, text.find(at).expect("a place"))], word, "{text}");
        }
    }

    #[test]
    fn stretches_are_words_or_cut_out_of_words() {
        for (text, part, cut) in [
            ("改变量子比特", "变量", true),
            ("少数组织", "数组", true),
            ("聚集成群", "集成", true),
            ("勇敢的士兵", "的士", true),
            ("乘的士去", "的士", false),
            ("一个数组的变量", "数组", false),
            ("一個變量的值", "變量", false),
            ("集成電路", "集成", false),
            ("软件", "软件", false),
            ("SQL注入", "SQL", false),
        ] {
            let at = text.find(part).expect("a part");
            assert_eq!(is_cut(text, at..at + part.len()), cut, "{text} {part}");
        }
    }
}
