//! Conditions: what a person can wait for while a run plays, in a small language of its own.
//!
//! A condition is a statement about one cluster after one of its steps. Three of them are moments
//! (`leader elected`, `client fails`) or verdicts (`violation`); the others compare what there is:
//!
//! ```text
//! n1 is crashed        up, crashed, paused, left, or a role: leader, follower, …
//! leader = n2          who leads; none when nobody does
//! x at n1 = 2          what a node would answer from its own state; none for an absent key
//! term >= 3            also term(n1), commit, commit(n3), log, log(n3)
//! leaders > 1          also up, crashed, messages, waiting: how many there are
//! c1 waiting > 500ms   for how long; time >= 2s: the virtual time
//! not … and … or …     `not` binds most, `or` least; parentheses
//! ```
//!
//! Of what is not there (a node that is down has no term) no comparison holds.
//!
//! A condition is no part of a run: it changes nothing in it, and is not shared with it.
//!
//! Invariant: `parse(condition.to_string()) == condition` for every condition that can be written.

mod breakpoints;
mod complete;
mod evaluate;
mod judge;
mod lexis;
mod parse;
mod print;

#[cfg(test)]
mod tests;

pub use breakpoints::{Breakpoint, Breakpoints, MAX_BREAKPOINTS, Stop};
pub use complete::complete;
pub use evaluate::{Happened, Moment};
pub use lexis::ConditionError;
pub use parse::{MAX_BYTES, Names, parse};

use crate::ids::{ClientId, NodeId};
use crate::protocol::Role;
use crate::store::Word;
use crate::time::Span;
use crate::world::Status;

/// A statement about one cluster after one of its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// A node came to lead in that step.
    Elected,
    /// A client's operation ended in that step, and was not answered.
    Fails,
    /// What clients were told cannot be right, or servers broke a promise of their algorithm.
    Violation,
    /// A node is in that state.
    Is(NodeId, State),
    /// That node, or nobody, leads: `true`; or does not: `false`.
    Leads(bool, Option<NodeId>),
    /// A node would answer that for a key, or something else.
    Holds(Word, NodeId, bool, Option<Word>),
    /// How much there is of something.
    Count(Quantity, Sign, u64),
    /// How long something lasts.
    Lasts(Duration, Sign, Span),
    /// The other does not hold.
    Not(Box<Self>),
    /// All of these hold; two or more.
    All(Vec<Self>),
    /// One of these holds; two or more.
    Any(Vec<Self>),
}

/// What a node can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its process runs, or does not.
    Status(Status),
    /// What it is to the others, while it runs.
    Role(Role),
}

/// What can be counted. With no node: the most that any running node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The term.
    Term(Option<NodeId>),
    /// The last place in the log that a node knows to be committed.
    Commit(Option<NodeId>),
    /// The last place in the log.
    Log(Option<NodeId>),
    /// Running nodes that believe that they lead.
    Leaders,
    /// Nodes that run.
    Up,
    /// Nodes whose process is dead.
    Crashed,
    /// Messages in flight.
    Messages,
    /// Clients that wait for an answer.
    Waiting,
}

/// What takes time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// How long a client has waited for its answer.
    Wait(ClientId),
    /// The virtual time since the beginning of the run.
    Run,
}

/// How two numbers compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

/// How conditions are written: an example, and what it means. What the help shows.
pub const FORMS: [(&str, &str); 11] = [
    ("leader elected", "a node comes to lead"),
    ("client fails", "an operation ends without an answer"),
    ("violation", "what clients were told cannot be right, or a safety property is broken"),
    ("n1 is crashed", "up, crashed, paused, left, or a role such as leader"),
    ("leader = n2", "who leads; none when nobody does"),
    ("x at n1 = 2", "what a node holds; none for an absent key"),
    ("term >= 3", "also term(n1), commit, commit(n3), log, log(n3)"),
    ("leaders > 1", "also up, crashed, messages, waiting"),
    ("c1 waiting > 500ms", "how long a client has waited"),
    ("time >= 2s", "the virtual time"),
    ("not (… or …) and …", "not binds most, or binds least"),
];

impl Condition {
    /// Whether a judge is needed to tell whether it holds.
    #[must_use]
    pub fn needs_judge(&self) -> bool {
        match self {
            Self::Violation => true,
            Self::Not(inner) => inner.needs_judge(),
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::needs_judge),
            _ => false,
        }
    }
}
