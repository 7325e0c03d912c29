//! What stands for a line end inside a paragraph.

/// Between Han nothing; between words that are written with spaces, one space.
///
/// Quotation marks and dashes that both scripts use are looked through.
pub(crate) fn joint(before: &str, after: &str) -> &'static str {
    let shared = |c: &char| !"“”‘’…—·".contains(*c);
    let last = before.chars().rev().take(8).find(shared);
    let first = after.chars().take(8).find(shared);
    let spaced = |c: char| !c.is_whitespace() && c != crate::text::OBJECT && !solid(c);
    if last.is_some_and(spaced) && first.is_some_and(spaced) { " " } else { "" }
}

/// Han, kana and their marks: scripts that leave no space between words.
fn solid(c: char) -> bool {
    let hangul = matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}');
    !hangul && unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_get_a_space() {
        for (before, after, between) in [
            ("甲", "乙", ""),
            ("甲。", "乙", ""),
            ("a", "b", " "),
            ("甲", "b", ""),
            ("the “x”", "then", " "),
            ("他說“好”", "然後", ""),
            ("été", "à", " "),
            ("한국", "사람", " "),
        ] {
            assert_eq!(joint(before, after), between, "{before} {after}");
        }
    }
}
