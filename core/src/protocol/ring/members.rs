//! Nodes join and leave: the ring changes, and with it the owners of keys.
//!
//! A key with a new owner cannot be used until its old owner has handed over all data for the new
//! one, or has been silent for long: else a read would miss existing data.
//!
//! A node's data may be placed as in an earlier cluster: the node crashed during a handover, or the
//! members changed while it was down. So its log records the members for which its data are placed.
//! The data to hand over, and the nodes to wait for, follow from these and the present members. A
//! disk without such a record belongs to a node that was never informed: it waits for all nodes.

use super::super::{Cx, Fact, Message as Outer, Record as OuterRecord, Timer};
use super::Node;
use super::handover;
use super::message::{Batch, Message};
use super::record::{Awaited, Record};
use crate::hash_ring::HashRing;
use crate::ids::{Addr, NodeId};
use crate::sorted::SortedSet;
use crate::store::{Version, Word};
use serde::Serialize;
use std::sync::Arc;

/// Number of time-outs of silence after which no more data are expected from a sender.
const SILENCE: u64 = 2;

/// The most changes that are kept before all data of the first were handed over.
pub(super) const MOST_PASSED: usize = 32;

/// The pending arrival of data after a change of members.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Settling {
    /// The ring before the change.
    former: HashRing,
    /// The nodes that may still have data to hand over.
    awaited: Vec<NodeId>,
}

impl Settling {
    /// The state from the disk.
    pub(super) fn of(awaited: &Awaited, vnodes: u16) -> Self {
        let former = HashRing::new(awaited.former.iter().copied(), vnodes);
        Self { former, awaited: awaited.from.clone() }
    }

    /// The state for the disk.
    pub(super) fn record(&self) -> Arc<Awaited> {
        Arc::new(Awaited { former: self.former.members().to_vec(), from: self.awaited.clone() })
    }

    pub(super) fn awaited(&self) -> &[NodeId] {
        &self.awaited
    }
}

impl Node {
    /// Finds its place after a start: its disk records the members for which its data are placed,
    /// and the members may have changed while it was down, or while it was handing over.
    pub(super) fn find_place(&mut self, cx: &mut Cx<'_>) {
        let Some(placed) = &self.placed else {
            let former = self.ring.without(self.me);
            let awaited = former.members().to_vec();
            self.await_all(former, awaited, cx);
            self.mark_placed(cx);
            return;
        };
        if *placed != self.ring || !self.passed.is_empty() {
            let former = placed.clone();
            let all = std::iter::once(placed).chain(&self.passed).flat_map(HashRing::members);
            let left: SortedSet<NodeId> =
                all.copied().filter(|&n| !self.ring.contains(n)).collect();
            self.await_all(former, left.into_iter().collect(), cx);
            self.hand_over(cx);
        }
    }

    /// Waits for these nodes too. `former` is the ring before the change, used if none was awaited
    /// yet.
    fn await_all(&mut self, former: HashRing, nodes: Vec<NodeId>, cx: &mut Cx<'_>) {
        let settling = self.settling.get_or_insert(Settling { former, awaited: Vec::new() });
        let before = settling.awaited.len();
        for node in nodes {
            if !settling.awaited.contains(&node) {
                settling.awaited.push(node);
            }
        }
        if settling.awaited.is_empty() {
            self.settling = None;
        } else if settling.awaited.len() > before {
            self.write_awaited(cx);
            self.wait_again(cx);
        }
    }

    pub(super) fn joined(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        if node == self.me {
            return; // It knew when it started.
        }
        let more = self.ring.with(node);
        self.change_ring(more, cx);
        self.hand_over(cx);
    }

    /// Changes the ring. Returns the old one.
    fn change_ring(&mut self, ring: HashRing, cx: &mut Cx<'_>) -> HashRing {
        let former = std::mem::replace(&mut self.ring, ring);
        if self.placed.as_ref() != Some(&former) {
            cx.write(OuterRecord::Ring(Record::Passed(former.members().into())));
            self.log.records += 1;
            if self.passed.len() == MOST_PASSED {
                self.passed.remove(0);
            }
            self.passed.push(former.clone());
        }
        former
    }

    pub(super) fn removed(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        let rest = self.ring.without(node);
        let former = self.change_ring(rest, cx);
        self.handover.forget(node);
        if node == self.me {
            self.settling = None;
        } else {
            self.await_all(former, vec![node], cx);
        }
        self.hand_over(cx);
    }

