//! A network of servers without activity of its own: tests deliver messages and let timers run out.

use crate::ids::{Addr, ClientId, NodeId, OperationId};
use crate::protocol::raft::{Command, Entry, Payload, Record, Server};
use crate::protocol::{Ask, Cx, Disk, Effect, Fact, Index, Input, Machine, Message, Order};
use crate::protocol::{Record as AnyRecord, Term, Timer};
use crate::rng::{Concern, Rng};
use crate::settings::{Preset, Settings};
use crate::store::{Op, Request};
use crate::time::{Span, Time};
use std::fmt::Write;
use std::sync::Arc;

/// A node: its machine, none when it is down, its disk and its randomness.
struct Node {
    machine: Option<Machine>,
    disk: Disk,
    rng: Rng,
    left: bool,
}

/// Sender, receiver and content of a message in flight.
pub type Flight = (Addr, Addr, Message);

/// Servers and the messages between them.
pub struct Net {
    pub settings: Settings,
    pub now: Time,
    /// The members that the operator wants.
    wanted: Vec<NodeId>,
    nodes: Vec<Node>,
    flights: Vec<Flight>,
    /// The events, a line each.
    pub transcript: String,
}

impl Net {
    /// Servers that have just started.
    pub fn new(nodes: u16) -> Self {
        let settings = Settings { nodes, ..Settings::of(Preset::Raft) };
        Self::with_logs(settings, &vec![&[][..]; usize::from(nodes)])
    }

    /// Members, and behind them running servers that are no members.
    pub fn with_strangers(members: u16, strangers: u16) -> Self {
        let settings = Settings { nodes: members, ..Settings::of(Preset::Raft) };
        Self::with_logs(settings, &vec![&[][..]; usize::from(members + strangers)])
    }

    /// Servers whose disks hold entries of these terms, as in figures 3.7 and 3.8, and which all
    /// know the last of those terms.
    pub fn with_logs(settings: Settings, logs: &[&[u32]]) -> Self {
        let members = settings.nodes;
        let mut net = Self {
            settings,
            now: Time::from_ms(1_000),
            wanted: (1..=members).map(NodeId).collect(),
            nodes: Vec::new(),
            flights: Vec::new(),
            transcript: String::new(),
        };
        let term = logs.iter().filter_map(|l| l.last()).max().copied().unwrap_or(0);
        for (i, terms) in logs.iter().enumerate() {
            let node = Node {
                machine: None,
                disk: disk_with(term, terms),
                rng: Rng::new(1, Concern::Node(i as u16)),
                left: false,
            };
            net.nodes.push(node);
            net.start(i as u16 + 1);
        }
        net
    }

    /// Starts a server from its disk.
    pub fn start(&mut self, n: u16) {
        let node = &mut self.nodes[usize::from(n) - 1];
        node.disk.crash();
        node.machine = Some(Machine::boot(
            Preset::Raft,
            NodeId(n),
            &self.wanted,
            &self.settings,
            &mut node.disk,
        ));
        self.step(n, Input::Start);
    }

    /// Crashes a server; messages in flight to it are lost.
    pub fn crash(&mut self, n: u16) {
        self.nodes[usize::from(n) - 1].machine = None;
        self.lose(|_, to, _| to == Addr::Node(NodeId(n)));
    }

    pub fn server(&self, n: u16) -> &Server {
        match &self.nodes[usize::from(n) - 1].machine {
            Some(Machine::Raft(server)) => server,
            _ => panic!("n{n} is down"),
        }
    }

    /// Gives a server an input and applies its effects. The disk completes at once.
    pub fn step(&mut self, n: u16, input: Input) {
        let node = &mut self.nodes[usize::from(n) - 1];
        let Some(machine) = &mut node.machine else { return };
        let mut effects = Vec::new();
        let mut cx = Cx {
            me: Addr::Node(NodeId(n)),
            clock: self.now,
            rng: &mut node.rng,
            settings: &self.settings,
            written: node.disk.written(),
            effects: &mut effects,
        };
        machine.step(input, &mut cx);
        let before = node.disk.durable();
        for effect in effects {
            match effect {
                Effect::Send(to, m) => self.flights.push((Addr::Node(NodeId(n)), to, m)),
                Effect::Write(record) => {
                    node.disk.append(record);
                }
                Effect::Checkpoint(checkpoint) => {
                    node.disk.checkpoint(checkpoint);
                }
                Effect::Note(fact) => note(&mut self.transcript, n, fact),
                Effect::SetTimer(..) | Effect::CancelTimer(_) | Effect::Finish(_) => {}
                Effect::Leave => node.left = true,
            }
        }
        let written = node.disk.written();
        node.disk.flush(written);
        if written > before {
            self.step(n, Input::Durable(written));
        }
    }

    /// Lets time pass so that no server has heard a leader lately.
    pub fn wait(&mut self, ms: u64) {
        self.now += Span::from_ms(ms);
    }

