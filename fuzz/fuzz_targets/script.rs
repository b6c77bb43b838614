//! Any text gives a run or a sentence, never a panic; and a parsed run prints and parses again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use quorumscope_core::run::Run;
use quorumscope_core::script::{complete, parse, parse_statement, print};
use quorumscope_core::settings::Preset;

fuzz_target!(|text: &str| {
    if let Ok(run) = parse(text) {
        assert_eq!(parse(&print(&run)), Ok(run));
    }
    let run = Run::of(Preset::Raft);
    let _ = parse_statement(text, &run);
    let _ = complete(text, &run);
});
