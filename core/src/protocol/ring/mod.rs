//! A sharded store: consistent hashing, a primary for each key, asynchronous replication, a
//! write-ahead log, and a balancer in front.
//!
//! Every key belongs to the first node of its preference list on the ring ([`crate::hash_ring`]):
//! its owner, which is its primary. The next `replicas - 1` nodes of the list hold copies.
//!
//! - A write goes to the owner, which writes it to its log, then to memory, and answers when the
//!   log is durable; then each replica is sent the version, once and without acknowledgement.
//! - Any node, and the balancer, passes a request on to the owner ([`forward`]); the answer comes
//!   back the same way. When the owner is down, reads go to replicas and writes fail.
//! - Every `checkpoint` the whole store is saved; recovery is checkpoint and log ([`record`]).
//! - When a node joins or leaves, only keys whose owner or replicas changed move ([`handover`]). A
//!   key with a new owner cannot be used until its data have arrived.
//!
//! Limits of the original, kept here:
//!
//! - Replication is sent once and not acknowledged. A replica that misses a version stays behind
//!   until the key is written again, also when it restarts; a write that only a wiped owner had is
//!   lost although it was acknowledged.
//! - Partitions are not handled: on the far side of one, reads are answered from old copies.
//! - Conflicts are not resolved: the version with the later stamp wins, by the owner's clock, and
//!   the other is gone.
//! - Retries are not recognised: an `append` that is asked twice is applied twice.
//!
//! Joining and leaving are not in the original, which names them as its next step.

mod balancer;
mod forward;
mod handover;
mod members;
mod message;
mod record;
mod view;

impl super::Protocol for Node {
    fn boot(me: NodeId, members: &[NodeId], settings: &Settings, disk: &mut super::Disk) -> Self {
        Self::boot(me, members, settings, disk)
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

    fn format_disk(members: &[NodeId], _settings: &Settings, disk: &mut super::Disk) {
        Self::found(members, disk);
    }

    fn keeps(&self) -> Vec<(NodeId, usize)> {
        self.owes().collect()
    }
}

#[cfg(test)]
mod tests;

pub use balancer::Balancer;
pub use forward::Forwarder;
pub use message::{Batch, Message};
pub use record::{Awaited, Record, Snapshot};

use super::{Ask, Checkpoint, Cx, Disk, Fact, Input, Message as Outer, Order, Reply, ReplyBody};
use super::{Record as OuterRecord, Timer};
use crate::hash_ring::HashRing;
use crate::ids::{Addr, NodeId};
use crate::settings::Settings;
use crate::settings::own::ring::rules::{
    ARRIVED_FIRST, CHECKPOINT_COVERS, LOG_FIRST, NEWER_STAYS, OWNER_SERVES,
};
use crate::store::{Request, Stamp, Version, VersionedStore, Word, evaluate};
use crate::time::{Span, Time};
use forward::Map;
use handover::Handover;
use members::Settling;
use record::Recovered;
use serde::Serialize;
use std::sync::Arc;

/// A node of the sharded store.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    me: NodeId,
    ring: HashRing,
    data: VersionedStore,
    /// The result of its recovery at the start.
    recovered: Recovery,
    log: Log,
    forwarder: Forwarder,
    /// The members for which its data are placed.
    placed: Option<HashRing>,
    /// The later sets of members, in order, that were replaced before it had handed over all data.
    passed: Vec<HashRing>,
    handover: Handover,
    settling: Option<Settling>,
    /// The data when the checkpoint was begun that is written next: only where the rule
    /// `checkpoint-covers` is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    begun: Option<VersionedStore>,
}

/// The source of a node's state.
#[derive(Clone, Copy, Debug, Serialize)]
struct Recovery {
    saved: Option<u32>,
    replayed: u32,
}

/// A node's knowledge of its own log.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Log {
    /// Records since the last checkpoint.
    records: u32,
    /// The time of the last checkpoint, by its own clock.
    saved: Option<Time>,
}

impl Node {
    /// Prepares the disk of an initial node of these members: it records that no data are awaited.
    /// A disk without that record belongs to a node that still has to learn its part.
    pub fn found(members: &[NodeId], disk: &mut Disk) {
        let placed = Some(members.into());
        let upto =
            disk.checkpoint(Arc::new(Checkpoint::Ring(Snapshot { placed, ..Snapshot::default() })));
        disk.flush(upto);
    }

