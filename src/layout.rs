//! Document and edition in, pages of positioned glyphs out.
//!
//! Steps: `style` says how each block looks, `item` turns a paragraph into clusters and
//! boundaries, `lines` chooses the breaks, `adjust` makes every line exact, `page` builds pages.
//! Inline lengths are integers in 1/1024 em of the paragraph's own size, so that results
//! are equal on every machine.

pub mod adjust;
pub mod blocks;
pub mod class;
pub mod dump;
pub mod item;
pub mod lines;
pub mod page;
mod paginate;
pub mod quotes;
pub mod review;
pub mod ruby;
mod side;
pub mod starts;
pub mod style;
mod vertical;
mod western;

/// One em in layout units.
pub const EM: i32 = 1024;
