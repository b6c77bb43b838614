//! Questions of people, answered on every preset.

mod contradictions;
mod elections;
mod faults;
mod origins;

use super::*;
use crate::script::parse;
use crate::session::Session;
use crate::time::Time;
use expect_test::{Expect, expect};

fn played(script: &str, to_ms: u64) -> Session {
    let mut session = Session::new(parse(script).unwrap());
    session.seek(Time::from_ms(to_ms));
    session
}

/// Checks the answers to these questions at these times, as people read them.
fn asks(script: &str, questions: &[(u64, &str)], expected: &Expect) {
    let mut told = String::new();
    let latest = questions.iter().map(|(ms, _)| *ms).max().unwrap();
    let mut session = played(script, latest);
    for (ms, question) in questions {
        session.seek(Time::from_ms(*ms));
        let scene = Scene::of(&session, 0);
        let answer = why(&scene, &Question::parse(question).unwrap());
        let answer = answer.map_or_else(|e| format!("{e}\n"), |a| a.to_string());
        told += &format!("{ms} {question}\n{answer}");
    }
    expected.assert_eq(&told);
}

const SPLIT: &str = "cluster raft seed=266\n@1s c1 set x 1\n@1.8s partition n1 n2 c1 | n3 n4 n5\n\
    @1.9s c1 set x 2\n@3s heal\n@4s crash n3\n@5s crash n5\n@5.1s crash n4\n@6s restart n4";

