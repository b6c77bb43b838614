//! Where the page meets the language: what is typed, printed, linked and completed.
//!
//! Reader and printer come with the second module. Until then nothing that needs them is called: the
//! page keeps what people do, and does it then.

use crate::later::late;
use quorumscope_core::run::{Run, Statement};
use quorumscope_core::script;
use quorumscope_core::script::Entry;
use quorumscope_core::script::link::Opened;
use quorumscope_core::session::Session;

/// The error for a call before the second module is there.
const NOT_YET: &str = "the page is still loading; try again in a moment";

/// The functions that come with the second module.
#[derive(Clone, Copy)]
struct Language {
    run: fn(&str) -> Result<Run, String>,
    statements: fn(&str, &Run) -> Result<Vec<Entry>, String>,
    print: fn(&Run) -> String,
    print_statement: fn(&Statement) -> String,
    complete: fn(&str, &Run) -> Vec<String>,
    link: fn(&Session) -> String,
    decode: fn(&str) -> Result<Opened, String>,
}

mod table {
    use super::{Language, decoded, linked, read, read_statements, script};

    super::late!(
        Language = Language {
            run: read,
            statements: read_statements,
            print: script::print,
            print_statement: script::print_statement,
            complete: script::complete,
            link: linked,
            decode: decoded,
        }
    );
}

pub use table::install;

/// Reads a script.
///
/// # Errors
/// The sentence that says what is wrong, and where.
pub fn run(text: &str) -> Result<Run, String> {
    table::get().map_or_else(|| Err(NOT_YET.into()), |language| (language.run)(text))
}

/// Reads a line of the console.
///
/// # Errors
/// The sentence that says what is wrong, and where.
pub fn statements(text: &str, run: &Run) -> Result<Vec<Entry>, String> {
    table::get().map_or_else(|| Err(NOT_YET.into()), |language| (language.statements)(text, run))
}

/// Prints a run; nothing before the second module is there.
#[must_use]
pub fn print(run: &Run) -> String {
    table::get().map_or_else(String::new, |language| (language.print)(run))
}

/// Prints one statement; nothing before the second module is there.
#[must_use]
pub fn print_statement(statement: &Statement) -> String {
    table::get().map_or_else(String::new, |language| (language.print_statement)(statement))
}

/// The words that may stand next in the console.
#[must_use]
pub fn complete(text: &str, run: &Run) -> Vec<String> {
    table::get().map_or_else(Vec::new, |language| (language.complete)(text, run))
}

/// The part of a link that stands behind its `#`, to a run at its playhead; nothing before the second
/// module is there.
#[must_use]
pub fn link(session: &Session) -> String {
    table::get().map_or_else(String::new, |language| (language.link)(session))
}

/// Reads the run of the part of a link that stands behind its `#`, and a notice about it.
///
/// # Errors
/// The sentence that says what is wrong.
pub fn decode(fragment: &str) -> Result<Opened, String> {
    table::get().map_or_else(|| Err(NOT_YET.into()), |language| (language.decode)(fragment))
}

/// Whether the language can be read and printed by now.
#[must_use]
pub fn is_here() -> bool {
    table::get().is_some()
}

fn read(text: &str) -> Result<Run, String> {
    script::parse(text).map_err(|e| e.to_string())
}

fn read_statements(text: &str, run: &Run) -> Result<Vec<Entry>, String> {
    let mut words = text.split_whitespace();
    if words.next() == Some("help") {
        return Err(script::help(words.next().unwrap_or_default()));
    }
    script::parse_statement(text, run).map_err(|e| e.to_string())
}

fn linked(session: &Session) -> String {
    script::link::encode(&session.shared_run())
}

fn decoded(fragment: &str) -> Result<Opened, String> {
    script::link::decode(fragment).map_err(|e| e.to_string())
}
