//! See `fieldproof_fuzz::site`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("site", data));
