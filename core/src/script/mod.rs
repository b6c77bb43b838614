//! The one language: of the console, of lessons, of links and of tests. Text to [`Run`] and back.
//!
//! All errors of people are found here, with line and column; the other rooms receive valid runs
//! only. [`statement::FORMS`] lists the statements, [`crate::settings::Setting`] the settings:
//! parser, printer and completion share both tables.
//!
//! Invariant: `parse(print(run)) == run` for every run that can be written, and printing the result
//! of parsing a print changes nothing.

mod complete;
mod error;
mod help;
mod lexis;
mod names;
mod print;
pub(crate) mod quotation;
mod scope;
mod setup;
mod statement;
mod value;

#[cfg(test)]
pub(crate) mod arbitrary;
#[cfg(test)]
mod tests;

pub mod link;

pub use complete::complete;
pub(crate) use complete::known_keys;
pub use error::ScriptError;
pub use help::help;
pub use print::{print, print_entry, print_statement};
pub(crate) use statement::per_second;
pub use statement::{FORMS, Form, Slot};

use crate::run::{
    Command, Cue, CueKind, MAX_SCRIPT_BYTES, MAX_STATEMENTS, Run, Show, Statement, Story,
};
use crate::time::{LATEST, Time};
use error::Fault;
use lexis::{Input, Parsed};
use scope::Scope;
use winnow::Parser;
use winnow::stream::Stream;

/// A line of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A statement.
    Do(Statement),
    /// A caption, a chapter or a speed.
    Tell(CueKind),
    /// The playhead's position when the run is opened, and the state hash seen there.
    Show(Option<u64>),
}

/// Reads a whole script.
///
/// # Errors
/// One sentence with line and column when the text is not a script, or names something that its
/// clusters do not have.
pub fn parse(text: &str) -> Result<Run, ScriptError> {
    if text.len() > MAX_SCRIPT_BYTES {
        let end = text.floor_char_boundary(MAX_SCRIPT_BYTES);
        let sentence =
            format!("the script has {} bytes, expected at most {MAX_SCRIPT_BYTES}", text.len());
        return Err(ScriptError::at(text, Fault { at: end, sentence }));
    }
    let mut input = lexis::input(text, Scope::default());
    let run = script(&mut input);
    finish(text, &input.state, run)
}

/// Reads a line of the console: statements without a time, which means now.
///
/// # Errors
/// As [`parse`]; the names are those of the run's clusters, and of the nodes that it adds.
pub fn parse_statement(text: &str, run: &Run) -> Result<Vec<Entry>, ScriptError> {
    let mut input = lexis::input(text, Scope::of(run));
    let entries = console(&mut input);
    finish(text, &input.state, entries)
}

/// Reads a time in the form that follows the `@` of a statement.
///
/// # Errors
/// As [`parse`].
pub fn parse_time(text: &str) -> Result<Time, ScriptError> {
    let mut input = lexis::input(text.trim(), Scope::default());
    let time = value::span(&mut input).and_then(|span| {
        lexis::end(&mut input)?;
        Ok(Time::ZERO + span)
    });
    finish(text.trim(), &input.state, time)
}

/// The first error, if there is one: an unknown name counts before errors later in the text.
fn finish<T>(text: &str, scope: &Scope, parsed: Parsed<T>) -> Result<T, ScriptError> {
    match (scope.stranger(), parsed) {
        (Some(stranger), Err(fault)) if fault.at < stranger.at => Err(ScriptError::at(text, fault)),
        (Some(fault), _) | (None, Err(fault)) => Err(ScriptError::at(text, fault)),
        (None, Ok(parsed)) => Ok(parsed),
    }
}

/// `script = cluster+ (@TIME statement)*`, separated by line ends and `;`.
fn script(input: &mut Input<'_>) -> Parsed<Run> {
    setup::clusters(input)?;
    let (mut commands, mut cues) = (Vec::new(), Vec::new());
    let mut show = None;
    while lexis::next_statement(input) {
        let start = lexis::offset(input);
        if commands.len() + cues.len() + usize::from(show.is_some()) == MAX_STATEMENTS {
            let sentence = format!("found one more statement, expected at most {MAX_STATEMENTS}");
            return Err(Fault { at: start, sentence });
        }
        match timed(input)? {
            (at, Entry::Do(statement)) => commands.push(Command { at, statement }),
            (at, Entry::Tell(kind)) => cues.push(Cue { at, kind }),
            (_, Entry::Show(_)) if show.is_some() => {
                let sentence = "found a second show, expected one at most".into();
                return Err(Fault { at: start, sentence });
            }
            (at, Entry::Show(state)) => show = Some(Show { at, state }),
        }
    }
    crate::order::by_key(&mut commands, |c| c.at);
    let clusters = input.state.setups.clone();
    Ok(Run { clusters, commands, story: Story::new(cues), show })
}

/// `@1.2s crash n1`
fn timed(input: &mut Input<'_>) -> Parsed<(Time, Entry)> {
    if lexis::peek_word(input) == "cluster" {
        return Err(lexis::found(input, "a statement; cluster lines stand before all statements"));
    }
    let wanted = "@ and a time before the statement, as in @1.2s crash n1";
    lexis::expect(wanted, '@').parse_next(input)?;
    let at = value::moment(input)?;
    lexis::spaces(input);
    input.state.begin(at);
    let entry = statement::entry(input)?;
    lexis::end(input)?;
    Ok((at, entry))
}

fn console(input: &mut Input<'_>) -> Parsed<Vec<Entry>> {
    let mut entries = Vec::new();
    while lexis::next_statement(input) {
        if input.peek_token() == Some('@') {
            return Err(lexis::found(input, "a statement without a time, since it happens now"));
        }
        if lexis::peek_word(input) == "cluster" {
            return Err(lexis::found(input, "a statement; a cluster is chosen before the run"));
        }
        // In sequence, behind all statements of the run.
        input.state.begin(LATEST);
        entries.push(statement::entry(input)?);
        lexis::end(input)?;
    }
    if entries.is_empty() {
        return Err(lexis::found(input, "a statement, as in crash n1"));
    }
    Ok(entries)
}
