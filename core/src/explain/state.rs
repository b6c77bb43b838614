//! The headline once the news is over: the present state. It names every node that is down and
//! every cut, or the leader, whichever came about last.

use super::claim::{self, Claim};
use super::meaning::{away, believers};
use super::reach::{can_talk, present, sides, with_status};
use super::words::count;
use super::{Scene, beat, past, reason};
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Role};
use crate::run::Statement;
use crate::settings::{Failover, Preset};
use crate::time::Time;
use crate::trace::What;
use crate::world::{Host, Status, World};

/// The most cuts that are named; of more only the number is given.
const MOST_CUTS: usize = 2;

/// Bold part, rest, and their claims.
pub struct State {
    pub bold: String,
    pub rest: String,
    pub claims: Vec<Claim>,
}

impl State {
    fn of(claims: Vec<Claim>, rest: String) -> Self {
        Self { bold: claim::line(&claims), rest, claims }
    }
}

/// The present state. `told` are the beats up to now.
pub fn state(scene: &Scene<'_>, told: &[EventId]) -> State {
    let faults = faults(scene);
    let broke = faults.as_ref().map(|(_, since)| *since);
    if let Some(place) = lasting(scene, told) {
        let event = scene.trace.event(told[place]);
        if event.is_some_and(|e| broke.is_none_or(|broke| e.at >= broke)) {
            let claims = beat::claims(scene, told[place]);
            let (bold, rest) = beat::beat(scene, &told[..place], told[place]);
            return State { bold, rest, claims };
        }
    }
    match faults {
        Some((claims, _)) => {
            let rest = beside(scene, told, &claims);
            State::of(claims, rest)
        }
        None => quiet(scene, told.is_empty()),
    }
}

/// The place of the beat with which the running leader began to lead; without a leader, of the beat
/// with which a node stands for election.
fn lasting(scene: &Scene<'_>, told: &[EventId]) -> Option<usize> {
    let leader = believers(scene.world).pop();
    told.iter().rposition(|id| match (leader, scene.trace.event(*id).map(|e| e.what)) {
        (Some((term, n)), Some(What::Noted(m, Fact::Led(led)))) => {
            m == n && (led == term || term == crate::protocol::Term::default())
        }
        (None, Some(What::Noted(m, Fact::Stood(term)))) => stands(scene.world, m, term),
        _ => false,
    })
}

/// Whether a node stands for election in that term.
pub fn stands(world: &World, n: NodeId, term: crate::protocol::Term) -> bool {
    let host = world.node(n).filter(|h| h.status() == Status::Up);
    let sign = host.and_then(Host::machine).map(crate::protocol::Machine::sign);
    sign.is_some_and(|s| s.role == Role::Candidate && s.term.is_none_or(|now| now == term))
}

/// All faults, and the beginning of the last of them.
fn faults(scene: &Scene<'_>) -> Option<(Vec<Claim>, Time)> {
    let world = scene.world;
    let mut claims: Vec<Claim> = away(world).into_iter().collect();
    let cuts = cuts(world);
    let away = world.members().iter().filter(|&&n| !super::reach::runs(world, n));
    let down_since = away.map(|&n| past::since(scene, n)).max();
    let cut_since = if cuts.is_empty() { None } else { last_cut(scene) };
    claims.extend(cuts);
    (!claims.is_empty()).then(|| (claims, down_since.max(cut_since).unwrap_or(Time::ZERO)))
}

/// The time of the last cut.
fn last_cut(scene: &Scene<'_>) -> Option<Time> {
    let done = &scene.commands[..scene.world.commands_done().min(scene.commands.len())];
    let cuts = |s: &Statement| {
        matches!(s, Statement::Cut(_) | Statement::Isolate(_) | Statement::Partition(_))
    };
    done.iter().rev().find(|c| cuts(&c.statement)).map(|c| c.at)
}

/// All cuts: the sides of the network, the others that can talk with no node, and further cut
/// links.
fn cuts(world: &World) -> Vec<Claim> {
    if !world.links().any_cut() {
        return Vec::new();
    }
    let (nodes, sides) = (present(world), sides(world));
    let mut claims = Vec::new();
    let alone = alone(world, &nodes);
    if sides.len() > 1 {
        claims.push(Claim::Sides(sides.clone()));
    } else if !alone.is_empty() {
        claims.push(Claim::CutOff(alone.clone()));
    }
    let mut pairs = Vec::new();
    for side in &sides {
        for (i, &a) in side.iter().enumerate() {
            let others = side[i + 1..].iter().map(|&b| Addr::from(b));
            let clients = world.clients().map(|c| Addr::from(c.id()));
            let clients = clients.filter(|c| sides.len() == 1 && !alone.contains(c));
            pairs.extend(others.chain(clients).filter_map(|b| cut(world, a.into(), b)));
        }
    }
    if pairs.len() > MOST_CUTS {
        claims.push(Claim::Cuts(pairs.len()));
    } else {
        claims.extend(pairs);
    }
    claims
}

