//! See `fieldproof_fuzz::judge`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("judge", data));