    pub fn election_timeout(&mut self, n: u16) {
        self.step(n, Input::Timer(Timer::Election));
    }

    pub fn order(&mut self, n: u16, order: Order) {
        self.step(n, Input::Operator(order));
    }

    /// Gives an order to all running servers, as the operator does.
    pub fn order_all(&mut self, order: Order) {
        match order {
            Order::Add(node) => self.wanted.push(node),
            Order::Remove(node) => self.wanted.retain(|n| *n != node),
            _ => {}
        }
        for n in 1..=self.nodes.len() as u16 {
            self.order(n, order);
        }
    }

    /// Whether it has asked to end.
    pub fn has_left(&self, n: u16) -> bool {
        self.nodes[usize::from(n) - 1].left
    }

    pub fn heartbeat(&mut self, n: u16) {
        self.step(n, Input::Timer(Timer::Heartbeat));
    }

    /// Client c makes a request, as its operation of that number.
    pub fn ask(&mut self, n: u16, c: u16, operation: u32, key: &str, op: Op) {
        let request = Arc::new(Request { key: key.into(), op });
        let ask = Ask { client: ClientId(c), operation: OperationId(operation), request };
        self.step(n, Input::Message(Addr::Client(ClientId(c)), Message::Ask(ask)));
    }

    /// Delivers messages, including those that they cause, until none is in flight, except those
    /// that `lost` selects. Replies to clients go to the transcript.
    pub fn deliver(&mut self, lost: impl Fn(Addr, Addr, &Message) -> bool) {
        let mut left = 10_000;
        while !self.flights.is_empty() {
            left -= 1;
            assert!(left > 0, "servers talk without end");
            self.lose(&lost);
            self.deliver_one();
        }
    }

    /// Delivers the message that was sent first.
    pub fn deliver_one(&mut self) {
        if self.flights.is_empty() {
            return;
        }
        let (from, to, message) = self.flights.remove(0);
        match (to, message) {
            (Addr::Node(n), message) => self.step(n.0, Input::Message(from, message)),
            (client, Message::Reply(r)) => {
                writeln!(self.transcript, "{from} tells {client}: {}", r.body).unwrap();
            }
            _ => {}
        }
    }

    /// Takes the message that was sent first out of flight, for later release.
    pub fn hold_one(&mut self) -> Flight {
        self.flights.remove(0)
    }

    pub fn release(&mut self, flight: Flight) {
        self.flights.push(flight);
    }

    pub fn deliver_all(&mut self) {
        self.deliver(|_, _, _| false);
    }

    /// Loses messages in flight.
    pub fn lose(&mut self, lost: impl Fn(Addr, Addr, &Message) -> bool) {
        self.flights.retain(|(from, to, m)| !lost(*from, *to, m));
    }

    /// Messages in flight, a line each, with their fields.
    pub fn in_flight(&self) -> String {
        let line = |(from, to, m): &Flight| {
            let fields = m.fields().into_iter().map(|(k, v)| format!("{k}={v}"));
            format!("{} {from}>{to} {}\n", m.kind().name(), fields.collect::<Vec<_>>().join(" "))
        };
        self.flights.iter().map(line).collect()
    }

    /// Every server's role, term and log: terms, with a bar behind the last entry that it knows to
    /// be committed.
    pub fn picture(&self) -> String {
        let mut out = String::new();
        for n in 1..=self.nodes.len() as u16 {
            if self.nodes[usize::from(n) - 1].machine.is_none() {
                writeln!(out, "n{n} down").unwrap();
                continue;
            }
            let s = self.server(n);
            write!(out, "n{n} {} term {}:", s.sign().role.name(), s.term()).unwrap();
            for (index, entry) in s.log().tail(usize::MAX) {
                let bar = if index == s.commit() { " |" } else { "" };
                write!(out, " {}{bar}", entry.term).unwrap();
            }
            out.push('\n');
        }
        out
    }

    /// The transcript since the last call.
    pub fn told(&mut self) -> String {
        std::mem::take(&mut self.transcript)
    }
}

fn note(transcript: &mut String, n: u16, fact: Fact) {
    writeln!(transcript, "n{n} {fact:?}").unwrap();
}

fn disk_with(term: u32, terms: &[u32]) -> Disk {
    let mut disk = Disk::default();
    let entries: Arc<[Entry]> = terms.iter().enumerate().map(|(i, t)| entry(i, *t)).collect();
    disk.append(AnyRecord::Raft(Record::Vote(Term(term), None)));
    disk.append(AnyRecord::Raft(Record::Entries { after: Index(0), entries }));
    disk.flush(disk.written());
    disk
}

fn entry(i: usize, term: u32) -> Entry {
    let op = Op::Set(format!("{term}").into());
    let request = Arc::new(Request { key: "x".into(), op });
    let (client, operation) = (ClientId(1), OperationId(i as u32 + 1));
    let command = Command { client, operation, request };
    Entry::new(Term(term), Payload::Command(Arc::new(command)))
}
