//! Rules of `primary-backup`. Budhiraja et al. 1993 is "The Primary-Backup Approach", in Mullender
//! (ed.), *Distributed Systems*, 2nd ed., chapter 8.

use crate::settings::rules::rules;

rules! {
    ANSWER_AFTER_BACKUPS = 0, "answer-after-backups", Some("linearizable"),
    promise: "a write is answered when its backups have acknowledged it (replication=sync)",
    why: "A write that only the primary has dies with it.",
    source: "Budhiraja et al. 1993",
    without: "The primary crashes after its answer, and the backup that takes over has never heard of the write.";

    READ_AFTER_BACKUPS = 1, "read-after-backups", Some("linearizable"),
    promise: "a read is answered when the backups have everything that it shows",
    why: "What only the primary has may still be lost, and somebody would have seen it.",
    source: "Budhiraja et al. 1993; aphyr.com/posts/322-jepsen-mongodb-stale-reads",
    without: "A client reads a value that is gone after the next failover.";

    EPOCH_CHECKED = 2, "epoch-checked", Some("convergence"),
    promise: "a backup refuses updates of an earlier epoch",
    why: "A primary that was replaced may still have updates on their way.",
    source: "Oki and Liskov, Viewstamped Replication, 1988; github.com/elastic/elasticsearch/pull/17044",
    without: "A late update of the former primary takes the place of one of the new primary.";

    STATE_FIRST = 3, "state-first", Some("linearizable"),
    promise: "a node that was down takes part in elections only with the state of a primary",
    why: "It has missed what was acknowledged meanwhile, and its state replaces that of all others when it wins.",
    source: "Oki and Liskov 1988 (recovery); github.com/elastic/elasticsearch/issues/14671",
    without: "A node that has just restarted becomes primary, and what it missed is lost.";

    DURABLE_UPDATE = 4, "durable-update", Some("linearizable"),
    promise: "a backup has an update on its disk before it acknowledges it",
    why: "The primary counts an acknowledgement as a copy that no crash can take away.",
    source: "Budhiraja et al. 1993; github.com/robustmq/robustmq/pull/2039 (the same in Raft)",
    without: "A backup crashes, has forgotten what it acknowledged, and takes over.";

    APPLY_ONCE = 5, "apply-once", Some("linearizable"),
    promise: "a request that comes again is applied once",
    why: "A client whose answer was lost asks again, and its request may have been applied.",
    source: "Budhiraja et al. 1993; Ongaro 2014, section 6.3",
    without: "A retried append is applied twice.";
}
