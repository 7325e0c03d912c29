//! Any parts as a document of Word.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::press("a.docx", &hanpress_fuzz::packed(bytes)));
