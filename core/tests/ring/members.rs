//! Joining and leaving: only the necessary keys move, and none is lost on the way.

use super::audit::disks::Disks;
use super::audit::{Replay, failure, printed};
use super::chaos::{END_MS, random_run};
use super::{data, lost_write, replay};
use crate::seeds::seeds;
use quorumscope_core::client::Operation;
use quorumscope_core::hash_ring::HashRing;
use quorumscope_core::ids::{ClientId, NodeId};
use quorumscope_core::protocol::{Message, Outcome, ring};
use quorumscope_core::run::{Run, Statement};
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::settings::{Preset, Settings};
use quorumscope_core::store::Answer;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Status, World, play, watch};
use std::collections::BTreeSet;

/// The keys in transfer between nodes, each with its receiver.
fn moving(world: &World) -> BTreeSet<(String, NodeId)> {
    let transfers = world.flights().filter_map(|flight| match &flight.message {
        Message::Ring(ring::Message::Transfer(batch)) => Some((batch, flight.to.node()?)),
        _ => None,
    });
    let items = transfers.flat_map(|(batch, to)| batch.items.iter().map(move |i| (&i.0, to)));
    items.map(|(key, to)| (key.to_string(), to)).collect()
}

fn rings(run: &Run) -> (HashRing, HashRing) {
    let settings = &run.clusters[0].settings;
    let old = HashRing::new((1..=settings.nodes).map(NodeId), settings.ring.vnodes);
    let new = run.commands.iter().fold(old.clone(), |ring, command| match command.statement {
        Statement::Add(node) => ring.with(node),
        Statement::Remove(node) => ring.without(node),
        _ => ring,
    });
    (old, new)
}

/// 60 keys, and then a change, in a cluster of five with two copies of every key.
fn changed(change: &str) -> (Run, World, BTreeSet<(String, NodeId)>) {
    let sets: String = (0..60).map(|i| format!("@{}ms c1 set k{i} 1\n", i * 60)).collect();
    let text = format!("cluster ring replicas=2 latency=10ms\n{sets}@5s {change}\n");
    let run = script::parse(&text).expect("the script is written correctly");
    let mut moved = BTreeSet::new();
    let world = watch(&run, Time::from_ms(8_000), |world| {
        moved.append(&mut moving(world));
        true
    });
    assert!(world.operations().iter().all(|o| o.took().is_some()));
    (run, world, moved)
}

/// The keys that must go to nodes that had no copy, each with its receiver.
fn must_move(run: &Run) -> BTreeSet<(String, NodeId)> {
    let (old, new) = rings(run);
    let keys = (0..60).map(|i| format!("k{i}"));
    let receivers = |key: &String| -> Vec<NodeId> {
        new.preference(key).take(2).filter(|&n| !old.holds(n, key, 2)).collect()
    };
    keys.flat_map(|key| receivers(&key).into_iter().map(move |n| (key.clone(), n))).collect()
}

fn assert_placed(run: &Run, world: &World) {
    let (_, new) = rings(run);
    for i in 0..60 {
        let key = format!("k{i}");
        for node in new.preference(&key).take(2) {
            let held = data(world, node).expect("it runs");
            assert_eq!(held.get(&key).map(String::as_str), Some("1"), "{key} on {node}");
        }
    }
}

#[test]
fn a_node_that_joins_gets_its_keys_and_nobody_else_gets_any() {
    let (run, world, moved) = changed("add n6");
    assert_eq!(moved, must_move(&run));
    assert!(moved.iter().all(|(_, to)| *to == NodeId(6)));
    assert!((8..40).contains(&moved.len()), "{} of 120 copies", moved.len());
    assert_placed(&run, &world);
}

#[test]
fn a_node_that_leaves_hands_on_what_it_owned_and_its_copies_are_made_anew() {
    let (run, world, moved) = changed("remove n3");
    let (old, new) = rings(&run);
    let owned = (0..60).map(|i| format!("k{i}")).filter(|k| old.owner(k) == Some(NodeId(3)));
    let handed_on = owned.map(|k| (k.clone(), new.owner(&k).expect("four are left")));
    let expected: BTreeSet<_> = must_move(&run).into_iter().chain(handed_on).collect();
    assert_eq!(moved, expected);
    assert_eq!(world.node(NodeId(3)).map(|h| h.status()), Some(Status::Left));
    assert_placed(&run, &world);
}

#[test]
fn copies_of_a_dead_node_are_made_anew_when_it_is_removed() {
    let (run, world, moved) = changed("crash n3; @6s remove n3");
    assert_eq!(moved, must_move(&run));
    assert_placed(&run, &world);
}

