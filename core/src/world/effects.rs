//! The inputs of machines and the execution of their effects.

use super::flight::Flight;
use super::host::Writing;
use super::queue::{Due, MAX_IN_FLIGHT};
use super::timers::Set;
use super::{Patron, Status, World};
use crate::client::{End, Operation, ends_with_operation};
use crate::disk::WriteId;
use crate::ids::{Addr, ClientId, EventId, MessageId, NodeId, OperationId};
use crate::protocol::{Cx, Effect, Input, Machine, Message, Outcome, Timer};
use crate::time::{Span, Time};
use crate::trace::{Causes, Loss, Passage, What};
use std::sync::Arc;

/// Time that data written without fsync stays in memory before it reaches the platter.
pub const WRITEBACK: Span = Span::from_ms(1_000);
/// The shortest delay of any effect: nothing happens at the moment that causes it.
const LEAST: Span = Span::from_us(1);

impl World {
    /// Starts a node's process from its disk.
    pub(super) fn start(&mut self, id: NodeId, causes: Causes) {
        let now = self.now;
        let host = &mut self.hosts[id.index()];
        assert_eq!(host.status, Status::Crashed);
        host.status = Status::Up;
        host.since = now;
        host.forgotten.torn = host.disk.is_torn();
        let (members, settings) = (&self.members, &self.settings);
        host.machine = Some(Machine::boot(self.preset, id, members, settings, &mut host.disk));
        host.believed = host.disk.written();
        let event = self.record(What::Started(id), causes);
        self.dispatch(id, Input::Start, event);
    }

    /// Gives a running node an input, and applies its effects.
    pub(super) fn dispatch(&mut self, id: NodeId, input: Input, cause: EventId) {
        if !self.touched.contains(&id) {
            self.touched.push(id);
        }
        let mut effects = std::mem::take(&mut self.scratch);
        let host = &mut self.hosts[id.index()];
        if let Some(machine) = &mut host.machine {
            let mut cx = Cx {
                me: id.into(),
                clock: host.clock.reading(self.now),
                rng: &mut host.rng,
                settings: &self.settings,
                written: host.disk.written(),
                effects: &mut effects,
            };
            machine.step(input, &mut cx);
        }
        for effect in effects.drain(..) {
            self.apply(id, effect, cause);
        }
        self.scratch = effects;
        self.start_writing(id, cause);
        self.leave_if_done(id, cause);
        self.end_removed(id, cause);
    }

    fn apply(&mut self, id: NodeId, effect: Effect, cause: EventId) {
        let host = &mut self.hosts[id.index()];
        match effect {
            Effect::Send(to, message) => {
                let after = host.disk.written();
                if after > host.believed && self.settings.fsync {
                    host.held.push_back(super::host::Held { after, to, message, cause });
                } else {
                    self.send(id.into(), to, message, Causes::one(cause));
                }
            }
            Effect::SetTimer(timer, after) => {
                let due = self.now + host.clock.true_length(after).max(LEAST);
                let set = Set { timer, since: self.now, due, cause };
                host.timers.set(set, id.index(), &mut self.queue);
            }
            Effect::CancelTimer(timer) => host.timers.cancel(|t| t == timer),
            Effect::Write(record) => {
                host.disk.append(record);
            }
            Effect::Checkpoint(checkpoint) => {
                host.disk.checkpoint(checkpoint);
            }
            Effect::Note(fact) => {
                self.record(What::Noted(id, fact), Causes::one(cause));
            }
            Effect::Leave => host.leaving = true,
            Effect::Finish(_) => unreachable!("nodes have no operations of their own"),
        }
    }

    /// Lets the disk begin to write the pending records, unless it is busy. Records handed over
    /// meanwhile are written together afterwards (group commit).
    fn start_writing(&mut self, id: NodeId, cause: EventId) {
        let host = &mut self.hosts[id.index()];
        let written = host.disk.written();
        if host.busy.is_some() || written == host.believed {
            return;
        }
        let takes = match self.settings.fsync {
            true => host.disk_time(&self.settings).max(LEAST),
            false => LEAST,
        };
        let due = self.now + takes;
        host.busy = Some(Writing { upto: written, due, cause });
        self.queue.push(due, Due::Disk(id.index()));
        if !self.settings.fsync && host.writeback.is_none() {
            let due = self.now + WRITEBACK;
            host.writeback = Some(due);
            self.queue.push(due, Due::Writeback(id.index()));
        }
    }

    /// A disk has finished a write.
    pub(super) fn disk_done(&mut self, id: NodeId) {
        let fsync = self.settings.fsync;
        let host = &mut self.hosts[id.index()];
        let Some(Writing { upto, cause, .. }) = host.busy else { return };
        if fsync {
            host.disk.flush(upto);
        }
        if host.status == Status::Paused {
            host.disk_waiting = true;
            return;
        }
        host.busy = None;
        host.believed = upto;
        let event = self.record(What::Durable(id, upto.0 as u32), Causes::one(cause));
        self.release_held(id, upto, event);
        self.dispatch(id, Input::Durable(upto), event);
    }

    fn release_held(&mut self, id: NodeId, upto: WriteId, durable: EventId) {
        while let Some(held) = self.hosts[id.index()].held.pop_front_if(|h| h.after <= upto) {
            let causes = Causes::two(held.cause, Some(durable));
            self.send(id.into(), held.to, held.message, causes);
        }
    }

    /// Data written without fsync reaches the platter.
    pub(super) fn write_back(&mut self, id: NodeId) {
        let host = &mut self.hosts[id.index()];
        host.writeback = None;
        let upto = host.disk.written();
        if upto > host.disk.durable() {
            host.disk.flush(upto);
            self.record(What::Durable(id, upto.0 as u32), Causes::NONE);
        }
    }

