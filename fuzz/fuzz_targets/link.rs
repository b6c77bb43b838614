//! Whatever stands behind the `#`: a run or a sentence, never a panic; and its own link leads back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quorumscope_core::script::link;

fuzz_target!(|fragment: &str| {
    if let Ok(run) = link::decode(fragment) {
        let again = link::encode(&run);
        assert_eq!(link::decode(&again).as_ref(), Ok(&run), "{again}");
    }
});
