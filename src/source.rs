//! A manuscript as it came: the bytes of a file in, decoded text with lines and
//! byte positions out. A source is never edited.

use std::{ops::Range, sync::Arc};

use encoding_rs::Encoding;

/// Numbers a source within one run; spans carry it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u16);

/// A stretch of a source: byte range in its decoded (UTF-8) text.
///
/// `Source::original` translates it to bytes of the file itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Which source.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; equal to `start` for a place between characters.
    pub end: u32,
}

impl Span {
    /// A span over `range` of `source`.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start as u32, end: range.end as u32 }
    }

    /// The byte range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The smallest span that covers both; the first one's source wins where they differ.
    pub fn join(self, other: Self) -> Self {
        if self.source != other.source {
            return self;
        }
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place as people name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A decoded manuscript: its name, its text with the line ends it came with, its encoding.
#[derive(Clone, Debug)]
pub struct Source {
    /// Number within the run.
    pub id: SourceId,
    /// The name to show in messages: the path as typed, or `<stdin>`.
    pub name: String,
    /// Decoded text, byte order mark removed, line ends as they came.
    pub text: Arc<str>,
    /// The encoding that was found or asked for.
    pub encoding: &'static Encoding,
    /// Byte offsets in `text` of decoding damage: each stands at a U+FFFD that the file does not contain.
    pub damage: Vec<usize>,
    bom: usize,
    lines: Vec<u32>,
}

impl Source {
    /// A source of text that is already decoded.
    pub fn new(id: SourceId, name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self::decoded(id, name.into(), text.into(), encoding_rs::UTF_8, 0, Vec::new())
    }

    /// A source from decoded text together with what decoding learned.
    pub(crate) fn decoded(
        id: SourceId,
        name: String,
        text: Arc<str>,
        encoding: &'static Encoding,
        bom: usize,
        damage: Vec<usize>,
    ) -> Self {
        let lines = std::iter::once(0)
            .chain(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i as u32 + 1))
            .collect();
        Self { id, name, text, encoding, damage, bom, lines }
    }

    /// Line and column of a byte offset in the decoded text, clipped to the text.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.lines.partition_point(|&start| start as usize <= offset) - 1;
        let start = self.lines[line] as usize;
        Place { line: line + 1, column: self.text[start..offset].chars().count() + 1 }
    }

    /// The text of a line (from 1) without its line end, and the byte offset where it starts.
    pub fn line(&self, line: usize) -> (&str, usize) {
        let start = self.lines[line - 1] as usize;
        let end = self.lines.get(line).map_or(self.text.len(), |&e| e as usize);
        (self.text[start..end].trim_end_matches(['\n', '\r']), start)
    }

    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The bytes of the file that a span stands for, in the file's own encoding.
    ///
    /// For UTF-8 this is the span behind the byte order mark; for other encodings
    /// the text before the span is encoded again to find its length.
    pub fn original(&self, span: Span) -> Range<usize> {
        let at = |offset: usize| {
            let before = &self.text[..offset];
            if self.encoding == encoding_rs::UTF_8 {
                offset
            } else if self.encoding == encoding_rs::UTF_16LE || self.encoding == encoding_rs::UTF_16BE {
                before.encode_utf16().count() * 2
            } else {
                self.encoding.encode(before).0.len()
            }
        };
        self.bom + at(span.start as usize)..self.bom + at(span.end as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_counts_characters() {
        let source = Source::new(SourceId(0), "a.txt", "一二\r\n三，四");
        for (offset, line, column) in [(0, 1, 1), (3, 1, 2), (8, 2, 1), (14, 2, 3), (999, 2, 4)] {
            assert_eq!(source.place(offset), Place { line, column }, "at {offset}");
        }
        assert_eq!(source.line(1), ("一二", 0));
        assert_eq!(source.line(2), ("三，四", 8));
    }

    #[test]
    fn original_bytes_of_big5() {
        let (bytes, _, _) = encoding_rs::BIG5.encode("上合組職");
        let source =
            Source::decoded(SourceId(0), "b".into(), "上合組職".into(), encoding_rs::BIG5, 0, vec![]);
        let span = Span::new(SourceId(0), 6..12);
        assert_eq!(&bytes[source.original(span)], &encoding_rs::BIG5.encode("組職").0[..]);
    }
}