#[test]
fn a_partition_with_the_leader_in_the_minority() {
    asks(
        SPLIT,
        &[
            (200, "why"),
            (500, "why n2"),
            (1_500, "why op 1"),
            (2_500, "why entry 3 at n2"),
            (2_500, "why c1"),
            (2_500, "why n3"),
            (2_500, "why n1-n5"),
            (2_500, "why key x at n5"),
            (3_060, "why n2"),
            (3_600, "why op 2"),
            (3_600, "why entry 2"),
            (3_600, "why entry 9 at n1"),
            (5_500, "why no-leader"),
            (5_500, "why n3"),
            (5_500, "why"),
        ],
        &expect![[r#"
            200 why
            There is no leader. n2 stands for election in term 1, and has 1 of the 3 votes it needs.
              - n2 needs 3 votes, has 1
              - n1, n3, n4 and n5 have not answered yet
              - n3 asks too whether it could win term 1, and has 1 of 3 votes
                0.000 s   n2 starts.
                0.161 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.176 s → PreVote from n2 arrives at n5.
                0.188 s → PreVoteReply from n5 arrives at n2.
                0.188 s → n2 starts an election for term 1.
            500 why n2
            n2 is leader of term 1 since 0.22 s.
                0.000 s   n2 starts.
                0.161 s → The election timer of n2 runs out: n2 asks whether it could win an election for term 1.
                0.176 s → PreVote from n2 arrives at n5.
                0.188 s → PreVoteReply from n5 arrives at n2: n2 starts an election for term 1.
                0.201 s → RequestVote from n2 arrives at n5: n5 votes for n2 in term 1.
                0.221 s → Vote from n5 arrives at n2.
                0.221 s → n2 wins with n1, n2 and n5 and leads term 1.
            1500 why op 1
            c1 is told: set x 1 is done.
                1.000 s   c1 is told to ask: set x 1.
                1.018 s → Request from c1 arrives at n1: n1 sends the client on to n2.
                1.036 s → Reply from n1 arrives at c1.
                1.046 s → Request from c1 arrives at n2: n2 puts entry 2 into its log.
                1.056 s → AppendEntries from n2 arrives at n1: n1 has its leader's log up to entry 2.
                1.071 s → AppendReply from n1 arrives at n2: n2 knows that entry 2 is committed.
                1.083 s → Reply from n2 arrives at c1.
                1.083 s → c1 is told: set x 1 is done.
            2500 why entry 3 at n2
            Entry 3 of n2 can never be committed: n3, n4 and n5 know another entry 3 to be committed.
              - that of n2 is of term 1, the committed one of term 2
              - n2 takes itself for leader of term 1, and others are in term 2
              - n2 will remove it when a leader sends it the other one
              - n3, n4 and n5 cannot be reached since 1.80 s
                1.900 s   c1 is told to ask: set x 2.
                1.917 s → Request from c1 arrives at n2.
                1.917 s → n2 puts entry 3 into its log.
            2500 why c1
            c1 has waited 600 ms for an answer to set x 2 from n5.
              - Request from c1 to n5 is lost: the link is cut (2.40 s)
              - n2 has it as entry 3 of its log, in whose place another is committed: n3, n4 and n5 cannot be reached since 1.80 s
                1.800 s   Partition: n1 n2 c1 | n3 n4 n5.
                2.407 s ⊣ Request from c1 to n5 is lost: the link is cut.
            2500 why n3
            n3 is leader of term 2 since 2.02 s.
              - n2 takes itself for leader too since 0.22 s: n2 cannot be reached since 1.80 s
                1.800 s   Partition: n1 n2 c1 | n3 n4 n5.
                1.829 s ⊣ AppendEntries from n2 to n3 is lost: the link is cut.
                1.970 s ⊣ The election timer of n3 runs out, for n2 was last heard to lead at 1.78 s: n3 asks whether it could win an election for term 2.
                1.987 s → PreVote from n3 arrives at n4.
                2.000 s → PreVoteReply from n4 arrives at n3: n3 starts an election for term 2.
                2.013 s → RequestVote from n3 arrives at n4: n4 votes for n3 in term 2.
                2.027 s → Vote from n4 arrives at n3.
                2.027 s → n3 wins with n3, n4 and n5 and leads term 2.
            2500 why n1-n5
            The link n1-n5 is cut since 1.80 s.
                1.800 s   Partition: n1 n2 c1 | n3 n4 n5.
            2500 why key x at n5
            n5 holds x = 1.
                1.000 s   c1 is told to ask: set x 1.
                1.018 s → Request from c1 arrives at n1: n1 sends the client on to n2.
                1.036 s → Reply from n1 arrives at c1.
                1.046 s → Request from c1 arrives at n2: n2 puts entry 2 into its log.
                1.058 s → AppendEntries from n2 arrives at n5.
                1.058 s → n5 has its leader's log up to entry 2.
            3060 why n2
            n2 takes n3 for its leader.
                3.000 s   Every link works again.
                3.047 s ⊢ AppendEntries from n3 arrives at n2.
                3.047 s → n2 follows n3 in term 2.
            3600 why op 2
            c1 is told: set x 2 is done.
                1.800 s   Partition: n1 n2 c1 | n3 n4 n5.
                2.407 s ⊣ Request from c1 to n5 is lost: the link is cut.
                2.900 s ⊣ c1 has waited long enough.
                2.910 s → Request from c1 arrives at n1: n1 sends the client on to n2.
                3.430 s → c1 has waited long enough (and one step like it before).
                3.446 s → Request from c1 arrives at n3: n3 puts entry 4 into its log.
                3.464 s → AppendEntries from n3 arrives at n4: n4 has its leader's log up to entry 4.
                3.478 s → AppendReply from n4 arrives at n3: n3 knows that entry 4 is committed.
                3.497 s → Reply from n3 arrives at c1.
                3.497 s → c1 is told: set x 2 is done.
            3600 why entry 2
            n3 knows since 1.09 s that entry 2 is committed.
                1.071 s   The heartbeat timer of n2 runs out.
                1.090 s → AppendEntries from n2 arrives at n3.
                1.090 s → n3 knows that entry 2 is committed.
            3600 why entry 9 at n1
            There is no entry 9 yet: the log of n1 ends at 4.
                1.800 s   Partition: n1 n2 c1 | n3 n4 n5.
                2.407 s ⊣ Request from c1 to n5 is lost: the link is cut.
                2.900 s ⊣ c1 has waited long enough.
                2.910 s → Request from c1 arrives at n1: n1 sends the client on to n2.
                2.930 s → Reply from n1 arrives at c1.
                3.430 s → c1 has waited long enough.
                3.446 s → Request from c1 arrives at n3: n3 puts entry 4 into its log.
                3.465 s → AppendEntries from n3 arrives at n1.
                3.465 s → n1 has its leader's log up to entry 4.
            5500 why no-leader
            There is no leader. n1 asks whether it could win term 4, and has 2 of the 3 votes it needs.
              - n1 needs 3 votes, has 2
              - n3 is down since 4.00 s
              - n4 is down since 5.10 s
              - n5 is down since 5.00 s
              - n2 asks too whether it could win term 4, and has 2 of 3 votes
                5.100 s   n4 crashes.
                5.250 s ⊣ The election timer of n1 runs out, for n4 was last heard to lead at 5.06 s.
                5.250 s → n1 asks whether it could win an election for term 4.
            5500 why n3
            n3 is down since 4.00 s.
                4.000 s   n3 crashes.
            5500 why
            There is no leader. n1 asks whether it could win term 4, and has 2 of the 3 votes it needs.
              - n1 needs 3 votes, has 2
              - n3 is down since 4.00 s
              - n4 is down since 5.10 s
              - n5 is down since 5.00 s
              - n2 asks too whether it could win term 4, and has 2 of 3 votes
                5.100 s   n4 crashes.
                5.250 s ⊣ The election timer of n1 runs out, for n4 was last heard to lead at 5.06 s.
                5.250 s → n1 asks whether it could win an election for term 4.
        "#]],
    );
}

#[test]
fn a_write_that_all_but_one_have() {
    asks(
        "cluster write-all seed=2\n@1s c1 set x 1\n@1.5s cut c1-n3\n@2s c1 set x 2\n@2.5s crash n1\n@3s c2 get x\n@3.5s c1 get x",
        &[
            (1_005, "why c1"),
            (2_100, "why c1"),
            (2_400, "why key x at n3"),
            (2_400, "why key x at n1"),
            (2_400, "why no-leader"),
            (4_000, "why op 3"),
            (4_000, "why op 4"),
            (4_000, "why"),
        ],
        &expect![[r#"
            1005 why c1
            c1 has waited 5.0 ms for an answer to set x 1.
              - Messages to n1, n2 and n3 are on the way
                1.000 s   c1 is told to ask: set x 1.
                1.000 s → c1 sends Write to n3.
            2100 why c1
            c1 has waited 100 ms for an answer to set x 2.
              - c1 needs 3 answers, has 2
              - Write from c1 to n3 is lost: the link is cut (2.00 s)
                1.500 s   The link c1-n3 is cut.
                2.007 s ⊣ Write from c1 to n3 is lost: the link is cut.
            2400 why key x at n3
            n3 holds x = 1.
              - n1 and n2 hold x = 2
              - Write from c1 to n3 is lost: the link is cut (2.00 s)
                1.000 s   c1 is told to ask: set x 1.
                1.014 s → Write from c1 arrives at n3.
                1.014 s → n3 stores the version: it had none that is newer.
            2400 why key x at n1
            n1 holds x = 2.
              - n3 holds x = 1
                2.000 s   c1 is told to ask: set x 2.
                2.018 s → Write from c1 arrives at n1.
                2.018 s → n1 stores the version: it had none that is newer.
            2400 why no-leader
            Nobody leads here, and nobody has to: any node serves clients.
            4000 why op 3
            c2 reads x = 2.
                2.500 s   n1 crashes.
                3.014 s ⊣ Read from c2 to n1 is lost: n1 is down.
                3.500 s ⊣ c2 has waited long enough. c2 waits no longer: it has 2 answers.
                3.500 s → c2 reads x = 2.
            4000 why op 4
            c1 reads x = 2.
                1.500 s   The link c1-n3 is cut.
                3.509 s ⊣ Read from c1 to n3 is lost: the link is cut.
                4.000 s ⊣ c1 has waited long enough. c1 waits no longer: it has 1 answer.
                4.000 s → c1 reads x = 2.
            4000 why
            n1 is down since 2.50 s.
                2.500 s   n1 crashes.
        "#]],
    );
}

#[test]
fn a_stale_read_of_a_quorum_that_does_not_overlap() {
    asks(
        "cluster quorum seed=3 nodes=3 n=3 r=1 w=1 read-repair=off hints=off\n@1s c1 set x 1 via n1\n\
         @2s isolate n3\n@2.2s heal c2-n3\n@2.5s c1 set x 2 via n1\n@3s c2 get x via n3\n@3.5s c2 get y via n3",
        &[
            (2_505, "why c1"),
            (3_400, "why op 3"),
            (3_400, "why key x at n3"),
            (3_400, "why n1"),
            (3_400, "why n1 suspects n3"),
        ],
        &expect![[r#"
            2505 why c1
            c1 has waited 5.0 ms for an answer to set x 2 from n1.
              - A message to n1 is on the way
                2.500 s   c1 is told to ask n1: set x 2.
                2.500 s → c1 sends Request to n1.
            3400 why op 3
            c2 read "1" at 3.032 s, though c1's write of "2" had returned at 2.527 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.52 s)
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.525 s ⊣ Write from n1 to n3 is lost: the link is cut.
                3.017 s ⊣ Request from c2 arrives at n3.
                3.033 s → Reply from n3 arrives at c2.
                3.033 s → c2 reads x = 1.
            3400 why key x at n3
            n3 holds x = 1.
              - c1's set x 2 was acknowledged at 2.52 s
              - Write from n1 to n3 is lost: the link is cut (2.52 s)
              - n1 and n2 cannot be reached since 2.00 s
              - n1 and n2 hold x = 2
              - x belongs to n1, n2 and n3
                2.000 s   n3 is cut off from everyone.
                2.525 s ⊣ Write from n1 to n3 is lost: the link is cut.
            3400 why n1
            n1 is up since 0.00 s.
                0.000 s   n1 starts.
            3400 why n1 suspects n3
            n1 has no reason to take n3 for dead.
        "#]],
    );
}

#[test]
fn two_primaries_and_a_write_that_is_lost() {
    asks(
        "cluster primary-backup seed=2 replication=async\n@1s c1 set x 1\n@2s isolate n3\n@2s heal c1-n3\n\
         @2.1s c1 set x 2 via n3\n@5s heal\n@7s c2 get x",
        &[
            (200, "why n1"),
            (1_500, "why n1"),
            (1_500, "why n3"),
            (2_100, "why c1"),
            (3_000, "why n2"),
            (3_000, "why n2 suspects n3"),
            (3_000, "why key x at n2"),
            (6_500, "why op 2"),
            (6_500, "why n3"),
            (6_500, "why entry 1"),
        ],
        &expect![[r#"
            200 why n1
            n1 knows of no primary yet.
              - n1 waits for 250 ms more
                0.000 s   n1 starts.
            1500 why n1
            n1 takes n3 for its primary.
                0.000 s   n3 starts.
                0.450 s → The failure timer of n3 runs out: n3 is primary from election 1 on.
                0.464 s → StateTransfer from n3 arrives at n1.
                0.464 s → n1 takes its primary's whole state, up to update 0.
            1500 why n3
            n3 is primary since 0.45 s.
                0.000 s   n3 starts.
                0.450 s → The failure timer of n3 runs out.
                0.450 s → n3 is primary from election 1 on.
            2100 why c1
            c1 waits for an answer to set x 2 from n3.
              - A message to n3 is on the way
                2.100 s   c1 is told to ask n3: set x 2.
                2.100 s → c1 sends Request to n3.
            3000 why n2
            n2 is primary since 2.26 s.
              - n3 takes itself for primary too since 0.45 s: n3 cannot be reached since 2.00 s
                2.000 s   n3 is cut off from everyone.
                2.000 s → Heartbeat from n3 to n2 is lost: the link is cut.
                2.119 s ⊣ The suspicion timer of n2 runs out, for n3 was last heard of at 1.96 s. n2 suspects n3: nothing came from it in time.
                2.269 s → The election timer of n2 runs out.
                2.269 s → n2 is primary from election 2 on.
            3000 why n2 suspects n3
            n2 takes n3 for dead since 2.11 s.
              - n3 cannot be reached since 2.00 s
                2.000 s   n3 is cut off from everyone.
                2.000 s → Heartbeat from n3 to n2 is lost: the link is cut.
                2.119 s ⊣ The suspicion timer of n2 runs out, for n3 was last heard of at 1.96 s.
                2.119 s → n2 suspects n3: nothing came from it in time.
            3000 why key x at n2
            n2 holds x = 1.
              - c1's set x 2 was acknowledged at 2.13 s
              - Update from n3 to n2 is lost: the link is cut (2.12 s)
              - n3 cannot be reached since 2.00 s
              - n3 holds x = 2
                2.000 s   n3 is cut off from everyone.
                2.123 s ⊣ Update from n3 to n2 is lost: the link is cut.
            6500 why op 2
            c1's set x 2 was acknowledged at 2.13 s, and no node that runs holds it now.
              - Update from n3 to n1 is lost: the link is cut (2.12 s)
              - Update from n3 to n2 is lost: the link is cut (2.12 s)
              - n3 had it, and then: n3 takes its primary's whole state, up to update 1 (5.06 s)
              - n3 answered at 2.11 s, before any backup had it: replication is asynchronous
                2.100 s   c1 is told to ask n3: set x 2.
                2.114 s → Request from c1 arrives at n3: n3 carries out update 2.
                2.134 s → Reply from n3 arrives at c1.
                2.134 s → c1 is told: set x 2 is done.
                5.000 s ⊢ Every link works again.
                5.039 s ⊢ Heartbeat from n2 arrives at n3: n3 takes n2 for its primary.
                5.053 s → Join from n3 arrives at n2.
                5.068 s → StateTransfer from n2 arrives at n3.
                5.068 s → n3 takes its primary's whole state, up to update 1.
            6500 why n3
            n3 takes n2 for its primary.
                5.000 s   Every link works again.
                5.039 s ⊢ Heartbeat from n2 arrives at n3: n3 takes n2 for its primary.
                5.053 s → Join from n3 arrives at n2.
                5.068 s → StateTransfer from n2 arrives at n3.
                5.068 s → n3 takes its primary's whole state, up to update 1.
            6500 why entry 1
            Update 1 of n2 is on as many backups as an answer waits for.
                1.000 s   c1 is told to ask: set x 1.
                1.016 s → Request from c1 arrives at n1: n1 sends the client on to n3.
                1.029 s → Reply from n1 arrives at c1.
                1.048 s → Request from c1 arrives at n3: n3 carries out update 1.
                1.065 s → Update from n3 arrives at n2.
                1.065 s → n2 has its primary's updates up to 1.
        "#]],
    );
}

#[test]
fn a_coordinator_that_crashes() {
    asks(
        "cluster election seed=10 nodes=4\n@1s crash n4\n@2s pause n3\n@2.05s crash n2",
        &[
            (900, "why n2"),
            (1_500, "why no-leader"),
            (1_900, "why n3"),
            (1_900, "why n1 suspects n4"),
            (2_300, "why n1"),
            (2_300, "why n3"),
            (2_300, "why"),
        ],
        &expect![[r#"
            900 why n2
            n2 takes n4 for its coordinator.
                0.000 s   n4 starts: n4 wins election 1 and coordinates.
                0.018 s → Coordinator from n4 arrives at n2.
                0.018 s → n2 takes n4 for its coordinator.
            1500 why no-leader
            There is no coordinator. n1 has called an election and waits for higher nodes to answer.
              - n1 waits for 449 ms more
              - n4 is down since 1.00 s
                1.000 s   n4 crashes.
                1.319 s ⊣ The suspicion timer of n1 runs out, for n4 was last heard of at 1.01 s.
                1.319 s → n1 calls election 2.
            1900 why n3
            n3 is coordinator since 1.61 s.
                1.000 s   n4 crashes.
                1.319 s ⊣ The suspicion timer of n3 runs out, for n4 was last heard of at 1.01 s. n3 suspects n4: nothing came from it in time.
                1.619 s → The election timer of n3 runs out.
                1.619 s → n3 wins election 2 and coordinates.
            1900 why n1 suspects n4
            n1 takes n4 for dead since 1.31 s.
              - n4 is down since 1.00 s
                1.000 s   n4 crashes.
                1.319 s ⊣ The suspicion timer of n1 runs out, for n4 was last heard of at 1.01 s.
                1.319 s → n1 suspects n4: nothing came from it in time.
            2300 why n1
            n1 has called an election and waits for higher nodes to answer.
              - n1 waits for 238 ms more
              - n2 is down since 2.05 s
              - n3 is paused since 2.00 s
              - n4 is down since 1.00 s
                2.000 s   n3 is paused: it exists, but does not run.
                2.239 s ⊣ The suspicion timer of n1 runs out, for n3 was last heard of at 1.93 s.
                2.239 s → n1 calls election 3.
            2300 why n3
            n3 is paused since 2.00 s.
                2.000 s   n3 is paused: it exists, but does not run.
            2300 why
            n2 is down since 2.05 s.
                2.050 s   n2 crashes.
        "#]],
    );
}

#[test]
fn peers_that_differ() {
    asks(
        "cluster peers seed=30\n@1s cut n1-n2\n@1.02s c1 set x left via n1\n@1.02s c2 set x right via n2\n@3s c1 get x via n1\n@6s heal\n@8s crash n1",
        &[
            (1_025, "why c1"),
            (2_900, "why n1"),
            (2_900, "why n1 suspects n2"),
            (2_900, "why key x at n3"),
            (2_900, "why key x at n2"),
            (7_500, "why n1"),
            (9_900, "why n2 suspects n1"),
        ],
        &expect![[r#"
            1025 why c1
            c1 has waited 5.0 ms for an answer to set x left from n1.
              - A message to n1 is on the way
                1.020 s   c1 is told to ask n1: set x "left".
                1.020 s → c1 sends Request to n1.
            2900 why n1
            n1 is ACTIVE since 0.03 s.
                0.000 s   n1 starts.
                0.017 s → Heartbeat from n1 arrives at n2.
                0.033 s → HeartbeatReply from n2 arrives at n1.
                0.033 s → n1 is ACTIVE now.
            2900 why n1 suspects n2
            n1 has no reason to take n2 for dead.
            2900 why key x at n3
            n3 holds x = left.
              - n2 holds x = right
              - n3 refused c2's set x right: it did not fit what it had (1.05 s)
                1.020 s   c1 is told to ask n1: set x "left".
                1.033 s → Request from c1 arrives at n1.
                1.045 s → Command from n1 arrives at n3.
                1.045 s → n3 carries the command out.
            2900 why key x at n2
            n2 holds x = right.
              - n1 and n3 hold x = left
              - Command from n1 to n2 is lost: the link is cut (1.03 s)
                1.020 s   c2 is told to ask n2: set x "right".
                1.032 s → Request from c2 arrives at n2.
            7500 why n1
            n1 is ACTIVE since 0.03 s.
                0.000 s   n1 starts.
                0.017 s → Heartbeat from n1 arrives at n2.
                0.033 s → HeartbeatReply from n2 arrives at n1.
                0.033 s → n1 is ACTIVE now.
            9900 why n2 suspects n1
            n2 takes n1 for dead since 8.00 s.
              - n1 is down since 8.00 s
                1.000 s   The link n1-n2 is cut.
                5.006 s ⊣ Heartbeat from n2 to n1 is lost: the link is cut.
                8.000 s ⊣ The suspicion timer of n2 runs out.
                8.000 s → n2 takes n1 to be DEAD.
        "#]],
    );
}

#[test]
fn a_ring_whose_owner_is_down() {
    asks(
        "cluster ring seed=2 nodes=4\n@1s c1 set x 1\n@2s crash n2\n@2.01s c1 set x 2\n@3s c1 set y 2\n@4s c2 get x\n@5s add n5",
        &[
            (1_500, "why key x at n1"),
            (1_500, "why key x at n2"),
            (2_300, "why c1"),
            (3_500, "why op 2"),
            (3_500, "why op 3"),
            (4_500, "why c2"),
            (4_500, "why n2"),
            (4_500, "why event 3000000"),
        ],
        &expect![[r#"
            1500 why key x at n1
            n1 holds x = 1.
              - n1 owns x, and its copies belong on n2 and n4
                1.000 s   c1 is told to ask: set x 1.
                1.016 s → Request from c1 arrives at lb.
                1.026 s → Forward from lb arrives at n1.
            1500 why key x at n2
            n2 holds x = 1.
              - n1 owns x, and its copies belong on n2 and n4
                1.000 s   c1 is told to ask: set x 1.
                1.016 s → Request from c1 arrives at lb.
                1.026 s → Forward from lb arrives at n1.
                1.045 s → Replicate from n1 arrives at n2.
                1.045 s → n2 stores the version: it had none that is newer.
            2300 why c1
            c1 waits for nothing: its last request ended at 2.07 s.
                2.010 s   c1 is told to ask: set x 2.
                2.030 s → Request from c1 arrives at lb.
                2.045 s → Forward from lb arrives at n1.
                2.057 s → ForwardReply from n1 arrives at lb.
                2.074 s → Reply from lb arrives at c1.
                2.074 s → c1 is told: set x 2 is done.
            3500 why op 2
            c1 is told: set x 2 is done.
                2.010 s   c1 is told to ask: set x 2.
                2.030 s → Request from c1 arrives at lb.
                2.045 s → Forward from lb arrives at n1.
                2.057 s → ForwardReply from n1 arrives at lb.
                2.074 s → Reply from lb arrives at c1.
                2.074 s → c1 is told: set x 2 is done.
            3500 why op 3
            c1 is told: set y 2 is done.
                3.000 s   c1 is told to ask: set y 2.
                3.014 s → Request from c1 arrives at lb.
                3.027 s → Forward from lb arrives at n3.
                3.040 s → ForwardReply from n3 arrives at lb.
                3.052 s → Reply from lb arrives at c1.
                3.052 s → c1 is told: set y 2 is done.
            4500 why c2
            c2 waits for nothing: its last request ended at 4.06 s.
                4.000 s   c2 is told to ask: get x.
                4.014 s → Request from c2 arrives at lb.
                4.033 s → Forward from lb arrives at n1.
                4.050 s → ForwardReply from n1 arrives at lb.
                4.070 s → Reply from lb arrives at c2.
                4.070 s → c2 reads x = 2.
            4500 why n2
            n2 is down since 2.00 s.
                2.000 s   n2 crashes.
            4500 why event 3000000
            there is no event 3000000 among the 440 up to now
        "#]],
    );
}
