//! Messages between nodes of a chain.

use super::super::{Index, Kind, Payload, Term};
use super::config::Config;
use crate::ids::{ClientId, OperationId};
use crate::store::Request;
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;

/// A write on its way through the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its place in the order of the head.
    pub index: Index,
    /// The version in which the head ordered it.
    pub version: u32,
    /// The client that asked.
    pub client: ClientId,
    /// The client's operation.
    pub operation: OperationId,
    /// The request.
    pub request: Arc<Request>,
}

/// A message between nodes of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// A node tells the configurator that it is alive.
    Report {
        /// The chain as the node knows it, if it knows one.
        config: Option<Arc<Config>>,
        /// The version of the chain with which its data began.
        since: u32,
        /// Whether the node has every committed write.
        complete: bool,
        /// The reading of its clock at the sending.
        sent: Time,
    },
    /// The configurator answers a report.
    Grant {
        /// The reading of the reporter's clock, from which its lease counts.
        sent: Time,
        /// The chain as it is now.
        config: Arc<Config>,
    },
    /// Writes for the successor.
    Update {
        /// The sender's version of the chain.
        version: u32,
        /// The place before the first of `entries`.
        after: Index,
        /// Writes without a gap; none where the message only asks for the successor's last write.
        entries: Vec<Arc<Entry>>,
        /// The successor has every committed write once it has those up to here; None while the
        /// sender lacks some itself.
        complete_at: Option<Index>,
    },
    /// The successor's progress.
    UpdateAck {
        /// The sender's version of the chain.
        version: u32,
        /// The last write that the successor has.
        last: Index,
        /// The last write that it knows to be committed.
        committed: Index,
    },
    /// Asks the tail for the last committed write.
    Query {
        /// The sender's version of the chain.
        version: u32,
        /// A number that the answer repeats.
        ticket: u32,
    },
    /// The tail's answer.
    QueryReply {
        /// The tail's version of the chain.
        version: u32,
        /// The ticket of the query.
        ticket: u32,
        /// The last committed write.
        committed: Index,
    },
}

impl Message {
    fn version(&self) -> u32 {
        match self {
            Self::Report { config, .. } => config.as_ref().map_or(0, |c| c.version),
            Self::Grant { config, .. } => config.version,
            Self::Update { version, .. }
            | Self::UpdateAck { version, .. }
            | Self::Query { version, .. }
            | Self::QueryReply { version, .. } => *version,
        }
    }
}

impl Payload for Message {
    fn kind(&self) -> Kind {
        match self {
            Self::Report { .. } => Kind::Heartbeat,
            Self::Grant { .. } => Kind::HeartbeatReply,
            Self::Update { .. } => Kind::Update,
            Self::UpdateAck { .. } => Kind::UpdateAck,
            Self::Query { .. } => Kind::Read,
            Self::QueryReply { .. } => Kind::ReadReply,
        }
    }

    fn term(&self) -> Option<Term> {
        Some(Term(self.version()))
    }

    fn load(&self) -> usize {
        match self {
            Self::Update { entries, .. } => entries.len(),
            Self::Query { .. } | Self::QueryReply { .. } => 1,
            Self::Report { .. } | Self::Grant { .. } | Self::UpdateAck { .. } => 0,
        }
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("version", self.version().to_string())];
        match self {
            Self::Report { since, complete, .. } => {
                fields.push(("data since version", since.to_string()));
                fields.push(("complete", if *complete { "yes" } else { "no" }.into()));
            }
            Self::Grant { config, .. } => {
                let names: Vec<String> = config.chain.iter().map(|m| m.node.to_string()).collect();
                fields.push(("chain", names.join(" → ")));
            }
            Self::Update { after, entries, .. } => {
                fields.push(("after", after.to_string()));
                let said = entries.iter().map(|e| format!("{}: {}", e.index, e.request));
                fields.extend(said.map(|said| ("write", said)));
            }
            Self::UpdateAck { last, committed, .. } => {
                fields.push(("has up to", last.to_string()));
                fields.push(("committed up to", committed.to_string()));
            }
            Self::Query { .. } => {}
            Self::QueryReply { committed, .. } => {
                fields.push(("committed up to", committed.to_string()));
            }
        }
        fields
    }
}
