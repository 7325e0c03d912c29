//! Document and edition in, bytes of a file out.

pub mod docx;
pub mod epub;
mod package;
pub mod pdf;
mod runs;
mod voices;
mod words;
mod xml;

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
