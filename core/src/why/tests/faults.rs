//! Wrong answers, lost writes, differing copies, and lost messages.

use super::asks;
use expect_test::expect;

/// One replica is cut off, and clients ask it nevertheless.
const WEAK: &str = "cluster quorum nodes=3 n=3 r=1 w=1 read-repair=off hints=off anti-entropy=off \
    seed=3 clients=3\n@1s c1 set x 1 via n1\n@2s isolate n3\n@2.1s heal c1-n3\n@2.1s heal c2-n3\n\
    @2.1s heal c3-n3\n@2.2s c1 set x 2 via n1\n";

#[test]
fn session_guarantees_that_are_broken() {
    let script = format!(
        "{WEAK}@2.4s c1 set y 1 via n3\n@2.6s c2 get y via n3\n@2.8s c2 get x via n3\n\
         @3s c2 get x via n1\n@3.4s c2 get x via n3\n@3.6s c1 get x via n3"
    );
    asks(
        &script,
        &[
            (4_000, "why monotonic-writes"),
            (4_000, "why monotonic-reads"),
            (4_000, "why read-your-writes"),
            (4_000, "why writes-follow-reads"),
            (4_000, "why op 5"),
        ],
        &expect![[r#"
            4000 why monotonic-writes
            Writes out of order (monotonic writes is broken): c2 read "1" from x at 2.83 s, though it had seen c1's write of "1" to y, before which c1 set x to "2" at 2.227 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.22 s)
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.225 s ⊣ Write from n1 to n3 is lost: the link is cut.
                2.812 s ⊣ Request from c2 arrives at n3.
                2.831 s → Reply from n3 arrives at c2.
                2.831 s → c2 reads x = 1.
            4000 why monotonic-reads
            Stale read (monotonic reads is broken): c2 read "1" from x at 3.432 s, though it had read the newer "2" at 3.027 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.22 s)
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.225 s ⊣ Write from n1 to n3 is lost: the link is cut.
                3.417 s ⊣ Request from c2 arrives at n3.
                3.432 s → Reply from n3 arrives at c2.
                3.432 s → c2 reads x = 1.
            4000 why read-your-writes
            Stale read (read your writes is broken): c1 read "1" from x at 3.634 s, though its own write of "2" to x had returned at 2.227 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.22 s)
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.225 s ⊣ Write from n1 to n3 is lost: the link is cut.
                3.619 s ⊣ Request from c1 arrives at n3.
                3.635 s → Reply from n3 arrives at c1.
                3.635 s → c1 reads x = 1.
            4000 why writes-follow-reads
            Nothing breaks it so far: writes follow reads.
            4000 why op 5
            c2 read "1" from x at 2.83 s, though c1's write of "2" to x had returned at 2.227 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.22 s)
              - this breaks monotonic writes: c2 read "1" from x at 2.83 s, though it had seen c1's write of "1" to y, before which c1 set x to "2" at 2.227 s
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.225 s ⊣ Write from n1 to n3 is lost: the link is cut.
                2.812 s ⊣ Request from c2 arrives at n3.
                2.831 s → Reply from n3 arrives at c2.
                2.831 s → c2 reads x = 1.
        "#]],
    );
    let follow = format!(
        "{WEAK}@2.4s c2 get x via n1\n@2.6s c2 set y 1 via n3\n@2.8s c3 get y via n3\n\
         @3s c3 get x via n3"
    );
    asks(
        &follow,
        &[(4_000, "why writes-follow-reads")],
        &expect![[r#"
            4000 why writes-follow-reads
            Writes out of order (writes follow reads is broken): c3 read "1" from x at 3.029 s, though it had seen c2's write of "1" to y, before which c2 read "2" from x at 2.431 s.
              - n3 answered
              - Write from n1 to n3 is lost: the link is cut (2.22 s)
              - R + W = 2 is not more than N = 3: a read and a write quorum need not share a node
                2.000 s   n3 is cut off from everyone.
                2.225 s ⊣ Write from n1 to n3 is lost: the link is cut.
                3.010 s ⊣ Request from c3 arrives at n3.
                3.029 s → Reply from n3 arrives at c3.
                3.029 s → c3 reads x = 1.
        "#]],
    );
}

#[test]
fn a_clock_that_loses_a_write() {
    asks(
        "cluster quorum nodes=3 latency=10ms\n@5s clock n2 -1s\n@6s c1 set x old via n1\n\
         @6.5s c2 set x new via n2\n@7s c1 get x via n1",
        &[(7_900, "why op 2"), (7_900, "why op 3"), (7_900, "why key x")],
        &expect![[r#"
            7900 why op 2
            c2's set x new was acknowledged at 6.54 s, and no node that runs holds it now.
              - n1 keeps what it has: it is newer than the version that came (6.52 s)
              - n2's clock jumps 1.00 s back (5.00 s)
              - n2 keeps what it has: it is newer than the version that came (6.51 s)
              - n3 keeps what it has: it is newer than the version that came (6.52 s)
                5.000 s   n2's clock jumps 1.00 s back.
            7900 why op 3
            c1 read "old" at 7.04 s, though c2's write of "new" had returned at 6.54 s.
              - n1 and n2 answered
              - n1 keeps what it has: it is newer than the version that came (6.52 s)
              - n2's clock jumps 1.00 s back (5.00 s)
              - n2 keeps what it has: it is newer than the version that came (6.51 s)
                5.000 s   n2's clock jumps 1.00 s back.
                7.010 s ⊣ Request from c1 arrives at n1.
                7.020 s → Read from n1 arrives at n2.
                7.030 s → ReadReply from n2 arrives at n1.
                7.040 s → Reply from n1 arrives at c1.
                7.040 s → c1 reads x = "old".
            7900 why key x
            n1, n2 and n3 hold x = old.
              - c2's set x new was acknowledged at 6.54 s
              - n1 keeps what it has: it is newer than the version that came (6.52 s)
              - n2's clock jumps 1.00 s back (5.00 s)
              - x belongs to n1, n2 and n3
                5.000 s   n2's clock jumps 1.00 s back.
        "#]],
    );
}

#[test]
fn a_request_that_is_carried_out_again() {
    asks(
        "cluster quorum nodes=4 n=3 latency=10ms\n@0.9s pause n1\n@1s c1 set x 1 via n1\n\
         @2s c2 set x 2 via n2\n@4s resume n1\n@5s c2 get x",
        &[(1_400, "why c1"), (5_900, "why op 1"), (5_900, "why op 2"), (5_900, "why op 3")],
        &expect![[r#"
            1400 why c1
            c1 has waited 400 ms for an answer to set x 1 from n1.
              - n1 is paused since 0.90 s
                0.900 s   n1 is paused: it exists, but does not run.
                1.000 s ⊣ c1 sends Request to n1.
            5900 why op 1
            c1 is told: set x 1 is done.
                0.900 s   n1 is paused: it exists, but does not run.
                1.500 s ⊣ c1 has waited long enough.
                1.510 s → Request from c1 arrives at n4.
                1.520 s → Write from n4 arrives at n3. n3 stores the version: it had none that is newer.
                1.531 s → WriteReply from n3 arrives at n4.
                1.541 s → Reply from n4 arrives at c1.
                1.541 s → c1 is told: set x 1 is done.
            5900 why op 2
            c2's set x 2 was acknowledged at 2.04 s, and no node that runs holds it now.
              - n1 replaced it: n1 stores the version: it had none that is newer (4.00 s)
              - n2 replaced it: n2 stores the version: it had none that is newer (4.01 s)
              - n3 replaced it: n3 stores the version: it had none that is newer (4.01 s)
                1.000 s   c1 is told to ask n1: set x 1.
                4.000 s → Request from c1 arrives at n1, which did not run until then.
                4.000 s → n1 stores the version: it had none that is newer.
            5900 why op 3
            c2 read "1" at 5.04 s, though its own write of "2" had returned at 2.041 s.
              - n1 and n2 answered
              - n1 keeps what it has: it is newer than the version that came (4.00 s)
              - n2 had it, and c1's set x 1 replaced it at 4.01 s
              - this breaks read your writes
                1.000 s   c1 is told to ask n1: set x 1.
                4.000 s → Request from c1 arrives at n1, which did not run until then.
                4.000 s → n1 stores the version: it had none that is newer.
                5.020 s ⊣ Read from n2 arrives at n1.
                5.030 s → ReadReply from n1 arrives at n2.
                5.040 s → Reply from n2 arrives at c2.
                5.040 s → c2 reads x = 1.
        "#]],
    );
}

#[test]
fn what_was_not_on_the_disk() {
    asks(
        "cluster raft nodes=3 seed=12 fsync=off\n@1s c1 set x 1\n@1.2s crash n1\n@1.2s crash n2\n\
         @1.2s crash n3\n@2s restart n1\n@2s restart n2\n@2s restart n3\n@3s c2 get x",
        &[(4_000, "why op 1"), (4_000, "why op 2"), (4_000, "why key x at n1")],
        &expect![[r#"
            4000 why op 1
            c1's set x 1 was acknowledged at 1.09 s, and no node that runs holds it now.
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (1.20 s)
              - fsync is off: what a node has written is not on its disk at once
              - n2 had it, and then: The process of n2 dies, and with it what was in memory (1.20 s)
              - n3 had it, and then: The process of n3 dies, and with it what was in memory (1.20 s)
                1.200 s   n3 crashes.
                1.200 s → The process of n3 dies, and with it what was in memory.
            4000 why op 2
            c2 found no x at 3.103 s, though c1's write of "1" had returned at 1.095 s.
              - n2 answered
              - n2 had it, and then: The process of n2 dies, and with it what was in memory (1.20 s)
              - fsync is off: what a node has written is not on its disk at once
                1.200 s   n2 crashes.
                3.054 s ⊣ Request from c2 arrives at n2.
                3.070 s → AppendEntries from n2 arrives at n3.
                3.087 s → AppendReply from n3 arrives at n2.
                3.103 s → Reply from n2 arrives at c2.
                3.103 s → c2 finds no x.
            4000 why key x at n1
            n1 holds no x.
              - c1's set x 1 was acknowledged at 1.09 s
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (1.20 s)
              - fsync is off: what a node has written is not on its disk at once
                1.200 s   n1 crashes.
                1.200 s → The process of n1 dies, and with it what was in memory.
        "#]],
    );
}

#[test]
fn a_lease_that_a_clock_breaks() {
    asks(
        "cluster raft nodes=3 reads=lease seed=16 election=300ms..400ms\n@1s c1 set x 1\n\
         @1.9s clock n3 x0.2\n@2s partition n3 c2 | n1 n2 c1\n@2.4s c1 set x 2 via n2\n\
         @2.65s c2 get x via n3",
        &[(2_950, "why op 3"), (2_950, "why n3")],
        &expect![[r#"
            2950 why op 3
            c2 read "1" at 2.673 s, though c1's write of "2" had returned at 2.458 s.
              - n3 answered
              - entry 4 had not reached n3
              - AppendEntries from n2 to n3 is lost: the link is cut (2.43 s)
              - reads rest on leases: a leader counts on it that nobody else is elected before its lease ends by its own clock
              - n3's clock now runs at 0.2 times the true speed (1.90 s)
              - n2 and n3 each took itself for leader: n2 since 2.33 s, n3 since 0.39 s
                2.000 s   Partition: n3 c2 | n1 n2 c1.
                2.436 s ⊣ AppendEntries from n2 to n3 is lost: the link is cut.
                2.662 s ⊣ Request from c2 arrives at n3.
                2.674 s → Reply from n3 arrives at c2.
                2.674 s → c2 reads x = 1.
            2950 why n3
            n3 is leader of term 1 since 0.39 s.
              - n2 takes itself for leader too since 2.33 s: n2 cannot be reached since 2.00 s
              - n3 needs 2 of 3 to commit anything, and reaches 1
              - n1 and n2 cannot be reached since 2.00 s
              - n3's clock now runs at 0.2 times the true speed (1.90 s)
                0.000 s   n3 starts.
                0.345 s → The election timer of n3 runs out: n3 asks whether it could win an election for term 1.
                0.357 s → PreVote from n3 arrives at n1.
                0.368 s → PreVoteReply from n1 arrives at n3: n3 starts an election for term 1.
                0.381 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 1.
                0.399 s → Vote from n2 arrives at n3.
                0.399 s → n3 wins with n2 and n3 and leads term 1.
        "#]],
    );
}

#[test]
fn copies_that_differ_and_keys_that_moved() {
    asks(
        "cluster peers seed=30\n@1s c1 set x left via n1\n@1s c2 set x right via n2",
        &[(9_000, "why key x"), (9_000, "why key x at n2"), (9_000, "why convergence")],
        &expect![[r#"
            9000 why key x
            n1 and n3 hold x = left, n2 holds x = right.
              - n2 lacks c1's set x left: n2 refused c1's set x left: it did not fit what it had (1.02 s); n1 had accepted it, for it lacked c2's set x right; Command from n2 to n1 left at 1.01 s and arrived only at 1.02 s
                1.000 s   c1 is told to ask n1: set x "left".
                1.013 s → Request from c1 arrives at n1.
                1.024 s → Command from n1 arrives at n2.
                1.024 s → n2 refuses a command that n1 had accepted.
            9000 why key x at n2
            n2 holds x = right.
              - n1 and n3 hold x = left
              - n2 refused c1's set x left: it did not fit what it had (1.02 s)
              - n1 had accepted it, for it lacked c2's set x right
              - Command from n2 to n1 left at 1.01 s and arrived only at 1.02 s
                1.000 s   c2 is told to ask n2: set x "right".
                1.012 s → Request from c2 arrives at n2.
            9000 why convergence
            Not judged yet: what was under way may not have arrived.
        "#]],
    );
    asks(
        "cluster ring nodes=4 seed=3\n@1s c1 set x 1\n@2s add n5",
        &[(3_000, "why key x at n5"), (3_000, "why key x at n3"), (3_000, "why key x")],
        &expect![[r#"
            3000 why key x at n5
            n5 holds x = 1.
              - n5 owns x, and its copies belong on n1 and n2
                2.000 s   n5 is to join.
                2.019 s → Transfer from n1 arrives at n5.
            3000 why key x at n3
            n3 holds no x, and need not.
              - n5 owns x, and its copies belong on n1 and n2
            3000 why key x
            n1, n2 and n5 hold x = 1.
              - n5 owns x, and its copies belong on n1 and n2
                2.000 s   n5 is to join.
                2.019 s → Transfer from n1 arrives at n5.
        "#]],
    );
}

#[test]
fn hints_that_are_still_held() {
    asks(
        "cluster quorum nodes=5 n=3 seed=3\n@1s c1 set x 1\n@2s crash n2\n@3s c1 set x 2",
        &[(4_500, "why n1 keeps n2"), (4_500, "why n1 keeps n3"), (4_500, "why n1 suspects n2")],
        &expect![[r#"
            4500 why n1 keeps n2
            n1 still keeps 1 version for n2.
              - the last came at 3.13 s
              - n2 is down since 2.00 s
              - n1 had no answer from n2 at 3.13 s
              - Handoff from n1 to n2 is lost: n2 is down (4.15 s)
                2.000 s   n2 crashes.
                3.028 s ⊣ Write from n1 to n2 is lost: n2 is down.
                3.140 s ⊣ n1 has waited long enough.
                3.140 s → n1 keeps a version for n2, to hand it over later.
            4500 why n1 keeps n3
            n1 keeps nothing for n3.
            4500 why n1 suspects n2
            n1 took n2 for dead at 3.13 s, and does so no longer.
              - such a suspicion ends by itself, so that the node is tried again
                2.000 s   n2 crashes.
                3.028 s ⊣ Write from n1 to n2 is lost: n2 is down.
                3.140 s ⊣ n1 has waited long enough.
                3.140 s → n1 suspects n2: nothing came from it in time.
        "#]],
    );
}

#[test]
fn messages_that_were_lost_and_links_that_changed() {
    asks(
        "cluster raft seed=14\n@1s link c1>n1 loss=100%\n@1.1s c1 set x 1\n@1.2s link n1-n2 latency=80ms",
        &[(1_300, "why c1"), (1_300, "why n1-n2"), (1_300, "why n1-n3"), (2_000, "why op 1")],
        &expect![[r#"
            1300 why c1
            c1 has waited 200 ms for an answer to set x 1 from n1.
              - Request from c1 to n1 is lost: by chance (1.10 s)
                1.000 s   The link c1>n1 changes: 100 % is lost.
                1.108 s ⊣ Request from c1 to n1 is lost: by chance.
            1300 why n1-n2
            The link n1-n2 is not cut, but changed at 1.20 s.
              - from n1 to n2 messages take 80ms
              - from n2 to n1 messages take 80ms
                1.200 s   The link n1-n2 changes: messages take 80 ms.
            1300 why n1-n3
            The link n1-n3 is not cut, and as the cluster line says.
            2000 why op 1
            c1 is told: set x 1 is done.
                1.000 s   The link c1>n1 changes: 100 % is lost.
                1.108 s ⊣ Request from c1 to n1 is lost: by chance.
                1.600 s ⊣ c1 has waited long enough.
                1.613 s → Request from c1 arrives at n3: n3 sends the client on to n2.
                1.624 s → Reply from n3 arrives at c1.
                1.636 s → Request from c1 arrives at n2: n2 puts entry 2 into its log.
                1.649 s → AppendEntries from n2 arrives at n5: n5 has its leader's log up to entry 2.
                1.662 s → AppendReply from n5 arrives at n2: n2 knows that entry 2 is committed.
                1.673 s → Reply from n2 arrives at c1.
                1.673 s → c1 is told: set x 1 is done.
        "#]],
    );
}

#[test]
fn clients_that_were_told_nothing() {
    asks(
        "cluster write-all strict=on seed=6\n@2s crash n2\n@3s c1 set x 2",
        &[(3_300, "why c1"), (3_900, "why op 1")],
        &expect![[r#"
            3300 why c1
            c1 has waited 300 ms for an answer to set x 2.
              - c1 needs 3 answers, has 2
              - Write from c1 to n2 is lost: n2 is down (3.01 s)
                2.000 s   n2 crashes.
                3.018 s ⊣ Write from c1 to n2 is lost: n2 is down.
            3900 why op 1
            c1 gives up and cannot know whether set x 2 was done.
              - Write from c1 to n2 is lost: n2 is down (3.01 s)
              - c1 needed 3 answers, and had 2
              - n1 and n3 have it all the same
                2.000 s   n2 crashes.
                3.018 s ⊣ Write from c1 to n2 is lost: n2 is down.
                3.500 s ⊣ c1 has waited long enough. c1 waits no longer: it has 2 answers.
                3.500 s → c1 gives up and cannot know whether set x 2 was done.
        "#]],
    );
    asks(
        "cluster raft seed=4 retries=1\n@1s crash n1\n@1s crash n2\n@1s crash n3\n@1.2s c1 set x 1",
        &[(1_500, "why c1"), (3_500, "why op 1")],
        &expect![[r#"
            1500 why c1
            c1 has waited 300 ms for an answer to set x 1 from n1.
              - Request from c1 to n1 is lost: n1 is down (1.21 s)
                1.000 s   n1 crashes.
                1.212 s ⊣ Request from c1 to n1 is lost: n1 is down.
            3500 why op 1
            c1 gives up and cannot know whether set x 1 was done.
              - Request from c1 to n1 is lost: n1 is down (1.21 s)
              - Request from c1 to n3 is lost: n3 is down (1.71 s)
                1.000 s   n3 crashes.
                1.718 s ⊣ Request from c1 to n3 is lost: n3 is down.
                2.200 s ⊣ c1 has waited long enough.
                2.200 s → c1 gives up and cannot know whether set x 1 was done.
        "#]],
    );
}

#[test]
fn who_took_a_write_itself_had_it() {
    asks(
        "cluster ring latency=10ms\n@0s c1 set x 1\n@1s wipe n5\n@2s restart n5\n@3s c1 get x",
        &[(4_000, "why op 2"), (4_000, "why key x")],
        &expect![[r#"
            4000 why op 2
            c1 found no x at 3.04 s, though its own write of "1" had returned at 0.041 s.
              - n5 answered
              - n5 had it, and then: The disk of n5 is empty (1.00 s)
              - this breaks read your writes
                1.000 s   n5 crashes and its disk is emptied.
                1.000 s → The disk of n5 is empty.
                3.020 s ⊣ Forward from lb arrives at n5.
                3.030 s → ForwardReply from n5 arrives at lb.
                3.040 s → Reply from lb arrives at c1.
                3.040 s → c1 finds no x.
            4000 why key x
            n5 holds no x, n1 and n2 hold x = 1.
              - n5 lacks c1's set x 1: n5 had it, and then: The disk of n5 is empty (1.00 s)
              - n5 owns x, and its copies belong on n1 and n2
                1.000 s   n5 crashes and its disk is emptied.
                1.000 s → The disk of n5 is empty.
        "#]],
    );
    asks(
        "cluster peers nodes=3 seed=1\n@1s c1 set x 1\n@2.5s restart n1\n@4s c2 get x via n1",
        &[(5_000, "why op 2"), (5_000, "why key x at n1")],
        &expect![[r#"
            5000 why op 2
            c2 found no x at 4.036 s, though c1's write of "1" had returned at 1.029 s.
              - n1 answered
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (2.50 s)
                2.500 s   n1 starts again.
                4.017 s ⊣ Request from c2 arrives at n1.
                4.037 s → Reply from n1 arrives at c2.
                4.037 s → c2 finds no x.
            5000 why key x at n1
            n1 holds no x.
              - c1's set x 1 was acknowledged at 1.02 s
              - n1 had it, and then: The process of n1 dies, and with it what was in memory (2.50 s)
              - n2 and n3 hold x = 1
                2.500 s   n1 starts again.
                2.500 s → The process of n1 dies, and with it what was in memory.
        "#]],
    );
}

#[test]
fn who_hears_its_leader_has_nothing_to_notice() {
    asks(
        "cluster raft nodes=3 seed=16\n@1s cut n1>n3",
        &[(1_500, "why n1"), (1_500, "why n3")],
        &expect![[r#"
            1500 why n1
            n1 takes n3 for its leader.
              - n3 cannot be reached since 1.00 s, though n1 still hears it
                0.000 s   n3 starts.
                0.217 s → The election timer of n3 runs out: n3 asks whether it could win an election for term 1.
                0.229 s → PreVote from n3 arrives at n1.
                0.241 s → PreVoteReply from n1 arrives at n3: n3 starts an election for term 1.
                0.254 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 1.
                0.272 s → Vote from n2 arrives at n3: n3 wins with n2 and n3 and leads term 1.
                0.286 s → AppendEntries from n3 arrives at n1.
                0.286 s → n1 follows n3 in term 1.
            1500 why n3
            n3 is leader of term 1 since 0.27 s.
                0.000 s   n3 starts.
                0.217 s → The election timer of n3 runs out: n3 asks whether it could win an election for term 1.
                0.229 s → PreVote from n3 arrives at n1.
                0.241 s → PreVoteReply from n1 arrives at n3: n3 starts an election for term 1.
                0.254 s → RequestVote from n3 arrives at n2: n2 votes for n3 in term 1.
                0.272 s → Vote from n2 arrives at n3.
                0.272 s → n3 wins with n2 and n3 and leads term 1.
        "#]],
    );
}

#[test]
fn who_answers_when_asked_is_kept_from_answering_by_what_lost_the_question() {
    asks(
        "cluster primary-backup nodes=3 seed=1\n@1.5s cut n3>n1\n@2.5s cut n1>n3",
        &[(2_000, "why n3 suspects n1"), (2_600, "why n1")],
        &expect![[r#"
            2000 why n3 suspects n1
            n3 takes n1 for dead since 1.63 s.
              - n1 cannot be reached since 1.50 s
                1.500 s   Nothing gets from n3 to n1 any more.
                1.500 s → Heartbeat from n3 to n1 is lost: the link is cut.
                1.631 s ⊣ The suspicion timer of n3 runs out, for n1 was last heard of at 1.48 s.
                1.631 s → n3 suspects n1: nothing came from it in time.
            2600 why n1
            n1 has called an election and waits for higher nodes to answer.
              - n1 waits for 8.0 ms more
              - n3 cannot answer n1 since 1.50 s
                1.500 s   Nothing gets from n3 to n1 any more.
                1.500 s → Heartbeat from n3 to n1 is lost: the link is cut.
                1.614 s ⊣ The suspicion timer of n1 runs out, for n3 was last heard of at 1.46 s. n1 suspects n3: nothing came from it in time.
                1.957 s → Election from n1 arrives at n2: n2 calls election 2 (and one step like it before).
                1.976 s → Answer from n2 arrives at n1: n1 leaves the election to n2, which is higher and has answered (and one step like it before).
                2.276 s → The election timer of n1 runs out (and one step like it before).
                2.276 s → n1 calls election 2.
        "#]],
    );
}

#[test]
fn nobody_answers_where_nobody_keeps_data() {
    asks(
        "cluster election nodes=3 seed=2\n@1s c1 set x 1",
        &[(1_000, "why c1"), (1_400, "why c1"), (5_000, "why op 1")],
        &expect![[r#"
            1000 why c1
            c1 waits for an answer to set x 1 from n1.
              - A message to n1 is on the way
                1.000 s   c1 is told to ask: set x 1.
                1.000 s → c1 sends Request to n1.
            1400 why c1
            c1 has waited 400 ms for an answer to set x 1: n1 turned it away at 1.32 s.
              - c1 asks again shortly
              - the nodes here only elect a coordinator: none of them keeps data
                1.000 s   c1 is told to ask: set x 1.
                1.026 s → Reply from n1 arrives at c1.
                1.076 s → Request from c1 arrives at n2.
                1.092 s → Reply from n2 arrives at c1.
                1.182 s → Request from c1 arrives at n3.
                1.195 s → Reply from n3 arrives at c1.
                1.297 s → c1 tries again (and 2 steps like it before).
                1.315 s → Request from c1 arrives at n1 (and one step like it before).
                1.326 s → Reply from n1 arrives at c1.
            5000 why op 1
            c1 gives up and cannot know whether set x 1 was done.
              - n2 turned it away at 3.93 s
              - the nodes here only elect a coordinator: none of them keeps data
                1.000 s   c1 is told to ask: set x 1.
                3.188 s → Request from c1 arrives at n3 (and 2 steps like it before).
                3.201 s → Reply from n3 arrives at c1 (and 2 steps like it before).
                3.605 s → Request from c1 arrives at n1 (and 3 steps like it before).
                3.623 s → Reply from n1 arrives at c1 (and 3 steps like it before).
                3.905 s → c1 tries again (and 9 steps like it before).
                3.922 s → Request from c1 arrives at n2 (and 3 steps like it before).
                3.937 s → Reply from n2 arrives at c1 (and 3 steps like it before).
                3.937 s → c1 gives up and cannot know whether set x 1 was done.
        "#]],
    );
}

#[test]
fn a_client_that_waits_for_a_majority_is_told_so() {
    asks(
        "cluster raft nodes=5 seed=4\n@1s crash n1\n@1.2s crash n3\n@1.4s crash n4\n@1.6s c1 set x 1",
        &[(2_500, "why c1")],
        &expect![[r#"
            2500 why c1
            c1 has waited 900 ms for an answer to set x 1 from n3.
              - Request from c1 to n3 is lost: n3 is down (2.11 s)
              - n2 needs 3 of 5 to commit anything, and reaches 2
              - n1 is down since 1.00 s
              - n3 is down since 1.20 s
              - n4 is down since 1.40 s
                1.200 s   n3 crashes.
                2.118 s ⊣ Request from c1 to n3 is lost: n3 is down.
        "#]],
    );
}
