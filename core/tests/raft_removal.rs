//! Removed servers, and clusters that become small by removals.

mod play;

use self::play::{answers, roles};
use expect_test::{Expect, expect};
use quorumscope_core::check::raft_safety::RaftSafety;
use quorumscope_core::explain::Scene;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::raft::Server;
use quorumscope_core::protocol::{Machine, Timer};
use quorumscope_core::script;
use quorumscope_core::time::Time;
use quorumscope_core::why::{self, Question};
use quorumscope_core::world::{Host, Status, World, watch};

/// Plays a script to its `show`, and checks Raft's safety on the way.
fn shown(text: &str) -> World {
    let run = script::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let show = run.show.expect("the script says where to look").at;
    let mut judge = RaftSafety::new();
    let world = watch(&run, show, |world| !judge.observe(world));
    if let Some(violation) = judge.violation() {
        panic!("at {}: {}: {}\n{text}", violation.at, violation.property, violation.text);
    }
    world
}

/// Checks the answers of `why` to the questions at the script's `show`, without the chains.
fn why(text: &str, questions: &[&str], expected: &Expect) {
    let session = play::play(text);
    let scene = Scene::of(&session, 0);
    let answer = |question: &&str| {
        let asked = Question::parse(question).expect("it is a question");
        let answer = why::why(&scene, &asked).expect("it can be answered");
        let missing = answer.missing.iter().map(|m| format!("  - {m}\n")).collect::<String>();
        format!("{question}: {}\n{missing}", answer.sentence)
    };
    expected.assert_eq(&questions.iter().map(answer).collect::<String>());
}

/// n1 leads, has appended the removal of n4 to its own log and n4's, and crashes. No server can be
/// elected without n4: its log is the longest, and two of four are no majority.
const NEEDED: &str = "cluster raft nodes=4
    @50ms timeout n1
    @0.5s c1 set x 1 via n1
    @1s isolate n2
    @1s isolate n3
    @1.01s remove n4
    @1.3s crash n1
    @1.5s heal
    @8s show";

