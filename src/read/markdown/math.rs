//! Formulas in Markdown: `$…$`, `$$…$$` and `` $`…`$ ``. Dollars that are money are none: they are told apart before the
//! text is parsed for good.

use std::borrow::Cow;

use comrak::{Arena, Options, nodes::NodeValue, parse_document};

use super::places::{Places, Shift};

/// Stands for a dollar that is money while the text is parsed; as long as one, so that all places stay right.
const MONEY: char = '\u{1}';
/// How often a text is looked through; one with more money has no formulas.
const ROUNDS: usize = 8;

/// A body in which each dollar that opens no formula is hidden from the parser, and whether there may be formulas in it.
pub(super) fn hidden<'t>(
    body: &'t str,
    places: &Places,
    start: usize,
    options: &Options,
) -> (Cow<'t, str>, bool) {
    let mut out = Cow::Borrowed(body);
    // Whoever writes control characters has no formulas.
    if !body.contains('$') || body.contains(MONEY) {
        return (out, false);
    }
    for _ in 0..ROUNDS {
        let arena = Arena::new();
        let root = parse_document(&arena, &out, options);
        let mut money = Vec::new();
        for node in root.descendants() {
            let data = node.data();
            let NodeValue::Math(math) = &data.value else { continue };
            // What the parser cannot tell the place of cannot be judged.
            let Some(range) = places.range(data.sourcepos, &Shift::None) else {
                return (Cow::Borrowed(body), false);
            };
            let source = &places.text[range.clone()];
            if !source.starts_with('$') || !source.ends_with('$') {
                return (Cow::Borrowed(body), false);
            }
            let before = places.text[..range.start].chars().next_back();
            let after = places.text[range.end..].chars().next();
            if math.dollar_math && !math.display_math && !is_formula(&math.literal, before, after) {
                money.push(range.start - start);
            }
        }
        if money.is_empty() {
            return (out, true);
        }
        let mut bytes = out.into_owned().into_bytes();
        for at in money {
            bytes[at] = MONEY as u8;
        }
        out = Cow::Owned(String::from_utf8(bytes).expect("one ASCII character stands for another"));
    }
    (Cow::Borrowed(body), false)
}

/// A literal of the parser, with the dollars that were hidden from it.
pub(super) fn shown(literal: &str) -> Cow<'_, str> {
    if literal.contains(MONEY) { Cow::Owned(literal.replace(MONEY, "$")) } else { Cow::Borrowed(literal) }
}

/// Whether what stands between two dollars is a formula: `$5和6$` and `$HOME/$USER` have none. Han stand in one only
/// where a command holds them, as in `\text{速度}`.
fn is_formula(inner: &str, before: Option<char>, after: Option<char>) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let wide = |c: char| unicode_width::UnicodeWidthChar::width(c) == Some(2);
    !beside(before) && !beside(after) && (!inner.contains(wide) || inner.contains('\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_no_formula() {
        for (before, inner, after, expected) in [
            (None, "x^2", None, true),
            (Some('設'), "a_1", Some('，'), true),
            (None, "\\text{速度}=v", None, true),
            (None, "5", Some('。'), true),
            (None, "5和6", None, false),
            (Some('S'), "5", None, false),
            (None, "HOME/", Some('U'), false),
            (None, "甲", None, false),
        ] {
            assert_eq!(is_formula(inner, before, after), expected, "{inner}");
        }
    }
}
