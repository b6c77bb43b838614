//! Acts: the actions of a hunt on a cluster at a moment, chosen by the cluster's present state.

use super::arena::Arena;
use super::chance::Chance;
use super::options::{FaultKind, OperationKind};
use crate::ids::{Addr, ClientId, NodeId};
use crate::network::Links;
use crate::rng::{Latency, Ppm, Shape};
use crate::run::{Behaviour, Heal, Link, MessageFault, NodeFault, Statement};
use crate::store::{Op, Request, Word};
use crate::time::Span;
use crate::world::{Flight, Host, Status, World};

/// Statements for now, and the statements that undo them later.
#[derive(Clone, Debug, Default)]
pub struct Act {
    /// The statements for now.
    pub now: Vec<Statement>,
    /// The statements that undo them.
    pub undo: Vec<Statement>,
}

impl Act {
    fn once(statement: Statement) -> Self {
        Self { now: vec![statement], undo: Vec::new() }
    }

    fn until(statement: Statement, undo: Statement) -> Self {
        Self { now: vec![statement], undo: vec![undo] }
    }
}

/// The preferences of a run.
#[derive(Clone, Copy, Debug)]
pub struct Taste {
    /// Percentage of faults that affect the leader.
    pub leader: u32,
    /// Percentage of operations that name their target.
    pub via: u32,
    /// Number of keys.
    pub keys: u16,
    /// The factor of all times.
    pub pace: u64,
}

/// A fault of that kind, where the cluster's state allows it.
#[must_use]
pub fn fault(
    kind: FaultKind,
    (arena, world): (&Arena, &World),
    taste: Taste,
    chance: &mut Chance,
) -> Option<Act> {
    let up = |host: &Host| host.status() == Status::Up;
    let running = |chance: &mut Chance| node(arena, world, taste, chance, up);
    let strike = |n, fault| Statement::Node(n, fault);
    Some(match kind {
        FaultKind::Crash => {
            let n = running(chance)?;
            Act::until(strike(n, NodeFault::Crash), strike(n, NodeFault::Restart))
        }
        FaultKind::Restart => Act::once(strike(running(chance)?, NodeFault::Restart)),
        FaultKind::Wipe => {
            let n = running(chance)?;
            Act::until(strike(n, NodeFault::Wipe), strike(n, NodeFault::Restart))
        }
        FaultKind::Corrupt => {
            let n = running(chance)?;
            let now = vec![strike(n, NodeFault::Crash), strike(n, NodeFault::Corrupt)];
            Act { now, undo: vec![strike(n, NodeFault::Restart)] }
        }
        FaultKind::Pause => {
            let n = running(chance)?;
            Act::until(strike(n, NodeFault::Pause), strike(n, NodeFault::Resume))
        }
        FaultKind::Isolate => {
            let n = node(arena, world, taste, chance, |_| true)?;
            Act::until(Statement::Isolate(n), Statement::Heal(Heal::Of(n.into())))
        }
        FaultKind::Cut => {
            let link = link(arena, world, taste, chance)?;
            Act::until(Statement::Cut(link), Statement::Heal(Heal::Link(link)))
        }
        FaultKind::OneWay => {
            let link = one_way(arena, world, taste, chance)?;
            Act::until(Statement::Cut(link), Statement::Heal(Heal::Link(link)))
        }
        FaultKind::Partition => {
            let groups = groups(arena, world, taste, chance)?;
            Act::until(Statement::Partition(groups), Statement::Heal(Heal::Everything))
        }
        FaultKind::Drop => message(arena, world, chance, MessageFault::Drop)?,
        FaultKind::Duplicate => message(arena, world, chance, MessageFault::Duplicate)?,
        FaultKind::Delay => {
            let by = chance.span_ms(&[20, 50, 100, 200, 500, 1_000, 2_000], taste.pace);
            message(arena, world, chance, MessageFault::Delay(by))?
        }
        FaultKind::Slow => {
            let link = one_way(arena, world, taste, chance)?;
            let slow = chance.span_ms(&[50, 100, 200, 300, 500], taste.pace);
            let behaviour = |latency| Behaviour { latency: Some(latency), ..Behaviour::default() };
            let usual = world.settings().latency.clone();
            Act::until(
                Statement::Link(link, behaviour(Latency::of(Shape::Constant(slow)))),
                Statement::Link(link, behaviour(usual)),
            )
        }
        FaultKind::Loss => {
            let link = link(arena, world, taste, chance)?;
            let loss = Ppm(chance.one_of(&[200_000, 500_000, 800_000])?);
            let behaviour = |loss| Behaviour { loss: Some(loss), ..Behaviour::default() };
            let usual = world.settings().loss;
            Act::until(
                Statement::Link(link, behaviour(loss)),
                Statement::Link(link, behaviour(usual)),
            )
        }
        FaultKind::Disk => {
            let n = running(chance)?;
            let slow = chance.span_ms(&[20, 50, 100, 300, 1_000], taste.pace);
            Act::until(Statement::Disk(n, Some(slow)), Statement::Disk(n, None))
        }
        FaultKind::Clock => {
            let n = node(arena, world, taste, chance, |_| true)?;
            let by = chance.one_of(&[100_000, 500_000, 1_000_000, 5_000_000])?;
            let sign = if chance.percent(50) { 1 } else { -1 };
            Act::once(Statement::ClockJump(n.into(), sign * by))
        }
        FaultKind::Drift => {
            let n = node(arena, world, taste, chance, |_| true)?;
            let rate =
                chance.one_of(&[500_000, 800_000, 950_000, 1_050_000, 1_200_000, 2_000_000])?;
            Act::until(
                Statement::ClockRate(n.into(), rate),
                Statement::ClockRate(n.into(), 1_000_000),
            )
        }
        FaultKind::Timeout => Act::once(strike(
            node(arena, world, Taste { leader: 0, ..taste }, chance, up)?,
            NodeFault::Timeout,
        )),
        FaultKind::Transfer => {
            let leader = world.leader()?;
            let to = node(arena, world, Taste { leader: 0, ..taste }, chance, up)?;
            (to != leader).then(|| Act::once(Statement::Transfer(leader, to)))?
        }
        FaultKind::Member => member(arena, world, taste, chance)?,
    })
}

