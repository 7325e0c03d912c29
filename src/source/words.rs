//! The text parts of a package in, what people read of them out: the words without tags, a line a paragraph, and the
//! way from either to the other.

use std::ops::Range;

use crate::source::Part;

/// Elements of XHTML that begin a line of their own.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "caption",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "td",
    "th",
    "title",
    "tr",
    "ul",
];

/// The words of a package.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// A line a paragraph; paragraphs without words have none.
    pub text: String,
    /// Stretches of words, in order.
    stretches: Vec<Stretch>,
    /// Where lines start.
    lines: Vec<u32>,
}

/// Words that stand together in a part.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    /// First byte in the words.
    at: u32,
    /// Bytes of the words.
    length: u32,
    /// First byte in the parts.
    start: u32,
    /// One past the last byte in the parts; a reference such as `&amp;` is longer there.
    end: u32,
}

/// Which characters of a part are words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speech {
    /// Those in elements for text: documents of Word.
    Marked,
    /// All but scripts and styles: XHTML.
    Flowing,
    /// All, a line an element.
    Listed,
}

impl Words {
    /// Gathers the words of parts of a text.
    pub(super) fn gather(text: &str, parts: &[Part]) -> Self {
        let mut words = Self::default();
        for part in parts {
            let name = part.name.to_ascii_lowercase();
            let speech = if name.ends_with("html") || name.ends_with(".htm") {
                Speech::Flowing
            } else if name.ends_with(".rels") || name.ends_with(".css") || name.starts_with('[') {
                continue;
            } else if name.starts_with("docprops/") || name.ends_with(".opf") || name.ends_with(".ncx") {
                Speech::Listed
            } else {
                Speech::Marked
            };
            words.part(text, part.range.clone(), speech);
            words.end_line();
        }
        words.lines =
            std::iter::once(0).chain(words.text.match_indices('\n').map(|(i, _)| i as u32 + 1)).collect();
        words
    }

    fn part(&mut self, text: &str, range: Range<usize>, speech: Speech) {
        let bytes = text.as_bytes();
        let mut at = range.start;
        let mut speaks = speech != Speech::Marked;
        while at < range.end {
            let tag = text[at..range.end].find('<').map_or(range.end, |found| at + found);
            if speaks {
                self.letters(text, at..tag, speech);
            }
            if tag == range.end {
                return;
            }
            let rest = &text[tag..range.end];
            if let Some(inner) = rest.strip_prefix("<![CDATA[") {
                let length = inner.find("]]>").unwrap_or(inner.len());
                if speaks {
                    self.push(&inner[..length], tag + 9..tag + 9 + length);
                }
                at = (tag + 9 + length + 3).min(range.end);
                continue;
            }
            let end = if rest.starts_with("<!--") {
                rest.find("-->").map_or(rest.len(), |found| found + 3)
            } else {
                closing(rest.as_bytes())
            };
            at = tag + end;
            let closes = bytes.get(tag + 1) == Some(&b'/');
            let empty = end >= 2 && rest.as_bytes()[end - 2] == b'/';
            let name = name(rest.trim_start_matches(['<', '/']));
            match speech {
                Speech::Marked => match name {
                    "t" | "delText" => speaks = !closes && !empty,
                    "p" if closes => self.end_line(),
                    "br" | "cr" if !closes => self.end_line(),
                    _ => {}
                },
                Speech::Flowing => match name {
                    "script" | "style" => speaks = closes || empty,
                    _ if BLOCKS.contains(&name) => self.end_line(),
                    _ => {}
                },
                Speech::Listed => self.end_line(),
            }
        }
    }

    /// Characters between tags, with references.
    fn letters(&mut self, text: &str, range: Range<usize>, speech: Speech) {
        if speech != Speech::Marked && text[range.clone()].trim().is_empty() {
            return;
        }
        let mut at = range.start;
        while at < range.end {
            let next = text[at..range.end].find('&').map_or(range.end, |found| at + found);
            self.push(&text[at..next], at..next);
            if next == range.end {
                return;
            }
            let end = text[next..range.end].find(';').map_or(next + 1, |found| next + found + 1);
            let shown = match &text[next..end] {
                "&amp;" => "&",
                "&lt;" => "<",
                "&gt;" => ">",
                "&quot;" => "\"",
                "&apos;" => "'",
                other => other,
            };
            self.push(shown, next..end);
            at = end;
        }
    }

