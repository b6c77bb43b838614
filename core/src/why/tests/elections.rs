//! Refused votes, nodes that do not lead, and suspected nodes.

use super::asks;
use expect_test::expect;

#[test]
fn votes_that_were_given_and_refused() {
    asks(
        "cluster raft seed=119 prevote=off\n@1s timeout n1\n@1s timeout n3\n@2s isolate n5\n\
         @2.5s c1 set x 2\n@3s heal\n@3s timeout n5",
        &[
            (1_025, "why n3"),
            (1_040, "why n2 vote n1"),
            (1_040, "why n2 vote n3"),
            (1_100, "why n2 not-leader"),
            (1_100, "why n5 not-leader"),
            (2_600, "why n1 vote n5"),
            (3_040, "why n5 not-leader"),
            (3_040, "why n1 vote n5"),
            (3_040, "why n4 vote n2"),
        ],
        &expect![[r#"
            1025 why n3
            n3 stands for election in term 2, and has 1 of the 3 votes it needs.
              - n3 needs 3 votes, has 1
              - n1, n2, n4 and n5 have not answered yet
                1.000 s   The election timer of n3 is made to run out.
                1.000 s → n3 starts an election for term 2.
            1040 why n2 vote n1
            n2 votes for n1 in term 2.
                1.000 s   The election timer of n1 is made to run out: n1 starts an election for term 2.
                1.018 s → RequestVote from n1 arrives at n2.
                1.018 s → n2 votes for n1 in term 2.
            1040 why n2 vote n3
            n2 has not voted for n3.
              - n2 refused: it had voted for n1 in term 2 at 1.01 s
                1.000 s   The election timer of n1 is made to run out: n1 starts an election for term 2.
                1.018 s → RequestVote from n1 arrives at n2.
                1.018 s → n2 votes for n1 in term 2.
            1100 why n2 not-leader
            n2 led term 1 until 1.01 s.
              - n2 learns of term 2 and steps down
              - it takes n1 for its leader
                1.000 s   The election timer of n1 is made to run out: n1 starts an election for term 2.
                1.018 s → RequestVote from n1 arrives at n2.
                1.018 s → n2 learns of term 2 and steps down.
            1100 why n5 not-leader
            n5 has not been leader.
              - it takes n1 for its leader
                1.000 s   The election timer of n1 is made to run out: n1 starts an election for term 2.
                1.018 s → RequestVote from n1 arrives at n2: n2 votes for n1 in term 2.
                1.034 s → Vote from n2 arrives at n1: n1 wins with n1, n2 and n4 and leads term 2.
                1.049 s → AppendEntries from n1 arrives at n5.
                1.049 s → n5 follows n1 in term 2.
            2600 why n1 vote n5
            n1 has not voted for n5: it has not been asked.
              - n1 cannot be reached since 2.00 s
              - RequestVote from n5 to n1 is lost: the link is cut (2.45 s)
                2.000 s   n5 is cut off from everyone.
                2.452 s ⊣ RequestVote from n5 to n1 is lost: the link is cut.
            3040 why n5 not-leader
            n5 stands for election in term 7, and has 1 of the 3 votes it needs.
              - n5 needs 3 votes, has 1
              - n1 refused: its log is ahead: it ends with entry 3 of term 2, that of n5 with entry 2 of term 2
              - n2 refused: its log is ahead: it ends with entry 3 of term 2, that of n5 with entry 2 of term 2
              - n3 refused: its log is ahead: it ends with entry 3 of term 2, that of n5 with entry 2 of term 2
              - n4 refused: its log is ahead: it ends with entry 3 of term 2, that of n5 with entry 2 of term 2
                3.000 s   The election timer of n5 is made to run out.
                3.000 s → n5 starts an election for term 7.
            3040 why n1 vote n5
            n1 has not voted for n5.
              - n1 refused: its log is ahead: it ends with entry 3 of term 2, that of n5 with entry 2 of term 2
                3.000 s   The election timer of n5 is made to run out: n5 starts an election for term 7.
                3.015 s → RequestVote from n5 arrives at n1: n1 learns of term 7 and steps down.
            3040 why n4 vote n2
            n4 votes for n2 in term 1.
                0.000 s   n2 starts.
                0.165 s → The election timer of n2 runs out: n2 starts an election for term 1.
                0.182 s → RequestVote from n2 arrives at n4.
                0.182 s → n4 votes for n2 in term 1.
        "#]],
    );
}

#[test]
fn a_vote_while_the_leader_is_heard_and_one_on_a_slow_disk() {
    asks(
        "cluster raft seed=402 nodes=3 disk=40ms\n@2s isolate n1\n@2.28s heal\n@3s crash n1",
        &[
            (2_300, "why"),
            (2_310, "why n2 vote n1"),
            (2_310, "why n3 vote n1"),
            (3_050, "why no-leader"),
            (3_250, "why no-leader"),
        ],
        &expect![[r#"
            2300 why
            n2 is leader of term 1 since 0.29 s.
                0.000 s   n2 starts.
                0.151 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.165 s → PreVote from n2 arrives at n3.
                0.184 s → PreVoteReply from n3 arrives at n2: n2 starts an election for term 1.
                0.237 s → RequestVote from n2 arrives at n1: n1 votes for n2 in term 1.
                0.290 s → Vote from n1 arrives at n2.
                0.290 s → n2 wins with n1 and n2 and leads term 1.
            2310 why n2 vote n1
            n2 has not voted for n1.
              - n2 refused: it leads itself, since 0.29 s
                0.000 s   n2 starts.
                0.151 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.165 s → PreVote from n2 arrives at n3.
                0.184 s → PreVoteReply from n3 arrives at n2: n2 starts an election for term 1.
                0.237 s → RequestVote from n2 arrives at n1: n1 votes for n2 in term 1.
                0.290 s → Vote from n1 arrives at n2.
                0.290 s → n2 wins with n1 and n2 and leads term 1.
            2310 why n3 vote n1
            n3 has not voted for n1.
              - n3 refused: it had heard its leader, n2, at 2.25 s
                2.240 s   The heartbeat timer of n2 runs out.
                2.253 s → AppendEntries from n2 arrives at n3.
            3050 why no-leader
            n2 is leader of term 1 since 0.29 s.
                0.000 s   n2 starts.
                0.151 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.165 s → PreVote from n2 arrives at n3.
                0.184 s → PreVoteReply from n3 arrives at n2: n2 starts an election for term 1.
                0.237 s → RequestVote from n2 arrives at n1: n1 votes for n2 in term 1.
                0.290 s → Vote from n1 arrives at n2.
                0.290 s → n2 wins with n1 and n2 and leads term 1.
            3250 why no-leader
            n2 is leader of term 1 since 0.29 s.
                0.000 s   n2 starts.
                0.151 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.165 s → PreVote from n2 arrives at n3.
                0.184 s → PreVoteReply from n3 arrives at n2: n2 starts an election for term 1.
                0.237 s → RequestVote from n2 arrives at n1: n1 votes for n2 in term 1.
                0.290 s → Vote from n1 arrives at n2.
                0.290 s → n2 wins with n1 and n2 and leads term 1.
        "#]],
    );
}

#[test]
fn a_rule_that_is_broken() {
    asks(
        "cluster raft nodes=3 prevote=off latency=10ms\n@0s rule vote-once off\n@50ms timeout n1\n\
         @50ms timeout n2",
        &[(150, "why n2"), (150, "why election-safety"), (150, "why linearizable")],
        &expect![[r#"
            150 why n2
            n2 is leader of term 1 since 0.07 s.
              - n1 came to lead term 1 too
              - n3 voted for both
              - The rule vote-once is broken from now on (0.00 s)
                0.000 s   The rule vote-once is broken from now on.
                0.061 s ⊢ RequestVote from n2 arrives at n3: n3 votes for n2 in term 1.
                0.073 s → Vote from n3 arrives at n2.
                0.073 s → n2 wins with n2 and n3 and leads term 1.
            150 why election-safety
            That is not known: no judge has watched the run so far.
            150 why linearizable
            Nothing breaks it so far: linearizable.
        "#]],
    );
}

#[test]
fn a_leader_that_nobody_hears_and_one_that_is_gone() {
    asks(
        "cluster raft seed=3457\n@1s cut n1>n2; @1s cut n3>n2; @1s cut n4>n2; @1s cut n5>n2\n\
         @3s heal\n@4s crash n2\n@5s restart n2\n@6s pause n1",
        &[
            (2_000, "why n2"),
            (4_100, "why no-leader"),
            (4_100, "why n1"),
            (5_500, "why n2 not-leader"),
        ],
        &expect![[r#"
            2000 why n2
            n2 is leader of term 1 since 0.23 s.
              - n2 needs 3 of 5 to commit anything, and reaches 1
              - n1, n3, n4 and n5 cannot answer n2 since 1.00 s
                0.000 s   n2 starts.
                0.173 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.193 s → PreVote from n2 arrives at n1.
                0.203 s → PreVoteReply from n1 arrives at n2: n2 starts an election for term 1.
                0.223 s → RequestVote from n2 arrives at n5: n5 votes for n2 in term 1.
                0.240 s → Vote from n5 arrives at n2.
                0.240 s → n2 wins with n2, n3 and n5 and leads term 1.
            4100 why no-leader
            There is no leader: n2, which led term 1, is down since 4.00 s.
              - n1, n3, n4 and n5 have not noticed yet
              - n5 is the first to notice, in 166 ms, unless it hears from n2
                4.000 s   n2 crashes.
            4100 why n1
            n1 takes n2 for its leader.
              - n2 is down since 4.00 s
              - n1 has not noticed: it waits 178 ms more
                0.000 s   n2 starts.
                0.173 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.193 s → PreVote from n2 arrives at n1.
                0.203 s → PreVoteReply from n1 arrives at n2: n2 starts an election for term 1.
                0.223 s → RequestVote from n2 arrives at n5: n5 votes for n2 in term 1.
                0.240 s → Vote from n5 arrives at n2: n2 wins with n2, n3 and n5 and leads term 1.
                0.253 s → AppendEntries from n2 arrives at n1.
                0.253 s → n1 follows n2 in term 1.
            5500 why n2 not-leader
            n2 led term 1 until 4.00 s.
              - The process of n2 dies, and with it what was in memory
              - it takes n4 for its leader
                4.000 s   n2 crashes.
                4.000 s → The process of n2 dies, and with it what was in memory.
        "#]],
    );
}

#[test]
fn members_that_come_and_go() {
    asks(
        "cluster raft nodes=3 seed=16\n@1s add n4\n@1.02s remove n1",
        &[(1_020, "why n4"), (1_090, "why n3"), (2_900, "why n1")],
        &expect![[r#"
            1020 why n4
            n4 takes n3 for its leader.
              - n4 only learns: it has no vote yet
                1.000 s   n4 is to join: n3 puts entry 2 into its log.
                1.018 s → AppendEntries from n3 arrives at n4.
                1.018 s → n4 follows n3 in term 1.
            1090 why n3
            n3 is leader of term 1 since 0.27 s.
                0.000 s   n3 starts.
                0.217 s → The election timer of n3 runs out: n3 asks whether it could win an election for term 1.
                0.229 s → PreVote from n3 arrives at n1.
                0.241 s → PreVoteReply from n1 arrives at n3: n3 starts an election for term 1.
                0.254 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 1.
                0.272 s → Vote from n2 arrives at n3.
                0.272 s → n3 wins with n2 and n3 and leads term 1.
            2900 why n1
            n1 left the cluster at 1.10 s.
                1.020 s   n1 is to leave.
        "#]],
    );
}

#[test]
fn nobody_takes_over_until_told() {
    asks(
        "cluster primary-backup seed=4 failover=manual\n@1s pause n2\n@1.5s c1 set x 1\n\
         @1.6s crash n1",
        &[(1_560, "why c1"), (1_560, "why entry 1"), (2_500, "why no-leader"), (2_500, "why n3")],
        &expect![[r#"
            1560 why c1
            c1 waits for nothing: its last request ended at 1.55 s.
                1.500 s   c1 is told to ask: set x 1.
                1.512 s → Request from c1 arrives at n1: n1 carries out update 1.
                1.530 s → Update from n1 arrives at n3: n3 has its primary's updates up to 1.
                1.543 s → UpdateAck from n3 arrives at n1: n1 has heard enough backups for update 1.
                1.559 s → Reply from n1 arrives at c1.
                1.559 s → c1 is told: set x 1 is done.
            1560 why entry 1
            Update 1 of n1 is on as many backups as an answer waits for.
                1.500 s   c1 is told to ask: set x 1.
                1.512 s → Request from c1 arrives at n1.
                1.512 s → n1 carries out update 1.
            2500 why no-leader
            There is no primary: n1, the last primary, is down since 1.60 s.
              - n3 has not noticed yet
              - failover is manual: nobody takes over until a node is told to
                1.600 s   n1 crashes.
            2500 why n3
            n3 takes n1 for its primary.
              - n1 is down since 1.60 s
              - failover is manual: nobody takes over until a node is told to
                0.000 s   n1 starts: n1 is primary from election 1 on.
                0.016 s → StateTransfer from n1 arrives at n3.
                0.016 s → n3 takes its primary's whole state, up to update 0.
        "#]],
    );
}

#[test]
fn peers_that_are_on_their_way_back() {
    asks(
        "cluster peers seed=1\n@1s crash n3\n@9s c1 set x 1 via n1\n@10s restart n3",
        &[
            (9_500, "why n1 suspects n3"),
            (9_500, "why n1 keeps n3"),
            (10_010, "why n3"),
            (10_020, "why n1 suspects n3"),
            (14_000, "why n3"),
            (14_000, "why key x at n3"),
            (14_000, "why n1 keeps n3"),
        ],
        &expect![[r#"
            9500 why n1 suspects n3
            n1 takes n3 for dead since 8.00 s.
              - n3 is down since 1.00 s
                1.000 s   n3 crashes.
                5.020 s ⊣ Heartbeat from n1 to n3 is lost: n3 is down.
                8.000 s ⊣ The suspicion timer of n1 runs out.
                8.000 s → n1 takes n3 to be DEAD.
            9500 why n1 keeps n3
            n1 still keeps 1 command for n3.
              - the last came at 9.01 s
              - n3 is down since 1.00 s
              - n1 takes n3 to be DEAD since 8.00 s
              - they are in memory only: a crash of n1 would lose them
                9.000 s   c1 is told to ask n1: set x 1.
                9.013 s → Request from c1 arrives at n1.
                9.013 s → n1 keeps the command for n3, which it does not believe to be active.
            10010 why n3
            n3 is RECOVER since 10.00 s.
              - n3 does not know yet what it missed
              - n1 and n2 have not answered it since it started
               10.000 s   n3 starts again.
               10.000 s → n3 starts anew.
            10020 why n1 suspects n3
            n1 takes n3 to be RECOVER since 10.01 s.
              - n3 was sent what it missed, and has not said yet that it has carried that out
               10.000 s   n3 starts again.
               10.019 s → Heartbeat from n3 arrives at n1.
               10.019 s → n1 takes n3 to be RECOVER.
            14000 why n3
            n3 is RECOVERED since 10.03 s.
              - n3 takes part again with its next heartbeats, in 1.00 s
               10.000 s   n3 starts again.
               10.019 s → Heartbeat from n3 arrives at n1: n1 takes n3 to be RECOVER.
               10.036 s → Replay from n1 arrives at n3.
               10.036 s → n3 is RECOVERED now.
            14000 why key x at n3
            n3 holds x = 1.
               10.000 s   n3 starts again.
               10.019 s → Heartbeat from n3 arrives at n1: n1 takes n3 to be RECOVER.
               10.036 s → Replay from n1 arrives at n3.
               10.036 s → n3 has carried out 1 command that n1 kept for it.
            14000 why n1 keeps n3
            n1 keeps nothing for n3.
        "#]],
    );
}

#[test]
fn a_balancer_that_suspects_the_living() {
    asks(
        "cluster ring latency=10ms retries=0\n@0s c1 set x 1\n@200ms cut lb-n5\n@1.5s c1 set x 2",
        &[(1_500, "why lb suspects n5"), (2_900, "why op 2"), (2_900, "why n1 suspects n5")],
        &expect![[r#"
            1500 why lb suspects n5
            lb takes n5 for dead since 0.63 s.
              - n5 cannot be reached since 0.20 s
                0.000 s   c1 is told to ask: set x 1.
                0.010 s → Request from c1 arrives at lb.
                0.020 s → Forward from lb arrives at n5.
                0.031 s → ForwardReply from n5 arrives at lb.
                0.631 s → The suspicion timer of lb runs out, for n5 was last heard of at 0.03 s.
                0.631 s → lb suspects n5: nothing came from it in time.
            2900 why op 2
            c1 gives up and cannot know whether set x 2 was done.
              - lb turned it away at 1.52 s: it had taken n5 for dead at 0.63 s
                0.000 s   c1 is told to ask: set x 1.
                0.020 s → Forward from lb arrives at n5.
                0.031 s → ForwardReply from n5 arrives at lb.
                0.631 s → The suspicion timer of lb runs out, for n5 was last heard of at 0.03 s.
                0.631 s → lb suspects n5: nothing came from it in time.
                1.510 s ⊣ Request from c1 arrives at lb (and one step like it before).
                1.520 s → Reply from lb arrives at c1.
                1.520 s → c1 gives up and cannot know whether set x 2 was done.
            2900 why n1 suspects n5
            n1 has no reason to take n5 for dead.
        "#]],
    );
}

#[test]
fn who_was_removed_left_by_way_of_the_log() {
    asks(
        "cluster raft nodes=4 seed=2\n@2s remove n2\n@3s crash n1\n@3.1s remove n1\n@4s remove n3",
        &[(2_500, "why n2"), (3_900, "why n1"), (5_000, "why n3")],
        &expect![[r#"
            2500 why n2
            n2 left the cluster at 2.03 s.
                2.000 s   n2 is to leave: n2 puts entry 2 into its log.
                2.012 s → AppendEntries from n2 arrives at n4: n4 has its leader's log up to entry 2.
                2.031 s → AppendReply from n4 arrives at n2: n2 is no member any more, and gives up leading term 1.
                2.031 s → n2 has left the cluster.
            3900 why n1
            n1 left the cluster at 3.13 s.
                3.100 s   n1 is to leave: n4 puts entry 4 into its log.
                3.118 s → AppendEntries from n4 arrives at n3: n3 has its leader's log up to entry 4.
                3.137 s → AppendReply from n3 arrives at n4: n4 knows that entry 4 is committed.
                3.137 s → n1 has left the cluster.
            5000 why n3
            n3 left the cluster at 4.03 s.
                4.000 s   n3 is to leave: n4 puts entry 5 into its log.
                4.027 s → AppendReply from n3 arrives at n4.
                4.039 s → AppendEntries from n4 arrives at n3: n3 knows that entry 5 is committed (and one step like it before).
                4.039 s → n3 has left the cluster.
        "#]],
    );
}
