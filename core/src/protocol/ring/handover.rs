//! Data on the move: the keys that a node hands over when the members change, batch by batch.
//!
//! One batch at a time is in flight to a receiver; the next leaves when it is acknowledged, and it
//! is sent again until then. Versions decide the winner at the receiver, so a batch that arrives
//! twice changes nothing.

use super::super::{Cx, Fact, Message as Outer, Timer};
use super::message::{Batch, Message};
use crate::hash_ring::HashRing;
use crate::ids::NodeId;
use crate::settings::own::ring::rules::HANDOVER_ACKED;
use crate::sorted::{SortedMap, SortedSet};
use crate::store::{Version, VersionedStore, Word};
use crate::time::Span;
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// The most keys in one batch.
const BATCH_KEYS: usize = 16;

/// The batches that a node still has to hand over, and counts of the data moved since it started.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Handover {
    /// By receiver: the batches that it has not acknowledged; the first of them is in flight.
    outgoing: SortedMap<NodeId, VecDeque<Arc<Batch>>>,
    next: u32,
    /// Counts of the data sent.
    pub sent: Tally,
    /// Counts of the data received.
    pub received: Tally,
}

/// Counts of moved data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Number of keys, counted each time that one moved.
    pub keys: u32,
    /// Bytes of the messages that carried them, including repeated ones.
    pub bytes: u64,
}

/// The keys for each receiver.
pub type Plan = SortedMap<NodeId, Vec<(Word, Version)>>;

/// The keys that a node must hand over when the cluster has become `new`. Its data are placed as in
/// one of `olds`: as in the first, and later arrivals as in the others, if the members changed
/// again before all was handed over.
///
/// A key's old owner hands it to the nodes that are new among its first `copies`. When that owner
/// leaves, it hands it to its new owner alone, since writes that the owner acknowledged may not
/// have reached the replicas; and the new owner, formerly a replica, sends it to the nodes that are
/// new. This also works when the owner left because it is dead. Every node that waits for this node
/// (a joining one; all, when it leaves itself) gets a batch, possibly an empty one.
pub fn plan(
    me: NodeId,
    olds: &[HashRing],
    new: &HashRing,
    copies: usize,
    data: &VersionedStore,
) -> Plan {
    let leaving = !new.contains(me);
    let knew = |n: NodeId| olds.iter().all(|old| old.contains(n));
    let waiting = |n: &NodeId| *n != me && (leaving || !knew(*n));
    let mut plan: Plan =
        new.members().iter().filter(|n| waiting(n)).map(|&n| (n, Vec::new())).collect();
    for (key, version) in data.iter() {
        let all = olds.iter().flat_map(|old| targets(me, old, new, copies, key));
        for target in all.collect::<SortedSet<_>>() {
            plan.or_default(target).push((key.clone(), version.clone()));
        }
    }
    plan
}

fn targets(
    me: NodeId,
    old: &HashRing,
    new: &HashRing,
    copies: usize,
    key: &str,
) -> SortedSet<NodeId> {
    let (Some(was), Some(is)) = (old.owner(key), new.owner(key)) else { return SortedSet::new() };
    if was == me && !new.contains(me) {
        return SortedSet::from([is]);
    }
    let left = !new.contains(was);
    if was == me || left && is == me {
        let fresh = new.preference(key).take(copies);
        return fresh.filter(|&n| n != me && !old.holds(n, key, copies)).collect();
    }
    SortedSet::new()
}

impl Handover {
    /// Whether everything has been acknowledged.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.outgoing.is_empty()
    }

    /// The nodes to which it still has to hand over, each with the number of keys.
    pub fn outstanding(&self) -> impl Iterator<Item = (NodeId, usize)> {
        self.outgoing.iter().map(|(&to, batches)| (to, batches.iter().map(|b| b.items.len()).sum()))
    }

    /// Begins to execute a plan, in place of the present one.
    pub fn begin(&mut self, plan: Plan, cx: &mut Cx<'_>) {
        self.outgoing.clear();
        for (to, items) in plan {
            cx.note(Fact::HandedOver(to, items.len() as u32));
            let batches = self.batches(items);
            self.outgoing.insert(to, batches);
            self.send_first(to, true, cx);
            while !cx.keeps(HANDOVER_ACKED) && self.drop_first(to) {
                self.send_first(to, true, cx);
            }
        }
        self.wind_up(cx);
    }

    /// Takes the first batch for handed over, unasked. True when others are left for that node.
    fn drop_first(&mut self, to: NodeId) -> bool {
        let Some(batches) = self.outgoing.get_mut(&to) else { return false };
        batches.pop_front();
        if batches.is_empty() {
            self.outgoing.remove(&to);
        }
        self.outgoing.contains_key(&to)
    }

    fn batches(&mut self, mut items: Vec<(Word, Version)>) -> VecDeque<Arc<Batch>> {
        let mut batches = VecDeque::new();
        loop {
            let rest = items.split_off(items.len().min(BATCH_KEYS));
            self.next += 1;
            let last = rest.is_empty();
            batches.push_back(Arc::new(Batch { number: self.next, items, last }));
            if last {
                return batches;
            }
            items = rest;
        }
    }

    fn send_first(&mut self, to: NodeId, fresh: bool, cx: &mut Cx<'_>) {
        let Some(batch) = self.outgoing.get(&to).and_then(VecDeque::front) else { return };
        let message = Outer::Ring(Message::Transfer(Arc::clone(batch)));
        self.sent.keys += if fresh { batch.items.len() as u32 } else { 0 };
        self.sent.bytes += u64::from(message.bytes());
        cx.send(to, message);
    }

    /// Handles the acknowledgement of a batch.
    pub fn acknowledged(&mut self, from: NodeId, number: u32, cx: &mut Cx<'_>) {
        let Some(batches) = self.outgoing.get_mut(&from) else { return };
        if batches.pop_front_if(|b| b.number == number).is_none() {
            return; // It was sent twice, and acknowledged twice.
        }
        if batches.is_empty() {
            self.outgoing.remove(&from);
        }
        self.send_first(from, true, cx);
        self.wind_up(cx);
    }

    /// Drops the batches for a node that will not receive any more.
    pub fn forget(&mut self, node: NodeId) {
        self.outgoing.remove(&node);
    }

    /// Sends again the unacknowledged batches.
    pub fn send_again(&mut self, cx: &mut Cx<'_>) {
        let receivers: Vec<NodeId> = self.outgoing.keys().copied().collect();
        for to in receivers {
            self.send_first(to, false, cx);
        }
        self.wind_up(cx);
    }

    fn wind_up(&self, cx: &mut Cx<'_>) {
        if self.outgoing.is_empty() {
            cx.cancel_timer(Timer::Transfer);
        } else {
            let again = cx.settings.timeout.scaled(1, 2).max(Span::from_us(1));
            cx.set_timer(Timer::Transfer, again);
        }
    }
}
