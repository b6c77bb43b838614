//! Whatever stands behind the `#`: a script or a sentence, never a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|fragment: &str| {
    let _ = fragment;
});
