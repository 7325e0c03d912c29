//! From the parser's places (line and byte column) to spans of the source, and from what the parser
//! made of the text to pieces that stand for what is written there.

use std::{collections::BTreeMap, ops::Range};

use comrak::{
    Arena, Options,
    nodes::{NodeValue, Sourcepos},
    parse_document,
};

use crate::{
    source::{SourceId, Span},
    text::Text,
};

/// The part of a source that the parser reads, by lines.
pub(super) struct Places<'a> {
    pub(super) id: SourceId,
    /// The whole text.
    pub(super) text: &'a str,
    lines: Vec<usize>,
}

/// How the parser's columns differ from the source inside one leaf.
#[derive(Default)]
pub(super) enum Shift {
    /// Not at all.
    #[default]
    None,
    /// Link definitions were taken off the head of a paragraph: lines down, and columns by line.
    Lines(usize, BTreeMap<usize, isize>),
    /// A table cell that starts here, in which `\|` counts as one byte.
    Cell(usize),
}

impl<'a> Places<'a> {
    /// Places of the text from `body` on. Lines end as the parser has it: LF, CR LF or CR.
    pub(super) fn new(id: SourceId, text: &'a str, body: usize) -> Self {
        let bytes = text.as_bytes();
        let ends = (body..bytes.len())
            .filter(|&i| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n')));
        let lines = std::iter::once(body).chain(ends.map(|i| i + 1)).collect();
        Self { id, text, lines }
    }

    /// The bytes of a line (from 1) without its line end.
    pub(super) fn line(&self, line: usize) -> Range<usize> {
        let Some(&start) = line.checked_sub(1).and_then(|l| self.lines.get(l)) else {
            return self.text.len()..self.text.len();
        };
        let end = self.lines.get(line).map_or(self.text.len(), |&e| e);
        start..start + self.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    fn at(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.lines.get(line.checked_sub(1)?)?;
        let at = start + column.checked_sub(1)?;
        (at <= self.lines.get(line).copied().unwrap_or(self.text.len())).then_some(at)
    }

    /// The source range of a node, or `None` where the parser's place is none.
    pub(super) fn range(&self, place: Sourcepos, shift: &Shift) -> Option<Range<usize>> {
        let move_by = |line: usize, column: usize| match shift {
            Shift::Lines(down, columns) => {
                let by = columns.get(&line).copied().unwrap_or(0);
                (line + down, column.saturating_add_signed(by))
            }
            _ => (line, column),
        };
        let (line, column) = move_by(place.start.line, place.start.column);
        let mut start = self.at(line, column)?;
        let (line, column) = move_by(place.end.line, place.end.column);
        let mut end = self.at(line, column + 1)?;
        if let Shift::Cell(cell) = *shift {
            let escapes = |until: usize| {
                let (mut at, mut more) = (cell, 0);
                while at < until + more {
                    let Some(rest) = self.text.as_bytes().get(at..) else { break };
                    let pipe = rest.starts_with(b"\\|");
                    more += usize::from(pipe);
                    at += 1 + usize::from(pipe);
                }
                more
            };
            start += escapes(start);
            end += escapes(end);
        }
        self.text.get(start..end)?;
        Some(start..end)
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id, range)
    }

    /// The source range of a block.
    pub(super) fn block(&self, place: Sourcepos) -> Range<usize> {
        let start = self.at(place.start.line, place.start.column).unwrap_or(self.lines[0]);
        let end = self.line(place.end.line).end;
        let start = self.text.floor_char_boundary(start.min(self.text.len()));
        start..end.max(start)
    }

    /// Appends what the parser made of a source range: verbatim where it is the source's own text,
    /// else rewritten in the smallest part that can be told (an entity, an escape).
    pub(super) fn align(&self, text: &mut Text, range: Range<usize>, literal: &str) {
        // After an escaped bar at the head of a table the parser's columns may point into a character.
        let whole = self.text.floor_char_boundary(range.start)..self.text.ceil_char_boundary(range.end);
        if whole != range {
            text.push(literal, self.span(whole), false);
            return;
        }
        let slice = &self.text[range.clone()];
        if slice == literal {
            text.push(literal, self.span(range), true);
            return;
        }
        let (mut s, mut l) = (0, 0);
        let mut run = (0, 0);
        while s < slice.len() && l < literal.len() {
            let (rest, left) = (&slice[s..], &literal[l..]);
            let rewritten = if rest.starts_with('&') {
                entity(rest).filter(|(_, made)| left.starts_with(made.as_str()))
            } else if rest.starts_with("\\|") && left.starts_with('|') {
                Some((2, "|".to_owned()))
            } else {
                None
            };
            if let Some((length, made)) = rewritten {
                text.push(&literal[run.1..l], self.span(range.start + run.0..range.start + s), true);
                text.push(&made, self.span(range.start + s..range.start + s + length), false);
                (s, l) = (s + length, l + made.len());
                run = (s, l);
            } else if let Some(c) = rest.chars().next().filter(|c| left.starts_with(*c)) {
                (s, l) = (s + c.len_utf8(), l + c.len_utf8());
            } else {
                break;
            }
        }
        text.push(&literal[run.1..l], self.span(range.start + run.0..range.start + s), true);
        if l == literal.len() {
            return;
        }
        let same = literal[l..].chars().rev().zip(slice[s..].chars().rev()).take_while(|(a, b)| a == b);
        let tail: usize = same.map(|(c, _)| c.len_utf8()).sum();
        let (middle, end) = (literal.len() - tail, range.end - tail);
        text.push(&literal[l..middle], self.span(range.start + s..end), false);
        text.push(&literal[middle..], self.span(end..range.end), true);
    }
}

/// The character reference at the start of a string: its length and what it stands for.
pub(super) fn entity(string: &str) -> Option<(usize, String)> {
    let end = string.bytes().take(40).position(|b| b == b';')?;
    if !string[1..end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') || end < 2 {
        return None;
    }
    // The parser knows the names; ask it.
    let arena = Arena::new();
    let root = parse_document(&arena, &string[..=end], &Options::default());
    let made = root.descendants().find_map(|n| match &n.data().value {
        NodeValue::Text(text) => Some(text.to_string()),
        _ => None,
    })?;
    (made != string[..=end]).then_some((end + 1, made))
}

/// Lines that the parser took out of their containers (code, HTML), with the place of each.
pub(super) struct Lines<'a> {
    places: &'a Places<'a>,
    literal: &'a str,
    /// Where a line starts in the literal, and in the source if it stands there as it is.
    starts: Vec<(usize, Option<usize>)>,
    whole: Range<usize>,
}

