//! Primary-backup replication, played whole.

mod audit;
mod play;
mod seeds;

use audit::disks::Disks;
use audit::primary_backup::Auditor;
use audit::{Replay, failure};
use expect_test::expect;
use play::{answers, data, is_linearizable, play, roles, story, those};
use quorumscope_core::client::Operation;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::{Outcome, Role};
use quorumscope_core::rng::{Concern, Rng};
use quorumscope_core::world::World;
use seeds::seeds;

#[test]
fn a_write_is_answered_when_the_backups_have_it_and_survives_the_primary() {
    let session = play(
        "cluster primary-backup latency=10ms
        @1s c1 set x 1
        @1.2s crash n3
        @1.3s c1 append x 2
        @2.5s restart n3
        @3s c2 get x via n3
        @4s show",
    );
    expect![[r#"
        450.00   n1 Stood(Term(1))
        450.00   n2 Stood(Term(1))
        450.00   n3 Stood(Term(1))
        450.00   n3 Led(Term(1))
        460.00   n1 Followed(NodeId(3), Term(1))
        460.00   n2 Followed(NodeId(3), Term(1))
        461.00   n1 Restored(Index(0))
        461.00   n2 Restored(Index(0))
        1000.00  > c1 set x 1
        1010.00  n1 Redirected(Some(NodeId(3)))
        1030.00  n3 Appended(Index(1))
        1041.00  n1 Replicated(Index(1))
        1041.00  n2 Replicated(Index(1))
        1052.00  n3 Committed(Index(1))
        1062.00  c1 set x 1: Ok(Done)
        1200.00  > crash n3
        1300.00  > c1 append x 2
        1360.00  n1 Suspected(NodeId(3))
        1360.00  n1 Stood(Term(2))
        1360.00  n2 Suspected(NodeId(3))
        1360.00  n2 Stood(Term(2))
        1380.00  n1 Outranked(NodeId(2))
        1510.00  n2 Led(Term(2))
        1520.00  n1 Followed(NodeId(2), Term(2))
        1521.00  n1 Restored(Index(1))
        1532.00  n2 Committed(Index(1))
        1810.00  n2 Appended(Index(2))
        1821.00  n1 Replicated(Index(2))
        1832.00  n2 Committed(Index(2))
        1842.00  c1 append x 2: Ok(Done)
        2500.00  > restart n3
        2520.00  n3 Followed(NodeId(2), Term(2))
        2530.00  n2 Trusted(NodeId(3))
        2540.00  n3 Restored(Index(2))
        3000.00  > c2 get x via n3
        3010.00  n3 Redirected(Some(NodeId(2)))
        3040.00  c2 get x: Ok(Read(Some("12")))
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 backup 2 of n2
        n2 primary 2 of n2
        n3 backup 2 of n2
    "#]]
    .assert_eq(&roles(session.world(0)));
    expect!["x=12"].assert_eq(&data(session.world(0), 3));
}

#[test]
fn asynchronous_failover_loses_an_acknowledged_write() {
    let session = play(include_str!("scripts/primary-backup-lost-write.qs"));
    let world = session.world(0);
    expect![[r#"
        c1 set x kept: Ok(Done)
        c1 set x lost: Ok(Done)
        c2 get x: Ok(Read(Some("kept")))
    "#]]
    .assert_eq(&answers(world));
    assert!(!is_linearizable(world));
}

#[test]
fn synchronous_failover_keeps_the_same_write() {
    let script = include_str!("scripts/primary-backup-lost-write.qs");
    let session = play(&script.replace("async", "sync"));
    let world = session.world(0);
    expect![[r#"
        c1 set x kept: Ok(Done)
        c1 set x lost: Ok(Done)
        c2 get x: Ok(Read(Some("lost")))
    "#]]
    .assert_eq(&answers(world));
    assert!(is_linearizable(world));
}

#[test]
fn a_partition_makes_two_primaries() {
    for replication in ["async", "sync"] {
        let script = include_str!("scripts/primary-backup-split-brain.qs");
        let session = play(&script.replace("async", replication));
        let world = session.world(0);
        assert_eq!(those(world, Role::Primary), [NodeId(2), NodeId(3)], "{replication}");
        assert_eq!((data(world, 2).as_str(), data(world, 3).as_str()), ("x=of-n2", "x=of-n3"));
        assert!(!is_linearizable(world), "{replication}");
    }
}

#[test]
fn when_a_split_brain_heals_the_later_epoch_counts() {
    let script = include_str!("scripts/primary-backup-split-brain.qs");
    let session = play(&script.replace("@5s show", "@5s heal\n@6s show"));
    let world = session.world(0);
    expect![[r#"
        n1 backup 2 of n2
        n2 primary 2 of n2
        n3 backup 2 of n2
    "#]]
    .assert_eq(&roles(world));
    for n in 1..=3 {
        assert_eq!(data(world, n), "x=of-n2");
    }
}

#[test]
fn without_elections_somebody_takes_over_by_hand() {
    let session = play(
        "cluster primary-backup failover=manual latency=10ms
        @100ms c1 set x 1
        @500ms crash n1
        @1s c1 set x 2
        @4s timeout n2
        @5s restart n1
        @7s c2 get x via n1
        @8s show",
    );
    expect![[r#"
        0.00     n1 Led(Term(1))
        10.00    n2 Followed(NodeId(1), Term(1))
        10.00    n3 Followed(NodeId(1), Term(1))
        11.00    n2 Restored(Index(0))
        11.00    n3 Restored(Index(0))
        100.00   > c1 set x 1
        110.00   n1 Appended(Index(1))
        121.00   n2 Replicated(Index(1))
        121.00   n3 Replicated(Index(1))
        132.00   n1 Committed(Index(1))
        142.00   c1 set x 1: Ok(Done)
        500.00   > crash n1
        660.00   n2 Suspected(NodeId(1))
        660.00   n3 Suspected(NodeId(1))
        1000.00  > c1 set x 2
        1510.00  n3 Redirected(Some(NodeId(1)))
        2030.00  n2 Redirected(Some(NodeId(1)))
        2550.00  n3 Redirected(Some(NodeId(1)))
        3070.00  n3 Redirected(Some(NodeId(1)))
        3590.00  n3 Redirected(Some(NodeId(1)))
        4000.00  > timeout n2
        4000.00  n2 Led(Term(2))
        4010.00  n3 Followed(NodeId(2), Term(2))
        4011.00  n3 Restored(Index(1))
        4022.00  n2 Committed(Index(1))
        4100.00  c1 set x 2: Unknown
        5000.00  > restart n1
        5000.00  n1 Led(Term(1))
        5010.00  n1 Followed(NodeId(2), Term(2))
        5011.00  n2 Trusted(NodeId(1))
        5011.00  n3 Trusted(NodeId(1))
        5030.00  n1 Restored(Index(1))
        7000.00  > c2 get x via n1
        7010.00  n1 Redirected(Some(NodeId(2)))
        7040.00  c2 get x: Ok(Read(Some("1")))
    "#]]
    .assert_eq(&story(&session));
    expect![[r#"
        n1 backup 2 of n2
        n2 primary 2 of n2
        n3 backup 2 of n2
    "#]]
    .assert_eq(&roles(session.world(0)));
}

#[test]
fn a_retry_is_applied_once_though_another_primary_sees_it() {
    let session = play(
        "cluster primary-backup latency=10ms
        @1s c1 append x a via n3
        @1.025s cut n3>c1
        @1.1s crash n3
        @3s show",
    );
    let world = session.world(0);
    expect![[r#"
        c1 append x a: Ok(Done)
    "#]]
    .assert_eq(&answers(world));
    assert_eq!(data(world, 2), "x=a");
    assert!(story(&session).contains("n2 Repeated"));
}

#[test]
fn with_acks_one_slow_backup_is_not_waited_for() {
    let script = |acks| {
        format!(
            "cluster primary-backup acks={acks} latency=10ms
            @1s link n1-n3 latency=100ms
            @2s c1 set x 1 via n3
            @4s show"
        )
    };
    let took = |acks| {
        let session = play(&script(acks));
        let operation = session.world(0).operations()[0].clone();
        operation.end.expect("it was answered").at.since(operation.invoked).to_string()
    };
    expect!["42ms"].assert_eq(&took(1));
    expect!["222ms"].assert_eq(&took(0));
}

/// The faults of a random run.
struct Trouble {
    failover: &'static str,
    /// Number of kinds of faults, from the beginning of the list.
    faults: u32,
    /// The least time between two faults.
    apart_ms: u32,
}

/// A script with clients that make requests of every kind, and faults in between.
fn troubles(seed: u64, trouble: &Trouble) -> String {
    let mut rng = Rng::new(seed, Concern::Script);
    let failover = trouble.failover;
    let loss = if trouble.faults > 2 { rng.below(8) } else { 0 };
    let mut script = format!(
        "cluster primary-backup failover={failover} clients=3 seed={seed} loss={loss}% \
         duplicate={loss}% reorder={loss}% timeout=200ms disk={}\n",
        ["1ms", "20ms"][rng.below(2) as usize]
    );
    for i in 0..120 {
        let (at, c, n) = (1_000 + i * 60 + rng.below(50), 1 + rng.below(3), 1 + rng.below(3));
        let key = KEYS[rng.below(4) as usize];
        let op = match rng.below(8) {
            0 | 1 => format!("get {key}"),
            2 => format!("append {key} {i}"),
            3 => format!("cas {key} {} {i}", i.saturating_sub(1)),
            4 => format!("upd {key} {i}"),
            5 => format!("del {key}"),
            _ => format!("set {key} {i}"),
        };
        let via = if rng.below(3) == 0 { format!(" via n{n}") } else { String::new() };
        script += &format!("@{at}ms c{c} {op}{via}\n");
    }
    let mut at = 1_000;
    while at < 8_000 {
        let (n, m, lasts) = (1 + rng.below(3), 1 + rng.below(3), 50 + rng.below(1_500));
        let (fault, end) = match rng.below(trouble.faults) {
            0 => (format!("crash n{n}"), format!("restart n{n}")),
            1 => (format!("restart n{n}"), format!("restart n{n}")),
            2 => (format!("pause n{n}"), format!("resume n{n}")),
            3 => (format!("isolate n{n}"), format!("heal n{n}")),
            4 => (
                format!("partition n{n} c1 | n{} n{} c2", n % 3 + 1, (n + 1) % 3 + 1),
                "heal".into(),
            ),
            5 if n != m => (format!("cut n{n}>n{m}"), format!("heal n{n}-n{m}")),
            6 if n != m => {
                (format!("link n{n}>n{m} latency=300ms"), format!("link n{n}>n{m} latency=10ms"))
            }
            7 => (format!("timeout n{n}"), format!("timeout n{m}")),
            _ => continue,
        };
        script += &format!("@{at}ms {fault}\n@{}ms {end}\n", at + lasts);
        at += trouble.apart_ms + rng.below(1_000);
    }
    script += "@9s heal; @9s restart n1; @9s restart n2; @9s restart n3\n";
    for (i, key) in KEYS.into_iter().enumerate() {
        script += &format!("@{}ms c1 get {key}\n", 11_000 + 100 * i);
    }
    script + "@12s show"
}

/// The keys of the writes in a random run.
const KEYS: [&str; 4] = ["x", "y", "z", "w"];

/// Plays a random run under audit.
fn watched(seed: u64, script: &str) -> World {
    let print = || script.to_owned();
    let _replay = Replay::of(seed, &print);
    let run = quorumscope_core::script::parse(script).expect("it is well-formed");
    let (mut auditor, mut disks) = (Auditor::default(), Disks::default());
    let until = run.show.expect("it says when it is over").at;
    quorumscope_core::world::watch(&run, until, |world| {
        if let Err(problem) = auditor.look(world).and_then(|()| disks.look(world)) {
            panic!("{}", failure(seed, world, problem, ""));
        }
        true
    })
}

/// The guarantee of a synchronous primary holds in every run, even where epochs follow each other
/// so fast that the answers are not linearizable.
#[test]
fn a_synchronous_answer_waits_for_every_backup_that_is_taken_for_alive() {
    let trouble = Trouble { failover: "bully", faults: 8, apart_ms: 100 };
    let most = seeds().take(300);
    let answered: usize = most
        .map(|seed| {
            let world = watched(seed, &troubles(seed, &trouble));
            world.operations().iter().filter(|o| was_answered(o)).count()
        })
        .sum();
    assert!(answered > 1_000, "something is answered: {answered}");
}

#[test]
fn synchronous_without_failover_is_linearizable() {
    let trouble = Trouble { failover: "manual", faults: 6, apart_ms: 100 };
    let (mut answered, mut asked) = (0, 0);
    for seed in seeds() {
        let script = troubles(seed, &trouble);
        let world = watched(seed, &script);
        assert!(
            is_linearizable(&world),
            "seed {seed}: not linearizable: {}\n{script}",
            answers(&world)
        );
        asked += world.operations().len();
        answered += world.operations().iter().filter(|o| was_answered(o)).count();
    }
    assert!(answered * 2 > asked, "most of them are answered: {answered} of {asked}");
}

fn was_answered(operation: &Operation) -> bool {
    operation.end.as_ref().is_some_and(|e| matches!(e.outcome, Outcome::Ok(_)))
}

/// One crash at a time, with the crashed node back and up to date before the next: then elections
/// find a backup with all updates.
#[test]
fn synchronous_failover_survives_one_crash_after_another() {
    let trouble = Trouble { failover: "bully", faults: 2, apart_ms: 3_500 };
    for seed in seeds() {
        let script = troubles(seed, &trouble);
        let world = watched(seed, &script);
        assert!(
            is_linearizable(&world),
            "seed {seed}: not linearizable: {}\n{script}",
            answers(&world)
        );
    }
}

/// Without a guarantee it does fail: with failover and every kind of fault.
#[test]
fn synchronous_with_failover_is_not_linearizable_under_partitions() {
    let trouble = Trouble { failover: "bully", faults: 6, apart_ms: 100 };
    let breaks = |seed| !is_linearizable(play(&troubles(seed, &trouble)).world(0));
    assert!((1..=30).any(breaks));
}

/// The transfer m257 left before update 2, which n3 acknowledged before it crashed.
#[test]
fn a_transfer_that_was_overtaken_takes_nothing_back_that_was_acknowledged() {
    let session = play(
        "cluster primary-backup failover=manual latency=10ms disk=1ms
        @1s c1 set x 1
        @2s cut n3>n1
        @3s heal n3-n1
        @3.025s delay m257 145ms
        @3.1s c1 set x 2
        @3.15s restart n3
        @3.172s drop m277
        @3.178s crash n1
        @3.3s timeout n3
        @4s c2 get x via n3
        @5s show",
    );
    assert_eq!(data(session.world(0), 3), "x=2");
    assert!(is_linearizable(session.world(0)), "{}", answers(session.world(0)));
}
