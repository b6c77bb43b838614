//! Any fragment of a link gives a run or a sentence, never a panic; and a link that plays can be
//! made again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quorumscope_core::script::link::{decode, encode};

fuzz_target!(|fragment: &str| {
    if let Ok(opened) = decode(fragment) {
        assert_eq!(decode(&encode(&opened.run)).map(|again| again.run), Ok(opened.run));
    }
});
