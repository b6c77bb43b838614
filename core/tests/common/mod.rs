//! Random runs of Raft with every kind of fault, and their replay.

#![allow(dead_code, reason = "no test file uses all of it")]

use quorumscope_core::ids::{Addr, ClientId, NodeId};
use quorumscope_core::rng::{Concern, Ppm, Rng};
use quorumscope_core::run::{Behaviour, Command, Heal, Link, NodeFault, Run, Statement, Workload};
use quorumscope_core::script;
use quorumscope_core::settings::{Preset, Reads};
use quorumscope_core::store::{Op, Request};
use quorumscope_core::time::{Span, Time};
use std::sync::Arc;

/// The parameters of a random run.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    /// Whether writes survive a crash.
    pub fsync: bool,
    /// Duration of the faults, in virtual milliseconds.
    pub faults_ms: u64,
    /// Duration of the rest after that, with every node up and all healed.
    pub calm_ms: u64,
    /// Faults per second.
    pub rate: u64,
    /// The way in which reads are answered.
    pub reads: Reads,
    /// Whether clocks jump.
    pub clocks: bool,
    /// Whether nodes join and leave: in some runs, in all, or in none.
    pub members: Members,
}

/// The runs in which nodes join and leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    /// In some.
    Some,
    /// In all, from small clusters on and often.
    Often,
}

impl Default for Chaos {
    fn default() -> Self {
        Self {
            fsync: true,
            faults_ms: 8_000,
            calm_ms: 4_000,
            rate: 6,
            reads: Reads::Index,
            clocks: true,
            members: Members::Some,
        }
    }
}

/// Number of keys of the workload; appends use other keys.
const KEYS: u16 = 6;
const LISTS: [&str; 2] = ["a", "b"];

/// A run of Raft: a few nodes under a workload on a bad network, with slow or fast disks, crashes,
/// pauses, partitions, jumping clocks, forced elections, handed-over leadership, and changing
/// members. The workload ends before everything heals, so that no lost value is written again; at
/// the end every key is read.
pub fn random_run(seed: u64, chaos: Chaos) -> Run {
    let mut rng = Rng::new(seed, Concern::Script);
    let mut run = Run::of(Preset::Raft);
    let settings = Arc::make_mut(&mut run.clusters[0].settings);
    settings.nodes = match chaos.members {
        Members::Some => 3 + rng.below(3) as u16,
        Members::Often => 1 + rng.below(4) as u16,
    };
    settings.clients = 3;
    settings.seed = seed;
    settings.fsync = chaos.fsync;
    settings.disk = Span::from_us([300, 1_000, 20_000, 70_000][rng.below(4) as usize]);
    settings.loss = Ppm(rng.below(60_000));
    settings.duplicate = Ppm(rng.below(60_000));
    settings.reorder = Ppm(rng.below(100_000));
    settings.raft.prevote = rng.chance(Ppm(700_000));
    settings.raft.reads = chaos.reads;
    settings.raft.snapshot = [0, 7, 40][rng.below(3) as usize];
    settings.raft.check_quorum = rng.chance(Ppm(300_000));
    settings.timeout = Span::from_ms(200);
    // Each with the time from which the node exists.
    let mut born: Vec<(u64, NodeId)> = (1..=settings.nodes).map(|n| (0, NodeId(n))).collect();
    // Where there are few faults, each has the time to take its effect.
    let is_rough = rng.chance(Ppm(500_000));
    ask(&mut run, &mut rng, chaos.faults_ms, is_rough);
    if chaos.members == Members::Often || rng.chance(Ppm(600_000)) {
        change_members(&mut run, &mut rng, &mut born, chaos);
    }
    let rate = if is_rough { chaos.rate } else { chaos.rate.div_ceil(4) };
    for _ in 0..chaos.faults_ms * rate / 1_000 {
        let at = rng.between(400, chaos.faults_ms);
        let what = fault(&mut rng, &there(&born, at));
        for (later, statement) in what {
            if matches!(statement, Statement::ClockJump(..)) && !chaos.clocks {
                continue;
            }
            put(&mut run, (at + later).min(chaos.faults_ms), statement);
        }
    }
    put(&mut run, chaos.faults_ms, Statement::Heal(Heal::Everything));
    let none = Some(Ppm(0));
    let calm = Behaviour { loss: none, duplicate: none, reorder: none, ..Behaviour::default() };
    put(&mut run, chaos.faults_ms, Statement::Network(calm));
    for (_, n) in born {
        put(&mut run, chaos.faults_ms, Statement::Disk(n, Some(Span::from_ms(1))));
        put(&mut run, chaos.faults_ms, Statement::Node(n, NodeFault::Restart));
    }
    read_all(&mut run, chaos.faults_ms + chaos.calm_ms / 2);
    run
}

