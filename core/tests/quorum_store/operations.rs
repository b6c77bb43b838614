//! The behaviour of coordinators and replicas, as transcripts.

use crate::play::{data, detail, play};
use crate::transcript;
use expect_test::expect;
use quorumscope_core::ids::{EventId, NodeId};
use quorumscope_core::session::Session;
use quorumscope_core::trace::What;
use std::fmt::Write;

#[test]
fn a_write_waits_for_w_and_a_read_for_r() {
    let session = play(
        "cluster quorum nodes=3 latency=10ms
        @0s   c1 set x 1 via n1
        @1s   c2 get x via n2
        @1.5s c2 del x
        @2s   c2 get x
        @3s   show",
    );
    expect![[r#"
        0.00     > c1 set x 1 via n1
        10.00    n1 Stored
        11.00    n1 Answered(1, 2)
        20.00    n2 Stored
        20.00    n3 Stored
        31.00    n1 Answered(2, 2)
        41.00    c1 set x 1: Ok(Done)
        1000.00  > c2 get x via n2
        1010.00  n2 Answered(1, 2)
        1030.00  n2 Answered(2, 2)
        1040.00  c2 get x: Ok(Read(Some("1")))
        1500.00  > c2 del x
        1510.00  n2 Answered(1, 2)
        1530.00  n2 Answered(2, 2)
        1530.00  n2 Stored
        1531.00  n2 Answered(1, 2)
        1540.00  n1 Stored
        1540.00  n3 Stored
        1551.00  n2 Answered(2, 2)
        1561.00  c2 del x: Ok(Done)
        2000.00  > c2 get x
        2010.00  n2 Answered(1, 2)
        2030.00  n2 Answered(2, 2)
        2040.00  c2 get x: Ok(Read(None))
    "#]]
    .assert_eq(&transcript(&session));
}

#[test]
fn conditions_and_appends_read_before_they_write() {
    let session = play(
        "cluster quorum nodes=3 latency=10ms
        @0s   c1 upd x 1
        @0s   c1 append x a
        @0s   c1 append x b
        @0s   c1 cas x ab c
        @0s   c1 cas x ab d
        @0s   c1 upd x e
        @2s   show",
    );
    expect![[r#"
        0.00     > c1 upd x 1
        0.00     > c1 append x a
        0.00     > c1 append x b
        0.00     > c1 cas x ab c
        0.00     > c1 cas x ab d
        0.00     > c1 upd x e
        10.00    n1 Answered(1, 2)
        30.00    n1 Answered(2, 2)
        40.00    c1 upd x 1: Ok(Refused(NoSuchKey))
        50.00    n1 Answered(1, 2)
        70.00    n1 Answered(2, 2)
        70.00    n1 Stored
        71.00    n1 Answered(1, 2)
        80.00    n2 Stored
        80.00    n3 Stored
        91.00    n1 Answered(2, 2)
        101.00   c1 append x a: Ok(Done)
        111.00   n1 Answered(1, 2)
        131.00   n1 Answered(2, 2)
        131.00   n1 Stored
        132.00   n1 Answered(1, 2)
        141.00   n2 Stored
        141.00   n3 Stored
        152.00   n1 Answered(2, 2)
        162.00   c1 append x b: Ok(Done)
        172.00   n1 Answered(1, 2)
        192.00   n1 Answered(2, 2)
        192.00   n1 Stored
        193.00   n1 Answered(1, 2)
        202.00   n2 Stored
        202.00   n3 Stored
        213.00   n1 Answered(2, 2)
        223.00   c1 cas x ab c: Ok(Done)
        233.00   n1 Answered(1, 2)
        253.00   n1 Answered(2, 2)
        263.00   c1 cas x ab d: Ok(Refused(Mismatch))
        273.00   n1 Answered(1, 2)
        293.00   n1 Answered(2, 2)
        293.00   n1 Stored
        294.00   n1 Answered(1, 2)
        303.00   n2 Stored
        303.00   n3 Stored
        314.00   n1 Answered(2, 2)
        324.00   c1 upd x e: Ok(Done)
    "#]]
    .assert_eq(&transcript(&session));
    assert_eq!(data(session.world(0), 3), "x=e");
}

#[test]
fn a_node_that_is_no_home_coordinates_and_keeps_nothing() {
    let session = play(
        "cluster quorum nodes=5 n=2 w=2 r=1 latency=10ms
        @0s c1 set x 1 via n1
        @0s c2 set x 2 via n2
        @0.5s c1 set x 3 via n3
        @1s show",
    );
    let held: Vec<_> = (1..=5).map(|n| data(session.world(0), n)).collect();
    expect!["x=3, x=3, , , "].assert_eq(&held.join(", "));
}

#[test]
fn a_strict_quorum_keeps_hints_that_do_not_count_and_hands_them_over() {
    let session = play(
        "cluster quorum nodes=3 latency=10ms read-repair=off
        @0s   crash n3
        @0.1s c1 set x 1 via n1
        @0.9s restart n3
        @2s   show",
    );
    expect![[r#"
        0.00     > crash n3
        100.00   > c1 set x 1 via n1
        110.00   n1 Stored
        111.00   n1 Answered(1, 2)
        120.00   n2 Stored
        131.00   n1 Answered(2, 2)
        141.00   c1 set x 1: Ok(Done)
        235.00   n1 Suspected(NodeId(3))
        235.00   n1 Hinted(NodeId(3))
        900.00   > restart n3
        1245.00  n3 Stored
        1256.00  n1 HandedOver(NodeId(3), 1)
    "#]]
    .assert_eq(&transcript(&session));
    assert_eq!(data(session.world(0), 3), "x=1");
    assert_eq!(detail(session.world(0), 1, "hints waiting"), "0");
}

#[test]
fn a_sloppy_quorum_writes_to_stand_ins() {
    let session = play(
        "cluster quorum nodes=5 sloppy=on latency=10ms
        @0s    crash n3
        @0s    crash n4
        @0.1s  c1 set x 1 via n1
        @0.3s  c1 set x 2 via n1
        @0.4s  restart n3
        @0.4s  restart n4
        @2s    show",
    );
    expect![[r#"
        0.00     > crash n3
        0.00     > crash n4
        100.00   > c1 set x 1 via n1
        110.00   n1 Stored
        111.00   n1 Answered(1, 2)
        120.00   n2 Stored
        131.00   n1 Answered(2, 2)
        141.00   c1 set x 1: Ok(Done)
        235.00   n1 Suspected(NodeId(3))
        300.00   > c1 set x 2 via n1
        310.00   n1 Stored
        311.00   n1 Answered(1, 2)
        320.00   n2 Stored
        331.00   n1 Answered(2, 2)
        341.00   c1 set x 2: Ok(Done)
        400.00   > restart n3
        400.00   > restart n4
        435.00   n1 Suspected(NodeId(4))
        445.00   n5 Hinted(NodeId(3))
        955.00   n3 Stored
        966.00   n5 HandedOver(NodeId(3), 1)
    "#]]
    .assert_eq(&transcript(&session));
}

#[test]
fn without_a_quorum_a_read_is_unavailable_and_a_write_unknown() {
    let session = play(
        "cluster quorum nodes=3 latency=10ms retries=1
        @0s crash n2
        @0s crash n3
        @0s c1 get x via n1
        @0s c2 set x 1 via n1
        @3s show",
    );
    expect![[r#"
        0.00     > crash n2
        0.00     > crash n3
        0.00     > c1 get x via n1
        0.00     > c2 set x 1 via n1
        10.00    n1 Answered(1, 2)
        10.00    n1 Stored
        11.00    n1 Answered(1, 2)
        135.00   n1 Suspected(NodeId(2))
        135.00   n1 Suspected(NodeId(3))
        135.00   n1 Hinted(NodeId(2))
        135.00   n1 Hinted(NodeId(3))
        385.00   n1 GaveUp(1)
        385.00   n1 GaveUp(1)
        933.53   c1 get x: Unknown
        1000.00  c2 set x 1: Unknown
    "#]]
    .assert_eq(&transcript(&session));
}

#[test]
fn what_is_stored_outlives_a_crash_and_not_a_wipe() {
    let session = play(
        "cluster quorum nodes=3 n=3 w=3 latency=10ms read-repair=off
        @0s   c1 set x 1 via n1
        @0.5s wipe n2
        @0.5s crash n3
        @0.6s restart n2
        @0.6s restart n3
        @1s   show",
    );
    let held: Vec<_> = (1..=3).map(|n| data(session.world(0), n)).collect();
    assert_eq!(held, ["x=1", "", "x=1"]);
}

#[test]
fn the_client_coordinates_when_it_is_told_to() {
    let session = play(
        "cluster quorum nodes=3 coordinator=client latency=10ms retries=0
        @0s   clock c1 +50ms
        @0.1s c1 set x 1
        @0.2s c2 append x 2
        @1s   c2 get x
        @1.1s isolate n1
        @1.1s isolate n2
        @1.2s c1 set x 3
        @1.2s c2 get x
        @3s   show",
    );
    expect![[r#"
        0.00     > clock c1 +50ms
        100.00   > c1 set x 1
        110.00   n1 Stored
        110.00   n2 Stored
        110.00   n3 Stored
        121.00   c1 set x 1: Ok(Done)
        200.00   > c2 append x 2
        230.00   n1 Stored
        230.00   n2 Stored
        230.00   n3 Stored
        241.00   c2 append x 2: Ok(Done)
        1000.00  > c2 get x
        1020.00  c2 get x: Ok(Read(Some("12")))
        1100.00  > isolate n1
        1100.00  > isolate n2
        1200.00  > c1 set x 3
        1200.00  > c2 get x
        1210.00  n3 Stored
        1575.00  c1 set x 3: Unknown
        1575.00  c2 get x: Failed
    "#]]
    .assert_eq(&transcript(&session));
}

/// The messages between nodes from some time on: arrival and content.
fn messages(session: &Session, from_ms: f64) -> String {
    let mut lines = String::new();
    for (_, event) in session.trace(0).iter_from(EventId(0)) {
        let What::Delivered(p) = event.what else { continue };
        let at = event.at.as_ms_f64();
        if at >= from_ms && p.from.node().is_some() && p.to.node().is_some() {
            writeln!(lines, "{at:>6} {} > {} {}", p.from, p.to, p.kind.name()).unwrap();
        }
    }
    lines
}

#[test]
fn replicas_compare_level_by_level_and_exchange_what_differs() {
    let session = play(
        "cluster quorum nodes=2 n=2 w=1 r=1 read-repair=off hints=off latency=10ms
        @0s   c1 set x 1 via n1
        @0s   c2 set y 1 via n1
        @0.5s cut n1-n2
        @0.6s c1 set x 2 via n1
        @0.6s c2 set x 3 via n2
        @1s   heal
        @1s   set anti-entropy=1s
        @1.9s show",
    );
    expect![[r#"
        1442.506 n1 > n2 MerkleRoots
        1452.506 n2 > n1 MerkleHashes
        1462.506 n1 > n2 MerkleHashes
        1472.506 n2 > n1 MerkleLeaf
        1482.506 n1 > n2 Sync
        1492.506 n2 > n1 Sync
        1501.189 n2 > n1 MerkleRoots
    "#]]
    .assert_eq(&messages(&session, 1_000.0));
    assert_eq!(
        (data(session.world(0), 1), data(session.world(0), 2)),
        ("x=3 y=1".into(), "x=3 y=1".into())
    );
    assert_eq!(
        detail(session.world(0), 1, "Merkle root"),
        detail(session.world(0), 2, "Merkle root")
    );
}

#[test]
fn each_leg_has_its_own_latency() {
    let session = play(
        "cluster quorum nodes=3 coordinator=client latency=10ms disk=1ms \
         latency.w=100ms latency.a=20ms latency.r=50ms latency.s=5ms
        @0s c1 set x 1
        @1s c1 get x
        @2s link c1-n1 latency=1ms
        @2s link c1-n2 latency=1ms
        @2s c1 get x
        @3s show",
    );
    let ends = session.world(0).operations().iter().map(|o| {
        let end = o.end.as_ref().expect("it was answered").at;
        end.since(o.invoked).to_string()
    });
    assert_eq!(ends.collect::<Vec<_>>(), ["121ms", "55ms", "2ms"]);
}

#[test]
fn a_long_log_gives_way_to_a_checkpoint() {
    let session = play(
        "cluster quorum nodes=3 n=3 w=3 clients=20 latency=1ms
        @0s   workload rate=2000/s reads=0% keys=50
        @3s   workload off
        @4s   crash n2
        @4.1s restart n2
        @5s   show",
    );
    let world = session.world(0);
    let disk = world.node(NodeId(2)).unwrap().disk();
    assert!(disk.has_checkpoint() && disk.log_len() < 1_000, "{}", disk.log_len());
    assert_eq!(data(world, 2), data(world, 1));
    assert_eq!(detail(world, 2, "Merkle root"), detail(world, 1, "Merkle root"));
}

/// Duration of each operation, in milliseconds.
fn took(script: &str) -> Vec<f64> {
    let session = play(script);
    let operations = session.world(0).operations();
    operations.iter().map(|o| o.took().expect("it was answered").as_us() as f64 / 1_000.0).collect()
}

#[test]
fn what_is_said_of_the_network_or_a_link_holds_for_the_legs_too() {
    let legs = "cluster quorum nodes=3 coordinator=client latency=10ms disk=1ms latency.w=100ms";
    let one = |said: &str| took(&format!("{legs}\n{said}@1s c1 set x 1\n@2s show"))[0];
    assert_eq!(one(""), 111.0);
    // Also where the statement repeats the usual latency.
    assert_eq!(one("@0s network latency=10ms\n"), 21.0);
    let links = |latency: &str| -> String {
        (1..=3).map(|n| format!("@0s link c1-n{n} latency={latency}\n")).collect()
    };
    assert_eq!(one(&links("10ms")), 21.0);
    assert_eq!(one(&links("30ms")), 61.0);
    // A statement without a latency leaves the legs unchanged.
    assert_eq!(one("@0s link c1-n1 loss=0%\n@0s network reorder=0%\n"), 111.0);
}

#[test]
fn a_slow_disk_is_waited_for_until_it_is_as_usual_again() {
    let took = took(
        "cluster quorum nodes=1 n=1 w=1 r=1 latency=10ms disk=1ms
        @0s   disk n1 300ms
        @1s   c1 set x 1
        @1.5s crash n1
        @1.6s restart n1
        @2s   c1 set x 2
        @3s   disk n1 usual
        @4s   c1 set x 3
        @5s   show",
    );
    assert_eq!(took, [320.0, 320.0, 21.0]);
}
