//! What is not promised, and really fails: a script for each.

use crate::play::{data, is_linearizable, play};
use crate::register::first_stale_read;
use crate::transcript;
use expect_test::expect;
use quorumscope_core::history::history;
use quorumscope_core::session::Session;

/// What clients were told.
fn answers(session: &Session) -> String {
    let told =
        |line: &&str| line.contains("Ok(") || line.contains("nknown") || line.contains("Failed");
    transcript(session).lines().filter(told).fold(String::new(), |all, line| all + line + "\n")
}

fn stale(session: &Session) -> bool {
    first_stale_read(&history(session.world(0))).is_some()
}

#[test]
fn clock_skew_loses_an_acknowledged_write() {
    let script = include_str!("../scripts/quorum-clock-skew-loses-a-write.qs");
    let session = play(script);
    expect![[r#"
         6041.00 c1 set x old: Ok(Done)
         6540.00 c2 set x new: Ok(Done)
         7040.00 c1 get x: Ok(Read(Some("old")))
    "#]]
    .assert_eq(&answers(&session));
    assert!(stale(&session));
    assert!(!stale(&play(&script.replace("clock n2 -1s", "heal"))), "it is the clock");
}

#[test]
fn a_read_may_miss_a_write_where_quorums_need_not_meet() {
    let script = include_str!("../scripts/quorum-small-quorums-read-stale.qs");
    let session = play(script);
    expect![[r#"
        21.00 c1 set x 1: Ok(Done)
        1021.00 c1 set x 2: Ok(Done)
        1070.00 c2 get x: Ok(Read(Some("1")))
    "#]]
    .assert_eq(&answers(&session));
    assert!(stale(&session));
    assert!(!stale(&play(&script.replace("r=1", "r=3"))), "it is that they need not meet");
}

#[test]
fn a_sloppy_quorum_reads_stale_under_a_partition_and_not_after() {
    let script = include_str!("../scripts/quorum-sloppy-reads-stale.qs");
    let session = play(script);
    expect![[r#"
        41.00 c1 set x 1: Ok(Done)
        1266.00 c2 set x 2: Ok(Done)
        2040.00 c1 get x: Ok(Read(Some("1")))
        4040.00 c1 get x: Ok(Read(Some("2")))
    "#]]
    .assert_eq(&answers(&session));
    assert!(stale(&session));
    let strict = play(&script.replace("sloppy=on", "sloppy=off"));
    expect![[r#"
        41.00 c1 set x 1: Ok(Done)
        2040.00 c1 get x: Ok(Read(Some("1")))
        2641.00 c2 set x 2: Ok(Done)
        4040.00 c1 get x: Ok(Read(Some("2")))
    "#]]
    .assert_eq(&answers(&strict));
    assert!(!stale(&strict));
}

#[test]
fn two_reads_around_a_write_are_not_linearizable() {
    let session = play(include_str!("../scripts/quorum-is-not-linearizable.qs"));
    expect![[r#"
        41.00 c1 set x 1: Ok(Done)
        1100.00 c2 get x: Ok(Read(Some("2")))
        1190.00 c3 get x: Ok(Read(Some("1")))
        1330.00 c1 set x 2: Ok(Done)
    "#]]
    .assert_eq(&answers(&session));
    assert!(!is_linearizable(session.world(0)));
    assert!(!stale(&session), "a regular register all the same");
}

#[test]
fn a_request_that_is_carried_out_twice_overwrites_what_came_between() {
    let script = include_str!("../scripts/quorum-retry-overwrites-a-newer-value.qs");
    let session = play(script);
    expect![[r#"
         1541.00 c1 set x 1: Ok(Done)
         2041.00 c2 set x 2: Ok(Done)
         3040.00 c2 get x: Ok(Read(Some("2")))
         5040.00 c2 get x: Ok(Read(Some("1")))
    "#]]
    .assert_eq(&answers(&session));
    assert!(stale(&session));
    let once = play(&script.replace("n=3", "n=3 retries=0"));
    assert!(!stale(&once), "then the client does not learn what came of the first");
}

#[test]
fn only_repair_of_some_kind_brings_a_replica_what_it_missed() {
    let script = include_str!("../scripts/quorum-stays-diverged.qs");
    let held = |script: &str| {
        let session = play(script);
        (1..=3).map(|n| data(session.world(0), n)).collect::<Vec<_>>().join(", ")
    };
    expect!["x=2 y=3, x=2 y=3, x=1"].assert_eq(&held(script));
    let with = |switch: &str, to: &str| held(&script.replace(switch, to));
    expect!["x=2 y=3, x=2 y=3, x=2"].assert_eq(&with("read-repair=off", "read-repair=on"));
    expect!["x=2 y=3, x=2 y=3, x=2 y=3"].assert_eq(&with("hints=off", "hints=on"));
    expect!["x=2 y=3, x=2 y=3, x=2 y=3"].assert_eq(&with("anti-entropy=off", "anti-entropy=1s"));
    expect!["x=2 y=3, x=2 y=3, x=2 y=3"]
        .assert_eq(&with("@2s   c2 get x via n3", "@2s set anti-entropy=1s"));
}
