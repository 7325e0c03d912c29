//! Safe repairs of marks, widths and spaces: a document in, the same words in clean characters out.

pub mod caption_end;
pub(crate) mod class;
pub mod compatibility_ideographs;
pub mod dash;
pub mod ellipsis;
pub mod fullwidth_alphanumerics;
pub mod halfwidth_bracket;
pub mod halfwidth_colon;
pub mod halfwidth_comma;
pub mod halfwidth_period;
pub mod halfwidth_question;
pub mod han_latin_space;
pub mod han_space;
pub mod heading_space;
pub mod interpunct;
pub mod invisible_characters;
pub mod legacy_code_points;
pub mod repeated_spaces;
pub mod straight_quote;
pub mod trailing_spaces;
pub mod typed_indent;

use crate::rule::Rule;

/// The rules about characters, in the order in which they run: what hides characters first,
/// then marks, then the spaces beside them: no rule makes work for an earlier one. Full stops come
/// before spaces are counted, for two spaces tell a sentence's end from a name.
pub const RULES: &[Rule] = &[
    legacy_code_points::LEGACY_CODE_POINTS,
    compatibility_ideographs::COMPATIBILITY_IDEOGRAPHS,
    fullwidth_alphanumerics::FULLWIDTH_ALPHANUMERICS,
    invisible_characters::INVISIBLE_CHARACTERS,
    typed_indent::TYPED_INDENT,
    trailing_spaces::TRAILING_SPACES,
    halfwidth_period::HALFWIDTH_PERIOD,
    repeated_spaces::REPEATED_SPACES,
    ellipsis::ELLIPSIS,
    dash::DASH,
    interpunct::INTERPUNCT,
    straight_quote::STRAIGHT_QUOTE,
    halfwidth_bracket::HALFWIDTH_BRACKET,
    halfwidth_comma::HALFWIDTH_COMMA,
    halfwidth_colon::HALFWIDTH_COLON,
    halfwidth_question::HALFWIDTH_QUESTION,
    caption_end::CAPTION_END,
    heading_space::HEADING_SPACE,
    han_latin_space::HAN_LATIN_SPACE,
    han_space::HAN_SPACE,
];

#[cfg(test)]
mod tests {
    use crate::{
        document::Place,
        edit::{Confidence, Edit},
        source::SourceId,
        text::Text,
    };

    /// Makes the sure edits of a rule in each case and compares; then once more, which may change nothing.
    pub(crate) fn check(edits: fn(Place, &Text) -> Vec<Edit>, place: Place, cases: &[(&str, &str)]) {
        for (before, after) in cases {
            let mut text = Text::verbatim(*before, SourceId(0), 0);
            for _ in 0..2 {
                let found = edits(place, &text);
                text.apply("case", found, |e| e.confidence == Confidence::Sure);
                assert_eq!(text.as_str(), *after, "from {before}");
            }
        }
    }
}
