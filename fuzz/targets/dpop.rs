//! A proof of possession.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seseragi_guard::fuzz_proof(bytes));
