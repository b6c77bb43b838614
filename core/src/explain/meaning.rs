//! What the present state means: the small sentence of the headline, read off the World alone. What
//! people should worry about comes first.

use super::Scene;
use super::words::{be, length, listed};
use crate::ids::{Addr, ClientId, NodeId};
use crate::order;
use crate::protocol::{Machine, Term, raft};
use crate::settings::{Failover, Preset, Replication};
use crate::sorted::SortedMap;
use crate::store::{Quoted, Word};
use crate::time::Span;
use crate::world::{Host, Status, World};

/// What becomes of replicas that differ, where the newest version wins.
const NEWEST: &str = "A read takes the [[newest]] of the answers that it gets.";

pub fn meaning(scene: &Scene<'_>) -> String {
    match scene.world.preset() {
        Preset::Raft => raft(scene.world),
        Preset::WriteAll => write_all(scene.world),
        Preset::Quorum => quorum(scene.world),
        Preset::Election => election(scene.world),
        Preset::PrimaryBackup => primary_backup(scene.world),
        Preset::Peers => peers(scene.world),
        Preset::Ring => ring(scene.world),
        Preset::Chain => super::chain::meaning(scene.world),
    }
}

/// The nodes of a cluster whose vote counts, counted.
struct Census {
    nodes: usize,
    need: usize,
    up: Vec<NodeId>,
    down: Vec<NodeId>,
    paused: Vec<NodeId>,
}

impl Census {
    fn of(world: &World) -> Self {
        let voters = voters(world);
        let with = |status| {
            let counted = |h: &&Host| h.status() == status && voters.contains(&h.id());
            world.nodes().filter(counted).map(Host::id).collect::<Vec<_>>()
        };
        let nodes = voters.len();
        let (up, down, paused) = (with(Status::Up), with(Status::Crashed), with(Status::Paused));
        Self { nodes, need: nodes / 2 + 1, up, down, paused }
    }

    /// `n2 is down`: who does not run, if anybody.
    fn away(&self) -> Option<String> {
        let how = match (&self.down[..], &self.paused[..]) {
            ([], []) => return None,
            ([], _) => "paused",
            (_, []) => "down",
            _ => "down or paused",
        };
        let mut away: Vec<NodeId> = self.down.iter().chain(&self.paused).copied().collect();
        order::sort(&mut away);
        Some(format!("{} {} {how}", listed(&away), be(&away)))
    }
}

/// Whose vote counts: under Raft as the log of the leader says, or of whoever knows most to be
/// committed; in other systems every member's.
fn voters(world: &World) -> Vec<NodeId> {
    let server = |h: &Host| match h.machine()? {
        Machine::Raft(server) => Some((server.leads(), server.term(), server.commit(), h.id())),
        _ => None,
    };
    let best = world.nodes().filter_map(server).max().map(|(.., id)| id);
    match best.and_then(|id| world.node(id)?.machine()) {
        Some(Machine::Raft(server)) => {
            let mut voters: Vec<NodeId> =
                server.members().configuration().voters().iter().collect();
            order::sort(&mut voters);
            voters
        }
        _ => world.members().to_vec(),
    }
}

fn raft(world: &World) -> String {
    let census = Census::of(world);
    let believers = believers(world);
    let Some(leader) = world.leader() else { return nobody_leads(world, &census) };
    if let Some(&(term, stale)) = believers.iter().find(|(_, n)| *n != leader) {
        return stale_leader(world, &census, stale, term);
    }
    let reached = reached(world, &census, leader);
    if reached.len() < census.need {
        return format!(
            "{leader} needs {} of {} for a [[majority]] and reaches {}: nothing that it accepts{} can [[commit]].",
            census.need,
            census.nodes,
            reached.len(),
            from_clients(world, leader)
        );
    }
    waiting_entry(world, &census, leader)
        .or_else(|| missing(&census))
        .or_else(|| cut_off(world, &census, leader, &reached))
        .unwrap_or_else(|| all_is_well(world, leader))
}

/// The nodes that run and believe that they lead, lowest term first.
fn believers(world: &World) -> Vec<(Term, NodeId)> {
    let leads = |h: &Host| {
        let sign = h.machine().filter(|_| h.status() == Status::Up)?.sign();
        sign.role.leads().then_some((sign.term.unwrap_or_default(), h.id()))
    };
    let mut believers: Vec<_> = world.nodes().filter_map(leads).collect();
    order::sort(&mut believers);
    believers
}