    /// Sends a message.
    pub(super) fn send(&mut self, from: Addr, to: Addr, message: Message, causes: Causes) {
        let mut rng = self.network_rng(from).clone();
        let own = message.leg().and_then(|leg| self.settings.quorum.leg_latency(leg));
        let fate = self.links.fate(from, to, own, &mut rng);
        *self.network_rng(from) = rng;
        let why = if self.links.is_cut(from, to) {
            Some(Loss::Cut)
        } else {
            fate.lost.then_some(Loss::Chance)
        };
        if let Some(latency) = fate.double {
            self.launch(from, to, message.clone(), latency, None, causes);
        }
        self.launch(from, to, message, fate.latency, why, causes);
    }

    /// Puts a message in flight. A message that will be lost travels half way.
    pub(super) fn launch(
        &mut self,
        from: Addr,
        to: Addr,
        message: Message,
        latency: Span,
        why: Option<Loss>,
        causes: Causes,
    ) {
        let id = self.next_message;
        self.next_message = MessageId(id.0 + 1);
        let bytes = message.bytes();
        let (kind, empty) = (message.kind(), message.load() == 0);
        let passage = Passage { message: id, bytes, kind, empty, from, to };
        let cause = self.record(What::Sent(passage), causes);
        if self.flights.len() >= MAX_IN_FLIGHT {
            self.record(What::Lost(passage, Loss::Overflow), Causes::one(cause));
            return;
        }
        let sent = self.now;
        let doomed = why.map(|why| (sent + latency.scaled(1, 2).max(LEAST), why));
        let arrives = sent + latency;
        let flight = Flight { id, from, to, message, bytes, sent, arrives, doomed, cause };
        let due = flight.due();
        let place = self.flights.insert(flight);
        self.queue.push(due, Due::Flight(id, place));
    }

    /// A client receives a request from a statement or from the workload.
    pub(super) fn ask(
        &mut self,
        client: ClientId,
        request: Arc<crate::store::Request>,
        via: Option<Addr>,
        cause: EventId,
    ) {
        self.clients[client.index()].session.push(request, via);
        self.take_up(client, cause);
    }

    /// A client that is free begins its next operation.
    fn take_up(&mut self, client: ClientId, cause: EventId) {
        let Some(taken) = self.clients[client.index()].session.take() else { return };
        let id = OperationId(self.operations.len() as u32 + 1);
        let event = self.record(What::Invoked(client, id), Causes::one(cause));
        self.operations.push(Operation {
            id,
            client,
            request: Arc::clone(&taken.request),
            via: taken.via,
            invoked: self.now,
            invoked_event: event,
            end: None,
        });
        let preset = self.preset;
        self.with_client(client, event, |session, nodes, cx| {
            session.begin(preset, id, taken, nodes, cx);
        });
    }

    /// Gives a client an input, and applies its effects.
    pub(super) fn dispatch_client(&mut self, client: ClientId, input: Input, cause: EventId) {
        self.with_client(client, cause, |session, nodes, cx| session.step(input, nodes, cx));
    }

    fn with_client(
        &mut self,
        client: ClientId,
        cause: EventId,
        act: impl FnOnce(&mut crate::client::Session, &[NodeId], &mut Cx<'_>),
    ) {
        let mut effects = Vec::new();
        let Patron { session, clock, .. } = &mut self.clients[client.index()];
        let mut rng = session.rng().clone();
        let mut cx = Cx {
            me: client.into(),
            clock: clock.reading(self.now),
            rng: &mut rng,
            settings: &self.settings,
            written: WriteId::default(),
            effects: &mut effects,
        };
        act(session, &self.members, &mut cx);
        session.set_rng(rng);
        for effect in effects {
            self.apply_client(client, effect, cause);
        }
    }

    fn apply_client(&mut self, client: ClientId, effect: Effect, cause: EventId) {
        match effect {
            Effect::Send(to, message) => self.send(client.into(), to, message, Causes::one(cause)),
            Effect::SetTimer(timer, after) => self.set_client_timer(client, timer, after, cause),
            Effect::CancelTimer(timer) => {
                self.clients[client.index()].timers.cancel(|t| t == timer);
            }
            Effect::Note(fact) => {
                self.record(What::ClientNoted(client, fact), Causes::one(cause));
            }
            Effect::Finish(outcome) => self.finish(client, outcome, cause),
            Effect::Write(_) | Effect::Checkpoint(_) | Effect::Leave => {
                unreachable!("clients have no disk, and are no members")
            }
        }
    }

    fn set_client_timer(&mut self, client: ClientId, timer: Timer, after: Span, cause: EventId) {
        let owner = Addr::from(client).dense();
        let patron = &mut self.clients[client.index()];
        let due: Time = self.now + patron.clock.true_length(after).max(LEAST);
        patron.timers.set(Set { timer, since: self.now, due, cause }, owner, &mut self.queue);
    }

    /// Ends a client's operation; the client begins the next.
    fn finish(&mut self, client: ClientId, outcome: Outcome, cause: EventId) {
        let patron = &mut self.clients[client.index()];
        let Some(id) = patron.session.finish() else { return };
        patron.timers.cancel(ends_with_operation);
        let event = self.record(What::Returned(client, id), Causes::one(cause));
        let end = End { at: self.now, outcome, event };
        if let Some(operation) = self.operations.get_mut(id.0 as usize - 1) {
            operation.end = Some(end);
        }
        self.take_up(client, event);
    }
}
