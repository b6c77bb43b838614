//! The outcome of an operation as colour, shape, letter and words. Answered is filled green;
//! waiting is dashed amber. Unanswered is red-violet: crossed if it failed, dashed with a question
//! mark if its effect is unknown. An operation at fault is filled red-violet, with an exclamation
//! mark.

use quorumscope_core::client::Operation;
use quorumscope_core::protocol::Outcome;
use quorumscope_core::store::Answer;
use serde::{Deserialize, Serialize};

/// The class of operations, clients, nodes and moments at fault.
pub const AT_FAULT: &str = "at-fault";

/// The outcome of an operation, in order of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fate {
    /// It was answered.
    Answered,
    /// It is open.
    Waiting,
    /// There was no answer: it may or may not take effect.
    Unknown,
    /// It failed.
    Failed,
}

impl Fate {
    /// The outcome of a run's operation.
    #[must_use]
    pub fn of(operation: &Operation) -> Self {
        match operation.end.as_ref().map(|end| &end.outcome) {
            None => Self::Waiting,
            Some(Outcome::Ok(_)) => Self::Answered,
            Some(Outcome::Unknown) => Self::Unknown,
            Some(Outcome::Failed) => Self::Failed,
        }
    }

    /// The class.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Waiting => "waiting",
            Self::Unknown => "unknown",
            Self::Failed => "failed",
        }
    }

    /// The letter before its words, so that colour is not the only sign.
    #[must_use]
    pub const fn letter(self, at_fault: bool) -> &'static str {
        match self {
            _ if at_fault => "!",
            Self::Unknown => "?",
            Self::Answered | Self::Waiting | Self::Failed => "",
        }
    }

    /// The caption of an operation: letter, request, and result if there is one.
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

    /// The result of a run's operation, in a word or two.
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

    /// The words for an open operation.
    pub const WAITING: &str = "waiting";
    /// The words for a write that was done.
    pub const DONE: &str = "done";
    /// The words for a failed operation.
    pub const FAILED: &str = "failed";
    /// The words for an operation without an answer.
    pub const UNKNOWN: &str = "no answer";

    /// The words for a read value.
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
