//! Statements: the actions of people on a cluster.
//!
//! A statement without an object (a crash of a node that is down, a message that has arrived) is
//! executed, and changes nothing.

use super::queue::Due;
use super::{Host, Status, World};
use crate::ids::{Addr, EventId, MessageId, NodeId};
use crate::protocol::{Input, Order};
use crate::run::{Behaviour, Command, MessageFault, NodeFault, Statement};
use crate::time::Time;
use crate::trace::{Causes, Loss, What};
use std::sync::Arc;

impl World {
    /// Executes the next of the run's commands.
    ///
    /// # Panics
    /// In debug builds, when anything is due before it.
    pub fn execute(&mut self, command: &Command) {
        debug_assert!(self.next_due().is_none_or(|due| due > command.at));
        self.begin_step(command.at.max(self.now));
        let place = self.next_command as u32;
        self.next_command += 1;
        let event = self.record(What::Commanded(place), Causes::NONE);
        self.carry_out(&command.statement, event);
    }

    fn carry_out(&mut self, statement: &Statement, event: EventId) {
        match statement {
            Statement::Node(id, fault) => self.strike(*id, *fault, event),
            Statement::Disk(id, takes) => {
                if let Some(host) = self.host(*id) {
                    host.disk_takes = *takes;
                }
            }
            Statement::Isolate(id) => {
                let others = self.everyone();
                self.links.isolate((*id).into(), others.into_iter());
                self.sever(event);
            }
            Statement::Cut(link) => {
                self.links.cut(*link);
                self.sever(event);
            }
            Statement::Partition(groups) => {
                self.links.partition(groups);
                self.sever(event);
            }
            Statement::Heal(what) => self.links.heal(*what),
            Statement::Link(link, to) => self.links.change(*link, to),
            Statement::Network(to) => self.change_network(to),
            Statement::Message(id, fault) => self.meddle(*id, *fault, event),
            Statement::ClockJump(addr, by_us) => self.jump_clock(*addr, *by_us),
            Statement::ClockRate(addr, rate) => self.change_clock_rate(*addr, *rate),
            Statement::Ping(from, to) => self.order(*from, Order::Ping(*to), event),
            Statement::Transfer(from, to) => self.order(*from, Order::Transfer(*to), event),
            Statement::Ask { client, request, via } => {
                if client.index() < self.clients.len() {
                    self.ask(*client, Arc::new(request.clone()), *via, event);
                }
            }
            Statement::Workload(workload) => self.set_workload(*workload),
            Statement::Set(change) => {
                change.apply(self.preset, Arc::make_mut(&mut self.settings));
                self.tell_of_settings(event);
            }
            Statement::Add(id) => self.add(*id, event),
            Statement::Remove(id) => self.remove(*id, event),
            Statement::Rule(name, followed) => {
                Arc::make_mut(&mut self.settings).set_rule(self.preset, name, *followed);
            }
        }
    }

    fn everyone(&self) -> Vec<Addr> {
        let nodes = self.hosts.iter().map(|h| h.id.into());
        let clients = self.clients.iter().map(|p| p.session.id().into());
        let balancer = self.front.as_ref().map(|_| Addr::Balancer);
        nodes.chain(clients).chain(balancer).collect()
    }

    fn host(&mut self, id: NodeId) -> Option<&mut Host> {
        self.hosts.get_mut(id.index())
    }

    fn strike(&mut self, id: NodeId, fault: NodeFault, event: EventId) {
        let causes = Causes::one(event);
        let Some(status) = self.host(id).map(|h| h.status) else { return };
        if status == Status::Left {
            return;
        }
        match fault {
            NodeFault::Crash if status != Status::Crashed => self.crash(id, causes),
            NodeFault::Restart => {
                if status != Status::Crashed {
                    self.crash(id, causes);
                }
                self.start(id, causes);
            }
            NodeFault::Pause if status == Status::Up => {
                self.set_status(id, Status::Paused);
                self.record(What::Paused(id), causes);
            }
            NodeFault::Resume if status == Status::Paused => self.resume(id, causes),
            NodeFault::Wipe => {
                if status != Status::Crashed {
                    self.crash(id, causes);
                }
                self.hosts[id.index()].disk.wipe();
                self.hosts[id.index()].forgotten.wiped = true;
                self.record(What::Wiped(id), causes);
            }
            NodeFault::Corrupt => {
                if self.hosts[id.index()].disk.tear() {
                    self.record(What::Torn(id), causes);
                }
            }
            NodeFault::Timeout => self.order(id, Order::Timeout, event),
            NodeFault::Crash | NodeFault::Pause | NodeFault::Resume => {}
        }
    }

    pub(super) fn set_status(&mut self, id: NodeId, status: Status) {
        let now = self.now;
        let host = &mut self.hosts[id.index()];
        host.status = status;
        host.since = now;
    }

    pub(super) fn crash(&mut self, id: NodeId, causes: Causes) {
        let now = self.now;
        let waiting = self.hosts[id.index()].lose_memory(now);
        let event = self.record(What::Crashed(id), causes);
        for (_, place) in waiting {
            self.lose(place, Loss::Down, Some(event));
        }
    }

