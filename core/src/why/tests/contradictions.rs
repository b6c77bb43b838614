//! Answers that contradict each other: the chain continues from the last of them at the event that
//! kept the others from the node that gave it.

use super::*;
use crate::check::referee::Referee;
use crate::timeline::Budget;

/// Neither answer of two primaries is wrong by itself: each lacks the write of the other.
#[test]
fn split_brain_of_primaries_leads_back_to_the_partition() {
    asks(
        "cluster primary-backup seed=3 latency=10ms clients=3\n\
         @1s c1 set x before via n3\n\
         @2s partition n3 c1 | n1 n2 c2\n\
         @3s c1 set x of-n3 via n3\n\
         @3s c2 set x of-n2 via n2\n\
         @4s c1 get x via n3\n\
         @4s c2 get x via n2\n\
         @4.5s heal\n\
         @6s c3 get x",
        &[(7000, "why linearizable")],
        &expect![[r#"
            7000 why linearizable
            Contradictory answers (linearizability of x is broken): c2 read "of-n2" from x at 4.02 s, which contradicts that c1 set x to "of-n3" (3.00 s to 3.021 s), c2 set x to "of-n2" (3.00 s to 3.042 s), and c1 read "of-n3" from x (4.00 s to 4.02 s).
              - n2 answered c2's get x
              - n2 lacked c1's set x of-n3: n3 had taken n2 for dead at 2.12 s
              - n3 answered c1's get x
              - n3 lacked c2's set x of-n2: n2 had taken n3 for dead at 2.11 s
              - n2 and n3 each took itself for primary: n2 since 2.26 s, n3 since 0.45 s
                2.000 s   Partition: n3 c1 | n1 n2 c2.
                2.000 s → Heartbeat from n3 to n2 is lost: the link is cut.
                2.120 s ⊣ The suspicion timer of n3 runs out, for n2 was last heard of at 1.97 s.
                2.120 s → n3 suspects n2: nothing came from it in time.
                4.010 s ⊣ Request from c2 arrives at n2.
                4.020 s → Reply from n2 arrives at c2.
                4.020 s → c2 reads x = "of-n2".
        "#]],
    );
}

#[test]
fn a_local_read_leads_back_to_the_partition() {
    asks(
        "cluster raft seed=42 reads=local\n\
         @500ms c1 set x 1\n\
         @1s partition n2 c1 | n1 n3 n4 n5 c2\n\
         @1.5s c2 set x 2 via n4\n\
         @2.5s c1 get x via n2",
        &[(3000, "why linearizable")],
        &expect![[r#"
            3000 why linearizable
            Stale read (linearizability of x is broken): c1 read "1" at 2.529 s, though c2's write of "2" had returned at 1.557 s.
              - n2 answered
              - entry 3 had not reached n2
              - AppendEntries from n4 to n2 is lost: the link is cut (1.52 s)
              - reads are local: a server answers from what it has
                1.000 s   Partition: n2 c1 | n1 n3 n4 n5 c2.
                1.522 s ⊣ AppendEntries from n4 to n2 is lost: the link is cut.
                2.511 s ⊣ Request from c1 arrives at n2.
                2.530 s → Reply from n2 arrives at c1.
                2.530 s → c1 reads x = 1.
        "#]],
    );
}

#[test]
fn two_leaders_of_one_term_lead_back_to_the_rule() {
    asks(
        "cluster raft nodes=3 prevote=off latency=10ms clients=3 reads=lease\n\
         @0s rule vote-once off\n\
         @50ms timeout n1\n\
         @50ms timeout n2\n\
         @200ms c1 set x 1 via n1\n\
         @300ms c2 get x via n2",
        &[(1000, "why linearizable")],
        &expect![[r#"
            1000 why linearizable
            Stale read (linearizability of x is broken): c2 found no x at 0.32 s, though c1's write of "1" had returned at 0.241 s.
              - n2 answered
              - entry 2 had not reached n2
              - reads rest on leases: a leader counts on it that nobody else is elected before its lease ends by its own clock
              - The rule vote-once is broken from now on (0.00 s)
              - n1 and n2 each took itself for leader: n1 since 0.07 s, n2 since 0.07 s
                0.000 s   The rule vote-once is broken from now on.
                0.061 s ⊢ RequestVote from n2 arrives at n3: n3 votes for n2 in term 1.
                0.073 s → Vote from n3 arrives at n2.
                0.073 s → n2 wins with n2 and n3 and leads term 1.
                0.310 s ⊣ Request from c2 arrives at n2.
                0.320 s → Reply from n2 arrives at c2.
                0.320 s → c2 finds no x.
        "#]],
    );
}

#[test]
fn a_leader_without_what_was_committed_leads_back_to_the_rule() {
    asks(
        "cluster raft nodes=3 prevote=off latency=10ms reads=local\n\
         @0s rule up-to-date off\n\
         @50ms timeout n1\n\
         @200ms isolate n3\n\
         @250ms c1 set x 1 via n1\n\
         @350ms crash n1\n\
         @350ms heal n3\n\
         @360ms timeout n3\n\
         @500ms c2 get x via n3",
        &[(1000, "why linearizable"), (1000, "why n3")],
        &expect![[r#"
            1000 why linearizable
            Stale read (linearizability of x is broken): c2 found no x at 0.52 s, though c1's write of "1" had returned at 0.291 s.
              - n3 answered
              - entry 2 had not reached n3
              - AppendEntries from n1 to n3 is lost: the link is cut (0.26 s)
              - reads are local: a server answers from what it has
              - The rule up-to-date is broken from now on (0.00 s)
                0.200 s   n3 is cut off from everyone.
                0.265 s ⊣ AppendEntries from n1 to n3 is lost: the link is cut.
                0.510 s ⊣ Request from c2 arrives at n3.
                0.520 s → Reply from n3 arrives at c2.
                0.520 s → c2 finds no x.
            1000 why n3
            n3 is leader of term 2 since 0.38 s.
              - The rule up-to-date is broken from now on (0.00 s)
                0.360 s   The election timer of n3 is made to run out: n3 starts an election for term 2.
                0.371 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 2.
                0.382 s → Vote from n2 arrives at n3.
                0.382 s → n3 wins with n2 and n3 and leads term 2.
        "#]],
    );
}

#[test]
fn a_clock_that_was_ahead_hides_what_comes_after() {
    asks(
        "cluster quorum nodes=3 latency=10ms\n\
         @1s clock n3 +1s\n\
         @2s c1 set x 1 via n3\n\
         @2.5s c2 set x 2 via n1\n\
         @3s c2 get x via n2",
        &[(4000, "why linearizable")],
        &expect![[r#"
            4000 why linearizable
            Lost write (linearizability of x is broken): c2 read "1" at 3.04 s, though its own write of "2" had returned at 2.54 s.
              - n1 and n2 answered
              - n1 keeps what it has: it is newer than the version that came (2.51 s)
              - n3's clock jumps 1.00 s ahead (1.00 s)
              - n2 keeps what it has: it is newer than the version that came (2.52 s)
              - this breaks read your writes
                1.000 s   n3's clock jumps 1.00 s ahead.
                3.020 s ⊣ Read from n2 arrives at n1.
                3.030 s → ReadReply from n1 arrives at n2.
                3.040 s → Reply from n2 arrives at c2.
                3.040 s → c2 reads x = 1.
        "#]],
    );
}

#[test]
fn a_sloppy_quorum_on_both_sides() {
    asks(
        "cluster quorum nodes=5 sloppy=on latency=10ms\n\
         @0.5s c1 set x 0 via n1\n\
         @1s partition c1 n1 n2 n3 | c2 n4 n5\n\
         @1.5s c2 set x 1 via n4\n\
         @2s c2 set x 2 via n4\n\
         @2.5s c1 get x via n1",
        &[(3000, "why linearizable")],
        &expect![[r#"
            3000 why linearizable
            Stale read (linearizability of x is broken): c1 read "0" at 2.54 s, though c2's write of "2" had returned at 2.041 s.
              - n1 and n2 answered
              - Handoff from n4 to n1 is lost: the link is cut (2.14 s)
              - n4 keeps a version for n1, to hand it over later (2.01 s)
              - n4 had taken n1 for dead at 1.63 s
              - n5 keeps a version for n2, to hand it over later (2.02 s)
              - n4 had taken n2 for dead at 1.63 s
                1.000 s   Partition: c1 n1 n2 n3 | c2 n4 n5.
                2.141 s ⊣ Handoff from n4 to n1 is lost: the link is cut.
                2.510 s ⊣ Request from c1 arrives at n1.
                2.520 s → Read from n1 arrives at n2.
                2.530 s → ReadReply from n2 arrives at n1.
                2.540 s → Reply from n1 arrives at c1.
                2.540 s → c1 reads x = 0.
        "#]],
    );
}

#[test]
fn a_store_that_is_written_on_both_sides() {
    asks(
        "cluster write-all clients=3 latency=10ms\n\
         @1s partition n1 n2 c1 | n3 c2\n\
         @2s c1 set x 1\n\
         @2s c2 set x 2\n\
         @3s c1 get x\n\
         @3s c2 get x\n\
         @4s heal\n\
         @5s c3 get x",
        &[(6000, "why linearizable")],
        &expect![[r#"
            6000 why linearizable
            Contradictory answers (linearizability of x is broken): c2 read "2" from x at 3.50 s, which contradicts that c1 set x to "1" (2.00 s to 2.50 s), c2 set x to "2" (2.00 s to 2.50 s), and c1 read "1" from x (3.00 s to 3.50 s).
              - n3 answered c2's get x
              - n3 lacked c1's set x 1: Write from c1 to n3 is lost: the link is cut (2.00 s)
              - n1 and n2 answered c1's get x
              - n1 lacked c2's set x 2: Write from c2 to n1 is lost: the link is cut (2.00 s)
              - n2 lacked c2's set x 2: Write from c2 to n2 is lost: the link is cut (2.00 s)
                1.000 s   Partition: n1 n2 c1 | n3 c2.
                2.005 s ⊣ Write from c1 to n3 is lost: the link is cut.
                3.500 s ⊣ c2 reads x = 2.
        "#]],
    );
}

#[test]
fn a_peer_that_forgot_accepts_what_the_others_refuse() {
    asks(
        "cluster peers latency=10ms\n\
         @1s c1 set x 1 via n1\n\
         @2s restart n1\n\
         @3s c1 set x 2 via n1\n\
         @4s c2 get x via n2",
        &[(5000, "why linearizable")],
        &expect![[r#"
            5000 why linearizable
            Stale read (linearizability of x is broken): c2 read "1" at 4.02 s, though c1's write of "2" had returned at 3.02 s.
              - n2 answered
              - n2 refused c1's set x 2: it did not fit what it had (3.02 s)
              - n1 had accepted it, for it lacked c1's set x 1
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (2.00 s)
                2.000 s   n1 starts again.
                3.010 s ⊣ Request from c1 arrives at n1.
                3.020 s → Command from n1 arrives at n2.
                3.020 s → n2 refuses a command that n1 had accepted.
                4.010 s ⊣ Request from c2 arrives at n2.
                4.020 s → Reply from n2 arrives at c2.
                4.020 s → c2 reads x = 1.
        "#]],
    );
}

#[test]
fn a_peer_behind_a_cut_answers_all_the_same() {
    asks(
        "cluster peers latency=10ms\n\
         @1s partition n1 n2 c1 | n3 c2\n\
         @2s c1 set x 1 via n1\n\
         @2.1s c2 get x via n3",
        &[(3000, "why linearizable")],
        &expect![[r#"
            3000 why linearizable
            Stale read (linearizability of x is broken): c2 found no x at 2.12 s, though c1's write of "1" had returned at 2.02 s.
              - n3 answered
              - Command from n1 to n3 is lost: the link is cut (2.01 s)
                1.000 s   Partition: n1 n2 c1 | n3 c2.
                2.015 s ⊣ Command from n1 to n3 is lost: the link is cut.
                2.110 s ⊣ Request from c2 arrives at n3.
                2.120 s → Reply from n3 arrives at c2.
                2.120 s → c2 finds no x.
        "#]],
    );
}

#[test]
fn a_replica_behind_a_cut_answers_for_its_owner() {
    asks(
        "cluster ring balancer=off latency=10ms\n\
         @0s c1 set x 1 via n5\n\
         @200ms partition n3 n4 n5 c1 | n1 n2 c2\n\
         @300ms c1 set x 2 via n4\n\
         @500ms c2 get x via n2",
        &[(1000, "why linearizable")],
        &expect![[r#"
            1000 why linearizable
            Stale read (linearizability of x is broken): c2 read "1" at 0.706 s, though c1's write of "2" had returned at 0.341 s.
              - n1 answered
              - Replicate from n5 to n1 is lost: the link is cut (0.32 s)
                0.200 s   Partition: n3 n4 n5 c1 | n1 n2 c2.
                0.326 s ⊣ Replicate from n5 to n1 is lost: the link is cut.
                0.687 s ⊣ Read from n2 arrives at n1.
                0.697 s → ForwardReply from n1 arrives at n2.
                0.707 s → Reply from n2 arrives at c2.
                0.707 s → c2 reads x = 1.
        "#]],
    );
}

#[test]
fn what_nobody_asked_for_was_done_twice() {
    asks(
        "cluster ring latency=10ms nodes=3\n\
         @1s cut n1>n3\n\
         @1.1s c1 set x 1\n\
         @1.2s c1 append x 2 via n3\n\
         @2.2s c2 get x",
        &[(3000, "why linearizable")],
        &expect![[r#"
            3000 why linearizable
            Applied twice (linearizability of x is broken): c2 read "122" from x at 2.24 s, which nothing that was asked by then explains.
              - c1's append x 2 was carried out more than once, by n1 at 1.22 s and by n1 at 1.72 s: a retry is not told from a new request
                1.000 s   Nothing gets from n1 to n3 any more.
                1.226 s ⊣ ForwardReply from n1 to n3 is lost: the link is cut.
                1.700 s ⊣ c1 has waited long enough.
                1.710 s → Request from c1 arrives at n2.
                1.720 s → Forward from n2 arrives at n1.
                2.240 s ⊢ c2 reads x = 122.
        "#]],
    );
}

#[test]
fn an_append_that_another_writes_over() {
    asks(
        "cluster write-all latency=10ms\n\
         @1s link c1-n3 latency=30ms\n\
         @2s c1 append x 1\n\
         @2.01s c2 append x 2\n\
         @3s c1 get x",
        &[(4000, "why linearizable")],
        &expect![[r#"
            4000 why linearizable
            Contradictory answers (linearizability of x is broken): c1 read "1" from x at 3.06 s, which contradicts that c2 appended "2" to x (2.01 s to 2.05 s).
              - n1, n2 and n3 answered c1's get x
              - n1 lacked c2's append x 2: n1 had it, and c1's append x 1 replaced it at 2.07 s
              - append is here a read and then a write: what others write in between it replaces
              - n2 lacked c2's append x 2: n2 had it, and c1's append x 1 replaced it at 2.07 s
              - n3 lacked c2's append x 2: n3 had it, and c1's append x 1 replaced it at 2.09 s
                2.000 s   c1 is told to ask: append x 1.
                2.090 s → Write from c1 arrives at n3.
                2.090 s → n3 stores the version: it had none that is newer.
                3.030 s ⊣ Read from c1 arrives at n3 (and one step like it before).
                3.060 s → ReadReply from n3 arrives at c1 (and one step like it before).
                3.060 s → c1 reads x = 1.
        "#]],
    );
}

/// Data that were not on the disk yet went with the crash; the later torn record took others.
#[test]
fn what_was_done_to_a_disk_after_the_crash_that_lost_it() {
    asks(
        "cluster quorum fsync=off nodes=3 seed=5 latency=10ms\n\
         @1.5s c2 set x 2\n\
         @1.56s crash n1\n@1.56s crash n2\n@1.56s crash n3\n\
         @2.5s restart n1\n@2.5s restart n2\n@2.5s restart n3\n\
         @3s c2 set y 1\n\
         @5s corrupt n3",
        &[(6000, "why op 1"), (6000, "why key x")],
        &expect![[r#"
            6000 why op 1
            c2's set x 2 was acknowledged at 1.54 s, and no node that runs holds it now.
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (1.56 s)
              - fsync is off: what a node has written is not on its disk at once
              - n2 had it, and then: The process of n2 dies, and with it what was in memory (1.56 s)
              - n3 had it, and then: The process of n3 dies, and with it what was in memory (1.56 s)
                1.560 s   n3 crashes.
                1.560 s → The process of n3 dies, and with it what was in memory.
            6000 why key x
            n1, n2 and n3 hold no x.
              - c2's set x 2 was acknowledged at 1.54 s
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (1.56 s)
              - fsync is off: what a node has written is not on its disk at once
              - x belongs to n1, n2 and n3
                1.560 s   n1 crashes.
                1.560 s → The process of n1 dies, and with it what was in memory.
        "#]],
    );
}

#[test]
fn a_record_that_was_torn_leads_to_who_tore_it() {
    asks(
        "cluster quorum nodes=3 seed=5 latency=10ms\n\
         @1s c1 set x 1\n\
         @3s crash n1\n@3s crash n2\n@3s crash n3\n\
         @4s corrupt n1\n@4s corrupt n2\n@4s corrupt n3\n\
         @5s restart n1\n@5s restart n2\n@5s restart n3",
        &[(6000, "why op 1")],
        &expect![[r#"
            6000 why op 1
            c1's set x 1 was acknowledged at 1.04 s, and no node that runs holds it now.
              - n1 had it, and then: The last record on the disk of n1 is torn (4.00 s)
              - n2 had it, and then: The last record on the disk of n2 is torn (4.00 s)
              - n3 had it, and then: The last record on the disk of n3 is torn (4.00 s)
                4.000 s   The last record on the disk of n3 is torn.
        "#]],
    );
}

#[test]
fn a_judge_who_watched_leads_back_to_the_rule() {
    let session = played(
        "cluster raft nodes=3 prevote=off latency=10ms\n\
         @0s rule up-to-date off\n\
         @50ms timeout n1\n\
         @200ms isolate n3\n\
         @250ms c1 set x 1 via n1\n\
         @350ms crash n1\n\
         @350ms heal n3\n\
         @360ms timeout n3",
        1_000,
    );
    let run = session.run();
    let mut referee = Referee::new(&run.clusters[0], &run.commands, 200_000);
    referee.go_to(session.world(0).steps(), &mut Budget::UNLIMITED.clone());
    let verdicts = referee.verdicts(&referee.history(), session.world(0).now());
    let broken = verdicts.iter().find(|v| v.holds == Some(false)).unwrap();
    let answer = why_broken(&Scene::of(&session, 0), broken);
    expect![[r#"
        Lost entry (leader completeness is broken): n3 came to lead term 2 at 0.382 s without entry 2, though n1 had known it to be committed in term 1 at 0.281 s.
          - The rule up-to-date is broken from now on (0.00 s)
            0.000 s   The rule up-to-date is broken from now on.
            0.371 s ⊢ RequestVote from n3 arrives at n2: n2 votes for n3 in term 2.
            0.382 s → Vote from n2 arrives at n3.
            0.382 s → n3 wins with n2 and n3 and leads term 2.
    "#]]
    .assert_eq(&answer.to_string());
}

#[test]
fn a_resurrected_delete_leads_back_to_the_tombstone_that_was_collected() {
    asks(
        include_str!("../../../tests/scripts/quorum-resurrected-delete.qs"),
        &[
            (8000, "why op 3"),
            (8000, "why linearizable"),
            (8000, "why key x at n1"),
            (5500, "why key x at n3"),
        ],
        &expect![[r#"
            8000 why op 3
            c2 read "1" at 6.04 s, though c1's deletion of x had returned at 1.561 s.
              - n1 and n3 answered
              - n1 had it, and then: n1 forgets that x was deleted (3.53 s)
              - Write from n1 to n3 is lost: the link is cut (1.53 s)
              - n1 keeps a version for n3, to hand it over later (1.65 s)
              - n1 had taken n3 for dead at 1.65 s
              - the tombstone of x was collected at n1 (3.53 s) and n2 (3.53 s) before n3 had the deletion
                1.500 s   c1 is told to ask n1: del x.
                1.510 s → Request from c1 arrives at n1.
                1.520 s → Read from n1 arrives at n2.
                1.530 s → ReadReply from n2 arrives at n1. n1 stores the version: it had none that is newer.
                3.530 s → The tombstone timer of n1 runs out.
                3.530 s → n1 forgets that x was deleted.
                6.020 s ⊣ Read from n3 arrives at n1.
                6.030 s → ReadReply from n1 arrives at n3.
                6.040 s → Reply from n3 arrives at c2.
                6.040 s → c2 reads x = 1.
            8000 why linearizable
            Stale read (linearizability of x is broken): c2 read "1" at 6.04 s, though c1's deletion of x had returned at 1.561 s.
              - n1 and n3 answered
              - n1 had it, and then: n1 forgets that x was deleted (3.53 s)
              - Write from n1 to n3 is lost: the link is cut (1.53 s)
              - n1 keeps a version for n3, to hand it over later (1.65 s)
              - n1 had taken n3 for dead at 1.65 s
              - the tombstone of x was collected at n1 (3.53 s) and n2 (3.53 s) before n3 had the deletion
                1.500 s   c1 is told to ask n1: del x.
                1.510 s → Request from c1 arrives at n1.
                1.520 s → Read from n1 arrives at n2.
                1.530 s → ReadReply from n2 arrives at n1. n1 stores the version: it had none that is newer.
                3.530 s → The tombstone timer of n1 runs out.
                3.530 s → n1 forgets that x was deleted.
                6.020 s ⊣ Read from n3 arrives at n1.
                6.030 s → ReadReply from n1 arrives at n3.
                6.040 s → Reply from n3 arrives at c2.
                6.040 s → c2 reads x = 1.
            8000 why key x at n1
            n1 holds x = 1.
              - c1's del x was acknowledged at 1.56 s
              - n1 had it, and then: n1 forgets that x was deleted (3.53 s)
              - x belongs to n1, n2 and n3
                1.500 s   c1 is told to ask n1: del x.
                1.510 s → Request from c1 arrives at n1.
                1.520 s → Read from n1 arrives at n2.
                1.530 s → ReadReply from n2 arrives at n1. n1 stores the version: it had none that is newer.
                3.530 s → The tombstone timer of n1 runs out.
                3.530 s → n1 forgets that x was deleted.
            5500 why key x at n3
            n3 holds x = 1.
              - c1's del x was acknowledged at 1.56 s
              - Write from n1 to n3 is lost: the link is cut (1.53 s)
              - n1 keeps a version for n3, to hand it over later (1.65 s)
              - n1 had taken n3 for dead at 1.65 s
              - the tombstone of x was collected at n1 (3.53 s) and n2 (3.53 s) before n3 had the deletion
              - n1 and n2 hold no x
              - x belongs to n1, n2 and n3
                1.000 s   n3 is cut off from everyone.
                1.535 s ⊣ Write from n1 to n3 is lost: the link is cut.
        "#]],
    );
}