/// The requests of clients during the faults: many; or few and mostly reads, so that a client
/// beside a deposed leader does not wait for a write when it could read.
fn ask(run: &mut Run, rng: &mut Rng, until_ms: u64, much: bool) {
    let (rate_mhz, reads) = if much { (50_000, Ppm(400_000)) } else { (25_000, Ppm(900_000)) };
    let workload = Workload { rate_mhz, reads, keys: KEYS };
    put(run, 300, Statement::Workload(Some(workload)));
    put(run, until_ms - 100, Statement::Workload(None));
    for i in 0..30 {
        let op = match rng.below(4) {
            0 => Op::Get,
            _ => Op::Append(format!("{i}.").into()),
        };
        let key = LISTS[rng.below(2) as usize];
        request(run, rng.between(300, until_ms - 200), rng.below(3) as u16, key, op);
    }
}

/// Reads every key, so that lost writes are seen.
fn read_all(run: &mut Run, at_ms: u64) {
    let numbered = ["x", "y", "z", "k4", "k5", "k6"];
    for (i, key) in numbered.into_iter().chain(LISTS).enumerate() {
        request(run, at_ms + 100 * i as u64, i as u16 % 3, key, Op::Get);
    }
}

fn request(run: &mut Run, at_ms: u64, client: u16, key: &str, op: Op) {
    let (client, request) = (ClientId(client + 1), Request { key: key.into(), op });
    put(run, at_ms, Statement::Ask { client, request, via: None });
}

/// Up to three nodes join, and some leave; sometimes the joining node, or another, crashes
/// meanwhile or is cut off. Joining nodes are added to `born`.
fn change_members(run: &mut Run, rng: &mut Rng, born: &mut Vec<(u64, NodeId)>, chaos: Chaos) {
    let often = chaos.members == Members::Often;
    let first = born.len() as u16;
    let mut at = 500;
    for n in 1..=rng.below(4) as u16 {
        // Several changes at once need a joint configuration.
        if !often || rng.chance(Ppm(500_000)) {
            at = rng.between(at, chaos.faults_ms / 2);
        }
        let joins = NodeId(first + n);
        put(run, at, Statement::Add(joins));
        born.push((at, joins));
        disturb(run, rng, at, &there(born, at + 1), chaos.faults_ms);
    }
    let all: Vec<NodeId> = born.iter().map(|(_, n)| *n).collect();
    let leave = rng.below(if often { all.len() as u32 } else { 3 }) as usize;
    for n in 0..leave.min(all.len() - 1) {
        let at_once = often && rng.chance(Ppm(500_000));
        let leaves = if at_once { at } else { rng.between(at, chaos.faults_ms) };
        put(run, leaves, Statement::Remove(if often { all[n] } else { NodeId(first - n as u16) }));
        disturb(run, rng, leaves, &all, chaos.faults_ms);
    }
}

/// The nodes that exist at that time.
fn there(born: &[(u64, NodeId)], at: u64) -> Vec<NodeId> {
    born.iter().filter(|(since, _)| *since < at).map(|(_, n)| *n).collect()
}

