//! Nodes join and leave: the ring changes, and with it what belongs to whom.
//!
//! A key that has a new owner cannot be used until its old owner has handed over all that it had
//! for the new one, or has been silent for long: else a read would find nothing where something is.
//!
//! What a node holds may lie as it belonged in an earlier cluster: the node crashed in the middle,
//! or the members changed while it was down. So its log says for which members its data is placed,
//! and what it has to hand over follows from these and the members that there are; so does whom it
//! has to wait for. A disk that says nothing of the kind was never told: its node waits for everybody.

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

/// After that many time-outs of silence nothing more is expected of who hands over.
const SILENCE: u64 = 2;

/// The most changes that are remembered before all of the first was handed over.
pub(super) const MOST_PASSED: usize = 32;

/// The members have changed, and not everything that belongs to this node has arrived.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Settling {
    /// Where things were before.
    former: HashRing,
    /// Who may have something yet to hand over.
    awaited: Vec<NodeId>,
}

impl Settling {
    /// What was found on the disk.
    pub(super) fn of(awaited: &Awaited, vnodes: u16) -> Self {
        let former = HashRing::new(awaited.former.iter().copied(), vnodes);
        Self { former, awaited: awaited.from.clone() }
    }

    /// What goes to the disk.
    pub(super) fn record(&self) -> Arc<Awaited> {
        Arc::new(Awaited { former: self.former.members().to_vec(), from: self.awaited.clone() })
    }

    pub(super) fn awaited(&self) -> &[NodeId] {
        &self.awaited
    }
}

impl Node {
    /// A node has started: its disk says for which members what it holds is placed, and the members
    /// may have become others while it was down, or while it was handing over.
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

    /// Waits for these too, if for nobody else then where things were before the change.
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

    /// The members are others from now on. Returns the ring that there was.
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

    /// Hands over what does not belong here alone any more, in place of what was being handed over.
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

    /// What it holds lies where it belongs.
    pub(super) fn mark_placed(&mut self, cx: &mut Cx<'_>) {
        self.placed = Some(self.ring.clone());
        self.passed.clear();
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

    /// A node that crashes before everything is there must not serve as if it were.
    fn write_awaited(&mut self, cx: &mut Cx<'_>) {
        if let Some(settling) = &self.settling {
            cx.write(OuterRecord::Ring(Record::Awaited(settling.record())));
            self.log.records += 1;
        }
    }

    /// Who still has something sends it again and again, also to a node that was down meanwhile:
    /// after long silence nothing more is to be expected.
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

    /// Everything is there, or nothing more is to be expected.
    pub(super) fn settled(&mut self, cx: &mut Cx<'_>) {
        cx.cancel_timer(Timer::Failure);
        if self.settling.take().is_some() {
            cx.write(OuterRecord::Ring(Record::Settled));
            self.log.records += 1;
            cx.note(Fact::Settled);
        }
    }
}
