//! Chapter 4, and sections 3.10 and 6.2.

use super::net::Net;
use crate::ids::NodeId;
use crate::protocol::{Message, Order, Role, raft};
use crate::store::Op;
use expect_test::expect;

/// n1 leads three members; n4 and n5 run and are no members.
fn net() -> Net {
    let mut net = Net::with_strangers(3, 2);
    net.election_timeout(1);
    net.deliver_all();
    net.ask(1, 1, 1, "x", Op::Set("1".into()));
    settle(&mut net, 1);
    net.told();
    net
}

fn settle(net: &mut Net, leader: u16) {
    for _ in 0..3 {
        net.deliver_all();
        net.heartbeat(leader);
    }
    net.deliver_all();
}

#[test]
fn a_server_learns_before_it_votes() {
    let mut net = net();
    assert_eq!(net.server(4).sign().role, Role::Learner);
    net.order_all(Order::Add(NodeId(4)));
    assert_eq!(net.server(1).members().to_string(), "n1 n2 n3, learning n4");
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1 n2 n3 n4");
    assert_eq!(net.server(4).members(), net.server(1).members());
    assert_eq!(net.server(4).view(9).data, net.server(1).view(9).data);
    assert_eq!(net.server(4).sign().role, Role::Follower);
    expect![[r#"
        n1 leader term 1: 1 1 1 1 |
        n2 follower term 1: 1 1 1 1 |
        n3 follower term 1: 1 1 1 1 |
        n4 follower term 1: 1 1 1 1 |
        n5 learner term 0:
    "#]]
    .assert_eq(&net.picture());
}

#[test]
fn a_learner_does_not_stand() {
    let mut net = net();
    net.election_timeout(4);
    assert_eq!(net.in_flight(), "");
}

#[test]
fn a_learner_that_does_not_answer_is_not_promoted_and_holds_nothing_up() {
    let mut net = net();
    net.crash(4);
    net.order_all(Order::Add(NodeId(4)));
    settle(&mut net, 1);
    net.order_all(Order::Remove(NodeId(3)));
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1 n2, learning n4");
    net.order_all(Order::Remove(NodeId(4)));
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1 n2");
}

#[test]
fn several_changes_at_once_go_through_a_joint_configuration() {
    let mut net = net();
    net.crash(5);
    net.order_all(Order::Add(NodeId(4)));
    // While n4's first step is in progress two more joins are ordered.
    net.order_all(Order::Add(NodeId(5)));
    net.order_all(Order::Remove(NodeId(2)));
    net.start(5);
    settle(&mut net, 1);
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1 n3 n4 n5");
    let said = net.told();
    let changes = said.lines().filter(|l| l.starts_with("n1 Reconfigured")).count();
    assert!(changes >= 4, "learners, joint, and out of it again: {said}");
    expect![[r#"
        n1 leader term 1: 1 1 1 1 1 1 1 |
        n2 learner term 1: 1 1 1 1 1 1 1 |
        n3 follower term 1: 1 1 1 1 1 1 1 |
        n4 follower term 1: 1 1 1 1 1 1 1 |
        n5 follower term 1: 1 1 1 1 1 1 1 |
    "#]]
    .assert_eq(&net.picture());
}

#[test]
fn who_leaves_must_agree_to_it() {
    let mut net = net();
    for n in [4, 5] {
        net.order_all(Order::Add(NodeId(n)));
    }
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1–n5");
    // Three leave; the remaining ones cannot decide it alone.
    for n in [2, 3, 4] {
        net.order_all(Order::Remove(NodeId(n)));
    }
    let gone = |a| [2, 3, 4].map(|n| NodeId(n).into()).contains(&a);
    for _ in 0..3 {
        net.deliver(|from, to, _| gone(from) || gone(to));
        net.heartbeat(1);
    }
    assert_ne!(net.server(1).members().to_string(), "n1 n5");
    settle(&mut net, 1);
    settle(&mut net, 1);
    assert_eq!(net.server(1).members().to_string(), "n1 n5");
}

/// Section 4.2.2.
#[test]
fn a_leader_that_removes_itself_leads_until_that_is_committed() {
    let mut net = net();
    net.order_all(Order::Remove(NodeId(1)));
    assert!(net.server(1).leads());
    net.deliver_all();
    assert!(!net.server(1).leads());
    let heir = [2, 3].into_iter().find(|n| net.server(*n).leads()).expect("it was told to stand");
    assert_eq!(net.server(heir).members().to_string(), "n2 n3");
    net.wait(300);
    net.election_timeout(1);
    assert_eq!(net.in_flight(), "", "who is no member does not stand");
}

/// A leaving server ends when it knows that it is no member, and not before.
#[test]
fn who_leaves_is_told_that_it_may() {
    let mut net = net();
    net.order_all(Order::Remove(NodeId(3)));
    net.deliver(|_, to, _| to == NodeId(3).into());
    assert!(!net.has_left(3));
    settle(&mut net, 1);
    assert!(net.has_left(3));
    assert_eq!(net.server(1).members().to_string(), "n1 n2");
    net.crash(3);
    net.heartbeat(1);
    assert!(!net.in_flight().contains("n3"), "nothing more is sent to it");
}

/// A later leader sends nothing to a learner that has the entry that made it one, but not the one
/// that removes it, since it is no member: the learner asks.
#[test]
fn a_learner_that_was_removed_under_another_leader_asks_and_is_told() {
    let mut net = net();
    net.order_all(Order::Add(NodeId(4)));
    // Its acknowledgements are lost, so that it is not promoted.
    let acknowledges = |m: &Message| match m {
        Message::Raft(raft::Message::AppendReply(reply)) => {
            matches!(reply.result, raft::AppendResult::Matched(_))
        }
        _ => false,
    };
    net.deliver(|from, _, m| from == NodeId(4).into() && acknowledges(m));
    assert_eq!(net.server(4).members().to_string(), "n1 n2 n3, learning n4");
    net.order_all(Order::Remove(NodeId(4)));
    let apart = |from, to| [from, to].contains(&NodeId(4).into());
    for _ in 0..3 {
        net.deliver(|from, to, _| apart(from, to));
        net.heartbeat(1);
    }
    net.lose(|_, _, _| true);
    net.crash(1);
    net.wait(300);
    net.election_timeout(2);
    settle(&mut net, 2);
    assert!(net.server(2).leads());
    assert_eq!(net.server(4).members().to_string(), "n1 n2 n3, learning n4");
    net.election_timeout(4);
    settle(&mut net, 2);
    assert_eq!(net.server(4).members().to_string(), "n1 n2 n3");
    assert!(net.server(2).leads(), "it disturbs nobody");
}

/// The next leader completes the orders that the last one did not.
#[test]
fn wishes_outlive_leaders() {
    let mut net = net();
    net.order_all(Order::Add(NodeId(4)));
    net.order_all(Order::Remove(NodeId(1)));
    net.lose(|_, _, _| true);
    net.crash(1);
    net.wait(300);
    net.election_timeout(2);
    settle(&mut net, 2);
    settle(&mut net, 2);
    assert_eq!(net.server(2).members().to_string(), "n2 n3 n4");
}

/// Section 4.1: a configuration that is not committed can be taken back by the next leader.
#[test]
fn an_uncommitted_configuration_is_taken_back() {
    let mut net = net();
    net.order_all(Order::Add(NodeId(4)));
    net.lose(|_, _, _| true);
    assert_eq!(net.server(1).members().to_string(), "n1 n2 n3, learning n4");
    // The operator reverses the order, and n1 cannot act on it yet.
    net.order_all(Order::Remove(NodeId(4)));
    net.wait(300);
    net.election_timeout(2);
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    settle(&mut net, 2);
    assert_eq!(net.server(1).members().to_string(), "n1 n2 n3");
}

#[test]
fn members_survive_crashes_and_snapshots() {
    let mut net = net();
    net.settings.raft.snapshot = 3;
    net.order_all(Order::Add(NodeId(4)));
    settle(&mut net, 1);
    for operation in 2..9 {
        net.ask(1, 1, operation, "x", Op::Append("a".into()));
        settle(&mut net, 1);
    }
    net.order_all(Order::Add(NodeId(5)));
    settle(&mut net, 1);
    settle(&mut net, 1);
    for n in [2, 4, 5] {
        net.crash(n);
        net.start(n);
        assert_eq!(net.server(n).members().to_string(), "n1–n5", "n{n}");
    }
}

/// Section 3.10.
#[test]
fn a_leader_hands_over_without_waiting_for_a_time_out() {
    let mut net = net();
    net.order(1, Order::Transfer(NodeId(3)));
    net.ask(1, 1, 2, "x", Op::Get);
    net.deliver_all();
    assert!(net.server(3).leads());
    expect![[r#"
        n1 Yielded(NodeId(3))
        n3 Stood(Term(2))
        n3 Counted(1, 2)
        n1 tells c1: unavailable
        n1 SteppedDown(Term(2))
        n1 Voted(NodeId(3), Term(2))
        n2 Voted(NodeId(3), Term(2))
        n3 Counted(2, 2)
        n3 Led(Term(2))
        n3 Appended(Index(3))
        n1 Followed(NodeId(3), Term(2))
        n1 Replicated(Index(3))
        n2 Followed(NodeId(3), Term(2))
        n2 Replicated(Index(3))
        n3 Committed(Index(3))
    "#]]
    .assert_eq(&net.told());
}

#[test]
fn a_successor_that_is_down_is_given_up() {
    let mut net = net();
    net.crash(3);
    net.order(1, Order::Transfer(NodeId(3)));
    net.ask(1, 1, 2, "x", Op::Get);
    net.deliver_all();
    net.election_timeout(1);
    net.ask(1, 1, 2, "x", Op::Get);
    net.deliver_all();
    expect![[r#"
        n1 Yielded(NodeId(3))
        n1 tells c1: unavailable
        n1 Confirmed(Index(2))
        n1 tells c1: 1
    "#]]
    .assert_eq(&net.told());
}

/// Section 6.2.
#[test]
fn check_quorum_makes_a_lonely_leader_give_up() {
    let mut net = net();
    net.settings.raft.check_quorum = true;
    net.election_timeout(1);
    assert!(net.server(1).leads(), "it has heard of a majority");
    net.heartbeat(1);
    net.lose(|_, _, _| true);
    net.election_timeout(1);
    assert!(!net.server(1).leads());
    expect![[r#"
        n1 Abandoned(Term(1))
    "#]]
    .assert_eq(&net.told());
}
