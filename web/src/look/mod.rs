//! The one visual language of the page: what a term, a message, a node, the fate of an operation and
//! a fault look like, and in which words they are told, wherever they are drawn: stage, diagram,
//! lanes, scrubber, panels.
//!
//! Everybody asks here for a class, an outline or a word, and draws it in a place of its own. What
//! the classes look like is in `web/style/look.css`, the colours in `web/style/tokens.css`, and what
//! it all means in `docs/look.md`.

mod fate;
mod hue;
mod message;
mod node;
pub mod sign;

pub use fate::{AT_FAULT, Fate};
pub use hue::Hue;
pub use message::Letter;
pub use node::{Figure, being, plate, since, tag};

/// What broke, or was broken: a crash, a cut, a loss, and statements that do such things.
pub const FAULT: &str = "fault";
