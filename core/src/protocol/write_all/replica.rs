//! One of the stores.

use super::Message;
use crate::ids::Addr;
use crate::protocol::{Cx, Fact, Input, Message as Any, NodeView, Role, Sign};
use crate::settings::own::write_all::rules::NEWER_STORED;
use crate::store::{Quoted, Version, VersionedStore, Word};
use serde::Serialize;
use std::sync::Arc;

/// One of the stores: versions by key, in memory alone.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replica {
    store: VersionedStore,
}

impl Replica {
    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        if let Input::Message(from, Any::WriteAll(message)) = input {
            self.receive(from, message, cx);
        }
    }

    fn receive(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        let reply = match message {
            Message::Write { operation, key, version } => {
                if !cx.keeps(NEWER_STORED) {
                    self.store.remove(&key);
                }
                let won = self.is_newer(&key, &version) && self.store.merge(&key, &version);
                cx.note(if won { Fact::Stored } else { Fact::Superseded });
                Message::WriteReply { operation }
            }
            Message::Read { operation, key } => {
                let version = self.store.version(&key).cloned().map(Arc::new);
                Message::ReadReply { operation, version }
            }
            Message::WriteReply { .. } | Message::ReadReply { .. } => return,
        };
        cx.send(from, Any::WriteAll(reply));
    }

    /// Whether a version is strictly newer than the present one, as in the original: of two with
    /// equal stamps the first to arrive stays, which may be another one elsewhere.
    fn is_newer(&self, key: &str, version: &Version) -> bool {
        self.store.version(key).is_none_or(|held| version.stamp.time > held.stamp.time)
    }

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Replica, term: None, leader: None }
    }

    /// The state to show.
    #[must_use]
    pub fn view(&self) -> NodeView {
        let present =
            |(k, v): (&Word, &Version)| v.value.as_ref().map(|value| (k.clone(), value.clone()));
        NodeView {
            sign: self.sign(),
            data: self.store.iter().filter_map(present).collect(),
            log: None,
        }
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let versions = self.store.iter().map(|(k, v)| {
            let value = v.value.as_ref().map_or("deleted".into(), |v| Quoted(v).to_string());
            ("version", format!("{} = {value}, stamped {}", Quoted(k), v.stamp.time.said()))
        });
        versions.collect()
    }
}
