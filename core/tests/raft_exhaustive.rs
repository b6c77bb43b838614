//! Raft's election (sections 3.4 and 3.6.1) of three servers: every order of messages, time-outs,
//! disk writes, crashes and restarts, up to a number of time-outs and crashes.
//!
//! A message may arrive at any time, repeatedly, or never: so loss, delay, reordering and
//! duplication are all covered. The servers are the real ones; the model has only the parts of the
//! World that they need: a disk with delayed writes, and messages that wait for it.

use quorumscope_core::disk::WriteId;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::protocol::raft::{Message, Record, Server};
use quorumscope_core::protocol::{
    Cx, Disk, Effect, Index, Input, Message as Any, Record as AnyRecord, Term, Timer,
};
use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::settings::{Preset, Settings};
use quorumscope_core::time::Time;
use quorumscope_core::world;
use serde::Serialize;
use stateright::{Checker, HasDiscoveries, Model, Property};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

const NODES: u16 = 3;
/// A time at which no server has heard a leader lately.
const LATER: Time = Time::from_ms(1_000_000);

const ONE_LEADER: &str = "one leader a term at most";
const ONE_VOTE: &str = "one vote a term, restarts included";
const COMPLETE: &str = "who leads holds what is committed";

/// A flaw of the disks, with which a property must fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    None,
    /// Terms and votes are not written.
    ForgetsVotes,
    /// Entries are not written.
    ForgetsEntries,
    /// Messages do not wait for earlier writes.
    NoBarrier,
}

#[derive(Clone, Debug)]
struct Elections {
    settings: Settings,
    most_timeouts: u32,
    most_crashes: u32,
    /// Whether entries are delivered. Without them there are fewer states to explore.
    replicates: bool,
    /// Whether events can happen between a write and its durability.
    slow_disks: bool,
    flaw: Flaw,
}

#[derive(Clone, Debug)]
struct State {
    /// With a hash each, since only one of them changes in a step.
    nodes: Vec<(Arc<Node>, u64)>,
    /// All messages ever sent, each once, by hash.
    network: Arc<BTreeMap<u64, Flight>>,
    timeouts: u32,
    crashes: u32,
    /// All servers that have ever led, by term.
    led: BTreeMap<Term, BTreeSet<NodeId>>,
}

#[derive(Clone, Debug, Serialize)]
struct Node {
    /// None: it is down.
    server: Option<Server>,
    disk: Disk,
    /// Messages that wait for the disk, each once.
    held: Vec<(WriteId, Flight)>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Flight {
    from: NodeId,
    to: NodeId,
    message: Message,
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.nodes.iter().for_each(|(_, hash)| hash.hash(hasher));
        self.network.keys().for_each(|hash| hash.hash(hasher));
        world::hash::of(&(self.timeouts, self.crashes, &self.led)).hash(hasher);
    }
}

impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        let hashes = |s: &Self| s.nodes.iter().map(|(_, hash)| *hash).collect::<Vec<_>>();
        hashes(self) == hashes(other)
            && self.network.keys().eq(other.network.keys())
            && (self.timeouts, self.crashes, &self.led)
                == (other.timeouts, other.crashes, &other.led)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Action {
    /// The message with that hash arrives, at that time by the receiver's clock.
    Deliver(u64, Time),
    TimeOut(NodeId),
    /// The disk has written all pending records.
    Flush(NodeId),
    Crash(NodeId),
    Restart(NodeId),
}

fn ids() -> impl Iterator<Item = NodeId> {
    (1..=NODES).map(NodeId)
}

impl State {
    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()].0
    }

    fn servers(&self) -> impl Iterator<Item = &Server> {
        self.nodes.iter().filter_map(|(node, _)| node.server.as_ref())
    }

    /// Every server votes at most once per term: for others by a message, for itself by standing.
    fn votes_once(&self) -> bool {
        let mut votes: BTreeMap<(NodeId, Term), NodeId> = BTreeMap::new();
        self.network.values().all(|Flight { from, to, message }| {
            let vote = match message {
                Message::RequestVote(m) => ((*from, m.term), *from),
                Message::Vote(m) if m.granted => ((*from, m.asked), *to),
                _ => return true,
            };
            *votes.entry(vote.0).or_insert(vote.1) == vote.1
        })
    }

    /// The leader of the highest term has all entries that any server knows to be committed.
    fn leader_is_complete(&self) -> bool {
        let leaders = self.servers().filter(|s| s.leads());
        let Some(leader) = leaders.max_by_key(|s| s.term()) else { return true };
        let same = |s: &Server| {
            leader.log().prefix_digest(s.commit()) == s.log().prefix_digest(s.commit())
        };
        self.servers().all(|s| s.term() > leader.term() || same(s))
    }

    /// Releases the messages that no longer wait for the disk.
    fn release(&mut self, node: &mut Node, flaw: Flaw) {
        let disk = &node.disk;
        let durable = if flaw == Flaw::NoBarrier { disk.written() } else { disk.durable() };
        let leave = node.held.iter().take_while(|(after, _)| *after <= durable).count();
        for (_, flight) in node.held.drain(..leave) {
            let hash = world::hash::of(&flight);
            if !self.network.contains_key(&hash) {
                Arc::make_mut(&mut self.network).insert(hash, flight);
            }
        }
    }

    /// Changes a node and its disk.
    fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Self, &mut Node)) {
        let mut node = Node::clone(self.node(id));
        change(self, &mut node);
        if let Some(server) = node.server.as_ref().filter(|s| s.leads()) {
            self.led.entry(server.term()).or_default().insert(id);
        }
        let hash = world::hash::of(&node);
        self.nodes[id.index()] = (Arc::new(node), hash);
    }
}

