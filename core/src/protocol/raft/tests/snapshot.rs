//! Chapter 5.

use super::net::Net;
use crate::ids::NodeId;
use crate::protocol::Index;
use crate::store::Op;
use expect_test::expect;

/// n1 leads, n3 is down, and n1 has compacted entries that n3 will need.
fn net() -> Net {
    let mut net = Net::new(3);
    net.settings.raft.snapshot = 4;
    net.election_timeout(1);
    net.deliver_all();
    net.heartbeat(1);
    net.deliver_all();
    net.crash(3);
    for operation in 1..=9 {
        net.ask(1, 1, operation, "x", Op::Append("a".into()));
        net.deliver_all();
        net.heartbeat(1);
        net.heartbeat(1);
        net.deliver_all();
    }
    net.told();
    net
}

#[test]
fn a_server_drops_what_its_snapshot_covers_and_starts_again_from_it() {
    let mut net = net();
    assert!(net.server(1).log().base().index >= Index(4));
    let digest = |net: &Net| {
        let log = net.server(2).log();
        (log.base(), log.last(), log.prefix_digest(log.last_index()))
    };
    let before = digest(&net);
    net.crash(2);
    net.start(2);
    assert_eq!(digest(&net), before);
    assert_eq!(net.server(2).commit(), before.0.index, "a snapshot is of what was committed");
    net.heartbeat(1);
    net.deliver_all();
    assert_eq!(net.server(2).view(0).data, net.server(1).view(0).data);
}

#[test]
fn who_needs_what_was_dropped_is_sent_the_state() {
    let mut net = net();
    net.start(3);
    net.heartbeat(1);
    net.lose(|_, to, _| to == NodeId(2).into());
    let mut said = String::new();
    while !net.in_flight().is_empty() {
        said += &net.in_flight();
        net.deliver_one();
    }
    expect![[r#"
        AppendEntries n1>n3 term=1 previous index=8 previous term=1 entries= commit=10 round=20
        AppendReply n3>n1 term=1 result=holds nothing at 8, its log ends before 2 round=20
        InstallSnapshot n1>n3 term=1 last index=10 last term=1 members=n1 n2 n3 keys=1 round=20
        SnapshotReply n3>n1 term=1 result=agrees up to 10 round=20
    "#]]
    .assert_eq(&said);
    expect![[r#"
        n3 Followed(NodeId(1), Term(1))
        n3 Installed(Index(10))
    "#]]
    .assert_eq(&net.told());
    assert_eq!(net.server(3).view(0).data, net.server(1).view(0).data);
    // From then on entries suffice again.
    net.ask(1, 1, 10, "x", Op::Set("b".into()));
    net.deliver_all();
    net.heartbeat(1);
    net.deliver_all();
    assert_eq!(net.server(3).view(0).data, net.server(1).view(0).data);
}

#[test]
fn a_lost_snapshot_is_sent_again() {
    let mut net = net();
    net.start(3);
    net.heartbeat(1);
    net.deliver(|_, to, m| to == NodeId(3).into() && m.load() > 0);
    for _ in 0..2 {
        net.heartbeat(1);
        net.deliver_all();
    }
    assert_eq!(net.server(3).commit(), net.server(1).commit());
}

#[test]
fn what_was_installed_survives_a_crash() {
    let mut net = net();
    net.start(3);
    net.heartbeat(1);
    net.deliver_all();
    let before = net.server(3).view(0).data;
    net.crash(3);
    net.start(3);
    assert_eq!(net.server(3).view(0).data, before);
}

#[test]
fn an_old_snapshot_changes_nothing() {
    let mut net = net();
    net.start(3);
    net.heartbeat(1);
    while !net.in_flight().starts_with("InstallSnapshot") {
        net.deliver_one();
    }
    let old = net.hold_one();
    net.deliver_all();
    net.heartbeat(1);
    net.heartbeat(1);
    net.deliver_all();
    net.ask(1, 1, 10, "x", Op::Set("b".into()));
    net.deliver_all();
    net.heartbeat(1);
    net.deliver_all();
    let before = net.picture();
    net.release(old);
    net.deliver_all();
    assert_eq!(net.picture(), before);
}
