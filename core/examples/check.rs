//! Judges files of operations, in any of the formats that the page reads too: `cargo run --release -p quorumscope-core --example check -- FILE…`
//!
//! One line per file: its name, `linearizable` or `not linearizable`, the operations at fault, and
//! the duration of the judgement; for a history that is not linearizable also the duration of the
//! search for the fault, which is more than the judgement needs. Reading is not counted.
//!
//! The operations at fault are listed by key; an operation is named by the line of its invocation.
//!
//! Exit status: 0 if every file is linearizable; 1 if one is not, or was given up as too long; 2 if
//! one cannot be read; then line and reason go to the standard error.

use quorumscope_core::check::linearizability::{self, DEFAULT_STEPS, Report};
use quorumscope_core::history::{OperationId, Reader};
use std::process::ExitCode;

/// The core has virtual time only; this tool around it measures real time.
#[expect(clippy::disallowed_types, reason = "the time taken is measured")]
type Clock = std::time::Instant;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: check FILE…");
        return ExitCode::from(2);
    }
    let statuses = files.iter().map(|file| match read(file) {
        Ok(recorded) => judge(file, &recorded),
        Err(reason) => {
            eprintln!("{file}: {reason}");
            2
        }
    });
    ExitCode::from(statuses.max().unwrap_or(0))
}

fn read(file: &str) -> Result<Reader, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let mut reader = Reader::default();
    while !reader.read(&bytes, usize::MAX).map_err(|error| error.to_string())? {}
    Ok(reader)
}

/// Prints the line of a file and returns its exit status.
fn judge(file: &str, recorded: &Reader) -> u8 {
    let history = &recorded.history;
    let start = Clock::now();
    let verdict = linearizability::is_linearizable(history, DEFAULT_STEPS);
    let judged = milliseconds(start);
    match verdict {
        Some(true) => {
            println!("{file}\tlinearizable\t{judged}");
            0
        }
        Some(false) => {
            let start = Clock::now();
            let report = linearizability::check(history);
            let found = milliseconds(start);
            let faults = faults(recorded, &report);
            println!("{file}\tnot linearizable\t{faults}\t{judged} (faults {found})");
            1
        }
        None => {
            println!("{file}\tundecided: given up as too long\t{judged}");
            1
        }
    }
}

fn milliseconds(start: Clock) -> String {
    format!("{:.3} ms", start.elapsed().as_secs_f64() * 1e3)
}

/// The operations at fault, key by key: `x: lines 3 7, y: lines 4 9 12`.
fn faults(recorded: &Reader, report: &Report) -> String {
    let faults = report.violations().map(|(key, violation)| {
        let event = |&id: &OperationId| recorded.history.operation(id).invoked.event as usize;
        let lines = violation.operations.iter().map(|id| recorded.lines[event(id)].to_string());
        format!("{key}: lines {}", lines.collect::<Vec<_>>().join(" "))
    });
    faults.collect::<Vec<_>>().join(", ")
}
