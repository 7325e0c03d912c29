//! Which script each stretch of a text is written in: a quotation in Simplified characters within a Traditional paragraph
//! is converted from what it is. A text and its script in, stretches with theirs out.

use std::ops::Range;

use super::script::{Detector, Evidence};
use crate::edition::Script;

/// Characters that only the other script uses, for the first sentence or quotation to be of that script. Fewer are
/// slips of the pen or names.
const ENOUGH: usize = 3;

/// A stretch in one script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) range: Range<usize>,
    pub(crate) script: Script,
    /// What told that it is not of the script of its text; nothing where it is.
    pub(crate) told: Option<Evidence>,
}

/// The stretches of a part of a text that is written in `script` for the most part. Sentences, and what stands in
/// quotation marks or brackets, are judged by themselves.
pub(crate) fn runs(text: &str, range: Range<usize>, script: Script, detector: &Detector) -> Vec<Run> {
    let other = |e: Evidence| if script == Script::Traditional { e.simplified } else { e.traditional };
    let whole = || vec![Run { range: range.clone(), script, told: None }];
    if other(detector.evidence(&text[range.clone()])) < ENOUGH {
        return whole();
    }
    let parts = parts(text, range.clone()).into_iter();
    let parts: Vec<_> = parts.map(|part| (detector.evidence(&text[part.clone()]), part)).collect();
    let only = |e: Evidence| e.simplified + e.traditional == other(e);
    // Where a stretch of the other script is, one character tells that the next belongs to it.
    let enough = if parts.iter().any(|(e, _)| only(*e) && other(*e) >= ENOUGH) { 1 } else { ENOUGH };
    let mut out: Vec<Run> = Vec::new();
    for (evidence, part) in parts {
        let foreign = other(evidence) >= enough && only(evidence);
        let (script, told) = match (foreign, script) {
            (false, _) => (script, None),
            (true, Script::Traditional) => (Script::Simplified, Some(evidence)),
            (true, Script::Simplified) => (Script::Traditional, Some(evidence)),
        };
        match out.last_mut() {
            Some(last) if last.script == script => {
                last.range.end = part.end;
                last.told = last.told.zip(told).map(|(a, b)| a + b);
            }
            _ => out.push(Run { range: part, script, told }),
        }
    }
    if out.is_empty() { whole() } else { out }
}

/// Sentences and what stands between brackets, each with the marks behind it.
fn parts(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = range.start;
    let ends = |c: char| {
        matches!(
            c,
            '。' | '！'
                | '？'
                | '；'
                | '\n'
                | '「'
                | '」'
                | '『'
                | '』'
                | '《'
                | '》'
                | '“'
                | '”'
                | '‘'
                | '’'
                | '（'
                | '）'
                | '('
                | ')'
                | '【'
                | '】'
                | '"'
        )
    };
    for (at, c) in text[range.clone()].char_indices().filter(|(_, c)| ends(*c)) {
        let end = range.start + at + c.len_utf8();
        out.push(start..end);
        start = end;
    }
    if start < range.end {
        out.push(start..range.end);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_quotations_have_scripts_of_their_own() {
        let detector = Detector::default();
        for (text, script, expected) in [
            (
                "他說：「这个问题说来话长」，就離開了。",
                Script::Traditional,
                &["他說：「", "这个问题说来话长」", "，就離開了。"][..],
            ),
            (
                "这里引用原文：“這個問題說來話長。”完了。",
                Script::Simplified,
                &["这里引用原文：“", "這個問題說來話長。", "”完了。"],
            ),
            // One character is a slip or a name, and what both scripts write is no evidence.
            ("他的身体很好，「体会」也深。", Script::Traditional, &["他的身体很好，「体会」也深。"]),
            ("他說：「皇后在台上」。", Script::Traditional, &["他說：「皇后在台上」。"]),
            ("這个问题说來話長。", Script::Traditional, &["這个问题说來話長。"]),
            ("", Script::Traditional, &[""]),
        ] {
            let found = runs(text, 0..text.len(), script, &detector);
            let parts: Vec<&str> = found.iter().map(|run| &text[run.range.clone()]).collect();
            assert_eq!(parts, expected);
            assert!(found.iter().all(|run| (run.script == script) == run.told.is_none()), "{text}");
        }
    }
}
