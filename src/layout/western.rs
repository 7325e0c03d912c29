//! Where Western text inside Chinese lines is cut: UAX 14 opportunities that a careful typesetter
//! would use, and hyphenation points (checklist 5 and 10).

use crate::layout::class::Composition;
use icu_segmenter::{LineSegmenter, options::LineBreakOptions};

/// Western characters that may not start a line after Chinese text.
pub(super) fn closing(c: char) -> bool {
    matches!(
        c,
        ')' | ']'
            | '}'
            | ','
            | '.'
            | ';'
            | ':'
            | '!'
            | '?'
            | '%'
            | '‰'
            | '°'
            | '℃'
            | '℉'
            | '′'
            | '″'
            | '’'
            | '”'
            | '/'
            | '-'
            | '–'
    )
}

/// Western characters that may not end a line before Chinese text.
pub(super) fn opening(c: char) -> bool {
    matches!(
        c,
        '(' | '[' | '{' | '$' | '€' | '£' | '¥' | '#' | '±' | '+' | '−' | '‘' | '“' | '/' | '@' | '\\'
    )
}

/// A place where a Western run is cut into clusters.
pub(super) struct Cut {
    pub at: usize,
    pub hyphen: bool,
}

/// Where a Western run is cut: at UAX 14 opportunities, before and after spaces, at hyphenation points.
pub(super) fn cuts(text: &str, code: bool, composition: &Composition) -> Vec<Cut> {
    let mut at: Vec<(usize, bool)> = Vec::new();
    for (i, _) in text.match_indices(' ') {
        at.push((i, false));
        at.push((i + 1, false));
    }
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    at.extend(segmenter.segment_str(text).filter(|&i| opportunity(text, i, composition)).map(|i| (i, false)));
    // UAX 14 knows none before a full stop.
    at.extend(
        text.match_indices('.')
            .filter(|&(i, _)| i > 0 && opportunity(text, i, composition))
            .map(|(i, _)| (i, false)),
    );
    if composition.off.has(5) || composition.off.has(10) {
        at.extend(text.char_indices().map(|(i, _)| (i, false)));
    }
    if !code && composition.heeds(10) {
        let mut start = 0;
        for word in text.split(|c: char| !c.is_ascii_alphabetic()) {
            start = text[start..].find(word).map_or(start, |k| start + k);
            // Acronyms and short words stay whole; so do words beside digits (checklist 10).
            let around = |i: Option<char>| i.is_some_and(|c| c.is_ascii_digit() || "/+-_.@".contains(c));
            let plain = !around(text[..start].chars().next_back())
                && !around(text[start + word.len()..].chars().next());
            if (6..=45).contains(&word.len()) && plain && word[1..].bytes().all(|b| b.is_ascii_lowercase()) {
                let mut k = start;
                for syllable in hypher::hyphenate_bounded(word, hypher::Lang::English, 2, 3) {
                    k += syllable.len();
                    if k < start + word.len() {
                        at.push((k, true));
                    }
                }
            }
            start += word.len();
        }
    }
    at.push((text.len(), false));
    at.sort_by_key(|&(i, hyphen)| (i, hyphen));
    at.dedup_by_key(|c| c.0);
    at.into_iter().filter(|&(i, _)| i > 0).map(|(at, hyphen)| Cut { at, hyphen }).collect()
}

/// Whether UAX 14's opportunity at a byte offset may be used (checklist 5 and 10): not inside a
/// number or a range, not after a single solidus of a unit, in a URL after `/ ? & =` and before a full stop only.
pub(super) fn opportunity(text: &str, at: usize, composition: &Composition) -> bool {
    if at == 0 || at >= text.len() || !text.is_char_boundary(at) {
        return at >= text.len();
    }
    if composition.off.has(5) || composition.off.has(10) {
        return true;
    }
    let before = text[..at].chars().next_back().expect("not at the start");
    let after = text[at..].chars().next().expect("not at the end");
    // What is farther away than an address is long does not matter, and long runs stay linear.
    let (near, far) = (text.floor_char_boundary(at.saturating_sub(1000)), text.ceil_char_boundary(at + 1000));
    let spaces = text[near..at].char_indices().rev().find(|(_, c)| c.is_whitespace());
    let word_start = spaces.map_or(near, |(i, c)| near + i + c.len_utf8());
    let word_end = text[at..far].find(char::is_whitespace).map_or(far, |i| at + i);
    let word = &text[word_start..word_end];
    let url = word.contains("://") || word.starts_with("www.");
    match before {
        ' ' | '\t' => true,
        // A thin space groups digits.
        '\u{2009}' | '\u{2008}' | '\u{202F}' if after.is_ascii_digit() => composition.off.has(30),
        '/' | '?' | '&' | '=' if url => after != '/',
        _ if url => after == '.' && before.is_ascii_alphanumeric(),
        '/' => word.matches('/').count() > 1 && word.len() > 20,
        '-' | '–' | '—' => !after.is_ascii_digit() && before != '–' && word.len() > 8,
        '.' | ',' | ':' => false,
        '\u{AD}' => true,
        c if c.is_ascii() => false,
        _ => {
            let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
            let near = text.floor_char_boundary(at.saturating_sub(40)).max(word_start);
            let far = text.ceil_char_boundary(at + 40).min(word_end);
            segmenter.segment_str(&text[near..far]).any(|i| near + i == at)
        }
    }
}
