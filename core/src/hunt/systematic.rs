//! The systematic hunt: every choice within bounds, each state once.
//!
//! Time is cut into steps. At the beginning of each at most one thing is done: something of what the
//! bounds still allow, or nothing. The search goes deep first; a state whose outlook was seen before
//! at the same time, with as much left to do, is not searched again. When it is over, there is nothing
//! within the bounds, for this cluster with its seed.

use super::act;
use super::arena::Arena;
use super::case::Court;
use super::coverage::{Seen, mixed};
use super::options::{Bounds, Share};
use super::progress::counted;
use super::simulation::Simulation;
use crate::ids::NodeId;
use crate::run::{Command, Heal, MessageFault, NodeFault, Statement};
use crate::settings::Elects;
use crate::store::{Op, Request};
use crate::time::{Span, Time};
use crate::world::{Status, World};

/// The length of a step, for each unit of pace.
const STEP: Span = Span::from_ms(50);
/// A message is delayed by so many steps.
const DELAY: u64 = 3;
/// A run goes on for so many steps after the last thing that is done.
const TAIL: u64 = 12;

/// The rest of the bounds: the number of things that may still be done, by kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    crashes: u32,
    drops: u32,
    delays: u32,
    isolations: u32,
    timeouts: u32,
    operations: u32,
}

/// A state on the way, and what is done from there.
#[derive(Clone, Debug)]
struct Node {
    simulation: Simulation,
    choices: Vec<Choice>,
    next: usize,
}

/// One thing that may be done, or nothing.
#[derive(Clone, Debug)]
struct Choice {
    statement: Option<Statement>,
    left: Left,
}

/// A systematic hunt.
#[derive(Clone, Debug)]
pub struct Systematic {
    bounds: Bounds,
    step: Span,
    from: Time,
    until: Time,
    recovers: bool,
    seen: Seen,
    way: Vec<Node>,
}

/// The result of one run.
#[derive(Clone, Debug)]
pub enum Searched {
    /// Nothing is wrong with it.
    Nothing,
    /// It hits a target: its statements and its end.
    Hit(Vec<Command>, Time),
    /// There is no other run within the bounds.
    Over,
}

impl Systematic {
    /// One that has not begun.
    #[must_use]
    pub fn new(arena: &Arena, court: &Court, bounds: Bounds, share: Share) -> Self {
        let mut start = court.begin(&arena.setup, &arena.beginning);
        let step = match bounds.step_us {
            0 => STEP.scaled(act::pace(&start.world), 1),
            us => Span::from_us(us),
        };
        start.play(arena.from, &arena.targets, None);
        let steps = u64::from(bounds.steps);
        let rest = arena.until.since(arena.calm);
        let tail =
            step.scaled(TAIL, 1).max(if arena.targets.judges_rest { rest } else { Span::ZERO });
        let left = Left {
            crashes: bounds.crashes,
            drops: bounds.drops,
            delays: bounds.delays,
            isolations: bounds.isolations,
            timeouts: bounds.timeouts,
            operations: bounds.operations,
        };
        let mut choices = choices(arena, &start.world, left);
        let mut place = 0;
        choices.retain(|_| {
            place += 1;
            (place - 1) % share.of == share.number
        });
        Self {
            bounds,
            step,
            from: arena.from,
            until: arena.from + step.scaled(steps, 1) + tail,
            recovers: arena.targets.judges_rest,
            seen: Seen::default(),
            way: vec![Node { simulation: start, choices, next: 0 }],
        }
    }

    /// The number of states that were seen.
    #[must_use]
    pub fn states(&self) -> usize {
        self.seen.len()
    }

