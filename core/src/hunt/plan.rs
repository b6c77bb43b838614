//! Plans: the times and kinds of acts in a run. The object of an act is decided when it is due, by
//! the cluster's state then.

use super::act::{self, Taste};
use super::arena::Arena;
use super::chance::Chance;
use super::coverage::Tracker;
use super::mutation;
use super::options::{FaultKind, OperationKind, Weight};
use super::simulation::Simulation;
use super::target::Violation;
use crate::run::{Command, Setup, Statement};
use crate::store::{Op, Request};
use crate::time::{Span, Time};
use std::sync::Arc;

/// Number of seeds of clusters: a run uses the given seed, or one of these.
const SEEDS: u64 = 1_000;
/// Delays between one act and the next, in milliseconds.
const SOON: [u64; 12] = [0, 1, 2, 5, 10, 15, 20, 30, 50, 100, 200, 400];
/// Delays until an act is undone, in milliseconds.
const LASTING: [u64; 9] = [10, 20, 50, 100, 200, 300, 500, 1_000, 2_000];

/// An act of a plan.
#[derive(Clone, Debug)]
pub enum Item {
    /// A fault of that kind.
    Fault(FaultKind),
    /// An operation of that kind.
    Operation(OperationKind),
    /// That statement.
    Exactly(Statement),
    /// All faults are healed.
    Recover,
    /// Every key is read, at different nodes.
    ReadAll,
}

/// The acts of a run, by time.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The seed of the cluster, if it differs from the given one.
    pub seed: Option<u64>,
    /// The acts, by time.
    items: Vec<(Time, Item)>,
    taste: Taste,
    /// Percentage of faults that are undone.
    undone: u32,
    /// Values written by what is already in the plan.
    written: u32,
}

impl Plan {
    /// A random plan. Each draws from kinds and weights of its own: Groce et al., *Swarm Testing*
    /// (ISSTA 2012).
    #[must_use]
    pub fn random(arena: &Arena, chance: &mut Chance) -> Self {
        let mut plan = Self::empty(arena, chance);
        plan.add_random(
            arena,
            (most(arena.most_faults, chance), most(arena.most_operations, chance)),
            chance,
        );
        plan.end(arena, chance);
        plan
    }

    /// A plan without acts.
    #[must_use]
    pub fn empty(arena: &Arena, chance: &mut Chance) -> Self {
        let seed = chance.between(1, SEEDS);
        let own_seed = chance.percent(50) && !arena.keeps_setup;
        let pace = act::pace(&crate::world::World::new(&arena.setup));
        let taste = Taste {
            leader: chance.one_of(&[0, 30, 60, 90]).unwrap_or(0),
            via: chance.one_of(&[20, 50, 90]).unwrap_or(50),
            keys: 1 + chance.below(usize::from(arena.keys)) as u16,
            pace: if chance.percent(50) { pace } else { 1 },
        };
        Self {
            seed: own_seed.then_some(seed),
            items: Vec::new(),
            taste,
            undone: chance.one_of(&[30, 70, 100]).unwrap_or(70),
            written: 0,
        }
    }

    /// Adds what was done in another run, up to the last moment at which something may be done.
    pub fn follow(&mut self, commands: Vec<Command>) {
        // No value is written twice.
        self.written = commands.iter().filter_map(|c| value(&c.statement)).max().unwrap_or(0);
        let items = commands.into_iter().map(|c| (c.at, mutation::item(c.statement)));
        self.items.extend(items);
        crate::order::by_key(&mut self.items, |(at, _)| *at);
    }

    /// Adds random faults and operations.
    pub fn add_random(&mut self, arena: &Arena, many: (u32, u32), chance: &mut Chance) {
        let faults = some_of(&arena.faults, chance);
        let operations = some_of(&arena.operations, chance);
        let (first, last) = window(arena, chance);
        let near = chance.one_of(&[0, 40, 80]).unwrap_or(0);
        let grain = chance.one_of(&[1_000, 10_000, 10_000, 50_000]).unwrap_or(1_000);
        let mut left = many;
        let mut previous = first;
        while left.0 + left.1 > 0 {
            let at = if chance.percent(near) {
                previous + chance.span_ms(&SOON, self.taste.pace)
            } else {
                let us = chance.between(first.as_us(), last.as_us());
                Time::from_us(us / grain * grain).max(first)
            };
            previous = at;
            if at > last {
                previous = first;
                continue;
            }
            let total = (left.0 + left.1) as usize;
            if chance.below(total) < left.0 as usize {
                left.0 -= 1;
                if let Some(kind) = chance.weighted(&faults) {
                    self.items.push((at, Item::Fault(kind)));
                }
            } else {
                left.1 -= 1;
                if let Some(kind) = chance.weighted(&operations) {
                    self.items.push((at, Item::Operation(kind)));
                }
            }
        }
        crate::order::by_key(&mut self.items, |(at, _)| *at);
    }

    /// Adds one act.
    pub fn add(&mut self, at: Time, item: Item) {
        let place = self.items.partition_point(|(other, _)| *other <= at);
        self.items.insert(place, (at, item));
    }

