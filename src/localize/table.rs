//! A compiled dictionary table, read in place: a character at a time, from a text position to the entry that
//! OpenCC would choose there. `compile.rs` writes what this reads.
//!
//! Layout, little-endian: five counts (page cells, slots, entries, heads, the power of two of bits in the set of pairs); a
//! bit for each ASCII character that keys start with; one for each character from U+3400 to U+9FFF; 0x1100 page numbers;
//! pages of 256 character codes; heads: for each code the entry of the character by itself, and flags (longer keys,
//! rank); a set of the first two characters of keys as bits; slots (base, check) of the double array; an entry number for
//! each slot; entries of 12 bytes.

use super::recipes::{END, FIRST, pair};

/// A dictionary table. Opening one costs nothing: it only cuts the embedded bytes into sections.
#[derive(Clone, Copy)]
pub(crate) struct Table {
    starts: &'static [u8; STARTS],
    index: &'static [[u8; 2]],
    pages: &'static [[u8; 2]],
    heads: &'static [[u8; 8]],
    pairs: &'static [u8],
    size: u32,
    ascii: u128,
    slots: &'static [[u8; 8]],
    leaves: &'static [[u8; 4]],
    entries: &'static [[u8; 12]],
    words: &'static str,
    dictionaries: &'static [(&'static str, u8)],
}

/// The entry that decided a place.
#[derive(Clone, Copy)]
pub(crate) struct Found {
    /// Where the key ends in the text.
    pub(crate) end: usize,
    /// Rank of the dictionary: 0 for the first of a short-circuit group.
    pub(crate) rank: u8,
    entry: u32,
}

/// What an entry says.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    /// The first candidate, which is the one that counts.
    pub(crate) value: &'static str,
    /// All candidates, separated by spaces.
    pub(crate) candidates: &'static str,
    /// The dictionary it comes from.
    pub(crate) dictionary: &'static str,
    /// True if the value equals the key.
    pub(crate) same: bool,
    /// True if the key is one character.
    pub(crate) single: bool,
    /// True if a character of the key becomes another one than it does by itself.
    pub(crate) rare: bool,
}

/// Bytes of the set of first characters.
const STARTS: usize = (END - FIRST) as usize / 8;
const TERMINAL: u32 = 1 << 31;
const BASE: u32 = (1 << 28) - 1;

