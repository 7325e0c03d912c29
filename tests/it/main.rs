//! One test binary; a module a stage.

mod localize;
mod text;
