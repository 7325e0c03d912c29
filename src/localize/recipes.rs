//! Which dictionaries make which table. The build script compiles by this list, the program reads by it.

/// A table to compile: its name, and its dictionaries with their rank. Where two dictionaries match at one place
/// the lower rank wins, whatever the lengths; within one rank the longest key wins, then the earlier dictionary.
pub struct Recipe {
    pub name: &'static str,
    pub dictionaries: &'static [(&'static str, u8)],
}

/// Every table that OpenCC's 16 configurations need.
pub const RECIPES: [Recipe; 15] = [
    Recipe { name: "normalize", dictionaries: &[("CJK_Compatibility_Ideographs", 0)] },
    Recipe {
        name: "st",
        dictionaries: &[("STPhrases", 0), ("STPhrases_GeneratedFromRegionalPhrases", 0), ("STCharacters", 1)],
    },
    Recipe { name: "ts_phrases", dictionaries: &[("TSPhrases", 0)] },
    Recipe { name: "ts", dictionaries: &[("TSPhrases", 0), ("TSCharacters", 1)] },
    Recipe {
        name: "ts_rare",
        dictionaries: &[("TSPhrases", 0), ("TSCharactersExt", 1), ("TSCharacters", 2)],
    },
    Recipe { name: "tw", dictionaries: &[("TWVariantsPhrases", 0), ("TWVariants", 1)] },
    Recipe { name: "twp", dictionaries: &[("TWPhrases", 0), ("TWVariantsPhrases", 1), ("TWVariants", 2)] },
    Recipe { name: "tw_rev", dictionaries: &[("TWVariantsRevPhrases", 0), ("TWVariantsRev", 1)] },
    Recipe {
        name: "twp_rev",
        dictionaries: &[("TWPhrasesRev", 0), ("TWVariantsRevPhrases", 1), ("TWVariantsRev", 2)],
    },
    Recipe { name: "hk", dictionaries: &[("HKVariantsPhrases", 0), ("HKVariants", 1)] },
    Recipe { name: "hkp", dictionaries: &[("HKPhrases", 0), ("HKVariantsPhrases", 1), ("HKVariants", 2)] },
    Recipe { name: "hk_rev", dictionaries: &[("HKVariantsRevPhrases", 0), ("HKVariantsRev", 1)] },
    Recipe {
        name: "hkp_rev",
        dictionaries: &[("HKPhrasesRev", 0), ("HKVariantsRevPhrases", 1), ("HKVariantsRev", 2)],
    },
    Recipe { name: "jp", dictionaries: &[("JPShinjitaiCharactersRev", 0)] },
    Recipe { name: "jp_rev", dictionaries: &[("JPShinjitaiPhrases", 0), ("JPShinjitaiCharacters", 1)] },
];

/// The tables of `seeds/tables/repairs.tsv`, by their step.
pub const REPAIRS: [&str; 7] = ["st", "tw", "twp", "hk", "t2hk", "ts", "twp_rev"];

/// The first and one past the last character that the set of first characters tells of.
pub const FIRST: u32 = 0x3400;
/// See [`FIRST`].
pub const END: u32 = 0xA000;

/// The bit of two characters in a set of 2 to the power of `size` bits.
#[inline]
pub fn pair(first: u32, second: u32, size: u32) -> usize {
    let key = first << 16 ^ second;
    (key.wrapping_mul(0x9E37_79B1) >> (32 - size)) as usize
}
