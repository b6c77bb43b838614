//! Conditions that stop a run while it plays, in a small language of their own.
//!
//! A condition is a statement about one cluster after one of its steps. Three of them are moments
//! (`leader elected`, `client fails`) or verdicts (`violation`); the others compare the present
//! state:
//!
//! ```text
//! n1 is crashed        up, crashed, paused, left, or a role: leader, follower, …
//! leader = n2          the leader; none without one
//! x at n1 = 2          the answer that a node would give from its state; none for an absent key
//! term >= 3            also term(n1), commit, commit(n3), log, log(n3)
//! leaders > 1          also up, crashed, messages, waiting: their numbers
//! c1 waiting > 500ms   the time that it has waited; time >= 2s: the virtual time
//! not … and … or …     `not` binds most, `or` least; parentheses
//! ```
//!
//! No comparison holds for a missing value (a node that is down has no term).
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
    /// A node began to lead in that step.
    Elected,
    /// A client's operation ended in that step, and was not answered.
    Fails,
    /// The answers to clients are not linearizable, or servers broke a safety property.
    Violation,
    /// A node is in that state.
    Is(NodeId, State),
    /// That node, or no node, leads: `true`; or does not: `false`.
    Leads(bool, Option<NodeId>),
    /// The answer that a node would give for a key is this value: `true`; or is not: `false`.
    Holds(Word, NodeId, bool, Option<Word>),
    /// A comparison of a quantity.
    Count(Quantity, Sign, u64),
    /// A comparison of a duration.
    Lasts(Duration, Sign, Span),
    /// The other does not hold.
    Not(Box<Self>),
    /// All of these hold; two or more.
    All(Vec<Self>),
    /// One of these holds; two or more.
    Any(Vec<Self>),
}

/// The state of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its status.
    Status(Status),
    /// Its role, while it runs.
    Role(Role),
}

/// A quantity. Without a node: the greatest value of any running node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The term.
    Term(Option<NodeId>),
    /// The last index in the log that a node knows to be committed.
    Commit(Option<NodeId>),
    /// The last index in the log.
    Log(Option<NodeId>),
    /// Running nodes that believe that they lead.
    Leaders,
    /// Running nodes.
    Up,
    /// Nodes whose process has crashed.
    Crashed,
    /// Messages in flight.
    Messages,
    /// Clients that wait for an answer.
    Waiting,
}

/// A duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// The time that a client has waited for its answer.
    Wait(ClientId),
    /// The virtual time since the beginning of the run.
    Run,
}

/// A comparison of two numbers.
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

/// The forms of conditions for the help: an example, and its meaning.
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
    /// Whether its evaluation needs a judge.
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
