//! Guidance by causes: of a run that went well it is asked why, and that is broken.
//!
//! An outcome of the run is taken: an answer to a client, or a node that came to lead. The trace says
//! what it depended on: messages that arrived, writes that became durable, timers that ran out. Some
//! of these are taken away, so that the cluster must do without (Alvaro et al., *Lineage-driven Fault
//! Injection*, SIGMOD 2015).

use super::arena::Arena;
use super::case::Court;
use super::chance::Chance;
use super::corpus::Entry;
use super::options::{FaultKind, OperationKind, Weight};
use super::plan::{self, Item, Plan};
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Outcome};
use crate::run::{Command, Heal, Link, MessageFault, NodeFault, Statement};
use crate::time::{Span, Time};
use crate::trace::{Event, Trace, What};
use crate::world::World;

/// Over so many events the causes of an outcome are followed.
const MOST_CAUSES: usize = 400;
/// The most things that are taken away.
const MOST_BROKEN: usize = 3;

/// A run that went well, and what its outcomes depended on.
#[derive(Clone, Debug)]
pub struct Lineage {
    seed: Option<u64>,
    commands: Vec<Command>,
    trace: Trace,
    outcomes: Vec<EventId>,
}

/// One of the causes of an outcome.
#[derive(Clone, Copy, Debug)]
struct Support {
    at: Time,
    what: What,
    /// When the message that arrived had left.
    sent: Option<Time>,
}

impl Lineage {
    /// Plays a run once more, with its trace.
    #[must_use]
    pub fn of(arena: &Arena, court: &Court, entry: &Entry) -> Self {
        let setup = plan::with_seed(&arena.setup, entry.seed);
        let mut world = court.begin(&setup, &entry.commands).world;
        let mut trace = Trace::default();
        trace.begin_at(EventId(world.events()));
        world.set_recording(true);
        let mut outcomes = Vec::new();
        while world.advance(&entry.commands, arena.until) {
            let first = trace.len() as u32;
            world.take_events().for_each(|event| trace.push(event));
            let fresh = trace.iter_from(EventId(first));
            let good = fresh.filter(|(_, event)| is_good(&world, event)).map(|(id, _)| id);
            outcomes.extend(good);
        }
        Self { seed: entry.seed, commands: entry.commands.clone(), trace, outcomes }
    }

    /// The plan to do the same, with some of what an outcome depended on taken away.
    #[must_use]
    pub fn plan(&self, arena: &Arena, chance: &mut Chance) -> Plan {
        let mut plan = Plan::empty(arena, chance);
        plan.seed = self.seed;
        let beginning = arena.beginning.len().min(self.commands.len());
        plan.follow(self.commands[beginning..].to_vec());
        if let Some(outcome) = chance.one_of(&self.outcomes) {
            let supports = self.supports(outcome, arena.from);
            for _ in 0..=chance.below(MOST_BROKEN) {
                if let Some(support) = chance.one_of(&supports) {
                    break_it(arena, &mut plan, support, chance);
                }
            }
            ask_after(
                arena,
                &mut plan,
                self.trace.event(outcome).map_or(arena.from, |e| e.at),
                chance,
            );
        }
        if arena.targets.judges_rest || chance.percent(50) {
            plan.add(arena.calm, Item::Recover);
        }
        plan
    }

    /// The causes of an event that a fault can take away.
    fn supports(&self, outcome: EventId, from: Time) -> Vec<Support> {
        let mut supports = Vec::new();
        let mut known = vec![outcome];
        let mut next = 0;
        while let Some(&id) = known.get(next).filter(|_| next < MOST_CAUSES) {
            next += 1;
            let Some(event) = self.trace.event(id).filter(|e| e.at >= from) else { continue };
            let sent = event.causes.first().and_then(|c| self.trace.event(c)).map(|e| e.at);
            if matches!(event.what, What::Delivered(_) | What::Durable(..) | What::Fired(..)) {
                supports.push(Support { at: event.at, what: event.what, sent });
            }
            for cause in event.causes.iter() {
                if !known.contains(&cause) {
                    known.push(cause);
                }
            }
        }
        supports
    }
}

fn is_good(world: &World, event: &Event) -> bool {
    match event.what {
        What::Noted(_, Fact::Led(_)) => true,
        What::Returned(_, operation) => {
            let end = world.operation(operation).and_then(|o| o.end.as_ref());
            end.is_some_and(|end| matches!(end.outcome, Outcome::Ok(_)))
        }
        _ => false,
    }
}

