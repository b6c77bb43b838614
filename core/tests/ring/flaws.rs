//! The limits of the original, each with a script that shows it.

use super::{data, told};
use expect_test::{Expect, expect};
use quorumscope_core::ids::NodeId;
use quorumscope_core::script;
use quorumscope_core::world::{World, play};

fn check(text: &str, expected: &Expect) -> World {
    let run = script::parse(text).expect("the script is written correctly");
    let show = run.show.expect("the script says when it is over");
    let world = play(&run, show.at);
    expected.assert_eq(&told(&world));
    world
}

#[test]
fn a_replica_that_missed_a_version_answers_with_an_older_one() {
    check(
        include_str!("../scripts/ring-replica-reads-stale.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 set x 2: done
        c1 get x: 1
    "#]],
    );
}

#[test]
fn a_wiped_owner_forgets_what_its_replicas_know() {
    let world = check(
        include_str!("../scripts/ring-wiped-owner-forgets.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 get x: no such key
    "#]],
    );
    for replica in [1, 2].map(NodeId) {
        assert_eq!(data(&world, replica).unwrap().get("x").map(String::as_str), Some("1"));
    }
}

#[test]
fn two_sides_of_a_partition_answer_differently() {
    check(
        include_str!("../scripts/ring-partition-diverges.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 set x 2: done
        c1 get x: 2
        c2 get x: 1
    "#]],
    );
}

#[test]
fn what_a_replica_missed_it_never_gets() {
    let world = check(
        include_str!("../scripts/ring-replica-stays-behind.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 set x 2: done
    "#]],
    );
    let held = [5, 1, 2].map(|n| data(&world, NodeId(n)).unwrap().remove("x").unwrap());
    assert_eq!(held, ["2", "1", "2"]);
}

#[test]
fn a_retry_is_applied_twice() {
    check(
        include_str!("../scripts/ring-retry-applies-twice.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 append x 2: done
        c1 get x: 122
    "#]],
    );
}

#[test]
fn a_dead_owner_that_is_removed_takes_its_last_writes_along() {
    check(
        include_str!("../scripts/ring-removed-corpse-takes-writes-along.qs"),
        &expect![[r#"
        c1 set x 1: done
        c1 set x 2: done
        c1 get x: 1
    "#]],
    );
}

#[test]
fn a_balancer_that_is_cut_off_refuses_writes_that_could_be_done() {
    check(
        include_str!("../scripts/ring-balancer-suspects-the-living.qs"),
        &expect![[r#"
            c1 set x 1: done
            c1 set x 2: unknown
            c2 set x 3: done
            c1 get x: 3
        "#]],
    );
}
