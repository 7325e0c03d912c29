//! Rules `misspelled-word`, `misspelled-idiom`, `homophone-word` and `misused-character`: one search finds the faults
//! of all four, which differ in what was mistaken for what.

use crate::{
    fix::{
        hanzi,
        inconsistent_word::INCONSISTENT_WORD,
        lattice::{Kind, lexicon},
        passages::Passages,
        slips::{self, Slip},
    },
    rule::{Check, Doc, Rule, Stage},
};

/// Words that are none, but for one character.
pub const MISSPELLED_WORD: Rule = Rule {
    name: "misspelled-word",
    stage: Stage::Fix,
    summary: "a word with a wrong character, which its neighbors give away",
    doc: Doc {
        finds: "A character that makes no word with its neighbors, while a character of the same or a near sound (Mandarin or Cantonese) or of a similar shape makes one that goes well with the words around it.",
        why: "Most slips of the pen and of input methods are such characters, and no list has them all.",
        examples: &[("希望事情能順利解絕。", "希望事情能順利解決。")],
        unsure: "Sure only if the chance is 98 in 100 or more, or if the document itself writes the corrected string three times or more; never in quotations, titles, names and numerals, nor where the string as written recurs. Variants (裏 裡, 身分 身份) are no slips.",
    },
    check: Check::Search(slips::check),
};

/// Idioms and other long words.
pub const MISSPELLED_IDIOM: Rule = Rule {
    name: "misspelled-idiom",
    stage: Stage::Fix,
    summary: "an idiom or another long word with a wrong character",
    doc: Doc {
        finds: "Four characters or more of which all but one are those of an idiom, a name or a term, while the one sounds or looks like the right one.",
        why: "An idiom has one spelling, and readers know it.",
        examples: &[("這件事迫在眉捷，我們必須趕快行動。", "這件事迫在眉睫，我們必須趕快行動。")],
        unsure: "As `misspelled-word`. A pun on an idiom, common in advertisements, looks like a slip: in quotation marks it is left alone.",
    },
    check: Check::Reported,
};

/// Words of the same sound.
pub const HOMOPHONE_WORD: Rule = Rule {
    name: "homophone-word",
    stage: Stage::Fix,
    summary: "a word that sounds like the one that is meant",
    doc: Doc {
        finds: "A stretch that goes badly with its neighbors, while a word of the same syllables, written with other characters, goes well with them.",
        why: "Input by sound offers words of the same syllables side by side, and the wrong one is chosen.",
        examples: &[("本院于以受理后依法组成合议庭。", "本院予以受理后依法组成合议庭。")],
        unsure: "Both words are real, so meaning must decide: it is mostly only suggested.",
    },
    check: Check::Reported,
};

/// Function words.
pub const MISUSED_CHARACTER: Rule = Rule {
    name: "misused-character",
    stage: Stage::Fix,
    summary: "a function word that grammar wants to be another: 的得地, 在再, 做作",
    doc: Doc {
        finds: "A word of one character that stands where another of the same sound is much more common.",
        why: "These are the most frequent slips of all, and the hardest to tell from good writing.",
        examples: &[("我明天在來。", "我明天再來。")],
        unsure: "Always: grammar and style decide, so it is never changed by itself.",
    },
    check: Check::Reported,
};

/// The rules that one search serves.
pub const RULES: [&str; 4] =
    [MISSPELLED_WORD.name, MISSPELLED_IDIOM.name, HOMOPHONE_WORD.name, MISUSED_CHARACTER.name];

/// The name of the rule for a kind of candidate.
pub fn rule_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Pair | Kind::Triple => MISSPELLED_WORD.name,
        Kind::Idiom => MISSPELLED_IDIOM.name,
        Kind::Swap => HOMOPHONE_WORD.name,
        Kind::Function => MISUSED_CHARACTER.name,
        Kind::Term => INCONSISTENT_WORD.name,
    }
}

/// The evidence in words: ``職→織: same syllable zhi, shared part 戠; 組織 is a word, 組職 is not``.
pub fn message(passages: &Passages, slip: &Slip) -> String {
    let chars = &passages.chars;
    let mut parts: Vec<String> = Vec::new();
    for (at, new) in slip.changes.iter().filter(|(at, new)| chars[*at] != *new) {
        let why = hanzi::likeness(chars[*at], *new).map(|l| l.evidence()).filter(|words| !words.is_empty());
        let why = why.unwrap_or_else(|| likeness_of_forms(slip));
        parts.push(format!("{}→{new}: {why}", chars[*at]));
    }
    let range = slip.candidate.start..slip.candidate.end;
    let old: String = chars[range.clone()].iter().collect();
    let new = passages.corrected(slip, range.clone());
    if slip.candidate.kind == Kind::Term {
        parts.push(format!("{new} stands {} times in this text, {old} once", slip.times));
        return parts.join("; ");
    }
    if slip.candidate.end - slip.candidate.start > 1 {
        let folded: Vec<u16> = chars[range].iter().map(|c| lexicon::fold(*c)).collect();
        parts.push(match lexicon::word_of(&folded) {
            None => format!("{new} is a word, {old} is not"),
            Some(_) => format!("{new} goes with its neighbors, {old} does not"),
        });
    }
    let seen = &slip.recurrence;
    if seen.support > 0 {
        let times = if seen.support == 1 { "once".to_owned() } else { format!("{} times", seen.support) };
        parts.push(format!("{} stands {times} in this text", seen.string));
    }
    if seen.vetoed {
        parts.push("but it is written so more than once".to_owned());
    }
    parts.join("; ")
}

/// What two characters have in common in their Simplified or Traditional forms only.
fn likeness_of_forms(slip: &Slip) -> String {
    let why = slip.candidate.why;
    let sound = match why.sound() {
        1.0 => Some("same syllable"),
        0.6 => Some("near syllables"),
        0.5 => Some("same Cantonese syllable"),
        _ => None,
    };
    let shape =
        if why.part() { Some("shared part") } else { (why.shape() >= 0.6).then_some("similar shape") };
    let both: Vec<&str> = sound.into_iter().chain(shape).collect();
    if both.is_empty() { "often confused".to_owned() } else { both.join(", ") }
}
