//! A node: it stores, coordinates requests of clients, keeps hints, and compares its data.

use super::anti_entropy;
use super::collection;
use super::coordination::{Coordination, Errand, Verdict};
use super::hints::Hints;
use super::message::{Entry, Message, Ticket};
use super::placement::Placement;
use super::record::{self, Record, Snapshot};
use super::stock::Stock;
use super::suspects::Suspects;
use crate::disk::WriteId;
use crate::hash_ring::position;
use crate::ids::{Addr, NodeId, OperationId};
use crate::protocol::{
    Ask, Checkpoint, Cx, Disk, Fact, Input, Message as AnyMessage, Record as AnyRecord, Reply,
    ReplyBody, Timer,
};
use crate::settings::Settings;
use crate::settings::own::quorum_store::rules::{
    DURABLE_WRITE, HINT_KEPT, REPAIR_NEWER, TOMBSTONE_KEPT,
};
use crate::sorted::SortedMap;
use crate::store::{Version, Word};
use crate::time::{Span, Time};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

/// The least time that a tombstone is kept, also when it is old on arrival: another's clock may be
/// ahead.
const SOON: Span = Span::from_ms(1);

/// A replica of the store, and a coordinator.
#[derive(Clone, Debug, Serialize)]
pub struct Replica {
    me: NodeId,
    // On the disk.
    stock: Stock,
    hints: Hints,
    /// Records behind the last checkpoint.
    log: usize,
    // In memory.
    /// Distinguishes requests from before a restart from later ones.
    epoch: u32,
    serial: u32,
    operations: SortedMap<u32, Operation>,
    /// Own writes that are not durable yet, each with the operation that waits for it.
    writing: VecDeque<(WriteId, u32)>,
    suspects: Suspects,
    /// The turn, which selects the next partner of a comparison: counts up.
    turn: u32,
    /// Whether the timers for hints and for comparisons are set.
    offers: bool,
    compares: bool,
    /// The reading of its clock at which the timer for its tombstones runs out.
    #[serde(skip_serializing_if = "Option::is_none")]
    collects: Option<Time>,
}

/// An operation that it coordinates, with the client to answer.
#[derive(Clone, Debug, Serialize)]
struct Operation {
    client: Addr,
    id: OperationId,
    coordination: Coordination,
}

impl Replica {
    /// A replica with the content of its disk.
    #[must_use]
    pub fn boot(me: NodeId, settings: &Settings, disk: &mut Disk) -> Self {
        let (stock, hints, log) = record::recover(Placement::of(settings), disk);
        Self {
            me,
            stock,
            hints,
            log,
            epoch: 0,
            serial: 0,
            operations: SortedMap::new(),
            writing: VecDeque::new(),
            suspects: Suspects::default(),
            turn: 0,
            offers: false,
            compares: false,
            collects: None,
        }
    }

