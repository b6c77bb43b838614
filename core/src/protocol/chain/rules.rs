//! Rules of `chain`. Sections without another name are of van Renesse and Schneider, "Chain
//! Replication for Supporting High Throughput and Availability", 2004.

use crate::settings::rules::rules;

rules! {
    TAIL_COMMITS = 0, "tail-commits", Some("linearizable"),
    promise: "a write is answered when it has reached the tail",
    why: "Then every link has it, and none that fails can take it along.",
    source: "van Renesse and Schneider 2004, section 3",
    without: "The head answers, crashes, and no other link has heard of the write.";

    CLEAN_READS = 1, "clean-reads", Some("linearizable"),
    promise: "a link that holds a newer write of a key asks the tail before it answers a read of it",
    why: "Only the tail knows whether that write is committed, and who has read it already.",
    source: "Terrace and Freedman, CRAQ, 2009, section 2.3",
    without: "With reads-at=any a link answers with the old value after the tail has answered with the new one.";

    LEASE_HELD = 2, "lease-held", Some("linearizable"),
    promise: "a link answers reads only while the configurator has lately confirmed that it belongs to the chain",
    why: "A link that was spliced out while it was cut off does not know it.",
    source: "van Renesse and Schneider 2004, section 3.3 (fail-stop links); Gray and Cheriton, Leases, 1989",
    without: "A former tail answers reads without the writes since then.";

    CAUGHT_UP = 3, "caught-up", Some("linearizable"),
    promise: "a link that joins answers reads only when it has every write of the chain",
    why: "It joins behind the tail with no data.",
    source: "van Renesse and Schneider 2004, section 3.4",
    without: "A link that has just joined as the tail answers that nothing is there.";
}
