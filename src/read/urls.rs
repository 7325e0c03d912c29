//! Bare addresses in running text, so that no rule touches them.

use std::ops::Range;

use crate::text::{MarkKind, Text};

/// Marks URLs, mail addresses and paths of the text that lie under no locked mark.
///
/// A URL ends before white space, Han and Chinese marks, and gives back a final stop or comma.
pub fn mark_urls(text: &mut Text) {
    let string = text.as_str();
    // Every address has one of these; most paragraphs of a book have none.
    let telling = |chunk: &[u8]| chunk.iter().fold(false, |any, b| any | matches!(b, b':' | b'.' | b'@'));
    if !string.as_bytes().chunks(64).any(telling) {
        return;
    }
    let mut found = Vec::new();
    for start in ["https://", "http://", "ftp://", "www.", "mailto:"] {
        for (at, _) in string.match_indices(start) {
            let inside =
                string[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric() || c == '/');
            if inside {
                continue;
            }
            found.push(at..at + extent(&string[at..]));
        }
    }
    let mut free = 0;
    for (at, _) in string.match_indices('@') {
        // A run of letters and `@` is looked at once.
        if at < free {
            continue;
        }
        let local = string[free..at]
            .bytes()
            .rev()
            .take_while(|b| b.is_ascii_alphanumeric() || b"._%+-".contains(b))
            .count();
        let domain = extent(&string[at + 1..]);
        free = at + 1 + domain;
        if local > 0 && string[at + 1..free].contains('.') {
            found.push(at - local..free);
        }
    }
    found.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
    let mut taken: Vec<Range<usize>> = Vec::new();
    for mark in text.marks().iter().filter(|m| m.kind.locked() || matches!(m.kind, MarkKind::Link { .. })) {
        match taken.last_mut() {
            Some(last) if mark.range.start < last.end => last.end = last.end.max(mark.range.end),
            _ => taken.push(mark.range.clone()),
        }
    }
    let mut free = 0;
    for range in found {
        let next = taken.partition_point(|t| t.end <= range.start);
        let covered = taken.get(next).is_some_and(|t| t.start < range.end);
        if range.start >= free && !covered {
            free = range.end;
            text.mark(range, MarkKind::Url);
        }
    }
}

/// The length of the address at the start of a string, bytes.
fn extent(string: &str) -> usize {
    let stops = |c: char| !c.is_ascii_graphic() || "<>\"`{}|\\^".contains(c);
    let mut end = string.find(stops).unwrap_or(string.len());
    let mut foreign = false;
    while let Some(length) = label(&string[..end], &string[end..], foreign) {
        foreign = true;
        end += length;
        end += string[end..].find(stops).unwrap_or(string.len() - end);
    }
    let mut url = &string[..end];
    let mut surplus = url.matches(')').count() as isize - url.matches('(').count() as isize;
    loop {
        if url.ends_with(['.', ',', ';', ':', '!', '?', '\'']) {
            url = &url[..url.len() - 1];
        } else if url.ends_with(')') && surplus > 0 {
            surplus -= 1;
            url = &url[..url.len() - 1];
        } else {
            return url.len();
        }
    }
}

/// The length of letters beyond ASCII that go on an address (https://例子.中国/文件?名=值): they begin behind one of its
/// signs, and the address goes on behind them, or it has had such letters before.
fn label(before: &str, rest: &str, foreign: bool) -> Option<usize> {
    let length = rest.find(|c: char| c.is_ascii() || !c.is_alphanumeric()).unwrap_or(rest.len());
    let behind = &rest[length..];
    let goes_on = behind.starts_with(['/', '?', '=', '&', '#', '.', '-', '_', '%']);
    let ends = foreign && behind.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (length > 0 && before.ends_with(['/', '=', '.', '&', '?', '#', '-', '_']) && (goes_on || ends))
        .then_some(length)
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
            ("見https://例子.中国/发票?名=值 的網頁", "https://例子.中国/发票?名=值"),
            ("見https://a.b/wiki/漢字#來源，以及", "https://a.b/wiki/漢字#來源"),
            ("見https://a.b/的網頁", "https://a.b/"),
            ("見https://a.b/和https://c.d", "https://a.b/"),
        ] {
            let mut text = Text::verbatim(string, SourceId(0), 0);
            mark_urls(&mut text);
            assert_eq!(&string[text.marks()[0].range.clone()], url);
        }
    }
}
