//! Document and edition in, bytes of a file out.

pub mod docx;
pub mod epub;
mod package;
pub mod pdf;
mod runs;
mod voices;
mod words;
mod xml;

use crate::rule::{Check, Doc, Rule, Stage};

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
];

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
