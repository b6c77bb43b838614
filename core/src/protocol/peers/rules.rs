//! Rules of `peers`.

use crate::settings::rules::rules;

rules! {
    SILENT_IS_DEAD = 0, "silent-is-dead", Some("convergence"),
    promise: "a peer that does not answer a heartbeat in time is believed dead",
    why: "Commands are forwarded once; for a peer that is believed dead they are kept.",
    source: "The original of this preset; Chandra and Toueg, Unreliable Failure Detectors, 1996",
    without: "Commands go on being forwarded to a peer that is down, and are lost.";

    KEPT_FOR_DEAD = 1, "kept-for-dead", Some("convergence"),
    promise: "commands are kept for a peer that is not active",
    why: "The peer cannot hear them now and must learn of them when it is back.",
    source: "The original of this preset; DeCandia et al., Dynamo, 2007, section 4.6",
    without: "A peer that was down never learns what it missed.";

    REPLAY_CONFIRMED = 2, "replay-confirmed", Some("convergence"),
    promise: "commands that were kept are replayed until the peer has confirmed them",
    why: "The replay may be lost like any message.",
    source: "The original of this preset",
    without: "One lost message, and the peer stays behind for good.";
}
