//! Chain replication, played whole.

mod play;
mod seeds;

use expect_test::expect;
use play::{answers, data, is_linearizable, play, roles, story};
use quorumscope_core::client::Operation;
use quorumscope_core::protocol::Outcome;
use quorumscope_core::rng::{Concern, Rng};
use seeds::seeds;

#[test]
fn a_write_goes_down_the_chain_and_the_tail_answers() {
    let session = play(
        "cluster chain latency=10ms
        @1s c1 set x 1
        @1.2s c1 get x
        @2s show",
    );
    expect![[r#"
        1000.00  > c1 set x 1
        1010.00  n1 Appended(Index(1))
        1021.00  n2 Replicated(Index(1))
        1032.00  n3 Replicated(Index(1))
        1032.00  n3 Committed(Index(1))
        1043.00  c1 set x 1: Ok(Done)
        1043.00  n2 Committed(Index(1))
        1053.00  n1 Committed(Index(1))
        1200.00  > c1 get x
        1220.00  c1 get x: Ok(Read(Some("1")))
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 head 1
        n2 middle 1
        n3 tail 1
        n4 configurator 1
    "#]]
    .assert_eq(&roles(session.world(0)));
    assert_eq!(
        ["1", "2", "3", "4"].map(|n| data(session.world(0), n.parse().unwrap())),
        ["x=1", "x=1", "x=1", ""]
    );
}

#[test]
fn a_link_that_fails_is_spliced_out_and_joins_again_behind_the_tail() {
    let session = play(
        "cluster chain latency=10ms
        @1s c1 set x 1
        @1.2s crash n2
        @1.3s c1 append x 2
        @2.5s restart n2
        @3s c2 get x via n2
        @4s show",
    );
    expect![[r#"
        1000.00  > c1 set x 1
        1010.00  n1 Appended(Index(1))
        1021.00  n2 Replicated(Index(1))
        1032.00  n3 Replicated(Index(1))
        1032.00  n3 Committed(Index(1))
        1043.00  c1 set x 1: Ok(Done)
        1043.00  n2 Committed(Index(1))
        1053.00  n1 Committed(Index(1))
        1200.00  > crash n2
        1300.00  > c1 append x 2
        1310.00  n3 Redirected(Some(NodeId(1)))
        1330.00  n1 Appended(Index(2))
        1600.00  n4 Own(OwnFact { form: 0, who: Some(NodeId(2)), number: 0 })
        1651.00  n3 Replicated(Index(2))
        1651.00  n3 Committed(Index(2))
        1662.00  c1 append x 2: Ok(Done)
        1662.00  n1 Committed(Index(2))
        2500.00  > restart n2
        2520.00  n2 Own(OwnFact { form: 6, who: None, number: 0 })
        2610.00  n4 Own(OwnFact { form: 1, who: Some(NodeId(2)), number: 0 })
        2621.00  n2 Own(OwnFact { form: 4, who: None, number: 0 })
        2621.00  n3 Own(OwnFact { form: 3, who: None, number: 0 })
        2652.00  n2 Replicated(Index(2))
        2652.00  n2 Own(OwnFact { form: 7, who: None, number: 2 })
        2652.00  n2 Committed(Index(2))
        3000.00  > c2 get x via n2
        3020.00  c2 get x: Ok(Read(Some("12")))
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 head 3
        n2 tail 3
        n3 middle 3
        n4 configurator 3
    "#]]
    .assert_eq(&roles(session.world(0)));
    assert!(is_linearizable(session.world(0)));
}

#[test]
fn a_tail_that_is_cut_off_answers_no_read_once_its_lease_has_run_out() {
    let session = play(
        "cluster chain latency=10ms retries=0
        @1s c1 set x 1
        @1.5s partition n3 c2 | n1 n2 n4 c1
        @2s c1 set x 2 via n1
        @2.3s c2 get x via n3
        @3s show",
    );
    expect![[r#"
        c1 set x 1: Ok(Done)
        c1 set x 2: Ok(Done)
        c2 get x: Failed
    "#]]
    .assert_eq(&answers(session.world(0)));
}

#[test]
fn any_node_answers_and_asks_the_tail_only_while_a_write_is_on_its_way() {
    let session = play(
        "cluster chain latency=10ms reads-at=any
        @1s c1 set x 1
        @1.5s c2 get x via n1
        @2s c1 set x 2 via n1
        @2.015s c2 get x via n1
        @3s show",
    );
    expect![[r#"
        1000.00  > c1 set x 1
        1010.00  n1 Appended(Index(1))
        1021.00  n2 Replicated(Index(1))
        1032.00  n3 Replicated(Index(1))
        1032.00  n3 Committed(Index(1))
        1043.00  c1 set x 1: Ok(Done)
        1043.00  n2 Committed(Index(1))
        1053.00  n1 Committed(Index(1))
        1500.00  > c2 get x via n1
        1520.00  c2 get x: Ok(Read(Some("1")))
        2000.00  > c1 set x 2 via n1
        2010.00  n1 Appended(Index(2))
        2015.00  > c2 get x via n1
        2021.00  n2 Replicated(Index(2))
        2025.00  n1 Own(OwnFact { form: 9, who: Some(NodeId(3)), number: 0 })
        2032.00  n3 Replicated(Index(2))
        2032.00  n3 Committed(Index(2))
        2043.00  c1 set x 2: Ok(Done)
        2043.00  n2 Committed(Index(2))
        2053.00  n1 Committed(Index(2))
        2055.00  c2 get x: Ok(Read(Some("2")))
    "#]]
    .assert_eq(&story(&session));
}

/// A script with clients that make requests of every kind, and faults in between.
fn troubles(seed: u64, reads: &str) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let loss = rng.below(8);
    let mut script = format!(
        "cluster chain reads-at={reads} clients=3 seed={seed} loss={loss}% duplicate={loss}% \
         reorder={loss}% timeout=200ms disk={}ms\n",
        rng.below(12)
    );
    for i in 0..120 {
        let (at, c, n) = (500 + i * 60 + rng.below(50), 1 + rng.below(3), 1 + rng.below(4));
        let key = if rng.below(2) == 0 { "x" } else { "y" };
        let op = match rng.below(9) {
            0..3 => format!("get {key}"),
            3 => format!("append {key} {i}"),
            4 => format!("cas {key} {} {i}", i.saturating_sub(1)),
            5 => format!("upd {key} {i}"),
            6 => format!("del {key}"),
            _ => format!("set {key} {i}"),
        };
        let via = if rng.below(3) == 0 { format!(" via n{n}") } else { String::new() };
        script += &format!("@{at}ms c{c} {op}{via}\n");
    }
    let mut at = 600;
    while at < 8_000 {
        let (n, m, lasts) = (1 + rng.below(4), 1 + rng.below(4), 50 + rng.below(1_500));
        let (fault, end) = match rng.below(7) {
            0 => (format!("crash n{n}"), format!("restart n{n}")),
            1 => (format!("restart n{n}"), format!("restart n{n}")),
            2 => (format!("pause n{n}"), format!("resume n{n}")),
            3 => (format!("isolate n{n}"), format!("heal n{n}")),
            4 => (
                format!(
                    "partition n{n} n{} c1 | n{} n{} c2",
                    n % 4 + 1,
                    (n + 1) % 4 + 1,
                    (n + 2) % 4 + 1
                ),
                "heal".into(),
            ),
            5 if n != m => (format!("cut n{n}>n{m}"), format!("heal n{n}-n{m}")),
            _ if n != m => (
                format!("link n{n}>n{m} latency=400ms"),
                format!("link n{n}>n{m} latency=10ms..20ms"),
            ),
            _ => continue,
        };
        script += &format!("@{at}ms {fault}\n@{}ms {end}\n", at + lasts);
        at += 100 + rng.below(700);
    }
    // Where messages are lost by chance, a member can be spliced out just before the end.
    script += "@9s network loss=0% duplicate=0% reorder=0%\n";
    script + "@9s heal; @9s restart n1; @9s restart n2; @9s restart n3; @9s restart n4; @20s show"
}

fn was_answered(operation: &Operation) -> bool {
    operation.end.as_ref().is_some_and(|e| matches!(e.outcome, Outcome::Ok(_)))
}

#[test]
fn it_is_linearizable_whatever_fails() {
    let (mut answered, mut asked) = (0, 0);
    for seed in seeds() {
        let script = troubles(seed, if seed % 2 == 0 { "tail" } else { "any" });
        let session = play(&script);
        let world = session.world(0);
        assert!(is_linearizable(world), "{}\n{script}", answers(world));
        let held = [1, 2, 3].map(|n| data(world, n));
        assert!(held.iter().all(|d| *d == held[0]), "{held:?} after a calm:\n{script}");
        asked += world.operations().len();
        answered += world.operations().iter().filter(|o| was_answered(o)).count();
    }
    assert!(answered * 2 > asked, "most of them are answered: {answered} of {asked}");
}

/// A clock that falls behind keeps a lease alive: this is not guaranteed, and does fail.
#[test]
fn a_clock_that_jumps_back_lets_a_spliced_out_tail_answer() {
    let session = play(
        "cluster chain latency=10ms retries=0
        @1s c1 set x 1
        @1.5s clock n3 -2s
        @1.5s partition n3 c2 | n1 n2 n4 c1
        @2.2s c1 set x 2 via n1
        @2.5s c2 get x via n3
        @3s show",
    );
    assert!(!is_linearizable(session.world(0)), "{}", answers(session.world(0)));
}

/// The report m136 left before n1 was spliced out and appended again. When it arrives, n1 is the only
/// node that has x.
#[test]
fn a_report_that_was_overtaken_appends_nobody() {
    let session = play(
        "cluster chain latency=10ms
        @500ms c1 set x 1
        @2.005s delay m136 5.6s
        @2.1s pause n1
        @4s resume n1
        @7s crash n2
        @7s crash n3
        @9s show",
    );
    assert_eq!(data(session.world(0), 1), "x=1");
}

#[test]
fn a_node_that_was_wiped_is_appended_again() {
    let session = play(
        "cluster chain latency=10ms
        @500ms c1 set x 1
        @2s wipe n1
        @2.1s restart n1
        @4s show",
    );
    assert_eq!(data(session.world(0), 1), "x=1");
}
