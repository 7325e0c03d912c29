//! A document to Markdown, as the reader of Markdown understands it: read again, it is the same document.

mod inline;

use std::{borrow::Cow, collections::BTreeSet, fmt::Write as _};

use crate::{
    document::{Align, Block, Counter, Definition, Document, Item, Role},
    edition::Edition,
    report::Report,
    text::{MarkKind, Text},
};
use inline::{Spot, inline, note_mark, words};

/// Writes a document as Markdown in UTF-8. What CommonMark has no sign for stands in the forms of `docs/markup.md`.
pub fn write(edition: &Edition, document: &Document, report: &mut Report) -> Vec<u8> {
    let mut out = front_matter(edition, document);
    let mut body = Body { endnotes: &document.endnotes, report };
    out += &body.blocks(&document.blocks);
    for (index, note) in document.notes.iter().enumerate() {
        let label = format!("{}: ", note_mark(index, &document.endnotes));
        let blocks = body.blocks(note);
        let _ = write!(out, "\n{}", hang(&blocks, &label, 4));
    }
    out.into_bytes()
}

/// Title, authors and the like, as YAML.
fn front_matter(edition: &Edition, document: &Document) -> String {
    let meta = &document.meta;
    let mut out = String::from("---\n");
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key}: {}", yaml(value));
    };
    let texts = [
        ("title", &meta.title),
        ("subtitle", &meta.subtitle),
        ("source", &meta.source),
        ("rights", &meta.rights),
        ("publisher", &meta.publisher),
        ("description", &meta.description),
        ("series", &meta.series),
    ];
    for (key, text) in texts.into_iter().filter_map(|(key, text)| Some((key, text.as_ref()?))) {
        // Readings and names of a title are kept in their short forms.
        line(key, &inline(text, Spot::Typed, &document.endnotes));
    }
    line("language", edition.tag());
    let notes = meta.notes.map(|place| place.name().to_owned());
    let kinds: Vec<&str> = meta.index.iter().map(|kind| kind.name()).collect();
    let index = (!kinds.is_empty()).then(|| kinds.join(", "));
    for (key, value) in [
        ("notes", &notes),
        ("index", &index),
        ("date", &meta.date),
        ("identifier", &meta.identifier),
        ("series-index", &meta.series_index),
        ("cover", &meta.cover),
        ("kind", &meta.kind),
    ] {
        if let Some(value) = value {
            line(key, value);
        }
    }
    if !meta.authors.is_empty() {
        let names: Vec<String> = meta.authors.iter().map(|a| yaml(a.as_str())).collect();
        let _ = writeln!(out, "author: [{}]", names.join(", "));
    }
    out + "---\n\n"
}

/// A double-quoted scalar.
fn yaml(value: &str) -> String {
    let mut out = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out += "\\n",
            '\t' => out += "\\t",
            c if c.is_control() => {
                let _ = write!(out, "\\x{:02x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// Lines behind a label: the first beside it, the others under its first character.
fn hang(lines: &str, label: &str, indent: usize) -> String {
    let mut out = String::from(label);
    for (number, line) in lines.lines().enumerate() {
        if number > 0 && !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent));
        }
        out += line;
        out.push('\n');
    }
    if lines.is_empty() {
        out.push('\n');
    }
    out
}

struct Body<'r> {
    /// Notes that stand at the end where others stand at the foot.
    endnotes: &'r BTreeSet<usize>,
    report: &'r mut Report,
}

