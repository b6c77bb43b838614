//! The sentences that explain why a file is refused.

use super::super::{HistoryError, MAX_FILE_BYTES};
use std::borrow::Cow;
use std::fmt;

/// An error in a file, and its line.
#[derive(Debug)]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// The error.
    pub reason: Reason,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for ParseError {}

/// The error in a line.
#[derive(Debug)]
pub enum Reason {
    /// It cannot follow the lines before it.
    Event(HistoryError),
    /// A field is missing.
    Missing(&'static str),
    /// The line has the wrong content: a sentence names it and the expected content.
    Wrong(Cow<'static, str>),
    /// The file has more than [`MAX_FILE_BYTES`] bytes.
    TooLarge,
}

impl Reason {
    /// The reason with this sentence.
    pub(super) fn wrong(sentence: impl Into<Cow<'static, str>>) -> Self {
        Self::Wrong(sentence.into())
    }
}

impl From<HistoryError> for Reason {
    fn from(error: HistoryError) -> Self {
        Self::Event(error)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(error) => error.fmt(f),
            Self::Missing(field) => write!(f, "\"{field}\" is missing"),
            Self::Wrong(sentence) => f.write_str(sentence),
            Self::TooLarge => write!(f, "more than {MAX_FILE_BYTES} bytes"),
        }
    }
}
