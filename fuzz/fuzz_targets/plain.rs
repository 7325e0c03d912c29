//! Any bytes as plain text, in any encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| hanpress_fuzz::press("a.txt", bytes));
