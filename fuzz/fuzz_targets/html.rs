//! Any bytes as a page in HTML: no panic, and every span lies in the source.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::read("a.html", bytes));
