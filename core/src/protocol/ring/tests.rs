//! Small scenarios, event for event.

use crate::ids::{Addr, NodeId};
use crate::protocol::{Kind, Machine, Outcome};
use crate::run::Run;
use crate::script;
use crate::time::Time;
use crate::trace::What;
use crate::world::World;
use expect_test::{Expect, expect};
use std::fmt::Write as _;

/// Plays a script to a time.
fn play(text: &str, until_ms: u64) -> (World, String) {
    let run = script::parse(text).expect("the script is written correctly");
    let mut world = World::new(&run.clusters[0]);
    let mut lines = String::new();
    while world.advance(&run.commands, Time::from_ms(until_ms)) {
        tell(&mut world, &run, &mut lines);
    }
    (world, lines)
}

/// Appends the events, without health checks and the moments of sending.
fn tell(world: &mut World, run: &Run, lines: &mut String) {
    let events: Vec<_> = world.take_events().collect();
    for event in events {
        let line = match event.what {
            What::Delivered(p) if !is_check(p.kind) => {
                let name = p.kind.name();
                format!("{} > {}: {name}", p.from, p.to)
            }
            What::Lost(p, why) if !is_check(p.kind) => {
                format!("{} > {}: {} is lost: {why:?}", p.from, p.to, p.kind.name())
            }
            What::Commanded(place) => {
                format!("* {}", script::print_statement(&run.commands[place as usize].statement))
            }
            What::Returned(client, id) => {
                let operation = world.operation(id).expect("it was asked");
                let outcome = operation.end.as_ref().map(|end| &end.outcome);
                format!("{client} {}: {}", operation.request, shown(outcome))
            }
            What::Noted(n, fact) => format!("{n} {fact:?}"),
            What::BalancerNoted(fact) => format!("lb {fact:?}"),
            What::Left(n) => format!("{n} has left"),
            _ => continue,
        };
        let _ = writeln!(lines, "{:<9} {line}", event.at.to_string());
    }
}

fn is_check(kind: Kind) -> bool {
    matches!(kind, Kind::HealthCheck | Kind::HealthReply)
}

fn shown(outcome: Option<&Outcome>) -> String {
    match outcome {
        Some(Outcome::Ok(answer)) => crate::protocol::ReplyBody::Answer(answer.clone()).to_string(),
        other => format!("{other:?}"),
    }
}

fn check(text: &str, until_ms: u64, expected: &Expect) -> World {
    let (world, lines) = play(text, until_ms);
    expected.assert_eq(&lines);
    world
}

/// The rows of a node's detail.
fn detail(world: &World, n: u16) -> String {
    let host = world.node(NodeId(n)).expect("there is such a node");
    let Some(machine) = host.machine() else { return "down".to_owned() };
    rows(machine.detail())
}

