//! What a person decided about the choices of an edition: edits in, edits that follow the decisions out.

use std::collections::BTreeMap;

use crate::{
    decisions::Verdicts,
    edit::{Change, Confidence, Edit, Verdict},
    source::{Source, SourceId, Span},
    text::Text,
};

/// The decisions about a document, and the sources in which they are found.
#[derive(Clone, Copy, Debug)]
pub struct Decided<'a> {
    /// The sources.
    pub sources: &'a [Source],
    /// What was decided about each.
    pub verdicts: &'a BTreeMap<SourceId, Verdicts>,
}

impl Decided<'_> {
    /// What was decided about a choice at a place.
    pub(super) fn about(&self, span: Span, new: &str) -> Option<Verdict> {
        let verdicts = self.verdicts.get(&span.source).filter(|verdicts| !verdicts.is_empty())?;
        let source = self.sources.iter().find(|source| source.id == span.source)?;
        verdicts.about(source, span, new)
    }

    /// Puts the choices of a person in the place of those of a rule, and gives records of what was refused. Where a
    /// choice is refused the next one stands, or, where there is none, what the manuscript has.
    pub(super) fn follow(&self, text: &Text, rule: &'static str, edits: &mut Vec<Edit>) -> Vec<Change> {
        let mut refused = Vec::new();
        edits.retain_mut(|edit| {
            let span = text.span(edit.range.clone());
            match self.about(span, &edit.new) {
                Some(Verdict::Accept) => {}
                Some(Verdict::Reject) => {
                    refused.push(Change {
                        rule,
                        span,
                        before: text.as_str()[edit.range.clone()].to_owned(),
                        after: edit.new.clone(),
                        rivals: edit.rivals.clone(),
                        confidence: edit.confidence,
                        applied: false,
                        message: edit.message.clone(),
                        verdict: Some(Verdict::Reject),
                    });
                    if edit.rivals.is_empty() {
                        return false;
                    }
                    let next = edit.rivals.remove(0);
                    let message = format!("`{}` was refused", std::mem::replace(&mut edit.new, next));
                    (edit.message, edit.confidence) = (message, Confidence::Likely);
                }
                None => {
                    let chosen = |rival: &String| self.about(span, rival) == Some(Verdict::Accept);
                    if let Some(at) = edit.rivals.iter().position(chosen) {
                        let rival = edit.rivals.remove(at);
                        edit.rivals.insert(0, std::mem::replace(&mut edit.new, rival));
                    }
                }
            }
            true
        });
        refused
    }

    /// Marks what a person accepted: it is a guess no more.
    pub(super) fn mark(&self, changes: &mut [Change]) {
        for change in changes.iter_mut().filter(|change| change.verdict.is_none()) {
            if self.about(change.span, &change.after) == Some(Verdict::Accept) {
                (change.verdict, change.confidence) = (Some(Verdict::Accept), Confidence::Sure);
                change.message = "chosen by a person".into();
            }
        }
    }
}