impl Table {
    pub(crate) fn open(
        bytes: &'static [u8],
        words: &'static str,
        dictionaries: &'static [(&'static str, u8)],
    ) -> Table {
        let count =
            |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]) as usize;
        let (cells, slots, entries, size) = (count(0), count(4), count(8), count(16) as u32);
        let ascii = bytes[20..36].try_into().map_or(u128::MAX, u128::from_le_bytes);
        let (starts, rest) =
            bytes[36..].split_first_chunk().expect("a table has its set of first characters");
        let (index, rest) = rest.split_at(0x1100 * 2);
        let (pages, rest) = rest.split_at(cells * 2);
        let (heads, rest) = rest.split_at(count(12) * 8);
        let (pairs, rest) = rest.split_at((1 << size) / 8);
        let (nodes, rest) = rest.split_at(slots * 8);
        let (leaves, rest) = rest.split_at(slots * 4);
        Table {
            starts,
            index: index.as_chunks().0,
            pages: pages.as_chunks().0,
            heads: heads.as_chunks().0,
            pairs,
            size,
            ascii,
            slots: nodes.as_chunks().0,
            leaves: leaves.as_chunks().0,
            entries: rest[..entries * 12].as_chunks().0,
            words,
            dictionaries,
        }
    }

    /// Whether a key may start with a character.
    #[inline(always)]
    pub(crate) fn may_start(&self, c: u32) -> bool {
        let own = c.wrapping_sub(FIRST);
        if own < END - FIRST {
            return self.starts[own as usize / 8] >> (own % 8) & 1 != 0;
        }
        c >= 128 || self.ascii >> c & 1 != 0
    }

    /// The longest key of the best rank that starts with `c`, goes on at `next` and ends by `limit`.
    #[inline]
    pub(crate) fn find(&self, bytes: &[u8], lead: (u32, usize), limit: usize) -> Option<Found> {
        // Most characters begin nothing in most tables.
        if self.may_start(lead.0) { self.look_up(bytes, lead, limit) } else { None }
    }

    fn look_up(&self, bytes: &[u8], (c, mut next): (u32, usize), limit: usize) -> Option<Found> {
        let first = self.code(c);
        if first == 0 {
            return None;
        }
        // Most characters begin no key that goes on as the text does.
        let head = u64::from_le_bytes(self.heads[usize::from(first)]);
        let goes_on = head >> 32 & 1 != 0 && next < limit && {
            let bit = pair(c, decode(bytes, next).0, self.size);
            self.pairs[bit / 8] >> (bit % 8) & 1 != 0
        };
        if !goes_on {
            let (entry, rank) = (head as u32, (head >> 40) as u8);
            return (entry != u32::MAX && next <= limit).then_some(Found { end: next, rank, entry });
        }
        let mut node = u32::from(first);
        let mut state = self.slot(node);
        if state.1 != 0 {
            return None;
        }
        let mut best = None;
        let mut best_rank = u8::MAX;
        loop {
            let rank = (state.0 >> 28 & 7) as u8;
            if state.0 & TERMINAL != 0 && rank <= best_rank && next <= limit {
                best_rank = rank;
                best = Some((next, node));
            }
            let base = state.0 & BASE;
            if base == 0 || next >= limit {
                break;
            }
            let (c, after) = decode(bytes, next);
            let code = u32::from(self.code(c));
            let child = base + code;
            state = self.slot(child);
            if code == 0 || state.1 != node {
                break;
            }
            (node, next) = (child, after);
        }
        best.map(|(end, node)| Found {
            end,
            rank: best_rank,
            entry: u32::from_le_bytes(self.leaves[node as usize]),
        })
    }

    /// What a found entry says.
    #[inline(always)]
    pub(crate) fn entry(&self, found: Found) -> Entry {
        let [a, b, c, d, e, f, g, h, dictionary, _, flags, _] = self.entries[found.entry as usize];
        let at = u32::from_le_bytes([a, b, c, d]) as usize;
        let all = &self.words[at..at + usize::from(u16::from_le_bytes([g, h]))];
        Entry {
            value: &all[..usize::from(u16::from_le_bytes([e, f]))],
            candidates: all,
            dictionary: self.dictionaries[usize::from(dictionary)].0,
            same: flags & 1 != 0,
            single: flags & 2 != 0,
            rare: flags & 4 != 0,
        }
    }

    #[inline(always)]
    fn code(&self, c: u32) -> u16 {
        let page = usize::from(u16::from_le_bytes(self.index[(c >> 8) as usize]));
        u16::from_le_bytes(self.pages[page << 8 | (c & 255) as usize])
    }

    /// Base (with flags) and check of a slot; a slot past the end is nobody's child.
    #[inline]
    fn slot(&self, slot: u32) -> (u32, u32) {
        let pair = self.slots.get(slot as usize).map_or(u64::MAX, |pair| u64::from_le_bytes(*pair));
        (pair as u32, (pair >> 32) as u32)
    }
}

/// The character at `at`, as a number, and where the next one starts. `bytes` come from a `str`.
#[inline(always)]
pub(crate) fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let low = |i: usize| u32::from(bytes[at + i] & 0x3F);
    // Nearly all characters have three bytes.
    if let Some(&[a @ 0xE0..=0xEF, b, c]) = bytes.get(at..at + 3) {
        return (u32::from(a & 0x0F) << 12 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F), at + 3);
    }
    match bytes[at] {
        b if b < 0x80 => (u32::from(b), at + 1),
        b if b < 0xE0 => (u32::from(b & 0x1F) << 6 | low(1), at + 2),
        b if b < 0xF0 => (u32::from(b & 0x0F) << 12 | low(1) << 6 | low(2), at + 3),
        b => (u32::from(b & 7) << 18 | low(1) << 12 | low(2) << 6 | low(3), at + 4),
    }
}
