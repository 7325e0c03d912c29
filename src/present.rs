//! What a proofread manuscript has to say, for people's other tools: JSON, SARIF, annotations of GitHub, a page.

pub mod github;
pub mod html;
pub mod json;
pub mod sarif;

use sha2::{Digest as _, Sha256};

use crate::{
    decisions::{Decision, Verdicts, context},
    edit::{Change, Confidence, Verdict},
    fix, pipeline,
    report::{Diagnostic, Report, Severity, confidence_word, describe},
    rule::{Rule, Stage},
    source::{Source, Span},
};

/// A manuscript that was proofread.
pub struct Proof {
    /// The manuscript.
    pub source: Source,
    /// Its language, a BCP 47 tag.
    pub language: String,
    /// What was found.
    pub report: Report,
    /// The manuscript as a file of decisions names it.
    pub file: String,
    /// The least sure findings to show, if anybody says.
    pub least: Option<Confidence>,
    /// What was decided about it.
    pub verdicts: Verdicts,
    /// The whole file of decisions, which may be about other manuscripts, too.
    pub decisions: Vec<Decision>,
}

/// A finding to show: a change that is proposed, or something that a person should look at.
#[derive(Clone, Copy)]
pub enum Finding<'a> {
    /// A change.
    Change(&'a Change),
    /// Anything else.
    Look(&'a Diagnostic),
}

/// Whether a change is a correction of words, as opposed to a repair of marks and spaces or to an edition's own words.
pub fn is_correction(change: &Change) -> bool {
    pipeline::rule(change.rule).is_some_and(|rule| rule.stage == Stage::Fix)
}

/// Whether a change changes nothing: a remark that knows no better text.
pub fn is_remark(change: &Change) -> bool {
    change.before == change.after
}

/// Whether a change is one that an edition makes.
pub fn is_choice(change: &Change) -> bool {
    pipeline::rule(change.rule).is_some_and(|rule| rule.stage == Stage::Localize)
}

/// Whether an edition had to guess: such a change is never hidden, unless it was decided.
pub fn is_guess(change: &Change) -> bool {
    is_doubtful(change) && is_choice(change)
}

/// Whether a change asks for a person's eye.
pub fn is_doubtful(change: &Change) -> bool {
    change.confidence == Confidence::Doubtful
}

impl Proof {
    /// The findings to show, in the order of the manuscript: corrections as sure as is asked for, and what a person
    /// should look at; with `all`, also notes and safe repairs. Rejected ones are among them.
    pub fn findings(&self, all: bool) -> Vec<Finding<'_>> {
        let changes = self.report.changes.iter().filter(|c| self.shows(c) || all && !is_correction(c));
        let looks = self.report.diagnostics.iter().filter(|d| all || d.severity >= Severity::Warning);
        let mut out: Vec<Finding> = changes.map(Finding::Change).chain(looks.map(Finding::Look)).collect();
        out.sort_by_key(|f| (f.span().start, f.span().end));
        out
    }

    /// Whether a change is a correction that is sure enough to be shown.
    pub fn shows(&self, change: &Change) -> bool {
        let sure = self.least.map_or_else(|| fix::is_shown(change), |least| change.confidence >= least);
        // What a person has spoken for is not hidden again.
        is_guess(change) || is_correction(change) && (sure || change.verdict.is_some())
    }

    /// The number of findings: what is shown and not rejected.
    pub fn count(&self) -> usize {
        self.report.findings(|c| self.shows(c) && !c.is_rejected())
    }

    /// The number of findings that were rejected.
    pub fn rejected(&self) -> usize {
        self.report.changes.iter().filter(|c| c.is_rejected()).count()
    }

    /// The number of corrections that are not sure enough to be shown.
    pub fn hidden(&self) -> usize {
        self.report.changes.iter().filter(|c| is_correction(c) && !self.shows(c)).count()
    }
}

impl Finding<'_> {
    /// Name of its rule.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Change(change) => change.rule,
            Self::Look(diagnostic) => diagnostic.rule,
        }
    }

    /// Where it is.
    pub fn span(&self) -> Span {
        match self {
            Self::Change(change) => change.span,
            Self::Look(diagnostic) => diagnostic.span,
        }
    }

    /// Whether a person refused it.
    pub fn is_rejected(&self) -> bool {
        matches!(self, Self::Change(change) if change.is_rejected())
    }

    /// What a person decided about it.
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::Change(change) => change.verdict,
            Self::Look(_) => None,
        }
    }

    /// One paragraph without markup: what, how sure, why.
    fn message(&self) -> String {
        match self {
            Self::Change(change) => {
                let mut out = format!("{} ({})", describe(change), confidence_word(change.confidence));
                let summary = rule(change.rule).map_or("", |rule| rule.summary);
                let why = if change.message.is_empty() { summary } else { &change.message };
                out.push_str(": ");
                out.push_str(why);
                if !change.rivals.is_empty() {
                    out.push_str("; or: ");
                    out.push_str(&change.rivals.join(", "));
                }
                out
            }
            Self::Look(diagnostic) => match &diagnostic.hint {
                Some(hint) => format!("{}; {hint}", diagnostic.message),
                None => diagnostic.message.clone(),
            },
        }
    }

    /// How much it matters.
    fn severity(&self) -> Severity {
        match self {
            Self::Change(change) if change.confidence == Confidence::Doubtful => Severity::Note,
            Self::Change(_) => Severity::Warning,
            Self::Look(diagnostic) => diagnostic.severity,
        }
    }

    /// A name that stays the same when the lines above change: what is found, and what stands around it.
    fn fingerprint(&self, source: &Source) -> String {
        let span = self.span();
        let (left, right) = context(source.words(), source.in_words(span.range()));
        let after = match self {
            Self::Change(change) => &change.after,
            Self::Look(diagnostic) => &diagnostic.message,
        };
        let whole = [self.rule(), &left, source.words_under(span), &right, after].join("\0");
        hex(&Sha256::digest(whole.as_bytes())[..16])
    }
}

fn rule(name: &str) -> Option<&'static Rule> {
    pipeline::rule(name)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
