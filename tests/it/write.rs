//! EPUB and DOCX: same bytes twice, well-formed parts, the text of the document, faces with every character.

mod house;
mod marks;
pub mod sample;
mod shelf;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use hanpress::{
    document::{Block, Document},
    edition::Edition,
    report::Report,
    text::OBJECT,
    write,
};
use quick_xml::{Reader, events::Event};
use skrifa::MetadataProvider;

fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut file = zip.by_index(i).unwrap();
            assert_eq!(file.last_modified().unwrap().year(), 1980);
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            (file.name().unwrap().into_owned(), bytes)
        })
        .collect()
}

/// The text of an XML part, by the elements that hold text; `skip` names elements left out.
fn words(xml: &[u8], only: Option<&str>, skip: &[&str]) -> String {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = true;
    let (mut out, mut stack) = (String::new(), Vec::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(e) => stack.push(e.name().as_ref().to_owned()),
            Event::End(_) => drop(stack.pop()),
            Event::Empty(e) if ["br", "w:br"].contains(&e.name().as_ref()) => out.push('\n'),
            Event::Text(text) => {
                let inside = only.is_none_or(|o| stack.last().is_some_and(|n| n == o));
                if inside && !stack.iter().any(|n| skip.contains(&n.as_str())) {
                    out.push_str(&text.xml10_content());
                }
            }
            Event::GeneralRef(e) => {
                let inside = only.is_none_or(|o| stack.last().is_some_and(|n| n == o));
                if inside && !stack.iter().any(|n| skip.contains(&n.as_str())) {
                    out.push_str(match &*e {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        other => panic!("entity {other}"),
                    });
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(stack.is_empty(), "an element is left open");
    out
}

/// What both outputs must carry, in order, without what XML cannot hold.
fn expected(document: &Document) -> Vec<String> {
    let fit = |c: &char| {
        !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
            && *c != OBJECT
    };
    let mut body = document.clone();
    (body.meta.rights, body.meta.publisher, body.meta.description) = (None, None, None);
    body.texts().into_iter().map(|(_, t)| t.as_str().chars().filter(fit).collect()).collect()
}

fn squeezed(string: &str) -> String {
    string.chars().filter(|c| !c.is_whitespace()).collect()
}

fn write_as(kind: &str, tag: &str, document: &Document) -> (Vec<u8>, Report) {
    let kit = sample::kit();
    let edition = Edition::parse(tag).unwrap();
    let mut report = Report::default();
    let bytes = match kind {
        "epub" => write::epub::write(&kit, &edition, document, &mut report).unwrap(),
        _ => write::docx::write(&kit, &edition, document, &mut report).unwrap(),
    };
    (bytes, report)
}

fn documents() -> Vec<(&'static str, Document)> {
    vec![
        ("article", sample::article()),
        ("everything", sample::everything()),
        ("hostile", sample::hostile()),
        ("empty", Document::default()),
        ("book", sample::book()),
    ]
}

#[test]
fn the_same_bytes_twice() {
    for kind in ["epub", "docx"] {
        for (name, document) in documents().into_iter().take(3) {
            let (one, two) = (write_as(kind, "tw", &document).0, write_as(kind, "tw", &document).0);
            assert!(one == two, "{name}.{kind}");
        }
    }
}

#[test]
fn every_part_is_well_formed_and_the_text_is_all_there() {
    for kind in ["epub", "docx"] {
        for (name, document) in documents() {
            let (bytes, _) = write_as(kind, "hk", &document);
            let mut text = String::new();
            for (path, bytes) in parts(&bytes) {
                let xml = [".xml", ".rels", ".xhtml", ".opf", ".ncx"].iter().any(|e| path.ends_with(e));
                if !xml {
                    continue;
                }
                // Readings stand between the characters of the text.
                let skip: &[&str] = &["head", "nav", "rt"];
                match (kind, path.as_str()) {
                    ("docx", "word/document.xml" | "word/footnotes.xml") => {
                        text.push_str(&words(&bytes, Some("w:t"), &["w:rt"]));
                    }
                    ("epub", p) if p.ends_with(".xhtml") => text.push_str(&words(&bytes, None, skip)),
                    _ => drop(words(&bytes, None, &[])),
                }
            }
            // Notes move in one format and note marks stand between words: look for the stretches.
            let text = squeezed(&text);
            for wanted in expected(&document) {
                assert!(
                    document
                        .texts()
                        .iter()
                        .any(|(_, t)| t.as_str().contains(OBJECT) && expected_of(t) == wanted)
                        || text.contains(&squeezed(&wanted)),
                    "{name}.{kind}: {wanted:?} is not in {text}"
                );
            }
        }
    }
}

fn expected_of(text: &hanpress::text::Text) -> String {
    text.as_str().chars().filter(|c| *c != OBJECT).collect()
}

#[test]
fn the_article_reads_in_order() {
    let document = sample::article();
    let all: String = expected(&document).iter().map(|t| squeezed(t)).collect();
    for (kind, part, only) in [("epub", "EPUB/text.xhtml", None), ("docx", "word/document.xml", Some("w:t"))]
    {
        let (bytes, report) = write_as(kind, "hk", &document);
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        let parts: BTreeMap<_, _> = parts(&bytes).into_iter().collect();
        let text = squeezed(&words(&parts[part], only, &["head"]));
        // The date is set between the authors and the text.
        assert_eq!(text.replacen("2025年9月1日", "", 1), all, "{kind}");
    }
}

#[test]
fn embedded_faces_have_every_character() {
    let document = sample::everything();
    let used: BTreeSet<char> = expected(&document).concat().chars().filter(|c| !c.is_control()).collect();
    for kind in ["epub", "docx"] {
        for tag in ["hk", "tw", "cn"] {
            let (bytes, _) = write_as(kind, tag, &document);
            let parts: BTreeMap<String, Vec<u8>> = parts(&bytes).into_iter().collect();
            let mut have = BTreeSet::new();
            for (path, bytes) in &parts {
                let mut bytes = bytes.clone();
                if path.ends_with(".odttf") {
                    reveal(&mut bytes, path, &parts);
                } else if !path.ends_with(".ttf") {
                    continue;
                }
                let font = skrifa::FontRef::new(&bytes).unwrap();
                have.extend(font.charmap().mappings().filter_map(|(c, _)| char::from_u32(c)));
                let name =
                    font.localized_strings(skrifa::string::StringId::FAMILY_NAME).english_or_first().unwrap();
                assert!(!name.to_string().contains("LXGW"), "a reserved name in {path}");
            }
            let missing: Vec<_> = used.difference(&have).collect();
            assert!(missing.is_empty(), "{tag}.{kind}: {missing:?}");
        }
    }
}

/// Undoes the obfuscation of an embedded font with the key that the font table names.
fn reveal(bytes: &mut [u8], path: &str, parts: &BTreeMap<String, Vec<u8>>) {
    let table = String::from_utf8(parts["word/fontTable.xml"].clone()).unwrap();
    let rels = String::from_utf8(parts["word/_rels/fontTable.xml.rels"].clone()).unwrap();
    let target = format!("Target=\"{}\"", path.trim_start_matches("word/"));
    let before = &rels[..rels.find(&target).unwrap()];
    let id = &before[before.rfind("Id=\"").unwrap() + 4..];
    let id = &id[..id.find('"').unwrap()];
    let after = &table[table.find(&format!("r:id=\"{id}\"")).unwrap()..];
    let key = &after[after.find('{').unwrap() + 1..after.find('}').unwrap()];
    let hex: String = key.chars().filter(|c| *c != '-').collect();
    let key: Vec<u8> =
        (0..16).rev().map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    for i in 0..32 {
        bytes[i] ^= key[i % 16];
    }
}

#[test]
fn the_dash_is_a_full_em() {
    let (bytes, _) = write_as("epub", "tw", &sample::article());
    for (path, bytes) in parts(&bytes).iter().filter(|(p, _)| p.ends_with("noto-serif-tc-400.ttf")) {
        let font = skrifa::FontRef::new(bytes).unwrap();
        let metrics =
            font.glyph_metrics(skrifa::instance::Size::unscaled(), skrifa::instance::LocationRef::default());
        let glyph = font.charmap().map('\u{2014}').unwrap();
        assert_eq!(metrics.advance_width(glyph), Some(1000.0), "{path}");
    }
}

#[test]
fn a_character_that_no_face_has_is_reported_with_its_place() {
    let text = hanpress::text::Text::verbatim("好\u{12000}", hanpress::source::SourceId(0), 7);
    let document =
        Document { blocks: vec![Block::Paragraph { text, role: Default::default() }], ..Document::default() };
    for kind in ["epub", "docx"] {
        let (_, report) = write_as(kind, "tw", &document);
        let found: Vec<_> = report.diagnostics.iter().map(|d| (d.rule, d.span.range())).collect();
        assert_eq!(found, [("missing-glyph", 10..14)], "{kind}");
    }
}

#[test]
fn another_reader_opens_the_epub() {
    let (bytes, _) = write_as("epub", "cn", &sample::book());
    let epub = rbook::Epub::options().strict(true).read(std::io::Cursor::new(bytes)).unwrap();
    assert_eq!(epub.metadata().title().unwrap().value(), "當下國際社會亟需「第三種可能」");
    assert_eq!(epub.metadata().creators().count(), 2);
    assert_eq!(epub.spine().len(), 15);
    assert!(epub.manifest().cover_image().is_some());
}
