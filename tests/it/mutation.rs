//! Damaged manuscripts of every kind: read, checked, written again. Nothing may panic, and all places stay in the file.
//!
//! Each round damages a manuscript that has every element. `HANPRESS_ROUNDS=N` runs so many rounds a kind and
//! `HANPRESS_SEED=N` others; a round that fails says its number, and is run alone with `HANPRESS_ROUND=N`.

use std::{
    io::{Cursor, Read as _, Write as _},
    ops::Range,
};

use hanpress::{
    document::Document,
    edition::Edition,
    kit::Kit,
    layout::blocks,
    links,
    read::{self, ReadOptions, docx::Tracked},
    report::Report,
    source::SourceId,
    write,
};

use crate::{elements::ELEMENTS, read::check, round_trip::dressed, support};

/// Numbers that look random and are the same on every run.
struct Random(u64);

impl Random {
    /// Those of a round.
    fn of(round: u64) -> Self {
        let mut random = Self(
            number("HANPRESS_SEED").unwrap_or(0x9E37_79B9) ^ round.wrapping_mul(0xD129_0D3B_5A1E_9AF5) | 1,
        );
        (0..4).for_each(|_| {
            random.below(2);
        });
        random
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % bound.max(1)
    }

    fn range(&mut self, length: usize, longest: usize) -> Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(longest)).min(length)
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What damage puts in: signs of all formats, and values that nobody expects.
const SNIPPETS: &[&[u8]] = &[
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b"/",
    b"=",
    b"\0",
    b" ",
    b"\n",
    b"\n\n",
    b"\t",
    b"[",
    b"]",
    b"(",
    b")",
    b"{",
    b"}",
    b"|",
    b"*",
    b"_",
    b"`",
    b"```\n",
    b"~~~",
    b"$",
    b"$$",
    b"^",
    b"~",
    b"#",
    b"# ",
    b"> ",
    b"- ",
    b"1. ",
    b"99999999999999999999. ",
    b": ",
    b":::",
    b"::: verse\n",
    b"[^1]",
    b"[^1]: ",
    b"![",
    b"](",
    b"{#a}",
    b"{.name}",
    b"{.page}",
    b"[@fig:1]",
    b"|a|b|\n|-|-|\n",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml",
    b"<!DOCTYPE a [<!ENTITY b \"c\">]>",
    b"&b;",
    b"&#0;",
    b"&#x10FFFF;",
    b"&#xD800;",
    b"0",
    b"-1",
    b"65536",
    b"4294967296",
    b"18446744073709551616",
    b"NaN",
    b"\xEF\xBF\xBC",
    b"\xEF\xBB\xBF",
    b"\xE2\x80\x8F",
    b"\xF0\xA0\x80\x80",
    b"\xFF",
    b"\xCC\x81",
    b"\xEF\xB8\x80",
    b"\r",
    b"\r\n",
    b"\xE2\x80\xA8",
    b"<p>",
    b"</p>",
    b"<table>",
    b"<tr>",
    b"<td colspan='1000' rowspan='65535'>",
    b"<ruby>",
    b"<rt>",
    b"</ruby>",
    b"<ol start='-5'>",
    b"<svg>",
    b"<math>",
    b"<template>",
    b"<br/>",
    b"<a href='#note-1'>1</a>",
    b"<w:p>",
    b"</w:p>",
    b"<w:tbl>",
    b"<w:tr/>",
    b"<w:r><w:t>x</w:t></w:r>",
    b"<w:fldChar w:fldCharType=\"begin\"/>",
    b"<w:fldChar w:fldCharType=\"end\"/>",
    b"<w:gridSpan w:val=\"70000\"/>",
    b"<w:sdt>",
    b"<w:del>",
    b"<w:ins>",
    b"<w:footnoteReference w:id=\"1\"/>",
    b"<w:numPr><w:ilvl w:val=\"99\"/><w:numId w:val=\"1\"/></w:numPr>",
    b"---\n",
    b"index: names\n",
    b"\xE4\xB8\x80",
];

