//! Heartbeats and the bully election, played whole.

mod play;
mod seeds;

use expect_test::expect;
use play::{play, roles, story, those};
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::Role;
use quorumscope_core::rng::{Concern, Rng};
use seeds::seeds;

#[test]
fn the_next_highest_takes_over_and_the_highest_bullies_it_out() {
    let session = play(
        "cluster election nodes=3 latency=10ms
        @300ms crash n3
        @1.2s restart n3
        @1.4s show",
    );
    expect![[r#"
        0.00     n1 Stood(Term(1))
        0.00     n2 Stood(Term(1))
        0.00     n3 Stood(Term(1))
        0.00     n3 Led(Term(1))
        10.00    n1 Followed(NodeId(3), Term(1))
        10.00    n2 Followed(NodeId(3), Term(1))
        300.00   > crash n3
        610.00   n1 Suspected(NodeId(3))
        610.00   n1 Stood(Term(2))
        610.00   n2 Suspected(NodeId(3))
        610.00   n2 Stood(Term(2))
        630.00   n1 Outranked(NodeId(2))
        910.00   n2 Led(Term(2))
        920.00   n1 Followed(NodeId(2), Term(2))
        1200.00  > restart n3
        1200.00  n3 Stood(Term(1))
        1200.00  n3 Led(Term(1))
        1210.00  n1 Trusted(NodeId(3))
        1210.00  n2 Trusted(NodeId(3))
        1220.00  n3 SteppedDown(Term(2))
        1220.00  n3 Stood(Term(3))
        1220.00  n3 Led(Term(3))
        1230.00  n1 Followed(NodeId(3), Term(3))
        1230.00  n2 Followed(NodeId(3), Term(3))
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 follower 3 of n3
        n2 follower 3 of n3
        n3 leader 3 of n3
    "#]]
    .assert_eq(&roles(session.world(0)));
}

#[test]
fn nodes_without_data_have_no_answer_for_clients() {
    let session = play(
        "cluster election nodes=3 retries=1
        @1s c1 get x
        @3s show",
    );
    let world = session.world(0);
    let end = world.operations()[0].end.as_ref().expect("it gave up");
    assert_eq!(end.outcome, quorumscope_core::protocol::Outcome::Failed);
}

#[test]
fn an_election_called_by_hand_confirms_the_highest() {
    let session = play(
        "cluster election nodes=3
        @1s timeout n1
        @2s show",
    );
    expect![[r#"
        n1 follower 1 of n3
        n2 follower 1 of n3
        n3 leader 1 of n3
    "#]]
    .assert_eq(&roles(session.world(0)));
}

#[test]
fn a_partition_makes_two_coordinators() {
    let session = play(include_str!("scripts/election-two-coordinators.qs"));
    assert_eq!(those(session.world(0), Role::Leader), [NodeId(4), NodeId(5)]);
}

#[test]
fn after_a_partition_the_highest_wins() {
    let script = include_str!("scripts/election-two-coordinators.qs");
    let session = play(&script.replace("@3s show", "@3s heal\n@4s show"));
    expect![[r#"
        n1 follower 3 of n5
        n2 follower 3 of n5
        n3 follower 3 of n5
        n4 follower 3 of n5
        n5 leader 3 of n5
    "#]]
    .assert_eq(&roles(session.world(0)));
}

/// Crashes, restarts, pauses, partitions, losses and orders at random for five seconds; then
/// everything heals, crashed nodes may stay down, and there is quiet.
fn troubles(seed: u64) -> String {
    let mut rng = Rng::new(seed, Concern::Workload);
    let nodes = 2 + rng.below(4);
    let mut script = format!("cluster election nodes={nodes} seed={seed} loss=5%\n");
    for _ in 0..3 + rng.below(12) {
        let (at, n) = (rng.below(5_000), 1 + rng.below(nodes));
        let statement = match rng.below(8) {
            0 => format!("crash n{n}"),
            1 | 2 => format!("restart n{n}"),
            3 => format!("pause n{n}"),
            4 => format!("isolate n{n}"),
            5 => format!("timeout n{n}"),
            6 => "heal".into(),
            _ => format!("cut n{n}>n{}", n % nodes + 1),
        };
        script += &format!("@{at}ms {statement}\n");
    }
    script += "@5s heal; @5s network loss=0%\n";
    for n in 1..=nodes {
        script += &format!("@5s resume n{n}\n");
    }
    script + "@8s show"
}

#[test]
fn in_quiet_the_highest_that_lives_coordinates_alone() {
    for seed in seeds() {
        let script = troubles(seed);
        let session = play(&script);
        let world = session.world(0);
        let up: Vec<_> = world.nodes().filter(|h| h.machine().is_some()).collect();
        let Some(highest) = up.last().map(|h| h.id()) else { continue };
        for host in up {
            let sign = host.machine().expect("it is up").sign();
            assert_eq!(sign.leader, Some(highest), "{}\n{script}", roles(world));
        }
        assert_eq!(those(world, Role::Leader), [highest], "{script}");
    }
}
