//! Bare addresses in running text, so that no rule touches them.

use crate::text::{MarkKind, Text};

/// Marks URLs, mail addresses and paths of the text that lie under no locked mark.
///
/// A URL ends before white space, Han and Chinese marks, and gives back a final stop or comma.
pub fn mark_urls(text: &mut Text) {
    let string = text.as_str();
    let mut found = Vec::new();
    for start in ["https://", "http://", "ftp://", "www.", "mailto:"] {
        for (at, _) in string.match_indices(start) {
            let inside = string[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '/');
            if inside {
                continue;
            }
            found.push(at..at + extent(&string[at..]));
        }
    }
    for (at, _) in string.match_indices('@') {
        let local = string[..at].bytes().rev().take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b)).count();
        let domain = extent(&string[at + 1..]);
        if local > 0 && string[at + 1..at + 1 + domain].contains('.') {
            found.push(at - local..at + 1 + domain);
        }
    }
    found.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
    let mut free = 0;
    for range in found {
        let covered = text.is_locked(range.clone())
            || text.marks().iter().any(|m| {
                matches!(m.kind, MarkKind::Link { .. }) && m.range.start <= range.start && range.end <= m.range.end
            });
        if range.start >= free && !covered {
            free = range.end;
            text.mark(range, MarkKind::Url);
        }
    }
}

/// The length of the address at the start of a string, bytes.
fn extent(string: &str) -> usize {
    let end = string.find(|c: char| !c.is_ascii_graphic() || "<>\"`{}|\\^".contains(c)).unwrap_or(string.len());
    let mut url = &string[..end];
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
        let open = shorter.matches('(').count();
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if shorter.matches(')').count() > open => inner,
            _ => shorter,
        };
        if shorter.len() == url.len() {
            return url.len();
        }
        url = shorter;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    #[test]
    fn a_url_ends_where_chinese_begins() {
        for (string, url) in [
            ("見https://a.b/c?d=1，以及", "https://a.b/c?d=1"),
            ("(http://a.b/c_(d)).", "http://a.b/c_(d)"),
            ("寫信到abc.d@e.org。", "abc.d@e.org"),
            ("www.hk是", "www.hk"),
        ] {
            let mut text = Text::verbatim(string, SourceId(0), 0);
            mark_urls(&mut text);
            assert_eq!(&string[text.marks()[0].range.clone()], url);
        }
    }
}
