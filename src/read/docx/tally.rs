//! What is met often and reported once: with the first place, and how often.

use std::collections::BTreeMap;

use crate::{
    report::{Diagnostic, Report, Severity},
    source::Span,
};

/// Counts of what is not carried.
#[derive(Default)]
pub(super) struct Tally {
    seen: BTreeMap<&'static str, Seen>,
}

struct Seen {
    rule: &'static str,
    message: &'static str,
    first: Span,
    count: usize,
}

impl Tally {
    /// Counts one more of a kind.
    pub(super) fn count(&mut self, kind: &'static str, message: &'static str, span: Span) {
        self.count_as("unread-element", kind, message, span);
    }

    /// Counts one more of a kind, to be reported under another rule.
    pub(super) fn count_as(
        &mut self,
        rule: &'static str,
        kind: &'static str,
        message: &'static str,
        span: Span,
    ) {
        let seen = self.seen.entry(kind).or_insert(Seen { rule, message, first: span, count: 0 });
        seen.count += 1;
        if span.start < seen.first.start {
            seen.first = span;
        }
    }

    /// Reports each kind once.
    pub(super) fn tell(self, report: &mut Report) {
        let mut all: Vec<Seen> = self.seen.into_values().collect();
        all.sort_by_key(|seen| (seen.first, seen.message));
        for seen in all {
            let times = if seen.count == 1 { String::new() } else { format!(" ({} times)", seen.count) };
            let message = format!("{}{times}", seen.message);
            report.push(Diagnostic::new(seen.rule, Severity::Note, seen.first, message));
        }
    }
}
