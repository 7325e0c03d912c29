//! Any bytes as Markdown: no panic, and every span lies in the source.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::read("a.md", bytes));
