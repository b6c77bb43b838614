//! Random runs with every kind of fault.

use super::{clients, nodes};
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::rng::{Concern, Ppm, Rng};
use quorumscope_core::run::{Command, Heal, Link, NodeFault, Run, Statement, Workload};
use quorumscope_core::settings::Preset;
use quorumscope_core::time::{Span, Time};
use std::sync::Arc;

/// End of the faults: from here on everything is up and healed.
pub const FAULTS_MS: u64 = 4_000;
/// End of the run, when nothing more is pending.
pub const END_MS: u64 = 12_000;

/// A cluster under a workload, with crashes, pauses, cuts, partitions and jumping clocks. Clients
/// ask once: to this store a retry is another request.
pub fn random_run(seed: u64, membership: bool) -> Run {
    let mut rng = Rng::new(seed, Concern::Script);
    let mut run = Run::of(Preset::Ring);
    let settings = Arc::make_mut(&mut run.clusters[0].settings);
    settings.nodes = 2 + rng.below(4) as u16;
    settings.clients = 3;
    settings.seed = seed;
    settings.retries = 0;
    settings.disk = Span::from_ms(rng.between(0, 20));
    settings.loss = Ppm(rng.below(80_000));
    settings.reorder = Ppm(rng.below(100_000));
    settings.ring.replicas = 1 + rng.below(settings.nodes.min(3).into()) as u16;
    settings.ring.vnodes = 1 + rng.below(8) as u16;
    settings.ring.balancer = rng.chance(Ppm(500_000));
    settings.ring.checkpoint = Span::from_ms(rng.between(50, 1_000));
    let workload = Workload { rate_mhz: 120_000, reads: Ppm(300_000), keys: 12 };
    put(&mut run, 10, Statement::Workload(Some(workload)));
    let born = if membership { changes(&mut run, &mut rng) } else { Vec::new() };
    faults(&mut run, &mut rng, &born);
    // No lost value is written again.
    put(&mut run, FAULTS_MS - 50, Statement::Workload(None));
    run
}

fn put(run: &mut Run, at_ms: u64, statement: Statement) {
    run.insert(Command { at: Time::from_ms(at_ms), statement });
}

/// Also at joining nodes, once they exist. Then clocks do not jump: when owners change, their
/// clocks decide which version is later.
fn faults(run: &mut Run, rng: &mut Rng, born: &[(u64, NodeId)]) {
    let mut all: Vec<NodeId> = nodes(run).into_iter().collect();
    let first = all.clone();
    all.extend(born.iter().map(|(_, node)| node));
    let membership = !born.is_empty();
    for _ in 0..16 {
        let at = rng.between(50, FAULTS_MS - 1);
        let there = born.iter().filter(|(since, _)| *since < at).map(|(_, node)| *node);
        let there: Vec<NodeId> = first.iter().copied().chain(there).collect();
        let faults = fault(rng, &there);
        let jumps = matches!(faults[..], [(_, Statement::ClockJump(..))]);
        for (later, statement) in faults.into_iter().filter(|_| !(membership && jumps)) {
            put(run, (at + later).min(FAULTS_MS - 1), statement);
        }
    }
    put(run, FAULTS_MS, Statement::Heal(Heal::Everything));
    for node in all {
        put(run, FAULTS_MS, Statement::Node(node, NodeFault::Restart));
    }
}

/// A fault, and the statement that ends it some time later.
fn fault(rng: &mut Rng, nodes: &[NodeId]) -> Vec<(u64, Statement)> {
    let mut one = || nodes[rng.below(nodes.len() as u32) as usize];
    let (n, m) = (one(), one());
    let lasts = rng.between(20, 1_500);
    let node = |fault| Statement::Node(n, fault);
    match rng.below(6) {
        0 | 1 => vec![(0, node(NodeFault::Crash)), (lasts, node(NodeFault::Restart))],
        2 => vec![(0, node(NodeFault::Pause)), (lasts, node(NodeFault::Resume))],
        3 if n != m => {
            let link = Link { from: n.into(), to: m.into(), one_way: rng.chance(Ppm(500_000)) };
            vec![(0, Statement::Cut(link)), (lasts, Statement::Heal(Heal::Link(link)))]
        }
        4 => vec![(0, partition(rng, nodes)), (lasts, Statement::Heal(Heal::Everything))],
        _ => {
            let by_us = rng.between(0, 1_000_000) as i64 - 500_000;
            vec![(0, Statement::ClockJump(n.into(), by_us))]
        }
    }
}

fn partition(rng: &mut Rng, nodes: &[NodeId]) -> Statement {
    let mut groups: Vec<Vec<Addr>> = vec![vec![nodes[0].into()], vec![nodes[1].into()]];
    let others = nodes[2..].iter().map(|&n| n.into()).chain(clients().map(Addr::from));
    for addr in others {
        groups[rng.below(2) as usize].push(addr);
    }
    Statement::Partition(groups)
}

/// Nodes join, and leave again: only those that joined, and only when all is well, since a node
/// that leaves while it is down takes its unique data along. Returns the joining nodes with their
/// times.
fn changes(run: &mut Run, rng: &mut Rng) -> Vec<(u64, NodeId)> {
    let mut born = Vec::new();
    let first = run.clusters[0].settings.nodes + 1;
    let mut at = 0;
    for node in (first..first + 3).map(NodeId) {
        at += rng.between(100, 1_200);
        put(run, at, Statement::Add(node));
        born.push((at, node));
    }
    for node in (first - 2..first + 2).map(NodeId) {
        if rng.chance(Ppm(500_000)) {
            put(run, FAULTS_MS + rng.between(1, 2_000), Statement::Remove(node));
        }
    }
    born
}
