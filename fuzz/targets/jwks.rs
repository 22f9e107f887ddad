//! The key set of another issuer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| seseragi_guard::fuzz_key_set(bytes));
