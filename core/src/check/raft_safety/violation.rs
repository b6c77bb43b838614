//! What can be found, and the sentence for it.

use crate::ids::NodeId;
use crate::protocol::{Index, Term};
use crate::time::Time;
use std::fmt;

/// A property of figure 3.2, or one that those rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum SafetyProperty {
    /// At most one leader in a term.
    ElectionSafety,
    /// A leader never removes or overwrites entries of its log; it only appends.
    LeaderAppendOnly,
    /// Two logs that hold an entry of the same place and term are the same up to there.
    LogMatching,
    /// What is committed in a term is in the logs of the leaders of all later terms.
    LeaderCompleteness,
    /// No two servers apply different entries at the same place.
    StateMachineSafety,
    /// Terms and commit indices never fall; what is durable is not forgotten.
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

/// A property that does not hold: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafetyViolation {
    /// Which property.
    pub property: SafetyProperty,
    /// When.
    pub at: Time,
    /// After how many steps of the World.
    pub step: u64,
    /// The server whose step made it so.
    pub node: NodeId,
    /// The other server that it is about, if about two.
    pub other: Option<NodeId>,
    /// The place in the log that it is about, if about one.
    pub index: Option<Index>,
    /// A sentence that says why, without a full stop.
    pub text: String,
}

/// What was found at a server.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    TwoLeaders { other: NodeId, term: Term },
    LeaderRemoved { term: Term, from: Index },
    LogsDiffer { other: NodeId, index: Index, term: Term },
    LeaderLacks { term: Term, index: Index, in_term: Term },
    CommittedTwice { index: Index, term: Term, other: NodeId, before: Term },
    SnapshotOfUncommitted { index: Index },
    AppliedTooMuch,
    TermFell { before: Term, now: Term },
    CommitFell { before: Index, now: Index },
    Forgot { kept: Index, last: Index },
}

impl Found {
    /// With where and when.
    pub fn at(self, at: Time, step: u64, node: NodeId) -> SafetyViolation {
        let (property, index, text) = (self.property(), self.index(), self.text(node));
        SafetyViolation { property, at, step, node, other: self.other(), index, text }
    }

    fn other(self) -> Option<NodeId> {
        match self {
            Self::TwoLeaders { other, .. }
            | Self::LogsDiffer { other, .. }
            | Self::CommittedTwice { other, .. } => Some(other),
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

    fn text(self, node: NodeId) -> String {
        match self {
            Self::TwoLeaders { other, term } => {
                format!("{other} and {node} both lead in term {term}")
            }
            Self::LeaderRemoved { term, from } => {
                format!("{node} leads in term {term} and removed its own entries from {from} on")
            }
            Self::LogsDiffer { other, index, term } => format!(
                "{other} and {node} both hold entry {index} of term {term}, and not the same log \
                 up to it"
            ),
            Self::LeaderLacks { term, index, in_term } => format!(
                "{node} leads in term {term} without entry {index}, which was committed in term \
                 {in_term}"
            ),
            Self::CommittedTwice { index, term, other, before } => format!(
                "{node} takes entry {index} of term {term} to be committed, where {other} had \
                 committed that of term {before}"
            ),
            Self::SnapshotOfUncommitted { index } => {
                format!("{node} has a snapshot up to {index}, which was never committed so")
            }
            Self::AppliedTooMuch => {
                format!("{node} has applied more than it knows to be committed, or than it holds")
            }
            Self::TermFell { before, now } => {
                format!("{node} was in term {before} and is in term {now}")
            }
            Self::CommitFell { before, now } => {
                format!("{node} knew entry {before} to be committed and now only {now}")
            }
            Self::Forgot { kept, last } => {
                format!("{node} had committed entry {kept} on its disk, and its log ends at {last}")
            }
        }
    }
}