/// The same, by id.
fn believing(world: &World) -> Vec<NodeId> {
    let mut believers: Vec<NodeId> = believers(world).into_iter().map(|(_, n)| n).collect();
    order::sort(&mut believers);
    believers
}

/// The running nodes that a node can talk with, itself included.
fn reached(world: &World, census: &Census, from: NodeId) -> Vec<NodeId> {
    let links = world.links();
    let both_ways = |a: NodeId, b: NodeId| {
        a == b || (!links.is_cut(a.into(), b.into()) && !links.is_cut(b.into(), a.into()))
    };
    census.up.iter().copied().filter(|&n| both_ways(from, n)).collect()
}

fn stale_leader(world: &World, census: &Census, n: NodeId, term: Term) -> String {
    let reached = reached(world, census, n).len();
    let belief = format!("{n} still believes that it leads [[term]] {term}.");
    if reached >= census.need {
        return format!("{belief} The next message of a higher [[term]] will tell it otherwise.");
    }
    let from = from_clients(world, n);
    format!(
        "{belief} What it accepts{from} cannot [[commit]]: it needs {} of {}, and reaches {reached}.",
        census.need, census.nodes
    )
}

/// ` from c1 and c2`: whoever waits for that node.
fn from_clients(world: &World, n: NodeId) -> String {
    let waits = |c: &&crate::client::Session| c.asking() == Some(Addr::Node(n));
    let clients: Vec<ClientId> =
        world.clients().filter(waits).map(crate::client::Session::id).collect();
    if clients.is_empty() { String::new() } else { format!(" from {}", listed(&clients)) }
}

fn nobody_leads(world: &World, census: &Census) -> String {
    let (up, nodes, need) = (census.up.len(), census.nodes, census.need);
    let most = census.up.iter().map(|&n| reached(world, census, n).len()).max().unwrap_or(0);
    if up < need {
        return format!(
            "Only {up} of {nodes} nodes run. Without a [[majority]] of {need} nobody can be elected, and clients wait."
        );
    }
    if most < need {
        return format!(
            "No node reaches more than {most} of {nodes}. Without a [[majority]] of {need} nobody can be elected, and clients wait."
        );
    }
    let range = world.settings().raft.election;
    format!(
        "Until one [[leads]], clients wait. Whoever hears of no [[leader]] for {} to {} stands for [[election]].",
        length(range.low),
        length(range.high)
    )
}

/// An entry that a majority does not have yet. While a workload runs there is always one.
fn waiting_entry(world: &World, census: &Census, leader: NodeId) -> Option<String> {
    let server = |n: NodeId| match world.node(n)?.machine()? {
        Machine::Raft(server) => Some(&**server),
        _ => None,
    };
    let leading: &raft::Server = server(leader)?;
    let last = leading.log().last();
    if leading.commit() >= last.index || world.workload().is_some() {
        return None;
    }
    let have =
        census.up.iter().filter(|&&n| server(n).is_some_and(|s| s.log().holds(last))).count();
    let need = census.need;
    Some(if have < need {
        format!(
            "[[Entry]] {} is in {have} of {} [[logs]]. With {need} it is [[committed]].",
            last.index, census.nodes
        )
    } else {
        format!(
            "[[Entry]] {} is in a [[majority]] of the [[logs]]; {leader} is about to learn so.",
            last.index
        )
    })
}

fn missing(census: &Census) -> Option<String> {
    let away = census.away()?;
    let Census { nodes, need, up, .. } = census;
    let more = match up.len().saturating_sub(*need) {
        0 => "No other may fail.".into(),
        1 => "One more may fail.".into(),
        more => format!("{more} more may fail."),
    };
    Some(format!(
        "{away}. {} of {nodes} are left, and {need} make a [[majority]]. {more}",
        up.len()
    ))
}