    /// Whether every run within the bounds was played.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.way.is_empty()
    }

    /// Plays the next run.
    pub fn search(&mut self, arena: &Arena) -> Searched {
        loop {
            let depth = (self.way.len() as u64).saturating_sub(1);
            let Some(node) = self.way.last_mut() else { return Searched::Over };
            let Some(choice) = node.choices.get(node.next).cloned() else {
                self.way.pop();
                continue;
            };
            node.next += 1;
            let mut simulation = node.simulation.clone();
            let at = self.from + self.step.scaled(depth, 1);
            if let Some(statement) = choice.statement {
                simulation.act(at, statement);
            }
            // Up to just before the next step, at whose beginning something may be done.
            let next = at + self.step;
            if simulation.play(next, &arena.targets, None).is_some() {
                return Searched::Hit(simulation.commands, self.until);
            }
            if depth + 1 >= u64::from(self.bounds.steps) {
                return self.finish(arena, simulation);
            }
            let left = choice.left;
            let done = [left.crashes, left.drops, left.delays, left.isolations, left.timeouts];
            let done = done.into_iter().fold(left.operations, |sum, n| sum * 16 + n);
            if self.seen.insert(mixed(simulation.world.outlook() ^ mixed(u64::from(done)))) {
                let choices = choices(arena, &simulation.world, left);
                self.way.push(Node { simulation, choices, next: 0 });
            }
        }
    }

    /// Plays to the end, and judges.
    fn finish(&self, arena: &Arena, mut simulation: Simulation) -> Searched {
        if self.recovers {
            let now = simulation.world.now();
            for statement in act::recovery(&simulation.world) {
                simulation.act(now, statement);
            }
        }
        let found = simulation.play(self.until, &arena.targets, None);
        match found.or_else(|| arena.targets.judge(&simulation)) {
            Some(_) => Searched::Hit(simulation.commands, self.until),
            None => Searched::Nothing,
        }
    }

    /// The bounds in words.
    #[must_use]
    pub fn said(&self, nodes: u16) -> String {
        let bounds = &self.bounds;
        let parts = [
            (bounds.crashes, "crash", "crashes"),
            (bounds.isolations, "isolated node", "isolated nodes"),
            (bounds.drops, "dropped message", "dropped messages"),
            (bounds.delays, "delayed message", "delayed messages"),
            (bounds.timeouts, "election timeout", "election timeouts"),
            (bounds.operations, "operation", "operations"),
        ];
        let mut said = vec![counted(u64::from(nodes), "node", "nodes")];
        let parts = parts.into_iter().filter(|(many, ..)| *many > 0);
        said.extend(parts.map(|(many, one, more)| counted(u64::from(many), one, more)));
        let steps = counted(u64::from(bounds.steps), "step", "steps");
        said.push(format!("{steps} of {}", self.step));
        said.join(", ")
    }
}

/// Everything that may be done in a state; nothing comes first.
fn choices(arena: &Arena, world: &World, left: Left) -> Vec<Choice> {
    let mut choices = vec![Choice { statement: None, left }];
    let mut push = |statement, left| choices.push(Choice { statement: Some(statement), left });
    let elects = world.preset().traits().elects != Elects::Nobody;
    let apart = world.links().any_cut();
    for host in arena.nodes.iter().filter_map(|n| world.node(*n)) {
        let n = host.id();
        let strike = |fault| Statement::Node(n, fault);
        match host.status() {
            Status::Up => {
                if let Some(crashes) = left.crashes.checked_sub(1) {
                    push(strike(NodeFault::Crash), Left { crashes, ..left });
                }
                if let Some(timeouts) = left.timeouts.checked_sub(1).filter(|_| elects) {
                    push(strike(NodeFault::Timeout), Left { timeouts, ..left });
                }
            }
            Status::Crashed => push(strike(NodeFault::Restart), left),
            Status::Paused | Status::Left => continue,
        }
        if let Some(isolations) = left.isolations.checked_sub(1) {
            push(Statement::Isolate(n), Left { isolations, ..left });
        }
    }
    if apart {
        push(Statement::Heal(Heal::Everything), left);
    }
    if let Some(operations) = left.operations.checked_sub(1) {
        for statement in operations_of(arena, world) {
            push(statement, Left { operations, ..left });
        }
    }
    for id in messages(world) {
        if let Some(drops) = left.drops.checked_sub(1) {
            push(Statement::Message(id, MessageFault::Drop), Left { drops, ..left });
        }
        if let Some(delays) = left.delays.checked_sub(1) {
            let late = MessageFault::Delay(STEP.scaled(DELAY, 1));
            push(Statement::Message(id, late), Left { delays, ..left });
        }
    }
    choices
}

/// The first client that has nothing to do writes or reads, at any of the nodes.
fn operations_of(arena: &Arena, world: &World) -> Vec<Statement> {
    let idle = arena.clients.iter().copied();
    let mut idle = idle.filter(|c| world.clients().nth(c.index()).is_some_and(|s| s.is_idle()));
    let Some(client) = idle.next().filter(|_| !arena.operations.is_empty()) else {
        return Vec::new();
    };
    let value = (world.operations().len() + 1).to_string();
    let ops = [Op::Set(value.into()), Op::Get];
    let ask = |op: Op, n: NodeId| Statement::Ask {
        client,
        request: Request { key: "x".into(), op },
        via: Some(n.into()),
    };
    let running = |n: &NodeId| world.node(*n).is_some_and(|h| h.status() == Status::Up);
    let nodes: Vec<NodeId> = arena.nodes.iter().copied().filter(running).collect();
    ops.iter().flat_map(|op| nodes.iter().map(|n| ask(op.clone(), *n))).collect()
}

/// The messages in flight, in the order in which they were sent.
fn messages(world: &World) -> Vec<crate::ids::MessageId> {
    let flights = world.flights().filter(|f| f.doomed.is_none());
    let mut ids: Vec<_> = flights.map(|f| f.id).collect();
    crate::order::sort(&mut ids);
    ids
}
