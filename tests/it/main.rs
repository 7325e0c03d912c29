//! One test binary; a module a stage.

mod architecture;
mod books;
mod cli;
mod clreq;
mod docx;
mod editions;
mod editor;
mod elements;
mod epub;
mod fix;
mod fonts;
mod glyphs;
mod html;
mod index;
mod layout;
mod links;
mod localize;
mod mixed;
mod mutation;
mod normalize;
#[cfg(feature = "oracle")]
mod oracle;
mod read;
mod round_trip;
mod seeds;
mod slips;
#[cfg(feature = "specs")]
mod specs;
mod support;
mod text;
mod write;
