//! Inner stages as text, for tests and for people who want to see why.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use hanpress::{
    document::{Block, Document, Merge},
    report::{Report, confidence_word, describe, find},
    source::{Source, Span},
    text::Text,
};

/// The document as an indented tree: kind, text, byte span, marks.
pub(crate) fn tree(document: &Document) -> String {
    let mut out = String::new();
    let meta = &document.meta;
    for (name, text) in [
        ("title", &meta.title),
        ("subtitle", &meta.subtitle),
        ("source", &meta.source),
        ("rights", &meta.rights),
        ("series", &meta.series),
    ] {
        if let Some(text) = text {
            line(&mut out, 0, name, text);
        }
    }
    for author in &meta.authors {
        line(&mut out, 0, "author", author);
    }
    for (name, value) in [
        ("date", &meta.date),
        ("language", &meta.language),
        ("series-index", &meta.series_index),
        ("cover", &meta.cover),
    ] {
        if let Some(value) = value {
            let _ = writeln!(out, "{name} {value}");
        }
    }
    blocks(&mut out, 0, &document.blocks);
    for (i, note) in document.notes.iter().enumerate() {
        let _ = writeln!(out, "note {}", i + 1);
        blocks(&mut out, 1, note);
    }
    out
}

fn line(out: &mut String, depth: usize, kind: &str, text: &Text) {
    let span = text.span(0..text.as_str().len());
    let _ = writeln!(out, "{}{kind} {}..{} {:?}", "  ".repeat(depth), span.start, span.end, text.as_str());
    for mark in text.marks() {
        let _ = writeln!(
            out,
            "{}- {:?} {:?}",
            "  ".repeat(depth + 1),
            &text.as_str()[mark.range.clone()],
            mark.kind
        );
    }
}

fn blocks(out: &mut String, depth: usize, list: &[Block]) {
    for block in list {
        match block {
            Block::Heading { level, text } => line(out, depth, &format!("heading {level}"), text),
            Block::Paragraph { text, role } => line(out, depth, &format!("paragraph {role:?}"), text),
            Block::Quote(inner) => {
                let _ = writeln!(out, "{}quote", "  ".repeat(depth));
                blocks(out, depth + 1, inner);
            }
            Block::Verse(stanzas) => stanzas.iter().for_each(|t| line(out, depth, "verse", t)),
            Block::List { start, counter, tight, items } => {
                let _ = writeln!(out, "{}list {start:?} {counter:?} tight={tight}", "  ".repeat(depth));
                for item in items {
                    let _ = writeln!(out, "{}item {:?}", "  ".repeat(depth + 1), item.task);
                    blocks(out, depth + 2, &item.blocks);
                }
            }
            Block::Definitions(all) => {
                let _ = writeln!(out, "{}definitions", "  ".repeat(depth));
                for one in all {
                    line(out, depth + 1, "term", &one.term);
                    for meaning in &one.meanings {
                        let _ = writeln!(out, "{}meaning", "  ".repeat(depth + 1));
                        blocks(out, depth + 2, meaning);
                    }
                }
            }
            Block::Code { language, text } => line(out, depth, &format!("code {language}"), text),
            Block::Table { align, head, rows, merged, caption } => {
                let _ = writeln!(out, "{}table {align:?}", "  ".repeat(depth));
                for Merge { row, column, rows, columns } in merged {
                    let place = format!("row {row} column {column}: {rows} rows, {columns} columns");
                    let _ = writeln!(out, "{}merged {place}", "  ".repeat(depth + 1));
                }
                caption.iter().for_each(|t| line(out, depth + 1, "caption", t));
                head.iter().for_each(|t| line(out, depth + 1, "head", t));
                for row in rows {
                    let _ = writeln!(out, "{}row", "  ".repeat(depth + 1));
                    row.iter().for_each(|t| line(out, depth + 2, "cell", t));
                }
            }
            Block::Figure { path, alt, caption, anchor, span } => {
                let name = anchor.as_ref().map_or(String::new(), |name| format!(" #{name}"));
                let (pad, from, to) = ("  ".repeat(depth), span.start, span.end);
                let _ = writeln!(out, "{pad}figure {from}..{to} {path} {alt:?}{name}");
                caption.iter().for_each(|t| line(out, depth + 1, "caption", t));
            }
            Block::Break => {
                let _ = writeln!(out, "{}break", "  ".repeat(depth));
            }
        }
    }
}

/// Every finding and change, a line each; of a book, with the file.
pub(crate) fn changes(sources: &[Source], report: &Report) -> String {
    let mut out = String::new();
    let place = |span: Span| {
        let source = find(sources, span.source);
        let at = source.place(span.start as usize);
        match sources {
            [_] => format!("{}:{}", at.line, at.column),
            _ => format!("{}:{}:{}", source.file_at(span.start as usize), at.line, at.column),
        }
    };
    for d in &report.diagnostics {
        let _ = writeln!(out, "{} {:?} {} {}", place(d.span), d.severity, d.rule, d.message);
    }
    for c in &report.changes {
        let done = if c.applied { "made" } else { "proposed" };
        let word = confidence_word(c.confidence);
        let _ = writeln!(out, "{} {word} {done} {} {}", place(c.span), c.rule, describe(c));
    }
    out
}

/// The parts of a zip package with their sizes; for a PDF its size only.
pub(crate) fn package(bytes: &[u8]) -> Result<String> {
    if !bytes.starts_with(b"PK") {
        return Ok(format!("{} bytes\n", bytes.len()));
    }
    let mut archive =
        zip::ZipArchive::new(std::io::Cursor::new(bytes)).context("cannot read back the package")?;
    let mut out = String::new();
    for i in 0..archive.len() {
        let file = archive.by_index_raw(i).context("cannot read back the package")?;
        let name = file.name().context("a part has a name that is no text")?;
        let _ = writeln!(out, "{} {name}", file.size());
    }
    Ok(out)
}
