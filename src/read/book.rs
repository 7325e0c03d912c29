//! The file that names the files of a book (`book.toml`) in, what it says out: metadata, template, and the files in
//! their order, each entry with its place.

use std::{borrow::Cow, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    document::Metadata,
    read::front,
    source::{Source, Span},
    text::Text,
};

/// What a book of several files is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Its metadata; the words have their places.
    pub meta: Metadata,
    /// Its template, as `--template` names one; a file is relative to this one.
    pub template: Option<(String, Span)>,
    /// Its files and the headings of its parts, in order.
    pub entries: Vec<Entry>,
}

/// A line of a book's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A part begins: its title is a heading over those of its chapters.
    Part(Text),
    /// Files.
    Files {
        /// A path, or a pattern for several, relative to the folder of the book.
        pattern: String,
        /// Where it is named.
        span: Span,
        /// How many parts the files lie in: their headings are so much lower.
        depth: u8,
    },
}

/// Why a book cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BookError {
    /// Where.
    pub span: Span,
    /// One fact.
    pub message: String,
    /// A key that is not known, and those that are.
    pub unknown: Option<(String, Vec<&'static str>)>,
}

/// Keys besides those of metadata.
const KEYS: [&str; 4] = ["template", "chapters", "part", "back"];
/// Keys of a part.
const OF_PART: [&str; 2] = ["title", "chapters"];

/// Reads the list of a book.
///
/// # Errors
/// When it is no TOML, has a key or a value that is not known, or names no file.
pub fn read(source: &Source) -> Result<Book, BookError> {
    let mut reader = Reader { source, book: Book::default() };
    let table = DeTable::parse(&source.text).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        reader.wrong(place, error.message().trim_end_matches('.').to_owned())
    })?;
    let mut parts = None;
    let mut back = None;
    for (name, value) in in_order(table.get_ref()) {
        match name.get_ref().as_ref() {
            "template" => {
                let (words, span) = reader.string(value)?;
                reader.book.template = Some((words.into_owned(), span));
            }
            "chapters" => reader.files(value, 0)?,
            "part" => parts = Some(value),
            "back" => back = Some(value),
            key => match front::key(key) {
                Some(known) => reader.metadata(known, value)?,
                None => return Err(reader.unknown(name, front::keys().chain(KEYS))),
            },
        }
    }
    if let Some(parts) = parts {
        reader.parts(parts)?;
    }
    if let Some(back) = back {
        reader.files(back, 0)?;
    }
    if !reader.book.entries.iter().any(|entry| matches!(entry, Entry::Files { .. })) {
        let message = "the book names no files; `chapters = [\"*.md\"]` does".to_owned();
        return Err(reader.wrong(0..0, message));
    }
    Ok(reader.book)
}

struct Reader<'a> {
    source: &'a Source,
    book: Book,
}

/// The lines of a table as the file has them.
fn in_order<'t, 'a>(table: &'t DeTable<'a>) -> Vec<(&'t Spanned<Cow<'a, str>>, &'t Spanned<DeValue<'a>>)> {
    let mut lines: Vec<_> = table.iter().collect();
    lines.sort_by_key(|(name, _)| name.span().start);
    lines
}

