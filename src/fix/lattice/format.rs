//! What the tables of the proofreader look like inside: shared by the build script, which writes them, and
//! `lexicon.rs`, which reads them. All numbers are little-endian.
//!
//! - `fold`: the scored form of each character from `FIRST` to `END`, u16.
//! - `roots`, `labels`, `children`, `ends`: a trie whose nodes are numbered by depth. The node of each first character
//!   (24 bits); for each node its last character (u16), its first child and the word that ends there (24 bits). The
//!   children of a node are neighbors, sorted, up to the first child of the next node.
//! - `peaks`: for each node the least that the word which ends there costs, alone or after the word that it goes with
//!   best, and the same of all longer words (minus log10, in tenths, rounded down); `NEVER` for none.
//! - `words`: probability and backoff weight (minus log10, in 1/4096) as u16, first bigram (24 bits), and the probability
//!   after the word that it goes with best (minus log10, in tenths) as u8; a last entry ends the last row.
//! - `bigrams`: the second word, spread (18 bits), and the probability (minus log10, in tenths; 6 bits), sorted: a spread
//!   word stands in its row about where its share of the 18 bits says.
//! - `confusions`, with an index by character: the other character, u16, and why, u8.
//! - `syllables`: the number of the commonest Mandarin syllable of each character, u16.
//! - `firsts`, with an index by character: the first characters of words in which it is the second, u16, and the node
//!   after both, 24 bits, sorted.
//! - `homophones`, with an index by the first bits of the key: the key of the syllables, u32, and four characters, u16, sorted.

/// The first character that has a place in tables by character.
pub const FIRST: u16 = 0x3400;
/// The character after the last one.
pub const END: u16 = 0xA000;
/// The probability of words that no lattice may use, which only vouch for their characters.
pub const VOUCHER: u16 = u16::MAX;
/// The probability of a word after another one where it follows none.
pub const NEVER: u8 = u8::MAX;
/// No node, no word.
pub const NOWHERE: u32 = (1 << 24) - 1;
/// How many leading bits of a key of sound the index of homophones tells.
pub const SOUND_BITS: u32 = 14;

/// How many bits the number of a second word has.
pub const WORD_BITS: u32 = 18;

/// The number of a second word, spread evenly over its bits; no two words share one.
pub fn spread(word: u32) -> u32 {
    let mask = (1 << WORD_BITS) - 1;
    let mixed = word.wrapping_mul(0x9E37_79B1) & mask;
    (mixed ^ mixed >> 9).wrapping_mul(0x85EB_CA6B) & mask
}

/// The key of a word by its syllables.
pub fn sound_key(syllables: impl Iterator<Item = u16>) -> u32 {
    let key = syllables.fold(0u64, |key, s| key << 16 ^ key >> 48 ^ u64::from(s));
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}
