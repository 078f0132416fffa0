//! See `fieldproof_fuzz::openapi`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("openapi", data));
