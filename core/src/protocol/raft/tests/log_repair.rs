//! Sections 3.5 and 3.6.2.

use super::net::Net;
use crate::ids::{Addr, NodeId};
use crate::protocol::{Index, Message};
use crate::settings::{Preset, Settings};
use crate::store::Op;
use expect_test::expect;

/// Figure 3.7: a leader of term 8, and possible logs of followers.
#[test]
fn a_new_leader_brings_every_log_of_figure_3_7_into_line() {
    let settings = Settings { nodes: 7, ..Settings::of(Preset::Raft) };
    let logs: [&[u32]; 7] = [
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6],
        &[1, 1, 1, 4],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
        &[1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
        &[1, 1, 1, 4, 4, 4, 4],
        &[1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    let mut net = Net::with_logs(settings, &logs);
    net.election_timeout(1);
    net.deliver_all();
    net.told();
    net.heartbeat(1);
    net.deliver_all();
    expect![[r#"
        n1 leader term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n2 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n3 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n4 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n5 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n6 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
        n7 follower term 8: 1 1 1 4 4 5 5 6 6 6 8 |
    "#]]
    .assert_eq(&net.picture());
}

/// The follower names its conflicting term and the first index of it, so that the leader skips the
/// whole term at once.
#[test]
fn a_conflicting_term_costs_one_message() {
    let logs: [&[u32]; 3] = [&[1, 1, 1, 4, 4, 5], &[1, 1, 1, 2, 2, 2, 3, 3, 3], &[]];
    let mut net = Net::with_logs(Settings { nodes: 3, ..Settings::of(Preset::Raft) }, &logs);
    net.election_timeout(1);
    net.deliver(|_, to, _| to == NodeId(2).into());
    net.heartbeat(1);
    net.lose(|_, to, _| to == NodeId(3).into());
    let mut said = String::new();
    while !net.in_flight().is_empty() {
        said += &net.in_flight();
        net.deliver_one();
    }
    expect![[r#"
        AppendEntries n1>n2 term=6 previous index=6 previous term=5 entries= commit=7 round=1
        AppendReply n2>n1 term=6 result=holds term 2 at 6, from 4 on round=1
        AppendEntries n1>n2 term=6 previous index=3 previous term=1 entries=c1 set x 4 (term 4), c1 set x 4 (term 4), c1 set x 5 (term 5), no-op (term 6) commit=7 round=1
        AppendReply n2>n1 term=6 result=agrees up to 7 round=1
    "#]].assert_eq(&said);
    expect![[r#"
        n1 leader term 6: 1 1 1 4 4 5 6 |
        n2 follower term 6: 1 1 1 4 4 5 6 |
        n3 follower term 6: 1 1 1 4 4 5 6
    "#]]
    .assert_eq(&net.picture());
}

/// Figure 3.8: an entry of an earlier term is not committed because a majority holds it.
#[test]
fn a_leader_commits_entries_of_its_own_term_only() {
    // (c): S1 leads again, in term 4, and its entry of term 2 has reached S3: a majority. Its own
    // first entry reaches nobody.
    let logs: [&[u32]; 5] = [&[1, 2], &[1, 2], &[1, 2], &[1], &[1, 3]];
    let mut net = Net::with_logs(Settings { nodes: 5, ..Settings::of(Preset::Raft) }, &logs);
    let far = |a: Addr| a == NodeId(4).into() || a == NodeId(5).into();
    let lost = |from: Addr, to: Addr, m: &Message| far(from) || far(to) || m.load() > 0;
    net.election_timeout(1);
    net.deliver(lost);
    net.heartbeat(1);
    net.deliver(lost);
    let detail = net.server(1).detail();
    let (_, rows) = detail.iter().find(|(name, _)| *name == "followers").expect("it leads");
    assert!(rows.lines().any(|row| row == "n2: next 4, match 2, in step"), "{rows}");
    assert_eq!(net.server(1).commit(), Index(0));
    // (d): S5 may still be elected, by S2, S3 and S4, and overwrite it.
    net.crash(1);
    for _ in 0..2 {
        net.wait(300);
        net.election_timeout(5);
        net.deliver_all();
    }
    expect![[r#"
        n1 down
        n2 follower term 5: 1 3 5
        n3 follower term 5: 1 3 5
        n4 follower term 5: 1 3 5
        n5 leader term 5: 1 3 5 |
    "#]]
    .assert_eq(&net.picture());
}

/// Figure 3.8 (e): once an entry of its own term is on a majority, earlier entries are committed
/// too.
#[test]
fn an_entry_of_the_own_term_commits_what_came_before_it() {
    let logs: [&[u32]; 5] = [&[1, 2], &[1, 2], &[1], &[1], &[1, 3]];
    let mut net = Net::with_logs(Settings { nodes: 5, ..Settings::of(Preset::Raft) }, &logs);
    let far = |a: Addr| a == NodeId(4).into() || a == NodeId(5).into();
    net.election_timeout(1);
    net.deliver(|from, to, _| far(from) || far(to));
    expect![[r#"
        n1 leader term 4: 1 2 4 |
        n2 follower term 4: 1 2 4
        n3 follower term 4: 1 2 4
        n4 follower term 3: 1
        n5 follower term 3: 1 3
    "#]]
    .assert_eq(&net.picture());
    net.crash(1);
    net.wait(300);
    net.told();
    net.election_timeout(5);
    net.deliver_all();
    net.election_timeout(5);
    net.deliver_all();
    // S5 cannot win: S2 and S3 hold a later entry.
    expect![[r#"
        n5 Canvassed(Term(4))
        n5 Counted(1, 3)
        n5 SteppedDown(Term(4))
        n5 Canvassed(Term(5))
        n5 Counted(1, 3)
        n5 Counted(2, 3)
    "#]]
    .assert_eq(&net.told());
}

/// A retry that reaches the next leader is in the log twice and is applied once (section 6.3).
#[test]
fn a_retry_is_applied_once() {
    let mut net = Net::new(3);
    net.election_timeout(1);
    net.deliver_all();
    net.told();
    let append = || Op::Append("a".into());
    // n1 replicates it and crashes before it receives the acknowledgements.
    net.ask(1, 1, 7, "x", append());
    net.deliver(|_, to, _| to == NodeId(1).into());
    net.crash(1);
    net.wait(300);
    net.election_timeout(2);
    net.deliver(|_, _, m| m.load() > 0);
    net.ask(2, 1, 7, "x", append());
    net.heartbeat(2);
    net.deliver_all();
    net.heartbeat(2);
    net.deliver_all();
    net.ask(2, 1, 7, "x", append());
    net.deliver_all();
    expect![[r#"
        n1 Appended(Index(2))
        n2 Replicated(Index(2))
        n2 Committed(Index(1))
        n3 Replicated(Index(2))
        n3 Committed(Index(1))
        n2 Canvassed(Term(2))
        n2 Counted(1, 2)
        n2 Counted(2, 2)
        n2 Stood(Term(2))
        n2 Counted(1, 2)
        n3 Voted(NodeId(2), Term(2))
        n2 Counted(2, 2)
        n2 Led(Term(2))
        n2 Appended(Index(3))
        n2 Appended(Index(4))
        n3 Followed(NodeId(2), Term(2))
        n3 Replicated(Index(4))
        n2 Committed(Index(4))
        n2 Repeated
        n2 tells c1: done
        n3 Committed(Index(4))
        n2 Repeated
        n2 tells c1: done
    "#]]
    .assert_eq(&net.told());
    expect![[r#"[("x", "a")]"#]].assert_eq(&format!("{:?}", net.server(3).view(9).data));
    expect![[r#"
        n1 down
        n2 leader term 2: 1 1 2 2 |
        n3 follower term 2: 1 1 2 2 |
    "#]]
    .assert_eq(&net.picture());
}
