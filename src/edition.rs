//! What a reader gets: language, region, conventions of marks.

use std::fmt;

/// A typographic region: where marks sit in their cell, how they close up, which faces are used.
///
/// The region is not the script: `zh-Hant-CN` takes mainland composition with Traditional glyphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Region {
    /// Mainland China.
    Cn,
    /// Taiwan.
    Tw,
    /// Hong Kong.
    Hk,
}

/// The script of Chinese text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// Traditional (`Hant`).
    Traditional,
    /// Simplified (`Hans`).
    Simplified,
}

/// One edition of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// What the user calls it: `source`, `hk`, `tw`, `cn` or the tag.
    pub name: String,
    /// Script of the text.
    pub script: Script,
    /// Region of composition, glyphs and words.
    pub region: Region,
    /// Whether the text is localized for it; `source` keeps the words and marks as written.
    pub localized: bool,
}

impl Edition {
    /// The edition as written, for a text of this script and region.
    pub fn source(script: Script, region: Region) -> Self {
        Self { name: "source".into(), script, region, localized: false }
    }

    /// The edition of a name or BCP 47 tag; `None` if it is not known.
    ///
    /// `source` is not among them: it depends on the document.
    pub fn parse(name: &str) -> Option<Self> {
        let (script, region) = match name.to_ascii_lowercase().as_str() {
            "hk" | "zh-hk" | "zh-hant-hk" => (Script::Traditional, Region::Hk),
            "tw" | "zh-tw" | "zh-hant-tw" | "zh-hant" => (Script::Traditional, Region::Tw),
            "cn" | "zh-cn" | "zh-hans-cn" | "zh-hans" => (Script::Simplified, Region::Cn),
            "zh-hant-cn" => (Script::Traditional, Region::Cn),
            _ => return None,
        };
        Some(Self { name: name.to_owned(), script, region, localized: true })
    }

    /// The BCP 47 tag, e.g. `zh-Hant-HK`.
    pub fn tag(&self) -> &'static str {
        match (self.script, self.region) {
            (Script::Traditional, Region::Tw) => "zh-Hant-TW",
            (Script::Traditional, Region::Hk) => "zh-Hant-HK",
            (Script::Traditional, Region::Cn) => "zh-Hant-CN",
            (Script::Simplified, Region::Cn) => "zh-Hans-CN",
            (Script::Simplified, Region::Tw) => "zh-Hans-TW",
            (Script::Simplified, Region::Hk) => "zh-Hans-HK",
        }
    }

    /// The short tag that word processors know: `zh-TW`, `zh-HK`, `zh-CN`.
    pub fn short_tag(&self) -> &'static str {
        match self.region {
            Region::Tw => "zh-TW",
            Region::Hk => "zh-HK",
            Region::Cn => "zh-CN",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}