/// A node that may be affected and satisfies the condition, often the leader.
fn node(
    arena: &Arena,
    world: &World,
    taste: Taste,
    chance: &mut Chance,
    wanted: impl Fn(&Host) -> bool,
) -> Option<NodeId> {
    let is_wanted =
        |n: &NodeId| world.node(*n).is_some_and(|h| h.status() != Status::Left && wanted(h));
    let leader = world.leader().filter(|n| arena.nodes.contains(n) && is_wanted(n));
    if leader.is_some() && chance.percent(taste.leader) {
        return leader;
    }
    let nodes: Vec<NodeId> = arena.nodes.iter().copied().filter(is_wanted).collect();
    chance.one_of(&nodes)
}

fn link(arena: &Arena, world: &World, taste: Taste, chance: &mut Chance) -> Option<Link> {
    let leader = world.leader().map(Addr::from).filter(|_| chance.percent(taste.leader));
    let of_leader = |l: &Link| leader.is_none_or(|leader| l.from == leader || l.to == leader);
    let links: Vec<Link> = arena.links.iter().copied().filter(of_leader).collect();
    chance.one_of(&links).or_else(|| chance.one_of(&arena.links))
}

/// A link in one direction; sometimes one between a node and a client or the balancer.
fn one_way(arena: &Arena, world: &World, taste: Taste, chance: &mut Chance) -> Option<Link> {
    if chance.percent(20) && arena.links.len() > 1 {
        let n = node(arena, world, taste, chance, |_| true)?;
        let front = world.balancer().map(|_| Addr::Balancer);
        let other = match front.filter(|_| chance.percent(50)) {
            Some(balancer) => balancer,
            None => chance.one_of(&arena.clients)?.into(),
        };
        return Some(directed(Link { from: n.into(), to: other, one_way: true }, chance));
    }
    let link = link(arena, world, taste, chance)?;
    if link.one_way {
        return Some(link);
    }
    Some(directed(Link { one_way: true, ..link }, chance))
}

fn directed(link: Link, chance: &mut Chance) -> Link {
    if chance.percent(50) { Link { from: link.to, to: link.from, ..link } } else { link }
}

/// Two groups of nodes, with some of the clients on either side.
fn groups(
    arena: &Arena,
    world: &World,
    taste: Taste,
    chance: &mut Chance,
) -> Option<Vec<Vec<Addr>>> {
    let mut nodes: Vec<NodeId> =
        world.nodes().filter(|h| h.status() != Status::Left).map(Host::id).collect();
    if nodes.len() < 2 {
        return None;
    }
    let size = 1 + chance.below(nodes.len() - 1);
    let first = node(arena, world, taste, chance, |_| true)?;
    let mut groups = [vec![Addr::from(first)], Vec::new()];
    nodes.retain(|n| *n != first);
    while groups[0].len() < size && !nodes.is_empty() {
        let n = nodes.remove(chance.below(nodes.len()));
        groups[0].push(n.into());
    }
    groups[1].extend(nodes.into_iter().map(Addr::from));
    crate::order::sort(&mut groups[0]);
    for &client in &arena.clients {
        match chance.below(3) {
            0 => groups[0].push(client.into()),
            1 => groups[1].push(client.into()),
            _ => {}
        }
    }
    (!groups[1].is_empty()).then(|| groups.to_vec())
}