    /// A node with the content of its disk, in a cluster of these members.
    #[must_use]
    pub fn boot(me: NodeId, members: &[NodeId], settings: &Settings, disk: &mut Disk) -> Self {
        let Recovered { state, saved, replayed } = Recovered::from(disk);
        let ring =
            |members: &[NodeId]| HashRing::new(members.iter().copied(), settings.ring.vnodes);
        Self {
            me,
            ring: ring(members),
            data: state.data,
            recovered: Recovery { saved, replayed },
            log: Log { records: replayed, saved: None },
            forwarder: Forwarder::default(),
            placed: state.placed.as_deref().map(ring),
            passed: state.passed.iter().map(|members| ring(members)).collect(),
            handover: Handover::default(),
            settling: state.awaited.as_deref().map(|a| Settling::of(a, settings.ring.vnodes)),
            begun: None,
        }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => self.started(cx),
            Input::Message(from, Outer::Ask(ask)) => self.asked(from, ask, cx),
            Input::Message(from, Outer::Ring(message)) => self.told(from, message, cx),
            Input::Timer(Timer::Checkpoint) => self.save(cx),
            Input::Timer(Timer::Attempt(attempt)) => self.pass_on(cx, |forwarder, map, cx| {
                forwarder.timed_out(attempt, map, cx);
            }),
            Input::Timer(Timer::Transfer) => self.handover.send_again(cx),
            Input::Timer(Timer::Failure) => self.settled(cx),
            Input::Operator(Order::Add(node)) => self.joined(node, cx),
            Input::Operator(Order::Remove(node)) => self.removed(node, cx),
            _ => {}
        }
    }

    fn started(&mut self, cx: &mut Cx<'_>) {
        if self.recovered.saved.is_some_and(|keys| keys > 0) || self.recovered.replayed > 0 {
            cx.note(Fact::Replayed(self.recovered.replayed));
        }
        cx.set_timer(Timer::Checkpoint, cx.settings.ring.checkpoint);
        self.find_place(cx);
        self.wait_again(cx);
    }

    /// Handles a client's request.
    fn asked(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        assert_eq!(from, ask.client.into());
        if self.serves(&ask.request.key, cx) {
            let before = cx.effects.len();
            let body = self.serve(&ask.request, cx);
            let reply = Outer::Reply(Reply { operation: ask.operation, body });
            if cx.keeps(LOG_FIRST) {
                cx.send(from, reply);
            } else {
                cx.send_ahead(before, from, reply);
            }
        } else {
            self.pass_on(cx, |forwarder, map, cx| forwarder.take(ask, map, cx));
        }
    }

    /// Whether it answers requests for a key itself: as its owner.
    fn serves(&self, key: &str, cx: &Cx<'_>) -> bool {
        let copies = cx.settings.ring.replicas.into();
        self.ring.owner(key) == Some(self.me)
            || !cx.keeps(OWNER_SERVES) && self.ring.holds(self.me, key, copies)
    }

    fn pass_on(
        &mut self,
        cx: &mut Cx<'_>,
        act: impl FnOnce(&mut Forwarder, &Map<'_>, &mut Cx<'_>),
    ) {
        let is_down = &|_| false;
        let map = Map { ring: &self.ring, is_down, own: Some((self.me, &self.data)) };
        act(&mut self.forwarder, &map, cx);
    }

    fn told(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        match message {
            Message::Forward(ask) => {
                // It is not passed on again: two nodes that disagree about the members would bounce
                // it.
                let mine = self.ring.owner(&ask.request.key) == Some(self.me);
                let before = cx.effects.len();
                let body = if mine { self.serve(&ask.request, cx) } else { ReplyBody::Unavailable };
                let reply = Reply { operation: ask.operation, body };
                if cx.keeps(LOG_FIRST) {
                    self.reply(from, reply, cx);
                } else {
                    cx.send_ahead(before, from, Outer::Ring(Message::ForwardReply(reply)));
                }
            }
            Message::Read(ask) => {
                let body = forward::copy(&ask, &self.data);
                self.reply(from, Reply { operation: ask.operation, body }, cx);
            }
            Message::ForwardReply(reply) => {
                self.forwarder.answered(reply, cx);
            }
            Message::Replicate(key, version) => self.keep(&key, &version, cx),
            Message::Transfer(batch) => self.received(from, batch, cx),
            Message::TransferReply(number) => self.acknowledged(from, number, cx),
            Message::HealthCheck => cx.send(from, Outer::Ring(Message::HealthReply)),
            Message::HealthReply => {}
        }
    }

    fn reply(&self, to: Addr, reply: Reply, cx: &mut Cx<'_>) {
        cx.send(to, Outer::Ring(Message::ForwardReply(reply)));
    }

    /// Executes a request as owner: log, memory, answer, replicas, in this order.
    fn serve(&mut self, request: &Request, cx: &mut Cx<'_>) -> ReplyBody {
        if !self.has_settled(&request.key) && cx.keeps(ARRIVED_FIRST) {
            return ReplyBody::Unavailable;
        }
        let held = self.data.version(&request.key);
        let (write, answer) = evaluate(&request.op, held.and_then(|v| v.value.as_ref()));
        if let Some(value) = write {
            let version = Version { value, stamp: self.stamp(held, cx) };
            self.put(&request.key, &version, cx);
            self.replicate(&request.key, &version, |_| false, cx);
        }
        ReplyBody::Answer(answer)
    }

    /// A stamp later than that of the present version, whatever the clock reads.
    fn stamp(&self, held: Option<&Version>, cx: &Cx<'_>) -> Stamp {
        let after = held.map_or(Time::ZERO, |v| v.stamp.time + Span::from_us(1));
        Stamp { time: cx.clock.max(after), writer: cx.me.dense() as u16 }
    }

    /// Writes to the log first, then to memory. Later messages wait until the log is durable.
    fn put(&mut self, key: &Word, version: &Version, cx: &mut Cx<'_>) {
        cx.write(OuterRecord::Ring(Record::Put(key.clone(), version.clone())));
        self.log.records += 1;
        let won = self.data.merge(key, version);
        assert!(won, "the caller compared");
    }

    /// Sends the version to the replicas that do not have it, once, without acknowledgement.
    fn replicate(
        &self,
        key: &Word,
        version: &Version,
        has: impl Fn(NodeId) -> bool,
        cx: &mut Cx<'_>,
    ) {
        let copies = cx.settings.ring.replicas.into();
        let others = self.ring.preference(key).take(copies).filter(|&n| n != self.me);
        for node in others.filter(|&n| !has(n)) {
            cx.send(node, Outer::Ring(Message::Replicate(key.clone(), version.clone())));
        }
    }

    /// Merges a version from elsewhere: the newer one stays. True if it is the given one.
    fn merge(&mut self, key: &Word, version: &Version, cx: &mut Cx<'_>) -> bool {
        let newer = self.data.version(key).is_none_or(|held| held.stamp < version.stamp);
        let newer = newer || !cx.keeps(NEWER_STAYS);
        if newer {
            if !cx.keeps(NEWER_STAYS) {
                self.data.remove(key);
            }
            self.put(key, version, cx);
        }
        newer
    }

    fn keep(&mut self, key: &Word, version: &Version, cx: &mut Cx<'_>) {
        let stored = self.merge(key, version, cx);
        cx.note(if stored { Fact::Stored } else { Fact::Superseded });
    }

    /// Saves the whole store, unless no record was written since the last time.
    fn save(&mut self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Checkpoint, cx.settings.ring.checkpoint);
        if self.log.records == 0 {
            return;
        }
        let placed = self.placed.as_ref().map(|ring| ring.members().into());
        let awaited = self.settling.as_ref().map(Settling::record);
        let passed = self.passed.iter().map(|ring| ring.members().into()).collect();
        let now = Some(self.data.clone()).filter(|_| !cx.keeps(CHECKPOINT_COVERS));
        let begun = std::mem::replace(&mut self.begun, now);
        let data = begun.filter(|_| !cx.keeps(CHECKPOINT_COVERS)).unwrap_or(self.data.clone());
        cx.note(Fact::Saved(data.iter().count() as u32));
        let snapshot = Snapshot { data, placed, passed, awaited };
        cx.checkpoint(Arc::new(Checkpoint::Ring(snapshot)));
        self.log = Log { records: 0, saved: Some(cx.clock) };
    }
}
