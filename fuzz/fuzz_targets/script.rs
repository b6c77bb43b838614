//! Whatever the text: a run or a sentence, never a panic; and what is printed means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quorumscope_core::script;

fuzz_target!(|text: &str| {
    if let Ok(run) = script::parse(text) {
        let printed = script::print(&run);
        assert_eq!(script::parse(&printed).as_ref(), Ok(&run), "{printed}");
    }
});
