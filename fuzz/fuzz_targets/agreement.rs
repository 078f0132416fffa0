//! See `fieldproof_fuzz::agreement`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("agreement", data));
