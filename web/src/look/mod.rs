//! The visual language of the page: the look of a term, a message, a node, an outcome and a fault,
//! and the words for them. All views share it: stage, diagram, lanes, scrubber and panels.
//!
//! A view asks here for a class, an outline or a word and draws it in its own place. The classes
//! are styled in `web/style/look.css`, the colours are in `web/style/tokens.css`, and
//! `docs/look.md` explains the meaning.

mod fate;
mod hue;
mod message;
mod node;
pub mod sign;

pub use fate::{AT_FAULT, Fate};
pub use hue::Hue;
pub use message::Letter;
pub use node::{Figure, being, plate, since, tag};

/// The class of faults: crashes, cuts, losses, and statements that cause them.
pub const FAULT: &str = "fault";
