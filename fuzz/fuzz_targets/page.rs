//! See `fieldproof_fuzz::page`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("page", data));
