//! Contexts that decide between the Traditional characters of one Simplified character: a place in a text in, out what
//! stands at such places in text that was written in Traditional characters.
//!
//! The table is `seeds/tables/contexts.tsv`: strings of two to five characters around an ambiguous one, of which nearly
//! all places had the same character.

pub(crate) mod format;

use std::sync::LazyLock;

use format::{BITS, END, FIRST, SHAPES, SLOT, beside, bit, hash};

const TABLE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/contexts.table"));
const DISPUTED: &str = include_str!("../../seeds/tables/disputed-choices.tsv");
const TWINS: &str = include_str!("../../seeds/tables/twin-choices.tsv");

/// What a context says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// The Traditional character, in OpenCC's own form.
    pub(crate) choice: char,
    /// At how many places it was seen.
    pub(crate) seen: u16,
    /// Of a thousand places, how many had it.
    share: u16,
    /// Characters before and behind that make the context.
    pub(crate) shape: (usize, usize),
}

/// Evidence from fewer places than this is narrow.
pub(crate) const NARROW: u16 = 10;

/// What stands for the beginning and the end of a text.
const EDGES: [char; 2] = ['^', '$'];

const SIDES: usize = 4 + BITS / 8;
const KNOWN: usize = SIDES + 2 * BITS / 8;
const SLOTS: usize = KNOWN + (END - FIRST) as usize / 8;

/// Whether a character has contexts.
#[inline]
pub(crate) fn is_ambiguous(c: u32) -> bool {
    let own = c.wrapping_sub(FIRST) as usize;
    c.wrapping_sub(FIRST) < END - FIRST && TABLE[KNOWN + own / 8] >> (own % 8) & 1 != 0
}

/// What the contexts of the character at `at` say together: the one whose places agree most. Only contexts that
/// `counts` are asked; it is given the characters before and behind.
pub(crate) fn evidence(text: &str, at: usize, counts: impl Fn((usize, usize)) -> bool) -> Option<Evidence> {
    let c = text[at..].chars().next()?;
    let known = |side: usize, neighbor: char| {
        let bit = beside(c, neighbor);
        TABLE[SIDES + side * (BITS / 8) + bit / 8] >> (bit % 8) & 1 != 0
    };
    let neighbors =
        [text[..at].chars().next_back(), text[at + c.len_utf8()..].chars().next()].into_iter().zip(EDGES);
    let mut sides = [false; 2];
    for (side, (neighbor, edge)) in neighbors.enumerate() {
        sides[side] = known(side, neighbor.unwrap_or(edge));
    }
    if sides == [false, false] {
        return None;
    }
    let mut before = ['\0'; 3];
    let mut left = text[..at].chars().rev();
    let mut open = true;
    for slot in &mut before {
        if open {
            let c = left.next();
            open = c.is_some();
            *slot = c.unwrap_or(EDGES[0]);
        }
    }
    let mut behind = ['\0'; 3];
    let mut right = text[at + c.len_utf8()..].chars();
    open = true;
    for slot in &mut behind {
        if open {
            let c = right.next();
            open = c.is_some();
            *slot = c.unwrap_or(EDGES[1]);
        }
    }
    let mut best: Option<Evidence> = None;
    for (number, &(l, r)) in SHAPES.iter().enumerate() {
        // Past the edge of the text there is no context.
        if l > 0 && !sides[0] || r > 0 && !sides[1] {
            continue;
        }
        if l > 0 && before[l - 1] == '\0' || r > 0 && behind[r - 1] == '\0' {
            continue;
        }
        let hash = hash(number, c, before[..l].iter().rev().chain(&behind[..r]).copied());
        if TABLE[4 + bit(hash) / 8] >> (bit(hash) % 8) & 1 == 0 || !counts((l, r)) {
            continue;
        }
        if let Some(found) = find(hash, (l, r))
            && best.is_none_or(|best| found.share > best.share)
        {
            best = Some(found);
        }
    }
    best
}

