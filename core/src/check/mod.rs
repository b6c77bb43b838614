//! Properties of what happened, and the judges that say whether they hold.
//!
//! Invariant: nothing here uses `protocol`, so that a mistake in a protocol cannot hide in its
//! judge as well.

pub mod linearizability;
#[cfg(test)]
mod simulated;
mod text;
mod verdict;

pub use verdict::{Property, Verdict};
