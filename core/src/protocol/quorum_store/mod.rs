//! N, R and W: a key-value store without a leader, after Dynamo (DeCandia et al., *Dynamo: Amazon's
//! Highly Available Key-value Store*, SOSP 2007).
//!
//! Each key lives on the N nodes of its preference list ([`placement`]). The coordinator of an
//! operation, the asked node or the client, asks all of them and waits for R or W
//! ([`coordination`]). The newest version wins by the coordinator's clock, as in Cassandra;
//! Dynamo's own vector clocks would keep both. Read repair, hinted handoff ([`hints`]) and
//! anti-entropy ([`anti_entropy`]) bring replicas the writes that they missed.
//!
//! Its guarantee. With R + W > N, `sloppy=off`, `coordinator=node`, clocks that agree, disks that
//! keep their data, and requests that are executed once: no read returns a value older than that of
//! the last write that was completed before the read began (a regular register; Lamport, "On
//! interprocess communication", 1986).
//!
//! No guarantee:
//! - linearizability: while a write is in progress, one reader may see it and the next may not;
//! - any of this where clocks differ: a write is acknowledged and lost when an older one carries a
//!   later stamp;
//! - any of this once a request is executed twice, by a client's retry or a duplicated message: the
//!   second execution has a stamp of its own, and wins over writes in between;
//! - that `upd`, `del`, `cas` and `append` are atomic: they are a read and then a write.
//!
//! Tombstones stay forever, unless the setting `tombstones` limits their age ([`collection`]).
//! Forgetting one is safe only if all homes have it, which is not checked: a home that missed the
//! deletion brings the key back.

mod anti_entropy;
mod client;
mod collection;
mod coordination;
mod hints;
mod merkle;
mod message;
mod placement;
mod record;
mod replica;
mod stock;
mod suspects;
mod view;

pub use client::Client;
pub use hints::Hints;
pub use message::{Entry, Message, Ticket};
pub use placement::{Placement, RangeId};
pub use record::{Record, Snapshot};
pub use replica::Replica;
pub use stock::Stock;
pub use suspects::Suspects;

use super::{Cx, Input};
use crate::ids::NodeId;
use crate::settings::Settings;
use crate::time::Time;

impl super::Protocol for Replica {
    fn boot(me: NodeId, _members: &[NodeId], settings: &Settings, disk: &mut super::Disk) -> Self {
        Self::boot(me, settings, disk)
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

    fn marks(&self, _clock: Time, _settings: &Settings) -> Vec<super::Mark> {
        self.hints().marks()
    }

    fn keeps(&self) -> Vec<(NodeId, usize)> {
        let count = |home| self.hints().iter().filter(|(h, ..)| *h == home).count();
        self.hints().homes().map(|home| (home, count(home))).collect()
    }
}
