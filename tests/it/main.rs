//! One test binary; a module a stage.

mod fonts;
mod layout;
mod localize;
#[cfg(feature = "oracle")]
mod oracle;
mod support;
mod text;
