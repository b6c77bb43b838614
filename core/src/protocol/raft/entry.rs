//! The entries of a log.

use super::digest::Digest;
use super::membership::Members;
use crate::ids::{ClientId, OperationId};
use crate::protocol::{Index, Term};
use crate::store::{Op, Request};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// An index in a log with the term of the entry there. Ordered as section 3.6.1 compares logs by
/// their last entries: the later term is more up to date, then the longer log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The term of the entry.
    pub term: Term,
    /// Its index.
    pub index: Index,
}

/// One entry of a log. Clones share its payload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The term of the leader that made it.
    pub term: Term,
    /// Its content.
    pub payload: Payload,
    #[serde(skip)]
    digest: u64,
}

/// The content of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Payload {
    /// Nothing: a leader's first entry, which lets it commit earlier entries (section 6.4).
    Noop,
    /// A client's request to the state machine.
    Command(Arc<Command>),
    /// The members from here on (chapter 4).
    Members(Members),
}

/// A client's request, with the data to apply it only once (section 6.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Command {
    /// The client.
    pub client: ClientId,
    /// The client's operation: equal in every attempt, greater in every later operation.
    pub operation: OperationId,
    /// The request.
    pub request: Arc<Request>,
}

impl Entry {
    /// An entry of that term.
    #[must_use]
    pub fn new(term: Term, payload: Payload) -> Self {
        let digest = payload.digest(Digest::new(u64::from(term.0)));
        Self { term, payload, digest: digest.value() }
    }

    /// A digest of its term and payload.
    #[must_use]
    pub fn digest(&self) -> u64 {
        self.digest
    }
}

impl Payload {
    fn digest(&self, d: Digest) -> Digest {
        match self {
            Self::Noop => d.number(0),
            Self::Members(m) => m.digest(d.number(2)),
            Self::Command(c) => {
                let d = d.number(1).number(u64::from(c.client.0)).number(u64::from(c.operation.0));
                let d = d.text(c.request.op.name()).text(&c.request.key);
                match &c.request.op {
                    Op::Get | Op::Del => d,
                    Op::Set(v) | Op::Upd(v) | Op::Append(v) => d.text(v),
                    Op::Cas(old, new) => d.text(old).text(new),
                }
            }
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.term, self.index)
    }
}

/// The payload for people: `no-op`, `c1 set x 1`.
impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noop => f.write_str("no-op"),
            Self::Command(c) => write!(f, "{} {}", c.client, c.request),
            Self::Members(m) => write!(f, "members {m}"),
        }
    }
}
