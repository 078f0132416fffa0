//! See `fieldproof_fuzz::curl`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("curl", data));
