//! Quorum arithmetic: sets in; Won, Lost, Pending or an index out. Pure functions.
//!
//! Ongaro, *Consensus: Bridging Theory and Practice* (2014): chapter 3 for majorities, chapter 4
//! for changes of membership; the behaviour at the edges (empty configurations, learners) is that
//! of etcd's raft. For N/R/W: DeCandia et al., *Dynamo* (2007), section 4.5, and Gifford,
//! *Weighted Voting for Replicated Data* (1979).
//!
//! Laws, each a test:
//! - an empty configuration commits everything and wins every vote, so it is neutral in a joint
//!   one;
//! - a joint configuration with an empty half, or with two equal halves, is the simple one;
//! - swapping the halves of a joint configuration changes nothing;
//! - more acknowledgements never lower the committed index, more votes never take a result back.

mod configuration;
mod joint;
mod majority;
mod overlap;
#[cfg(test)]
mod published;

pub use configuration::{Change, ChangeError, Configuration, Transition};
pub use joint::Joint;
pub use majority::{Majority, UNBOUNDED};
pub use overlap::{Overlap, OverlapError};

/// The state of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vote {
    /// Enough voters have said yes: no later answer can change the result.
    Won,
    /// The voters that have said no make a majority of yes impossible.
    Lost,
    /// Both results are still possible.
    Pending,
}
