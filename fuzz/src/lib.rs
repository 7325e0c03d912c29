//! What every target does with its bytes: it reads them as a conversion does, writes them as text, and looks at the places.

use std::io::{Cursor, Write as _};

use hanpress::{
    edition::Edition,
    links,
    read::{self, ReadOptions, docx::Tracked},
    report::Report,
    source::SourceId,
    write,
};

/// Reads bytes as a file of that name and writes what was read as Markdown and plain text.
///
/// # Panics
/// When the program does, or when a span does not lie in the source or is not verbatim where it says so.
pub fn press(name: &str, bytes: &[u8]) {
    let mut report = Report::default();
    let Ok(source) = read::open(SourceId(0), name, &mut bytes.to_vec(), None, &mut report) else { return };
    // Options go by the length, so that a find says them.
    let which = bytes.len();
    let options = ReadOptions {
        markup: which % 3 == 1,
        whole: which % 3 == 2,
        chapter: which % 5 == 1,
        letter: which % 7 == 1,
        tracked: if which.is_multiple_of(2) { Tracked::Accepted } else { Tracked::Refused },
        ..ReadOptions::default()
    };
    let mut document = (read::reader(&source).read)(&source, &options, &mut report);
    read::mark_foreign(&mut document, &mut report);
    links::settle(&mut document, &mut report);
    for (_, text) in document.texts() {
        for (range, piece) in text.piece_ranges() {
            let slice = source.text.get(piece.span.range()).expect("a span of the source");
            assert!(!piece.verbatim || slice == &text.as_str()[range]);
        }
    }
    for diagnostic in &report.diagnostics {
        assert!(source.text.get(diagnostic.span.range()).is_some(), "{diagnostic:?}");
    }
    let edition = Edition::parse("tw").expect("known");
    write::markdown::write(&edition, &document, &mut report);
    write::text::write(&edition, &document);
}

/// A package of parts that stand one after another, each behind U+001E and a line with its name: bytes that are packed would
/// not be understood again once a bit of them is another.
///
/// # Panics
/// Never: it is written to memory.
pub fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for part in bytes.split(|&byte| byte == 0x1E).skip(1) {
        let end = part.iter().position(|&byte| byte == b'\n').unwrap_or(part.len());
        // A name that is there already makes no part.
        if zip.start_file(String::from_utf8_lossy(&part[..end]), stored).is_ok() {
            zip.write_all(part.get(end + 1..).unwrap_or_default()).expect("memory");
        }
    }
    zip.finish().expect("memory").into_inner()
}
