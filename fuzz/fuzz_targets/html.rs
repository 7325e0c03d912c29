//! Any bytes as a page in HTML: no panic, and every span lies in the source.
#![no_main]

use hanpress::{
    read::{self, ReadOptions},
    report::Report,
    source::SourceId,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut report = Report::default();
    let Ok(source) = read::open(SourceId(0), "a.html", &mut bytes.to_vec(), None, &mut report) else {
        return;
    };
    let document = (read::reader(&source).read)(&source, &ReadOptions::default(), &mut report);
    for (_, text) in document.texts() {
        for (range, piece) in text.piece_ranges() {
            let slice = source.text.get(piece.span.range()).expect("a span of the source");
            assert!(!piece.verbatim || slice == &text.as_str()[range]);
        }
    }
});