/// A fault in the middle of a change of members.
fn disturb(run: &mut Run, rng: &mut Rng, at: u64, all: &[NodeId], until_ms: u64) {
    let n = all[rng.below(all.len() as u32) as usize];
    let soon = (at + rng.between(0, 120)).min(until_ms);
    let later = (soon + rng.between(20, 1_500)).min(until_ms);
    match rng.below(3) {
        0 => {
            put(run, soon, Statement::Node(n, NodeFault::Crash));
            put(run, later, Statement::Node(n, NodeFault::Restart));
        }
        1 => {
            put(run, soon, Statement::Isolate(n));
            put(run, later, Statement::Heal(Heal::Of(n.into())));
        }
        _ => {}
    }
}

fn put(run: &mut Run, at_ms: u64, statement: Statement) {
    run.insert(Command { at: Time::from_ms(at_ms), statement });
}

/// A fault, and the statement that ends it some time later.
fn fault(rng: &mut Rng, nodes: &[NodeId]) -> Vec<(u64, Statement)> {
    let one = |rng: &mut Rng| nodes[rng.below(nodes.len() as u32) as usize];
    let (n, m) = (one(rng), one(rng));
    let lasts = rng.between(20, 1_500);
    let node = |fault| Statement::Node(n, fault);
    let link = Link { from: n.into(), to: m.into(), one_way: rng.chance(Ppm(500_000)) };
    match rng.below(13) {
        0 | 1 => vec![(0, node(NodeFault::Crash)), (lasts, node(NodeFault::Restart))],
        2 => vec![(0, node(NodeFault::Restart))],
        3 => vec![(0, node(NodeFault::Pause)), (lasts, node(NodeFault::Resume))],
        4 if n != m => vec![(0, Statement::Cut(link)), (lasts, Statement::Heal(Heal::Link(link)))],
        5 => vec![(0, Statement::Isolate(n)), (lasts, Statement::Heal(Heal::Of(n.into())))],
        // A leader, perhaps, alone with a client that reads when others may have elected another.
        10 | 6 if nodes.len() > 1 && rng.chance(Ppm(600_000)) => {
            let client = ClientId(1 + rng.below(3) as u16);
            let read = Request { key: "x".into(), op: Op::Get };
            let ask = Statement::Ask { client, request: read, via: Some(n.into()) };
            let apart = |a: Addr| a == n.into() || a == client.into();
            let everybody =
                nodes.iter().map(|&n| n.into()).chain((1..=3).map(|c| ClientId(c).into()));
            let (alone, rest) = everybody.partition(|a| apart(*a));
            let lasts = rng.between(700, 1_500);
            vec![
                (0, Statement::Partition(vec![alone, rest])),
                (rng.between(500, lasts), ask),
                (lasts, Statement::Heal(Heal::Everything)),
            ]
        }
        6 if nodes.len() > 1 => {
            vec![(0, partition(rng, nodes)), (lasts, Statement::Heal(Heal::Everything))]
        }
        7 => vec![(0, node(NodeFault::Timeout))],
        9 => {
            let slow = Span::from_ms(rng.between(5, 150));
            vec![(0, Statement::Disk(n, Some(slow)))]
        }
        8 => {
            let others = nodes.iter().filter(|&&leader| leader != n);
            others.map(|&leader| (0, Statement::Transfer(leader, n))).collect()
        }
        _ if n != m => {
            let slow = Behaviour {
                loss: Some(Ppm(rng.below(500_000))),
                reorder: Some(Ppm(rng.below(500_000))),
                ..Behaviour::default()
            };
            vec![(0, Statement::Link(link, slow))]
        }
        _ => {
            vec![(0, Statement::ClockJump(n.into(), rng.between(0, 2_000_000) as i64 - 1_000_000))]
        }
    }
}

fn partition(rng: &mut Rng, nodes: &[NodeId]) -> Statement {
    let mut groups: Vec<Vec<Addr>> = vec![Vec::new(), Vec::new()];
    for n in nodes {
        groups[rng.below(2) as usize].push((*n).into());
    }
    for c in 1..=3 {
        groups[rng.below(2) as usize].push(ClientId(c).into());
    }
    groups.retain(|g| !g.is_empty());
    if groups.len() == 1 {
        return Statement::Isolate(nodes[0]);
    }
    Statement::Partition(groups)
}

/// A text to paste for a replay.
pub fn replay(run: &Run) -> String {
    format!("this script replays it:\n{}", script::print(run))
}