    fn resume(&mut self, id: NodeId, causes: Causes) {
        self.set_status(id, Status::Up);
        self.record(What::Resumed(id), causes);
        let (now, owner) = (self.now, id.index());
        let host = &mut self.hosts[owner];
        host.timers.release(now, owner, &mut self.queue);
        let waited = std::mem::take(&mut host.disk_waiting);
        if let Some(writing) = host.busy.as_mut().filter(|_| waited) {
            writing.due = now;
            self.queue.push(now, Due::Disk(owner));
        }
        let orders = std::mem::take(&mut host.orders);
        for (message, place) in std::mem::take(&mut host.waiting) {
            if let Some(flight) = self.flights.at_mut(place) {
                assert_eq!(flight.id, message);
                flight.arrives = now;
                self.queue.push(now, Due::Flight(message, place));
            }
        }
        for (order, event) in orders {
            self.order(id, order, event);
        }
    }

    /// Informs every running node that a setting has changed.
    fn tell_of_settings(&mut self, event: EventId) {
        for id in self.members.clone() {
            if self.host(id).is_some_and(|h| h.status == Status::Up) {
                self.dispatch(id, Input::Settings, event);
            }
        }
    }

    pub(super) fn order(&mut self, id: NodeId, order: Order, event: EventId) {
        if self.host(id).is_some_and(|h| h.status == Status::Up) {
            self.dispatch(id, Input::Operator(order), event);
        }
    }

    /// Loses the messages in flight on links that are cut.
    fn sever(&mut self, event: EventId) {
        let links = &self.links;
        let cut = self.flights.places_where(|f| links.is_cut(f.from, f.to) && !self.has_arrived(f));
        for place in cut {
            self.lose(place, Loss::Cut, Some(event));
        }
    }

    /// Whether a message has arrived at a paused node and waits there.
    fn has_arrived(&self, flight: &super::Flight) -> bool {
        let host = flight.to.node().and_then(|n| self.hosts.get(n.index()));
        host.is_some_and(|h| h.waiting.iter().any(|(id, _)| *id == flight.id))
    }

    fn meddle(&mut self, id: MessageId, fault: MessageFault, event: EventId) {
        let Some(place) = self.flights.find(id) else { return };
        let now = self.now;
        let flight = self.flights.at_mut(place).expect("it was found there");
        match fault {
            MessageFault::Drop => {
                let to = flight.to;
                self.no_longer_waits(id, to);
                self.lose(place, Loss::Dropped, Some(event));
            }
            MessageFault::Duplicate => {
                let (from, to, message) = (flight.from, flight.to, flight.message.clone());
                let left = flight.arrives.since(now);
                self.launch(from, to, message, left, None, Causes::one(event));
            }
            MessageFault::Deliver => self.redirect(place, now),
            MessageFault::Delay(by) => {
                let arrives = flight.arrives.max(now) + by;
                self.redirect(place, arrives);
            }
        }
    }

    /// Removes a message from those that wait for a paused node: its place may soon be reused for
    /// another.
    fn no_longer_waits(&mut self, id: MessageId, to: Addr) {
        if let Some(host) = to.node().and_then(|n| self.hosts.get_mut(n.index())) {
            host.waiting.retain(|(waiting, _)| *waiting != id);
        }
    }

    /// Sets another time of arrival; a message that would have been lost arrives.
    fn redirect(&mut self, place: usize, arrives: Time) {
        let flight = self.flights.at_mut(place).expect("the caller found it there");
        let (id, to) = (flight.id, flight.to);
        flight.arrives = arrives;
        flight.doomed = None;
        self.no_longer_waits(id, to);
        self.queue.push(arrives, Due::Flight(id, place));
    }

    fn jump_clock(&mut self, addr: Addr, by_us: i64) {
        let now = self.now;
        match addr {
            Addr::Node(n) => {
                if let Some(host) = self.host(n) {
                    host.clock.jump(now, by_us);
                }
            }
            Addr::Client(c) => {
                if let Some(patron) = self.clients.get_mut(c.index()) {
                    patron.clock.jump(now, by_us);
                }
            }
            Addr::Balancer => {
                if let Some(front) = &mut self.front {
                    front.clock.jump(now, by_us);
                }
            }
        }
    }

    fn change_clock_rate(&mut self, addr: Addr, rate_ppm: u32) {
        let (now, owner) = (self.now, addr.dense());
        let parts = match addr {
            Addr::Node(n) => self.hosts.get_mut(n.index()).map(|h| (&mut h.clock, &mut h.timers)),
            Addr::Client(c) => {
                self.clients.get_mut(c.index()).map(|p| (&mut p.clock, &mut p.timers))
            }
            Addr::Balancer => self.front.as_mut().map(|f| (&mut f.clock, &mut f.timers)),
        };
        if let Some((clock, timers)) = parts {
            let by = clock.run_at(now, rate_ppm);
            timers.stretch(now, by, owner, &mut self.queue);
        }
    }

    fn change_network(&mut self, to: &Behaviour) {
        self.links.change_all(to);
        let settings = Arc::make_mut(&mut self.settings);
        if let Some(latency) = &to.latency {
            settings.latency = latency.clone();
            // The legs of a quorum had latencies of their own; the new latency holds for every
            // message.
            settings.quorum.forget_legs();
        }
        settings.loss = to.loss.unwrap_or(settings.loss);
        settings.duplicate = to.duplicate.unwrap_or(settings.duplicate);
        settings.reorder = to.reorder.unwrap_or(settings.reorder);
    }
}
