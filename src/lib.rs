//! hanpress: a press for Chinese text.
//!
//! Files are nouns, what flows: bytes → [`source`] → [`document`] → pages → PDF, EPUB, DOCX.
//! Folders are verbs in the order of the work. [`pipeline`] is the whole machine on one page.

pub mod brief;
pub mod combine;
pub mod counter;
pub mod decisions;
pub mod document;
pub mod edit;
pub mod edition;
pub mod fix;
pub mod font;
pub mod index;
pub mod kit;
pub mod layout;
pub mod links;
pub mod localize;
pub mod normalize;
pub mod package;
pub mod pipeline;
pub mod present;
pub mod read;
pub mod report;
pub mod rule;
pub mod settings;
pub mod source;
pub mod tables;
pub mod tagger;
pub mod template;
pub mod text;
pub mod write;
