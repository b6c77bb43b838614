//! Properties of what happened, and the judges that say whether they hold.
//!
//! Invariant: nothing here uses the rules of `protocol`, so that a mistake in a protocol cannot hide in its
//! judge as well.

pub mod linearizability;
pub mod raft_safety;
#[cfg(test)]
mod simulated;
mod text;
mod verdict;

pub use verdict::{Property, Verdict};