#[test]
fn a_server_whose_removal_is_not_committed_may_be_elected() {
    let world = shown(NEEDED);
    expect![[r#"
        n1 crashed
        n2 follower 3 of n3
        n3 leader 3 of n3
        n4 left
    "#]]
    .assert_eq(&roles(&world));
    assert_eq!(world.node(NodeId(4)).map(Host::status), Some(Status::Left));
    assert!(world.leader().is_some());
}

#[test]
fn why_says_that_a_removal_is_not_committed() {
    why(
        &NEEDED.replace("@8s show", "@1.25s show"),
        &["why n4", "why n1"],
        &expect![[r#"
            why n4: n4 takes n1 for its leader.
              - the removal of n4, entry 3, is not committed: until then n4 votes and stands for election
            why n1: n1 is leader of term 1 since 0.11 s.
              - n1 needs 2 of 3 to commit anything, and reaches 1
              - n2 and n3 cannot be reached since 1.00 s
              - the removal of n4 is not committed: until then it votes and may be elected
        "#]],
    );
    why(
        &NEEDED.replace("@8s show", "@1.45s show"),
        &["why n4", "why no-leader"],
        &expect![[r#"
            why n4: n4 takes n1 for its leader.
              - n1 is down since 1.30 s
              - n4 has not noticed: it waits 15 ms more
              - the removal of n4, entry 3, is not committed: until then n4 votes and stands for election
            why no-leader: There is no leader. n2 asks whether it could win term 2, and has 1 of the 3 votes it needs.
              - n2 needs 3 votes, has 1
              - n1 is down since 1.30 s
              - n3 and n4 cannot be reached since 1.00 s
              - the removal of n4 is not committed: until then it votes and may be elected
              - n3 asks too whether it could win term 2, and has 1 of 3 votes
        "#]],
    );
}

/// n1 leads two, and has appended its own removal only to its own log.
#[test]
fn the_removed_leader_of_two_is_elected_again_to_commit_that() {
    let stuck = [
        "prevote=off\n@1s cut n1>n2\n@1.01s remove n1",
        "check-quorum=on\n@1s cut n1-n2\n@1.01s remove n1",
        "prevote=off check-quorum=on\n@1s isolate n1\n@1.01s remove n1",
        "prevote=off\n@1s cut n1>n2\n@1.01s remove n1\n@1.2s restart n1",
    ];
    for middle in stuck {
        let text = format!("cluster raft nodes=2 {middle}\n@3s heal\n@6s show").replacen(
            '\n',
            "\n@50ms timeout n1\n",
            1,
        );
        let world = shown(&text);
        assert_eq!(world.leader(), Some(NodeId(2)), "{}{text}", roles(&world));
        assert_eq!(world.node(NodeId(1)).map(Host::status), Some(Status::Left), "{text}");
    }
}

/// n3 has the entry of its removal, which no server knows to be committed: n3 still has a vote.
#[test]
fn a_voter_that_is_being_removed_is_no_learner() {
    let text = "cluster raft nodes=3
        @50ms timeout n1
        @1s isolate n2
        @1s remove n3
        @1.1s show";
    let world = shown(text);
    expect![[r#"
        n1 leader 1 of n1
        n2 follower 1 of n1
        n3 follower 1 of n1
    "#]]
    .assert_eq(&roles(&world));
    why(
        text,
        &["why n3"],
        &expect![[r#"
        why n3: n3 takes n1 for its leader.
          - the removal of n3, entry 2, is not committed: until then n3 votes and stands for election
    "#]],
    );
}

/// A leader whose disk lost its last record would lead the same term again, with another entry.
#[test]
fn one_voter_leads_when_its_own_vote_is_durable() {
    let text = "cluster raft nodes=1 seed=1 disk=60ms retries=0
        @280ms c1 set x 1
        @310ms crash n1
        @400ms restart n1
        @560ms c2 set x 2
        @2s show";
    let world = shown(text);
    expect![[r#"
        n1 leader 1 of n1
        c1 set x 1: Unknown
        c2 set x 2: Unknown
    "#]]
    .assert_eq(&format!("{}{}", roles(&world), answers(&world)));
    leads_no_sooner_than_it_has_voted(text);
}

/// The same where removals have left one voter.
#[test]
fn the_last_voter_leads_when_its_own_vote_is_durable() {
    leads_no_sooner_than_it_has_voted(
        "cluster raft nodes=2 disk=60ms
        @50ms timeout n1
        @1s remove n2
        @2s restart n1
        @4s show",
    );
}

/// Checks that at every step a leader's term and vote are on its disk.
fn leads_no_sooner_than_it_has_voted(text: &str) {
    let run = script::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let mut led = 0;
    watch(&run, run.show.expect("it has a show").at, |world| {
        for host in world.nodes() {
            let Some(Machine::Raft(server)) = host.machine().filter(|m| m.sign().role.leads())
            else {
                continue;
            };
            led += 1;
            let mut disk = host.disk().clone();
            disk.crash();
            let kept = Server::boot(host.id(), &[], world.settings(), &mut disk);
            let (term, vote) = (server.term(), server.vote());
            assert_eq!((kept.term(), kept.vote()), (term, vote), "at {}", world.now());
        }
        true
    });
    assert!(led > 0, "somebody led");
}

/// The judge sees every node that a statement informs of a change: `add` starts n2, and lets n1
/// change its log in the same step.
#[test]
fn a_snapshot_in_the_step_that_adds_a_node_is_no_violation() {
    let world = shown(
        "cluster raft nodes=1 seed=1 snapshot=3
        @500ms c1 set x 1
        @700ms add n2
        @2s show",
    );
    expect![[r#"
        n1 leader 1 of n1
        n2 follower 1 of n1
    "#]]
    .assert_eq(&roles(&world));
}

/// A leader waits for no other leader: its election timer would run out in vain.
#[test]
fn the_election_timer_of_a_leader_is_set_only_when_it_checks_something() {
    let is_set = |rest: &str, until_ms: u64| {
        let run =
            script::parse(&format!("cluster raft nodes=3 {rest}")).expect("it is well-formed");
        let world = quorumscope_core::world::play(&run, Time::from_ms(until_ms));
        let leader = world.leader().and_then(|n| world.node(n)).expect("one leads");
        leader.timers().any(|set| set.timer == Timer::Election)
    };
    let n1 = "\n@50ms timeout n1";
    assert!(!is_set(n1, 1_000));
    assert!(is_set(&format!("check-quorum=on{n1}"), 1_000));
    assert!(is_set(&format!("{n1}\n@500ms set check-quorum=on"), 1_000));
    assert!(!is_set(&format!("check-quorum=on{n1}\n@500ms set check-quorum=off"), 1_000));
    let transfer = format!("{n1}\n@500ms isolate n3\n@510ms transfer n1 n3");
    assert!(is_set(&transfer, 600), "it waits for its successor");
    assert!(!is_set(&transfer, 1_000), "it has given it up");
}

/// n5 has its removal and two more entries of an old leader. The new leader has the removal in its
/// snapshot only, which ends where n5's log ends, with another entry there.
#[test]
fn a_server_whose_removal_is_compacted_is_sent_the_snapshot_and_leaves() {
    let world = shown(
        "cluster raft nodes=5 clients=4 snapshot=4 prevote=off seed=27
        @50ms timeout n1
        @500ms c1 set x 1 via n1
        @600ms c2 set w 0 via n1
        @650ms c2 set w 1 via n1
        @700ms c2 set w 2 via n1
        @1s remove n5
        @1.012s partition n1 n5 c1 c3 c4 | n2 n3 n4 c2
        @1.03s isolate n2
        @1.1s c1 set y 0 via n1
        @1.1s c3 set y 1 via n1
        @1.3s heal n2
        @1.3s cut n2-n1
        @1.3s cut n2-n5
        @2s c2 set x 2
        @2.3s c2 set x 3
        @2.6s c2 set x 4
        @5.5s crash n1
        @6.5s heal
        @12s show",
    );
    assert_eq!(world.node(NodeId(5)).map(Host::status), Some(Status::Left));
}
