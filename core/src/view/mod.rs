//! The data that `window.quorumscope` and the example `replay` give of a session: the structures of
//! the page's contract with scripts, field by field. Times are milliseconds of virtual time.
//!
//! This room decides nothing and keeps nothing: every structure is read off the session at the
//! playhead.

mod branches;
mod cluster;
mod events;
mod history;
mod rules;
mod story;
mod verdict;
mod why;

pub use branches::{BranchDifference, BranchRecord, Parting, branches, difference};
pub use cluster::{Client, Cluster, Detail, Disk, LinkState, LogEntry, MessageInFlight, Node};
pub use events::{MOST_EVENTS, TraceEvent, event, events, some_events};
pub use history::{OperationRecord, history};
pub use rules::{ClusterRules, RuleState, rules};
pub use story::{Caption, Story, story};
pub use verdict::{ClusterVerdict, STEPS, verdict, verdict_on};
pub use why::{FileStep, FileWhy, Why, WhyStep, answer, why, why_of_file};

use crate::session::Session;
use serde::Serialize;

/// The World at the playhead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct State {
    /// The time.
    pub time: f64,
    /// The state hash, 16 hex digits.
    pub hash: String,
    /// Whether the page is playing.
    pub playing: bool,
    /// The clusters, in the order of the script.
    pub clusters: Vec<Cluster>,
}

/// The World at the playhead.
#[must_use]
pub fn state(session: &Session, playing: bool) -> State {
    let is_modified = cluster::breaks_a_rule(session);
    State {
        time: session.now().as_ms_f64(),
        hash: hash(session),
        playing,
        clusters: session.worlds().map(|w| Cluster::of(w, is_modified)).collect(),
    }
}

/// The state hash at the playhead, 16 hex digits.
#[must_use]
pub fn hash(session: &Session) -> String {
    format!("{:016x}", session.hash())
}

#[cfg(test)]
mod tests;
