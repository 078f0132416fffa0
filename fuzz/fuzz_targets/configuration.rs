//! See `fieldproof_fuzz::configuration`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("configuration", data));
