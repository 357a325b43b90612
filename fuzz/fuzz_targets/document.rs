//! Whole documents.
#![no_main]

mod kept;

libfuzzer_sys::fuzz_target!(|text: &str| kept::kept(text));
