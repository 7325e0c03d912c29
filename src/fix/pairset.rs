//! A set of pairs of characters that is asked for each pair of neighbors in a book.

/// Number of bits, a power of two: with a few thousand pairs about one innocent pair in twenty passes.
const BITS: usize = 1 << 16;

/// A bit for each hash of a pair: says for certain only that a pair is not in the set.
pub(super) struct PairSet {
    bits: Box<[u64; BITS / 64]>,
}

impl PairSet {
    pub(super) fn of(pairs: impl Iterator<Item = (char, char)>) -> Self {
        let mut bits = Box::new([0; BITS / 64]);
        for hash in pairs.map(|(a, b)| hash(a, b)) {
            bits[hash >> 6] |= 1 << (hash & 63);
        }
        Self { bits }
    }

    /// Whether the pair may be in the set.
    #[inline]
    pub(super) fn may_have(&self, first: char, second: char) -> bool {
        let hash = hash(first, second);
        self.bits[hash >> 6] >> (hash & 63) & 1 != 0
    }
}

/// Multiplicative hashing: the high bits of the product are well mixed.
#[inline]
fn hash(first: char, second: char) -> usize {
    let key = (u32::from(first) << 16 | u32::from(first) >> 16) ^ u32::from(second);
    (key.wrapping_mul(0x9E37_79B1) >> 16) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_the_set_are_found_and_most_others_not() {
        let own: Vec<(char, char)> =
            ('\u{4E00}'..'\u{5800}').step_by(7).zip(('\u{5000}'..).step_by(11)).take(300).collect();
        let set = PairSet::of(own.iter().copied());
        assert!(own.iter().all(|(a, b)| set.may_have(*a, *b)));
        let others = ('\u{6000}'..'\u{7000}').flat_map(|a| ['的', '一', '𠀀'].map(|b| (a, b)));
        let passed = others.filter(|(a, b)| set.may_have(*a, *b)).count();
        assert!(passed < 600, "{passed} of 12,288 pass");
    }
}
