use super::*;
use crate::ids::{ClientId, NodeId};
use crate::run::{Command, Heal, NodeFault, Run, Statement, Workload};
use crate::settings::Preset;
use crate::store::{Op, Request};
use crate::time::Time;
use crate::world::watch;
use std::sync::Arc;

/// Plays a run for that long. Returns the World at the end, and the judge's finding.
fn judged(run: &Run, until_ms: u64) -> (World, Option<SafetyViolation>) {
    let mut judge = RaftSafety::new();
    let world = watch(run, Time::from_ms(until_ms), |world| {
        judge.observe(world);
        true
    });
    (world, judge.violation().cloned())
}

fn put(run: &mut Run, at_ms: u64, statement: Statement) {
    run.insert(Command { at: Time::from_ms(at_ms), statement });
}

fn strike(n: NodeId, fault: NodeFault) -> Statement {
    Statement::Node(n, fault)
}

/// Three nodes; n3 is cut off from the beginning. Returns the leader and the follower that have
/// committed a write.
fn two_of_three() -> (Run, NodeId, NodeId) {
    let mut run = Run::of(Preset::Raft);
    Arc::make_mut(&mut run.clusters[0].settings).nodes = 3;
    put(&mut run, 1, Statement::Isolate(NodeId(3)));
    let request = Request { key: "x".into(), op: Op::Set("1".into()) };
    put(&mut run, 1_000, Statement::Ask { client: ClientId(1), request, via: None });
    let leader = judged(&run, 2_000).0.leader().expect("two of three elect a leader");
    (run, leader, if leader == NodeId(1) { NodeId(2) } else { NodeId(1) })
}

#[test]
fn finds_nothing_where_nothing_is() {
    let mut run = Run::of(Preset::Raft);
    put(&mut run, 500, Statement::Workload(Some(Workload::default())));
    put(&mut run, 3_000, strike(NodeId(1), NodeFault::Crash));
    put(&mut run, 4_000, strike(NodeId(2), NodeFault::Restart));
    put(&mut run, 5_000, strike(NodeId(1), NodeFault::Restart));
    let (world, violation) = judged(&run, 8_000);
    assert_eq!(violation, None);
    assert!(world.operations().len() > 50);
}

/// A follower that acknowledged an entry loses its disk; with n3, which never had the entry, it
/// elects a leader that lacks it.
#[test]
fn finds_a_leader_that_lacks_what_was_committed() {
    let (mut run, leader, follower) = two_of_three();
    // Alone and without pre-vote n3 has gone on to a later term.
    Arc::make_mut(&mut run.clusters[0].settings).raft.prevote = false;
    put(&mut run, 2_000, strike(leader, NodeFault::Crash));
    put(&mut run, 2_001, strike(follower, NodeFault::Wipe));
    put(&mut run, 2_002, strike(follower, NodeFault::Restart));
    put(&mut run, 2_003, Statement::Heal(Heal::Everything));
    let violation = judged(&run, 6_000).1.expect("what was committed is lost");
    assert_eq!(violation.property, SafetyProperty::LeaderCompleteness);
    assert_eq!(violation.index, Some(Index(1)));
    let text = &violation.text;
    let says = text.contains("without entry 1, though") && text.contains("committed in term 1 at");
    assert!(says, "{text}");
}

/// A node that was wiped has forgotten its vote, and votes again.
#[test]
fn finds_two_leaders_in_a_term() {
    let (mut run, leader, follower) = two_of_three();
    put(&mut run, 2_000, Statement::Heal(Heal::Everything));
    put(&mut run, 2_000, Statement::Isolate(leader));
    for forgetful in [follower, NodeId(3)] {
        put(&mut run, 2_001, strike(forgetful, NodeFault::Wipe));
        put(&mut run, 2_002, strike(forgetful, NodeFault::Restart));
    }
    let violation = judged(&run, 6_000).1.expect("there are two leaders in term 1");
    assert_eq!(violation.property, SafetyProperty::ElectionSafety);
    let text = &violation.text;
    assert!(text.contains("came to lead term 1 at") && text.contains("had come to at"), "{text}");
}

#[test]
fn stops_at_the_first() {
    let (mut run, leader, follower) = two_of_three();
    put(&mut run, 2_000, strike(leader, NodeFault::Crash));
    put(&mut run, 2_001, strike(follower, NodeFault::Wipe));
    put(&mut run, 2_002, strike(follower, NodeFault::Restart));
    put(&mut run, 2_003, Statement::Heal(Heal::Everything));
    let first = judged(&run, 4_000).1;
    put(&mut run, 4_000, strike(leader, NodeFault::Restart));
    assert_eq!(judged(&run, 9_000).1, first);
}
