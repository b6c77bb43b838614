//! Removal of Raft servers that are down, and clients that search for a leader.

use quorumscope_core::explain::{self, Beats, Scene};
use quorumscope_core::ids::NodeId;
use quorumscope_core::script;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Status, World, play};

/// Plays a script in which L is the leader at 900 ms, and A and B are the first two others.
fn played(cluster: &str, rest: &str, until_ms: u64) -> (Session, [NodeId; 3]) {
    let run = script::parse(cluster).expect("it is well-formed");
    let world = play(&run, Time::from_ms(900));
    let leader = world.leader().expect("one was elected");
    let others: Vec<NodeId> = world.members().iter().copied().filter(|n| *n != leader).collect();
    let named = [leader, others[0], others[1]];
    let rest = ["L", "A", "B"].iter().zip(named).fold(rest.to_owned(), |text, (name, node)| {
        text.replace(&format!("<{name}>"), &node.to_string())
    });
    let text = format!("{cluster}\n{rest}");
    let mut session = Session::new(script::parse(&text).unwrap_or_else(|e| panic!("{e}\n{text}")));
    session.seek(Time::from_ms(until_ms));
    (session, named)
}

fn status(world: &World, node: NodeId) -> Status {
    world.node(node).expect("there is such a node").status()
}

#[test]
fn who_is_down_has_left_when_that_is_committed() {
    let rest = "@1s crash <A>\n@2s remove <A>\n@4s crash <B>";
    let (mut session, [_, a, _]) = played("cluster raft", rest, 2_001);
    assert_eq!(status(session.world(0), a), Status::Crashed, "nothing is committed yet");
    session.seek(Time::from_ms(2_200));
    assert_eq!(status(session.world(0), a), Status::Left);
    session.seek(Time::from_ms(5_000));
    let mut beats = Beats::default();
    let scene = Scene::of(&session, 0);
    beats.read(&scene);
    let said = explain::headline(&scene, &beats).small;
    assert!(!said.contains("of 5"), "who has left is not counted: {said}");
}

/// Its vote is needed to elect the leader that commits its removal: so it can still come back and
/// vote.
#[test]
fn who_was_removed_while_its_vote_is_needed_can_come_back() {
    let rest = "@1s crash <A>\n@1s crash <L>\n@2s remove <A>\n@4s restart <A>\n@6s restart <L>";
    let (mut session, [_, a, b]) = played("cluster raft nodes=3", rest, 3_900);
    assert_eq!(status(session.world(0), a), Status::Crashed);
    assert_eq!(session.world(0).leader(), None, "{b} alone is no majority");
    session.seek(Time::from_ms(5_900));
    assert!(session.world(0).leader().is_some(), "{a} and {b} are one");
    session.seek(Time::from_ms(9_000));
    assert_eq!(status(session.world(0), a), Status::Left);
}

/// The old leader and another server are on the far side, and the other names the old leader
/// forever. A client that reaches both sides finds the new one.
#[test]
fn a_client_finds_the_leader_that_can_commit() {
    for seed in 1..=20 {
        let rest = "@1s c1 set x 0\n@1.5s partition <L> <A> | <B> OTHERS\n@3s c1 set x 1\n@3s c2 set y 1 via <A>";
        let cluster = format!("cluster raft seed={seed}");
        let run = script::parse(&cluster).expect("it is well-formed");
        let leader = play(&run, Time::from_ms(900)).leader().expect("one was elected");
        let mut others = (1..=5).map(NodeId).filter(|n| *n != leader).skip(2);
        let rest =
            rest.replace("OTHERS", &others.by_ref().map(|n| format!("{n} ")).collect::<String>());
        let (session, _) = played(&cluster, &rest, 10_000);
        let operations = session.world(0).operations();
        assert_eq!(operations.len(), 3);
        assert!(operations.iter().all(|o| o.took().is_some()), "seed {seed}: {operations:?}");
    }
}
