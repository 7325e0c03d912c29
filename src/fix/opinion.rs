//! What a tagger of the user's thinks: it weighs the findings of the other rules, and adds its own.

use std::ops::Range;

use crate::{
    brief::Brief,
    edit::{Confidence, Edit},
    fix::{forms::Forms, hanzi, lattice::lexicon, wrong_word},
    normalize::class::is_han,
    rule::{Check, Doc, Rule, Stage},
    tagger::Tagger,
    text::Text,
};

/// Characters that a tagger of the user's would write otherwise.
pub const UNLIKELY_CHARACTER: Rule = Rule {
    name: "unlikely-character",
    stage: Stage::Fix,
    summary: "a character that the model of `--model` would write otherwise",
    doc: Doc {
        finds: "With `--model DIR` only: a character that hardly fits its sentence, while one of like sound or shape fits it very well.",
        why: "A model weighs the sense of the whole sentence, where word lists see neighbors only.",
        examples: &[("他在公司擔任要織。", "他在公司擔任要職。")],
        unsure: "Always: a model prefers what is common, so its findings are only reported. It also weighs what other rules found: a doubtful finding that it shares becomes likely, one that it contradicts is lowered by one step; it never makes anything sure.",
    },
    check: Check::Brief(check),
};

/// A character fits if the model gives it this much.
const FITS: f32 = 0.9;
/// A character hardly fits if the model gives it no more than this.
const HARDLY: f32 = 0.01;
/// A finding is shared if the model gives its characters this much together.
const SHARED: f32 = 0.5;
/// A finding is contradicted if the model gives the characters as written this much together.
const CONTRADICTED: f32 = 0.99;

/// A sentence as the model reads it.
struct Sentence {
    /// Byte offset in the text.
    start: usize,
    /// The characters as written.
    written: Vec<char>,
    /// The same in Simplified.
    read: Vec<char>,
}

impl Sentence {
    fn new(string: &str, range: Range<usize>) -> Self {
        let written: Vec<char> = string[range.clone()].chars().collect();
        Self { start: range.start, read: written.iter().map(|c| simplified(*c)).collect(), written }
    }

    /// The byte range of a character in the text.
    fn range(&self, at: usize) -> Range<usize> {
        let start = self.start + self.written[..at].iter().map(|c| c.len_utf8()).sum::<usize>();
        start..start + self.written[at].len_utf8()
    }
}

fn simplified(c: char) -> char {
    if is_han(c) { char::from_u32(lexicon::fold(c).into()).filter(|c| *c != '\0').unwrap_or(c) } else { c }
}

