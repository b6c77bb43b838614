//! Scripts for properties that are not guaranteed, and really fail.

use crate::play::{data, is_linearizable, play};
use crate::register::first_stale_read;
use crate::transcript;
use expect_test::expect;
use quorumscope_core::check::referee;
use quorumscope_core::history::history;
use quorumscope_core::session::Session;

/// The answers to clients.
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
        6041.00  c1 set x old: Ok(Done)
        6540.00  c2 set x new: Ok(Done)
        7040.00  c1 get x: Ok(Read(Some("old")))
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
        21.00    c1 set x 1: Ok(Done)
        1021.00  c1 set x 2: Ok(Done)
        1070.00  c2 get x: Ok(Read(Some("1")))
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
        41.00    c1 set x 1: Ok(Done)
        1266.00  c2 set x 2: Ok(Done)
        2040.00  c1 get x: Ok(Read(Some("1")))
        4040.00  c1 get x: Ok(Read(Some("2")))
    "#]]
    .assert_eq(&answers(&session));
    assert!(stale(&session));
    let strict = play(&script.replace("sloppy=on", "sloppy=off"));
    expect![[r#"
        41.00    c1 set x 1: Ok(Done)
        2040.00  c1 get x: Ok(Read(Some("1")))
        2641.00  c2 set x 2: Ok(Done)
        4040.00  c1 get x: Ok(Read(Some("2")))
    "#]]
    .assert_eq(&answers(&strict));
    assert!(!stale(&strict));
}

#[test]
fn two_reads_around_a_write_are_not_linearizable() {
    let session = play(include_str!("../scripts/quorum-is-not-linearizable.qs"));
    expect![[r#"
        41.00    c1 set x 1: Ok(Done)
        1100.00  c2 get x: Ok(Read(Some("2")))
        1190.00  c3 get x: Ok(Read(Some("1")))
        1330.00  c1 set x 2: Ok(Done)
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
        1541.00  c1 set x 1: Ok(Done)
        2041.00  c2 set x 2: Ok(Done)
        3040.00  c2 get x: Ok(Read(Some("2")))
        5040.00  c2 get x: Ok(Read(Some("1")))
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

const RESURRECTED: &str = include_str!("../scripts/quorum-resurrected-delete.qs");

#[test]
fn a_deletion_that_is_forgotten_too_soon_comes_undone() {
    let session = play(RESURRECTED);
    expect![[r#"
        41.00    c1 set x 1: Ok(Done)
        1561.00  c1 del x: Ok(Done)
        6040.00  c2 get x: Ok(Read(Some("1")))
        7040.00  c1 get x: Ok(Read(Some("1")))
    "#]]
    .assert_eq(&answers(&session));
    expect![[r#"
        linearizable: Stale read (linearizability of x is broken): c2 read "1" at 6.04 s, though c1's deletion of x had returned at 1.561 s
        read your writes: Stale read (read your writes is broken): c1 read "1" at 7.04 s, though its own deletion of x had returned at 1.561 s
    "#]]
    .assert_eq(&broken(&session));
    for more in ["tombstones=off", "tombstones=1m"] {
        let kept = play(&RESURRECTED.replace("tombstones=2s", more));
        let told = answers(&kept);
        assert_eq!(told.matches("Ok(Read(None))").count(), 2, "{more}: {told}");
        assert_eq!(broken(&kept), "", "{more}");
    }
}

/// The properties that do not hold by the judges' verdicts.
fn broken(session: &Session) -> String {
    let verdicts = referee::of_world(session.world(0), &session.run().commands, 200_000);
    let broken = verdicts.iter().filter(|v| v.holds == Some(false));
    broken.fold(String::new(), |all, v| format!("{all}{}: {}\n", v.property, v.text))
}

/// The final data of the nodes, and the times at which they forgot the deletion.
fn forgot(script: &str) -> String {
    let session = play(script);
    let held: Vec<String> = (1..=3).map(|n| data(session.world(0), n)).collect();
    let story = transcript(&session);
    let forgot = story.lines().filter(|line| line.contains("Forgot") || line.contains("forget"));
    forgot.fold(String::new(), |all, line| all + line + "\n") + &format!("[{}]\n", held.join("] ["))
}

#[test]
fn every_way_of_repair_brings_a_forgotten_key_back() {
    // Without any read: the exchange between replicas suffices.
    let silent = RESURRECTED.replace("@6s   c2 get x via n3\n@7s   c1 get x via n1\n", "");
    expect![[r#"
        3530.00  n1 Forgot(478781583942767621)
        3530.00  n2 Forgot(478781583942767621)
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&silent));
    let compared = silent.replace("tombstones=2s", "tombstones=2s anti-entropy=500ms");
    expect![[r#"
        3530.00  n1 Forgot(478781583942767621)
        3530.00  n2 Forgot(478781583942767621)
        [x=1] [x=1] [x=1]
    "#]]
    .assert_eq(&forgot(&compared));
    // The hint at n2 is from before the deletion.
    let hinted = silent.replace(
        "@0s   c1 set x 1 via n1\n@1s   isolate n3\n",
        "@0s isolate n3\n@0.5s c1 set x 1 via n2\n",
    );
    expect![[r#"
        3530.00  n1 Forgot(478781583942767621)
        3530.00  n2 Forgot(478781583942767621)
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&hinted));
}

#[test]
fn what_a_disk_recovers_is_forgotten_by_its_age_and_for_good() {
    let silent = RESURRECTED.replace("@6s   c2 get x via n3\n@7s   c1 get x via n1\n", "");
    // n1 is down when the tombstone is old enough, n2 after it has forgotten it.
    let down = "@2s crash n1\n@4.2s restart n1\n@4.3s crash n2\n@4.4s restart n2\n@5s   heal\n";
    expect![[r#"
        3530.00  n2 Forgot(478781583942767621)
        4200.00  n1 Forgot(478781583942767621)
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&silent.replace("@5s   heal\n", down)));
}

#[test]
fn the_period_counts_from_when_it_is_set_and_by_the_own_clock() {
    let silent = RESURRECTED.replace("@6s   c2 get x via n3\n@7s   c1 get x via n1\n", "");
    let script = |more: &str| silent.replace("tombstones=2s", "").replace("@5s   heal\n", more);
    expect![[r#"
        4530.00  n1 Forgot(478781583942767621)
        4530.00  n2 Forgot(478781583942767621)
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&script("@4s set tombstones=3s\n")));
    expect![[r#"
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&script(
        "@2s set tombstones=1m\n@3s set tombstones=2s\n@3.1s set tombstones=off\n",
    )));
    expect![[r#"
        3530.00  n1 Forgot(478781583942767621)
        4530.00  n2 Forgot(478781583942767621)
        [] [] [x=1]
    "#]]
    .assert_eq(&forgot(&script("@1.8s clock n2 -1s\n@2s set tombstones=2s\n")));
}

/// The state after going back equals that of going on: a running timer is restored too.
#[test]
fn forgetting_is_played_back_alike() {
    let mut session = play(RESURRECTED);
    let (end, hash) = (session.now(), session.hash());
    for ms in [1_600, 3_600, 700] {
        session.seek(quorumscope_core::time::Time::from_ms(ms));
        session.seek(end);
        assert_eq!(session.hash(), hash, "{ms}");
    }
}