/// Who does not hear the leader; else whose answers it does not hear.
fn cut_off(world: &World, census: &Census, leader: NodeId, reached: &[NodeId]) -> Option<String> {
    let away = census.up.iter().copied().filter(|n| !reached.contains(n));
    let (deaf, dumb): (Vec<NodeId>, Vec<NodeId>) =
        away.partition(|&n| world.links().is_cut(leader.into(), n.into()));
    if !deaf.is_empty() {
        let (hear, them) =
            if deaf.len() == 1 { ("hears", "It learns") } else { ("hear", "They learn") };
        return Some(format!(
            "{} {hear} nothing from {leader}. {them} of nothing that the others [[commit]].",
            listed(&deaf)
        ));
    }
    (!dumb.is_empty()).then(|| {
        let (hear, them) = if dumb.len() == 1 { ("hears", "its") } else { ("hear", "their") };
        format!(
            "{} {hear} {leader}, but {them} answers are lost: {leader} cannot count on them.",
            listed(&dumb)
        )
    })
}

fn all_is_well(world: &World, leader: NodeId) -> String {
    let settings = world.settings();
    let range = settings.raft.election;
    format!(
        "Every {} {leader} sends a [[heartbeat]]. Whoever hears none for {} to {} stands for [[election]].",
        length(settings.heartbeat),
        length(range.low),
        length(range.high)
    )
}

fn write_all(world: &World) -> String {
    let census = Census::of(world);
    if let Some(difference) = difference(world, true) {
        return format!("{difference} {NEWEST}");
    }
    let set = &world.settings().write_all;
    if let Some(away) = census.away() {
        if set.strict && usize::from(set.w) > census.up.len() {
            return format!(
                "{away}. A write needs {} answers to be told done, and {} can give one.",
                set.w,
                census.up.len()
            );
        }
        return format!("{away}. Writes go on without, and nobody will bring up what is missed.");
    }
    format!(
        "Each client is its own [[coordinator]]: it writes to all {} [[replicas]], and a read takes the [[newest]] answer.",
        census.nodes
    )
}

fn quorum(world: &World) -> String {
    let census = Census::of(world);
    let set = &world.settings().quorum;
    if let Some(difference) = difference(world, false) {
        return format!("{difference} {NEWEST}");
    }
    if let Some(away) = census.away() {
        return format!(
            "{away}. A write needs {} and a read {} of the {} [[replicas]] of its key.",
            set.w, set.r, set.n
        );
    }
    let (sum, n) = (set.r + set.w, set.n);
    if sum <= n {
        return format!(
            "R + W = {sum} is not more than N = {n}, so the [[quorums]] need not [[overlap]]: a read can miss the last write."
        );
    }
    if set.sloppy {
        return format!(
            "R + W = {sum} is more than N = {n}, but the [[quorum]] is [[sloppy]]: others may stand in, and a read can miss a write."
        );
    }
    format!(
        "R + W = {sum} is more than N = {n}, so the [[quorums overlap]]: every read meets the last write that was [[acknowledged]]."
    )
}

fn primary_backup(world: &World) -> String {
    let census = Census::of(world);
    let settings = &world.settings().primary_backup;
    let believers = believing(world);
    if believers.len() > 1 {
        return format!(
            "[[Split brain]]: {} each act as [[primary]]. What the older one accepts is lost when it learns of the other.",
            listed(&believers)
        );
    }
    if believers.is_empty() {
        return match settings.failover {
            Failover::Bully => format!(
                "Nobody is [[primary]], so clients wait. Whoever hears nothing for {} starts a [[bully election]].",
                length(settings.timeout)
            ),
            Failover::Manual => {
                "Nobody is [[primary]], so clients wait until a node is told to take over.".into()
            }
        };
    }
    if let Some(difference) = difference(world, true) {
        return format!("{difference} Clients are answered by the [[primary]], {}.", believers[0]);
    }
    if let Some(away) = census.away() {
        return format!("{away}. Once the [[primary]] believes so, it goes on without.");
    }
    let reached = reached(world, &census, believers[0]);
    let apart: Vec<NodeId> = census.up.iter().copied().filter(|n| !reached.contains(n)).collect();
    if !apart.is_empty() {
        return format!(
            "{} cannot talk with {}, the [[primary]]: each will take the other for dead.",
            listed(&apart),
            believers[0]
        );
    }
    match settings.replication {
        Replication::Sync => {
            "The [[primary]] answers a client when its [[backups]] have what it tells: [[synchronous replication]].".into()
        }
        Replication::Async => {
            "The [[primary]] answers at once ([[asynchronous replication]]): what its [[backups]] lack is lost if it dies now.".into()
        }
    }
}

