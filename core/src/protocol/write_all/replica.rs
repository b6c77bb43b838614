//! One of the stores.

use super::super::{Cx, Fact, Input, Message as Any, NodeView, Role, Sign};
use super::Message;
use crate::ids::Addr;
use crate::store::{Quoted, VersionedStore};
use serde::Serialize;
use std::sync::Arc;

/// One of the stores: versions by key, in memory alone.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replica {
    store: VersionedStore,
}

impl Replica {
    /// The one entry point.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        if let Input::Message(from, Any::WriteAll(message)) = input {
            self.receive(from, message, cx);
        }
    }

    fn receive(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        let reply = match message {
            Message::Write { operation, key, version } => {
                // The original compares time stamps alone: a later one wins, and none other does.
                let held = self.store.version(&key).map(|held| held.stamp);
                let won = held < Some(version.stamp) && self.store.merge(&key, &version);
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

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Replica, term: None, leader: None }
    }

    /// What there is to see of it.
    #[must_use]
    pub fn view(&self) -> NodeView {
        let present = |(k, v): (&crate::store::Word, &crate::store::Version)| {
            v.value.as_ref().map(|value| (k.clone(), value.clone()))
        };
        let versions = self.store.iter().map(|(k, v)| {
            let value = v.value.as_ref().map_or("deleted".into(), |v| Quoted(v).to_string());
            ("version", format!("{} = {value}, stamped {}", Quoted(k), v.stamp.time))
        });
        NodeView {
            sign: self.sign(),
            data: self.store.iter().filter_map(present).collect(),
            log: None,
            detail: versions.collect(),
        }
    }
}
