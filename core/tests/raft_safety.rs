//! Raft keeps its safety properties whatever happens to it, as long as its disks keep theirs.

mod common;
mod seeds;

use common::{Chaos, random_run, replay};
use quorumscope_core::check::raft_safety::{RaftSafety, SafetyProperty, SafetyViolation};
use quorumscope_core::client::Operation;
use quorumscope_core::protocol::raft::Server;
use quorumscope_core::protocol::{Machine, Outcome};
use quorumscope_core::quorum::Vote;
use quorumscope_core::run::Run;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Host, World, watch};
use seeds::seeds;

const UNTIL: Time = Time::from_ms(12_000);

/// Plays a run under the eyes of the judge.
fn judged(run: &Run) -> (World, Option<SafetyViolation>) {
    let mut judge = RaftSafety::new();
    let world = watch(run, UNTIL, |world| !judge.observe(world));
    (world, judge.violation().cloned())
}

#[test]
fn safety_holds_over_random_faults() {
    let mut committed = 0;
    for seed in seeds() {
        let run = random_run(seed, Chaos::default());
        let (world, violation) = judged(&run);
        if let Some(v) = violation {
            panic!("seed {seed}, at {}: {}: {}\n{}", v.at, v.property, v.text, replay(&run));
        }
        committed += alike(seed, &run, &world);
    }
    assert!(committed > 0, "something was done");
}

/// Left alone, the cluster elects a leader, every member applies the same, and who shall leave has
/// left. Returns how many operations were answered.
fn alike(seed: u64, run: &Run, world: &World) -> usize {
    let servers: Vec<&Server> = world.nodes().filter_map(server).collect();
    if !servers.iter().any(|s| has_quorum(s, world)) {
        return 0; // Too many were removed while they were down: nothing will ever happen again.
    }
    assert!(world.leader().is_some(), "seed {seed}: nobody leads\n{}", replay(run));
    let of = |s: &Server| (s.commit(), s.log().prefix_digest(s.commit()), s.state().clone());
    for other in &servers[1..] {
        let alike = of(other) == of(servers[0]);
        assert!(alike, "seed {seed}: servers differ\n{}", replay(run));
    }
    let answered =
        |o: &&Operation| matches!(o.end.as_ref().map(|end| &end.outcome), Some(Outcome::Ok(_)));
    world.operations().iter().filter(answered).count()
}

fn server(host: &Host) -> Option<&Server> {
    match host.machine()? {
        Machine::Raft(server) => Some(server),
        _ => unreachable!("it is a cluster of Raft"),
    }
}

/// Whether enough of those run whom this server takes to be voters.
fn has_quorum(server: &Server, world: &World) -> bool {
    let runs = |n| world.node(n).is_some_and(|host| host.machine().is_some());
    server.members().configuration().vote(|n| Some(runs(n))) == Vote::Won
}

/// The judge is not blind: with disks that forget, the same faults do break Raft.
#[test]
fn without_fsync_safety_breaks_somewhere() {
    let chaos = Chaos { fsync: false, rate: 12, ..Chaos::default() };
    let violation = (1..400).find_map(|seed| judged(&random_run(seed, chaos)).1);
    let violation = violation.expect("votes and entries that are forgotten break something");
    assert_ne!(violation.property, SafetyProperty::LeaderAppendOnly, "{}", violation.text);
}
