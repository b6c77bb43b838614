//! Section 6.4.

use super::net::Net;
use crate::ids::NodeId;
use crate::protocol::Index;
use crate::settings::Reads;
use crate::store::Op;
use expect_test::expect;

/// Three servers; n1 leads and x is 1.
fn net() -> Net {
    let mut net = Net::new(3);
    net.election_timeout(1);
    net.deliver_all();
    net.ask(1, 1, 1, "x", Op::Set("1".into()));
    net.deliver_all();
    net.heartbeat(1);
    net.deliver_all();
    net.told();
    net
}

#[test]
fn a_read_waits_for_a_round_of_heartbeats_that_begins_after_it() {
    let mut net = net();
    // A round that began earlier does not count.
    net.heartbeat(1);
    net.ask(1, 1, 2, "x", Op::Get);
    expect![[r#"
        AppendEntries n1>n2 term=1 previous index=2 previous term=1 entries= commit=2 round=2
        AppendEntries n1>n3 term=1 previous index=2 previous term=1 entries= commit=2 round=2
        AppendEntries n1>n2 term=1 previous index=2 previous term=1 entries= commit=2 round=3
        AppendEntries n1>n3 term=1 previous index=2 previous term=1 entries= commit=2 round=3
    "#]]
    .assert_eq(&net.in_flight());
    for _ in 0..2 {
        net.deliver_one();
    }
    net.lose(|from, _, _| from == NodeId(1).into());
    net.deliver_all();
    assert_eq!(net.told(), "");
    net.heartbeat(1);
    net.deliver_all();
    expect![[r#"
        n1 Confirmed(Index(2))
        n1 tells c1: 1
    "#]]
    .assert_eq(&net.told());
}

#[test]
fn a_deposed_leader_answers_no_reads() {
    let mut net = net();
    net.wait(300);
    net.election_timeout(2);
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    net.ask(2, 2, 2, "x", Op::Set("2".into()));
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    net.told();
    net.ask(1, 1, 3, "x", Op::Get);
    net.deliver_all();
    expect![[r#"
        n1 SteppedDown(Term(2))
        n1 tells c1: not the leader, and knows none
    "#]]
    .assert_eq(&net.told());
}

#[test]
fn a_new_leader_reads_when_its_no_op_is_committed() {
    let mut net = net();
    net.wait(300);
    net.election_timeout(2);
    net.deliver(|_, _, m| m.load() > 0);
    assert_eq!(net.server(2).commit(), Index(2));
    net.ask(2, 1, 2, "x", Op::Get);
    net.deliver(|_, _, m| m.load() > 0);
    net.told();
    // It sends unacknowledged entries again from one heartbeat to the next.
    for _ in 0..2 {
        net.heartbeat(2);
        net.deliver_all();
    }
    expect![[r#"
        n1 Replicated(Index(3))
        n3 Replicated(Index(3))
        n2 Committed(Index(3))
        n2 Confirmed(Index(3))
        n2 tells c1: 1
    "#]]
    .assert_eq(&net.told());
}

#[test]
fn a_lease_answers_at_once_until_it_runs_out() {
    let mut net = net();
    net.settings.raft.reads = Reads::Lease;
    net.wait(149);
    net.ask(1, 1, 2, "x", Op::Get);
    net.lose(|from, to, _| from == NodeId(1).into() && to.node().is_some());
    net.deliver_all();
    expect![[r#"
        n1 tells c1: 1
    "#]]
    .assert_eq(&net.told());
    net.wait(1);
    net.ask(1, 1, 3, "x", Op::Get);
    net.lose(|from, to, _| from == NodeId(1).into() && to.node().is_some());
    net.deliver_all();
    assert_eq!(net.told(), "");
}

#[test]
fn within_a_lease_nobody_votes_for_anybody_else() {
    let mut net = net();
    net.settings.raft.reads = Reads::Lease;
    net.settings.raft.prevote = false;
    net.wait(149);
    net.election_timeout(3);
    net.deliver_all();
    assert!(!net.server(3).leads());
    net.wait(1);
    net.election_timeout(3);
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    assert!(net.server(3).leads());
}

/// It has forgotten the silence that it owes, so it keeps silent for the same time again.
#[test]
fn within_a_lease_a_restarted_server_votes_for_nobody() {
    let mut net = net();
    net.settings.raft.reads = Reads::Lease;
    net.settings.raft.prevote = false;
    net.crash(2);
    net.start(2);
    net.election_timeout(3);
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    assert!(!net.server(3).leads());
    net.wait(150);
    net.election_timeout(3);
    net.deliver(|from, to, _| [from, to].contains(&NodeId(1).into()));
    assert!(net.server(3).leads());
}

#[test]
fn local_reads_may_be_stale() {
    let mut net = net();
    net.settings.raft.reads = Reads::Local;
    net.ask(1, 1, 2, "x", Op::Set("2".into()));
    net.deliver(|_, to, _| to == NodeId(3).into());
    net.told();
    net.ask(3, 2, 3, "x", Op::Get);
    net.deliver_all();
    expect![[r#"
        n3 tells c2: 1
    "#]]
    .assert_eq(&net.told());
}

#[test]
fn followers_send_clients_to_the_leader() {
    let mut net = net();
    net.ask(2, 1, 2, "x", Op::Get);
    net.ask(3, 2, 3, "y", Op::Set("1".into()));
    net.deliver_all();
    expect![[r#"
        n2 Redirected(Some(NodeId(1)))
        n3 Redirected(Some(NodeId(1)))
        n2 tells c1: ask n1, it leads
        n3 tells c2: ask n1, it leads
    "#]]
    .assert_eq(&net.told());
}
