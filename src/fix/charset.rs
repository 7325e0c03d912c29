//! A set of characters that is asked for each character of a book.

/// Characters of the basic plane, a bit each; what lies beyond is taken to be in the set.
pub(in crate::fix) struct CharSet {
    bits: Box<[u64; 1024]>,
}

impl CharSet {
    pub(in crate::fix) fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut bits = Box::new([0; 1024]);
        for c in chars.map(|c| c as usize).filter(|c| *c < 0x10000) {
            bits[c >> 6] |= 1 << (c & 63);
        }
        Self { bits }
    }

    /// Whether the character may be in the set: for certain below U+10000.
    #[inline]
    pub(in crate::fix) fn may_have(&self, c: char) -> bool {
        self.bits.get(c as usize >> 6).is_none_or(|bits| bits >> (c as usize & 63) & 1 != 0)
    }
}
