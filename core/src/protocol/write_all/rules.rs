//! Rules of `write-all`.

use crate::settings::rules::rules;

rules! {
    NEWEST_ANSWER = 0, "newest-answer", Some("linearizable"),
    promise: "a read takes the newest of the versions that it is told",
    why: "A store that was out of reach has an older one.",
    source: "The original of this preset; Gifford, Weighted Voting for Replicated Data, 1979",
    without: "A store that missed a write answers first, and its old value is taken.";

    NEWER_STORED = 1, "newer-stored", Some("convergence"),
    promise: "a store keeps the newer of two versions",
    why: "Writes of two clients arrive in another order at each store.",
    source: "The original of this preset; Thomas, A Majority Consensus Approach to Concurrency Control, 1979",
    without: "Each store keeps the version that arrived last, and they differ for good.";

    WAITS_FOR_ALL = 2, "waits-for-all", Some("linearizable"),
    promise: "a client waits until every store has answered or has been silent for too long",
    why: "A read must meet a store that has the last write.",
    source: "The original of this preset; Gifford 1979",
    without: "The first answer is enough for writes and reads, and they meet at no store.";
}
