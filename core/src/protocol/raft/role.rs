//! The role of a server, with the data that only that role has.

use super::message::Round;
use super::progress::Peer;
use crate::disk::WriteId;
use crate::ids::{Addr, NodeId, OperationId};
use crate::protocol::{Index, Term};
use crate::quorum::Configuration;
use crate::sorted::SortedMap;
use crate::store::Request;
use crate::time::Time;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// A server's role.
#[derive(Clone, Debug, Serialize)]
pub(super) enum Role {
    /// Answers leaders and candidates.
    Follower(Follower),
    /// Asks whether it could win (section 9.6).
    PreCandidate(Ballot),
    /// Stands for election.
    Candidate(Ballot),
    /// Leads.
    Leader(Box<Leader>),
}

/// The state of a follower.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Follower {
    /// The leader that it follows.
    pub leader: Option<NodeId>,
    /// The last time at which it heard a leader, by its own clock, or its start after earlier runs
    /// in which it may have heard one; None when it stood or voted since.
    pub heard: Option<Time>,
}

/// The answers to a candidate.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Ballot {
    /// The answers so far.
    pub answers: SortedMap<NodeId, bool>,
    /// The write of the candidate's own vote, when that vote alone decides and is not durable yet.
    pub unwritten: Option<WriteId>,
    /// Votes that came again and were counted again: only where the rule `counted-once` is broken.
    #[serde(skip_serializing_if = "is_none")]
    pub repeated: u16,
}

/// Whether no vote was counted again. Then a ballot hashes as if it did not have this field.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
const fn is_none(repeated: &u16) -> bool {
    *repeated == 0
}

impl Ballot {
    /// Whether votes that were counted again make a majority.
    pub fn wins_by_repeats(&self, configuration: &Configuration<NodeId>) -> bool {
        let votes = self.answers.iter().filter(|(n, yes)| **yes && configuration.is_voter(**n));
        self.repeated > 0
            && votes.count() + usize::from(self.repeated) >= configuration.voters().quorum()
    }
}

/// The state of a leader. All of it is volatile (figure 3.1) and belongs to one term.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Leader {
    /// All other servers, by id.
    pub peers: Vec<Peer>,
    /// Its first entry, the no-op of its term.
    pub first: Index,
    /// The latest round of heartbeats.
    pub round: Round,
    /// The beginnings of the rounds that no majority has answered yet, by its own clock; at most
    /// [`Leader::MAX_ROUNDS`].
    pub began: VecDeque<(Round, Time)>,
    /// The beginning of the latest round that a majority answered (section 6.4.1).
    pub lease_from: Option<Time>,
    /// Clients that wait for an entry to be applied, by entry.
    pub waiting: VecDeque<Waiting>,
    /// Reads that wait for a round, in the order of arrival.
    pub reads: VecDeque<Read>,
    /// The server to which it hands over, if any.
    pub successor: Option<NodeId>,
    /// Whether it has asked a server to stand. Then its followers are not bound by its heartbeats,
    /// and it has no lease for the rest of its term.
    pub unbound: bool,
    /// Whether its election timer is set, to check whether it heard a majority or its successor.
    pub checks: bool,
}

/// A client that waits for its request to be applied.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Waiting {
    /// The index of the request in the log.
    pub index: Index,
    /// The address to answer.
    pub to: Addr,
    /// The operation.
    pub operation: OperationId,
}

/// A client that waits for its read to be answered.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Read {
    /// The address to answer.
    pub to: Addr,
    /// The operation.
    pub operation: OperationId,
    /// The request.
    pub request: Arc<Request>,
    /// A majority must have answered this round.
    pub round: Round,
    /// This index must have been applied.
    pub index: Index,
}

impl Leader {
    /// The most rounds whose beginning is kept.
    pub const MAX_ROUNDS: usize = 64;

    /// A new leader of `others`, whose no-op will be at `first`.
    pub fn new(others: impl Iterator<Item = NodeId>, first: Index) -> Self {
        Self {
            peers: others.map(|node| Peer::new(node, first)).collect(),
            first,
            round: Round(0),
            began: VecDeque::new(),
            lease_from: None,
            waiting: VecDeque::new(),
            reads: VecDeque::new(),
            successor: None,
            unbound: false,
            checks: false,
        }
    }

    /// Its knowledge of that follower.
    pub fn peer(&self, node: NodeId) -> Option<&Peer> {
        let place = self.peers.binary_search_by_key(&node, |p| p.node).ok()?;
        Some(&self.peers[place])
    }

    /// Its mutable knowledge of that follower.
    pub fn peer_mut(&mut self, node: NodeId) -> Option<&mut Peer> {
        let place = self.peers.binary_search_by_key(&node, |p| p.node).ok()?;
        Some(&mut self.peers[place])
    }

    /// Adds a follower, to which it sends from `next` on.
    pub fn add_peer(&mut self, node: NodeId, next: Index) {
        if let Err(place) = self.peers.binary_search_by_key(&node, |p| p.node) {
            self.peers.insert(place, Peer::new(node, next));
        }
    }

    /// Begins a round of heartbeats.
    pub fn begin_round(&mut self, clock: Time) {
        self.round = Round(self.round.0 + 1);
        if self.began.len() == Self::MAX_ROUNDS {
            self.began.pop_front();
        }
        self.began.push_back((self.round, clock));
    }

    /// Records that a majority has answered that round: the lease begins with the round.
    pub fn confirm(&mut self, round: Round) {
        while let Some(&(began, at)) = self.began.front().filter(|(r, _)| *r <= round) {
            assert!(began <= self.round);
            self.lease_from = Some(at);
            self.began.pop_front();
        }
    }

    /// Removes and returns the client that waits for the entry at that index, if any.
    pub fn take_waiting(&mut self, index: Index) -> Option<Waiting> {
        let first = self.waiting.front()?;
        assert!(first.index >= index, "entries are applied in order");
        if first.index == index { self.waiting.pop_front() } else { None }
    }
}

impl Role {
    /// A follower that has not heard a leader yet.
    pub fn lost() -> Self {
        Self::Follower(Follower::default())
    }

    /// The leader's state, when the server leads.
    pub fn leader_mut(&mut self) -> Option<&mut Leader> {
        match self {
            Self::Leader(l) => Some(l),
            _ => None,
        }
    }
}

/// A term and the vote in it, which must be on the disk before any other message leaves.
pub(super) type Pledge = (Term, Option<NodeId>);
