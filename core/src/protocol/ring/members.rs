//! Nodes join and leave: the ring changes, and with it what belongs to whom.
//!
//! A key that has a new owner cannot be used until its old owner has handed over all that it had
//! for the new one, or has been silent for long: else a read would find nothing where something is.
//!
//! What a node holds may lie as it belonged in an earlier cluster: the node crashed in the middle,
//! or the members changed while it was down. So its log says for which members its data is placed,
//! and what it has to hand over follows from these and the members that there are.

use super::super::{Cx, Fact, Message as Outer, Record as OuterRecord, Timer};
use super::Node;
use super::handover;
use super::message::{Batch, Message};
use super::record::Record;
use crate::hash_ring::HashRing;
use crate::ids::{Addr, NodeId};
use crate::store::{Version, Word};
use serde::Serialize;
use std::sync::Arc;

/// After that many time-outs of silence nothing more is expected of who hands over.
const SILENCE: u64 = 2;

/// The members have changed, and not everything that belongs to this node has arrived.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Settling {
    /// Where things were before.
    former: HashRing,
    /// Who may have something yet to hand over.
    awaited: Vec<NodeId>,
}

impl Settling {
    pub(super) fn awaited(&self) -> &[NodeId] {
        &self.awaited
    }
}

impl Node {
    pub(super) fn joined(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        if node == self.me {
            let former = self.ring.without(node);
            let awaited = former.members().to_vec();
            self.wait_for(Settling { former, awaited }, cx);
            return;
        }
        self.ring = self.ring.with(node);
        self.hand_over(cx);
    }

    pub(super) fn removed(&mut self, node: NodeId, cx: &mut Cx<'_>) {
        let rest = self.ring.without(node);
        let former = std::mem::replace(&mut self.ring, rest);
        self.handover.forget(node);
        if node == self.me {
            self.settling = None;
        } else if let Some(settling) = &mut self.settling {
            if !settling.awaited.contains(&node) {
                settling.awaited.push(node);
            }
        } else {
            self.wait_for(Settling { former, awaited: vec![node] }, cx);
        }
        self.hand_over(cx);
    }

    /// Hands over what does not belong here alone any more, in place of what was being handed over.
    pub(super) fn hand_over(&mut self, cx: &mut Cx<'_>) {
        let old = self.placed.as_ref().unwrap_or(&self.ring);
        let copies = cx.settings.ring.replicas.into();
        let plan = handover::plan(self.me, old, &self.ring, copies, &self.data);
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
        if self.placed.as_ref() != Some(&self.ring) {
            self.mark_placed(cx);
        }
        if !self.ring.contains(self.me) {
            cx.leave();
        }
    }

    /// What it holds lies where it belongs.
    pub(super) fn mark_placed(&mut self, cx: &mut Cx<'_>) {
        self.placed = Some(self.ring.clone());
        cx.write(OuterRecord::Ring(Record::Placed(self.ring.members().into())));
        self.log.records += 1;
    }

    /// Data has come that belongs here now.
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

    /// What is newer here than what was goes to the replicas, as a write does; a node that joins
    /// leaves out those that were replicas before. What belongs to yet another node goes there.
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

    /// Whether this node has what there is of a key that belongs to it.
    pub(super) fn has_settled(&self, key: &str) -> bool {
        self.settling.as_ref().is_none_or(|settling| {
            settling.former.owner(key).is_none_or(|owner| !settling.awaited.contains(&owner))
        })
    }

    fn wait_for(&mut self, settling: Settling, cx: &mut Cx<'_>) {
        self.settling = Some(settling);
        cx.set_timer(Timer::Failure, cx.settings.timeout.scaled(SILENCE, 1));
    }

    fn heard_from(&mut self, node: NodeId, last: bool, cx: &mut Cx<'_>) {
        let Some(settling) = &mut self.settling else { return };
        if last {
            settling.awaited.retain(|&awaited| awaited != node);
        }
        if settling.awaited.is_empty() {
            self.settled(cx);
        } else {
            cx.set_timer(Timer::Failure, cx.settings.timeout.scaled(SILENCE, 1));
        }
    }

    /// Everything is there, or nothing more is to be expected.
    pub(super) fn settled(&mut self, cx: &mut Cx<'_>) {
        cx.cancel_timer(Timer::Failure);
        if self.settling.take().is_some() {
            cx.note(Fact::Settled);
        }
    }
}
