//! Any bytes as a page in HTML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::press("a.html", bytes));
