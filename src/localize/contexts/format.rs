//! How the table of contexts is laid out: what the build script writes and the program reads in place.
//!
//! Layout, little-endian: the number of slots, a power of two; `BITS` bits, one for each hash of a context; as many for
//! each character with its neighbor before, and with its neighbor behind, of which there are contexts; a bit for each
//! character from `FIRST` on that has contexts; slots of 12 bytes: six bytes of the hash (0 for none), the choice, how
//! often it was seen, in how many thousandths of the places.

/// The first and one past the last character that may have contexts.
pub const FIRST: u32 = 0x3400;
/// See [`FIRST`].
pub const END: u32 = 0xA000;
/// Bits that tell for certain that a context is unknown.
pub const BITS: usize = 1 << 17;
/// Bytes of a slot.
pub const SLOT: usize = 12;

/// Characters before and behind a character that make a context, in the order in which they are looked for.
pub const SHAPES: [(usize, usize); 10] =
    [(0, 1), (1, 0), (1, 1), (0, 2), (2, 0), (2, 1), (1, 2), (2, 2), (0, 3), (3, 0)];

/// The hash of a context: the number of its shape, the character, and its neighbors in the order of the text.
/// Never 0.
#[inline]
pub fn hash(shape: usize, c: char, neighbors: impl Iterator<Item = char>) -> u64 {
    let mut hash = (shape as u64) << 32 | u64::from(u32::from(c));
    for c in neighbors {
        hash = (hash.rotate_left(17) ^ u64::from(u32::from(c))).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    (hash ^ hash >> 29) | 1
}

/// The bit of a character and the neighbor on one side.
#[inline]
pub fn beside(c: char, neighbor: char) -> usize {
    let key = u32::from(c).wrapping_mul(0x9E37_79B1) ^ u32::from(neighbor).wrapping_mul(0x85EB_CA77);
    (key >> 15) as usize & (BITS - 1)
}

/// The bit of a hash.
#[inline]
pub fn bit(hash: u64) -> usize {
    (hash >> 40) as usize & (BITS - 1)
}
