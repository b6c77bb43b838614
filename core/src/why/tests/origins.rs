//! The origins of a term, a loss or a wait, and whether sentences about an entry still hold.

use super::*;

#[test]
fn a_higher_term_comes_from_the_candidate_that_began_it() {
    asks(
        "cluster raft nodes=3 prevote=off latency=10ms seed=2\n@50ms timeout n1\n@1s cut n1-n2",
        &[(1_500, "why n1 not-leader")],
        &expect![[r#"
            1500 why n1 not-leader
            n1 led term 1 until 1.24 s.
              - n1 learns of term 2 and steps down
              - n2 stood for election in term 2 at 1.18 s
              - n1 heard of term 2 from n3
                1.000 s   The link n1-n2 is cut.
                1.027 s ⊣ AppendEntries from n1 to n2 is lost: the link is cut.
                1.189 s ⊣ The election timer of n2 runs out, for n1 was last heard to lead at 0.98 s: n2 starts an election for term 2.
                1.200 s → RequestVote from n2 arrives at n3: n3 votes for n2 in term 2.
                1.232 s ⊢ AppendEntries from n1 arrives at n3.
                1.242 s → AppendReply from n3 arrives at n1.
                1.242 s → n1 learns of term 2 and steps down.
        "#]],
    );
}

#[test]
fn the_term_that_a_leader_meets_when_it_comes_back() {
    asks(
        "cluster raft nodes=3 latency=10ms\n@50ms timeout n1\n@1s isolate n1\n@2s heal",
        &[(2_100, "why n1 not-leader")],
        &expect![[r#"
            2100 why n1 not-leader
            n1 led term 1 until 2.02 s.
              - n1 learns of term 2 and steps down
              - it takes n3 for its leader
              - n3 stood for election in term 2 at 1.14 s
              - messages between n1 and n3 get through again since 2.00 s
                1.000 s   n1 is cut off from everyone.
                1.000 s → AppendEntries from n1 to n3 is lost: the link is cut.
                1.128 s ⊣ The election timer of n3 runs out, for n1 was last heard to lead at 0.95 s: n3 asks whether it could win an election for term 2.
                1.138 s → PreVote from n3 arrives at n2.
                1.159 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 2 (and one step like it before).
                1.170 s → Vote from n2 arrives at n3.
                1.170 s → n3 wins with n2 and n3 and leads term 2.
                2.020 s ⊢ The heartbeat timer of n3 runs out.
                2.030 s → AppendEntries from n3 arrives at n1.
                2.030 s → n1 learns of term 2 and steps down.
        "#]],
    );
}

#[test]
fn an_entry_that_others_know_to_be_committed() {
    asks(
        "cluster raft nodes=3 latency=10ms\n@50ms timeout n1\n@1s c1 set x 8 via n1\n\
         @1.025s isolate n1",
        &[(1_030, "why entry 2 at n1"), (2_000, "why entry 2 at n1"), (2_000, "why entry 2 at n2")],
        &expect![[r#"
            1030 why entry 2 at n1
            Entry 2 of n1 is not committed.
              - entry 2 needs 2 acknowledgements, n1 has 1
              - n2 and n3 cannot be reached since 1.02 s
                1.000 s   c1 is told to ask n1: set x 8.
                1.010 s → Request from c1 arrives at n1.
                1.010 s → n1 puts entry 2 into its log.
            2000 why entry 2 at n1
            Entry 2 is committed, as n2 and n3 know; n1 has not heard so.
              - n1 takes itself for leader of term 1, and others are in term 2
              - n2 and n3 cannot be reached since 1.02 s
                1.000 s   c1 is told to ask n1: set x 8.
                1.010 s → Request from c1 arrives at n1.
                1.010 s → n1 puts entry 2 into its log.
            2000 why entry 2 at n2
            n2 knows since 1.32 s that entry 2 is committed.
                1.025 s   n1 is cut off from everyone.
                1.047 s ⊣ AppendEntries from n1 to n2 is lost: the link is cut.
                1.258 s ⊣ The election timer of n2 runs out, for n1 was last heard to lead at 1.02 s: n2 asks whether it could win an election for term 2.
                1.268 s → PreVote from n2 arrives at n3.
                1.278 s → PreVoteReply from n3 arrives at n2: n2 starts an election for term 2.
                1.289 s → RequestVote from n2 arrives at n3: n3 votes for n2 in term 2.
                1.300 s → Vote from n3 arrives at n2: n2 wins with n2 and n3 and leads term 2.
                1.310 s → AppendEntries from n2 arrives at n3: n3 follows n2 in term 2.
                1.321 s → AppendReply from n3 arrives at n2.
                1.321 s → n2 knows that entry 3 is committed.
        "#]],
    );
}

#[test]
fn an_entry_in_whose_place_another_is_committed() {
    asks(
        "cluster raft nodes=3 latency=10ms\n@50ms timeout n1\n@1s partition n1 c1 | n2 n3\n\
         @1.1s c1 set x 8 via n1",
        &[(1_120, "why entry 2 at n1"), (3_000, "why entry 2 at n1")],
        &expect![[r#"
            1120 why entry 2 at n1
            Entry 2 of n1 is not committed.
              - entry 2 needs 2 acknowledgements, n1 has 1
              - n2 and n3 cannot be reached since 1.00 s
                1.100 s   c1 is told to ask n1: set x 8.
                1.110 s → Request from c1 arrives at n1.
                1.110 s → n1 puts entry 2 into its log.
            3000 why entry 2 at n1
            Entry 2 of n1 can never be committed: n2 and n3 know another entry 2 to be committed.
              - that of n1 is of term 1, the committed one of term 2
              - n1 takes itself for leader of term 1, and others are in term 2
              - n1 will remove it when a leader sends it the other one
              - n2 and n3 cannot be reached since 1.00 s
                1.100 s   c1 is told to ask n1: set x 8.
                1.110 s → Request from c1 arrives at n1.
                1.110 s → n1 puts entry 2 into its log.
        "#]],
    );
}

#[test]
fn a_write_that_a_state_transfer_takes_away() {
    asks(
        "cluster primary-backup replication=async latency=10ms\n@1s partition n3 c1 | n1 n2 c2\n\
         @1.05s c1 set x 2 via n3\n@1.2s crash n3\n@5s heal\n@5s restart n3",
        &[(8_000, "why op 1"), (8_000, "why lost-writes")],
        &expect![[r#"
            8000 why op 1
            c1's set x 2 was acknowledged at 1.07 s, and no node that runs holds it now.
              - Update from n3 to n1 is lost: the link is cut (1.06 s)
              - Update from n3 to n2 is lost: the link is cut (1.06 s)
              - n3 had it, and then: n3 takes its primary's whole state, up to update 0 (5.04 s)
              - n3 answered at 1.06 s, before any backup had it: replication is asynchronous
                1.050 s   c1 is told to ask n3: set x 2.
                1.060 s → Request from c1 arrives at n3: n3 carries out update 1.
                1.071 s → Reply from n3 arrives at c1.
                1.071 s → c1 is told: set x 2 is done.
                5.000 s ⊢ Every link works again.
                5.020 s ⊢ Heartbeat from n2 arrives at n3: n3 takes n2 for its primary.
                5.030 s → HeartbeatReply from n3 arrives at n2.
                5.040 s → StateTransfer from n2 arrives at n3.
                5.040 s → n3 takes its primary's whole state, up to update 0.
            8000 why lost-writes
            Lost write: c1's write of "2" to x, acknowledged at 1.071 s, is nowhere any more: no node, disk or message has it.
              - Update from n3 to n1 is lost: the link is cut (1.06 s)
              - Update from n3 to n2 is lost: the link is cut (1.06 s)
              - n3 had it, and then: n3 takes its primary's whole state, up to update 0 (5.04 s)
              - n3 answered at 1.06 s, before any backup had it: replication is asynchronous
                1.050 s   c1 is told to ask n3: set x 2.
                1.060 s → Request from c1 arrives at n3: n3 carries out update 1.
                1.071 s → Reply from n3 arrives at c1.
                1.071 s → c1 is told: set x 2 is done.
                5.000 s ⊢ Every link works again.
                5.020 s ⊢ Heartbeat from n2 arrives at n3: n3 takes n2 for its primary.
                5.030 s → HeartbeatReply from n3 arrives at n2.
                5.040 s → StateTransfer from n2 arrives at n3.
                5.040 s → n3 takes its primary's whole state, up to update 0.
        "#]],
    );
}

#[test]
fn an_append_that_a_quorum_store_carries_out_twice() {
    asks(
        "cluster quorum latency=10ms\n@0.99s cut n1>c1\n@1s c1 append x b via n1\n\
         @3s c2 get x via n2",
        &[(4_000, "why op 2"), (4_000, "why linearizable")],
        &expect![[r#"
            4000 why op 2
            c2 reads x = "bb", which has "b" 2 times, more often than was asked.
              - c1's append x b was carried out more than once, by n1 at 1.01 s and by n5 at 1.51 s: a retry is not told from a new request
                0.990 s   Nothing gets from n1 to c1 any more.
                1.056 s ⊣ Reply from n1 to c1 is lost: the link is cut.
                1.500 s ⊣ c1 has waited long enough.
                1.510 s → Request from c1 arrives at n5.
                3.040 s ⊢ c2 reads x = "bb".
            4000 why linearizable
            Applied twice (linearizability of x is broken): c2 read "bb" from x at 3.04 s, which nothing that was asked by then explains.
              - c1's append x b was carried out more than once, by n1 at 1.01 s and by n5 at 1.51 s: a retry is not told from a new request
                0.990 s   Nothing gets from n1 to c1 any more.
                1.056 s ⊣ Reply from n1 to c1 is lost: the link is cut.
                1.500 s ⊣ c1 has waited long enough.
                1.510 s → Request from c1 arrives at n5.
                3.040 s ⊢ c2 reads x = "bb".
        "#]],
    );
}

#[test]
fn a_disk_that_was_made_slow_is_where_a_wait_begins() {
    asks(
        "cluster raft nodes=3 latency=10ms check-quorum=on\n@50ms timeout n1\n@1s set disk=20s\n\
         @1.2s c1 set x 1 via n1",
        &[
            (1_300, "why entry 2 at n1"),
            (3_000, "why entry 2 at n1"),
            (3_000, "why c1"),
            (4_000, "why no-leader"),
        ],
        &expect![[r#"
            1300 why entry 2 at n1
            Entry 2 of n1 is not committed.
              - entry 2 needs 2 acknowledgements, n1 has 0
              - the disk of n1 has not made it durable yet
              - n1, n2 and n3 are writing first: a write takes 20.00 s
              - n2 and n3 are still to acknowledge it
                1.000 s   From now on disk is 20s.
                1.210 s ⊣ n1 puts entry 2 into its log.
            3000 why entry 2 at n1
            n1 does not know that entry 2 is committed.
              - entry 2 is in 3 of 3 logs, not counting nodes that are down; it needs 2
              - it is on 0 of 3 disks, and only those count
              - n1, n2 and n3 are writing first: a write takes 20.00 s
              - n1 knows of no leader that would tell it
                1.000 s   From now on disk is 20s.
                1.210 s ⊣ n1 puts entry 2 into its log.
            3000 why c1
            c1 has waited 1.80 s for an answer to set x 1 from n3.
              - n3 has not answered yet
              - n3 is writing first: a write takes 20.00 s
                1.000 s   From now on disk is 20s.
                2.700 s ⊣ c1 sends Request to n3.
            4000 why no-leader
            There is no leader. n1 asks whether it could win term 2, and has 1 of the 2 votes it needs.
              - n1 needs 2 votes, has 1
              - n2 and n3 have not answered yet
              - n2 and n3 are writing first: a write takes 20.00 s
              - n2 asks too whether it could win term 2, and has 1 of 2 votes
              - n3 asks too whether it could win term 2, and has 1 of 2 votes
                1.000 s   From now on disk is 20s.
                3.814 s ⊣ n1 asks whether it could win an election for term 2.
        "#]],
    );
}

#[test]
fn the_only_node_that_reaches_a_majority_is_refused_for_its_log() {
    asks(
        "cluster raft nodes=5 latency=10ms prevote=off\n@50ms timeout n1\n@1s isolate n3\n\
         @1.1s c1 set x 1 via n1\n@2s heal\n@2s partition n1 | n2 | n4 | n5\n@4s show",
        &[(3_740, "why no-leader"), (4_000, "why no-leader")],
        &expect![[r#"
            3740 why no-leader
            There is no leader. n1 stands for election in term 17, and has 1 of the 3 votes it needs.
              - n1 needs 3 votes, has 1
              - n2, n4 and n5 cannot be reached since 2.00 s
              - n3 has not answered yet
              - n2 stands in term 17 too, and has 1 of 3 votes
              - n4 stands in term 16 too, and has 1 of 3 votes
              - n3 refused: it had voted for n2 in term 16 at 3.52 s
              - n5 stands in term 16 too, and has 1 of 3 votes
              - n3 alone reaches a majority
              - n3 stood at 2.86 s, and n1, n2, n4 and n5 did not vote for it
              - n1 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n2 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n4 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n5 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
                2.000 s   Every link works again.
                2.032 s ⊢ AppendEntries from n1 arrives at n3.
                2.042 s → AppendReply from n3 arrives at n1: n1 learns of term 5 and steps down.
                3.732 s → The election timer of n1 runs out (and 7 steps like it before).
                3.732 s → n1 starts an election for term 17.
            4000 why no-leader
            There is no leader. n3 stands for election in term 18, and has 1 of the 3 votes it needs.
              - n3 needs 3 votes, has 1
              - n1 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n2 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n4 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n5 refused: its log is ahead: it ends with entry 2 of term 1, that of n3 with entry 1 of term 1
              - n3 alone reaches a majority
                2.000 s   Partition: n1 | n2 | n4 | n5.
                2.027 s ⊣ AppendEntries from n1 to n2 is lost: the link is cut.
                2.281 s ⊣ The election timer of n2 runs out, for n1 was last heard to lead at 1.98 s: n2 starts an election for term 7.
                3.722 s → The election timer of n2 runs out: n2 starts an election for term 17 (and 6 steps like it before).
                3.733 s → RequestVote from n2 arrives at n3: n3 votes for n2 in term 17.
                3.945 s → The election timer of n3 runs out.
                3.945 s → n3 starts an election for term 18.
        "#]],
    );
}

#[test]
fn the_slow_disk_of_one_node_is_where_a_wait_begins() {
    asks(
        "cluster raft nodes=3 latency=10ms\n@50ms timeout n1\n@1s disk n1 20s\n\
         @1s isolate n2\n@1s disk n3 20s\n@1.2s c1 set x 1 via n1",
        &[(1_300, "why entry 2 at n1")],
        &expect![[r#"
            1300 why entry 2 at n1
            Entry 2 of n1 is not committed.
              - entry 2 needs 2 acknowledgements, n1 has 0
              - the disk of n1 has not made it durable yet
              - n1 and n3 are writing first: a write takes 20.00 s
              - n2 cannot be reached since 1.00 s
              - n3 is still to acknowledge it
                1.000 s   A write takes 20.00 s on the disk of n1 from now on.
                1.210 s ⊣ n1 puts entry 2 into its log.
        "#]],
    );
}
