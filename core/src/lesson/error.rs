//! Errors in a lesson's text: a line, a column, and one sentence.

use std::fmt;

/// An error in the text of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The text found, and the expected one.
    pub sentence: String,
}

impl LessonError {
    pub(super) fn new(line: usize, column: usize, sentence: impl Into<String>) -> Self {
        Self { line, column, sentence: sentence.into() }
    }
}

impl fmt::Display for LessonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.sentence)
    }
}

impl std::error::Error for LessonError {}

pub(super) type Parsed<T> = Result<T, LessonError>;
