//! See `fieldproof_fuzz::json`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("json", data));
