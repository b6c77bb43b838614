//! The violations of Raft's safety properties, and their sentences.

use crate::check::text::seconds;
use crate::ids::NodeId;
use crate::protocol::{Index, Term};
use crate::time::Time;
use std::fmt;

/// A property of figure 3.2, or one on which these rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum SafetyProperty {
    /// At most one leader in a term.
    ElectionSafety,
    /// A leader never removes or overwrites entries of its log; it only appends.
    LeaderAppendOnly,
    /// Two logs that hold an entry of the same index and term are equal up to there.
    LogMatching,
    /// An entry that is committed in a term is in the logs of the leaders of all later terms.
    LeaderCompleteness,
    /// No two servers apply different entries at the same index.
    StateMachineSafety,
    /// Terms and commit indices never fall; durable data are not forgotten.
    Persistence,
}

impl fmt::Display for SafetyProperty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ElectionSafety => "election safety",
            Self::LeaderAppendOnly => "leader append-only",
            Self::LogMatching => "log matching",
            Self::LeaderCompleteness => "leader completeness",
            Self::StateMachineSafety => "state machine safety",
            Self::Persistence => "persistence",
        })
    }
}

/// A violated property, with place and reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyViolation {
    /// The property.
    pub property: SafetyProperty,
    /// The time.
    pub at: Time,
    /// Number of steps of the World by then.
    pub step: u64,
    /// The server whose step violated it.
    pub node: NodeId,
    /// The other server involved, if any.
    pub other: Option<NodeId>,
    /// The index in the log that is concerned, if any.
    pub index: Option<Index>,
    /// A sentence with the reason, without a full stop.
    pub text: String,
}

/// The server that showed something, and the time since when.
#[derive(Clone, Copy, Debug)]
pub struct Witness {
    pub node: NodeId,
    pub since: Time,
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.node)
    }
}

/// A finding at a server.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    TwoLeaders { other: Witness, term: Term },
    LeaderRemoved { term: Term, from: Index },
    LogsDiffer { other: Witness, index: Index, term: Term },
    LeaderLacks { term: Term, index: Index, by: Witness, in_term: Term },
    CommittedTwice { index: Index, term: Term, by: Witness, before: Term },
    SnapshotOfUncommitted { index: Index },
    AppliedTooMuch,
    TermFell { before: Term, now: Term },
    CommitFell { before: Index, now: Index },
    Forgot { kept: Index, last: Index },
}

impl Found {
    /// The violation with its time, step and node.
    pub fn at(self, at: Time, step: u64, node: NodeId) -> SafetyViolation {
        let (property, index, text) = (self.property(), self.index(), self.text(node, at));
        SafetyViolation { property, at, step, node, other: self.other(node), index, text }
    }

    fn other(self, node: NodeId) -> Option<NodeId> {
        match self {
            Self::TwoLeaders { other: by, .. }
            | Self::LogsDiffer { other: by, .. }
            | Self::LeaderLacks { by, .. }
            | Self::CommittedTwice { by, .. } => Some(by.node).filter(|&n| n != node),
            _ => None,
        }
    }

    fn property(self) -> SafetyProperty {
        match self {
            Self::TwoLeaders { .. } => SafetyProperty::ElectionSafety,
            Self::LeaderRemoved { .. } => SafetyProperty::LeaderAppendOnly,
            Self::LogsDiffer { .. } => SafetyProperty::LogMatching,
            Self::LeaderLacks { .. } => SafetyProperty::LeaderCompleteness,
            Self::CommittedTwice { .. }
            | Self::SnapshotOfUncommitted { .. }
            | Self::AppliedTooMuch => SafetyProperty::StateMachineSafety,
            Self::TermFell { .. } | Self::CommitFell { .. } | Self::Forgot { .. } => {
                SafetyProperty::Persistence
            }
        }
    }

    fn index(self) -> Option<Index> {
        match self {
            Self::LeaderRemoved { from: index, .. }
            | Self::LogsDiffer { index, .. }
            | Self::LeaderLacks { index, .. }
            | Self::CommittedTwice { index, .. }
            | Self::SnapshotOfUncommitted { index }
            | Self::Forgot { kept: index, .. } => Some(index),
            _ => None,
        }
    }

    fn text(self, node: NodeId, at: Time) -> String {
        let at = moment(at);
        match self {
            Self::TwoLeaders { other, term } => format!(
                "{node} came to lead term {term} at {at}, though {other} had come to at {}",
                moment(other.since)
            ),
            Self::LeaderRemoved { term, from } => format!(
                "{node} removed its own entries from {from} on at {at}, though it leads term {term}"
            ),
            Self::LogsDiffer { other, index, term } => format!(
                "{node} put entry {index} of term {term} into its log at {at}, though {other} had \
                 held it at {} behind other entries",
                moment(other.since)
            ),
            Self::LeaderLacks { term, index, by, in_term } => format!(
                "{node} came to lead term {term} at {at} without entry {index}, though {} had \
                 known it to be committed in term {in_term} at {}",
                if by.node == node { "it".to_owned() } else { by.to_string() },
                moment(by.since)
            ),
            Self::CommittedTwice { index, term, by, before } => format!(
                "{node} took entry {index} of term {term} to be committed at {at}, though {by} had \
                 known that of term {before} to be at {}",
                moment(by.since)
            ),
            Self::SnapshotOfUncommitted { index } => {
                format!("{node} had a snapshot up to {index} at {at}, which was never committed so")
            }
            Self::AppliedTooMuch => format!(
                "{node} had applied more at {at} than it knew to be committed, or than it held"
            ),
            Self::TermFell { before, now } => {
                format!("{node} was in term {now} at {at}, though it had been in term {before}")
            }
            Self::CommitFell { before, now } => format!(
                "{node} knew only entry {now} to be committed at {at}, though it had known {before} \
                 to be"
            ),
            Self::Forgot { kept, last } => format!(
                "the log of {node} ended at {last} at {at}, though it had committed entry {kept} on \
                 its disk"
            ),
        }
    }
}

fn moment(at: Time) -> String {
    seconds(at.as_us())
}
