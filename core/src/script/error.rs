//! Errors of a script, with their places.

use super::lexis::Input;
use std::fmt;
use winnow::error::ParserError;
use winnow::stream::Location;

/// An error of a script: one sentence, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The text found, and the expected one.
    pub sentence: String,
}

impl ScriptError {
    pub(super) fn at(text: &str, fault: Fault) -> Self {
        let before = &text[..fault.at];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            sentence: fault.sentence,
        }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.sentence)
    }
}

impl std::error::Error for ScriptError {}

/// An error while parsing: the place in bytes, and an empty sentence until a parser knows what it
/// expected there.
#[derive(Debug)]
pub(super) struct Fault {
    pub at: usize,
    pub sentence: String,
}

impl Fault {
    /// Whether the sentence is known.
    pub fn is_said(&self) -> bool {
        !self.sentence.is_empty()
    }
}

impl ParserError<Input<'_>> for Fault {
    type Inner = Self;

    fn from_input(input: &Input<'_>) -> Self {
        Self { at: input.current_token_start(), sentence: String::new() }
    }

    /// Combines the errors of two alternatives: a sentence is not replaced by an empty one.
    fn or(self, other: Self) -> Self {
        if self.is_said() { self } else { other }
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}
