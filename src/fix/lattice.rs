//! Slips that only the neighbors give away: a run of Han characters as a graph of words, and the words that one
//! confusable character, or one word of the same sound, would complete so that the whole reads much better.

pub mod candidate;
mod crossings;
mod features;
mod format;
mod forms;
mod graph;
pub mod lexicon;
pub mod model;

pub use candidate::{Candidate, Finder, Kind};
pub use features::{Features, NAMES};
pub use forms::{also, are_apart, are_variants, is_grammar};
