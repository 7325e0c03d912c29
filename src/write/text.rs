//! A document to plain text in UTF-8, for systems that take nothing else: a paragraph a line, an empty line between.
//!
//! Marks are left out, words are not: readings stand in brackets behind their base, addresses behind their words,
//! notes at the end.

use crate::{
    counter,
    document::{Block, Counter, Document, Item},
    edition::{Edition, Script},
    layout::page::in_brackets,
    text::{MarkKind, OBJECT, Text},
    write::words::words,
};

/// Writes a document as plain text.
pub fn write(edition: &Edition, document: &Document) -> Vec<u8> {
    let traditional = edition.script == Script::Traditional;
    let place = document.meta.notes.unwrap_or_default();
    let notes: Vec<String> = (document.note_numbers(place).into_iter())
        .map(|number| format!("[{}]", counter::note(number, traditional)))
        .collect();
    let mut out = Lines { traditional, notes: &notes, lines: Vec::new() };
    let meta = &document.meta;
    for text in document.printed_title().into_iter().chain(&meta.subtitle) {
        let words = running(text, &notes);
        out.paragraph("", &words);
    }
    let authors: Vec<String> = meta.authors.iter().map(|author| running(author, &notes)).collect();
    let byline: Vec<String> = [authors.join("、"), meta.date.clone().unwrap_or_default()]
        .into_iter()
        .filter(|s| !s.is_empty())
        .collect();
    if !byline.is_empty() {
        out.paragraph("", &byline.join("\u{3000}"));
    }
    out.blocks(&document.blocks, "");
    if !document.notes.is_empty() {
        out.paragraph("", words(edition).notes);
    }
    for (number, note) in notes.iter().zip(&document.notes) {
        let first = out.lines.len();
        out.blocks(note, "");
        match out.lines.get_mut(first) {
            Some(line) => *line = format!("{number} {line}"),
            None => out.paragraph("", number),
        }
    }
    while out.lines.last().is_some_and(String::is_empty) {
        out.lines.pop();
    }
    let mut text = out.lines.join("\n");
    text.push('\n');
    text.into_bytes()
}

/// The words of a text, with the marks of its notes.
fn running(text: &Text, notes: &[String]) -> String {
    let string = text.as_str();
    // What stands at a place besides its words, and whether before them.
    let mut inserts: Vec<(usize, String)> = Vec::new();
    for mark in text.marks() {
        match &mark.kind {
            MarkKind::Ruby(reading) => inserts.push((mark.range.end, in_brackets(reading))),
            MarkKind::Link { url, .. }
                if !url.starts_with('#') && !string[mark.range.clone()].contains(url.as_str()) =>
            {
                inserts.push((mark.range.end, format!("（{url}）")));
            }
            MarkKind::Note(index) => {
                inserts.extend(notes.get(*index).map(|mark_of| (mark.range.end, mark_of.clone())));
            }
            MarkKind::Image { alt, path } => {
                inserts.push((mark.range.end, format!("〔{}〕", if alt.is_empty() { path } else { alt })));
            }
            _ => {}
        }
    }
    inserts.sort_by_key(|(at, _)| *at);
    let mut out = String::new();
    let mut from = 0;
    for (at, words) in inserts {
        out += &string[from..at];
        out += &words;
        from = at;
    }
    out += &string[from..];
    out.retain(|c| c != OBJECT);
    out
}

struct Lines<'a> {
    traditional: bool,
    /// The mark of each note.
    notes: &'a [String],
    lines: Vec<String>,
}

