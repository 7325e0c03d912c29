//! The tables that the build script compiled, read in place: words and how probable they are, alone and after another word; what
//! each character is taken for; which words sound alike.

use super::format::{END, FIRST, NEVER, NOWHERE, SOUND_BITS, VOUCHER, WORD_BITS, sound_key, spread};

macro_rules! section {
    ($name:literal, $width:literal) => {{
        static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lattice.", $name));
        BYTES.as_chunks::<$width>().0
    }};
}

/// The probability (log10) of a character that no table knows.
pub const UNKNOWN: f32 = -7.5;
/// How many times longer a list must be for searching to be quicker than stepping.
const SHORTER: usize = 8;

/// A word by its number; `Word::NONE` for a single character that no table knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub u32);

impl Word {
    /// A character without an entry.
    pub const NONE: Self = Self(u32::MAX);
}

/// A place in the trie of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node(u32);

impl Node {
    /// Where every word begins.
    pub const ROOT: Self = Self(NOWHERE);
    /// The peaks of a node where no word ends or goes on.
    pub const NO_PEAKS: [u8; 2] = [NEVER; 2];

    /// Its number, of 24 bits.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The node of a number.
    pub fn numbered(number: u32) -> Self {
        Self(number)
    }

    /// [`peaks`] as the table has them.
    #[inline]
    pub fn peaks(self) -> [u8; 2] {
        section!("peaks", 2)[self.0 as usize]
    }
}

/// Why two characters are taken for each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why(pub u8);

impl Why {
    /// 1 for a common Mandarin syllable, 0.6 for a near one, 0.5 for a Cantonese one, else 0.
    pub fn sound(self) -> f32 {
        match (self.0 & 3, self.0 & 4) {
            (3, _) => 1.0,
            (2, _) => 0.6,
            (_, 4) => 0.5,
            _ => 0.0,
        }
    }

    /// Likeness of shape, 0 to 1.
    pub fn shape(self) -> f32 {
        f32::from(self.0 >> 4) / 15.0
    }

    /// Whether the two share the part that gives the sound.
    pub fn part(self) -> bool {
        self.0 & 8 != 0
    }
}

/// The form of a character that is scored: Simplified, and one for all variants.
pub fn fold(c: char) -> u16 {
    match u16::try_from(u32::from(c)) {
        Ok(c @ FIRST..END) => u16::from_le_bytes(section!("fold", 2)[usize::from(c - FIRST)]),
        Ok(c) => c,
        Err(_) => 0,
    }
}

#[inline]
fn wide([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}

/// The children of a node below the root: their characters, and the number of the first.
#[inline]
fn children(node: Node) -> (&'static [[u8; 2]], u32) {
    let starts = section!("children", 3);
    let [from, to] = [node.0, node.0 + 1].map(|i| wide(starts[i as usize]));
    (&section!("labels", 2)[from as usize..to as usize], from)
}

/// The node that a character leads to.
#[inline]
pub fn step(node: Node, c: u16) -> Option<Node> {
    if node == Node::ROOT {
        let root = if (FIRST..END).contains(&c) {
            wide(section!("roots", 3)[usize::from(c - FIRST)])
        } else {
            NOWHERE
        };
        return (root != NOWHERE).then_some(Node(root));
    }
    let (labels, first) = children(node);
    let at = labels.binary_search_by_key(&c, |label| u16::from_le_bytes(*label)).ok()?;
    Some(Node(first + at as u32))
}

/// The node that a string leads to.
pub fn walk(chars: &[u16]) -> Option<Node> {
    chars.iter().try_fold(Node::ROOT, |node, c| step(node, *c))
}

/// The word that ends at a node, whether a lattice may use it or not.
#[inline]
pub fn word(node: Node) -> Option<Word> {
    let word = wide(section!("ends", 3)[node.0 as usize]);
    (word != NOWHERE).then_some(Word(word))
}

/// The most that the word which ends at a node can score ([`ceiling`], rounded up to a tenth), and the most that any
/// longer word can which goes on from it; minus infinity for none.
#[inline]
pub fn peaks(node: Node) -> (f32, f32) {
    scores(node.peaks())
}

/// The same of peaks as the table has them.
#[inline]
pub fn scores([own, below]: [u8; 2]) -> (f32, f32) {
    let score = |tenths: u8| if tenths == NEVER { f32::NEG_INFINITY } else { f32::from(tenths) / -10.0 };
    (score(own), score(below))
}

/// The word of a string.
pub fn word_of(chars: &[u16]) -> Option<Word> {
    walk(chars).and_then(word)
}

#[inline]
fn facts(word: Word) -> [u8; 8] {
    section!("words", 8)[word.0 as usize]
}

/// Whether the word only vouches for its characters.
#[inline]
pub fn is_voucher(word: Word) -> bool {
    let [a, b, ..] = facts(word);
    u16::from_le_bytes([a, b]) == VOUCHER
}

/// The probability of a word on its own (log10).
#[inline]
pub fn single(word: Word) -> f32 {
    if word == Word::NONE {
        return UNKNOWN;
    }
    let [a, b, ..] = facts(word);
    match u16::from_le_bytes([a, b]) {
        VOUCHER => UNKNOWN,
        cost => -f32::from(cost) / 4096.0,
    }
}

/// The probability of a word (log10) on its own, or after the word that it goes with best: it is never likelier.
#[inline]
pub fn ceiling(word: Word) -> f32 {
    if word == Word::NONE {
        return UNKNOWN;
    }
    match facts(word)[7] {
        NEVER => single(word),
        best => single(word).max(f32::from(best) / -10.0),
    }
}

/// What a pair of words costs that is not in the table, besides its second word (log10).
#[inline]
fn backoff(word: Word) -> f32 {
    if word == Word::NONE {
        return 0.0;
    }
    let [_, _, a, b, ..] = facts(word);
    -f32::from(u16::from_le_bytes([a, b])) / 4096.0
}

/// What the tables say of a word, read once for all questions about it.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// [`single`].
    pub single: f32,
    /// `backoff`.
    pub backoff: f32,
    /// [`ceiling`].
    pub ceiling: f32,
    /// The stretch of the bigrams that start with the word.
    row: (u32, u32),
    /// Whether any pair starts with the word.
    pub leads: bool,
    /// Whether any pair ends with the word.
    pub follows: bool,
}

