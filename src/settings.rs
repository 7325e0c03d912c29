//! The settings file `hanpress.toml`: text in, typed settings out, or what is wrong with it and where.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{brief::Level, edit::Confidence};

/// Name of the file that is looked for in the folder of a manuscript and the folders above it.
pub const FILE_NAME: &str = "hanpress.toml";

/// The settings of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    /// How manuscripts are proofread.
    pub check: Check,
    /// Words of the house for editions, by their names or tags.
    edition: BTreeMap<Spanned<String>, Terms>,
}

/// Words of the house for one edition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Terms {
    /// Words that stay as they are.
    keep: Vec<String>,
    /// Words that become others.
    force: BTreeMap<String, String>,
    /// Files with more of them, relative to the settings file.
    pub files: Vec<String>,
}

impl Terms {
    /// Each word and what it becomes; a word that stays becomes itself.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let keep = self.keep.iter().map(|word| (word.as_str(), word.as_str()));
        keep.chain(self.force.iter().map(|(word, new)| (word.as_str(), new.as_str())))
    }
}

/// The names of editions that settings may have words for.
const EDITIONS: [&str; 7] = ["hk", "tw", "cn", "zh-Hant-HK", "zh-Hant-TW", "zh-Hans-CN", "zh-Hant-CN"];

/// The lines of a list of terms: a word, what it becomes (itself if that is missing), and the editions that the line is
/// for, parted by commas (all if that is missing); parted by tabs, `#` begins a line of comment.
///
/// # Errors
/// With the number of a line that has more than three fields or no word.
pub fn terms(text: &str) -> Result<Vec<(&str, &str, &str)>, usize> {
    let lines = text.trim_start_matches('\u{FEFF}').lines().enumerate();
    let lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(number, line)| {
            let mut fields = line.split('\t').map(str::trim);
            let (word, new, editions) = (fields.next().unwrap_or(""), fields.next(), fields.next());
            if word.is_empty() || fields.next().is_some() {
                return Err(number + 1);
            }
            let new = new.filter(|new| !new.is_empty()).unwrap_or(word);
            Ok((word, new, editions.unwrap_or("")))
        })
        .collect()
}

/// How manuscripts are proofread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Check {
    /// The least sure findings that are shown.
    pub level: Option<Least>,
    /// The least sure corrections that are made.
    pub fix: Option<Fix>,
    /// Words that no rule about words may touch.
    pub protect: Vec<String>,
    /// Files with more of them, relative to the settings file.
    pub protect_files: Vec<String>,
    /// Wrong words of the house and their right forms.
    words: BTreeMap<Spanned<String>, Spanned<String>>,
    /// Rules that are treated in another way.
    rules: BTreeMap<Spanned<String>, RuleLevel>,
}

/// How sure a finding must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Least {
    /// Certain.
    Sure,
    /// Likely, or certain.
    Likely,
    /// All.
    Doubtful,
}

impl From<Least> for Confidence {
    fn from(least: Least) -> Self {
        match least {
            Least::Sure => Self::Sure,
            Least::Likely => Self::Likely,
            Least::Doubtful => Self::Doubtful,
        }
    }
}

/// Which corrections are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fix {
    /// Those that are certain.
    Sure,
    /// Those that are likely, too.
    Likely,
    /// None.
    None,
}

/// What becomes of the findings of a rule, as the file names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RuleLevel {
    Off,
    Report,
    Sure,
    Likely,
    Doubtful,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{message}")]
pub struct SettingsError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// One fact.
    pub message: String,
    /// A word that is not known, and those that are.
    pub unknown: Option<(String, Vec<String>)>,
}

impl SettingsError {
    fn at(text: &str, offset: usize, message: String) -> Self {
        let before = &text[..text.floor_char_boundary(offset)];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        Self { line, column, message, unknown: None }
    }

    /// From the parser's message, which lists what it would have taken.
    fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let mut wrong = Self::at(text, start, error.message().to_owned());
        for kind in ["unknown field `", "unknown variant `"] {
            let Some((word, rest)) = error.message().strip_prefix(kind).and_then(|rest| rest.split_once('`'))
            else {
                continue;
            };
            let known = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            wrong.unknown = Some((word.to_owned(), known));
            wrong.message = kind
                .trim_end_matches('`')
                .replace("field", "key")
                .replace("variant", "value")
                .trim()
                .to_owned();
        }
        wrong
    }
}

impl Settings {
    /// Reads settings; `rules` are the names of the rules that can be set.
    ///
    /// # Errors
    /// When the text is no TOML, has a key, value or rule that is not known, or words that contradict each other.
    pub fn parse(text: &str, rules: &[&str]) -> Result<Self, SettingsError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let settings: Self = toml::from_str(text).map_err(|error| SettingsError::of_toml(text, &error))?;
        for name in settings.check.rules.keys() {
            if !rules.contains(&name.get_ref().as_str()) {
                let mut wrong = SettingsError::at(text, name.span().start, "unknown rule".into());
                let known = rules.iter().map(|rule| (*rule).to_owned()).collect();
                wrong.unknown = Some((name.get_ref().clone(), known));
                return Err(wrong);
            }
        }
        if let Some(name) = settings.edition.keys().find(|name| !EDITIONS.contains(&name.get_ref().as_str()))
        {
            let mut wrong = SettingsError::at(text, name.span().start, "unknown edition".into());
            let known = EDITIONS.iter().map(|edition| (*edition).to_owned()).collect();
            wrong.unknown = Some((name.get_ref().clone(), known));
            return Err(wrong);
        }
        settings.check.tidy(text)?;
        Ok(settings)
    }
}

