//! The bully election of three nodes, one of which crashes and may come back: every order of
//! messages and time-outs.

use quorumscope_core::disk::WriteId;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::protocol::bully::{Bully, Message, Phase, Policy};
use quorumscope_core::protocol::{Cx, Effect, Message as Any, Term, Timer};
use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::settings::{Preset, Settings};
use quorumscope_core::time::{Span, Time};
use quorumscope_core::world;
use serde::Serialize;
use stateright::{Checker, Model, Property};
use std::hash::{Hash, Hasher};

const NODES: u16 = 3;
const PATIENCE: Span = Span::from_ms(300);

/// The assumption of the model about time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Timing {
    /// As in the paper: every message in flight arrives before any node loses patience.
    Bounded,
    /// None: any node may lose patience at any time. Explored only up to these numbers of elections
    /// and of messages in flight.
    Unbounded { most_elections: u32, most_messages: usize },
}

#[derive(Clone)]
struct Elections {
    timing: Timing,
    restarts: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct State {
    nodes: Vec<Node>,
    /// In order, so that the same messages are the same state.
    network: Vec<(NodeId, NodeId, Message)>,
    crashed_once: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Node {
    /// None: it is down.
    bully: Option<Bully>,
    waits: bool,
}

impl Hash for State {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        world::hash::of(self).hash(hasher);
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Action {
    Deliver(usize),
    /// The node loses patience in an election.
    TimeOut(NodeId),
    /// The node suspects its coordinator, which is down.
    Suspect(NodeId),
    Crash(NodeId),
    Restart(NodeId),
}

fn ids() -> impl Iterator<Item = NodeId> {
    (1..=NODES).map(NodeId)
}

impl State {
    fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    fn alive(&self) -> impl Iterator<Item = (NodeId, &Bully)> {
        ids().filter_map(|n| Some((n, self.node(n).bully.as_ref()?)))
    }

    fn coordinators(&self) -> Vec<(NodeId, Term)> {
        let leading = self.alive().filter(|(_, b)| b.phase() == Phase::Leading);
        leading.map(|(n, b)| (n, b.term())).collect()
    }

    /// Whether a node follows a node that is down.
    fn is_orphan(&self, id: NodeId) -> bool {
        let leader = self.node(id).bully.as_ref().and_then(Bully::leader);
        leader.is_some_and(|l| self.node(l).bully.is_none())
    }

    /// Whether nothing more will happen, except a crash or a restart.
    fn is_quiet(&self) -> bool {
        self.network.is_empty() && ids().all(|n| !self.node(n).waits && !self.is_orphan(n))
    }

    /// Whether all live nodes follow the highest live node as coordinator, by the same election.
    fn agrees(&self) -> bool {
        let Some((highest, last)) = self.alive().last() else { return true };
        self.alive().all(|(_, b)| b.leader() == Some(highest) && b.term() == last.term())
    }

    fn act(&mut self, id: NodeId, act: impl FnOnce(&mut Bully, &mut Cx<'_>)) {
        let Some(mut bully) = self.nodes[id.index()].bully.clone() else { return };
        let mut effects = Vec::new();
        act(
            &mut bully,
            &mut Cx {
                me: id.into(),
                clock: Time::ZERO,
                rng: &mut Rng::new(1, Concern::Node(id.0)),
                settings: &Settings::sized(Preset::Election, NODES),
                written: WriteId(0),
                effects: &mut effects,
            },
        );
        self.nodes[id.index()].bully = Some(bully);
        for effect in effects {
            match effect {
                Effect::Send(Addr::Node(to), Any::Bully(m)) => self.network.push((id, to, m)),
                Effect::SetTimer(Timer::Election, _) => self.nodes[id.index()].waits = true,
                Effect::CancelTimer(Timer::Election) => self.nodes[id.index()].waits = false,
                Effect::Note(_) => {}
                other => panic!("an election does nothing like {other:?}"),
            }
        }
        self.network.sort_by_key(|(from, to, m)| (*from, *to, m.kind(), m.term()));
    }

    fn start(&mut self, id: NodeId) {
        let bully = Bully::new(id, NODES, Policy::Bully, Term(0));
        self.nodes[id.index()] = Node { bully: Some(bully), waits: false };
        self.act(id, |b, cx| {
            b.call(PATIENCE, cx);
        });
    }
}

impl Model for Elections {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let down = Node { bully: None, waits: false };
        let nodes = vec![down; usize::from(NODES)];
        let mut state = State { nodes, network: Vec::new(), crashed_once: false };
        ids().for_each(|n| state.start(n));
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        actions.extend((0..state.network.len()).map(Action::Deliver));
        if self.timing != Timing::Bounded || state.network.is_empty() {
            actions.extend(ids().filter(|&n| state.node(n).waits).map(Action::TimeOut));
            actions.extend(ids().filter(|&n| state.is_orphan(n)).map(Action::Suspect));
        }
        if !state.crashed_once {
            actions.extend(ids().map(Action::Crash));
        } else if self.restarts {
            let down = ids().filter(|&n| state.node(n).bully.is_none());
            actions.extend(down.map(Action::Restart));
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Deliver(place) => {
                let (from, to, message) = next.network.remove(place);
                next.act(to, |b, cx| {
                    b.step(from, message, PATIENCE, cx);
                });
            }
            Action::TimeOut(n) => {
                next.nodes[n.index()].waits = false;
                next.act(n, |b, cx| {
                    b.timed_out(PATIENCE, cx);
                });
            }
            Action::Suspect(n) => next.act(n, |b, cx| {
                b.call(PATIENCE, cx);
            }),
            Action::Crash(n) => {
                next.nodes[n.index()] = Node { bully: None, waits: false };
                next.crashed_once = true;
            }
            Action::Restart(n) => next.start(n),
        }
        Some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = vec![
            Property::always("in quiet the highest that lives coordinates", |_, s: &State| {
                !s.is_quiet() || s.agrees()
            }),
            Property::sometimes("it becomes quiet after a crash", |_, s: &State| {
                s.crashed_once && s.is_quiet()
            }),
        ];
        properties.push(match (self.timing, self.restarts) {
            (Timing::Bounded, false) => {
                Property::always("one coordinator at most", |_, s: &State| {
                    s.coordinators().len() <= 1
                })
            }
            _ => Property::sometimes("two coordinators for a while", |_, s: &State| {
                s.coordinators().len() == 2
            }),
        });
        properties
    }

    fn within_boundary(&self, state: &State) -> bool {
        let Timing::Unbounded { most_elections, most_messages } = self.timing else { return true };
        state.network.len() <= most_messages
            && state.alive().all(|(_, b)| b.term().0 <= most_elections)
    }
}

fn check(timing: Timing, restarts: bool) -> usize {
    let checker = Elections { timing, restarts }.checker().spawn_bfs().join();
    checker.assert_properties();
    checker.unique_state_count()
}

#[test]
fn where_time_is_bounded_there_is_one_coordinator_at_most() {
    let states = check(Timing::Bounded, false);
    assert!(states > 100, "{states}");
}

#[test]
fn where_time_is_bounded_one_that_comes_back_takes_over() {
    let states = check(Timing::Bounded, true);
    assert!(states > 1_000, "{states}");
}

#[test]
fn where_time_is_not_bounded_quiet_still_brings_agreement() {
    let states = check(Timing::Unbounded { most_elections: 2, most_messages: 6 }, false);
    assert!(states > 1_000, "{states}");
}
