//! Outlines of symbols, around the origin.

// The outlines of messages. `Letter` assigns them to kinds.
pub(super) const SQUARE: &str = "M-5-8H5Q8-8 8-5V5Q8 8 5 8H-5Q-8 8-8 5V-5Q-8-8-5-8Z";
pub(super) const CIRCLE: &str = "M-7 0A7 7 0 1 1 7 0A7 7 0 1 1-7 0Z";
pub(super) const DIAMOND: &str = "M0-10L10 0L0 10L-10 0Z";
pub(super) const TRIANGLE: &str = "M0-9L9 7H-9Z";
pub(super) const HEXAGON: &str = "M-5-9H5L10 0L5 9H-5L-10 0Z";
pub(super) const WEDGE: &str = "M0 9L9-7H-9Z";
pub(super) const PILL: &str = "M-6-6H6A6 6 0 0 1 6 6H-6A6 6 0 0 1-6-6Z";
pub(super) const PLUS: &str = "M-3-9H3V-3H9V3H3V9H-3V3H-9V-3H-3Z";
pub(super) const DROP: &str = "M0-9Q6-2 6 2A6 6 0 1 1-6 2Q-6-2 0-9Z";

/// The cross over a lost message.
pub(super) const CROSS: &str = "M-10-10L10 10M10-10L-10 10";
/// The crown of a leader. It floats above a disc of radius 100, or above the band along a lane.
pub const CROWN: &str = "M-32-122L-42-154L-20-136L0-154L20-136L42-154L32-122Z";
/// A crash of a node: a crossed ring.
pub const CRASH: &str = "M-7 0A7 7 0 1 1 7 0A7 7 0 1 1-7 0ZM-4-4L4 4M4-4L-4 4";
/// A start of a node.
pub const START: &str = "M-3-6L6 0L-3 6Z";
/// A candidacy. Its class makes it dashed.
pub const STOOD: &str = CIRCLE;
/// An entry of a log.
pub const CELL: &str = "M-3-2.5H3V2.5H-3Z";
/// A ring around the event in focus, and around its causes and effects.
pub const RING: &str = "M-5.5 0A5.5 5.5 0 1 1 5.5 0A5.5 5.5 0 1 1-5.5 0Z";
/// An operation that was not answered: a crossed bar.
pub const UNANSWERED: &str = "M-5-3.5H5V3.5H-5ZM-5-3.5L5 3.5M5-3.5L-5 3.5";
/// A violation: the plate of its badge.
pub const PLATE: &str = "M-6-8H6Q8-8 8-6V6Q8 8 6 8H-6Q-8 8-8 6V-6Q-8-8-6-8Z";
/// The exclamation mark on that plate.
pub const EXCLAMATION: &str = "M0-4.5V1M0 4.4V4.5";