impl Elections {
    /// The whole model, without pre-vote.
    fn new(most_timeouts: u32, most_crashes: u32) -> Self {
        let mut settings = Settings::sized(Preset::Raft, NODES);
        settings.raft.prevote = false;
        let (replicates, slow_disks, flaw) = (true, true, Flaw::None);
        Self { settings, most_timeouts, most_crashes, replicates, slow_disks, flaw }
    }

    fn without_entries(self) -> Self {
        Self { replicates: false, ..self }
    }

    fn with_fast_disks(self) -> Self {
        Self { slow_disks: false, ..self }
    }

    fn with_prevote(mut self) -> Self {
        self.settings.raft.prevote = true;
        self
    }

    fn with(self, flaw: Flaw) -> Self {
        Self { flaw, ..self }
    }

    /// Gives a server an input and applies its effects.
    fn step(&self, state: &mut State, id: NodeId, input: Input, clock: Time) {
        state.change(id, |state, node| {
            self.handle(node, id, input, clock);
            state.release(node, self.flaw);
            if !self.slow_disks {
                self.flush(state, node, id);
            }
        });
    }

    /// The disk has written all pending records.
    fn flush(&self, state: &mut State, node: &mut Node, id: NodeId) {
        while node.disk.durable() < node.disk.written() {
            let written = node.disk.written();
            node.disk.flush(written);
            state.release(node, self.flaw);
            self.handle(node, id, Input::Durable(written), Time::ZERO);
            state.release(node, self.flaw);
            if self.slow_disks {
                return;
            }
        }
    }

    fn handle(&self, node: &mut Node, id: NodeId, input: Input, clock: Time) {
        let Node { server: Some(server), disk, held } = node else { return };
        let mut effects = Vec::new();
        let mut cx = Cx {
            me: id.into(),
            clock,
            rng: &mut Rng::new(1, Concern::Node(id.0)),
            settings: &self.settings,
            written: disk.written(),
            effects: &mut effects,
        };
        server.step(input, &mut cx);
        for effect in effects {
            match effect {
                Effect::Send(_, Any::Raft(Message::AppendEntries(_))) if !self.replicates => {}
                Effect::Send(Addr::Node(to), Any::Raft(message)) => {
                    let waits = (disk.written(), Flight { from: id, to, message });
                    if !held.contains(&waits) {
                        held.push(waits);
                    }
                }
                Effect::Write(record) => {
                    disk.append(self.flaw.written(record));
                }
                Effect::SetTimer(..) | Effect::CancelTimer(_) | Effect::Note(_) => {}
                other => panic!("an election does nothing like {other:?}"),
            }
        }
    }

    fn start(&self, state: &mut State, id: NodeId) {
        let wanted: Vec<NodeId> = ids().collect();
        state.change(id, |_, node| {
            node.server = Some(Server::boot(id, &wanted, &self.settings, &mut node.disk));
        });
        self.step(state, id, Input::Start, Time::ZERO);
    }
}

impl Flaw {
    /// The record that reaches the disk, under a flaw.
    fn written(self, record: AnyRecord) -> AnyRecord {
        match record {
            AnyRecord::Raft(Record::Vote(..)) if self == Self::ForgetsVotes => {
                AnyRecord::Raft(Record::Vote(Term(0), None))
            }
            AnyRecord::Raft(Record::Entries { .. }) if self == Self::ForgetsEntries => {
                AnyRecord::Raft(Record::Entries { after: Index(0), entries: Arc::default() })
            }
            record => record,
        }
    }
}

