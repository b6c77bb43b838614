//! Heartbeats, and a failure detector based on time-outs.
//!
//! A node that is silent for a time is suspected; a node that is heard again is trusted again
//! (Chandra and Toueg, "Unreliable Failure Detectors for Reliable Distributed Systems", 1996). A
//! suspicion may be wrong: a slow node, a lost message and a cut link look like a dead node from
//! here.

use super::{Cx, Fact, Kind, Term, Timer};
use crate::ids::{MAX_NODES, NodeId, ranged};
use crate::time::Span;
use serde::Serialize;

/// A sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// I am alive. Where there are elections, with the number of the one that made me coordinator.
    Beat(Option<Term>),
    /// I have heard you, so I am alive too; with the highest election number that I know.
    Echo(Option<Term>),
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Beat(_) => Kind::Heartbeat,
            Self::Echo(_) => Kind::HeartbeatReply,
        }
    }

    /// The election number that it carries.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        let (Self::Beat(term) | Self::Echo(term)) = self;
        *term
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        self.term().map(|t| ("election", t.to_string())).into_iter().collect()
    }
}

/// Every node of a cluster of `nodes` but `me`.
pub fn others(me: NodeId, nodes: u16) -> impl DoubleEndedIterator<Item = NodeId> {
    (1..=nodes).map(NodeId).filter(move |&n| n != me)
}

/// Sends a heartbeat to each of `to`, and sets the timer for the next one, after `period`.
pub fn beat(to: impl Iterator<Item = NodeId>, term: Option<Term>, period: Span, cx: &mut Cx<'_>) {
    for peer in to {
        cx.send(peer, super::Message::Heartbeat(Message::Beat(term)));
    }
    cx.set_timer(Timer::Heartbeat, period);
}

/// The nodes that a node suspects; none at the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Detector {
    /// One bit per node, by index.
    suspected: u128,
}

const _: () = assert!(MAX_NODES as u32 <= u128::BITS);

fn bit(peer: NodeId) -> u128 {
    1 << peer.index()
}

impl Detector {
    /// Starts waiting for `peer`: it is suspected if it is not heard within that time.
    pub fn expect(&self, peer: NodeId, within: Span, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Suspect(peer), within);
    }

    /// Records that `peer` was heard. True if it was suspected until now.
    pub fn heard(&mut self, peer: NodeId, cx: &mut Cx<'_>) -> bool {
        let was = self.suspects(peer);
        if was {
            self.suspected &= !bit(peer);
            cx.note(Fact::Trusted(peer));
        }
        was
    }

    /// [`Timer::Suspect`] ran out: `peer` was not heard. True if it was trusted until now.
    pub fn timed_out(&mut self, peer: NodeId, cx: &mut Cx<'_>) -> bool {
        let is_new = !self.suspects(peer);
        if is_new {
            self.suspected |= bit(peer);
            cx.note(Fact::Suspected(peer));
        }
        is_new
    }

    /// Whether `peer` is suspected.
    #[must_use]
    pub fn suspects(&self, peer: NodeId) -> bool {
        self.suspected & bit(peer) != 0
    }

    /// All suspected nodes, for people: `n1 n3`, or `nobody`.
    #[must_use]
    pub fn shown(&self) -> String {
        let names: Vec<_> = (1..=MAX_NODES).map(NodeId).filter(|&n| self.suspects(n)).collect();
        if names.is_empty() { "nobody".into() } else { ranged(&names) }
    }
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn term(&self) -> Option<Term> {
        self.term()
    }

    fn load(&self) -> usize {
        0
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
