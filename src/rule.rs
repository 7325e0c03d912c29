//! A rule of the proofreader: what it is called, what it says of itself, how it looks for its case.

use std::{any::Any, ops::RangeInclusive};

use crate::{
    brief::Brief,
    document::{Document, Place},
    edit::Edit,
    kit::Kit,
    text::Text,
};

/// Which step of the pipeline a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Guesses that reading makes about structure and metadata.
    Read,
    /// Marks, widths, spaces: safe repairs that change no word.
    Normalize,
    /// Wrong words.
    Fix,
    /// Script, region words and marks of an edition.
    Localize,
    /// What setting the page found.
    Layout,
    /// What the fonts lack.
    Font,
    /// What a format could not carry.
    Write,
}

/// What a rule says of itself; `hanpress explain` prints it.
#[derive(Clone, Copy, Debug)]
pub struct Doc {
    /// What it finds.
    pub finds: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// Pairs of before and after.
    pub examples: &'static [(&'static str, &'static str)],
    /// When it is unsure, and what it leaves alone.
    pub unsure: &'static str,
}

/// How a rule looks for its case.
#[derive(Clone, Copy)]
pub enum Check {
    /// Looks at one text at a time, and only at texts that have one of these characters: no case is without one.
    Text(&'static [RangeInclusive<char>], fn(&Context, &Text) -> Vec<Edit>),
    /// Needs the whole document: returns edits with the index of their text in `Document::texts`.
    Document(fn(&Kit, &Document) -> Vec<(usize, Edit)>),
    /// The same for a search that takes long: what it keeps makes its next look at the same document short.
    Search(fn(&Kit, &Document, &mut Memory) -> Vec<(usize, Edit)>),
    /// Looks at one text at a time for what the brief asks for: the house's words, the opinion of a model.
    Brief(fn(&Brief, &Text) -> Vec<Edit>),
    /// Reported by a stage itself; listed here so that it can be explained and named in settings.
    Reported,
}

/// What a search keeps from one look at a document to the next.
#[derive(Default)]
pub struct Memory(Option<Box<dyn Any>>);

impl Memory {
    /// What was kept, or nothing yet.
    pub fn kept<T: Any + Default>(&mut self) -> &mut T {
        if !self.0.as_ref().is_some_and(|kept| kept.is::<T>()) {
            self.0 = Some(Box::<T>::default());
        }
        self.0.as_mut().and_then(|kept| kept.downcast_mut()).expect("it was just put there")
    }
}

/// A rule. Its name names the fault; file, constant and report use the same name.
#[derive(Clone, Copy)]
pub struct Rule {
    /// Kebab-case name, e.g. `halfwidth-comma`.
    pub name: &'static str,
    /// The step it belongs to.
    pub stage: Stage,
    /// One line for lists, lower case, no full stop.
    pub summary: &'static str,
    /// The long explanation.
    pub doc: Doc,
    /// How it looks.
    pub check: Check,
}

/// What a text rule may consult besides the text.
pub struct Context<'a> {
    /// Fonts, tables, templates.
    pub kit: &'a Kit,
    /// Where the text stands.
    pub place: Place,
}
