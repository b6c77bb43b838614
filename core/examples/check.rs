//! Judges files of operations: `cargo run --release -p quorumscope-core --example check -- FILE…`
//!
//! One line a file: its name, `linearizable` or `not linearizable`, the operations at fault, and
//! how long the judgement took. An operation is named by the line of its invocation.
//!
//! Exit status: 0 if every file is linearizable; 1 if one is not, or was given up as too long; 2 if
//! one cannot be read, which is told with line and reason on the standard error.

use quorumscope_core::check::linearizability::{self, Report};
use quorumscope_core::history::History;
use std::process::ExitCode;

/// The core has virtual time only; this is a tool around it, and measures.
#[expect(clippy::disallowed_types, reason = "the time taken is measured")]
type Clock = std::time::Instant;

fn main() -> ExitCode {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        eprintln!("usage: check FILE…");
        return ExitCode::from(2);
    }
    let statuses = files.iter().map(|file| match read(file) {
        Ok(history) => judge(file, &history),
        Err(reason) => {
            eprintln!("{file}: {reason}");
            2
        }
    });
    ExitCode::from(statuses.max().unwrap_or(0))
}

fn read(file: &str) -> Result<History, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    History::parse(&bytes).map_err(|error| error.to_string())
}

/// Prints the line of a file and returns its exit status.
fn judge(file: &str, history: &History) -> u8 {
    let start = Clock::now();
    let report = linearizability::check(history);
    let time = start.elapsed();
    let (verdict, status) = match report.is_linearizable() {
        Some(true) => ("linearizable".to_owned(), 0),
        Some(false) => (format!("not linearizable\t{}", faults(history, &report)), 1),
        None => ("undecided: given up as too long".to_owned(), 1),
    };
    println!("{file}\t{verdict}\t{:.3} ms", time.as_secs_f64() * 1e3);
    status
}

/// What is wrong, key by key.
fn faults(history: &History, report: &Report) -> String {
    let _ = history;
    let faults = report.violations().map(|(key, violation)| {
        let operations: Vec<String> =
            violation.operations.iter().map(ToString::to_string).collect();
        format!("{key}: {}", operations.join(" "))
    });
    faults.collect::<Vec<_>>().join(", ")
}