impl Body<'_> {
    fn blocks(&mut self, blocks: &[Block]) -> String {
        let mut out = String::new();
        for (number, block) in blocks.iter().enumerate() {
            let before = number.checked_sub(1).map(|n| &blocks[n]);
            if before.is_some() {
                out.push('\n');
            }
            // Without something between them two lists, or two blocks of lines, would be one.
            let runs_on = matches!(
                (before, block),
                (Some(Block::List { .. }), Block::List { .. } | Block::Code { .. })
                    | (Some(Block::Definitions(_)), Block::Definitions(_) | Block::Code { .. })
                    | (Some(Block::Definitions(_)), Block::Table { caption: Some(_), .. })
                    | (Some(Block::Verse(_)), Block::Verse(_))
            );
            if runs_on {
                out += "<!-- -->\n\n";
            }
            self.block(block, &mut out);
        }
        out
    }

    fn block(&mut self, block: &Block, out: &mut String) {
        match block {
            Block::Heading { level, text } => self.heading(*level, text, out),
            Block::Paragraph { text, role } => {
                let words = inline(text, Spot::Line, self.endnotes) + "\n";
                let class = match role {
                    Role::Salutation => "salutation",
                    Role::Closing => "closing",
                    Role::Signature => "signature",
                    Role::Body | Role::AuthorNote | Role::Continued => return out.push_str(&words),
                };
                let _ = write!(out, "::: {class}\n{words}:::\n");
            }
            Block::Quote(blocks) => {
                let blocks = self.blocks(blocks);
                for line in if blocks.is_empty() { "\n" } else { &blocks }.lines() {
                    let _ = writeln!(out, "{}", format!("> {line}").trim_end());
                }
            }
            Block::List { start, counter, tight, items } => self.list(*start, *counter, *tight, items, out),
            Block::Definitions(all) => self.definitions(all, out),
            Block::Code { language, text } => {
                let run = |c: char| text.as_str().split(|d| d != c).map(str::len).max().unwrap_or(0);
                let fence = "`".repeat(run('`').max(2) + 1);
                let _ = write!(out, "{fence}{language}\n{}\n{fence}\n", text.as_str());
            }
            Block::Table { align, head, rows, merged, caption } => {
                if !merged.is_empty() {
                    let mut texts = head.iter().chain(rows.iter().flatten());
                    let span = texts.find(|t| !t.is_empty()).map(|t| t.span(0..t.as_str().len()));
                    if let Some(span) = span {
                        self.report.push(super::lost_merges(span));
                    }
                }
                if let Some(caption) = caption {
                    let (caption, name) = named(caption);
                    let _ = write!(out, ": {}{name}\n\n", inline(&caption, Spot::Line, self.endnotes));
                }
                let row = |cells: &[Text]| {
                    let cells: Vec<String> =
                        cells.iter().map(|cell| inline(cell, Spot::Cell, self.endnotes)).collect();
                    format!("| {} |\n", cells.join(" | "))
                };
                let empty = vec![Text::new(); align.len()];
                *out += &row(if head.is_empty() { &empty } else { head });
                let rules: Vec<&str> = (align.iter())
                    .map(|align| match align {
                        Align::Auto => "---",
                        Align::Start => ":--",
                        Align::Center => ":-:",
                        Align::End => "--:",
                    })
                    .collect();
                let _ = writeln!(out, "| {} |", rules.join(" | "));
                rows.iter().for_each(|cells| *out += &row(cells));
            }
            Block::Verse(stanzas) => {
                for (number, stanza) in stanzas.iter().enumerate() {
                    if number > 0 {
                        *out += "|\n";
                    }
                    for line in inline::lines(stanza) {
                        let _ = writeln!(out, "| {}", inline(&line, Spot::Verse, self.endnotes));
                    }
                }
            }
            Block::Figure { path, alt, caption, anchor, span } => {
                let title = caption.as_ref().map(|caption| {
                    if !caption.marks().is_empty() {
                        self.report.push(super::lost_marks(*span));
                    }
                    format!(" \"{}\"", words(caption.as_str()).replace('"', "\\\""))
                });
                let (alt, title) = (words(alt), title.unwrap_or_default());
                let name = anchor.as_ref().map_or(String::new(), |name| format!("{{#{name}}}"));
                let _ = writeln!(out, "![{alt}]({}{title}){name}", inline::target(path));
            }
            Block::Break => *out += "* * *\n",
        }
    }

    fn list(&mut self, start: Option<u64>, counter: Counter, tight: bool, items: &[Item], out: &mut String) {
        let class = match counter {
            Counter::Auto => None,
            Counter::Decimal => Some("decimal"),
            Counter::DecimalParen => Some("decimal-paren"),
            Counter::Chinese => Some("chinese"),
            Counter::ChineseParen => Some("chinese-paren"),
            Counter::ChineseFormal => Some("chinese-formal"),
            Counter::HeavenlyStem => Some("heavenly-stem"),
            Counter::EarthlyBranch => Some("earthly-branch"),
            Counter::Circled => Some("circled"),
        };
        let mut lines = String::new();
        for (number, item) in items.iter().enumerate() {
            let label = match start {
                Some(start) => format!("{}. ", start.saturating_add(number as u64)),
                None => "- ".to_owned(),
            };
            if number > 0 && !tight {
                lines.push('\n');
            }
            let blocks = self.item(item, tight);
            lines += &hang(&blocks, &label, label.len());
        }
        match class {
            // An outer division has more colons than those inside it.
            Some(class) => {
                let inside = lines.lines().filter_map(|line| colons(line.trim_start())).max();
                let colons = ":".repeat(inside.map_or(3, |n| n + 1));
                let _ = write!(out, "{colons} list-{class}\n{lines}{colons}\n");
            }
            None => *out += &lines,
        }
    }

    /// Terms, and behind a colon what they mean. What has no term, or a term without a meaning, stands alone.
    fn definitions(&mut self, all: &[Definition], out: &mut String) {
        for (number, one) in all.iter().enumerate() {
            if number > 0 {
                out.push('\n');
            }
            let alone = one.term.is_empty() || one.meanings.is_empty();
            if !one.term.is_empty() {
                let words = inline(&one.term, Spot::Line, self.endnotes);
                *out += &if alone { format!("**{words}**\n") } else { words + "\n" };
            }
            for (number, meaning) in one.meanings.iter().enumerate() {
                let blocks = self.blocks(meaning);
                let one_line = matches!(meaning.as_slice(), [Block::Paragraph { .. }]);
                if alone {
                    *out += &blocks;
                    continue;
                }
                if number > 0 || !one_line {
                    out.push('\n');
                }
                *out += &hang(&blocks, ":   ", 4);
            }
        }
    }

    fn item(&mut self, item: &Item, tight: bool) -> String {
        let mut out = String::new();
        if let Some(done) = item.task {
            out += if done { "[x] " } else { "[ ] " };
        }
        let mut blocks = &item.blocks[..];
        // In a tight list a list stands right under its line.
        if tight && let [Block::Paragraph { text, role: Role::Body }, rest @ ..] = blocks {
            out += &(inline(text, Spot::Line, self.endnotes) + "\n");
            blocks = rest;
        }
        out + &self.blocks(blocks)
    }

    fn heading(&self, level: u8, text: &Text, out: &mut String) {
        let (text, name) = named(text);
        let words = inline(&text, Spot::Heading, self.endnotes);
        let _ = writeln!(out, "{} {words}{name}", "#".repeat(level.clamp(1, 6).into()));
    }
}

/// The number of colons that a line of a division starts with.
fn colons(line: &str) -> Option<usize> {
    let count = line.bytes().take_while(|b| *b == b':').count();
    (count >= 3).then_some(count)
}

/// A text without the mark that it is a place as a whole, and the attribute that says so.
fn named(text: &Text) -> (Cow<'_, Text>, String) {
    let Some(name) = text.anchor().map(str::to_owned) else { return (Cow::Borrowed(text), String::new()) };
    let mut text = text.clone();
    text.unmark(|mark| matches!(&mark.kind, MarkKind::Anchor(other) if *other == name));
    (Cow::Owned(text), format!(" {{#{name}}}"))
}
