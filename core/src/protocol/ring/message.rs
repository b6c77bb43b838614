//! Messages between the nodes of the sharded store and its balancer.

use super::super::{Ask, Kind, Reply};
use crate::store::{Quoted, Version, Word};
use serde::Serialize;
use std::fmt::Write as _;
use std::sync::Arc;

/// Between nodes, and between the balancer and nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// A client's request for the node that the key belongs to. It keeps client and operation.
    Forward(Ask),
    /// A client's read for a node that holds a copy of the key.
    Read(Ask),
    /// The answer to either, for the node that passed it on.
    ForwardReply(Reply),
    /// A version for a replica. It is neither acknowledged nor repeated.
    Replicate(Word, Version),
    /// Data that belongs to the receiver now.
    Transfer(Arc<Batch>),
    /// That batch has arrived.
    TransferReply(u32),
    /// The balancer's health check.
    HealthCheck,
    /// The answer to a health check.
    HealthReply,
}

/// Some of the keys that a node hands over to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Batch {
    /// Its number among the sender's batches.
    pub number: u32,
    /// Keys and versions.
    pub items: Vec<(Word, Version)>,
    /// Whether it is the last: the sender has no more data for the receiver.
    pub last: bool,
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Forward(_) => Kind::Forward,
            Self::Read(_) => Kind::Read,
            Self::ForwardReply(_) => Kind::ForwardReply,
            Self::Replicate(..) => Kind::Replicate,
            Self::Transfer(_) => Kind::Transfer,
            Self::TransferReply(_) => Kind::TransferReply,
            Self::HealthCheck => Kind::HealthCheck,
            Self::HealthReply => Kind::HealthReply,
        }
    }

    /// Number of values that it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Forward(_) | Self::Read(_) | Self::ForwardReply(_) | Self::Replicate(..) => 1,
            Self::Transfer(batch) => batch.items.len(),
            Self::TransferReply(_) | Self::HealthCheck | Self::HealthReply => 0,
        }
    }

    /// Its fields, for people.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Forward(ask) | Self::Read(ask) => {
                vec![("operation", ask.request.to_string()), ("client", ask.client.to_string())]
            }
            Self::ForwardReply(reply) => vec![("answer", reply.body.to_string())],
            Self::Replicate(key, version) => vec![
                ("key", Quoted(key).to_string()),
                ("value", shown(version)),
                ("stamp", version.stamp.time.to_string()),
            ],
            Self::Transfer(batch) => batch.fields(),
            Self::TransferReply(number) => vec![("batch", number.to_string())],
            Self::HealthCheck | Self::HealthReply => Vec::new(),
        }
    }
}

impl Batch {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let mut keys = String::new();
        for (key, _) in &self.items {
            let _ = write!(keys, "{}{}", if keys.is_empty() { "" } else { " " }, Quoted(key));
        }
        vec![
            ("batch", self.number.to_string()),
            ("count", self.items.len().to_string()),
            ("keys", keys),
            ("last", if self.last { "yes" } else { "no" }.to_owned()),
        ]
    }
}

/// A version's value, for people.
pub(super) fn shown(version: &Version) -> String {
    version.value.as_ref().map_or_else(|| "deleted".to_owned(), |v| Quoted(v).to_string())
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn load(&self) -> usize {
        self.load()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
