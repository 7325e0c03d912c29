//! A manuscript as it came: the bytes of a file in, decoded text with lines and
//! byte positions out. A source is never edited.

mod words;

use std::{
    borrow::Cow,
    ops::Range,
    sync::{Arc, OnceLock},
};

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use crate::{
    package::{Kind, Package, PartError},
    source::words::Words,
};

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

/// A part of a package whose text is in the text of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, such as `word/document.xml`.
    pub name: String,
    /// Its text within the text of the source.
    pub range: Range<usize>,
    /// Its encoding.
    pub encoding: &'static Encoding,
    /// Bytes of its byte order mark.
    pub bom: usize,
}

/// A decoded manuscript: its name, its text with the line ends it came with, its encoding.
///
/// Of a package, the text is that of its text parts, one after another; places, lines and bytes are then those of the
/// part in which a span lies.
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
    /// The text parts of a package, in the order of the text; none of a plain file.
    pub parts: Vec<Part>,
    package: Option<Package>,
    bom: usize,
    lines: Vec<u32>,
    /// Characters before each block of `BLOCK` bytes, so that a place in a long line is found without counting from
    /// its start.
    characters: OnceLock<Vec<usize>>,
    /// Bytes of the file before each block, in an encoding that must be written again to be measured.
    originals: OnceLock<Vec<usize>>,
    /// Of a package, what people read of it.
    words: OnceLock<Words>,
}