impl Facts {
    /// Those of a word.
    pub fn of(word: Word) -> Self {
        let (row, follows) = if word == Word::NONE {
            ((0, 0), false)
        } else {
            let start = |[.., a, b, c, _]: [u8; 8]| wide([a, b, c]);
            let [own, next] = [word, Word(word.0 + 1)].map(facts);
            ((start(own), start(next)), own[7] != NEVER && word.0 < 1 << WORD_BITS)
        };
        let leads = row.0 != row.1;
        Self { single: single(word), backoff: backoff(word), ceiling: ceiling(word), row, leads, follows }
    }

    /// The probability of a second word after this one (log10), if the table has the pair.
    #[inline]
    pub fn pair(&self, second: Word) -> Option<f32> {
        if !self.leads || second.0 >= 1 << WORD_BITS {
            return None;
        }
        let row = &section!("bigrams", 3)[self.row.0 as usize..self.row.1 as usize];
        let entry = |at: usize| wide(row[at]);
        let second_of = |at: usize| entry(at) & ((1 << WORD_BITS) - 1);
        let second = spread(second.0);
        let mut at = (second as usize * row.len()) >> WORD_BITS;
        while second_of(at) < second {
            at += 1;
            if at == row.len() {
                return None;
            }
        }
        while at > 0 && second_of(at) > second {
            at -= 1;
        }
        (second_of(at) == second).then(|| (entry(at) >> WORD_BITS) as f32 / -10.0)
    }
}

/// What a character is taken for, sorted.
pub fn confusions(c: u16) -> impl Iterator<Item = (u16, Why)> {
    row(c).iter().map(|e| (u16::from_le_bytes([e[0], e[1]]), Why(e[2])))
}

/// Why two characters are taken for each other, if they are.
pub fn confusion(a: u16, b: u16) -> Option<Why> {
    let row = row(a);
    row.binary_search_by_key(&b, |e| u16::from_le_bytes([e[0], e[1]])).ok().map(|at| Why(row[at][2]))
}

fn row(c: u16) -> &'static [[u8; 3]] {
    if !(FIRST..END).contains(&c) {
        return &[];
    }
    let index = section!("confusion_index", 4);
    let at = |c: u16| u32::from_le_bytes(index[usize::from(c - FIRST)]) as usize;
    &section!("confusions", 3)[at(c)..at(c + 1)]
}

/// The number of the commonest Mandarin syllable; 0 for none.
pub fn syllable(c: u16) -> u16 {
    match c {
        FIRST..END => u16::from_le_bytes(section!("syllables", 2)[usize::from(c - FIRST)]),
        _ => 0,
    }
}

