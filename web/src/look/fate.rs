//! What became of an operation: colour, shape, letter and words. Filled green is answered, dashed
//! amber is waiting; not answered is red-violet, crossed where it failed and dashed with a question
//! mark where nobody knows. One that a judge holds against the system is filled with red-violet, with
//! an exclamation mark.

use quorumscope_core::client::Operation;
use quorumscope_core::protocol::Outcome;
use quorumscope_core::store::Answer;
use serde::{Deserialize, Serialize};

/// Whom, or what, a judge holds something against: operations, clients, nodes, moments.
pub const AT_FAULT: &str = "at-fault";

/// What became of an operation, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fate {
    /// It was answered.
    Answered,
    /// It is open.
    Waiting,
    /// Nobody knows.
    Unknown,
    /// It failed.
    Failed,
}

impl Fate {
    /// That of a run's operation.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        match operation.end.as_ref().map(|end| &end.outcome) {
            None => Self::Waiting,
            Some(Outcome::Ok(_)) => Self::Answered,
            Some(Outcome::Unknown) => Self::Unknown,
            Some(Outcome::Failed) => Self::Failed,
        }
    }

    /// Its class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Waiting => "waiting",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// The letter before its words where colour would tell them alone.
    #[must_use]
    pub const fn letter(self, at_fault: bool) -> &'static str {
        match self {
            _ if at_fault => "!",
            Self::Unknown => "?",
            Self::Answered | Self::Waiting | Self::Failed => "",
        }
    }

    /// Asked and answered, as far as it was, behind its letter.
    #[must_use]
    pub fn told(self, at_fault: bool, asks: &str, gets: Option<&str>) -> String {
        let mut told = self.letter(at_fault).to_owned();
        if !told.is_empty() {
            told.push(' ');
        }
        told.push_str(asks);
        if let Some(gets) = gets {
            told.push_str(" \u{2192} ");
            told.push_str(gets);
        }
        told
    }

    /// What was answered to a run's operation, in a word or two.
    #[must_use]
    pub fn said(operation: &Operation) -> String {
        let Some(end) = &operation.end else { return Self::WAITING.into() };
        match &end.outcome {
            Outcome::Ok(Answer::Read(value)) => Self::read(value.as_deref()),
            Outcome::Ok(Answer::Done) => Self::DONE.into(),
            Outcome::Ok(Answer::Refused(why)) => why.to_string(),
            Outcome::Failed => Self::FAILED.into(),
            Outcome::Unknown => Self::UNKNOWN.into(),
        }
    }

    /// It is open.
    pub const WAITING: &str = "waiting";
    /// It was done.
    pub const DONE: &str = "done";
    /// It failed.
    pub const FAILED: &str = "failed";
    /// Nobody knows.
    pub const UNKNOWN: &str = "no answer";

    /// What was read.
    #[must_use]
    pub fn read(value: Option<&str>) -> String {
        value.map_or_else(|| "no such key".to_owned(), |value| format!("read {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_comes_last() {
        let all = [Fate::Answered, Fate::Waiting, Fate::Unknown, Fate::Failed];
        assert!(all.is_sorted());
    }

    #[test]
    fn letters_tell_what_colour_does() {
        assert_eq!(Fate::Answered.told(false, "get x", Some("read 1")), "get x \u{2192} read 1");
        assert_eq!(Fate::Answered.told(true, "get x", Some("read 1")), "! get x \u{2192} read 1");
        assert_eq!(Fate::Unknown.told(false, "set x 1", None), "? set x 1");
    }
}
