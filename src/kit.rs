//! All that a stage may consult besides its input: fonts, tables, the template.

use crate::{font::store::FontStore, tables::Tables, template::Template};

/// What every stage may consult. Built once by the caller, shared by all documents of a run.
pub struct Kit {
    /// Faces: bundled, the user's, and how they fall back.
    pub fonts: FontStore,
    /// Word lists and character tables.
    pub tables: Tables,
    /// Page style, style sheets.
    pub template: Template,
}
