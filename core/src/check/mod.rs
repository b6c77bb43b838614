//! Properties of what happened, and the judges that say whether they hold.
//!
//! Invariant: nothing here uses the rules of `protocol`, so that a mistake in one cannot hide in its
//! judge as well.

pub mod acknowledged;
pub mod convergence;
pub mod linearizability;
pub mod lost;
pub mod naming;
mod order;
pub mod raft_safety;
pub mod referee;
mod replicas;
pub mod sessions;
#[cfg(test)]
mod simulated;
pub mod stale;
pub(crate) mod text;
mod verdict;

pub use verdict::{Property, Verdict};
