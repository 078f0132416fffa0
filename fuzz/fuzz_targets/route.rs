//! See `fieldproof_fuzz::route`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| fieldproof_fuzz::run("route", data));