impl Lines<'_> {
    /// A paragraph with an empty line behind it.
    fn paragraph(&mut self, before: &str, words: &str) {
        self.lines.extend(words.split('\n').map(|line| format!("{before}{line}")));
        self.lines.push(String::new());
    }

    fn blocks(&mut self, blocks: &[Block], before: &str) {
        for block in blocks {
            match block {
                Block::Heading { text, .. } | Block::Paragraph { text, .. } => {
                    self.paragraph(before, &running(text, self.notes));
                }
                Block::Quote(blocks) => self.blocks(blocks, &format!("{before}\u{3000}\u{3000}")),
                Block::List { start, counter, items, .. } => {
                    for (number, item) in (start.unwrap_or(0)..).zip(items) {
                        let label = match start {
                            Some(_) => self.label(*counter, number),
                            None => "•".to_owned(),
                        };
                        self.item(item, &label, before);
                    }
                    self.lines.push(String::new());
                }
                Block::Definitions(all) => {
                    for one in all {
                        let term = running(&one.term, self.notes);
                        self.lines.extend(term.split('\n').map(|line| format!("{before}{line}")));
                        let deeper = format!("{before}\u{3000}\u{3000}");
                        for meaning in &one.meanings {
                            self.blocks(meaning, &deeper);
                        }
                        if one.meanings.is_empty() {
                            self.lines.push(String::new());
                        }
                    }
                }
                Block::Code { text, .. } => self.paragraph(before, text.as_str()),
                Block::Table { head, rows, caption, .. } => {
                    if let Some(caption) = caption {
                        self.lines.push(format!("{before}{}", running(caption, self.notes)));
                    }
                    for row in std::iter::once(head).chain(rows).filter(|row| !row.is_empty()) {
                        let cells: Vec<String> =
                            row.iter().map(|c| running(c, self.notes).replace('\n', " ")).collect();
                        self.lines.push(format!("{before}{}", cells.join("\t")));
                    }
                    self.lines.push(String::new());
                }
                Block::Verse(stanzas) => {
                    stanzas.iter().for_each(|stanza| self.paragraph(before, &running(stanza, self.notes)));
                }
                Block::Figure { alt, caption, path, .. } => {
                    let words = caption
                        .as_ref()
                        .map(|caption| running(caption, self.notes))
                        .unwrap_or_else(|| alt.clone());
                    self.paragraph(before, &format!("〔{}〕", if words.is_empty() { path } else { &words }));
                }
                Block::Break => self.paragraph(before, "＊　＊　＊"),
            }
        }
    }

    fn label(&self, counter: Counter, number: u64) -> String {
        let counter = if counter == Counter::Auto { Counter::Decimal } else { counter };
        counter::label(counter, number, self.traditional)
    }

    /// An item: its label before its first line, everything without empty lines.
    fn item(&mut self, item: &Item, label: &str, before: &str) {
        let task = item.task.map_or("", |done| if done { "☑" } else { "☐" });
        let mut inner = Self { traditional: self.traditional, notes: self.notes, lines: Vec::new() };
        inner.blocks(&item.blocks, "");
        inner.lines.retain(|line| !line.is_empty());
        let gap = if label.ends_with('.') || label == "•" { " " } else { "" };
        let first = format!("{before}{label}{gap}{task}");
        let mut lines = inner.lines.into_iter();
        self.lines.push(first + &lines.next().unwrap_or_default());
        self.lines.extend(lines.map(|line| format!("{before}\u{3000}{line}")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        edition::Region,
        read::{ReadOptions, markdown},
        report::Report,
        source::{Source, SourceId},
    };

    #[test]
    fn every_word_is_there() {
        let text = "---\ntitle: 題名\nauthor: 甲\ndate: 2025-09-01\n---\n\n# 章\n\n正{漢|hàn}字[^1]見[書](https://a.b/c)。\n\n- 甲\n- 乙\n  1. 丙\n\n> 引文\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n![圖](x.png \"說明\")\n\n[^1]: 註。\n";
        let source = Source::new(SourceId(0), "a.md", text);
        let document = markdown::read(&source, &ReadOptions::default(), &mut Report::default());
        let edition = Edition::source(Script::Traditional, Region::Tw);
        let out = String::from_utf8(write(&edition, &document)).expect("UTF-8");
        assert_eq!(
            out,
            "題名\n\n甲\u{3000}2025-09-01\n\n章\n\n正漢（hàn）字[1]見書（https://a.b/c）。\n\n• 甲\n• 乙\n\u{3000}1. 丙\n\n\u{3000}\u{3000}引文\n\na\tb\n1\t2\n\n〔說明〕\n\n註釋\n\n[1] 註。\n"
        );
    }
}