/// Clients, and the balancer, that can talk with no node.
fn alone(world: &World, nodes: &[NodeId]) -> Vec<Addr> {
    let clients = world.clients().map(|c| Addr::from(c.id()));
    let balancer = world.balancer().map(|_| Addr::Balancer);
    let links = world.links();
    let is_cut = |a: Addr, n: NodeId| links.is_cut(a, n.into()) && links.is_cut(n.into(), a);
    clients.chain(balancer).filter(|&a| nodes.iter().all(|&n| is_cut(a, n))).collect()
}

fn cut(world: &World, a: Addr, b: Addr) -> Option<Claim> {
    let links = world.links();
    match (links.is_cut(a, b), links.is_cut(b, a)) {
        (false, false) => None,
        (true, true) => Some(Claim::Cut(a, b, true)),
        (true, false) => Some(Claim::Cut(a, b, false)),
        (false, true) => Some(Claim::Cut(b, a, false)),
    }
}

/// The second part beside faults: the node whose absence others will notice, or the fate of
/// messages.
fn beside(scene: &Scene<'_>, told: &[EventId], claims: &[Claim]) -> String {
    let Some(Claim::Away { down, paused }) = claims.first() else {
        return "Messages across are lost, and nobody is told.".into();
    };
    let nobody_leads = believers(scene.world).is_empty();
    let former = reason::former(scene, told).filter(|(n, _)| nobody_leads && down.contains(n));
    match (former, &down[..], &paused[..]) {
        (Some((n, _)), ..) if super::event::elects_by_id(scene.world.preset()) => {
            format!("{n} coordinated: the others notice that its [[heartbeats]] stay away.")
        }
        (Some((n, term)), ..) => {
            format!("{n} led [[term]] {term}: the others notice that its [[heartbeats]] stay away.")
        }
        (None, [], [_]) => "Messages to it wait, and time goes on.".into(),
        (None, [], _) => "Messages to them wait, and time goes on.".into(),
        (None, [_], []) => "Messages to it are lost.".into(),
        (None, _, []) => "Messages to them are lost.".into(),
        (None, ..) => "Messages to who is down are lost; to who is paused they wait.".into(),
    }
}

/// No beat has happened yet, or all are over.
fn quiet(scene: &Scene<'_>, is_beginning: bool) -> State {
    let world = scene.world;
    if let Some((term, leader)) = believers(world).pop() {
        let claim = match world.preset() {
            Preset::Election => Claim::Leads(leader, None, "coordinates"),
            Preset::PrimaryBackup => Claim::Leads(leader, None, "is primary"),
            _ => Claim::Leads(leader, Some(term), "leads"),
        };
        return State::of(vec![claim], String::new());
    }
    let up = with_status(world, Status::Up).len();
    let do_what = match (is_beginning, up) {
        (true, 1) => "node has started",
        (true, _) => "nodes have started",
        (false, 1) => "node runs",
        (false, _) => "nodes run",
    };
    let bold = format!("{} {do_what}.", count(up));
    let claims = vec![Claim::Run(up, present(world).len())];
    State { bold, rest: beginnings(world, up).into(), claims }
}

/// The way on, where no node leads.
fn beginnings(world: &World, up: usize) -> &'static str {
    match (world.preset(), up) {
        (_, 0) => "Nobody can answer.",
        (Preset::Raft, 1) => {
            "It does not lead: when its [[election timer]] runs out, it asks for [[votes]]."
        }
        (Preset::Raft, _) => {
            "None of them leads: the first whose [[election timer]] runs out will ask for [[votes]]."
        }
        (Preset::WriteAll, 1) => "Clients write to it and read from it.",
        (Preset::WriteAll, _) => "They do not talk to each other.",
        (Preset::Quorum, 1) => "It is the [[coordinator]] of every request.",
        (Preset::Quorum, _) => "None of them leads: each can be [[coordinator]].",
        (Preset::Election, 1) => "It will be the [[coordinator]].",
        (Preset::Election, _) => "The highest of them that is there will be their [[coordinator]].",
        (Preset::PrimaryBackup, _)
            if world.settings().primary_backup.failover == Failover::Manual =>
        {
            "None is [[primary]] until it is told to be."
        }
        (Preset::PrimaryBackup, 1) => "It will be [[primary]] and serve every client.",
        (Preset::PrimaryBackup, _) => "One of them will be [[primary]] and serve every client.",
        (Preset::Peers, 1) => "It serves whoever asks it.",
        (Preset::Peers, _) => "None of them leads: each serves whoever asks it.",
        (Preset::Chain, 1) => "What it has is committed.",
        (Preset::Chain, _) => "A write goes from the head of the chain to the tail, which answers.",
        (Preset::Ring, 1) => "It owns all the keys.",
        (Preset::Ring, _) => "Each of them owns a part of the keys.",
    }
}

/// Whether two nodes cannot talk with each other.
pub fn is_cut_off(scene: &Scene<'_>, a: NodeId, b: NodeId) -> bool {
    !can_talk(scene.world, a.into(), b.into())
}