    /// Handles an input.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        match input {
            Input::Start => {
                self.epoch = cx.rng.bits();
                self.collect(cx);
            }
            Input::Message(from, AnyMessage::Ask(ask)) => self.on_ask(from, ask, cx),
            Input::Message(from, AnyMessage::Quorum(message)) => self.receive(from, message, cx),
            Input::Timer(Timer::Attempt(serial)) => {
                self.advance(serial, cx, |it, suspects, cx| it.on_timeout(suspects, cx));
            }
            Input::Timer(Timer::Handoff) => self.offer_hints(cx),
            Input::Timer(Timer::AntiEntropy) => self.compare(cx),
            Input::Timer(Timer::Tombstones) => {
                self.collects = None;
                self.collect(cx);
            }
            Input::Durable(upto) => self.on_durable(upto, cx),
            // A comparison may be due earlier now, or never.
            Input::Settings => {
                self.compares = false;
                self.collect(cx);
            }
            Input::Message(..) | Input::Timer(_) | Input::Operator(_) => {}
        }
        self.set_timers(cx);
        self.save(cx);
    }

    /// Coordinates a client's request.
    fn on_ask(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        self.serial += 1;
        let ticket = Ticket { epoch: self.epoch, serial: self.serial };
        let coordination = Coordination::begin(ticket, ask.request, 1, &self.suspects, cx);
        let operation = Operation { client: from, id: ask.operation, coordination };
        self.operations.insert(self.serial, operation);
        self.advance(self.serial, cx, |_, _, _| None);
    }

    /// Lets an operation take a step, performs its local tasks, and answers its client.
    fn advance(
        &mut self,
        serial: u32,
        cx: &mut Cx<'_>,
        step: impl FnOnce(&mut Coordination, &mut Suspects, &mut Cx<'_>) -> Option<Verdict>,
    ) {
        let Some(mut operation) = self.operations.remove(&serial) else { return };
        let it = &mut operation.coordination;
        let mut verdict = step(it, &mut self.suspects, cx);
        while let Some(errand) = it.errand() {
            let settled = self.run(errand, it, cx);
            verdict = verdict.or(settled);
        }
        if let Some(verdict) = verdict {
            answer(&operation, verdict, cx);
        }
        if !operation.coordination.is_over() {
            self.operations.insert(serial, operation);
        }
    }

    fn run(&mut self, errand: Errand, it: &mut Coordination, cx: &mut Cx<'_>) -> Option<Verdict> {
        match errand {
            Errand::Read(key) => {
                let version = self.held(&key);
                return it.on_version(self.me, version, &self.suspects, cx);
            }
            Errand::Write(entry, hint) => {
                match self.store(&entry, hint, cx) {
                    Some(write) => self.writing.push_back((write, it.ticket().serial)),
                    // The version lost. The winner may not be durable yet, but no answer leaves
                    // before it is.
                    None => return it.on_acknowledged(self.me, cx),
                }
            }
            Errand::Repair(entry) => {
                self.repair(&entry, cx);
            }
            Errand::Keep(home, entry) => {
                self.store(&entry, Some(home), cx);
            }
        }
        None
    }

    fn receive(&mut self, from: Addr, message: Message, cx: &mut Cx<'_>) {
        if let Some(node) = from.node() {
            self.suspects.clear(node);
        }
        match message {
            Message::Write { ticket, entry, hint } => {
                let before = cx.effects.len();
                self.store(&entry, hint, cx);
                let reply = Message::WriteReply { ticket };
                if cx.keeps(DURABLE_WRITE) {
                    post(from, reply, cx);
                } else {
                    cx.send_ahead(before, from, AnyMessage::Quorum(reply));
                }
            }
            Message::Read { ticket, key } => {
                let version = self.held(&key);
                post(from, Message::ReadReply { ticket, version }, cx);
            }
            Message::ReadRepair { entry } => {
                self.repair(&entry, cx);
            }
            other => {
                if let Some(node) = from.node() {
                    self.receive_from_replica(node, other, cx);
                }
            }
        }
    }

    fn receive_from_replica(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) {
        match message {
            Message::WriteReply { ticket } if ticket.epoch == self.epoch => {
                self.advance(ticket.serial, cx, |it, _, cx| it.on_acknowledged(from, cx));
            }
            Message::ReadReply { ticket, version } if ticket.epoch == self.epoch => {
                self.advance(ticket.serial, cx, |it, suspects, cx| {
                    it.on_version(from, version, suspects, cx)
                });
            }
            Message::Handoff { entries } => {
                self.store_all(&entries, cx);
                post(from, Message::HandoffReply { entries }, cx);
            }
            Message::HandoffReply { entries } => self.forget_hints(from, &entries, cx),
            Message::MerkleRoots { roots } => {
                post_all(from, anti_entropy::compare_roots(&self.stock, &roots), cx);
            }
            Message::MerkleHashes { range, place, hashes } => {
                let answers = anti_entropy::compare_level(&self.stock, range, place, &hashes);
                post_all(from, answers, cx);
            }
            Message::MerkleLeaf { range, leaf, stamps } => {
                let answer = anti_entropy::compare_leaf(&self.stock, range, leaf, &stamps);
                post(from, answer, cx);
            }
            Message::Sync { entries, wanted } => {
                self.store_all(&entries, cx);
                let entries = anti_entropy::wanted(&self.stock, &wanted);
                if !entries.is_empty() {
                    post(from, Message::Sync { entries, wanted: Arc::default() }, cx);
                }
            }
            // An answer to an operation from before a restart, or no message for a single node.
            _ => {}
        }
    }

    /// The newest version that it has, its own or one that it keeps for another.
    fn held(&self, key: &str) -> Option<Arc<Version>> {
        let own = self.stock.version(key);
        let kept =
            self.hints.version(key).filter(|kept| own.is_none_or(|own| kept.supersedes(own)));
        kept.or(own).cloned().map(Arc::new)
    }

    /// Stores a version, among its own data or the hints, and on the disk. None if it lost: then no
    /// write is needed.
    fn store(
        &mut self,
        entry: &Arc<Entry>,
        hint: Option<NodeId>,
        cx: &mut Cx<'_>,
    ) -> Option<WriteId> {
        let (key, version) = &**entry;
        let hint = hint.filter(|&home| home != self.me);
        let (won, fact, record) = match hint {
            Some(home) => {
                let kept = self.hints.keep(home, key, version);
                (kept, Fact::Hinted(home), Record::Hint(home, Arc::clone(entry)))
            }
            None => {
                let won = self.stock.merge(key, version);
                (won, Fact::Stored, Record::Version(Arc::clone(entry)))
            }
        };
        cx.note(if won { fact } else { Fact::Superseded });
        if won {
            self.expect_to_forget(version, cx);
        }
        let write = won.then(|| self.log(record, cx));
        if won && hint.is_none() && version.value.is_none() && !cx.keeps(TOMBSTONE_KEPT) {
            self.displace(key, cx);
        }
        write
    }

    /// Stores a version that a read found to be newer than the own one was then.
    fn repair(&mut self, entry: &Arc<Entry>, cx: &mut Cx<'_>) {
        if !cx.keeps(REPAIR_NEWER) {
            self.displace(&entry.0, cx);
        }
        self.store(entry, None, cx);
    }

    /// Forgets the present version of a key, so that any other one wins.
    fn displace(&mut self, key: &Word, cx: &mut Cx<'_>) {
        let Some(held) = self.stock.version(key).cloned() else { return };
        let entry = (key.clone(), held);
        self.stock.forget(&entry);
        self.log(Record::Forgot(Arc::new(entry)), cx);
    }

    fn store_all(&mut self, entries: &[Entry], cx: &mut Cx<'_>) {
        for entry in entries {
            self.store(&Arc::new(entry.clone()), None, cx);
        }
    }

    fn log(&mut self, record: Record, cx: &mut Cx<'_>) -> WriteId {
        self.log += 1;
        cx.write(AnyRecord::Quorum(record))
    }

    /// Replaces a long log by a checkpoint.
    fn save(&mut self, cx: &mut Cx<'_>) {
        if record::is_long(self.log, || self.stock.count()) {
            self.log = 0;
            let snapshot = Snapshot::of(&self.stock, &self.hints);
            cx.checkpoint(Arc::new(Checkpoint::Quorum(snapshot)));
        }
    }

    /// Its own writes up to here are durable: it acknowledges them to itself.
    fn on_durable(&mut self, upto: WriteId, cx: &mut Cx<'_>) {
        let me = self.me;
        while let Some((_, serial)) = self.writing.pop_front_if(|(write, _)| *write <= upto) {
            self.advance(serial, cx, |it, _, cx| it.on_acknowledged(me, cx));
        }
    }
}

