//! The World: the complete state of one cluster at one moment of a run.
//!
//! It is a pure function of the run and the time: [`World::step`] takes the next entry out of the
//! queue and executes it; [`World::execute`] executes a statement. The caller decides nothing else.
//! Entries due at the same time are executed in a fixed order, and before statements.
//!
//! Invariant: recording the trace makes no difference to the World.

mod clock;
mod contents;
mod effects;
mod faults;
mod flight;
mod front;
pub mod hash;
mod host;
mod marks;
mod membership;
mod outlook;
mod play;
mod queue;
mod recovery;
mod timers;
mod workload;

pub use clock::Clock;
pub use contents::Reader;
pub use effects::WRITEBACK;
pub use flight::Flight;
pub use front::Front;
pub use host::{Forgotten, Host, Status};
pub use play::{Next, play, watch};
pub use queue::MAX_IN_FLIGHT;
pub use timers::Set;

use crate::client::{Operation, Session};
use crate::ids::{Addr, ClientId, EventId, MessageId, NodeId, OperationId};
use crate::network::Links;
use crate::paged::Paged;
use crate::protocol::{Effect, Input, Machine};
use crate::rng::{Concern, Rng};
use crate::run::{Setup, Workload};
use crate::settings::{OwnOf, Preset, Settings};
use crate::time::Time;
use crate::trace::{Causes, Event, Loss, What};
use flight::Flights;
use queue::{Due, Queue};
use serde::Serialize;
use std::sync::Arc;
use timers::Timers;

/// The complete state at one moment. A clone is cheap: the large parts are shared.
#[derive(Clone, Debug)]
pub struct World {
    preset: Preset,
    settings: Arc<Settings>,
    now: Time,
    steps: u64,
    last_step: Time,
    next_command: usize,
    /// The nodes whose machines took part in the last step, in that order, each once.
    touched: Vec<NodeId>,
    queue: Queue,
    flights: Flights,
    next_message: MessageId,
    hosts: Vec<Host>,
    members: Vec<NodeId>,
    clients: Vec<Patron>,
    front: Option<Front>,
    links: Links,
    /// A stream per sender, by dense number.
    network_rngs: Vec<Option<Rng>>,
    operations: Paged<Operation>,
    workload: Option<workload::State>,
    events: u32,
    recording: bool,
    fresh: Vec<Event>,
    scratch: Vec<Effect>,
}

/// A client and the kernel's data about it.
#[derive(Clone, Debug, Serialize)]
struct Patron {
    session: Session,
    timers: Timers,
    clock: Clock,
}

impl World {
    /// A cluster at time 0, every node just started.
    #[must_use]
    pub fn new(setup: &Setup) -> Self {
        let settings = Arc::clone(&setup.settings);
        let ids = |n: u16| 0..usize::from(n);
        let patron = |c| Patron {
            session: Session::new(ClientId::at(c), settings.seed),
            timers: Timers::default(),
            clock: Clock::default(),
        };
        let mut world = Self {
            preset: setup.preset,
            now: Time::ZERO,
            steps: 0,
            last_step: Time::ZERO,
            next_command: 0,
            touched: Vec::new(),
            queue: Queue::default(),
            flights: Flights::default(),
            next_message: MessageId(1),
            hosts: ids(settings.nodes)
                .map(|i| Host::new(NodeId::at(i), settings.seed, Time::ZERO))
                .collect(),
            members: ids(settings.nodes).map(NodeId::at).collect(),
            clients: ids(settings.clients).map(patron).collect(),
            front: Front::of(setup),
            links: Links::new(&settings),
            network_rngs: vec![None; Addr::DENSE],
            operations: Paged::default(),
            workload: None,
            events: 0,
            recording: true,
            fresh: Vec::new(),
            scratch: Vec::new(),
            settings,
        };
        for id in world.members.clone() {
            let disk = &mut world.hosts[id.index()].disk;
            Machine::format_disk(setup.preset, &world.members, &setup.settings, disk);
            world.start(id, Causes::NONE);
        }
        world.start_front();
        world
    }

    /// The time of the next due entry; None when the queue is empty.
    pub fn next_due(&mut self) -> Option<Time> {
        while let Some((at, due)) = self.queue.peek() {
            if self.is_live(at, due) {
                return Some(at);
            }
            self.queue.pop();
        }
        None
    }

