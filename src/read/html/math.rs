//! Formulas in the running text of a page, as MathJax and KaTeX find them: `\(…\)` and `\[…\]`.

use std::ops::Range;

use crate::text::{MarkKind, Text};

/// Marks the formulas of a text and takes the signs around them away.
pub(super) fn formulas(text: &mut Text) {
    let string = text.as_str();
    if !string.contains("\\(") && !string.contains("\\[") {
        return;
    }
    let mut found: Vec<(Range<usize>, bool)> = Vec::new();
    let mut at = 0;
    while let Some(open) = string[at..].find("\\(").into_iter().chain(string[at..].find("\\[")).min() {
        let open = at + open;
        let display = string[open..].starts_with("\\[");
        let close = string[open + 2..].find(if display { "\\]" } else { "\\)" }).map(|n| open + 2 + n);
        at = open + 2;
        let Some(close) = close else { continue };
        let inner = &string[open + 2..close];
        if !inner.trim().is_empty() && !inner.contains("\n\n") && !text.is_locked(open..close + 2) {
            found.push((open..close + 2, display));
            at = close + 2;
        }
    }
    let mut gone = Vec::new();
    for (range, display) in found {
        let inner = &text.as_str()[range.start + 2..range.end - 2];
        let from = range.start + 2 + inner.len() - inner.trim_start().len();
        let to = range.start + 2 + inner.trim_end().len();
        text.mark_around(from..to, MarkKind::Math { display });
        gone.extend([range.start..from, to..range.end]);
    }
    text.remove(gone);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn signs_around_formulas_go() {
        for (string, plain, formulas) in [
            (r"設 \(x^2\) 與 \[ y \]。", "設 x^2 與 y。", vec!["x^2", "y"]),
            (r"路徑 C:\(甲", r"路徑 C:\(甲", vec![]),
            (r"空 \( \) 的", r"空 \( \) 的", vec![]),
            ("甲", "甲", vec![]),
        ] {
            let mut text = Text::verbatim(string, SourceId(0), 0);
            super::formulas(&mut text);
            assert_eq!(text.as_str(), plain, "{string}");
            let got: Vec<&str> = text.marks().iter().map(|m| &text.as_str()[m.range.clone()]).collect();
            assert_eq!(got, formulas, "{string}");
        }
    }
}
