//! What a judge says.

use crate::history::OperationId;
use std::fmt;

/// What can be judged of the operations of clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// Every operation seems to take effect at one moment between invocation and return.
    Linearizability,
    /// A process sees its own writes.
    ReadYourWrites,
    /// A process never sees an older value than before.
    MonotonicReads,
    /// The writes of a process are seen in the order in which it asked for them.
    MonotonicWrites,
    /// Who sees a write also sees what its writer had read before.
    WritesFollowReads,
    /// What was acknowledged is there in the end, unless something came after it.
    NoLostWrites,
    /// All replicas are equal.
    Convergence,
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
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
    /// What was judged.
    pub property: Property,
    /// `None` where that was not found out.
    pub holds: Option<bool>,
    /// The operations at fault, in the order of invocation.
    pub operations: Vec<OperationId>,
    /// Where it does not hold or was not found out: a sentence that says why, without a full stop.
    pub text: String,
}

impl Verdict {
    /// The property holds.
    #[must_use]
    pub fn holds(property: Property) -> Self {
        Self { property, holds: Some(true), operations: Vec::new(), text: String::new() }
    }

    /// The property does not hold, for a reason.
    #[must_use]
    pub fn violated(property: Property, operations: Vec<OperationId>, text: String) -> Self {
        Self { property, holds: Some(false), operations, text }
    }

    /// Whether the property holds was not found out, for a reason.
    #[must_use]
    pub fn undecided(property: Property, text: &str) -> Self {
        Self { property, holds: None, operations: Vec::new(), text: text.to_owned() }
    }
}