    fn push(&mut self, words: &str, place: Range<usize>) {
        if words.is_empty() {
            return;
        }
        let at = self.text.len() as u32;
        // A line is a paragraph, whatever line ends the file has in it.
        self.text.extend(words.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
        let length = words.len() as u32;
        self.stretches.push(Stretch { at, length, start: place.start as u32, end: place.end as u32 });
    }

    fn end_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// The place in the words of a byte offset of the parts: in a tag, that of the words behind it.
    pub(super) fn at(&self, offset: usize) -> usize {
        let next = self.stretches.partition_point(|s| s.start as usize <= offset);
        if let Some(stretch) = next.checked_sub(1).map(|at| self.stretches[at])
            && offset <= stretch.end as usize
        {
            let inside = offset - stretch.start as usize;
            let verbatim = stretch.end - stretch.start == stretch.length;
            let whole = if offset == stretch.end as usize { stretch.length as usize } else { 0 };
            return stretch.at as usize + if verbatim { inside } else { whole };
        }
        self.stretches.get(next).map_or(self.text.len(), |stretch| stretch.at as usize)
    }

    /// The bytes of the parts from the first to the last of a range of the words.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        let of = |word: usize| self.stretches.partition_point(|s| s.at as usize <= word).checked_sub(1);
        let Some(first) = of(range.start).map(|at| self.stretches[at]) else { return 0..0 };
        let verbatim = |s: &Stretch| s.end - s.start == s.length;
        let start = if verbatim(&first) {
            (first.start as usize + range.start - first.at as usize).min(first.end as usize)
        } else {
            first.start as usize
        };
        if range.is_empty() {
            return start..start;
        }
        let Some(last) = of(range.end - 1).map(|at| self.stretches[at]) else { return start..start };
        let end = if verbatim(&last) {
            (last.start as usize + range.end - last.at as usize).min(last.end as usize)
        } else {
            last.end as usize
        };
        start..end.max(start)
    }

    /// The line, from 0, of a place in the words.
    pub(super) fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start as usize <= at).saturating_sub(1)
    }

    /// A line (from 0) without its end, and where it starts.
    pub(super) fn line_text(&self, line: usize) -> (&str, usize) {
        let start = self.lines.get(line).map_or(self.text.len(), |&start| start as usize);
        let end = self.lines.get(line + 1).map_or(self.text.len(), |&end| end as usize);
        (self.text[start..end].trim_end_matches('\n'), start)
    }
}

/// Bytes of a tag, which `>` in a value does not end.
fn closing(tag: &[u8]) -> usize {
    let mut quote = None;
    for (at, &byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The name of an element without its prefix.
fn name(tag: &str) -> &str {
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
    let name = &tag[..end];
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use encoding_rs::UTF_8;

    use super::*;

    fn words(name: &str, text: &str) -> Words {
        let part = Part { name: name.into(), range: 0..text.len(), encoding: UTF_8, bom: 0 };
        Words::gather(text, &[part])
    }

    #[test]
    fn words_stand_without_tags() {
        for (name, text, expected) in [
            (
                "word/document.xml",
                "<w:p><w:r><w:t>上合</w:t></w:r><w:r><w:t a='>'>組職</w:t></w:r></w:p><w:p/><w:p><w:t>&lt;乙</w:t></w:p>",
                "上合組職\n<乙\n",
            ),
            (
                "word/document.xml",
                "<w:p><wp:posOffset>12</wp:posOffset><w:instrText>PAGE</w:instrText><w:t/></w:p>",
                "",
            ),
            (
                "a.xhtml",
                "<html><head><title>題</title><style>p{}</style></head><body><p>甲<b>乙</b>\n丙</p> <p><![CDATA[<丁>]]></p><!-- 不 --></body></html>",
                "題\n甲乙 丙\n<丁>\n",
            ),
            ("docProps/core.xml", "<a><dc:title>題</dc:title><dc:creator>甲</dc:creator></a>", "題\n甲\n"),
            ("_rels/.rels", "<a>b</a>", ""),
            ("word/document.xml", "<w:t>甲", "甲\n"),
        ] {
            assert_eq!(words(name, text).text, expected, "{text}");
        }
    }

    #[test]
    fn the_way_there_is_the_way_back() {
        let text =
            "<w:p><w:r><w:t>上合</w:t></w:r><w:r><w:t>組&amp;職</w:t></w:r></w:p><w:p><w:t>乙</w:t></w:p>";
        let words = words("word/document.xml", text);
        for part in ["上合", "組", "合</w:t></w:r><w:r><w:t>組", "&amp;", "組&amp;職", "乙"] {
            let start = text.find(part).expect("it is there");
            let range = start..start + part.len();
            let there = words.at(range.start)..words.at(range.end);
            assert_eq!(words.place(there.clone()), range, "{part} at {there:?}");
        }
        let found = words.text.find("合組&職").expect("the words");
        let place = words.place(found..found + "合組&職".len());
        assert_eq!(&text[place], "合</w:t></w:r><w:r><w:t>組&amp;職");
        assert_eq!(words.line(words.at(text.find('乙').expect("it is there"))), 1);
        assert_eq!(words.line_text(1), ("乙", words.text.find('乙').expect("it is there")));
    }
}
