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
//! c1 read x = 1        the last answer to a client's read of a key; none for an absent key
//! answered(c1)         its last operation was answered; failed(c1): it ended without an answer
//! failed(c1) > 0       how many; also answered(c1) > 0, failed > 0, answered > 0
//! did(crash)           a statement was executed; did(crash) > 1, statements <= 3: how many
//! violated(stale-read) a property that is broken, or a violation by its common name
//! … for 2s             it has held that long without a break
//! not … and … or …     `not` binds most, `or` less; parentheses
//! … then …             the second holds, and the first held in an earlier step; binds least
//! ```
//!
//! `then` and `for` and `violated` depend on the steps before the present one: [`Follower`] keeps
//! what they need. Without one they do not hold.
//!
//! No comparison holds for a missing value (a node that is down has no term).
//!
//! A condition is no part of a run: it changes nothing in it, and is not shared with it.
//!
//! Invariant: `parse(condition.to_string()) == condition` for every condition that can be written.

mod breach;
mod breakpoints;
mod complete;
mod deed;
mod evaluate;
mod follower;
mod judge;
mod lexis;
mod memory;
mod panel;
mod parse;
mod print;

#[cfg(test)]
mod tests;

pub use breach::{Breach, Breaches};
pub use breakpoints::{Breakpoint, Breakpoints, MAX_BREAKPOINTS, Stop};
pub use complete::complete;
pub use deed::Deed;
pub use evaluate::{Happened, Moment};
pub use follower::Follower;
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
    /// A property is violated, or a violation of that common name has been found.
    Violated(Breach),
    /// The last answer to the client's reads of a key is this value: `true`; or is not: `false`.
    Read(ClientId, Word, bool, Option<Word>),
    /// The client's last operation was answered.
    Answered(ClientId),
    /// The client's last operation ended without an answer.
    Failed(ClientId),
    /// Such a statement was executed.
    Did(Deed),
    /// The second holds, and the first held after an earlier step.
    Then(Box<Self>, Box<Self>),
    /// It has held for that long without a break.
    For(Box<Self>, Span),
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
    /// Operations that were answered: of one client, or of all.
    Answered(Option<ClientId>),
    /// Operations that ended without an answer: of one client, or of all.
    Failed(Option<ClientId>),
    /// Executed statements of one kind.
    Did(Deed),
    /// Executed statements.
    Statements,
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
pub const FORMS: [(&str, &str); 18] = [
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
    ("c1 read x = 1", "the last answer to a client's read; none for an absent key"),
    ("answered(c1)", "its last operation was answered; failed(c1): it was not"),
    ("failed(c1) > 0", "also answered(c1), failed, answered: how many operations"),
    ("did(crash)", "such a statement was executed; did(crash) > 1, statements <= 3: how many"),
    ("violated(lost-writes)", "a property that is broken, such as linearizable, or stale-read"),
    ("n1 is crashed then leader = n2", "one after the other; binds least"),
    ("leaders > 1 for 2s", "it has held that long without a break"),
    ("not (… or …) and …", "not binds most, or binds least"),
];

impl Condition {
    /// Whether its evaluation needs a judge of `violation`.
    #[must_use]
    pub fn needs_judge(&self) -> bool {
        self.any(&|part| matches!(part, Self::Violation))
    }

    /// Whether its evaluation needs a [`Follower`], since the present alone does not decide it.
    #[must_use]
    pub fn needs_past(&self) -> bool {
        let is = |part: &Self| matches!(part, Self::Violated(_) | Self::Then(..) | Self::For(..));
        self.any(&is)
    }

    /// Whether a part of it, or all of it, is such.
    pub fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::Not(inner) | Self::For(inner, _) => inner.any(is),
                Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.any(is)),
                Self::Then(first, second) => first.any(is) || second.any(is),
                _ => false,
            }
    }
}
