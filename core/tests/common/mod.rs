//! Random runs of Raft with everything that can go wrong, and what to do with them.

use quorumscope_core::ids::{Addr, ClientId, NodeId};
use quorumscope_core::rng::{Concern, Ppm, Rng};
use quorumscope_core::run::{Behaviour, Command, Heal, Link, NodeFault, Run, Statement, Workload};
use quorumscope_core::script;
use quorumscope_core::settings::{Preset, Reads};
use quorumscope_core::time::{Span, Time};
use std::sync::Arc;

/// How a random run is made.
#[derive(Clone, Copy, Debug)]
pub struct Chaos {
    /// Whether what is written survives a crash.
    pub fsync: bool,
    /// How long faults go on, in virtual milliseconds.
    pub faults_ms: u64,
    /// How long the cluster is then left alone, everything up and healed.
    pub calm_ms: u64,
    /// Faults a second.
    pub rate: u64,
    /// How reads are answered.
    pub reads: Reads,
    /// Whether clocks jump.
    pub clocks: bool,
    /// Whether nodes join and leave.
    pub members: bool,
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
            members: true,
        }
    }
}

/// A run of Raft: 3, 4 or 5 nodes under a workload on a bad network, with crashes, pauses,
/// partitions, clocks that jump and elections that are forced.
pub fn random_run(seed: u64, chaos: Chaos) -> Run {
    let mut rng = Rng::new(seed, Concern::Script);
    let mut run = Run::of(Preset::Raft);
    let settings = Arc::make_mut(&mut run.clusters[0].settings);
    settings.nodes = 3 + rng.below(3) as u16;
    settings.clients = 3;
    settings.seed = seed;
    settings.fsync = chaos.fsync;
    settings.loss = Ppm(rng.below(60_000));
    settings.duplicate = Ppm(rng.below(60_000));
    settings.reorder = Ppm(rng.below(100_000));
    settings.raft.prevote = rng.chance(Ppm(700_000));
    settings.raft.reads = chaos.reads;
    settings.raft.snapshot = [0, 7, 40][rng.below(3) as usize];
    settings.raft.check_quorum = rng.chance(Ppm(300_000));
    settings.timeout = Span::from_ms(200);
    let nodes = settings.nodes;
    let workload = Workload { rate_mhz: 60_000, reads: Ppm(400_000), keys: 2 };
    put(&mut run, 300, Statement::Workload(Some(workload)));
    for _ in 0..chaos.faults_ms * chaos.rate / 1_000 {
        let at = rng.between(400, chaos.faults_ms);
        let what = fault(&mut rng, nodes);
        for (later, statement) in what {
            if matches!(statement, Statement::ClockJump(..)) && !chaos.clocks {
                continue;
            }
            put(&mut run, (at + later).min(chaos.faults_ms), statement);
        }
    }
    if chaos.members && rng.chance(Ppm(600_000)) {
        change_members(&mut run, &mut rng, nodes, chaos.faults_ms);
    }
    put(&mut run, chaos.faults_ms, Statement::Heal(Heal::Everything));
    for n in 1..=nodes {
        put(&mut run, chaos.faults_ms, Statement::Node(NodeId(n), NodeFault::Restart));
    }
    put(&mut run, chaos.faults_ms + chaos.calm_ms / 2, Statement::Workload(None));
    run
}

/// Up to three join, and up to two of the first leave.
fn change_members(run: &mut Run, rng: &mut Rng, nodes: u16, until_ms: u64) {
    let mut at = 500;
    for n in 1..=rng.below(4) as u16 {
        at = rng.between(at, until_ms / 2);
        put(run, at, Statement::Add(NodeId(nodes + n)));
    }
    for n in 0..rng.below(3) as u16 {
        put(run, rng.between(at, until_ms), Statement::Remove(NodeId(nodes - n)));
    }
}

fn put(run: &mut Run, at_ms: u64, statement: Statement) {
    run.insert(Command { at: Time::from_ms(at_ms), statement });
}

/// Something that goes wrong, and what ends it some time later.
fn fault(rng: &mut Rng, nodes: u16) -> Vec<(u64, Statement)> {
    let n = NodeId(1 + rng.below(u32::from(nodes)) as u16);
    let m = NodeId(1 + rng.below(u32::from(nodes)) as u16);
    let lasts = rng.between(20, 1_500);
    let node = |fault| Statement::Node(n, fault);
    let link = Link { from: n.into(), to: m.into(), one_way: rng.chance(Ppm(500_000)) };
    match rng.below(9) {
        0 | 1 => vec![(0, node(NodeFault::Crash)), (lasts, node(NodeFault::Restart))],
        2 => vec![(0, node(NodeFault::Restart))],
        3 => vec![(0, node(NodeFault::Pause)), (lasts, node(NodeFault::Resume))],
        4 if n != m => vec![(0, Statement::Cut(link)), (lasts, Statement::Heal(Heal::Link(link)))],
        5 => vec![(0, Statement::Isolate(n)), (lasts, Statement::Heal(Heal::Of(n.into())))],
        6 => vec![(0, partition(rng, nodes)), (lasts, Statement::Heal(Heal::Everything))],
        7 => vec![(0, node(NodeFault::Timeout))],
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

fn partition(rng: &mut Rng, nodes: u16) -> Statement {
    let mut groups: Vec<Vec<Addr>> = vec![Vec::new(), Vec::new()];
    for n in 1..=nodes {
        groups[rng.below(2) as usize].push(NodeId(n).into());
    }
    for c in 1..=3 {
        groups[rng.below(2) as usize].push(ClientId(c).into());
    }
    groups.retain(|g| !g.is_empty());
    if groups.len() == 1 {
        return Statement::Isolate(NodeId(1));
    }
    Statement::Partition(groups)
}

/// What to paste to see it again.
pub fn replay(run: &Run) -> String {
    format!("this script replays it:\n{}", script::print(run))
}