/// Bytes of text between two places that are known.
const BLOCK: usize = 1 << 8;

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
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i as u32 + 1)).collect();
        let (characters, originals) = (OnceLock::new(), OnceLock::new());
        let (parts, package, words) = (Vec::new(), None, OnceLock::new());
        Self { id, name, text, encoding, damage, parts, package, bom, lines, characters, originals, words }
    }

    /// A source from the text parts of a package; `parts` tile `text` but for one line end after each.
    pub(crate) fn packed(
        id: SourceId,
        name: String,
        package: Package,
        text: Arc<str>,
        parts: Vec<Part>,
        damage: Vec<usize>,
    ) -> Self {
        let package = Some(package);
        Self { parts, package, ..Self::decoded(id, name, text, UTF_8, 0, damage) }
    }

    /// The kind of the package, if this is one.
    pub fn kind(&self) -> Option<Kind> {
        self.package.as_ref()?.kind().ok()
    }

    /// The package, if this is one.
    pub fn package(&self) -> Option<&Package> {
        self.package.as_ref()
    }

    /// Whether the text is that of the parts of a package.
    fn is_packed(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Lets the packed bytes of a package go, once its pictures are loaded; its text stays.
    pub fn let_go(&mut self) {
        self.package = None;
    }

    /// The text of a part of a package, and where it starts in the text of the source.
    pub fn part(&self, name: &str) -> Option<(&str, usize)> {
        let same = |part: &&Part| part.name == name || part.name.eq_ignore_ascii_case(name);
        let range = self.parts.iter().find(same)?.range.clone();
        Some((&self.text[range.clone()], range.start))
    }

    /// The part of a package that a byte offset of the decoded text lies in.
    pub fn part_at(&self, offset: usize) -> Option<&Part> {
        self.parts.get(self.parts.partition_point(|part| part.range.start <= offset).checked_sub(1)?)
    }

    /// The bytes of a part of a package, whether text or not.
    ///
    /// # Errors
    /// When this is no package, it has no such part, or the part is too large, encrypted or damaged.
    pub fn media(&self, name: &str) -> Result<Vec<u8>, PartError> {
        self.package.as_ref().ok_or(PartError::Missing)?.bytes(name)
    }

    /// The file of a byte offset as messages name it: with the part, if it is a package.
    pub fn file_at(&self, offset: usize) -> Cow<'_, str> {
        match self.part_at(offset) {
            Some(part) => Cow::Owned(format!("{}!{}", self.name, part.name)),
            None => Cow::Borrowed(&self.name),
        }
    }

    /// Line and column of a byte offset in the decoded text, clipped to the text. In a package a line is a paragraph of
    /// the part that has words, and a column counts them: nobody sees the lines of XML.
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        if let Some(part) = self.part_at(offset) {
            let words = self.package_words();
            let at = words.text.floor_char_boundary(words.at(offset));
            let line = words.line(at);
            let above = words.line(words.at(part.range.start));
            let (_, start) = words.line_text(line);
            let column = words.text[start.min(at)..at].chars().count();
            return Place { line: line.saturating_sub(above) + 1, column: column + 1 };
        }
        let line = self.line_of(offset);
        let start = self.lines[line] as usize;
        let count = |part: &str| part.chars().count();
        let before = if offset - start < BLOCK {
            count(&self.text[start..offset])
        } else {
            self.measure(&self.characters, offset, count) - self.measure(&self.characters, start, count)
        };
        Place { line: line + 1, column: before + 1 }
    }

    fn package_words(&self) -> &Words {
        self.words.get_or_init(|| Words::gather(&self.text, &self.parts))
    }

    /// What people read: the text, or the words of a package without its tags, a line a paragraph.
    pub fn words(&self) -> &str {
        if self.is_packed() { &self.package_words().text } else { &self.text }
    }

    /// Where a range of the text stands in the words.
    pub fn in_words(&self, range: Range<usize>) -> Range<usize> {
        if !self.is_packed() {
            return range;
        }
        let words = self.package_words();
        let start = words.at(range.start);
        start..if range.is_empty() { start } else { words.at(range.end).max(start) }
    }

    /// Where a range of the words stands in the text, with what tags may stand inside.
    pub fn of_words(&self, range: Range<usize>) -> Range<usize> {
        if !self.is_packed() { range } else { self.package_words().place(range) }
    }

    /// The words under a span.
    pub fn words_under(&self, span: Span) -> &str {
        self.words().get(self.in_words(span.range())).unwrap_or_default()
    }

    /// The line, from 0, that a byte offset lies in.
    fn line_of(&self, offset: usize) -> usize {
        self.lines.partition_point(|&start| start as usize <= offset) - 1
    }

    /// Characters before a byte offset of the decoded text.
    pub fn characters(&self, offset: usize) -> usize {
        self.measure(&self.characters, offset, |part| part.chars().count())
    }

    /// What `length` gives for the text before an offset, by way of the nearest block; `length` must add up.
    fn measure(&self, known: &OnceLock<Vec<usize>>, offset: usize, length: impl Fn(&str) -> usize) -> usize {
        let start = |block: usize| self.text.floor_char_boundary(block * BLOCK);
        let known = known.get_or_init(|| {
            (0..=self.text.len() / BLOCK)
                .scan(0, |sum, block| {
                    let before = *sum;
                    *sum += length(&self.text[start(block)..start(block + 1)]);
                    Some(before)
                })
                .collect()
        });
        let block = offset / BLOCK;
        known[block] + length(&self.text[start(block)..offset])
    }

    /// The line of the words that a byte offset of the text lies in, without its line end, and the byte offset in the
    /// words where it starts.
    pub fn line_at(&self, offset: usize) -> (&str, usize) {
        if self.is_packed() {
            let words = self.package_words();
            return words.line_text(words.line(words.at(offset)));
        }
        let line = self.line_of(offset);
        let start = self.lines[line] as usize;
        let end = self.lines.get(line + 1).map_or(self.text.len(), |&e| e as usize);
        (self.text[start..end].trim_end_matches(['\n', '\r']), start)
    }

    /// The text under a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The bytes of the file that a span stands for, in the file's own encoding; in a package, the bytes of the part.
    ///
    /// For UTF-8 this is the span behind the byte order mark; for other encodings
    /// the text before the span is encoded again to find its length, from the nearest block on.
    pub fn original(&self, span: Span) -> Range<usize> {
        if let Some(part) = self.part_at(span.start as usize) {
            let at = |offset: usize| {
                let before = &self.text[part.range.start..offset.clamp(part.range.start, part.range.end)];
                part.bom
                    + if part.encoding == UTF_8 {
                        before.len()
                    } else if part.encoding == UTF_16LE || part.encoding == UTF_16BE {
                        before.encode_utf16().count() * 2
                    } else {
                        part.encoding.encode(before).0.len()
                    }
            };
            return at(span.start as usize)..at(span.end as usize);
        }
        let at = |offset: usize| {
            if self.encoding == UTF_8 {
                offset
            } else if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
                self.measure(&self.originals, offset, |part| part.encode_utf16().count() * 2)
            } else if self.encoding == ISO_2022_JP {
                // Its escapes reach over any place where the text might be cut.
                self.encoding.encode(&self.text[..offset]).0.len()
            } else {
                self.measure(&self.originals, offset, |part| self.encoding.encode(part).0.len())
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
        assert_eq!(source.line_at(3), ("一二", 0));
        assert_eq!(source.line_at(8), ("三，四", 8));
    }

    #[test]
    fn places_in_a_long_line_are_counted() {
        let text = "甲a乙𠀀".repeat(3000) + "\n丙" + &"丁".repeat(5000);
        for encoding in [encoding_rs::GB18030, UTF_16LE] {
            let source = Source::decoded(SourceId(0), "a".into(), text.as_str().into(), encoding, 2, vec![]);
            let original = |part: &str| match encoding == UTF_16LE {
                true => part.encode_utf16().count() * 2,
                false => encoding.encode(part).0.len(),
            };
            for (offset, _) in text.char_indices().step_by(97) {
                let line = text[..offset].rfind('\n').map_or(0, |i| i + 1);
                assert_eq!(source.place(offset).column, text[line..offset].chars().count() + 1);
                let span = Span::new(SourceId(0), offset..offset);
                assert_eq!(source.original(span).start, 2 + original(&text[..offset]), "at {offset}");
            }
        }
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
