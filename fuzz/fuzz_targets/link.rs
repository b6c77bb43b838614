//! Whatever stands behind the `#`: a run or a sentence, never a panic; and what plays links again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quorumscope_core::script::link::{decode, encode};

fuzz_target!(|fragment: &str| {
    if let Ok(opened) = decode(fragment) {
        assert_eq!(decode(&encode(&opened.run)).map(|again| again.run), Ok(opened.run));
    }
});