/// Damages bytes.
fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    let length = bytes.len();
    // Where tags begin and end, or lines: what is moved as a whole is still understood.
    let edges: Vec<usize> = (0..length).filter(|&at| matches!(bytes[at], b'<' | b'\n')).collect();
    let piece = |random: &mut Random| -> Range<usize> {
        if edges.is_empty() {
            return 0..0;
        }
        let first = random.below(edges.len());
        let last = (first + 1 + random.below(12)).min(edges.len() - 1);
        edges[first]..edges[last].max(edges[first])
    };
    match random.below(12) {
        0 => bytes.truncate(random.below(length + 1)),
        1 | 2 => {
            let at = random.below(length + 1);
            bytes.splice(at..at, SNIPPETS[random.below(SNIPPETS.len())].iter().copied());
        }
        3 if length > 0 => bytes[random.below(length)] = random.below(256) as u8,
        4 => {
            let range = random.range(length, 40);
            bytes.drain(range);
        }
        5 | 6 => {
            let range = piece(random);
            bytes.drain(range);
        }
        7 | 8 => {
            let copy = bytes[piece(random)].to_vec();
            let at = piece(random).start;
            bytes.splice(at..at, copy);
        }
        9 => {
            // The same many times in itself.
            let copy = bytes[piece(random)].to_vec();
            let at = piece(random).start;
            let many = copy.repeat(1 + random.below(60));
            bytes.splice(at..at, many);
        }
        10 => {
            let digits: Vec<usize> = (0..length).filter(|&at| bytes[at].is_ascii_digit()).collect();
            if !digits.is_empty() {
                let at = digits[random.below(digits.len())];
                let new: &[u8] =
                    [b"0".as_slice(), b"-7", b"99", b"4294967295", b"99999999999999999999"][random.below(5)];
                bytes.splice(at..at + 1, new.iter().copied());
            }
        }
        _ => {
            let at = random.below(edges.len().max(1));
            let edge = edges.get(at).copied().unwrap_or(0);
            bytes.splice(edge..edge, SNIPPETS[random.below(SNIPPETS.len())].iter().copied());
        }
    }
}

/// Reads what was damaged and goes on with it as a conversion does.
pub(crate) fn press(kit: &Kit, name: &str, mut bytes: Vec<u8>, round: u64) {
    let mut report = Report::default();
    let Ok(source) = read::open(SourceId(0), name, &mut bytes, None, &mut report) else { return };
    let options = ReadOptions {
        markup: round % 3 == 1,
        whole: round % 3 == 2,
        chapter: round % 5 == 1,
        letter: round % 7 == 1,
        tracked: if round.is_multiple_of(2) { Tracked::Accepted } else { Tracked::Refused },
        ..ReadOptions::default()
    };
    let mut document = (read::reader(&source).read)(&source, &options, &mut report);
    check(&document, &report, &source);
    read::mark_foreign(&mut document, &mut report);
    links::settle(&mut document, &mut report);
    check(&document, &report, &source);
    let edition = Edition::parse(["tw", "hk", "cn"][round as usize % 3]).expect("known");
    write::markdown::write(&edition, &document, &mut Report::default());
    write::text::write(&edition, &document);
    let silent = &mut Report::default();
    match round % 24 {
        5 => drop(
            blocks::lay_out(kit, &edition, &document, blocks::Options::default(), silent).expect("pages"),
        ),
        11 => drop(write::html::write(kit, &edition, &document, silent).expect("a page")),
        17 => drop(write::epub::write(kit, &edition, &document, silent).expect("an EPUB")),
        23 => drop(write::docx::write(kit, &edition, &document, silent).expect("a DOCX")),
        _ => {}
    }
}

/// A manuscript with every element.
fn whole() -> Document {
    let mut text = String::from(
        "---\ntitle: 題\nauthor: 甲\nindex: names, titles, terms\nnotes: chapter\n---\n\n# 首\n\n",
    );
    for (number, element) in ELEMENTS.iter().enumerate() {
        let body = element
            .case
            .strip_prefix("---\n")
            .and_then(|rest| rest.split_once("\n---\n"))
            .map_or(element.case, |p| p.1);
        // Names of notes and places are those of their element.
        text += &body
            .replace("[^", &format!("[^{number}"))
            .replace("{#", &format!("{{#e{number}"))
            .replace("(#", &format!("(#e{number}"));
        text += "\n\n";
    }
    dressed(&text)
}

