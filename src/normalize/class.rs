//! Classes of characters, and a view of a text in which locked stretches are no letters.

use std::ops::RangeInclusive;

use crate::text::{OBJECT, Text};

/// Han characters, with 〇.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Marks that part or end a clause.
pub(crate) fn is_pause(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？')
}

/// Opening brackets and quotation marks that only Chinese uses.
pub(crate) fn is_opening(c: char) -> bool {
    matches!(c, '「' | '『' | '（' | '《' | '〈' | '【' | '〔')
}

/// Closing brackets and quotation marks that only Chinese uses.
pub(crate) fn is_closing(c: char) -> bool {
    matches!(c, '」' | '』' | '）' | '》' | '〉' | '】' | '〕')
}

/// Any mark of the three kinds.
pub(crate) fn is_chinese_mark(c: char) -> bool {
    is_pause(c) || is_opening(c) || is_closing(c)
}

/// Han numerals, which make times, ratios and list numbers.
pub(crate) fn is_numeral(c: char) -> bool {
    "〇零一二三四五六七八九十百千萬万億亿兩两".contains(c)
}

/// Spaces that writers and programs put between words on one line, U+3000 not among them.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}')
}

/// The characters of [`is_space`].
pub(crate) const SPACES: &[RangeInclusive<char>] =
    &['\t'..='\t', ' '..=' ', '\u{A0}'..='\u{A0}', '\u{2002}'..='\u{200A}', '\u{202F}'..='\u{202F}'];

/// The same and U+3000.
pub(crate) const BLANKS: &[RangeInclusive<char>] = &[
    '\t'..='\t',
    ' '..=' ',
    '\u{A0}'..='\u{A0}',
    '\u{2002}'..='\u{200A}',
    '\u{202F}'..='\u{202F}',
    '\u{3000}'..='\u{3000}',
];

/// The characters of a text with their offsets; those under a locked mark are shown as an object.
pub(crate) struct View {
    chars: Vec<(usize, char)>,
    end: usize,
}

impl View {
    pub(crate) fn new(text: &Text) -> Self {
        let mut chars: Vec<(usize, char)> = text.as_str().char_indices().collect();
        for mark in text.marks().iter().filter(|m| m.kind.locked()) {
            let from = chars.partition_point(|(at, _)| *at < mark.range.start);
            let to = chars.partition_point(|(at, _)| *at < mark.range.end);
            chars[from..to].iter_mut().for_each(|(_, c)| *c = OBJECT);
        }
        Self { chars, end: text.as_str().len() }
    }

    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    /// The character at an index.
    pub(crate) fn get(&self, index: usize) -> Option<char> {
        self.chars.get(index).map(|(_, c)| *c)
    }

    /// The character before an index.
    pub(crate) fn before(&self, index: usize) -> Option<char> {
        index.checked_sub(1).and_then(|i| self.get(i))
    }

    /// Byte range of a range of indices.
    pub(crate) fn bytes(&self, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
        let at = |i: usize| self.chars.get(i).map_or(self.end, |(at, _)| *at);
        at(range.start)..at(range.end)
    }

    /// The longest stretches whose characters satisfy `is`, as ranges of indices.
    pub(crate) fn stretches(&self, is: impl Fn(char) -> bool) -> Vec<std::ops::Range<usize>> {
        let mut out: Vec<std::ops::Range<usize>> = Vec::new();
        for (i, (_, c)) in self.chars.iter().enumerate().filter(|(_, (_, c))| is(*c)) {
            match out.last_mut() {
                Some(last) if last.end == i && *c != OBJECT => last.end += 1,
                _ => out.push(i..i + 1),
            }
        }
        out
    }

    /// The longest stretches of one character that satisfies `is`, as ranges of indices.
    pub(crate) fn repeats(&self, is: impl Fn(char) -> bool) -> Vec<std::ops::Range<usize>> {
        let mut out: Vec<std::ops::Range<usize>> = Vec::new();
        for (i, (_, c)) in self.chars.iter().enumerate().filter(|(_, (_, c))| is(*c)) {
            match out.last_mut() {
                Some(last) if last.end == i && self.chars[i - 1].1 == *c => last.end += 1,
                _ => out.push(i..i + 1),
            }
        }
        out
    }

    /// Whether any character satisfies `is`.
    pub(crate) fn any(&self, is: impl Fn(char) -> bool) -> bool {
        self.chars.iter().any(|(_, c)| is(*c))
    }

    /// Whether an index is at the start of the text or of a line.
    pub(crate) fn starts_line(&self, index: usize) -> bool {
        self.before(index).is_none_or(|c| c == '\n')
    }
}