/// A fault of one message in flight, mostly of one with content.
fn message(arena: &Arena, world: &World, chance: &mut Chance, fault: MessageFault) -> Option<Act> {
    let may = |f: &&Flight| {
        let of = |a: Addr| a.node().is_none_or(|n| arena.nodes.contains(&n));
        f.doomed.is_none() && of(f.from) && of(f.to)
    };
    let mut flights: Vec<&Flight> = world.flights().filter(may).collect();
    if chance.percent(70) && flights.iter().any(|f| f.message.load() > 0) {
        flights.retain(|f| f.message.load() > 0);
    }
    crate::order::by_key(&mut flights, |f| f.id);
    let chosen = chance.one_of(&flights)?;
    Some(Act::once(Statement::Message(chosen.id, fault)))
}

/// The kind of a fault of one message.
#[must_use]
pub fn kind_of_message_fault(statement: &Statement) -> Option<FaultKind> {
    match statement {
        Statement::Message(_, MessageFault::Drop) => Some(FaultKind::Drop),
        Statement::Message(_, MessageFault::Duplicate) => Some(FaultKind::Duplicate),
        Statement::Message(_, MessageFault::Delay(_) | MessageFault::Deliver) => {
            Some(FaultKind::Delay)
        }
        _ => None,
    }
}

/// A node joins, or one leaves.
fn member(arena: &Arena, world: &World, taste: Taste, chance: &mut Chance) -> Option<Act> {
    let many = world.nodes().count() as u16;
    if chance.percent(50) && many < crate::ids::MAX_NODES {
        return Some(Act::once(Statement::Add(NodeId(many + 1))));
    }
    let members = world.members();
    let left = |h: &Host| members.contains(&h.id());
    let leaves = node(arena, world, taste, chance, left).filter(|_| members.len() > 2)?;
    Some(Act::once(Statement::Remove(leaves)))
}

/// An operation of a client, mostly of an idle one. `written` counts the values.
#[must_use]
pub fn operation(
    kind: OperationKind,
    (arena, world): (&Arena, &World),
    taste: Taste,
    written: &mut u32,
    chance: &mut Chance,
) -> Option<Statement> {
    let idle = |c: &&ClientId| world.clients().nth(c.index()).is_some_and(|s| s.is_idle());
    let free: Vec<ClientId> = arena.clients.iter().filter(idle).copied().collect();
    let clients = if free.is_empty() || chance.percent(10) { &arena.clients } else { &free };
    let client = chance.one_of(clients)?;
    let key = key(chance.below(usize::from(taste.keys)));
    let before = *written;
    let mut fresh = || -> Word {
        *written += 1;
        written.to_string().into()
    };
    let op = match kind {
        OperationKind::Get => Op::Get,
        OperationKind::Set => Op::Set(fresh()),
        OperationKind::Upd => Op::Upd(fresh()),
        OperationKind::Del => Op::Del,
        OperationKind::Append => Op::Append(format!("{}.", fresh()).into()),
        OperationKind::Cas => Op::Cas(before.to_string().into(), fresh()),
    };
    let via = chance.percent(taste.via).then(|| any_node(world, chance)).flatten();
    Some(Statement::Ask { client, request: Request { key, op }, via: via.map(Addr::from) })
}

fn any_node(world: &World, chance: &mut Chance) -> Option<NodeId> {
    let runs = |h: &&Host| h.status() != Status::Left;
    let nodes: Vec<NodeId> = world.nodes().filter(runs).map(Host::id).collect();
    chance.one_of(&nodes)
}

/// The key of that number, from 0: `x`, `y`, `z`, `k4`, …
#[must_use]
pub fn key(number: usize) -> Word {
    match number {
        0 => "x".into(),
        1 => "y".into(),
        2 => "z".into(),
        n => format!("k{}", n + 1).into(),
    }
}

/// The statements that undo all faults of a cluster.
#[must_use]
pub fn recovery(world: &World) -> Vec<Statement> {
    let mut all = Vec::new();
    if world.links().any_cut() || is_changed(world) {
        all.push(Statement::Heal(Heal::Everything));
    }
    for host in world.nodes() {
        match host.status() {
            Status::Crashed => all.push(Statement::Node(host.id(), NodeFault::Restart)),
            Status::Paused => all.push(Statement::Node(host.id(), NodeFault::Resume)),
            Status::Up | Status::Left => {}
        }
        if host.own_disk_time().is_some() {
            all.push(Statement::Disk(host.id(), None));
        }
    }
    all
}

/// Whether a link has a behaviour of its own.
fn is_changed(world: &World) -> bool {
    let links: &Links = world.links();
    let clients = world.clients().map(|c| Addr::from(c.id()));
    let front = world.balancer().map(|_| Addr::Balancer);
    let all: Vec<Addr> = world.nodes().map(|h| h.id().into()).chain(clients).chain(front).collect();
    all.iter().any(|a| all.iter().any(|b| a != b && links.is_changed(*a, *b)))
}

/// The least time that a protocol's nodes need to notice a fault, compared with 50 ms.
#[must_use]
pub fn pace(world: &World) -> u64 {
    let heartbeat = world.settings().heartbeat.max(Span::from_ms(50));
    (heartbeat.as_us() / 250_000).max(1)
}