impl Reader<'_> {
    fn wrong(&self, place: Range<usize>, message: String) -> BookError {
        BookError { span: Span::new(self.source.id, place), message, unknown: None }
    }

    fn unknown(&self, name: &Spanned<Cow<str>>, known: impl Iterator<Item = &'static str>) -> BookError {
        let wrong = self.wrong(name.span(), "unknown key".to_owned());
        BookError { unknown: Some((name.get_ref().to_string(), known.collect())), ..wrong }
    }

    /// A string, a number or a date, as it is written.
    fn string<'t>(&self, value: &'t Spanned<DeValue>) -> Result<(Cow<'t, str>, Span), BookError> {
        let words = match value.get_ref() {
            DeValue::String(words) => Cow::Borrowed(words.as_ref()),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Datetime(_) => {
                Cow::Owned(self.source.text[value.span()].to_owned())
            }
            _ => return Err(self.wrong(value.span(), "this is no text; write it in quotation marks".into())),
        };
        Ok((words, Span::new(self.source.id, value.span())))
    }

    /// The strings of a list, or the only one.
    fn strings<'t>(&self, value: &'t Spanned<DeValue>) -> Result<Vec<(Cow<'t, str>, Span)>, BookError> {
        match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| self.string(item)).collect(),
            _ => Ok(vec![self.string(value)?]),
        }
    }

    /// Words of the list as a text with its place: the place of the words themselves, if they stand there as they are.
    fn text(&self, words: &str, span: Span) -> Text {
        match self.source.slice(span).find(words) {
            Some(at) => Text::verbatim(words, self.source.id, span.start as usize + at),
            None => Text::made(words, span),
        }
    }

    fn metadata(&mut self, key: &str, value: &Spanned<DeValue>) -> Result<(), BookError> {
        let values = self.strings(value)?;
        if key != "author" && values.len() != 1 {
            return Err(self.wrong(value.span(), format!("`{key}` is one text")));
        }
        for (words, span) in values {
            let text = self.text(&words, span);
            front::set(&mut self.book.meta, key, text);
        }
        Ok(())
    }

    fn files(&mut self, value: &Spanned<DeValue>, depth: u8) -> Result<(), BookError> {
        for (pattern, span) in self.strings(value)? {
            let outside = pattern.starts_with(['/', '\\'])
                || pattern.as_bytes().get(1) == Some(&b':')
                || pattern.split(['/', '\\']).any(|step| step == "..");
            if outside {
                let message = format!("`{pattern}` leads out of the folder of the book");
                return Err(self.wrong(span.range(), message));
            }
            let pattern = pattern.trim_start_matches("./").to_owned();
            if pattern.is_empty() {
                return Err(self.wrong(span.range(), "this names no file".into()));
            }
            self.book.entries.push(Entry::Files { pattern, span, depth });
        }
        Ok(())
    }

    fn parts(&mut self, parts: &Spanned<DeValue>) -> Result<(), BookError> {
        let not_parts = || "a part is written as `[[part]]` with `title` and `chapters`".to_owned();
        let DeValue::Array(parts) = parts.get_ref() else {
            return Err(self.wrong(parts.span(), not_parts()));
        };
        for part in parts.iter() {
            let DeValue::Table(table) = part.get_ref() else {
                return Err(self.wrong(part.span(), not_parts()));
            };
            let (mut title, mut chapters) = (None, None);
            for (name, value) in in_order(table) {
                match name.get_ref().as_ref() {
                    "title" => title = Some(self.string(value)?),
                    "chapters" => chapters = Some(value),
                    _ => return Err(self.unknown(name, OF_PART.into_iter())),
                }
            }
            let (Some((title, span)), Some(chapters)) = (title, chapters) else {
                return Err(self.wrong(part.span(), not_parts()));
            };
            let title = self.text(&title, span);
            self.book.entries.push(Entry::Part(title));
            self.files(chapters, 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn book(text: &str) -> Result<Book, BookError> {
        read(&Source::new(SourceId(0), "book.toml", text))
    }

    #[test]
    fn a_book_is_read_with_its_places() {
        let text = "title = \"紅樓夢\"\n\"作者\" = [\"曹雪芹\", \"高鶚\"]\ndate = 1791-01-01\ntemplate = \"book\"\n\
                    back = [\"跋.md\"]\nchapters = [\"序.md\", './a/*.md']\n\
                    [[part]]\ntitle = \"上編\"\nchapters = \"一/*\"\n";
        let book = book(text).expect("a book");
        assert_eq!(book.meta.authors.iter().map(Text::as_str).collect::<Vec<_>>(), ["曹雪芹", "高鶚"]);
        assert_eq!(book.meta.date.as_deref(), Some("1791-01-01"));
        let title = book.meta.title.expect("a title");
        assert_eq!(&text[title.span(0..9).range()], "紅樓夢");
        let listed: Vec<String> = (book.entries.iter())
            .map(|entry| match entry {
                Entry::Part(title) => format!("# {}", title.as_str()),
                Entry::Files { pattern, span, depth } => {
                    assert!(text[span.range()].contains(pattern.as_str()));
                    format!("{pattern} {depth}")
                }
            })
            .collect();
        assert_eq!(listed, ["序.md 0", "a/*.md 0", "# 上編", "一/* 1", "跋.md 0"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        for (text, at, says) in [
            ("title = 紅樓夢", "紅樓夢", ""),
            ("chapter = [\"a.md\"]", "chapter", "unknown key"),
            ("title = \"甲\"", "", "names no files"),
            ("chapters = [\"../a.md\"]", "\"../a.md\"", "leads out"),
            ("chapters = [\"a/../../b.md\"]", "\"a/../../b.md\"", "leads out"),
            ("chapters = [\"/etc/passwd\"]", "\"/etc/passwd\"", "leads out"),
            ("chapters = ['C:\\a.md']", "'C:\\a.md'", "leads out"),
            ("chapters = [\"\"]", "\"\"", "names no file"),
            ("chapters = [1, true]", "true", "no text"),
            ("chapters = []\ntitle = [\"甲\", \"乙\"]", "[\"甲\", \"乙\"]", "is one text"),
            ("[part]\ntitle = \"甲\"", "[part]", "a part is written"),
            ("[[part]]\ntitle = \"甲\"\nchapters = \"a.md\"\ntemplate = \"book\"", "template", "unknown key"),
        ] {
            let error = book(text).expect_err(text);
            assert_eq!(&text[error.span.range()], at, "{text}: {error}");
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }
}
