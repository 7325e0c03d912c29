//! What a rule proposes and what became of it: `Edit` before, `Change` after.

use std::ops::Range;

use serde::Serialize;

use crate::source::Span;

/// How sure a rule is of an edit; the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Only reported: a person should look.
    Doubtful,
    /// Applied on request (`--fix likely`).
    Likely,
    /// Applied by default.
    Sure,
}

/// A proposed replacement in a `Text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Byte range in the text; empty for an insertion.
    pub range: Range<usize>,
    /// What should stand there.
    pub new: String,
    /// Other readings that were considered, best first.
    pub rivals: Vec<String>,
    /// How sure the rule is.
    pub confidence: Confidence,
    /// Why, in words, for one line of a report; empty when the rule's summary says it all.
    pub message: String,
    /// The rule that names the fault, if one search finds the faults of several rules.
    pub rule: Option<&'static str>,
}

impl Edit {
    /// A sure edit without rivals or message.
    pub fn sure(range: Range<usize>, new: impl Into<String>) -> Self {
        Self::new(range, new, Confidence::Sure)
    }

    /// An edit of a given confidence without rivals or message.
    pub fn new(range: Range<usize>, new: impl Into<String>, confidence: Confidence) -> Self {
        Self { range, new: new.into(), rivals: Vec::new(), confidence, message: String::new(), rule: None }
    }

    /// A finding that knows no better text: `own` is what stands there, and nothing is ever changed.
    pub fn remark(range: Range<usize>, own: impl Into<String>) -> Self {
        Self::new(range, own, Confidence::Doubtful)
    }

    /// The same edit with its reason in words.
    pub fn because(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }
}

/// What a person decided about a proposed change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is made, however sure the rule is.
    Accept,
    /// It is not made and not shown again.
    Reject,
}

/// The record of an edit: which rule, where in the source, from what to what, and whether it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Name of the rule.
    pub rule: &'static str,
    /// The original bytes that the change stands for.
    pub span: Span,
    /// The text before.
    pub before: String,
    /// The text after.
    pub after: String,
    /// Other readings, best first.
    pub rivals: Vec<String>,
    /// How sure the rule was.
    pub confidence: Confidence,
    /// Whether the change was made, or only reported.
    pub applied: bool,
    /// Why, in words; may be empty.
    pub message: String,
    /// What a person decided about it, if anybody did.
    pub verdict: Option<Verdict>,
}

impl Change {
    /// Whether a person refused it: such a change is neither made nor shown.
    pub fn is_rejected(&self) -> bool {
        self.verdict == Some(Verdict::Reject)
    }
}
