//! Which marks of a paragraph are Chinese though Western text uses them too (checklist 9):
//! curly quotes by pairing, the others by their neighbours.

use crate::layout::class::{Class, ambiguous, chinese};

/// The Chinese class of every character of a paragraph, `None` where it is Western.
///
/// `chars` are the characters in order; curly quotes are paired over the whole slice. A pair is
/// Chinese when the quoted text is Chinese or both neighbours outside are; U+2019 between
/// letters is an apostrophe.
pub fn classes(chars: &[(usize, char)]) -> Vec<Option<Class>> {
    let mut classes: Vec<Option<Class>> = chars.iter().map(|&(_, c)| chinese(c)).collect();
    let mut open: Vec<(usize, char)> = Vec::new();
    for (i, &(_, c)) in chars.iter().enumerate() {
        match c {
            '“' | '‘' => open.push((i, c)),
            '”' | '’' => {
                let letter = |c: Option<&(usize, char)>| c.is_some_and(|c| c.1.is_ascii_alphanumeric());
                let before = i.checked_sub(1).and_then(|k| chars.get(k));
                if c == '’' && letter(before) && letter(chars.get(i + 1)) {
                    continue;
                }
                let partner = if c == '”' { '“' } else { '‘' };
                // Nobody nests deeper than this; without a bound a page of lone quotes would take for ever.
                let near = open.len().saturating_sub(64);
                match open[near..].iter().rposition(|o| o.1 == partner).map(|at| near + at) {
                    Some(at) => {
                        let (start, _) = open[at];
                        open.truncate(at);
                        let inside = (start + 1..i).any(|k| own(&classes, chars, k));
                        let outside =
                            beside(&classes, chars, start, false) && beside(&classes, chars, i, true);
                        if inside || outside {
                            classes[start] = Some(Class::Open);
                            classes[i] = Some(Class::Close);
                        }
                    }
                    None if beside(&classes, chars, i, false) || beside(&classes, chars, i, true) => {
                        classes[i] = Some(Class::Close);
                    }
                    None => {}
                }
            }
            _ => {}
        }
    }
    for (start, _) in open {
        if beside(&classes, chars, start, true) {
            classes[start] = Some(Class::Open);
        }
    }
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i].1;
        if !ambiguous(c) {
            i += 1;
            continue;
        }
        let run = chars[i..].iter().take_while(|d| d.1 == c).count();
        let near = || beside(&classes, chars, i, false) || beside(&classes, chars, i + run - 1, true);
        let both = || beside(&classes, chars, i, false) && beside(&classes, chars, i + run - 1, true);
        let class = match c {
            '—' if run >= 2 => Some(Class::Dash),
            '—' if near() => Some(Class::Connector),
            '…' if near() || run >= 2 => Some(Class::Ellipsis),
            '·' | '•' if both() => Some(Class::Interpunct),
            '–' if both() => Some(Class::Connector),
            '/' if both() => Some(Class::Solidus),
            _ => None,
        };
        if let Some(class) = class {
            classes[i..i + run].fill(Some(class));
        }
        i += run;
    }
    classes
}

/// Whether a character is Chinese by itself; what an ambiguous one has turned out to be does not count.
fn own(classes: &[Option<Class>], chars: &[(usize, char)], at: usize) -> bool {
    classes[at].is_some() && !ambiguous(chars[at].1)
}

/// Whether the next character before (or after) a place, past other ambiguous marks, is Chinese.
fn beside(classes: &[Option<Class>], chars: &[(usize, char)], at: usize, after: bool) -> bool {
    let mut i = at;
    loop {
        i = match if after { i.checked_add(1) } else { i.checked_sub(1) } {
            Some(i) if i < chars.len() => i,
            _ => return false,
        };
        if own(classes, chars, i) {
            return chars[i].1 != '\u{3000}';
        }
        if !ambiguous(chars[i].1) {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clreq_09_curly_quotes_find_their_side() {
        // `C` where a character is Chinese, `w` where it is Western.
        for (text, expected) in [
            ("他说：“你好。”然后", "CCCCCCCCCC"),
            ("He said “yes” 他说“好”", "wwwwwwwwwwwwwwCCCCC"),
            ("don’t", "wwwww"),
            ("列夫·托尔斯泰", "CCCCCCC"),
            ("a·b", "www"),
            ("他——她…", "CCCCC"),
            ("和/或 A/B", "CCCwwww"),
        ] {
            let chars: Vec<(usize, char)> = text.char_indices().collect();
            let found: String = classes(&chars).iter().map(|c| if c.is_some() { 'C' } else { 'w' }).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
