//! The header of a token.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seseragi_guard::fuzz_header(bytes));