fn ring(world: &World) -> String {
    let settings = &world.settings().ring;
    if let Some(difference) = difference(world, false) {
        return format!(
            "{difference} The [[owner]] of a key tells its [[replicas]] after it has answered."
        );
    }
    let census = Census::of(world);
    if let Some(away) = census.away() {
        let they =
            if census.down.len() + census.paused.len() == 1 { "it owns" } else { "they own" };
        let reads = if settings.balancer {
            "the balancer reads from other [[replicas]]"
        } else {
            "what nobody else holds cannot be read"
        };
        return format!("{away}. What {they} cannot be written meanwhile; {reads}.");
    }
    format!(
        "Each key lives on {} nodes, its [[preference list]]: its [[owner]] answers first, and tells the others afterwards.",
        settings.replicas
    )
}

fn peers(world: &World) -> String {
    if let Some(difference) = difference(world, true) {
        return format!("{difference} Each answers by what it holds itself.");
    }
    if let Some(away) = Census::of(world).away() {
        return format!(
            "{away}. What the others accept meanwhile they keep in memory, to be replayed."
        );
    }
    "Any of them accepts everything: it answers first, and tells the others afterwards.".into()
}

fn election(world: &World) -> String {
    let settings = world.settings();
    let (heartbeat, patience) = (length(settings.heartbeat), length(settings.election.timeout));
    let believers = believing(world);
    match believers[..] {
        [] => format!(
            "Nobody coordinates. Whoever hears no [[heartbeat]] for {patience} starts a [[bully election]]."
        ),
        [only] => format!(
            "Every {heartbeat} {only} sends a [[heartbeat]]. Whoever hears none for {patience} starts a [[bully election]]."
        ),
        _ => {
            let all = if believers.len() == 2 { "both" } else { "all" };
            format!(
                "{} {all} coordinate: a [[bully election]] asks no [[majority]], so each side of a [[partition]] can have one.",
                listed(&believers)
            )
        }
    }
}

/// A key for which running replicas hold different values, or, where all should hold it, some hold
/// none.
fn difference(world: &World, all_hold: bool) -> Option<String> {
    let mut held: SortedMap<Word, Vec<(NodeId, Word)>> = SortedMap::new();
    let mut up: Vec<NodeId> = Vec::new();
    for host in world.nodes().filter(|h| h.status() == Status::Up) {
        up.push(host.id());
        let Some(machine) = host.machine() else { continue };
        for (key, value) in machine.view(0).data {
            held.or_default(key).push((host.id(), value));
        }
    }
    let differs = |holders: &[(NodeId, Word)]| {
        (all_hold && holders.len() < up.len())
            || holders.windows(2).any(|pair| pair[0].1 != pair[1].1)
    };
    let is_news = |key: &Word| world.workload().is_some() && is_being_written(world, key);
    let (key, holders) = held.iter().find(|(key, holders)| differs(holders) && !is_news(key))?;
    let mut sides: Vec<(&Word, Vec<NodeId>)> = Vec::new();
    for (node, value) in holders {
        match sides.iter_mut().find(|(v, _)| *v == value) {
            Some((_, nodes)) => nodes.push(*node),
            None => sides.push((value, vec![*node])),
        }
    }
    let side = |(value, nodes): &(&Word, Vec<NodeId>)| {
        let verb = if nodes.len() == 1 { "holds" } else { "hold" };
        format!("{} {verb} {} = {}", listed(nodes), Quoted(key), Quoted(value))
    };
    let told = sides.iter().map(side).collect::<Vec<_>>().join(", ");
    let without: Vec<NodeId> =
        up.into_iter().filter(|n| !holders.iter().any(|(m, _)| m == n)).collect();
    let others = if all_hold && !without.is_empty() {
        format!(", {} none", listed(&without))
    } else {
        String::new()
    };
    Some(format!("{told}{others}."))
}

/// For so long after it was asked for, a write is on its way to all who are to hold it.
const SPREADS: Span = Span::from_ms(200);

/// Whether somebody asked to write a key just now. While a workload runs copies differ all the time,
/// for moments that nobody can read of.
fn is_being_written(world: &World, key: &Word) -> bool {
    let (all, since) = (world.operations(), world.now() - SPREADS);
    let back = (0..all.len()).rev().filter_map(|place| all.get(place));
    let mut recent = back.take_while(|op| op.invoked >= since);
    recent.any(|op| op.request.key == *key && op.request.op.writes())
}
