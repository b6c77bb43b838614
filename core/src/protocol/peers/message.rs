//! Messages between peers, besides heartbeats.

use super::super::Kind;
use crate::store::Request;
use serde::Serialize;
use std::sync::Arc;

/// Between two servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// I have executed this command.
    Command(Arc<Request>),
    /// I have executed these commands while I believed you dead, oldest first.
    Replay(Arc<[Arc<Request>]>),
    /// I have executed that number of replayed commands.
    Replayed(u32),
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Command(_) => Kind::Command,
            Self::Replay(_) => Kind::Replay,
            Self::Replayed(_) => Kind::ReplayReply,
        }
    }

    /// Number of commands that it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::Command(_) => 1,
            Self::Replay(commands) => commands.len(),
            Self::Replayed(_) => 0,
        }
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Command(command) => vec![("command", command.to_string())],
            Self::Replay(commands) => commands.iter().map(|c| ("command", c.to_string())).collect(),
            Self::Replayed(count) => vec![("commands", count.to_string())],
        }
    }
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
