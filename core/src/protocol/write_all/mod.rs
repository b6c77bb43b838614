//! The mock replicated store of the course: the client is the coordinator, writes to all nodes and
//! takes the newest of their answers.
//!
//! It is faithful to its original, flaws included: replicas keep all data in memory only, the
//! client's clock stamps versions, and the coordinator waits for an answer or a time-out of every
//! node and ignores failures, so that without `strict` an operation "succeeds" even without any
//! answer. `strict` enforces W and R as the original's comments describe.
//!
//! The original reads and writes whole values only. `upd`, `del`, `cas` and `append` are here a
//! read, then a write that depends on it: not atomic, so two clients can overwrite each other.

mod coordinator;
mod message;
mod replica;

pub use coordinator::Coordinator;
pub use message::Message;
pub use replica::Replica;

use super::{Cx, Input};
use crate::ids::NodeId;
use crate::settings::Settings;

impl super::Protocol for Replica {
    fn boot(
        _me: NodeId,
        _members: &[NodeId],
        _settings: &Settings,
        _disk: &mut super::Disk,
    ) -> Self {
        Self::default()
    }

    fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        self.step(input, cx);
    }

    fn view(&self, _most: usize) -> super::NodeView {
        self.view()
    }

    fn detail(&self) -> Vec<(&'static str, String)> {
        self.detail()
    }

    fn sign(&self) -> super::Sign {
        self.sign()
    }
}

#[cfg(test)]
mod tests;
