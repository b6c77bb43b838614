//! What a message looks like: its shape tells the kind, filled or open tells request or answer.

use quorumscope_core::protocol::{Family, Kind};

/// The outline of a kind, around the origin.
#[must_use]
pub const fn path(kind: Kind) -> &'static str {
    match (kind.family(), kind.is_answer()) {
        (Family::Replicate, false) => SQUARE,
        (Family::Replicate, true) => CIRCLE,
        (Family::Fetch | Family::Compare, _) => WEDGE,
        (Family::Canvass, _) => TRIANGLE,
        (Family::Elect, _) => DIAMOND,
        (Family::Transfer, _) => HEXAGON,
        (Family::Client, _) => PILL,
        (Family::ByHand, _) => PLUS,
        (Family::Alive, _) => DROP,
    }
}

const SQUARE: &str = "M-5-8H5Q8-8 8-5V5Q8 8 5 8H-5Q-8 8-8 5V-5Q-8-8-5-8Z";
const CIRCLE: &str = "M-7 0A7 7 0 1 1 7 0A7 7 0 1 1-7 0Z";
const DIAMOND: &str = "M0-10L10 0L0 10L-10 0Z";
const TRIANGLE: &str = "M0-9L9 7H-9Z";
const HEXAGON: &str = "M-5-9H5L10 0L5 9H-5L-10 0Z";
const WEDGE: &str = "M0 9L9-7H-9Z";
const PILL: &str = "M-6-6H6A6 6 0 0 1 6 6H-6A6 6 0 0 1-6-6Z";
const PLUS: &str = "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z";
const DROP: &str = "M0-9Q6-2 6 2A6 6 0 1 1-6 2Q-6-2 0-9Z";
