//! Raft keeps its safety properties under all faults, as long as its disks keep their data.

mod audit;
mod common;
mod seeds;

use audit::disks::Disks;
use audit::raft::Auditor;
use audit::{Replay, failure, printed};
use common::{Chaos, Members, random_run};
use quorumscope_core::check::raft_safety::{RaftSafety, SafetyProperty, SafetyViolation};
use quorumscope_core::client::Operation;
use quorumscope_core::protocol::raft::Server;
use quorumscope_core::protocol::{Machine, Outcome};
use quorumscope_core::run::Run;
use quorumscope_core::script;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Host, Status, World, watch};
use seeds::seeds;

const UNTIL: Time = Time::from_ms(12_000);

/// Plays a run under the judge.
fn judged(run: &Run) -> (World, Option<SafetyViolation>) {
    let mut judge = RaftSafety::new();
    let world = watch(run, UNTIL, |world| !judge.observe(world));
    (world, judge.violation().cloned())
}

/// Plays a run under the judge and the auditors, to its end, where every node is up and well.
/// Returns the number of answered operations.
fn holds(seed: u64, run: &Run) -> usize {
    let print = || printed(run);
    let _replay = Replay::of(seed, &print);
    let again = script::parse(&print()).expect("what is printed can be pasted");
    assert_eq!(again.commands, run.commands, "what is printed is the same run");
    let (mut judge, mut auditor, mut disks) =
        (RaftSafety::new(), Auditor::default(), Disks::default());
    let world = watch(run, UNTIL, |world| {
        if judge.observe(world) {
            let v = judge.violation().expect("it has just found one");
            panic!("{}", failure(seed, world, format_args!("{}: {}", v.property, v.text), ""));
        }
        if let Err(problem) = auditor.look(world).and_then(|()| disks.look(world)) {
            panic!("{}", failure(seed, world, problem, ""));
        }
        true
    });
    if let Err(problem) = alike(&world) {
        panic!("{}", failure(seed, &world, problem, ""));
    }
    let answered =
        |o: &&Operation| matches!(o.end.as_ref().map(|end| &end.outcome), Some(Outcome::Ok(_)));
    world.operations().iter().filter(answered).count()
}

#[test]
fn safety_holds_over_random_faults() {
    let all = seeds();
    let many = all.end - all.start;
    let answered: usize = all.map(|seed| holds(seed, &random_run(seed, Chaos::default()))).sum();
    assert!(answered as u64 > 50 * many, "something was done: {answered} operations");
}

#[test]
fn safety_holds_while_members_come_and_go() {
    let chaos = Chaos { members: Members::Often, ..Chaos::default() };
    let answered: usize = seeds().map(|seed| holds(seed, &random_run(seed, chaos))).sum();
    assert!(answered > 0, "something was done");
}

/// Checks that the cluster at rest has a leader, all members have applied the same, and leaving
/// nodes have left. All nodes were started again, so that none can be missing.
fn alike(world: &World) -> Result<(), String> {
    let Some(leader) = world.leader() else { return Err("in the end nobody leads".into()) };
    let stays = |h: &&Host| {
        let leaves = world.members().binary_search(&h.id()).is_err();
        leaves && h.status() != Status::Left
    };
    if let Some(host) = world.nodes().find(stays) {
        let of = |h: &Host| {
            let details = h.machine().map(Machine::detail);
            format!("{} ({}): {details:?}", h.id(), h.status().name())
        };
        let leader = world.node(leader).map(of);
        let problem = "in the end has not left, though it was removed";
        return Err(format!("{problem}: {}; leader {leader:?}", of(host)));
    }
    let servers: Vec<&Server> = world.nodes().filter_map(server).collect();
    let of = |s: &Server| (s.commit(), s.log().prefix_digest(s.commit()), s.state().clone());
    let first = world.node(leader).and_then(server).expect("it leads");
    for (host, other) in world.nodes().filter_map(|h| Some((h.id(), server(h)?))) {
        if of(other) != of(first) {
            return Err(format!(
                "in the end {leader} has committed up to {}, {host} up to {}, and their states differ",
                first.commit(),
                other.commit()
            ));
        }
    }
    let wanted: Vec<_> = first.members().configuration().members().iter().copied().collect();
    if servers.is_empty() || wanted != world.members() {
        return Err(format!("in the end the members are {}", first.members()));
    }
    Ok(())
}

fn server(host: &Host) -> Option<&Server> {
    match host.machine()? {
        Machine::Raft(server) => Some(server),
        _ => unreachable!("it is a cluster of Raft"),
    }
}

/// The judge is not blind: with disks that forget, the same faults do break Raft.
#[test]
fn without_fsync_safety_breaks_somewhere() {
    let chaos = Chaos { fsync: false, rate: 12, ..Chaos::default() };
    let violation = (1..400).find_map(|seed| judged(&random_run(seed, chaos)).1);
    let violation = violation.expect("votes and entries that are forgotten break something");
    assert_ne!(violation.property, SafetyProperty::LeaderAppendOnly, "{}", violation.text);
}
