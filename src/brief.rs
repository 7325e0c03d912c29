//! What the proofreader is told besides the manuscript: what may be changed, what is left alone, the house's own words,
//! and what was decided before.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
    sync::Arc,
};

use crate::{
    decisions::Verdicts,
    document::Ignored,
    edit::{Confidence, Verdict},
    source::{SourceId, Span},
    tagger::Tagger,
};

/// What becomes of the findings of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings are shown, however sure it is, and never made.
    Report,
    /// Only findings at least this sure are shown or made.
    Least(Confidence),
}

/// What the proofreader is told about one manuscript.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// Corrections at least this sure are made; `None` makes none.
    pub make: Option<Confidence>,
    /// Whether words are not looked at at all.
    pub off: bool,
    /// Words that no rule about words may touch.
    pub protected: Words,
    /// The house's own wrong words and their right forms.
    pub house: Words,
    /// Rules that the house treats in its own way.
    pub levels: BTreeMap<String, Level>,
    /// What was decided about earlier findings, by the source that they are in.
    pub verdicts: BTreeMap<SourceId, Verdicts>,
    /// A model of the user's that weighs the findings.
    pub tagger: Option<Arc<Tagger>>,
}

impl Brief {
    /// A brief that says no more than what may be made.
    pub fn making(make: Option<Confidence>) -> Self {
        Self { make, ..Self::default() }
    }

    /// Whether there is anything for rules that look by the brief alone.
    pub fn asks(&self) -> bool {
        !self.house.is_empty() || self.tagger.is_some()
    }

    /// Whether a rule runs at all.
    pub fn runs(&self, rule: &str) -> bool {
        self.levels.get(rule) != Some(&Level::Off)
    }

    /// Whether findings of a rule are wanted that are this sure.
    pub fn wants(&self, rule: &str, confidence: Confidence) -> bool {
        match self.levels.get(rule) {
            None | Some(Level::Report) => true,
            Some(Level::Off) => false,
            Some(Level::Least(least)) => confidence >= *least,
        }
    }

    /// Whether a change is made: as sure as was asked for, or accepted by a person.
    pub fn makes(&self, rule: &str, confidence: Confidence, verdict: Option<Verdict>) -> bool {
        match verdict {
            Some(Verdict::Accept) => self.make.is_some(),
            Some(Verdict::Reject) => false,
            None => {
                self.make.is_some_and(|least| confidence >= least)
                    && self.levels.get(rule) != Some(&Level::Report)
            }
        }
    }
}

/// Whether the writer took a place of the manuscript from a rule.
pub fn is_ignored(ignored: &[Ignored], rule: &str, span: Span) -> bool {
    ignored.iter().any(|i| {
        i.span.source == span.source
            && i.span.start < span.end.max(span.start + 1)
            && span.start < i.span.end
            && (i.rules.is_empty() || i.rules.iter().any(|name| name == rule))
    })
}

/// Words by their first character, each with what should stand in its place: nothing where the word is only named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    by_first: HashMap<char, Vec<(String, String)>>,
    /// Length of the longest, bytes.
    longest: usize,
}

impl Words {
    /// Adds a word; an empty one is ignored, and of two equal ones the first counts.
    pub fn add(&mut self, word: &str, right: &str) {
        let Some(first) = word.chars().next() else { return };
        let list = self.by_first.entry(first).or_default();
        if list.iter().all(|(known, _)| known != word) {
            list.push((word.to_owned(), right.to_owned()));
            // Longer words first.
            list.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
            self.longest = self.longest.max(word.len());
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// Whether one of the words overlaps a range of a text; an insertion is touched inside a word only.
    pub fn touch(&self, text: &str, range: Range<usize>) -> bool {
        if self.is_empty() {
            return false;
        }
        let from = text.floor_char_boundary(range.start.saturating_sub(self.longest));
        let to = text.ceil_char_boundary(range.end.max(range.start + 1).min(text.len()));
        text[from..to].char_indices().any(|(offset, c)| {
            let at = from + offset;
            let words = self.by_first.get(&c).map_or(&[][..], Vec::as_slice);
            words.iter().any(|(word, _)| {
                let end = at + word.len();
                let touched = at < range.end && range.start < end;
                (touched || range.is_empty() && at < range.start && range.start < end)
                    && text[at..].starts_with(word.as_str())
            })
        })
    }

    /// The words of a text that do not overlap, from its start on, the longest first; each with what should stand there.
    pub fn find<'a>(&'a self, text: &str) -> Vec<(Range<usize>, &'a str)> {
        let mut found = Vec::new();
        let mut free = 0;
        for (at, c) in text.char_indices() {
            let Some(words) = self.by_first.get(&c).filter(|_| at >= free) else { continue };
            if let Some((word, right)) = words.iter().find(|(word, _)| text[at..].starts_with(word.as_str()))
            {
                free = at + word.len();
                found.push((at..free, right.as_str()));
            }
        }
        found
    }
}

/// The words of a list: a word or phrase a line, `#` begins a comment, blank lines apart.
pub fn listed(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim_start_matches('\u{FEFF}');
    text.lines().map(|line| line.split('#').next().unwrap_or_default().trim()).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protected_words_are_touched_by_what_overlaps_them() {
        let mut words = Words::default();
        ["上合組職", "按裝"].iter().for_each(|word| words.add(word, ""));
        let text = "為上合組職與按裝";
        // (range, touched)
        for (range, touched) in [
            (3..15, true),
            (9..15, true),
            (12..15, true),
            (0..6, true),
            (0..3, false),
            (15..18, false),
            (15..15, false),
            (3..3, false),
            (6..6, true),
            (21..24, true),
        ] {
            assert_eq!(words.touch(text, range.clone()), touched, "{range:?}");
        }
    }

    #[test]
    fn the_longest_word_wins() {
        let mut words = Words::default();
        words.add("甲乙", "一");
        words.add("甲乙丙", "二");
        words.add("甲乙", "三");
        assert_eq!(words.find("甲乙丙甲乙"), [(0..9, "二"), (9..15, "一")]);
    }

    #[test]
    fn a_list_has_comments() {
        let words: Vec<&str> = listed("\u{FEFF}# 人名\n賈寶玉 # 主角\n\n 上合 組織 \r\n").collect();
        assert_eq!(words, ["賈寶玉", "上合 組織"]);
    }
}
