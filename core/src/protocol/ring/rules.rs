//! Rules of `ring`.

use crate::settings::rules::rules;

rules! {
    LOG_FIRST = 0, "log-first", Some("lost-writes"),
    promise: "a write is in the log on the disk before it is answered",
    why: "After a crash a node has what its disk has, and nothing else.",
    source: "Mohan et al., ARIES, 1992 (write-ahead logging)",
    without: "The owner crashes after its answer, and the write is gone.";

    CHECKPOINT_COVERS = 1, "checkpoint-covers", Some("linearizable"),
    promise: "a checkpoint holds everything whose log records it replaces",
    why: "What is in neither the checkpoint nor the log is lost with the memory.",
    source: "Mohan et al. 1992; github.com/tursodatabase/turso/issues/5009",
    without: "Writes that came while the checkpoint was made are dropped from the log, and a crash loses them.";

    ARRIVED_FIRST = 2, "arrived-first", Some("linearizable"),
    promise: "a node serves a key that has become its own only when the former owner's data have arrived",
    why: "Until then it would miss what exists.",
    source: "Stoica et al., Chord, 2001, section 4.4 (node joins); github.com/scylladb/scylladb/issues/539",
    without: "A node that joins answers that a key is absent which the former owner holds.";

    HANDOVER_ACKED = 3, "handover-acked", Some("lost-writes"),
    promise: "a node hands its data over until the new owner has acknowledged them",
    why: "A message may be lost, and a node that leaves takes its data with it.",
    source: "DeCandia et al., Dynamo, 2007, section 4.9 (confirmation round)",
    without: "A node sends its data once and leaves, and they never arrive.";

    OWNER_SERVES = 4, "owner-serves", Some("linearizable"),
    promise: "a node passes a request on to the owner of its key",
    why: "Only the owner has seen every write of the key; replicas hear of them later.",
    source: "Budhiraja et al., The Primary-Backup Approach, 1993 (one primary orders all requests)",
    without: "A replica answers by itself, with an old value.";

    NEWER_STAYS = 5, "newer-stays", Some("convergence"),
    promise: "a replica keeps the newer of two versions",
    why: "Messages of the owner overtake each other on the network.",
    source: "Thomas, A Majority Consensus Approach to Concurrency Control, 1979 (the Thomas write rule)",
    without: "The version that arrives last stays, also when it is the older one.";
}
