//! One test binary; a module a stage.

#[cfg(feature = "oracle")]
mod fonts;
mod layout;
mod localize;
mod oracle;
mod support;
mod text;