    /// Whether a queue entry is still valid. The entry of a timer that was reset goes back.
    fn is_live(&mut self, at: Time, due: Due) -> bool {
        match due {
            Due::Flight(id, place) => self.flights.at(place, id).is_some_and(|f| f.due() == at),
            Due::Timer(owner, place) => {
                let (timers, queue) = self.timers_of(owner);
                timers.is_due(place, at, owner, queue)
            }
            Due::Disk(node) => self.hosts[node].busy.is_some_and(|writing| writing.due == at),
            Due::Writeback(node) => self.hosts[node].writeback == Some(at),
            Due::Workload => self.workload.as_ref().is_some_and(|w| w.next == at),
        }
    }

    /// Executes the next due entry. False if there is none.
    pub fn step(&mut self) -> bool {
        let Some(at) = self.next_due() else { return false };
        let (_, due) = self.queue.peek().expect("next_due found it");
        self.queue.pop();
        assert!(at >= self.now);
        self.begin_step(at);
        match due {
            Due::Flight(_, place) => self.land(place),
            Due::Disk(node) => self.disk_done(NodeId::at(node)),
            Due::Writeback(node) => self.write_back(NodeId::at(node)),
            Due::Timer(owner, place) => self.timer_due(owner, place),
            Due::Workload => self.workload_due(),
        }
        true
    }

    fn begin_step(&mut self, at: Time) {
        self.now = at;
        self.last_step = at;
        self.touched.clear();
        self.steps += 1;
    }

    /// Moves the clock to a time between the last step and the next.
    pub fn stand_at(&mut self, at: Time) {
        assert!(at >= self.last_step, "what has happened stays");
        debug_assert!(self.next_due().is_none_or(|due| due >= at), "what is due happens first");
        self.now = at;
    }

    fn timers_of(&mut self, owner: usize) -> (&mut Timers, &mut Queue) {
        let timers = match Addr::at_dense(owner) {
            Addr::Node(node) => &mut self.hosts[node.index()].timers,
            Addr::Client(client) => &mut self.clients[client.index()].timers,
            Addr::Balancer => {
                &mut self.front.as_mut().expect("only what is there sets timers").timers
            }
        };
        (timers, &mut self.queue)
    }

    fn timer_due(&mut self, owner: usize, place: usize) {
        let paused = self.hosts.get(owner).is_some_and(|h| h.status == Status::Paused);
        if paused {
            return self.timers_of(owner).0.hold(place);
        }
        let set = self.timers_of(owner).0.take(place).expect("a due timer is set");
        let causes = Causes::one(set.cause);
        let input = Input::Timer(set.timer);
        match Addr::at_dense(owner) {
            Addr::Node(id) => {
                let event = self.record(What::Fired(id, set.timer), causes);
                self.dispatch(id, input, event);
            }
            Addr::Client(client) => {
                let event = self.record(What::ClientFired(client, set.timer), causes);
                self.dispatch_client(client, input, event);
            }
            Addr::Balancer => {
                let event = self.record(What::BalancerFired(set.timer), causes);
                self.dispatch_front(input, event);
            }
        }
    }

    /// A message has reached the time of its arrival or loss.
    fn land(&mut self, place: usize) {
        let flight = self.flights.at_mut(place).expect("a due flight is kept");
        if let Some((_, why)) = flight.doomed {
            return self.lose(place, why, None);
        }
        let (id, to) = (flight.id, flight.to);
        match to {
            Addr::Node(node) => match self.hosts.get_mut(node.index()) {
                Some(host) if host.status == Status::Up => self.deliver(place),
                Some(host) if host.status == Status::Paused => host.waiting.push((id, place)),
                _ => self.lose(place, Loss::Down, None),
            },
            Addr::Client(_) => self.deliver(place),
            Addr::Balancer if self.front.is_some() => self.deliver(place),
            Addr::Balancer => self.lose(place, Loss::Down, None),
        }
    }

    fn deliver(&mut self, place: usize) {
        let flight = self.flights.remove(place).expect("a due flight is kept");
        let causes = Causes::one(flight.cause);
        let event = self.record(What::Delivered(flight.passage()), causes);
        let input = Input::Message(flight.from, flight.message);
        match flight.to {
            Addr::Node(node) => self.dispatch(node, input, event),
            Addr::Client(client) => self.dispatch_client(client, input, event),
            Addr::Balancer => self.dispatch_front(input, event),
        }
    }

    fn lose(&mut self, place: usize, why: Loss, because: Option<EventId>) {
        if let Some(flight) = self.flights.remove(place) {
            self.record(What::Lost(flight.passage(), why), Causes::two(flight.cause, because));
        }
    }