impl Model for Elections {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let down = Node { server: None, disk: Disk::default(), held: Vec::new() };
        let nodes = vec![(Arc::new(down), 0); usize::from(NODES)];
        let (network, led) = (Arc::default(), BTreeMap::new());
        let mut state = State { nodes, network, timeouts: 0, crashes: 0, led };
        ids().for_each(|id| self.start(&mut state, id));
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (&hash, flight) in &*state.network {
            if state.node(flight.to).server.is_some() {
                actions.push(Action::Deliver(hash, Time::ZERO));
                if matches!(flight.message, Message::PreVote(_)) {
                    actions.push(Action::Deliver(hash, LATER));
                }
            }
        }
        for id in ids() {
            let node = state.node(id);
            match &node.server {
                Some(server) => {
                    if state.timeouts < self.most_timeouts && !server.leads() {
                        actions.push(Action::TimeOut(id));
                    }
                    if node.disk.durable() < node.disk.written() {
                        actions.push(Action::Flush(id));
                    }
                    if state.crashes < self.most_crashes {
                        actions.push(Action::Crash(id));
                    }
                }
                None => actions.push(Action::Restart(id)),
            }
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Deliver(hash, clock) => {
                let Flight { from, to, message } = state.network[&hash].clone();
                let input = Input::Message(from.into(), Any::Raft(message));
                self.step(&mut next, to, input, clock);
            }
            Action::TimeOut(id) => {
                next.timeouts += 1;
                self.step(&mut next, id, Input::Timer(Timer::Election), Time::ZERO);
            }
            Action::Flush(id) => next.change(id, |next, node| self.flush(next, node, id)),
            Action::Crash(id) => {
                next.crashes += 1;
                next.change(id, |_, node| {
                    (node.server, node.held) = (None, Vec::new());
                    node.disk.crash();
                });
            }
            Action::Restart(id) => self.start(&mut next, id),
        }
        (next != *state).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always(ONE_LEADER, |_, s: &State| s.led.values().all(|n| n.len() == 1)),
            Property::always(ONE_VOTE, |_, s: &State| s.votes_once()),
            Property::always(COMPLETE, |_, s: &State| s.leader_is_complete()),
            Property::sometimes("a leader is elected", |_, s: &State| !s.led.is_empty()),
        ];
        if self.most_timeouts > 1 && !self.settings.raft.prevote {
            properties.push(Property::sometimes("another is elected after it", |_, s: &State| {
                s.led.len() > 1
            }));
        }
        if self.most_crashes > 0 {
            properties.push(Property::sometimes("one is elected after a crash", |m: &Self, s| {
                s.crashes == m.most_crashes && s.servers().any(Server::leads)
            }));
        }
        if self.replicates {
            properties.push(Property::sometimes("an entry is committed", |_, s: &State| {
                s.servers().any(|server| server.commit() > Index(0))
            }));
        }
        properties
    }
}

/// Explores all states; returns their number.
fn check(model: Elections) -> usize {
    let checker = model.checker().threads(2).spawn_bfs().join();
    checker.assert_properties();
    checker.unique_state_count()
}

/// The first violated property, and the number of actions that lead to it.
fn violation(model: Elections) -> Option<(&'static str, usize)> {
    let any = HasDiscoveries::AnyFailures;
    let checker = model.checker().threads(2).finish_when(any).spawn_bfs().join();
    let violated = [ONE_LEADER, ONE_VOTE, COMPLETE];
    let found = violated.into_iter().find_map(|name| Some((name, checker.discovery(name)?)));
    found.map(|(name, path)| (name, path.into_actions().len()))
}

#[test]
fn two_candidates_and_two_crashes_give_one_leader_a_term() {
    let states = check(Elections::new(2, 2).without_entries());
    assert!(states > 100_000, "{states}");
}

#[test]
fn three_candidates_give_one_leader_a_term() {
    let states = check(Elections::new(3, 0).without_entries().with_fast_disks());
    assert!(states > 100_000, "{states}");
}

#[test]
fn what_a_leader_commits_outlives_a_crash() {
    let states = check(Elections::new(1, 1));
    assert!(states > 5_000, "{states}");
}

#[test]
fn a_pre_vote_changes_none_of_it() {
    let states = check(Elections::new(1, 1).without_entries().with_prevote());
    assert!(states > 500, "{states}");
}

/// Terms and votes must be on the disk (figure 3.1); this shows that the properties can fail.
#[test]
fn a_server_that_forgets_its_vote_lets_two_lead() {
    let found = violation(Elections::new(2, 1).without_entries().with(Flaw::ForgetsVotes));
    assert!(found.is_some_and(|(name, _)| name != COMPLETE), "{found:?}");
}

/// A vote must be on the disk before it is sent.
#[test]
fn a_vote_that_is_told_too_early_lets_two_lead() {
    let found = violation(Elections::new(2, 1).without_entries().with(Flaw::NoBarrier));
    assert!(found.is_some_and(|(name, _)| name != COMPLETE), "{found:?}");
}

/// Entries must be on the disk too.
#[test]
fn a_server_that_forgets_entries_elects_a_leader_that_lacks_what_is_committed() {
    let model = Elections::new(2, 1).with_fast_disks().with(Flaw::ForgetsEntries);
    let found = violation(model);
    assert_eq!(found.map(|(name, _)| name), Some(COMPLETE), "{found:?}");
}