/// A node has not completed its handover when the members change again, and meanwhile it received
/// keys of a node that left: these go on to their present owner.
#[test]
fn what_came_between_two_changes_is_handed_on() {
    let first = HashRing::new((1..=5).map(NodeId), Settings::of(Preset::Ring).ring.vnodes);
    let preference: Vec<NodeId> = first.preference("k0").collect();
    let [owner, heir, others @ ..] = &preference[..] else { panic!("there are five") };
    let cuts: String = others.iter().map(|n| format!("cut {heir}-{n}; @5s ")).collect();
    let change = format!("{cuts} remove {owner}; @6s remove {heir}; @6.1s heal");
    let (_, world, _) = changed(&change);
    assert_eq!(world.node(*heir).map(|h| h.status()), Some(Status::Left));
    let last = first.without(*owner).without(*heir);
    for i in 0..60 {
        let key = format!("k{i}");
        let owner = last.owner(&key).expect("three are left");
        let held = data(&world, owner).expect("it runs");
        assert_eq!(held.get(&key).map(String::as_str), Some("1"), "{key} on {owner}");
    }
}

/// 60 keys, a change, and then reads of all keys through a node: the keys that it reports as
/// absent.
fn missed(setup: &str, change: &str, via: &str) -> Vec<String> {
    let sets: String = (0..60).map(|i| format!("@{}ms c1 set k{i} 1\n", i * 60)).collect();
    let gets: String =
        (0..60).map(|i| format!("@{}ms c2 get k{i} via {via}\n", 5_020 + i)).collect();
    let text = format!("cluster ring latency=10ms {setup}\n{sets}{change}\n{gets}");
    let run = script::parse(&text).expect("the script is written correctly");
    let world = play(&run, Time::from_ms(40_000));
    let read_nothing = |o: &&Operation| {
        matches!(o.end.as_ref().map(|end| &end.outcome), Some(Outcome::Ok(Answer::Read(None))))
    };
    let reads: Vec<_> = world.operations().iter().filter(|o| o.client == ClientId(2)).collect();
    assert_eq!(reads.len(), 60);
    reads.into_iter().filter(read_nothing).map(|o| o.request.to_string()).collect()
}

/// The node crashes before it has received its keys, and must not report them as absent: not even
/// when it crashes before any of them is on its disk.
#[test]
fn a_node_that_crashes_while_it_joins_waits_again_when_it_is_back() {
    for crash_us in (100..9_000).step_by(300) {
        let at_us = 5_000_000 + crash_us;
        let joins = format!("@5s add n6; @{at_us}us crash n6; @5.01s restart n6");
        let missed = missed("", &joins, "n6");
        assert!(missed.is_empty(), "crashed at {at_us} us: {missed:?}");
    }
}

/// The keys of the node that left are in transfer to this node, which must not report them as
/// absent.
#[test]
fn a_node_that_was_down_when_another_left_waits_for_what_that_held() {
    for n in 2..=5 {
        let change = format!("@4.9s crash n1; @5s remove n{n}; @5.01s restart n1");
        let missed = missed("replicas=1", &change, "n1");
        assert!(missed.is_empty(), "n{n} left: {missed:?}");
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_nodes_come_and_go() {
    let (mut moved, mut checkpoints) = (0, 0);
    for seed in seeds() {
        let run = random_run(seed, true);
        let print = || printed(&run);
        let _replay = Replay::of(seed, &print);
        let mut disks = Disks::default();
        let world = watch(&run, Time::from_ms(END_MS), |world| {
            moved += moving(world).len();
            if let Err(problem) = disks.look(world) {
                panic!("{}", failure(seed, world, problem, ""));
            }
            true
        });
        checkpoints += disks.checkpoints;
        if let Some(problem) = lost_write(&world) {
            panic!("seed {seed}: {problem}\n{}", replay(&run));
        }
    }
    assert!(moved > 0, "no key was seen moving");
    assert!(checkpoints > 0, "no checkpoint was seen");
}

#[test]
fn the_same_run_gives_the_same_world_whether_anybody_records_it() {
    for seed in 0..20 {
        let run = random_run(seed, true);
        let end = Time::from_ms(END_MS);
        let hash = play(&run, end).hash();
        let mut session = Session::new(run);
        session.seek(end);
        assert_eq!(session.world(0).hash(), hash, "seed {seed}");
        session.seek(Time::from_ms(1_000));
        session.seek(end);
        assert_eq!(session.world(0).hash(), hash, "seed {seed}, there and back");
    }
}