/// Takes away one thing that an outcome depended on, by a fault that may be used.
fn break_it(arena: &Arena, plan: &mut Plan, support: Support, chance: &mut Chance) {
    let may = |kind: FaultKind| arena.faults.iter().any(|w| w.kind == kind);
    let (node, ways): (Option<NodeId>, &[FaultKind]) = match support.what {
        What::Delivered(p) => (
            p.to.node(),
            &[
                FaultKind::Drop,
                FaultKind::Delay,
                FaultKind::OneWay,
                FaultKind::Cut,
                FaultKind::Isolate,
                FaultKind::Crash,
                FaultKind::Pause,
                FaultKind::Partition,
            ],
        ),
        What::Durable(n, _) => {
            (Some(n), &[FaultKind::Crash, FaultKind::Disk, FaultKind::Pause, FaultKind::Wipe])
        }
        What::Fired(n, _) => (Some(n), &[FaultKind::Pause, FaultKind::Crash, FaultKind::Isolate]),
        _ => return,
    };
    let ways: Vec<Weight<FaultKind>> =
        ways.iter().filter(|kind| may(**kind)).map(|&kind| Weight { kind, weight: 1 }).collect();
    let Some(kind) = chance.weighted(&ways) else { return };
    let allowed = |n: &NodeId| arena.nodes.contains(n);
    let sent = support.sent.unwrap_or(support.at);
    let middle = Time::from_us(sent.as_us().midpoint(support.at.as_us())).max(arena.from);
    let lasts = chance.span_ms(&[10, 50, 100, 300, 1_000, 2_000], 1);
    let undone = chance.percent(60);
    let mut until = |at: Time, fault: Statement, undo: Statement| {
        plan.add(at, Item::Exactly(fault));
        if undone {
            plan.add(at + lasts, Item::Exactly(undo));
        }
    };
    match (kind, support.what) {
        (FaultKind::Drop, What::Delivered(p)) => {
            plan.add(middle, Item::Exactly(Statement::Message(p.message, MessageFault::Drop)));
        }
        (FaultKind::Delay, What::Delivered(p)) => {
            let late = Statement::Message(p.message, MessageFault::Delay(lasts));
            plan.add(middle, Item::Exactly(late));
        }
        (FaultKind::OneWay | FaultKind::Cut, What::Delivered(p)) => {
            let one_way = kind == FaultKind::OneWay;
            let link = Link { from: p.from, to: p.to, one_way };
            let of = |a: Addr| a.node().is_none_or(|n| allowed(&n));
            if of(p.from) && of(p.to) {
                until(middle, Statement::Cut(link), Statement::Heal(Heal::Link(link)));
            }
        }
        (FaultKind::Partition, _) => plan.add(middle, Item::Fault(FaultKind::Partition)),
        (kind, _) => {
            let Some(n) = node.filter(allowed) else { return };
            let strike = |fault| Statement::Node(n, fault);
            // Before it, or right after: both tell what it was for.
            let at = if chance.percent(50) { middle } else { support.at.max(arena.from) };
            match kind {
                FaultKind::Crash => until(at, strike(NodeFault::Crash), strike(NodeFault::Restart)),
                FaultKind::Wipe => until(at, strike(NodeFault::Wipe), strike(NodeFault::Restart)),
                FaultKind::Pause => until(at, strike(NodeFault::Pause), strike(NodeFault::Resume)),
                FaultKind::Isolate => {
                    until(at, Statement::Isolate(n), Statement::Heal(Heal::Of(n.into())));
                }
                FaultKind::Disk => {
                    let slow = Statement::Disk(n, Some(lasts));
                    until(sent.max(arena.from), slow, Statement::Disk(n, None));
                }
                _ => {}
            }
        }
    }
}

/// Somebody reads and writes after the outcome, and perhaps another node stands for election.
fn ask_after(arena: &Arena, plan: &mut Plan, outcome: Time, chance: &mut Chance) {
    let soon = |chance: &mut Chance| {
        let at = outcome + chance.span_ms(&[1, 20, 50, 100, 200, 500, 1_000], 1);
        at.max(arena.from).min(arena.until)
    };
    let kinds = |wanted: OperationKind| arena.operations.iter().any(|w| w.kind == wanted);
    for kind in [OperationKind::Set, OperationKind::Get, OperationKind::Get] {
        if kinds(kind) && chance.percent(60) {
            let at = soon(chance);
            plan.add(at, Item::Operation(kind));
        }
    }
    let stands = arena.faults.iter().any(|w| w.kind == FaultKind::Timeout);
    if stands && chance.percent(60) {
        let at = soon(chance) + Span::from_ms(5);
        plan.add(at.min(arena.until), Item::Fault(FaultKind::Timeout));
    }
}
