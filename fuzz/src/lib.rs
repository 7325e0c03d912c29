//! What every target does with its bytes.

use hanpress::{
    read::{self, ReadOptions},
    report::Report,
    source::SourceId,
};

/// Reads bytes as a file of that name.
///
/// # Panics
/// When the reader does, or when a span does not lie in the source or is not verbatim where it says so.
pub fn read(name: &str, bytes: &[u8]) {
    let mut report = Report::default();
    let Ok(source) = read::open(SourceId(0), name, &mut bytes.to_vec(), None, &mut report) else { return };
    let document = (read::reader(&source).read)(&source, &ReadOptions::default(), &mut report);
    for (_, text) in document.texts() {
        for (range, piece) in text.piece_ranges() {
            let slice = source.text.get(piece.span.range()).expect("a span of the source");
            assert!(!piece.verbatim || slice == &text.as_str()[range]);
        }
    }
}
