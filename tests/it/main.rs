//! One test binary; a module a stage.

mod localize;
#[cfg(feature = "oracle")]
mod oracle;
mod text;