fn find(hash: u64, shape: (usize, usize)) -> Option<Evidence> {
    let count = u32::from_le_bytes([TABLE[0], TABLE[1], TABLE[2], TABLE[3]]) as usize;
    let mut at = (hash >> 8) as usize & (count - 1);
    loop {
        let slot = &TABLE[SLOTS + at * SLOT..][..SLOT];
        if slot[..6] == [0; 6] {
            return None;
        }
        if slot[..6] == hash.to_le_bytes()[..6] {
            let number = |i: usize| u16::from_le_bytes([slot[i], slot[i + 1]]);
            let choice = char::from_u32(u32::from(number(6)))?;
            return Some(Evidence { choice, seen: number(8), share: number(10), shape });
        }
        at = (at + 1) & (count - 1);
    }
}

/// A Simplified character and what is made of it.
type Pair = (char, char);

/// What is known about choices, each list in order.
struct Doubts {
    /// Choices of OpenCC's phrases that text written in Traditional characters does not always share.
    disputed: Vec<Pair>,
    /// Choices that are doubtful whatever decides.
    both: Vec<Pair>,
    /// Choices whose rivals are hardly printed.
    rare: Vec<Pair>,
}

static DOUBTS: LazyLock<Doubts> = LazyLock::new(|| {
    let pair = |fields: &mut dyn Iterator<Item = &str>| {
        let mut chars = fields.filter_map(|field| field.chars().next());
        Some((chars.next()?, chars.next()?))
    };
    let rows = |table: &'static str| table.lines().filter(|line| !line.starts_with('#'));
    let twins = |kind: &str| {
        let rest = |line: &'static str| line.strip_prefix(kind)?.strip_prefix('\t');
        sorted(rows(TWINS).filter_map(rest).filter_map(|line| pair(&mut line.split('\t'))))
    };
    Doubts {
        disputed: sorted(rows(DISPUTED).filter_map(|line| pair(&mut line.split('\t')))),
        both: twins("both"),
        rare: twins("rare"),
    }
});

fn sorted(pairs: impl Iterator<Item = Pair>) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = pairs.collect();
    pairs.sort_unstable();
    pairs
}

/// Whether a phrase that makes this of a character is often wrong.
pub(crate) fn is_disputed(c: char, choice: char) -> bool {
    DOUBTS.disputed.binary_search(&(c, choice)).is_ok()
}

/// Whether this choice is doubtful whatever decides: both forms are printed, or often taken for each other.
pub(crate) fn has_twin(c: char, choice: char) -> bool {
    DOUBTS.both.binary_search(&(c, choice)).is_ok()
}

/// Whether the other forms of a character are hardly printed, so that it is no guess by itself.
pub(crate) fn has_rare_rivals(c: char, choice: char) -> bool {
    DOUBTS.rare.binary_search(&(c, choice)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_decide_or_say_nothing() {
        // (text with the place before |, what the context says)
        for (text, says) in [
            ("本件|系争规定", Some('系')),
            ("故|系由立法者", Some('係')),
            ("一|只蜘蛛", Some('隻')),
            ("|龘", None),
            ("|a", None),
            ("|", None),
        ] {
            let at = text.find('|').expect("a place");
            let found = evidence(&text.replace('|', ""), at, |_| true);
            assert_eq!(found.map(|it| it.choice), says, "{text}");
        }
    }

    #[test]
    fn characters_without_contexts_are_not_ambiguous() {
        assert!(is_ambiguous('系' as u32) && is_ambiguous('发' as u32));
        assert!(!is_ambiguous('们' as u32) && !is_ambiguous('a' as u32) && !is_ambiguous(0x20000));
    }

    #[test]
    fn tables_are_sorted_and_without_doubles() {
        for (table, key) in [(include_str!("../../seeds/tables/contexts.tsv"), 2), (DISPUTED, 2), (TWINS, 3)]
        {
            let keys: Vec<Vec<&str>> = (table.lines().filter(|line| !line.starts_with('#')))
                .map(|line| line.split('\t').take(key).collect())
                .collect();
            assert!(keys.len() > 50 && keys.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
