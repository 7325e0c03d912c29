//! One test binary; a module a stage.

mod fonts;
mod layout;
mod support;
mod text;