    /// Ends the plan: mostly all faults are healed and all keys read.
    pub fn end(&mut self, arena: &Arena, chance: &mut Chance) {
        if arena.targets.judges_rest || chance.percent(50) {
            self.add(arena.calm, Item::Recover);
        }
        if !arena.operations.is_empty() && chance.percent(50) {
            self.add(arena.calm, Item::ReadAll);
        }
    }

    /// Plays the plan from the simulation's present, and judges. The violation shows at the
    /// simulation's present then.
    pub fn play(
        mut self,
        arena: &Arena,
        simulation: &mut Simulation,
        chance: &mut Chance,
        mut tracker: Option<&mut Tracker<'_>>,
    ) -> Option<Violation> {
        self.items.reverse();
        while let Some((at, item)) = self.items.pop() {
            let found = simulation.play(at, &arena.targets, tracker.as_deref_mut());
            if found.is_some() {
                return found;
            }
            self.perform((at, item), arena, simulation, chance);
        }
        self.rest(arena, simulation, tracker)
    }

    fn perform(
        &mut self,
        (at, item): (Time, Item),
        arena: &Arena,
        simulation: &mut Simulation,
        chance: &mut Chance,
    ) {
        let world = &simulation.world;
        match item {
            Item::Exactly(statement) => simulation.act(at, statement),
            Item::Operation(kind) => {
                let scene = (arena, world);
                let asked = act::operation(kind, scene, self.taste, &mut self.written, chance);
                asked.into_iter().for_each(|statement| simulation.act(at, statement));
            }
            Item::Fault(kind) => {
                let Some(act) = act::fault(kind, (arena, world), self.taste, chance) else {
                    return;
                };
                act.now.into_iter().for_each(|statement| simulation.act(at, statement));
                if chance.percent(self.undone) {
                    let later = at + chance.span_ms(&LASTING, self.taste.pace);
                    for undo in act.undo {
                        self.add_reversed(later, Item::Exactly(undo));
                    }
                }
            }
            Item::Recover => {
                for statement in act::recovery(world) {
                    simulation.act(at, statement);
                }
            }
            Item::ReadAll => self.read_all(at, arena, simulation, chance),
        }
    }

    /// Adds one act to a plan that is being played, whose next act is the last element.
    fn add_reversed(&mut self, at: Time, item: Item) {
        let place = self.items.partition_point(|(other, _)| *other > at);
        self.items.insert(place, (at, item));
    }

    fn read_all(&mut self, at: Time, arena: &Arena, simulation: &Simulation, chance: &mut Chance) {
        let nodes: Vec<_> = simulation.world.members().to_vec();
        let mut soon = at + Span::from_ms(300);
        for number in 0..usize::from(self.taste.keys) {
            for _ in 0..2 {
                let (Some(client), via) = (chance.one_of(&arena.clients), chance.one_of(&nodes))
                else {
                    return;
                };
                let request = Request { key: act::key(number), op: Op::Get };
                let ask = Statement::Ask { client, request, via: via.map(Into::into) };
                self.add_reversed(soon, Item::Exactly(ask));
                soon += Span::from_ms(50);
            }
        }
    }

    /// Plays to the end, and judges there. Ends earlier when the nodes are at rest and agree.
    fn rest(
        &self,
        arena: &Arena,
        simulation: &mut Simulation,
        tracker: Option<&mut Tracker<'_>>,
    ) -> Option<Violation> {
        let found = simulation.play(arena.until, &arena.targets, tracker);
        found.or_else(|| arena.targets.judge(simulation))
    }
}

/// A cluster line with another seed.
#[must_use]
pub fn with_seed(setup: &Setup, seed: Option<u64>) -> Setup {
    let mut setup = setup.clone();
    if let Some(seed) = seed {
        Arc::make_mut(&mut setup.settings).seed = seed;
    }
    setup
}

fn most(most: u32, chance: &mut Chance) -> u32 {
    if most == 0 {
        return 0;
    }
    // Few suffice for most failures, and leave the cluster able to work.
    let (one, other) = (1 + chance.below(most as usize), 1 + chance.below(most as usize));
    let few = if chance.percent(50) { one.min(other) } else { one };
    few as u32
}

/// Each kind with a probability of one half, with another weight; never none.
fn some_of<T: Copy>(all: &[Weight<T>], chance: &mut Chance) -> Vec<Weight<T>> {
    let mut some = Vec::new();
    for weight in all {
        if chance.percent(50) {
            let factor = 1 << chance.below(3);
            some.push(Weight { weight: weight.weight * factor, ..*weight });
        }
    }
    if some.is_empty() {
        some.extend(chance.one_of(&all.iter().collect::<Vec<_>>()).copied());
    }
    some
}

/// The part of the time with acts.
fn window(arena: &Arena, chance: &mut Chance) -> (Time, Time) {
    let length = arena.calm.since(arena.from);
    let (start, size) = (chance.between(0, 50), chance.between(20, 100));
    let first = arena.from + length.scaled(start, 100);
    let last = (first + length.scaled(size, 100)).min(arena.calm);
    (first, last.max(first))
}

/// The value that an operation writes, as a number.
fn value(statement: &Statement) -> Option<u32> {
    let Statement::Ask { request, .. } = statement else { return None };
    match &request.op {
        Op::Set(v) | Op::Upd(v) | Op::Append(v) | Op::Cas(_, v) => {
            v.trim_end_matches('.').parse().ok()
        }
        Op::Get | Op::Del => None,
    }
}
