//! What a run has to say: findings and changes, each with its rule and its place, for people and for machines.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    edit::{Change, Confidence},
    source::{Source, SourceId, Span},
};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something the reader of the report may want to know: a guess, a choice.
    Note,
    /// Something a person should look at.
    Warning,
    /// Something is missing from the output.
    Error,
}

/// A finding that is no change of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// Where.
    pub span: Span,
    /// One fact, lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// A finding without a hint.
    pub fn new(rule: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self { rule, severity, span, message: message.into(), hint: None }
    }

    /// The same finding with advice.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Everything that a run found out about one document, or about one edition of it.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Findings, in the order of the stages.
    pub diagnostics: Vec<Diagnostic>,
    /// Changes made or proposed, in the order of the rules.
    pub changes: Vec<Change>,
}

impl Report {
    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds everything of another report.
    pub fn extend(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
        self.changes.extend(other.changes);
    }

    /// The number of findings that `check` counts: warnings, errors and proposed or made
    /// corrections of words, but no notes.
    pub fn findings(&self, counts: impl Fn(&Change) -> bool) -> usize {
        self.diagnostics.iter().filter(|d| d.severity >= Severity::Warning).count()
            + self.changes.iter().filter(|c| counts(c)).count()
    }

    /// The report as a JSON value: places in bytes of the file, and as line and column in characters.
    pub fn to_json(&self, sources: &[Source]) -> Value {
        let place = |span: Span| {
            let source = find(sources, span.source);
            let at = source.place(span.start as usize);
            let end = source.place(span.end as usize);
            let original = source.original(span);
            let mut place = json!({
                "file": source.name, "line": at.line, "column": at.column,
                "end_line": end.line, "end_column": end.column,
                "start": original.start, "end": original.end,
            });
            if let Some(part) = source.part_at(span.start as usize) {
                place["part"] = part.name.clone().into();
            }
            place
        };
        json!({
            "diagnostics": self.diagnostics.iter().map(|d| json!({
                "rule": d.rule, "severity": d.severity, "place": place(d.span),
                "message": d.message, "hint": d.hint,
            })).collect::<Vec<_>>(),
            "changes": self.changes.iter().map(|c| json!({
                "rule": c.rule, "confidence": c.confidence, "applied": c.applied, "place": place(c.span),
                "before": c.before, "after": c.after, "rivals": c.rivals, "message": c.message,
                "verdict": c.verdict,
            })).collect::<Vec<_>>(),
        })
    }
}

/// The source of an id; ids are given out by the caller, so an unknown one is a bug there.
pub fn find(sources: &[Source], id: SourceId) -> &Source {
    sources.iter().find(|s| s.id == id).expect("every span names a source of the run")
}

/// One line for a list of changes: `上合組職 → 上合組織`, with insertions and deletions made visible.
pub fn describe(change: &Change) -> String {
    let show = |s: &str| {
        if s.is_empty() {
            "∅".to_owned()
        } else {
            s.chars().fold(String::new(), |mut out, c| {
                match c {
                    ' ' => out.push('␣'),
                    '\n' => out.push('⏎'),
                    '\u{3000}' => out.push('□'),
                    c if c.is_control() || ('\u{200B}'..='\u{200F}').contains(&c) || c == '\u{FEFF}' => {
                        let _ = write!(out, "U+{:04X}", c as u32);
                    }
                    c => out.push(c),
                }
                out
            })
        }
    };
    if change.before == change.after {
        return show(&change.before);
    }
    format!("{} → {}", show(&change.before), show(&change.after))
}

/// The word for a confidence in messages.
pub fn confidence_word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Sure => "sure",
        Confidence::Likely => "likely",
        Confidence::Doubtful => "doubtful",
    }
}