    /// Hands over the data that no longer belong only here, in place of the present handover.
    pub(super) fn hand_over(&mut self, cx: &mut Cx<'_>) {
        let placed = self.placed.as_ref().unwrap_or(&self.ring);
        let olds: Vec<HashRing> = std::iter::once(placed).chain(&self.passed).cloned().collect();
        let copies = cx.settings.ring.replicas.into();
        let plan = handover::plan(self.me, &olds, &self.ring, copies, &self.data);
        self.handover.begin(plan, cx);
        self.finish_handover(cx);
    }

    pub(super) fn acknowledged(&mut self, from: Addr, number: u32, cx: &mut Cx<'_>) {
        let Some(node) = from.node() else { return };
        if !self.handover.is_done() {
            self.handover.acknowledged(node, number, cx);
            self.finish_handover(cx);
        }
    }

    fn finish_handover(&mut self, cx: &mut Cx<'_>) {
        if !self.handover.is_done() {
            return;
        }
        if self.placed.as_ref() != Some(&self.ring) || !self.passed.is_empty() {
            self.mark_placed(cx);
        }
        if !self.ring.contains(self.me) {
            cx.leave();
        }
    }

    /// Records that its data are placed for the present members.
    pub(super) fn mark_placed(&mut self, cx: &mut Cx<'_>) {
        self.placed = Some(self.ring.clone());
        self.passed.clear();
        cx.write(OuterRecord::Ring(Record::Placed(self.ring.members().into())));
        self.log.records += 1;
    }

    /// Handles data that belong here now.
    pub(super) fn received(&mut self, from: Addr, batch: Arc<Batch>, cx: &mut Cx<'_>) {
        let Some(node) = from.node() else { return };
        for (key, version) in &batch.items {
            self.take_over(key, version, cx);
        }
        cx.send(node, Outer::Ring(Message::TransferReply(batch.number)));
        self.heard_from(node, batch.last, cx);
        self.handover.received.keys += batch.items.len() as u32;
        let message = Outer::Ring(Message::Transfer(batch));
        self.handover.received.bytes += u64::from(message.bytes());
    }

    /// Sends a version that is newer here to the replicas, as a write does; a joining node leaves
    /// out those that were replicas before. Data that belong to yet another node go there.
    fn take_over(&mut self, key: &Word, version: &Version, cx: &mut Cx<'_>) {
        if !self.merge(key, version, cx) {
            return;
        }
        let copies = cx.settings.ring.replicas.into();
        match self.ring.owner(key) {
            Some(owner) if owner == self.me => {
                let former = self.settling.as_ref().map(|s| &s.former);
                let former = former.filter(|ring| !ring.contains(owner));
                let has = |n| former.is_some_and(|ring| ring.holds(n, key, copies));
                self.replicate(key, version, has, cx);
            }
            Some(owner) if !self.ring.holds(self.me, key, copies) => {
                cx.send(owner, Outer::Ring(Message::Replicate(key.clone(), version.clone())));
            }
            _ => {}
        }
    }

    /// Whether this node has all data of a key that belongs to it.
    pub(super) fn has_settled(&self, key: &str) -> bool {
        self.settling.as_ref().is_none_or(|settling| {
            settling.former.owner(key).is_none_or(|owner| !settling.awaited.contains(&owner))
        })
    }

    /// Records that data are awaited: a node that crashes before they are complete must not serve
    /// as if they were.
    fn write_awaited(&mut self, cx: &mut Cx<'_>) {
        if let Some(settling) = &self.settling {
            cx.write(OuterRecord::Ring(Record::Awaited(settling.record())));
            self.log.records += 1;
        }
    }

    /// Sets the timer for silence. A sender repeats its data, also to a node that was down
    /// meanwhile: after long silence no more are expected.
    pub(super) fn wait_again(&self, cx: &mut Cx<'_>) {
        if self.settling.is_some() {
            cx.set_timer(Timer::Failure, cx.settings.timeout.scaled(SILENCE, 1));
        }
    }

    fn heard_from(&mut self, node: NodeId, last: bool, cx: &mut Cx<'_>) {
        let Some(settling) = &mut self.settling else { return };
        if last {
            settling.awaited.retain(|&awaited| awaited != node);
        }
        if settling.awaited.is_empty() {
            self.settled(cx);
        } else {
            self.wait_again(cx);
        }
    }

    /// Ends the waiting: all data have arrived, or no more are expected.
    pub(super) fn settled(&mut self, cx: &mut Cx<'_>) {
        cx.cancel_timer(Timer::Failure);
        if self.settling.take().is_some() {
            cx.write(OuterRecord::Ring(Record::Settled));
            self.log.records += 1;
            cx.note(Fact::Settled);
        }
    }
}
