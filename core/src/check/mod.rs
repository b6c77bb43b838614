//! Properties of runs, and their judges.
//!
//! Invariant: judges do not use the rules of `protocol`, so that a mistake in a protocol cannot
//! hide in its judge as well.

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