    /// Appends an event to the trace, if it is recorded. Ids count up either way.
    fn record(&mut self, what: What, causes: Causes) -> EventId {
        let id = EventId(self.events);
        self.events += 1;
        if self.recording {
            self.fresh.push(Event { at: self.now, causes, what });
        }
        id
    }

    /// Whether events are kept for [`World::take_events`] from now on.
    pub fn set_recording(&mut self, on: bool) {
        self.recording = on;
    }

    /// The events since the last call, oldest first.
    pub fn take_events(&mut self) -> std::vec::Drain<'_, Event> {
        self.fresh.drain(..)
    }

    /// The events that are not yet taken, oldest first.
    #[must_use]
    pub fn fresh_events(&self) -> &[Event] {
        &self.fresh
    }

    /// Number of events so far.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.events
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// Number of steps taken: entries executed and statements.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The time of the last step.
    #[must_use]
    pub fn last_step(&self) -> Time {
        self.last_step
    }

    /// The nodes whose machines took part in the last step, in that order.
    #[must_use]
    pub fn touched(&self) -> &[NodeId] {
        &self.touched
    }

    /// Number of the run's commands that have been executed.
    #[must_use]
    pub fn commands_done(&self) -> usize {
        self.next_command
    }

    /// The simulated system.
    #[must_use]
    pub fn preset(&self) -> Preset {
        self.preset
    }

    /// Its settings, as they are now.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its nodes, by id.
    pub fn nodes(&self) -> impl Iterator<Item = &Host> {
        self.hosts.iter()
    }

    /// One node.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Host> {
        self.hosts.get(id.index())
    }

    /// Messages in flight, in arbitrary order.
    pub fn flights(&self) -> impl Iterator<Item = &Flight> {
        self.flights.iter()
    }

    /// Number of messages in flight.
    #[must_use]
    pub fn flight_count(&self) -> usize {
        self.flights.len()
    }

    /// One message in flight.
    #[must_use]
    pub fn flight(&self, id: MessageId) -> Option<&Flight> {
        self.flights.iter().find(|f| f.id == id)
    }

    /// The links.
    #[must_use]
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// The clients, by id.
    pub fn clients(&self) -> impl Iterator<Item = &Session> {
        self.clients.iter().map(|p| &p.session)
    }

    /// All operations of clients, by id.
    #[must_use]
    pub fn operations(&self) -> &Paged<Operation> {
        &self.operations
    }

    /// One operation.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation> {
        self.operations.get(id.0 as usize - 1)
    }

    /// The load balancer, where there is one.
    #[must_use]
    pub fn balancer(&self) -> Option<&Front> {
        self.front.as_ref()
    }

    /// The nodes that the operator counts as members, by id, whether they run or not.
    #[must_use]
    pub fn members(&self) -> &[NodeId] {
        &self.members
    }

    /// The workload of the clients, if one runs.
    #[must_use]
    pub fn workload(&self) -> Option<Workload> {
        self.workload.as_ref().map(|w| w.workload)
    }

    /// The running node that leads in the highest term, if any node believes that it leads.
    #[must_use]
    pub fn leader(&self) -> Option<NodeId> {
        let leading = self.hosts.iter().filter(|h| h.status != Status::Crashed).filter_map(|h| {
            let sign = h.machine.as_ref()?.sign();
            sign.role.leads().then_some((sign.term, h.id))
        });
        leading.max().map(|(_, id)| id)
    }

    /// The state hash: equal wherever the same run stands at the same event.
    #[must_use]
    pub fn hash(&self) -> u64 {
        hash::combined([
            hash::of(&(
                &self.preset,
                &self.settings,
                OwnOf { preset: self.preset, settings: &self.settings },
                self.steps,
                self.next_command,
            )),
            hash::of(&(&self.flights, self.next_message)),
            hash::of(&self.hosts),
            hash::of(&(&self.clients, &self.front, &self.members)),
            hash::of(&(&self.links, &self.network_rngs)),
            hash::of(&(self.operations.len(), self.operations.last(), &self.workload)),
            u64::from(self.events),
        ])
    }

    fn network_rng(&mut self, from: Addr) -> &mut Rng {
        let seed = self.settings.seed;
        let dense = from.dense();
        self.network_rngs[dense]
            .get_or_insert_with(|| Rng::new(seed, Concern::Network(dense as u16)))
    }
}

#[cfg(test)]
mod tests;