impl Settings {
    /// Words of the house, by the name or tag of the edition.
    pub fn editions(&self) -> impl Iterator<Item = (&str, &Terms)> {
        self.edition.iter().map(|(name, terms)| (name.get_ref().as_str(), terms))
    }
}

impl Check {
    /// The house's words, each with its right form.
    pub fn words(&self) -> impl Iterator<Item = (&str, &str)> {
        self.words.iter().map(|(wrong, right)| (wrong.get_ref().as_str(), right.get_ref().as_str()))
    }

    /// What becomes of the findings of rules, by name.
    pub fn rules(&self) -> impl Iterator<Item = (&str, Level)> {
        self.rules.iter().map(|(name, level)| {
            let level = match level {
                RuleLevel::Off => Level::Off,
                RuleLevel::Report => Level::Report,
                RuleLevel::Sure => Level::Least(Confidence::Sure),
                RuleLevel::Likely => Level::Least(Confidence::Likely),
                RuleLevel::Doubtful => Level::Least(Confidence::Doubtful),
            };
            (name.get_ref().as_str(), level)
        })
    }

    /// A right form must not be wrong itself: mending would never end.
    fn tidy(&self, text: &str) -> Result<(), SettingsError> {
        for (wrong, right) in &self.words {
            let fault = |message: String| Err(SettingsError::at(text, wrong.span().start, message));
            if wrong.get_ref().is_empty() {
                return fault("the wrong word is empty".into());
            }
            if let Some((other, _)) = self.words().find(|(other, _)| right.get_ref().contains(other)) {
                return fault(format!(
                    "the right form `{}` contains the wrong word `{other}`",
                    right.get_ref()
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[&str] = &["inconsistent-word", "wrong-word"];

    #[test]
    fn settings_are_read() {
        let text = "[check]\nlevel = \"likely\"\nfix = \"none\"\nprotect = [\"上合組職\"]\n\
                    [check.words]\n\"智能電話\" = \"智能手機\"\n[check.rules]\nwrong-word = \"report\"\n";
        let check = Settings::parse(text, RULES).expect("settings").check;
        assert_eq!((check.level, check.fix), (Some(Least::Likely), Some(Fix::None)));
        assert_eq!(check.words().collect::<Vec<_>>(), [("智能電話", "智能手機")]);
        assert_eq!(check.rules().collect::<Vec<_>>(), [("wrong-word", Level::Report)]);
        assert_eq!(Settings::parse("", RULES).expect("settings"), Settings::default());
    }

    #[test]
    fn words_of_editions_are_read() {
        let text = "[edition.hk]\nkeep = [\"軟件\"]\nforce = { \"甲\" = \"乙\" }\n[edition.tw]\nfiles = [\"tw.tsv\"]\n";
        let settings = Settings::parse(text, RULES).expect("settings");
        let found: Vec<_> = settings
            .editions()
            .map(|(name, terms)| (name, terms.pairs().collect::<Vec<_>>(), terms.files.len()))
            .collect();
        assert_eq!(found, [("hk", vec![("軟件", "軟件"), ("甲", "乙")], 0), ("tw", vec![], 1)]);
        for (text, expected) in [
            (
                "\u{FEFF}# list\n\n甲\t乙\n丙\n丁\t\thk,tw\n",
                Ok(vec![("甲", "乙", ""), ("丙", "丙", ""), ("丁", "丁", "hk,tw")]),
            ),
            ("甲\n\t乙\n", Err(2)),
            ("甲\t乙\thk\t丙\n", Err(1)),
            ("", Ok(vec![])),
        ] {
            assert_eq!(terms(text), expected, "{text:?}");
        }
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        for (text, line, column, says) in [
            ("[check]\nprotcet = []\n", 2, 1, "unknown key"),
            ("[chek]\n", 1, 2, "unknown key"),
            ("[check]\nlevel = \"certain\"\n", 2, 9, "unknown value"),
            ("[check.rules]\nwrong-wrod = \"off\"\n", 2, 1, "unknown rule"),
            ("[check]\n\nfix = 1\n", 3, 7, "wanted string"),
            ("[check.words]\n\"甲\" = \"甲乙\"\n", 2, 1, "`甲乙` contains the wrong word `甲`"),
            ("[check.words]\n\"甲\" = \"乙\"\n\"乙\" = \"丙\"\n", 2, 1, "`乙` contains the wrong word `乙`"),
            ("[check.words]\n\"\" = \"乙\"\n", 2, 1, "the wrong word is empty"),
            ("[check\n", 1, 7, ""),
            ("[edition.kh]\nkeep = []\n", 1, 10, "unknown edition"),
            ("[edition.hk]\nkept = []\n", 2, 1, "unknown key"),
        ] {
            let error = Settings::parse(text, RULES).expect_err(text);
            assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
            assert!(error.message.contains(says), "{text}: {error}");
        }
        let unknown = Settings::parse("[check]\nprotcet = []\n", RULES).expect_err("a key").unknown;
        let (word, known) = unknown.expect("the keys");
        assert!(word == "protcet" && known.iter().any(|k| k == "protect"), "{known:?}");
    }
}
