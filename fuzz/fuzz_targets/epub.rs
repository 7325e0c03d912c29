//! Any parts as a book.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::press("a.epub", &hanpress_fuzz::packed(bytes)));