/// Words of two to four characters that sound like a string; U+0000 follows the last character.
pub fn homophones(chars: &[u16]) -> impl Iterator<Item = [u16; 4]> {
    let table = section!("homophones", 12);
    let key = sound_key(chars.iter().map(|c| syllable(*c)));
    let of = |e: &[u8; 12]| u32::from_le_bytes([e[0], e[1], e[2], e[3]]);
    let known = chars.iter().all(|c| syllable(*c) != 0);
    let index = section!("homophone_index", 4);
    let bucket = (key >> (32 - SOUND_BITS)) as usize;
    let [from, to] = [bucket, bucket + 1].map(|i| u32::from_le_bytes(index[i]) as usize);
    let row = if known { &table[from..to] } else { &[] };
    let row = &row[row.partition_point(|e| of(e) < key)..];
    row.iter()
        .take_while(move |e| of(e) == key)
        .map(|e| std::array::from_fn(|i| u16::from_le_bytes([e[4 + 2 * i], e[5 + 2 * i]])))
}

/// What one character is taken for, ready to be met with what words have at its place.
pub struct Confused {
    of: u16,
    row: &'static [[u8; 3]],
    /// A bit for the last bits of each character in the row: most of what words have is not even alike.
    bits: [u64; BITS / 64],
}

/// How many bits tell whether a character may be in a row.
const BITS: usize = 4096;

impl Default for Confused {
    fn default() -> Self {
        Self { of: 0, row: &[], bits: [0; BITS / 64] }
    }
}

impl Confused {
    /// Turns to a character.
    pub fn turn(&mut self, c: u16) {
        if self.of == c {
            return;
        }
        (self.of, self.row) = (c, row(c));
        self.bits.fill(0);
        for entry in self.row {
            let bit = usize::from(key(entry)) % BITS;
            self.bits[bit / 64] |= 1 << (bit % 64);
        }
    }

    /// Why another character is taken for it, if it is.
    #[inline]
    pub fn why(&self, other: u16) -> Option<Why> {
        if !self.may_have(other) {
            return None;
        }
        self.row.binary_search_by_key(&other, key).ok().map(|at| Why(self.row[at][2]))
    }

    #[inline]
    fn may_have(&self, c: u16) -> bool {
        let bit = usize::from(c) % BITS;
        self.bits[bit / 64] >> (bit % 64) & 1 != 0
    }

    /// Shows the entries of a sorted list that the row has, each with its place and why.
    fn meet<const N: usize>(&self, list: &[[u8; N]], mut show: impl FnMut(usize, u16, Why)) {
        // In a list that is much longer each character of the row is looked up.
        if self.row.len() * SHORTER < list.len() {
            for entry in self.row {
                if let Ok(at) = list.binary_search_by_key(&key(entry), key) {
                    show(at, key(entry), Why(entry[2]));
                }
            }
            return;
        }
        for (at, entry) in list.iter().enumerate() {
            if let Some(why) = self.why(key(entry)) {
                show(at, key(entry), why);
            }
        }
    }

    /// Shows what the character may be with which words go on after a node below the root.
    pub fn seconds(&self, node: Node, mut show: impl FnMut(u16, Why, Node)) {
        let (labels, first) = children(node);
        self.meet(labels, |at, other, why| show(other, why, Node(first + at as u32)));
    }

    /// Shows what the character may be with which words begin before `second`.
    pub fn firsts(&self, second: u16, mut show: impl FnMut(u16, Why, Node)) {
        if !(FIRST..END).contains(&second) {
            return;
        }
        let at = |c: u16| u32::from_le_bytes(section!("first_index", 4)[usize::from(c - FIRST)]) as usize;
        let firsts = &section!("firsts", 5)[at(second)..at(second + 1)];
        self.meet(firsts, |at, other, why| {
            let [.., a, b, c] = firsts[at];
            show(other, why, Node(wide([a, b, c])));
        });
    }
}

/// The characters with which words go on after a node below the root.
pub fn labels(node: Node) -> &'static [[u8; 2]] {
    children(node).0
}

/// What a character may be with which words go on after a node below the root that has few children.
pub fn seconds(node: Node, c: u16) -> impl Iterator<Item = (u16, Why, Node)> {
    let (labels, first) = children(node);
    labels.iter().enumerate().filter_map(move |(at, label)| {
        let other = u16::from_le_bytes(*label);
        Some((other, confusion(c, other)?, Node(first + at as u32)))
    })
}

/// The first two bytes of an entry.
#[inline]
fn key<const N: usize>(entry: &[u8; N]) -> u16 {
    u16::from_le_bytes([entry[0], entry[1]])
}
