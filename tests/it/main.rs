//! One test binary; a module a stage.

mod fix;
#[cfg(feature = "oracle")]
mod fonts;
mod layout;
mod localize;
mod normalize;
mod oracle;
mod support;
mod text;
