//! Any bytes as a package: DOCX, EPUB, or none.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::press("a.epub", bytes));
