//! Messages between primary and backups, besides heartbeats and elections.

use super::super::{Index, Kind, Term};
use super::{State, Update};
use serde::Serialize;
use std::sync::Arc;

/// Between a primary and its backups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Apply this.
    Update(Arc<Update>),
    /// Everything up to there is on my disk.
    Ack {
        /// The epoch of the updates.
        term: Term,
        /// The last of them.
        upto: Index,
    },
    /// Replace your data by this state.
    State(Arc<State>),
    /// I need the state.
    Join,
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Update(_) => Kind::Update,
            Self::Ack { .. } => Kind::UpdateAck,
            Self::State(_) => Kind::StateTransfer,
            Self::Join => Kind::Join,
        }
    }

    /// The epoch that it belongs to.
    #[must_use]
    pub fn term(&self) -> Option<Term> {
        match self {
            Self::Update(u) => Some(u.term),
            Self::Ack { term, .. } => Some(*term),
            Self::State(s) => Some(s.term),
            Self::Join => None,
        }
    }

    /// Number of values that it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Update(_) => 1,
            Self::State(s) => s.database.store().iter().count(),
            Self::Ack { .. } | Self::Join => 0,
        }
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Update(u) => vec![
                ("epoch", u.term.to_string()),
                ("update", u.index.to_string()),
                ("operation", u.request.to_string()),
            ],
            Self::Ack { term, upto } => {
                vec![("epoch", term.to_string()), ("up to", upto.to_string())]
            }
            Self::State(s) => vec![
                ("epoch", s.term.to_string()),
                ("up to", s.last.to_string()),
                ("keys", self.load().to_string()),
            ],
            Self::Join => Vec::new(),
        }
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
        self.load()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