/// The periodic tasks of the replica.
impl Replica {
    fn set_timers(&mut self, cx: &mut Cx<'_>) {
        if !self.offers && !self.hints.is_empty() {
            self.offers = true;
            cx.set_timer(Timer::Handoff, cx.settings.timeout);
        }
        if let (false, Some(period)) = (self.compares, cx.settings.quorum.anti_entropy) {
            self.compares = true;
            // Nodes that start together do not compare in step.
            let first = Span::from_us(cx.rng.between(1, period.as_us()));
            cx.set_timer(Timer::AntiEntropy, if self.turn == 0 { first } else { period });
        }
    }

    /// Offers each home the first versions kept for it; an answer shows that it is back.
    fn offer_hints(&mut self, cx: &mut Cx<'_>) {
        self.offers = false;
        for home in self.hints.homes().collect::<Vec<_>>() {
            let entries = self.hints.batch(home);
            post(home, Message::Handoff { entries: Arc::clone(&entries) }, cx);
            if !cx.keeps(HINT_KEPT) {
                self.forget_hints(home, &entries, cx);
            }
        }
    }

    /// A home has stored versions kept for it: it is offered the next.
    fn forget_hints(&mut self, home: NodeId, entries: &[Entry], cx: &mut Cx<'_>) {
        let mut forgotten = 0;
        for entry in entries {
            if self.hints.forget(home, entry) {
                forgotten += 1;
                self.log(Record::HandedOver(home, Arc::new(entry.clone())), cx);
            }
        }
        if forgotten > 0 {
            cx.note(Fact::HandedOver(home, forgotten));
            let entries = self.hints.batch(home);
            if !entries.is_empty() {
                post(home, Message::Handoff { entries }, cx);
            }
        }
    }