fn rows(rows: Vec<(&'static str, String)>) -> String {
    rows.into_iter().fold(String::new(), |all, (name, value)| all + name + ": " + &value + "\n")
}

#[test]
fn a_write_goes_through_the_balancer_to_the_owner_and_on_to_the_replicas() {
    check(
        "cluster ring latency=10ms\n@100ms c1 set x 1\n@300ms c1 get x",
        600,
        &expect![[r#"
            100ms     * c1 set x 1
            110ms     c1 > lb: Request
            120ms     lb > n5: Forward
            131ms     n5 > n1: Replicate
            131ms     n1 Stored
            131ms     n5 > n2: Replicate
            131ms     n2 Stored
            131ms     n5 > lb: ForwardReply
            141ms     lb > c1: Reply
            141ms     c1 set x 1: done
            300ms     * c1 get x
            310ms     c1 > lb: Request
            320ms     lb > n5: Forward
            330ms     n5 > lb: ForwardReply
            340ms     lb > c1: Reply
            340ms     c1 get x: 1
        "#]],
    );
}

#[test]
fn any_node_forwards_and_the_answer_comes_back_through_it() {
    check(
        "cluster ring balancer=off latency=10ms\n@100ms c1 set x 1 via n1\n@200ms c2 get x via n2",
        600,
        &expect![[r#"
            100ms     * c1 set x 1 via n1
            110ms     c1 > n1: Request
            120ms     n1 > n5: Forward
            131ms     n5 > n1: Replicate
            131ms     n1 Stored
            131ms     n5 > n2: Replicate
            131ms     n2 Stored
            131ms     n5 > n1: ForwardReply
            142ms     n1 > c1: Reply
            142ms     c1 set x 1: done
            200ms     * c2 get x via n2
            210ms     c2 > n2: Request
            220ms     n2 > n5: Forward
            230ms     n5 > n2: ForwardReply
            240ms     n2 > c2: Reply
            240ms     c2 get x: 1
        "#]],
    );
}

#[test]
fn reads_of_a_dead_owner_go_to_a_replica_and_writes_fail() {
    check(
        "cluster ring latency=10ms retries=0\n@100ms c1 set x 1\n@300ms crash n5\n\
         @310ms c1 get x\n@1200ms c1 get x\n@1500ms c1 set x 2\n@1600ms restart n5\n@2s c1 set x 3",
        2_500,
        &expect![[r#"
            100ms     * c1 set x 1
            110ms     c1 > lb: Request
            120ms     lb > n5: Forward
            131ms     n5 > n1: Replicate
            131ms     n1 Stored
            131ms     n5 > n2: Replicate
            131ms     n2 Stored
            131ms     n5 > lb: ForwardReply
            141ms     lb > c1: Reply
            141ms     c1 set x 1: done
            300ms     * crash n5
            310ms     * c1 get x
            320ms     c1 > lb: Request
            330ms     lb > n5: Forward is lost: Down
            486.666ms lb FellBack(NodeId(5), Some(NodeId(1)))
            496.666ms lb > n1: Read
            506.666ms n1 > lb: ForwardReply
            516.666ms lb > c1: Reply
            516.666ms c1 get x: 1
            820ms     lb Suspected(NodeId(5))
            1.2s      * c1 get x
            1.21s     c1 > lb: Request
            1.22s     lb > n1: Read
            1.23s     n1 > lb: ForwardReply
            1.24s     lb > c1: Reply
            1.24s     c1 get x: 1
            1.5s      * c1 set x 2
            1.51s     c1 > lb: Request
            1.52s     lb > c1: Reply
            1.52s     c1 set x 2: Some(Unknown)
            1.6s      * restart n5
            1.6s      n5 Replayed(1)
            1.62s     lb Trusted(NodeId(5))
            2s        * c1 set x 3
            2.01s     c1 > lb: Request
            2.02s     lb > n5: Forward
            2.031s    n5 > n1: Replicate
            2.031s    n1 Stored
            2.031s    n5 > n2: Replicate
            2.031s    n2 Stored
            2.031s    n5 > lb: ForwardReply
            2.041s    lb > c1: Reply
            2.041s    c1 set x 3: done
        "#]],
    );
}

#[test]
fn a_node_that_joins_takes_over_what_belongs_to_it() {
    let world = check(
        "cluster ring latency=10ms nodes=3 replicas=2\n@100ms c1 set a 1\n@200ms c1 set b 1\n\
         @300ms c1 set c 1\n@400ms c1 set d 1\n@500ms add n4\n@510ms c1 get a\n@510ms c2 get b",
        1_500,
        &expect![[r#"
            100ms     * c1 set a 1
            110ms     c1 > lb: Request
            120ms     lb > n1: Forward
            131ms     n1 > n2: Replicate
            131ms     n2 Stored
            131ms     n1 > lb: ForwardReply
            141ms     lb > c1: Reply
            141ms     c1 set a 1: done
            200ms     * c1 set b 1
            210ms     c1 > lb: Request
            220ms     lb > n1: Forward
            231ms     n1 > n3: Replicate
            231ms     n3 Stored
            231ms     n1 > lb: ForwardReply
            241ms     lb > c1: Reply
            241ms     c1 set b 1: done
            300ms     * c1 set c 1
            310ms     c1 > lb: Request
            320ms     lb > n2: Forward
            331ms     n2 > n1: Replicate
            331ms     n1 Stored
            331ms     n2 > lb: ForwardReply
            341ms     lb > c1: Reply
            341ms     c1 set c 1: done
            400ms     * c1 set d 1
            410ms     c1 > lb: Request
            420ms     lb > n3: Forward
            431ms     n3 > n2: Replicate
            431ms     n2 Stored
            431ms     n3 > lb: ForwardReply
            441ms     lb > c1: Reply
            441ms     c1 set d 1: done
            500ms     * add n4
            500ms     n1 HandedOver(NodeId(4), 1)
            500ms     n2 HandedOver(NodeId(4), 1)
            500ms     n3 HandedOver(NodeId(4), 0)
            510ms     n1 > n4: Transfer
            510ms     n2 > n4: Transfer
            510ms     n3 > n4: Transfer
            510ms     n4 Settled
            510ms     * c1 get a
            510ms     * c2 get b
            520ms     c1 > lb: Request
            520ms     c2 > lb: Request
            521ms     n4 > n1: TransferReply
            522ms     n4 > n2: TransferReply
            522ms     n4 > n3: TransferReply
            530ms     lb > n4: Forward
            530ms     lb > n1: Forward
            540ms     n4 > lb: ForwardReply
            540ms     n1 > lb: ForwardReply
            550ms     lb > c1: Reply
            550ms     c1 get a: 1
            550ms     lb > c2: Reply
            550ms     c2 get b: 1
        "#]],
    );
    expect![[r#"
        share of the ring: n4 13.2 %
        owner of: 1 key: a
        copies of: 1 key: c
        log: 5 records
        recovery: from nothing
        keys handed over: 0 in 0 bytes
        keys taken over: 2 in 33 bytes
    "#]]
    .assert_eq(&detail(&world, 4));
    expect![[r#"
        shares of the ring: n1 24.2 %, n2 26.2 %, n3 36.2 %, n4 13.2 %
        believed down: none
        passed on, not answered: 0
    "#]]
    .assert_eq(&rows(world.balancer().expect("it is on").machine().detail()));
}

#[test]
fn a_node_that_leaves_hands_over_and_ends() {
    let world = check(
        "cluster ring latency=10ms nodes=3 replicas=2\n@100ms c1 set a 1\n@200ms c1 set b 1\n\
         @300ms c1 set c 1\n@400ms c1 set d 1\n@500ms remove n2\n@600ms c1 get a\n@600ms c2 get b",
        1_500,
        &expect![[r#"
            100ms     * c1 set a 1
            110ms     c1 > lb: Request
            120ms     lb > n1: Forward
            131ms     n1 > n2: Replicate
            131ms     n2 Stored
            131ms     n1 > lb: ForwardReply
            141ms     lb > c1: Reply
            141ms     c1 set a 1: done
            200ms     * c1 set b 1
            210ms     c1 > lb: Request
            220ms     lb > n1: Forward
            231ms     n1 > n3: Replicate
            231ms     n3 Stored
            231ms     n1 > lb: ForwardReply
            241ms     lb > c1: Reply
            241ms     c1 set b 1: done
            300ms     * c1 set c 1
            310ms     c1 > lb: Request
            320ms     lb > n2: Forward
            331ms     n2 > n1: Replicate
            331ms     n1 Stored
            331ms     n2 > lb: ForwardReply
            341ms     lb > c1: Reply
            341ms     c1 set c 1: done
            400ms     * c1 set d 1
            410ms     c1 > lb: Request
            420ms     lb > n3: Forward
            431ms     n3 > n2: Replicate
            431ms     n2 Stored
            431ms     n3 > lb: ForwardReply
            441ms     lb > c1: Reply
            441ms     c1 set d 1: done
            500ms     * remove n2
            500ms     n1 HandedOver(NodeId(3), 2)
            500ms     n2 HandedOver(NodeId(1), 1)
            500ms     n2 HandedOver(NodeId(3), 0)
            500ms     n3 HandedOver(NodeId(1), 1)
            510ms     n2 > n1: Transfer
            510ms     n1 Settled
            510ms     n2 > n3: Transfer
            510ms     n3 Settled
            511ms     n1 > n3: Transfer
            511ms     n3 > n1: Transfer
            520ms     n1 > n2: TransferReply
            520ms     n3 > n2: TransferReply
            520ms     n2 has left
            522ms     n1 > n3: TransferReply
            522ms     n3 > n1: TransferReply
            600ms     * c1 get a
            600ms     * c2 get b
            610ms     c1 > lb: Request
            610ms     c2 > lb: Request
            620ms     lb > n1: Forward
            620ms     lb > n1: Forward
            630ms     n1 > lb: ForwardReply
            630ms     n1 > lb: ForwardReply
            640ms     lb > c1: Reply
            640ms     c1 get a: 1
            640ms     lb > c2: Reply
            640ms     c2 get b: 1
        "#]],
    );
    expect![[r#"
        share of the ring: n1 47.1 %
        owner of: 3 keys: a, b, c
        copies of: 1 key: d
        log: 7 records
        recovery: from nothing
        keys handed over: 2 in 23 bytes
        keys taken over: 2 in 28 bytes
    "#]]
    .assert_eq(&detail(&world, 1));
}

#[test]
fn recovery_is_checkpoint_and_log() {
    let world = check(
        "cluster ring latency=10ms nodes=1 checkpoint=500ms\n@100ms c1 set x 1\n@200ms c1 set y 1\n\
         @600ms c1 append x 2\n@700ms c1 del y\n@800ms crash n1\n@900ms restart n1\n@1s c1 get x\n\
         @1s c2 get y",
        1_200,
        &expect![[r#"
            100ms     * c1 set x 1
            110ms     c1 > lb: Request
            120ms     lb > n1: Forward
            131ms     n1 > lb: ForwardReply
            141ms     lb > c1: Reply
            141ms     c1 set x 1: done
            200ms     * c1 set y 1
            210ms     c1 > lb: Request
            220ms     lb > n1: Forward
            231ms     n1 > lb: ForwardReply
            241ms     lb > c1: Reply
            241ms     c1 set y 1: done
            500ms     n1 Saved(2)
            600ms     * c1 append x 2
            610ms     c1 > lb: Request
            620ms     lb > n1: Forward
            631ms     n1 > lb: ForwardReply
            641ms     lb > c1: Reply
            641ms     c1 append x 2: done
            700ms     * c1 del y
            710ms     c1 > lb: Request
            720ms     lb > n1: Forward
            731ms     n1 > lb: ForwardReply
            741ms     lb > c1: Reply
            741ms     c1 del y: done
            800ms     * crash n1
            900ms     * restart n1
            900ms     n1 Replayed(2)
            1s        * c1 get x
            1s        * c2 get y
            1.01s     c1 > lb: Request
            1.01s     c2 > lb: Request
            1.02s     lb > n1: Forward
            1.02s     lb > n1: Forward
            1.03s     n1 > lb: ForwardReply
            1.03s     n1 > lb: ForwardReply
            1.04s     lb > c1: Reply
            1.04s     c1 get x: 12
            1.04s     lb > c2: Reply
            1.04s     c2 get y: no such key
        "#]],
    );
    assert!(matches!(world.node(NodeId(1)).unwrap().machine(), Some(Machine::Ring(_))));
    expect![[r#"
        share of the ring: n1 100.0 %
        owner of: 1 key: x
        copies of: 0 keys
        log: 2 records
        recovery: checkpoint of 2 keys and 2 records of the log
        keys handed over: 0 in 0 bytes
        keys taken over: 0 in 0 bytes
    "#]]
    .assert_eq(&detail(&world, 1));
    assert_eq!(world.clients().next().unwrap().asking(), None::<Addr>);
}
