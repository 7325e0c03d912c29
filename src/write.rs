//! Document and edition in, bytes of a file out.

pub mod docx;
pub mod epub;
pub mod html;
pub mod markdown;
mod package;
mod packer;
pub mod pdf;
mod runs;
pub mod text;
mod voices;
mod words;
mod xml;

use crate::{
    document::Document,
    report::{Diagnostic, Report, Severity},
    rule::{Check, Doc, Rule, Stage},
    source::{SourceId, Span},
};

/// Reports a cover picture that a format has no place for.
pub(crate) fn without_cover(document: &Document, format: &str, report: &mut Report) {
    let Some(image) = document.cover().map(|i| &document.images[i]) else { return };
    let message = format!("the cover picture `{}` is not in the {format}", image.path);
    let nowhere = Span::new(SourceId(0), 0..0);
    let finding = Diagnostic::new("left-out-cover", Severity::Note, nowhere, message);
    report.push(finding.hint("put it into the text where it is to be seen"));
}

/// What writing reports.
pub const RULES: &[Rule] = &[
    Rule {
        name: "missing-image",
        stage: Stage::Write,
        summary: "a picture that the document names is not there",
        doc: Doc {
            finds: "A picture that was not loaded with the document.",
            why: "Its place would be empty; its alternative text stands there instead.",
            examples: &[],
            unsure: "Never. On the command line a missing picture stops the conversion of its manuscript.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "left-out-cover",
        stage: Stage::Write,
        summary: "the picture on the cover is not in a format that has no cover",
        doc: Doc {
            finds: "A cover picture, from front matter or an EPUB, where PDF, DOCX or HTML are made.",
            why: "Somebody chose it, and would look for it in vain.",
            examples: &[],
            unsure: "EPUB has it as its cover, Markdown names it in its front matter.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "local-link",
        stage: Stage::Write,
        summary: "a link to a file is not carried into the EPUB",
        doc: Doc {
            finds: "A link whose target is a file beside the manuscript.",
            why: "The file is not in the package: the link would lead nowhere. Its words stay as text.",
            examples: &[],
            unsure: "It is a note; web and mail addresses are carried.",
        },
        check: Check::Reported,
    },
    Rule {
        name: "lost-marks",
        stage: Stage::Write,
        summary: "Markdown has no sign for the marks of a caption or for merged cells",
        doc: Doc {
            finds: "Emphasis or readings in the caption of a picture, or merged cells of a table, written as Markdown.",
            why: "The words are there, but what was marked in them is not; merged cells stand apart.",
            examples: &[],
            unsure: "It is a note. Plain text has no marks at all and is not reported.",
        },
        check: Check::Reported,
    },
];

/// The finding that Markdown has no sign for the marks in the caption of a picture.
fn lost_marks(span: Span) -> Diagnostic {
    let message = "Markdown has no sign for the marks in the caption of a picture; its words are kept";
    Diagnostic::new("lost-marks", Severity::Note, span, message)
}

/// The finding that Markdown has no sign for merged cells.
fn lost_merges(span: Span) -> Diagnostic {
    let message = "Markdown has no sign for merged cells of a table; their words stand in the first of them";
    Diagnostic::new("lost-marks", Severity::Note, span, message)
}

/// What goes wrong while an output is made. Findings about the text go to the report instead.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A face is not there.
    #[error(transparent)]
    Font(#[from] crate::font::store::FontError),
    /// The library that makes the format refused.
    #[error("cannot make the {format}: {reason}")]
    Format {
        /// `PDF`, `EPUB`, `DOCX`.
        format: &'static str,
        /// What it said.
        reason: String,
    },
}
