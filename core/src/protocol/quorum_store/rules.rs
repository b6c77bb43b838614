//! Rules of `quorum`.

use crate::settings::rules::rules;

rules! {
    READ_QUORUM = 0, "read-quorum", Some("linearizable"),
    promise: "a read is answered only when R replicas have answered",
    why: "With R + W > N one of them has the last write that was acknowledged.",
    source: "Gifford, Weighted Voting for Replicated Data, 1979; DeCandia et al., Dynamo, 2007, section 4.5",
    without: "The first replica to answer decides, and it may have missed the last write.";

    WRITE_QUORUM = 1, "write-quorum", Some("linearizable"),
    promise: "a write is answered only when W replicas have acknowledged it",
    why: "With R + W > N every later read asks one of them.",
    source: "Gifford 1979; DeCandia et al. 2007, section 4.5",
    without: "A write is acknowledged that one replica has, and a read asks the others.";

    COUNTED_ONCE = 2, "counted-once", Some("linearizable"),
    promise: "a coordinator counts one answer for each replica",
    why: "Networks deliver a message twice: a quorum is of replicas, not of messages.",
    source: "Gifford 1979; github.com/alphaonedev/ai-memory-mcp/issues/341",
    without: "An acknowledgement that arrives twice stands for a replica that has nothing.";

    NEWEST_WINS = 3, "newest-wins", Some("linearizable"),
    promise: "a read answers with the newest version among its answers",
    why: "One of the R replicas has the last write, the others may be behind.",
    source: "Gifford 1979; DeCandia et al. 2007, sections 4.4 and 4.5",
    without: "A read has the newest version in its hands and answers with an older one.";

    REPAIR_NEWER = 4, "repair-newer", Some("linearizable"),
    promise: "read repair never replaces a version by an older one",
    why: "A repair may arrive when a newer write already has.",
    source: "DeCandia et al. 2007, section 5 (read repair)",
    without: "A late repair undoes a write at a replica that had acknowledged it.";

    HINT_KEPT = 5, "hint-kept", Some("lost-writes"),
    promise: "a hint is kept until its home has acknowledged it",
    why: "The home may still be down when the hint is sent, and in a sloppy quorum the hint may be the only copy.",
    source: "DeCandia et al. 2007, section 4.6",
    without: "A hint is sent into the void and forgotten, and an acknowledged write with it.";

    TOMBSTONE_KEPT = 6, "tombstone-kept", Some("linearizable"),
    promise: "a replica keeps a deletion as a version of its own",
    why: "An absent key looks like one that was never written, so that an older value of another replica wins.",
    source: "github.com/scylladb/scylladb/issues/3560; Cassandra's documentation (tombstones)",
    without: "A deleted value comes back from a replica that missed the deletion.";

    DURABLE_WRITE = 7, "durable-write", Some("linearizable"),
    promise: "a replica has a version on its disk before it acknowledges it",
    why: "The coordinator counts an acknowledgement as a copy that no crash can take away.",
    source: "Cassandra's documentation (commitlog_sync: batch, periodic)",
    without: "Acknowledged copies vanish when replicas crash.";
}
