//! The verdict of a judge.

use super::raft_safety::SafetyProperty;
use crate::history::OperationId;
use crate::ids::NodeId;
use std::fmt;

/// A property that can be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Every operation seems to take effect at one moment between invocation and return.
    Linearizability,
    /// A process sees its own writes.
    ReadYourWrites,
    /// A process never sees an older value than before.
    MonotonicReads,
    /// The writes of a process are seen in the order of their invocations.
    MonotonicWrites,
    /// A process that sees a write also sees the writes that its writer had read before.
    WritesFollowReads,
    /// An acknowledged write is there in the end, unless a later one replaced it.
    NoLostWrites,
    /// All replicas are equal.
    Convergence,
    /// A safety property of Raft.
    Raft(SafetyProperty),
}

impl Property {
    /// All properties, in display order.
    pub const ALL: [Self; 13] = [
        Self::Linearizability,
        Self::ReadYourWrites,
        Self::MonotonicReads,
        Self::MonotonicWrites,
        Self::WritesFollowReads,
        Self::NoLostWrites,
        Self::Convergence,
        Self::Raft(SafetyProperty::ElectionSafety),
        Self::Raft(SafetyProperty::LeaderAppendOnly),
        Self::Raft(SafetyProperty::LogMatching),
        Self::Raft(SafetyProperty::LeaderCompleteness),
        Self::Raft(SafetyProperty::StateMachineSafety),
        Self::Raft(SafetyProperty::Persistence),
    ];
}

impl Property {
    /// Its word in questions: `read-your-writes`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::NoLostWrites => "lost-writes".into(),
            Self::Convergence => "convergence".into(),
            other => other.to_string().replace(' ', "-"),
        }
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Raft(property) => return property.fmt(f),
            Self::Linearizability => "linearizable",
            Self::ReadYourWrites => "read your writes",
            Self::MonotonicReads => "monotonic reads",
            Self::MonotonicWrites => "monotonic writes",
            Self::WritesFollowReads => "writes follow reads",
            Self::NoLostWrites => "no acknowledged write lost",
            Self::Convergence => "replicas converge",
        })
    }
}

/// Whether a property holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The judged property.
    pub property: Property,
    /// Whether it holds; `None` where that is unknown.
    pub holds: Option<bool>,
    /// The operations at fault, in the order of invocation.
    pub operations: Vec<OperationId>,
    /// The reason where it does not hold or is unknown: a sentence without a full stop.
    pub text: String,
    /// Time at which the violation showed, in microseconds of virtual time, where that is known.
    pub at_us: Option<u64>,
    /// The nodes at fault, where the property concerns nodes.
    pub nodes: Vec<NodeId>,
}

impl Verdict {
    /// The property holds.
    #[must_use]
    pub fn holds(property: Property) -> Self {
        Self::new(property, Some(true), String::new())
    }

    /// The property does not hold, for a reason.
    #[must_use]
    pub fn violated(property: Property, operations: Vec<OperationId>, text: String) -> Self {
        Self { operations, ..Self::new(property, Some(false), text) }
    }

    /// It is unknown whether the property holds, for a reason.
    #[must_use]
    pub fn undecided(property: Property, text: &str) -> Self {
        Self::new(property, None, text.to_owned())
    }

    fn new(property: Property, holds: Option<bool>, text: String) -> Self {
        let (operations, at_us, nodes) = (Vec::new(), None, Vec::new());
        Self { property, holds, operations, text, at_us, nodes }
    }

    /// The verdict with that time.
    #[must_use]
    pub fn at(self, at_us: Option<u64>) -> Self {
        Self { at_us, ..self }
    }
}
