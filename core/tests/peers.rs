//! Peers, played whole: the behaviour of their original, and its flaws.

mod play;
mod seeds;

use expect_test::expect;
use play::{answers, data, detail, is_linearizable, play, roles, story};
use quorumscope_core::rng::{Concern, Rng};
use seeds::seeds;

#[test]
fn a_command_is_answered_and_then_forwarded() {
    let session = play(
        "cluster peers latency=10ms
        @1s c1 set x 1 via n2
        @1.1s c1 set x 2 via n1
        @1.2s c1 upd x 3 via n3
        @1.3s c1 del y via n1
        @1.4s c1 append x 4 via n1
        @1.5s c1 cas x 34 5 via n2
        @1.6s c1 get x via n3
        @2s show",
    );
    let world = session.world(0);
    expect![[r#"
        c1 set x 1: Ok(Done)
        c1 set x 2: Ok(Refused(KeyExists))
        c1 upd x 3: Ok(Done)
        c1 del y: Ok(Refused(NoSuchKey))
        c1 append x 4: Ok(Done)
        c1 cas x 34 5: Ok(Done)
        c1 get x: Ok(Read(Some("5")))
    "#]]
    .assert_eq(&answers(world));
    expect![[r#"
        n1 active
        n2 active
        n3 active
    "#]]
    .assert_eq(&roles(world));
    for n in 1..=3 {
        assert_eq!(data(world, n), "x=5");
    }
}

#[test]
fn a_restarted_peer_gets_what_it_missed_by_replay_and_no_more() {
    let session = play(
        "cluster peers latency=10ms
        @1s c1 set before 1 via n1
        @2s crash n3
        @9s c1 set x 1 via n1
        @9.5s c2 set y 2 via n2
        @10.5s restart n3
        @20s show",
    );
    expect![[r#"
        20.00    n1 Deemed(NodeId(1), Active)
        20.00    n2 Deemed(NodeId(2), Active)
        20.00    n3 Deemed(NodeId(3), Active)
        1000.00  > c1 set before 1 via n1
        1020.00  c1 set before 1: Ok(Done)
        1020.00  n2 Stored
        1020.00  n3 Stored
        2000.00  > crash n3
        8000.00  n1 Suspected(NodeId(3))
        8000.00  n1 Deemed(NodeId(3), Dead)
        8000.00  n2 Suspected(NodeId(3))
        8000.00  n2 Deemed(NodeId(3), Dead)
        9000.00  > c1 set x 1 via n1
        9010.00  n1 Queued(NodeId(3))
        9020.00  c1 set x 1: Ok(Done)
        9020.00  n2 Stored
        9500.00  > c2 set y 2 via n2
        9510.00  n2 Queued(NodeId(3))
        9520.00  c2 set y 2: Ok(Done)
        9520.00  n1 Stored
        10500.00 > restart n3
        10510.00 n1 Trusted(NodeId(3))
        10510.00 n1 Deemed(NodeId(3), Recover)
        10510.00 n2 Trusted(NodeId(3))
        10510.00 n2 Deemed(NodeId(3), Recover)
        10520.00 n3 Stored
        10520.00 n3 CaughtUp(NodeId(1), 1)
        10520.00 n3 Stored
        10520.00 n3 CaughtUp(NodeId(2), 1)
        10520.00 n3 Deemed(NodeId(3), Recovered)
        10530.00 n1 Deemed(NodeId(3), Recovered)
        10530.00 n2 Deemed(NodeId(3), Recovered)
        10550.00 n1 Deemed(NodeId(3), Active)
        10550.00 n2 Deemed(NodeId(3), Active)
        15500.00 n3 Deemed(NodeId(3), Active)
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 active
        n2 active
        n3 active
    "#]]
    .assert_eq(&roles(session.world(0)));
    assert_eq!(data(session.world(0), 3), "x=1 y=2");
    assert_eq!(data(session.world(0), 2), "before=1 x=1 y=2");
}

#[test]
fn a_peer_that_was_only_cut_off_ends_up_with_everything() {
    let session = play(
        "cluster peers
        @1s c1 set before 1 via n1
        @2s partition n1 n2 | n3
        @9s c1 set x 1 via n1
        @9.5s c2 upd before 2 via n2
        @10s c1 set z 3 via n3
        @12s heal
        @20s show",
    );
    let world = session.world(0);
    for n in 1..=3 {
        assert_eq!(data(world, n), "before=2 x=1 z=3");
    }
    expect![[r#"
        c1 set before 1: Ok(Done)
        c1 set x 1: Ok(Done)
        c2 upd before 2: Ok(Done)
        c1 set z 3: Ok(Done)
    "#]]
    .assert_eq(&answers(world));
}

#[test]
fn peers_are_believed_dead_when_they_do_not_answer_in_time() {
    let session = play(
        "cluster peers
        @1s crash n3
        @7.9s c1 set lost 1 via n1
        @8.1s c1 set kept 1 via n1
        @9s show",
    );
    expect!["n2 ACTIVE, n3 DEAD (1 kept)"].assert_eq(&detail(session.world(0), 1, "peers"));
}

#[test]
fn two_clients_that_write_one_key_make_the_servers_differ_for_ever() {
    let session = play(include_str!("scripts/peers-diverge.qs"));
    let world = session.world(0);
    expect![[r#"
        c1 set x left: Ok(Done)
        c2 set x right: Ok(Done)
    "#]]
    .assert_eq(&answers(world));
    assert_eq!(data(world, 1), "x=left");
    assert_eq!(data(world, 2), "x=right");
}

#[test]
fn what_is_kept_for_a_dead_peer_dies_with_its_keeper() {
    let session = play(include_str!("scripts/peers-queue-lost.qs"));
    let world = session.world(0);
    expect![[r#"
        c1 set x 1: Ok(Done)
    "#]]
    .assert_eq(&answers(world));
    assert_eq!(data(world, 2), "x=1");
    assert_eq!(data(world, 3), "");
}

#[test]
fn an_answer_before_replication_may_be_all_that_is_left() {
    let session = play(include_str!("scripts/peers-not-forwarded.qs"));
    let world = session.world(0);
    expect![[r#"
        c1 set x 1: Ok(Done)
        c2 get x: Ok(Read(None))
    "#]]
    .assert_eq(&answers(world));
}

#[test]
fn a_restart_that_nobody_noticed_is_not_made_up_for() {
    let session = play(
        "cluster peers
        @1s c1 set x 1 via n1
        @2s restart n3
        @60s show",
    );
    assert_eq!(data(session.world(0), 3), "");
    expect!["n2 ACTIVE, n3 ACTIVE"].assert_eq(&detail(session.world(0), 1, "peers"));
}

#[test]
fn heartbeats_and_time_outs_can_be_scaled() {
    let session = play(
        "cluster peers heartbeat=100ms timeout.heartbeat=300ms
        @1s crash n3
        @1.2s c1 set x 1 via n1
        @1.6s c1 set y 1 via n1
        @2s restart n3
        @2.5s show",
    );
    assert_eq!(data(session.world(0), 3), "y=1");
    expect![[r#"
        n1 active
        n2 active
        n3 active
    "#]]
    .assert_eq(&roles(session.world(0)));
}

/// With one client and no faults all servers end with the same data.
#[test]
fn one_client_at_a_time_leaves_everybody_with_the_same() {
    for seed in seeds() {
        let mut script = format!("cluster peers seed={seed} clients=1\n");
        for i in 0..60 {
            let op = ["set", "upd", "append"][(seed as usize + i) % 3];
            script += &format!("@{}ms c1 {op} k{} {i} via n{}\n", 100 + i * 80, i % 5, i % 3 + 1);
        }
        let session = play(&(script + "@6s show"));
        let world = session.world(0);
        assert_eq!(data(world, 1), data(world, 2), "seed {seed}");
        assert_eq!(data(world, 1), data(world, 3), "seed {seed}");
    }
}

/// Four times one server is cut off for long enough to be noticed; then one server, always the
/// same, accepts the clients' requests, and the missed commands are replayed later.
fn outages(seed: u64) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let server = 1 + rng.below(3);
    let mut script = format!("cluster peers seed={seed} clients=2\n");
    for round in 0..4 {
        let begin = 1_000 + round * 40_000 + rng.below(5_000);
        let mut others: Vec<u32> = (1..=3).filter(|n| *n != server).collect();
        others.truncate(1 + rng.below(2) as usize);
        for n in others {
            script += &format!("@{begin}ms isolate n{n}\n");
        }
        // Heartbeats notice after eight seconds at most, and recovery takes no longer.
        for i in 0..rng.below(12) {
            let at = begin + 9_000 + i * 100 + rng.below(100);
            let op = ["set", "upd", "append", "del"][rng.below(4) as usize];
            let value = if op == "del" { String::new() } else { i.to_string() };
            script += &format!("@{at}ms c1 {op} k{} {value} via n{server}\n", rng.below(4));
        }
        script += &format!("@{}ms heal\n", begin + 12_000 + rng.below(5_000));
    }
    script + "@180s show"
}

#[test]
fn who_was_cut_off_and_missed_gets_everything_by_replay() {
    for seed in seeds() {
        let script = outages(seed);
        let session = play(&script);
        let of = |n| data(session.world(0), n);
        assert!(of(1) == of(2) && of(1) == of(3), "{}, {}, {}\n{script}", of(1), of(2), of(3));
    }
}

/// "key exists" reports that the key was there, which is false after its deletion.
#[test]
fn a_key_that_exists_after_it_was_deleted_is_no_linearizable_history() {
    let script = "cluster peers seed=1
        @0s c1 set x 1 via n1
        @1s cut n1-n2
        @1.1s c1 del x via n1
        @2s c1 set x 2 via n2
        @3s show";
    let session = play(script);
    let world = session.world(0);
    expect![[r#"
        c1 set x 1: Ok(Done)
        c1 del x: Ok(Done)
        c1 set x 2: Ok(Refused(KeyExists))
    "#]]
    .assert_eq(&answers(world));
    let history = quorumscope_core::history::history(world);
    let report = quorumscope_core::check::linearizability::check(&history);
    expect!["Contradictory answers (linearizability of x is broken): c1 was told that x is there already at 2.028 s, which contradicts that c1 deleted x (1.10 s to 1.131 s)"].assert_eq(&report.verdict(&history).text);
    let read_back = quorumscope_core::history::History::parse(history.to_json_lines().as_bytes());
    assert_eq!(read_back.expect("it was written as files are"), history);
    assert!(is_linearizable(play(&script.replace("del x", "get x")).world(0)));
}

/// "no such key" reports that there was none, although it had been set.
#[test]
fn a_key_that_is_missing_after_it_was_set_is_no_linearizable_history() {
    let script = "cluster peers seed=1
        @0.5s cut n1-n2
        @1s c1 set x 1 via n1
        @2s c1 upd x 2 via n2
        @3s show";
    let world_of = |script: &str| play(script);
    expect![[r#"
        c1 set x 1: Ok(Done)
        c1 upd x 2: Ok(Refused(NoSuchKey))
    "#]]
    .assert_eq(&answers(world_of(script).world(0)));
    assert!(!is_linearizable(world_of(script).world(0)));
    assert!(is_linearizable(world_of(&script.replace("@0.5s cut n1-n2", "")).world(0)));
}
