//! Which script a text is written in: the characters that only one script uses, counted. Counts are evidence for
//! the choice of a configuration, and go into the report where they disagree.

use std::ops::{Add, AddAssign};

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
#[derive(Clone, Copy)]
pub struct Detector {
    to_traditional: Table,
    to_simplified: Table,
    regional: [Table; 2],
}

impl Default for Detector {
    fn default() -> Self {
        let regional = [table("tw_rev"), table("hk_rev")];
        Self { to_traditional: table("st"), to_simplified: table("ts"), regional }
    }
}

impl Detector {
    /// The evidence in a string. A character that is its own first or later candidate tells nothing, nor does one
    /// that Taiwan or Hong Kong writes where OpenCC's own Traditional has another (秘 for 祕).
    #[must_use]
    pub fn evidence(&self, text: &str) -> Evidence {
        let bytes = text.as_bytes();
        let mut evidence = Evidence::default();
        let mut at = 0;
        while at < bytes.len() {
            let (c, next) = decode(bytes, at);
            if c >= 0x3400 {
                let own = &text[at..next];
                let foreign = |table: &Table| {
                    let found = table.find(bytes, (c, next), next);
                    found.is_some_and(|found| table.entry(found).candidates.split(' ').all(|it| it != own))
                };
                let regional =
                    || self.regional.iter().any(|table| table.find(bytes, (c, next), next).is_some());
                evidence.simplified += usize::from(foreign(&self.to_traditional) && !regional());
                evidence.traditional += usize::from(foreign(&self.to_simplified));
                evidence.taiwan += usize::from(own == "裡");
                evidence.hong_kong += usize::from(own == "裏" || own == "着");
            }
            at = next;
        }
        evidence
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
