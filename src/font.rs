//! The one place that opens a font: store, coverage, shaping, subsets.

pub mod casting;
pub mod coverage;
pub mod facts;
pub mod outline;
pub mod shape;
pub mod store;
pub mod subset;

use skrifa::{FontRef, MetadataProvider, attribute::Style, string::StringId};

/// Family name, weight and slant of a font, as it describes itself.
fn describe(font: &FontRef) -> (String, u16, bool) {
    let title = font
        .localized_strings(StringId::TYPOGRAPHIC_FAMILY_NAME)
        .english_or_first()
        .or_else(|| font.localized_strings(StringId::FAMILY_NAME).english_or_first())
        .map_or_else(|| "Unnamed".to_owned(), |s| s.chars().collect());
    let attributes = font.attributes();
    (title, attributes.weight.value() as u16, attributes.style != Style::Normal)
}
