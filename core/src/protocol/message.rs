//! What nodes and clients say to each other.

use super::{
    Cx, Input, Kind, Order, Term, bully, detector, peers, primary_backup, quorum_store, raft, ring,
    write_all,
};
use crate::ids::{ClientId, NodeId, OperationId};
use crate::settings::Leg;
use crate::store::{Answer, Request};
use serde::Serialize;
use std::sync::Arc;

/// A message between nodes, clients and the balancer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// A client asks a node.
    Ask(Ask),
    /// A node answers a client.
    Reply(Reply),
    /// Sent by hand from one node to another.
    Ping,
    /// The answer to a ping.
    Pong,
    /// Raft's.
    Raft(raft::Message),
    /// The mock store's.
    WriteAll(write_all::Message),
    /// A sign of life.
    Heartbeat(detector::Message),
    /// Of a bully election.
    Bully(bully::Message),
    /// Between a primary and its backups.
    PrimaryBackup(primary_backup::Message),
    /// Between two of several peers.
    Peers(peers::Message),
    /// The quorum store's.
    Quorum(quorum_store::Message),
    /// The sharded store's.
    Ring(ring::Message),
}

/// A client's request to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// Who asks.
    pub client: ClientId,
    /// Which of its operations: the same in every attempt, so that a server can tell.
    pub operation: OperationId,
    /// What is asked.
    pub request: Arc<Request>,
}

/// A node's answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// The operation that it answers.
    pub operation: OperationId,
    /// The answer.
    pub body: ReplyBody,
}

/// What a node says to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ReplyBody {
    /// It was done, and this came of it.
    Answer(Answer),
    /// Ask the leader; here is who that is, as far as this node knows. Nothing was done.
    NotLeader(Option<NodeId>),
    /// It cannot be done now. Nothing was done.
    Unavailable,
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Ask(_) => Kind::Ask,
            Self::Reply(_) => Kind::Reply,
            Self::Ping => Kind::Ping,
            Self::Pong => Kind::Pong,
            Self::Raft(m) => m.kind(),
            Self::WriteAll(m) => m.kind(),
            Self::Heartbeat(m) => m.kind(),
            Self::Bully(m) => m.kind(),
            Self::PrimaryBackup(m) => m.kind(),
            Self::Peers(m) => m.kind(),
            Self::Quorum(m) => m.kind(),
            Self::Ring(m) => m.kind(),
        }
    }

    /// Which leg of a quorum's write or read it is, if one.
    #[must_use]
    pub fn leg(&self) -> Option<Leg> {
        match self {
            Self::Quorum(m) => m.leg(),
            _ => None,
        }
    }

    /// The term that it carries, if it does: what it is coloured by.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        match self {
            Self::Raft(m) => Some(m.term()),
            Self::Heartbeat(m) => m.term(),
            Self::Bully(m) => Some(m.term()),
            Self::PrimaryBackup(m) => m.term(),
            Self::Ask(_) | Self::Reply(_) | Self::Ping | Self::Pong => None,
            Self::WriteAll(_) | Self::Quorum(_) | Self::Peers(_) | Self::Ring(_) => None,
        }
    }

    /// Its size on the wire, in bytes: that of its postcard encoding.
    ///
    /// # Panics
    /// Never: a message can always be encoded.
    #[must_use]
    pub fn bytes(&self) -> u32 {
        let size = postcard::serialize_with_flavor(self, postcard::ser_flavors::Size::default());
        size.expect("a message can always be encoded") as u32
    }

    /// How many entries or values it carries: a heartbeat carries none and is drawn small.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Raft(m) => m.load(),
            Self::PrimaryBackup(m) => m.load(),
            Self::Peers(m) => m.load(),
            Self::Ring(m) => m.load(),
            Self::Ask(_) | Self::Reply(_) | Self::WriteAll(_) => 1,
            Self::Quorum(m) => m.load(),
            Self::Ping | Self::Pong | Self::Heartbeat(_) | Self::Bully(_) => 0,
        }
    }

    /// Its fields, for people: names and values in the order to show them.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Ask(a) => vec![("operation", a.request.to_string())],
            Self::Reply(r) => vec![("answer", r.body.to_string())],
            Self::Ping | Self::Pong => Vec::new(),
            Self::Raft(m) => m.fields(),
            Self::WriteAll(m) => m.fields(),
            Self::Heartbeat(m) => m.fields(),
            Self::Bully(m) => m.fields(),
            Self::PrimaryBackup(m) => m.fields(),
            Self::Peers(m) => m.fields(),
            Self::Quorum(m) => m.fields(),
            Self::Ring(m) => m.fields(),
        }
    }
}

impl std::fmt::Display for ReplyBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer(Answer::Read(Some(v))) => write!(f, "{}", crate::store::Quoted(v)),
            Self::Answer(Answer::Read(None)) => f.write_str("no such key"),
            Self::Answer(Answer::Done) => f.write_str("done"),
            Self::Answer(Answer::Refused(why)) => why.fmt(f),
            Self::NotLeader(Some(n)) => write!(f, "ask {n}, it leads"),
            Self::NotLeader(None) => f.write_str("not the leader, and knows none"),
            Self::Unavailable => f.write_str("unavailable"),
        }
    }
}

/// Pings are the same in every protocol: the input comes back unless it was about one.
pub(super) fn answer_pings(input: Input, cx: &mut Cx<'_>) -> Option<Input> {
    match input {
        Input::Operator(Order::Ping(to)) => cx.send(to, Message::Ping),
        Input::Message(from, Message::Ping) => cx.send(from, Message::Pong),
        Input::Message(_, Message::Pong) => {}
        other => return Some(other),
    }
    None
}
