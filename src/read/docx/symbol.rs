//! Characters of fonts that are no letters: a font and a code in, the character that it shows out.

/// `seeds/tables/symbols.tsv`: font, code, character.
const TABLE: &str = include_str!("../../../seeds/tables/symbols.tsv");

/// Whether a font has signs in the places of letters.
pub(super) fn is_symbols(family: &str) -> bool {
    let family = family.to_lowercase();
    family == "symbol" || family.starts_with("wingdings") || family == "webdings"
}

/// The character that a font shows for a code, which may be raised to the private use area.
pub(super) fn shown(family: &str, code: u32) -> Option<char> {
    let family = family.to_lowercase();
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let code = format!("{code:02X}");
    let line = TABLE.lines().filter(|line| !line.starts_with('#')).find(|line| {
        let mut columns = line.split('\t');
        columns.next() == Some(&family) && columns.next() == Some(&code)
    })?;
    line.split('\t').nth(2)?.chars().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_tidy() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted_by(|a, b| a < b), "sorted, each once");
        for line in lines {
            let columns: Vec<&str> = line.split('\t').collect();
            let [font, code, shown] = columns[..] else { panic!("{line}") };
            assert!(is_symbols(font) && u32::from_str_radix(code, 16).is_ok_and(|c| c < 0x100), "{line}");
            assert_eq!(shown.chars().count(), 1, "{line}");
        }
    }

    #[test]
    fn signs_are_what_they_show() {
        for (family, code, expected) in [
            ("Wingdings", 0xF0FC, Some('✓')),
            ("Wingdings", 0xFC, Some('✓')),
            ("Symbol", 0xF061, Some('α')),
            ("Symbol", 0x0, None),
            ("Arial", 0x61, None),
        ] {
            assert_eq!(shown(family, code), expected, "{family} {code:X}");
        }
    }
}
