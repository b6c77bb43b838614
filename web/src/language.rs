//! Where the page meets the language: what is typed, printed, linked and completed.

use quorumscope_core::run::{Run, Statement};
use quorumscope_core::script;
use quorumscope_core::script::Entry;
use quorumscope_core::script::link::Opened;

/// Reads a script.
///
/// # Errors
/// The sentence that says what is wrong, and where.
pub fn run(text: &str) -> Result<Run, String> {
    script::parse(text).map_err(|e| e.to_string())
}

/// Reads a line of the console.
///
/// # Errors
/// The sentence that says what is wrong, and where.
pub fn statements(text: &str, run: &Run) -> Result<Vec<Entry>, String> {
    let mut words = text.split_whitespace();
    if words.next() == Some("help") {
        return Err(script::help(words.next().unwrap_or_default()));
    }
    script::parse_statement(text, run).map_err(|e| e.to_string())
}

/// Prints a run.
#[must_use]
pub fn print(run: &Run) -> String {
    script::print(run)
}

/// Prints one statement.
#[must_use]
pub fn print_statement(statement: &Statement) -> String {
    script::print_statement(statement)
}

/// The words that may stand next in the console.
#[must_use]
pub fn complete(text: &str, run: &Run) -> Vec<String> {
    script::complete(text, run)
}

/// What stands behind the `#` of a link to a run.
#[must_use]
pub fn encode(run: &Run) -> String {
    script::link::encode(run)
}

/// Reads the run that stands behind the `#` of a link, and what people should know of it.
///
/// # Errors
/// The sentence that says what is wrong.
pub fn decode(fragment: &str) -> Result<Opened, String> {
    script::link::decode(fragment).map_err(|e| e.to_string())
}
