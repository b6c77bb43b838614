//! Sections 3.4 and 9.6.

use super::net::Net;
use crate::ids::NodeId;
use crate::protocol::{Order, Term};
use expect_test::expect;

#[test]
fn a_server_asks_then_stands_then_leads() {
    let mut net = Net::new(3);
    net.election_timeout(1);
    expect![[r#"
        PreVote n1>n2 term=1 last index=0 last term=0
        PreVote n1>n3 term=1 last index=0 last term=0
    "#]]
    .assert_eq(&net.in_flight());
    net.deliver_all();
    expect![[r#"
        n1 Canvassed(Term(1))
        n1 Counted(1, 2)
        n1 Counted(2, 2)
        n1 Stood(Term(1))
        n1 Counted(1, 2)
        n2 Voted(NodeId(1), Term(1))
        n3 Voted(NodeId(1), Term(1))
        n1 Counted(2, 2)
        n1 Led(Term(1))
        n1 Appended(Index(1))
        n2 Followed(NodeId(1), Term(1))
        n2 Replicated(Index(1))
        n3 Followed(NodeId(1), Term(1))
        n3 Replicated(Index(1))
        n1 Committed(Index(1))
    "#]]
    .assert_eq(&net.told());
    expect![[r#"
        n1 leader term 1: 1 |
        n2 follower term 1: 1
        n3 follower term 1: 1
    "#]]
    .assert_eq(&net.picture());
}

/// Section 9.6: a server that was cut off and comes back deposes no leader.
#[test]
fn pre_vote_keeps_a_returning_server_from_disturbing() {
    let mut net = Net::new(3);
    net.election_timeout(1);
    net.deliver_all();
    net.told();
    // n3 hears no leader for long.
    for _ in 0..3 {
        net.election_timeout(3);
        net.lose(|_, _, _| true);
    }
    assert_eq!(net.server(3).term(), Term(1));
    // Others hear it again before it hears them.
    net.election_timeout(3);
    net.deliver_all();
    assert!(net.server(1).leads());
    net.heartbeat(1);
    net.deliver_all();
    expect![[r#"
        n3 Canvassed(Term(2))
        n3 Counted(1, 2)
        n3 Canvassed(Term(2))
        n3 Counted(1, 2)
        n3 Canvassed(Term(2))
        n3 Counted(1, 2)
        n3 Canvassed(Term(2))
        n3 Counted(1, 2)
        n2 Committed(Index(1))
        n3 Followed(NodeId(1), Term(1))
        n3 Committed(Index(1))
    "#]]
    .assert_eq(&net.told());
    expect![[r#"
        n1 leader term 1: 1 |
        n2 follower term 1: 1 |
        n3 follower term 1: 1 |
    "#]]
    .assert_eq(&net.picture());
}

/// The purpose of pre-vote: without it the same server deposes the leader.
#[test]
fn without_pre_vote_a_returning_server_deposes_the_leader() {
    let mut net = Net::new(3);
    net.settings.raft.prevote = false;
    net.election_timeout(1);
    net.deliver_all();
    for _ in 0..3 {
        net.election_timeout(3);
        net.lose(|_, _, _| true);
    }
    net.told();
    net.heartbeat(1);
    net.deliver_all();
    expect![[r#"
        n2 Committed(Index(1))
        n1 SteppedDown(Term(4))
    "#]]
    .assert_eq(&net.told());
}

/// Section 3.6.1: a candidate with a shorter log gets no vote, even with a higher term.
#[test]
fn a_shorter_log_does_not_win() {
    let mut net = Net::new(3);
    net.settings.raft.prevote = false;
    net.election_timeout(1);
    net.deliver(|_, to, m| m.load() > 0 && to == NodeId(3).into());
    net.wait(300);
    net.told();
    net.election_timeout(3);
    net.deliver_all();
    expect![[r#"
        n3 Stood(Term(2))
        n3 Counted(1, 2)
        n1 SteppedDown(Term(2))
    "#]]
    .assert_eq(&net.told());
}

/// The operator's order acts like the timer: a follower that hears a leader is refused by the
/// others (section 9.6).
#[test]
fn the_operator_can_let_the_election_timer_run_out() {
    let mut net = Net::new(3);
    net.order(2, Order::Timeout);
    net.deliver_all();
    assert!(net.server(2).leads());
    net.order(1, Order::Timeout);
    net.deliver_all();
    assert!(net.server(2).leads());
    net.wait(300);
    net.order(1, Order::Timeout);
    net.deliver(|_, to, _| to == NodeId(2).into());
    assert!(net.server(1).leads());
}

/// A cluster of one elects and commits by itself, once its disk has completed the writes.
#[test]
fn a_single_server_leads_itself() {
    let mut net = Net::new(1);
    net.election_timeout(1);
    expect![[r#"
        n1 Canvassed(Term(1))
        n1 Counted(1, 1)
        n1 Stood(Term(1))
        n1 Counted(1, 1)
        n1 Led(Term(1))
        n1 Appended(Index(1))
        n1 Committed(Index(1))
    "#]]
    .assert_eq(&net.told());
}

/// Votes survive a crash.
#[test]
fn a_vote_is_not_given_twice() {
    let mut net = Net::new(3);
    net.settings.raft.prevote = false;
    net.election_timeout(1);
    net.deliver(|_, to, _| to != NodeId(3).into());
    assert_eq!(net.server(3).vote(), Some(NodeId(1)));
    net.crash(3);
    net.start(3);
    assert_eq!((net.server(3).term(), net.server(3).vote()), (Term(1), Some(NodeId(1))));
    net.election_timeout(2);
    net.deliver_all();
    assert!(!net.server(2).leads());
}