    /// Forgets the tombstones that are old enough, and sets the timer for the next.
    fn collect(&mut self, cx: &mut Cx<'_>) {
        if self.collects.take().is_some() {
            cx.cancel_timer(Timer::Tombstones);
        }
        let Some(after) = cx.settings.quorum.tombstones else { return };
        for entry in collection::ripe(&self.stock, &self.hints, after, cx.clock) {
            self.stock.forget(&entry);
            self.hints.forget_for_all(&entry);
            cx.note(Fact::Forgot(position(entry.0.as_bytes())));
            self.log(Record::Forgot(Arc::new(entry)), cx);
        }
        if let Some(due) = collection::next(&self.stock, &self.hints, after) {
            self.collect_at(due, cx);
        }
    }

    /// Sets the timer for a stored version, if that is a tombstone and none is due earlier.
    fn expect_to_forget(&mut self, version: &Version, cx: &mut Cx<'_>) {
        let after = cx.settings.quorum.tombstones;
        let due = after.and_then(|after| collection::due(version, after));
        if let Some(due) = due.filter(|&due| self.collects.is_none_or(|set| due < set)) {
            self.collect_at(due, cx);
        }
    }

    fn collect_at(&mut self, due: Time, cx: &mut Cx<'_>) {
        self.collects = Some(due);
        cx.set_timer(Timer::Tombstones, due.since(cx.clock).max(SOON));
    }

    /// Compares with the next node that shares ranges with it.
    fn compare(&mut self, cx: &mut Cx<'_>) {
        self.compares = false;
        if cx.settings.quorum.anti_entropy.is_none() {
            return;
        }
        let placement = self.stock.placement();
        let partners = placement.partners(self.me).count();
        let place = (self.turn as usize).checked_rem(partners);
        self.turn += 1;
        if let Some(partner) = place.and_then(|i| placement.partners(self.me).nth(i)) {
            post(partner, anti_entropy::roots(&self.stock, self.me, partner), cx);
        }
    }
}

/// The visible state of the replica.
impl Replica {
    /// The versions that it holds, tombstones included, by range.
    #[must_use]
    pub fn stock(&self) -> &Stock {
        &self.stock
    }

    /// The versions that it keeps for others.
    #[must_use]
    pub fn hints(&self) -> &Hints {
        &self.hints
    }

    /// The nodes that it suspects; each suspicion ends at a reading of its clock.
    #[must_use]
    pub fn suspects(&self) -> &Suspects {
        &self.suspects
    }

    /// The newest version of each key, with which it would answer a read, by key.
    #[must_use]
    pub fn answers(&self) -> SortedMap<&Word, &Version> {
        let mut newest: SortedMap<&Word, &Version> = self.stock.iter().collect();
        for (_, key, kept) in self.hints.iter() {
            let held = newest.or_insert_with(key, || kept);
            if kept.supersedes(held) {
                *held = kept;
            }
        }
        newest
    }

    /// Number of operations that it coordinates.
    #[must_use]
    pub fn coordinates(&self) -> usize {
        self.operations.len()
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.me
    }
}

/// Answers the client. An unknown outcome has no answer: the client's time-out ends it.
fn answer(operation: &Operation, verdict: Verdict, cx: &mut Cx<'_>) {
    let body = match verdict {
        Verdict::Answered(answer) => ReplyBody::Answer(answer),
        Verdict::Unavailable => ReplyBody::Unavailable,
        Verdict::Unknown => return,
    };
    cx.send(operation.client, AnyMessage::Reply(Reply { operation: operation.id, body }));
}

fn post(to: impl Into<Addr>, message: Message, cx: &mut Cx<'_>) {
    cx.send(to, AnyMessage::Quorum(message));
}

fn post_all(to: NodeId, messages: Vec<Message>, cx: &mut Cx<'_>) {
    for message in messages {
        post(to, message, cx);
    }
}
