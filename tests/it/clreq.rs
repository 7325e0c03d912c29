//! Cases of the typesetting requirements, by number, region and direction. Each sets a text, looks at
//! layout's data and at the finished PDF, and must fail when its rule is switched off; what passes
//! where is written to `docs/clreq.md`. To add one, see `harness::cases`.

mod between;
mod blocks;
mod breaks;
mod docs;
pub mod harness;
mod items;
mod marks;
mod mixed;
mod output;
mod properties;
pub mod seen;
mod vertical;

/// The cases of all modules.
pub const CASES: &[&[harness::Case]] = &[
    breaks::CASES,
    marks::CASES,
    mixed::CASES,
    vertical::CASES,
    between::CASES,
    blocks::CASES,
    output::CASES,
];