/// The byte ranges of the sentences of a string.
fn sentences(string: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, c) in string.char_indices() {
        if matches!(c, '。' | '！' | '？' | '；' | '\n') {
            out.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    out.push(start..string.len());
    out.retain(|range| !range.is_empty());
    out
}

/// Lets a model weigh the findings of a rule in one text.
pub(super) fn weigh(tagger: &Tagger, rule: &str, text: &Text, edits: &mut [Edit]) {
    let sentences = sentences(text.as_str());
    for edit in edits {
        let Some(range) = sentences.iter().find(|s| s.start <= edit.range.start && edit.range.end <= s.end)
        else {
            continue;
        };
        let sentence = Sentence::new(text.as_str(), range.clone());
        let first = text.as_str()[range.start..edit.range.start].chars().count();
        let old = text.as_str()[edit.range.clone()].chars();
        if old.clone().count() != edit.new.chars().count() {
            continue;
        }
        let pairs = old.zip(edit.new.chars()).map(|(old, new)| (simplified(old), simplified(new)));
        let changed: Vec<_> = (first..).zip(pairs).filter(|(_, (old, new))| old != new).collect();
        let questions: Vec<(usize, char)> =
            changed.iter().flat_map(|(at, (old, new))| [(*at, *old), (*at, *new)]).collect();
        let Some(fit) = tagger.fit(&sentence.read, &questions).filter(|_| !changed.is_empty()) else {
            continue;
        };
        let product = |skip: usize| fit.asked.iter().skip(skip).step_by(2).product::<f32>();
        let (keep, change) = (product(0), product(1));
        if change >= SHARED && edit.confidence == Confidence::Doubtful {
            edit.confidence = Confidence::Likely;
        } else if keep >= CONTRADICTED && rule != wrong_word::WRONG_WORD.name {
            edit.confidence = match edit.confidence {
                Confidence::Sure => Confidence::Likely,
                Confidence::Likely | Confidence::Doubtful => Confidence::Doubtful,
            };
        }
        let part = if edit.message.is_empty() { "" } else { "; " };
        edit.message += &format!(
            "{part}the model gives it {:.0} %, and {:.0} % to what is written",
            change * 100.0,
            keep * 100.0
        );
    }
}

fn check(brief: &Brief, text: &Text) -> Vec<Edit> {
    let Some(tagger) = &brief.tagger else { return Vec::new() };
    let forms = Forms::of(&text.as_str().chars().collect::<Vec<_>>());
    let sentences = sentences(text.as_str()).into_iter().map(|range| Sentence::new(text.as_str(), range));
    sentences.flat_map(|sentence| unlikely(tagger, &forms, text, &sentence)).collect()
}

/// The characters of a sentence that the model would write otherwise.
fn unlikely(tagger: &Tagger, forms: &Forms, text: &Text, sentence: &Sentence) -> Vec<Edit> {
    let questions: Vec<(usize, char)> = sentence.read.iter().copied().enumerate().collect();
    let Some(fit) = tagger.fit(&sentence.read, &questions) else { return Vec::new() };
    let mut edits = Vec::new();
    for (at, ((best, chance), own)) in fit.best.iter().zip(&fit.asked).enumerate() {
        let (written, read) = (sentence.written[at], sentence.read[at]);
        let range = sentence.range(at);
        if *chance < FITS
            || *own > HARDLY
            || !is_han(written)
            || !is_han(*best)
            || *best == read
            || hanzi::likeness(read, *best).is_none()
            || text.is_locked(range.clone())
        {
            continue;
        }
        let mut meant = sentence.read.clone();
        meant[at] = *best;
        let new = forms.write(&meant.into_iter().collect::<String>()).get(at).map_or(*best, |form| form.0);
        let edit = Edit::new(range, new, Confidence::Doubtful).because(format!(
            "the model gives {new} {:.0} %, and {:.0} % to {written}",
            chance * 100.0,
            own * 100.0
        ));
        edits.push(edit);
    }
    edits
}

#[cfg(all(test, feature = "neural"))]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{source::SourceId, tagger::tiny::tiny};

    fn tagger(likes: &str) -> Tagger {
        Tagger::new(&tiny(likes)).expect("a model")
    }

    /// What becomes of a finding 職 → 織.
    fn weighed(likes: &str, rule: &str, confidence: Confidence) -> (Confidence, String) {
        let text = Text::verbatim("開會。上合組職成立。", SourceId(0), 0);
        let mut edits = [Edit::new(18..21, "織", confidence).because("same sound")];
        weigh(&tagger(likes), rule, &text, &mut edits);
        (edits[0].confidence, edits[0].message.clone())
    }

    #[test]
    fn findings_are_raised_and_lowered_by_one_step() {
        use Confidence::{Doubtful, Likely, Sure};
        for (likes, rule, before, after) in [
            ("织", "misspelled-word", Doubtful, Likely),
            ("织", "misspelled-word", Likely, Likely),
            ("职", "misspelled-word", Sure, Likely),
            ("职", "misspelled-word", Likely, Doubtful),
            ("职", "wrong-word", Sure, Sure),
            ("上", "misspelled-word", Sure, Sure),
        ] {
            let (found, message) = weighed(likes, rule, before);
            assert_eq!(found, after, "{likes} {rule} {before:?}");
            assert!(message.starts_with("same sound; the model gives it "), "{message}");
        }
    }

    #[test]
    fn the_model_adds_doubtful_findings_of_like_characters() {
        let brief = Brief { tagger: Some(Arc::new(tagger("织"))), ..Brief::default() };
        let text = Text::verbatim("上合組職，a上。組織。", SourceId(0), 0);
        let found = check(&brief, &text);
        let found: Vec<_> = found.iter().map(|e| (&text.as_str()[e.range.clone()], e.new.as_str())).collect();
        // 上, 合 and 組 are nothing like 織, and 織 is what the model would write.
        assert_eq!(found, [("職", "織")]);
        assert!(check(&Brief::default(), &text).is_empty(), "no model, no findings");
    }
}
