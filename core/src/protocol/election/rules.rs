//! Rules of `election`. It stores nothing, so that no judge of clients sees what goes wrong: the
//! conditions that hold without a rule are those of breakpoints.

use crate::settings::rules::rules;

rules! {
    STEP_DOWN = 0, "step-down", Some("leaders > 1"),
    promise: "a coordinator gives up when it hears of a later election than its own",
    why: "After a partition there are two, and only messages can tell them.",
    source: "Garcia-Molina, Elections in a Distributed Computing System, 1982, section III",
    without: "Two nodes coordinate for good, though everyone hears everyone.";

    SILENCE_CALLS = 1, "silence-calls", Some("leaders = 0"),
    promise: "a node that hears nothing of its coordinator for too long calls an election",
    why: "Nobody else would notice that the coordinator is down.",
    source: "Garcia-Molina 1982, section III",
    without: "The coordinator crashes, and nobody ever coordinates again.";
}
