//! Raft (Ongaro, "Consensus: Bridging Theory and Practice", 2014).

use super::{Cx, Disk, Index, Input, Kind, NodeView, Role, Sign, Term};
use crate::ids::NodeId;
use crate::settings::Settings;
use serde::Serialize;

/// Between Raft servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Vote for me.
    RequestVote(Term),
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::RequestVote
    }
    /// Its term.
    #[must_use]
    pub fn term(&self) -> Term {
        let Self::RequestVote(t) = self;
        *t
    }
    /// How many entries it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        0
    }
    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// On a Raft server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// Term and vote.
    Vote(Term, Option<NodeId>),
}

/// A Raft server's snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The last index that it covers.
    pub last: Index,
}

/// A Raft server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {}

impl Server {
    /// A server that finds this on its disk.
    #[must_use]
    pub fn boot(_me: NodeId, _settings: &Settings, _disk: &mut Disk) -> Self {
        Self {}
    }

    /// The one entry point.
    pub fn step(&mut self, _input: Input, _cx: &mut Cx<'_>) {}

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Follower, term: None, leader: None }
    }

    /// What there is to see of it, with the last `most` entries of its log.
    #[must_use]
    pub fn view(&self, _most: usize) -> NodeView {
        NodeView { sign: self.sign(), data: Vec::new(), log: None, detail: Vec::new() }
    }
}