/// The parts of a package that have text, and the others.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

pub(crate) fn unzipped(bytes: Vec<u8>) -> Parts {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).expect("a package");
    let mut out = Vec::new();
    for at in 0..package.len() {
        let mut part = package.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("bytes");
        // Faces are heavy and are not read.
        let name = part.name().expect("a name").into_owned();
        if !name.ends_with("ttf") {
            out.push((name, bytes));
        }
    }
    out
}

fn zipped(parts: &Parts) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), stored).expect("a part");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// Says which round it was, if it ends in a panic.
pub(crate) struct Round<'a>(pub &'a str, pub u64);

impl Drop for Round<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: HANPRESS_ROUND={}", self.0, self.1);
        }
    }
}

fn rounds(kind: &str, usual: u64, mut one: impl FnMut(u64)) {
    let only = number("HANPRESS_ROUND");
    let all = match only {
        Some(round) => round..round + 1,
        None => 0..number("HANPRESS_ROUNDS").unwrap_or(usual),
    };
    for round in all {
        let told = Round(kind, round);
        one(round);
        drop(told);
    }
}

/// Damages a text of a kind.
fn texts(name: &str, text: &[u8], usual: u64) {
    let kit = support::kit();
    rounds(name, usual, |round| {
        let mut random = Random::of(round);
        let mut bytes = text.to_vec();
        for _ in 0..1 + random.below(8) {
            damage(&mut bytes, &mut random);
        }
        press(&kit, name, bytes, round);
    });
}

/// Damages parts of a package.
fn packages(name: &str, bytes: Vec<u8>, usual: u64) {
    let kit = support::kit();
    let parts = unzipped(bytes);
    let text = |part: &str| [".xml", ".xhtml", ".opf", ".rels", ".ncx"].iter().any(|end| part.ends_with(end));
    let with_text: Vec<usize> = (0..parts.len()).filter(|&at| text(&parts[at].0)).collect();
    // Half of the damage is done to the main text.
    let main = with_text.iter().copied().max_by_key(|&at| parts[at].1.len()).expect("a text");
    rounds(name, usual, |round| {
        let mut random = Random::of(round);
        let mut parts = parts.clone();
        for _ in 0..1 + random.below(8) {
            let at = if random.below(2) == 0 { main } else { with_text[random.below(with_text.len())] };
            damage(&mut parts[at].1, &mut random);
        }
        let mut bytes = zipped(&parts);
        if random.below(20) == 0 {
            damage(&mut bytes, &mut random);
        }
        press(&kit, name, bytes, round);
    });
}

#[test]
fn damaged_markdown() {
    let edition = Edition::parse("tw").expect("known");
    let text = write::markdown::write(&edition, &whole(), &mut Report::default());
    texts("題.md", &text, 150);
}

#[test]
fn damaged_text() {
    let edition = Edition::parse("tw").expect("known");
    texts("題.txt", &write::text::write(&edition, &whole()), 100);
}

#[test]
fn damaged_pages() {
    let edition = Edition::parse("tw").expect("known");
    let page =
        write::html::write(&support::kit(), &edition, &whole(), &mut Report::default()).expect("a page");
    // Without its faces.
    let page = String::from_utf8(page).expect("text");
    let (head, rest) = page.split_once("<style>").expect("a style");
    let (_, body) = rest.split_once("</style>").expect("a style");
    texts("題.html", [head, body].concat().as_bytes(), 150);
}

#[test]
fn damaged_epubs() {
    let edition = Edition::parse("tw").expect("known");
    let bytes =
        write::epub::write(&support::kit(), &edition, &whole(), &mut Report::default()).expect("an EPUB");
    packages("題.epub", bytes, 100);
}

#[test]
fn damaged_documents_of_word() {
    let edition = Edition::parse("tw").expect("known");
    let bytes =
        write::docx::write(&support::kit(), &edition, &whole(), &mut Report::default()).expect("a DOCX");
    packages("題.docx", bytes, 100);
}
