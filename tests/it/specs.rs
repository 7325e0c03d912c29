//! The examples of the CommonMark and GFM specifications, which `.ci/specs` fetches: whatever Markdown says, no word of it
//! is lost, and its structure is that of the specification's own HTML.

use std::{collections::BTreeMap, env, fs, path::PathBuf};

use hanpress::{
    document::{Block, Document},
    read::{self, ReadOptions},
    report::Report,
    source::{Source, SourceId},
    text::{MarkKind, Text},
};

/// Examples that are read in another way: specification, number, reason.
const OTHERWISE: &str = include_str!("../specs.tsv");

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

/// The examples of a specification, in order.
fn examples(spec: &str) -> Vec<Example> {
    const FENCE: &str = "````````````````````````````````";
    let folder = env::var_os("HANPRESS_SPECS").map_or_else(|| PathBuf::from("target/specs"), PathBuf::from);
    let path = folder.join(format!("{spec}.txt"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}; run .ci/specs", path.display()));
    let mut out = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with(&format!("{FENCE} example")) {
            continue;
        }
        let mut part = |end: &str| -> String {
            lines
                .by_ref()
                .take_while(|line| *line != end)
                .map(|line| format!("{}\n", line.replace('→', "\t")))
                .collect()
        };
        let (markdown, html) = (part("."), part(FENCE));
        out.push(Example { number: out.len() + 1, markdown, html });
    }
    out
}

/// What an example has of each kind, and its words without blanks.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    counts: BTreeMap<&'static str, usize>,
    words: String,
}

/// The shape of HTML: its tags counted, its words without tags; comments and instructions are no words.
fn of_html(html: &str) -> Shape {
    let mut shape = Shape::default();
    let mut rest = html;
    let mut words = String::new();
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<!--") {
            rest.find("-->").map(|i| i + 3)
        } else {
            rest.find('>').map(|i| i + 1)
        };
        let end = end.unwrap_or(rest.len());
        let tag = &rest[..end];
        let name: String = tag[1..].chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        for known in ["h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "hr", "table", "img"] {
            if name == known {
                *shape.counts.entry(known).or_default() += 1;
            }
        }
        if name == "img" {
            let alt = tag.split("alt=\"").nth(1).and_then(|alt| alt.split('"').next()).unwrap_or_default();
            words.push_str(alt);
        }
        rest = &rest[end..];
    }
    words.push_str(rest);
    let words = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    shape.words = squeezed(&words);
    shape
}

fn squeezed(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace() && *c != '\u{FFFC}').collect()
}

/// The shape of a document.
fn of_document(document: &Document) -> Shape {
    let mut shape = Shape::default();
    let mut words = String::new();
    blocks(&document.blocks, &mut shape, &mut words);
    document.notes.iter().for_each(|note| blocks(note, &mut shape, &mut words));
    shape.words = squeezed(&words);
    shape
}

fn blocks(all: &[Block], shape: &mut Shape, words: &mut String) {
    const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
    for block in all {
        let mut count = |name| *shape.counts.entry(name).or_default() += 1;
        match block {
            Block::Heading { level, text: it } => {
                count(HEADINGS[usize::from(*level) - 1]);
                text(it, shape, words);
            }
            Block::Paragraph { text: it, .. } => text(it, shape, words),
            Block::Verse(stanzas) => stanzas.iter().for_each(|stanza| text(stanza, shape, words)),
            Block::Quote(inner) => {
                count("blockquote");
                blocks(inner, shape, words);
            }
            Block::List { items, .. } => {
                for item in items {
                    *shape.counts.entry("li").or_default() += 1;
                    blocks(&item.blocks, shape, words);
                }
            }
            Block::Definitions(all) => {
                for one in all {
                    text(&one.term, shape, words);
                    one.meanings.iter().for_each(|meaning| blocks(meaning, shape, words));
                }
            }
            Block::Code { text: it, .. } => {
                count("pre");
                text(it, shape, words);
            }
            Block::Table { head, rows, caption, .. } => {
                count("table");
                caption
                    .iter()
                    .chain(head)
                    .chain(rows.iter().flatten())
                    .for_each(|cell| text(cell, shape, words));
            }
            Block::Figure { alt, caption, .. } => {
                count("img");
                words.push_str(alt);
                caption.iter().for_each(|caption| text(caption, shape, words));
            }
            Block::Break => count("hr"),
        }
    }
}

/// The words of a text, with the alternative text of a picture in its place.
fn text(it: &Text, shape: &mut Shape, words: &mut String) {
    let mut at = 0;
    for mark in it.marks() {
        if let MarkKind::Image { alt, .. } = &mark.kind {
            *shape.counts.entry("img").or_default() += 1;
            words.push_str(&it.as_str()[at..mark.range.start]);
            words.push_str(alt);
            at = mark.range.end;
        }
    }
    words.push_str(&it.as_str()[at..]);
}

fn read(markdown: &str) -> Document {
    let source = Source::new(SourceId(0), "a.md", markdown);
    let options = ReadOptions { chapter: true, ..ReadOptions::default() };
    let mut report = Report::default();
    let document = read::markdown::read(&source, &options, &mut report);
    crate::read::check(&document, &report, &source);
    document
}

fn run(spec: &str, least: usize) {
    let examples = examples(spec);
    assert!(examples.len() >= least, "{} examples of {spec}", examples.len());
    let known: BTreeMap<usize, &str> = (OTHERWISE.lines().filter(|line| !line.starts_with('#')))
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|columns| columns[0] == spec)
        .map(|columns| (columns[1].parse().expect("a number"), columns[2]))
        .collect();
    let mut wrong = Vec::new();
    for Example { number, markdown, html } in &examples {
        let (expected, got) = (of_html(html), of_document(&read(markdown)));
        let same = expected == got;
        match (same, known.get(number)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => {
                wrong.push(format!("{spec}\t{number}\tread as it should be, and listed: {reason}"))
            }
            (false, None) => wrong
                .push(format!("{spec}\t{number}\t{markdown:?}\n  expected {expected:?}\n  got      {got:?}")),
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

#[test]
fn commonmark() {
    run("commonmark", 650);
}

#[test]
fn gfm() {
    run("gfm", 650);
}
