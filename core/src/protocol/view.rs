//! The visible state of a machine, in terms that every protocol shares.

use super::{Index, Term};
use crate::ids::NodeId;
use crate::store::Word;

/// A node's role, which determines its drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Role {
    /// Stores and answers; all are equal.
    Replica,
    /// Follows a leader.
    Follower,
    /// Asks whether it could win.
    PreCandidate,
    /// Stands for election.
    Candidate,
    /// Leads.
    Leader,
    /// Receives the log and has no vote.
    Learner,
    /// Serves every request and replicates it.
    Primary,
    /// Holds a copy, to take over when the primary fails.
    Backup,
    /// A peer that takes part.
    Active,
    /// A peer that has started and does not know its missed commands yet.
    Recover,
    /// A peer to which its missed commands were replayed.
    Recovered,
    /// The first link of a chain: accepts the writes.
    Head,
    /// A link of a chain between others.
    Middle,
    /// The last link of a chain: writes that reach it are committed.
    Tail,
    /// A node on its way into a chain, or out of it.
    Joining,
    /// The node that decides the members of a chain.
    Configurator,
}

impl Role {
    /// Whether it leads the others.
    #[must_use]
    pub const fn leads(self) -> bool {
        matches!(self, Self::Leader | Self::Primary)
    }

    /// Its word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Replica => "replica",
            Self::Follower => "follower",
            Self::PreCandidate => "pre-candidate",
            Self::Candidate => "candidate",
            Self::Leader => "leader",
            Self::Learner => "learner",
            Self::Primary => "primary",
            Self::Backup => "backup",
            Self::Active => "active",
            Self::Recover => "recover",
            Self::Recovered => "recovered",
            Self::Head => "head",
            Self::Middle => "middle",
            Self::Tail => "tail",
            Self::Joining => "joining",
            Self::Configurator => "configurator",
        }
    }
}

/// The summary of a node that is always on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Its role.
    pub role: Role,
    /// Its term, where the protocol has terms.
    pub term: Option<Term>,
    /// The node that it believes to lead.
    pub leader: Option<NodeId>,
}

/// The visible state of one node's machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeView {
    /// Role, term, leader.
    pub sign: Sign,
    /// The answers that it would give from its own state, by key.
    pub data: Vec<(Word, Word)>,
    /// Its log, where it has one: the last entries, oldest first.
    pub log: Option<Vec<LogCell>>,
}

/// The end of a node's log, and of its committed part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogMarks {
    /// The last index.
    pub last: Index,
    /// The last index that the node knows to be committed.
    pub committed: Index,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogCell {
    /// Its index.
    pub index: Index,
    /// The term it was made in.
    pub term: Term,
    /// Its operation, as the language writes it.
    pub op: String,
    /// Whether this node knows it to be committed.
    pub committed: bool,
}
