//! Tate-chu-yoko (縱中橫): a text in, the stretches that a vertical line sets side by side in one upright cell out
//! (CLReq, Handling of numbers in vertical writing mode; checklist 36).

use std::ops::Range;

use crate::text::{MarkKind, Text};

/// The stretches of a text that stand upright in one cell, in order: those that the writer marked, whole numbers
/// of at most `digits` digits, and pairs of `!` and `?`.
///
/// All or none of a number is combined. A number beside Western text (letters, `.`, `,`, `%` and other signs of
/// their own width) lies down with it, and so does one in code, in an address or in a superscript.
pub fn stretches(text: &Text, digits: u8) -> Vec<Range<usize>> {
    let string = text.as_str();
    let mut marked: Vec<Range<usize>> = Vec::new();
    let mut closed: Vec<Range<usize>> = Vec::new();
    for mark in text.marks() {
        match mark.kind {
            MarkKind::Combine => marked.push(mark.range.clone()),
            MarkKind::Superscript | MarkKind::Subscript => closed.push(mark.range.clone()),
            ref kind if kind.locked() => closed.push(mark.range.clone()),
            _ => {}
        }
    }
    let meets =
        |list: &[Range<usize>], r: &Range<usize>| list.iter().any(|c| c.start < r.end && r.start < c.end);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = string[at..].chars().next() {
        let is: fn(char) -> bool = match first {
            '0'..='9' => |c| c.is_ascii_digit(),
            '!' | '?' => |c| matches!(c, '!' | '?'),
            _ => {
                at += first.len_utf8();
                continue;
            }
        };
        let end = string[at..].find(|c| !is(c)).map_or(string.len(), |n| at + n);
        let range = at..end;
        at = end;
        let fits = if first.is_ascii_digit() { range.len() <= usize::from(digits) } else { range.len() == 2 };
        let before = string[..range.start].trim_end_matches(' ').chars().next_back();
        let after = string[range.end..].trim_start_matches(' ').chars().next();
        let alone = [before, after].into_iter().flatten().all(beside);
        if fits && alone && !meets(&closed, &range) && !meets(&marked, &range) {
            found.push(range);
        }
    }
    found.extend(marked);
    found.sort_by_key(|r| (r.start, r.end));
    found.dedup_by(|next, last| next.start < last.end);
    found
}

/// Whether a combined number may stand beside a character: Han, kana, Chinese marks, the quotation marks and
/// dashes that Chinese shares, line ends and objects; nothing that lies on its side.
fn beside(c: char) -> bool {
    matches!(c, '\n' | crate::text::OBJECT | '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '℃' | '℉')
        || unicode_width::UnicodeWidthChar::width(c) == Some(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn whole_numbers_between_han() {
        for (string, digits, expected) in [
            ("12月25日2026年", 2, &["12", "25"][..]),
            ("12月25日2026年", 4, &["12", "25", "2026"]),
            ("5月", 2, &["5"]),
            ("圓周率是3.14", 2, &[]),
            ("1,280元", 4, &[]),
            ("佔12%的人", 2, &[]),
            ("用A4紙", 2, &[]),
            ("第 12 章", 2, &["12"]),
            ("see page 12 below", 2, &[]),
            ("真的!?他說", 2, &["!?"]),
            ("啊!!!", 2, &[]),
            ("（10）", 2, &["10"]),
            ("“12”個", 2, &["12"]),
            ("12", 0, &[]),
        ] {
            let text = Text::verbatim(string, SourceId(0), 0);
            let found: Vec<&str> = stretches(&text, digits).into_iter().map(|r| &string[r]).collect();
            assert_eq!(found, expected, "{string}");
        }
    }

    #[test]
    fn marks_decide() {
        let string = "共abc與12和34";
        let mut text = Text::verbatim(string, SourceId(0), 0);
        text.mark(3..6, MarkKind::Combine);
        text.mark(9..11, MarkKind::Code);
        let found: Vec<&str> = stretches(&text, 2).into_iter().map(|r| &string[r]).collect();
        assert_eq!(found, ["abc", "34"]);
    }
}
