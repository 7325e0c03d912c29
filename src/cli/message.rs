//! Findings for people: what, where, the line with a caret under it, why.
//!
//! A manuscript's line is a whole paragraph: the excerpt is cut to a window around the place, with
//! widths counted in terminal columns. That is why this is not left to a diagnostics library.

use std::{fmt::Write as _, ops::Range};

use anstyle::{AnsiColor, Style};
use hanpress::{
    edit::{Change, Confidence, Verdict},
    report::{Diagnostic, Severity, confidence_word, describe},
    source::{Source, Span},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line to show around a place.
const WINDOW: usize = 60;

const BOLD: Style = Style::new().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();
const BLUE: Style = AnsiColor::Blue.on_default();

/// A finding, with its place.
pub(crate) fn diagnostic(source: &Source, diagnostic: &Diagnostic) -> String {
    let (style, word) = match diagnostic.severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Note => (CYAN, "note"),
    };
    let mut out = headline(style, word, diagnostic.rule, &diagnostic.message);
    excerpt(&mut out, source, diagnostic.span, style);
    if let Some(hint) = &diagnostic.hint {
        let _ = writeln!(out, "  {BLUE}={BLUE:#} hint: {hint}");
    }
    out
}

/// A change made or proposed, with its place and reason.
pub(crate) fn change(source: &Source, change: &Change) -> String {
    let (style, word) = match (change.confidence, change.applied) {
        (_, false) if change.verdict == Some(Verdict::Accept) => (CYAN, "accepted"),
        (Confidence::Sure, _) => (YELLOW, "correct"),
        (Confidence::Likely | Confidence::Doubtful, true) => (CYAN, "guess"),
        (Confidence::Likely | Confidence::Doubtful, false) => (CYAN, "suggest"),
    };
    let message = format!("{} ({})", describe(change), confidence_word(change.confidence));
    let mut out = headline(style, word, change.rule, &message);
    excerpt(&mut out, source, change.span, style);
    if !change.message.is_empty() {
        let _ = writeln!(out, "  {BLUE}={BLUE:#} {}", change.message);
    }
    if !change.rivals.is_empty() {
        let _ = writeln!(out, "  {BLUE}={BLUE:#} or: {}", change.rivals.join(", "));
    }
    out
}

fn headline(style: Style, word: &str, rule: &str, message: &str) -> String {
    format!("{style}{word}[{rule}]{style:#}{BOLD}: {message}{BOLD:#}\n")
}

fn excerpt(out: &mut String, source: &Source, span: Span, style: Style) {
    let place = source.place(span.start as usize);
    let _ = writeln!(
        out,
        "  {BLUE}-->{BLUE:#} {}:{}:{}",
        source.file_at(span.start as usize),
        place.line,
        place.column
    );
    let (line, start) = source.line_at(span.start as usize);
    if line.is_empty() {
        return;
    }
    let span = source.in_words(span.range());
    let from = span.start.saturating_sub(start).min(line.len());
    let to = span.end.saturating_sub(start).clamp(from, line.len());
    let shown = window(line, from..to);
    let number = place.line.to_string();
    let margin = " ".repeat(number.len());
    let (lead, tail) =
        (if shown.start > 0 { "…" } else { "" }, if shown.end < line.len() { "…" } else { "" });
    let text = visible(&line[shown.clone()]);
    let indent = lead.width() + visible(&line[shown.start..from]).width();
    let carets = visible(&line[from..to.min(shown.end)]).width().max(1);
    let _ = writeln!(out, " {BLUE}{margin} |{BLUE:#}");
    let _ = writeln!(out, " {BLUE}{number} |{BLUE:#} {lead}{text}{tail}");
    let _ = writeln!(
        out,
        " {BLUE}{margin} |{BLUE:#} {}{style}{}{style:#}",
        " ".repeat(indent),
        "^".repeat(carets)
    );
}

/// The part of a line to show: the place and about as much before it as after it.
fn window(line: &str, place: Range<usize>) -> Range<usize> {
    let take = |chars: &mut dyn Iterator<Item = (usize, char)>| {
        let mut columns = 0;
        let mut last = None;
        for (i, c) in chars {
            columns += c.width().unwrap_or(1);
            if columns > WINDOW / 2 {
                break;
            }
            last = Some((i, c));
        }
        last
    };
    let start = take(&mut line[..place.start].char_indices().rev()).map_or(place.start, |(i, _)| i);
    let long = line[place.clone()].char_indices().nth(WINDOW).map_or(place.end, |(i, _)| place.start + i);
    let end = take(&mut line[long..].char_indices()).map_or(long, |(i, c)| long + i + c.len_utf8());
    start..end
}

fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '␣' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use hanpress::source::SourceId;

    #[test]
    fn the_caret_stands_under_the_word() {
        let source = Source::new(SourceId(0), "a.txt", "這一理念，為上合組職持續成長");
        let mut out = String::new();
        excerpt(&mut out, &source, Span::new(SourceId(0), 18..30), Style::new());
        let lines: Vec<String> = out.lines().map(|l| anstream::adapter::strip_str(l).to_string()).collect();
        assert_eq!(lines[0], "  --> a.txt:1:7");
        assert_eq!(lines[2], " 1 | 這一理念，為上合組職持續成長");
        assert_eq!(lines[3], "   |             ^^^^^^^^");
    }
}
