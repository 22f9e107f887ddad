//! The claims of a token whose signature was good.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seseragi_guard::fuzz_claims(bytes));