impl<'a> Lines<'a> {
    /// `first` is the source line of the first line of the literal.
    pub(super) fn new(places: &'a Places<'a>, literal: &'a str, first: usize, whole: Range<usize>) -> Self {
        let mut at = 0;
        let mut starts = Vec::new();
        for (k, line) in literal.split_inclusive('\n').enumerate() {
            let content = line.trim_end_matches(['\n', '\r']);
            let source = places.line(first + k);
            let found = places.text[source.clone()].ends_with(content).then(|| source.end - content.len());
            starts.push((at, found));
            at += line.len();
        }
        Self { places, literal, starts, whole }
    }

    /// Appends a range of the literal.
    pub(super) fn push(&self, text: &mut Text, range: Range<usize>) {
        let mut k = self.starts.partition_point(|s| s.0 <= range.start).saturating_sub(1);
        let mut at = range.start;
        while at < range.end && k < self.starts.len() {
            let (start, source) = self.starts[k];
            let next = self.starts.get(k + 1).map_or(self.literal.len(), |s| s.0);
            let end = next.min(range.end);
            let part = &self.literal[at..end];
            match source.map(|s| s + at - start).filter(|&s| self.places.text[s..].starts_with(part)) {
                Some(s) => text.push(part, self.places.span(s..s + part.len()), true),
                None => {
                    let content = part.trim_end_matches(['\n', '\r']);
                    let from = source.map(|s| s + at - start);
                    match from.filter(|&s| self.places.text[s..].starts_with(content)) {
                        Some(s) => {
                            let s = s + content.len();
                            text.push(content, self.places.span(s - content.len()..s), true);
                            let width = if self.places.text[s..].starts_with("\r\n") { 2 } else { 0 };
                            text.push(&part[content.len()..], self.places.span(s..s + width), false);
                        }
                        None => text.push(part, self.places.span(self.whole.clone()), false),
                    }
                }
            }
            at = end;
            k += 1;
        }
    }
}
