//! `fuzz/seeds`: each element in each format, and every input that once broke a reader. All are read, and none may break one
//! again. `UPDATE=1` writes those of the elements.

use std::{
    io::{Cursor, Write as _},
    path::Path,
};

use hanpress::{edition::Edition, report::Report, write};

use crate::{elements::ELEMENTS, mutation, round_trip::dressed, support};

/// Where a part of a package begins in a seed: a line with its name follows, and its bytes.
const PART: u8 = 0x1E;

/// Parts as a seed has them: those with text, and of the looks only what the text names.
fn joined(bytes: Vec<u8>) -> Vec<u8> {
    let parts = mutation::unzipped(bytes);
    let main = parts.iter().find(|(name, _)| name == "word/document.xml");
    let main = main.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default();
    let mut out = Vec::new();
    for (name, bytes) in &parts {
        let bytes = match name.as_str() {
            _ if [".css", ".png", "theme1.xml", "fontTable.xml"].iter().any(|end| name.ends_with(end)) => {
                continue;
            }
            "word/styles.xml" => {
                let text = String::from_utf8_lossy(bytes).into_owned();
                let (head, rest) = text.split_once("<w:style ").unwrap_or((&text, ""));
                let named = |style: &&str| {
                    let id = style.split("w:styleId=\"").nth(1).and_then(|rest| rest.split('"').next());
                    id.is_some_and(|id| main.contains(&format!("\"{id}\"")))
                };
                let end = if rest.is_empty() { "" } else { "</w:styles>" };
                let kept: Vec<&str> = rest.split("<w:style ").filter(named).collect();
                let kept = kept.iter().map(|style| format!("<w:style {}", style.trim_end_matches(end)));
                format!("{head}{}{end}", kept.collect::<String>()).into_bytes()
            }
            _ => bytes.clone(),
        };
        out.push(PART);
        out.extend(name.as_bytes());
        out.push(b'\n');
        out.extend(bytes);
    }
    out
}

/// A package again.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for part in bytes.split(|&byte| byte == PART).skip(1) {
        let end = part.iter().position(|&byte| byte == b'\n').unwrap_or(part.len());
        if zip.start_file(String::from_utf8_lossy(&part[..end]), stored).is_ok() {
            zip.write_all(part.get(end + 1..).unwrap_or_default()).expect("memory");
        }
    }
    zip.finish().expect("memory").into_inner()
}

fn renew(dir: &Path) {
    let (kit, edition) = (support::kit(), Edition::parse("tw").expect("known"));
    for (number, element) in ELEMENTS.iter().enumerate() {
        let document = dressed(element.case);
        let silent = &mut Report::default();
        let html = write::html::write(&kit, &edition, &document, silent).expect("a page");
        let html = String::from_utf8(html).expect("text");
        let (head, rest) = html.split_once("<style>").expect("a style");
        let page = [head, rest.split_once("</style>").expect("a style").1].concat();
        let docx = write::docx::write(&kit, &edition, &document, silent).expect("a DOCX");
        let epub = write::epub::write(&kit, &edition, &document, silent).expect("an EPUB");
        for (kind, bytes) in [
            ("markdown", element.case.as_bytes().to_vec()),
            ("plain", write::text::write(&edition, &document)),
            ("html", page.into_bytes()),
            ("docx", joined(docx)),
            ("epub", joined(epub)),
        ] {
            let dir = dir.join(kind);
            std::fs::create_dir_all(&dir).expect("a folder");
            std::fs::write(dir.join(format!("element-{number:02}")), bytes).expect("a seed");
        }
    }
}

#[test]
fn no_seed_breaks_a_reader() {
    let dir = support::root().join("fuzz/seeds");
    if std::env::var_os("UPDATE").is_some() {
        renew(&dir);
    }
    let kit = support::kit();
    let mut read = 0;
    for (kind, name) in
        [("markdown", "a.md"), ("plain", "a.txt"), ("html", "a.html"), ("docx", "a.docx"), ("epub", "a.epub")]
    {
        let files = std::fs::read_dir(dir.join(kind)).expect("seeds");
        let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
        files.sort();
        for file in files {
            let bytes = std::fs::read(&file).expect("a seed");
            let bytes = if kind == "docx" || kind == "epub" { packed(&bytes) } else { bytes };
            // The reader's options of each round; the writers that need faces have their own rounds.
            for round in [0, 1, 2, 6, 8] {
                let told = mutation::Round(file.to_str().expect("a path"), round);
                mutation::press(&kit, name, bytes.clone(), round);
                drop(told);
            }
            read += 1;
        }
    }
    assert!(read >= 5 * ELEMENTS.len(), "{read}");
}
