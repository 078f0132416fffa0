//! See `fieldproof_fuzz::types`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("types", data));
