//! Rules of `raft`. Sections and figures without another name are of Ongaro, "Consensus: Bridging
//! Theory and Practice", 2014.

use crate::settings::rules::rules;

rules! {
    VOTE_ONCE = 0, "vote-once", Some("election-safety"),
    promise: "a server votes at most once a term",
    why: "Two majorities share a server, so that two candidates of one term cannot both win if nobody votes twice.",
    source: "Ongaro 2014, section 3.4",
    without: "Two servers lead the same term.";

    UP_TO_DATE = 1, "up-to-date", Some("leader-completeness"),
    promise: "a vote goes only to a log that is at least as up to date",
    why: "What is committed stands in the logs of a majority, so that only a log which has it all can win.",
    source: "Ongaro 2014, section 3.6.1",
    without: "A server leads whose log lacks what was committed, and overwrites it.";

    VOTE_KEPT = 2, "vote-kept", Some("election-safety"),
    promise: "a server that comes to follow a leader keeps the vote of its term",
    why: "The vote belongs to the term and not to the role: only a higher term frees it.",
    source: "Ongaro 2014, figure 3.1 (votedFor); github.com/ktoso/akka-raft/issues/56, github.com/hazelcast/hazelcast/pull/16643, github.com/camunda/camunda/issues/5356",
    without: "A late request for a vote finds a voter that has forgotten its own, and a second server leads the term.";

    COUNTED_ONCE = 3, "counted-once", Some("election-safety"),
    promise: "a candidate counts one vote for each voter",
    why: "Networks deliver a message twice: a majority is of servers, not of messages.",
    source: "Ongaro 2014, section 3.4; github.com/xnnyygn/xraft/issues/27",
    without: "A vote that arrives twice makes a leader without a majority, beside another.";

    VOTE_OF_THIS_TERM = 4, "vote-of-this-term", Some("election-safety"),
    promise: "a candidate counts only votes that were given for its present term",
    why: "A voter may have given its vote of the new term to somebody else since.",
    source: "Ongaro 2014, figure 3.1; raft.tla, action DropStaleResponse (github.com/ongardie/raft.tla)",
    without: "Late votes of an earlier election make a second leader of a term.";

    DURABLE_VOTE = 5, "durable-vote", Some("election-safety"),
    promise: "a vote is on the disk before it is told",
    why: "A server that restarts knows only what its disk holds, and must not vote a second time.",
    source: "Ongaro 2014, figure 3.1 (persistent state) and section 3.8; github.com/hashicorp/raft/issues/661",
    without: "A voter that crashes forgets its vote and gives it again in the same term.";

    DURABLE_ENTRIES = 6, "durable-entries", Some("leader-completeness"),
    promise: "a follower has entries on its disk before it acknowledges them",
    why: "The leader counts an acknowledgement as a copy that no crash can take away.",
    source: "Ongaro 2014, figure 3.1 and section 3.8; github.com/robustmq/robustmq/pull/2039",
    without: "An entry is committed whose copies vanish when followers crash.";

    LEADER_DURABLE = 7, "leader-durable", Some("leader-completeness"),
    promise: "a leader counts itself for an entry only when its own disk has it",
    why: "It sends entries before its own disk is done, so that its own copy may still vanish.",
    source: "Ongaro 2014, section 10.2.1",
    without: "The leader commits with its own unwritten copy, crashes, and one copy alone is left.";

    OWN_TERM = 8, "own-term", Some("leader-completeness"),
    promise: "a leader commits by counting copies only for entries of its own term",
    why: "An entry of an older term can stand at a majority and still be overwritten by a later leader.",
    source: "Ongaro 2014, section 3.6.2 and figure 3.7 (Raft, section 5.4.2 and figure 8); github.com/nats-io/nats-server/pull/7955",
    without: "An old entry is committed when it is copied, and a leader that never had it removes it (while this rule is broken, entries of different terms travel in messages of their own).";

    COMMIT_RISES = 9, "commit-rises", Some("persistence"),
    promise: "the commit index of a server never falls",
    why: "What is committed stays so; a new leader, or a late message, may simply know less.",
    source: "Ongaro 2014, figure 3.1; github.com/bakwc/PySyncObj/issues/166",
    without: "A server takes back what it knew to be committed.";

    COMMIT_WITHIN_MATCH = 10, "commit-within-match", Some("state-machine-safety"),
    promise: "a follower commits no further than the entries that its leader has just confirmed",
    why: "Behind those its log may hold entries of its own that the leader does not have.",
    source: "Ongaro 2014, figure 3.1 (AppendEntries, step 5); github.com/scylladb/scylladb/issues/9965",
    without: "A heartbeat makes a follower apply entries that were never committed.";

    MATCH_ACKED = 11, "match-acked", Some("leader-completeness"),
    promise: "a leader takes from an answer only what the follower says that it holds",
    why: "Entries that were sent meanwhile may be lost on their way.",
    source: "Ongaro 2014, figure 3.1 (matchIndex)",
    without: "An answer to a heartbeat stands for entries that never arrived, and they are committed.";

    MATCH_RISES = 12, "match-rises", None,
    promise: "what a follower has acknowledged in a term is never taken back by an older answer",
    why: "Answers overtake each other on the network.",
    source: "Ongaro 2014, figure 3.1 (matchIndex increases monotonically); github.com/ongardie/raft.tla/issues/18",
    without: "Nothing unsafe: the leader underestimates a follower, and entries are committed later.";

    REPLY_OF_THIS_TERM = 13, "reply-of-this-term", Some("linearizable"),
    promise: "a leader heeds only answers of its own term",
    why: "Since an older answer was sent, the follower may have removed what it had acknowledged.",
    source: "Ongaro 2014, figure 3.1; raft.tla, action DropStaleResponse (github.com/ongardie/raft.tla)",
    without: "Late answers of an earlier term confirm what nobody has confirmed in this one: that the server leads, or that entries are held.";

    TRUNCATE_ON_CONFLICT = 14, "truncate-on-conflict", Some("leader-completeness"),
    promise: "a follower removes entries only where they contradict its leader's",
    why: "A late message or a heartbeat says nothing about entries behind those that it names.",
    source: "Ongaro 2014, figure 3.1 (AppendEntries, step 3)",
    without: "A heartbeat that was sent before an acknowledgement removes what was acknowledged.";

    PREVIOUS_ENTRY = 15, "previous-entry", Some("log-matching"),
    promise: "a follower takes entries only behind an entry that it has with the same term",
    why: "By induction two logs that share an entry are then the same up to it.",
    source: "Ongaro 2014, section 3.5 and figure 3.1 (AppendEntries, step 2)",
    without: "Entries land behind others than at the leader, and logs differ for good.";

    LEADER_OF_THIS_TERM = 16, "leader-of-this-term", Some("leader-completeness"),
    promise: "a follower refuses entries of a leader whose term has passed",
    why: "A leader that was replaced while it was cut off does not know it.",
    source: "Ongaro 2014, section 3.3 and figure 3.1 (AppendEntries, step 1)",
    without: "A replaced leader overwrites what the new one has had acknowledged.";

    SNAPSHOT_TERM = 17, "snapshot-term", Some("leader-completeness"),
    promise: "the last entry of a snapshot counts with its term when logs are compared",
    why: "A log that was compacted to nothing is as up to date as the snapshot in its place.",
    source: "Ongaro 2014, section 5.1 (last included term)",
    without: "A server with a compacted log votes for a log that lacks what was committed.";

    SNAPSHOT_NEWER = 18, "snapshot-newer", Some("persistence"),
    promise: "a server refuses a snapshot that is older than what it has applied",
    why: "A late or repeated snapshot would put back the state and the log behind it.",
    source: "Ongaro 2014, figure 5.3; github.com/eBay/NuRaft/pull/407, github.com/camunda/camunda/issues/6092",
    without: "A late snapshot removes committed entries from a server.";

    ONE_CHANGE = 19, "one-change", Some("leader-completeness"),
    promise: "a leader begins a change of members only when the one before is committed",
    why: "Majorities of neighbouring configurations overlap, those of the next but one need not.",
    source: "Ongaro 2014, section 4.1",
    without: "A leader that is cut off removes the others one by one and commits alone.";

    OWN_TERM_FIRST = 20, "own-term-first", Some("leader-completeness"),
    promise: "a leader changes members only when it has committed an entry of its own term",
    why: "Only then can no change that an earlier leader left uncommitted come back.",
    source: "Ongaro, raft-dev, 10 July 2015 (groups.google.com/g/raft-dev/c/t4xj6dJTP6E); github.com/atomix/copycat/issues/23",
    without: "Two changes from the same configuration are both decided, by majorities that do not overlap.";

    JOINT_BOTH = 21, "joint-both", Some("leader-completeness"),
    promise: "during a joint change a decision needs a majority of the old and of the new members",
    why: "Servers that have not heard of the change still decide by the old majority.",
    source: "Ongaro 2014, section 4.3",
    without: "The new members decide one thing and the old ones another.";

    READ_CONFIRMED = 22, "read-confirmed", Some("linearizable"),
    promise: "a leader answers a read only when a majority has confirmed that it still leads",
    why: "A leader that was replaced while it was cut off does not know it.",
    source: "Ongaro 2014, section 6.4; github.com/hashicorp/consul/issues/54",
    without: "A replaced leader answers with an old value.";

    NOOP_FIRST = 23, "noop-first", Some("linearizable"),
    promise: "a new leader answers reads only when it has committed the first entry of its term",
    why: "It holds everything that is committed, but does not know yet how far that reaches.",
    source: "Ongaro 2014, section 6.4, step 1; github.com/etcd-io/etcd/issues/7331",
    without: "A new leader answers without a write that the former one had acknowledged.";

    LEASE_SHORTER = 24, "lease-shorter", Some("linearizable"),
    promise: "a leader's lease is no longer than the least election time-out",
    why: "The lease says that nobody else can have been elected yet.",
    source: "Ongaro 2014, section 6.4.1",
    without: "A leader that is cut off answers reads while another has been elected.";

    LEASE_FROM_SENDING = 25, "lease-from-sending", Some("linearizable"),
    promise: "a lease runs from when the heartbeats were sent, not from when they were answered",
    why: "The followers' own time-outs began before their answers arrived.",
    source: "Ongaro 2014, section 6.4.1",
    without: "Answers that are late prolong a lease beyond the next election.";

    LEASE_RESPECTED = 26, "lease-respected", Some("linearizable"),
    promise: "a server that has just heard of its leader gives nobody a vote while leases are in use",
    why: "The leader answers reads by itself because it relies on that silence.",
    source: "Ongaro 2014, sections 4.2.3 and 6.4.1; github.com/etcd-io/etcd/issues/12704",
    without: "Another is elected within the lease, and the former leader answers with an old value.";

    APPLY_ONCE = 27, "apply-once", Some("linearizable"),
    promise: "a request that stands in the log twice is applied once",
    why: "A client whose answer was lost asks again, and its request may have been committed.",
    source: "Ongaro 2014, section 6.3",
    without: "A retried append is applied twice.";
}
