//! Which script a text is written in: the characters that only one script uses, counted. Counts are evidence for
//! the choice of a configuration, and go into the report where they disagree.

use std::{
    cell::Cell,
    ops::{Add, AddAssign},
};

use super::{
    config::{Config, table},
    table::{Table, decode},
};
use crate::edition::{Edition, Region, Script};

/// Characters that tell where a text comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Characters that Simplified text does not use.
    pub traditional: usize,
    /// Characters that Traditional text does not use.
    pub simplified: usize,
    /// Forms of Taiwan (裡).
    pub taiwan: usize,
    /// Forms of Hong Kong (裏, 着).
    pub hong_kong: usize,
}

impl Evidence {
    /// The script that most of the evidence speaks for; `None` if there is none or a tie.
    #[must_use]
    pub fn script(self) -> Option<Script> {
        match self.traditional.cmp(&self.simplified) {
            std::cmp::Ordering::Greater => Some(Script::Traditional),
            std::cmp::Ordering::Less => Some(Script::Simplified),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether both scripts occur.
    #[must_use]
    pub fn is_mixed(self) -> bool {
        self.traditional > 0 && self.simplified > 0
    }
}

impl Add for Evidence {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            traditional: self.traditional + other.traditional,
            simplified: self.simplified + other.simplified,
            taiwan: self.taiwan + other.taiwan,
            hong_kong: self.hong_kong + other.hong_kong,
        }
    }
}

impl AddAssign for Evidence {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// Counts characters that belong to one script only, by OpenCC's character tables.
pub struct Detector {
    to_traditional: Table,
    to_simplified: Table,
    regional: [Table; 2],
    /// What was found out of the characters of the basic plane from `HAN` on, or `UNKNOWN`.
    known: Vec<Cell<u8>>,
}

/// Where Han begins, roughly.
const HAN: u32 = 0x3400;
// What a character tells, as bits.
const SIMPLIFIED: u8 = 1;
const TRADITIONAL: u8 = 2;
const TAIWAN: u8 = 4;
const HONG_KONG: u8 = 8;
const UNKNOWN: u8 = 128;

impl Default for Detector {
    fn default() -> Self {
        let regional = [table("tw_rev"), table("hk_rev")];
        let known = vec![Cell::new(UNKNOWN); 0x10000 - HAN as usize];
        Self { to_traditional: table("st"), to_simplified: table("ts"), regional, known }
    }
}

impl Detector {
    /// The evidence in a string.
    #[must_use]
    pub fn evidence(&self, text: &str) -> Evidence {
        let bytes = text.as_bytes();
        let mut evidence = Evidence::default();
        let mut at = 0;
        while at < bytes.len() {
            let (c, next) = decode(bytes, at);
            if c >= HAN {
                let told = self.told(bytes, at, (c, next));
                evidence.simplified += usize::from(told & SIMPLIFIED != 0);
                evidence.traditional += usize::from(told & TRADITIONAL != 0);
                evidence.taiwan += usize::from(told & TAIWAN != 0);
                evidence.hong_kong += usize::from(told & HONG_KONG != 0);
            }
            at = next;
        }
        evidence
    }

    /// What the character at `at` tells; the tables are asked once for each character of the basic plane.
    #[inline]
    fn told(&self, bytes: &[u8], at: usize, (c, next): (u32, usize)) -> u8 {
        let known = self.known.get((c - HAN) as usize);
        if let Some(told) = known.map(Cell::get).filter(|told| *told != UNKNOWN) {
            return told;
        }
        let told = self.judge(&bytes[at..next], c);
        if let Some(known) = known {
            known.set(told);
        }
        told
    }

    /// A character that is its own first or later candidate tells nothing, nor does one that Taiwan or Hong Kong
    /// writes where OpenCC's own Traditional has another (秘 for 祕).
    fn judge(&self, own: &[u8], c: u32) -> u8 {
        let foreign = |table: &Table| {
            let found = table.find(own, (c, own.len()), own.len());
            found.is_some_and(|found| table.entry(found).candidates.split(' ').all(|it| it.as_bytes() != own))
        };
        let regional =
            || self.regional.iter().any(|table| table.find(own, (c, own.len()), own.len()).is_some());
        let mut told = 0;
        if foreign(&self.to_traditional) && !regional() {
            told |= SIMPLIFIED;
        }
        if foreign(&self.to_simplified) {
            told |= TRADITIONAL;
        }
        match char::from_u32(c) {
            Some('裡') => told | TAIWAN,
            Some('裏' | '着') => told | HONG_KONG,
            _ => told,
        }
    }
}

/// The configuration that makes an edition of text with this evidence, or `None` if nothing needs converting.
/// `words` also converts regional words; `whole` is the evidence of the whole document.
#[must_use]
pub fn configuration(edition: &Edition, script: Script, whole: Evidence, words: bool) -> Option<Config> {
    match (script, edition.script, edition.region) {
        (Script::Simplified, Script::Simplified, _)
        | (Script::Traditional, Script::Traditional, Region::Cn) => None,
        (Script::Simplified, Script::Traditional, Region::Hk) => {
            Some(if words { Config::S2hkp } else { Config::S2hk })
        }
        (Script::Simplified, Script::Traditional, Region::Tw) => {
            Some(if words { Config::S2twp } else { Config::S2tw })
        }
        (Script::Simplified, Script::Traditional, Region::Cn) => Some(Config::S2t),
        (Script::Traditional, Script::Traditional, Region::Hk) if whole.taiwan > whole.hong_kong => {
            Some(Config::Tw2hk)
        }
        (Script::Traditional, Script::Traditional, Region::Hk) => Some(Config::T2hk),
        (Script::Traditional, Script::Traditional, Region::Tw) if words => Some(Config::T2twp),
        (Script::Traditional, Script::Traditional, Region::Tw) if whole.hong_kong > whole.taiwan => {
            Some(Config::Hk2tw)
        }
        (Script::Traditional, Script::Traditional, Region::Tw) => Some(Config::T2tw),
        (Script::Traditional, Script::Simplified, _) if whole.taiwan > whole.hong_kong => {
            Some(if words { Config::Tw2sp } else { Config::Tw2s })
        }
        (Script::Traditional, Script::Simplified, _) => Some(Config::T2s),
    }
}
