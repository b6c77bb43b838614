//! Who the members are (chapter 4). A server uses the latest configuration in its log, committed
//! or not.

use crate::ids::NodeId;
use crate::quorum::{Configuration, Majority};
use crate::settings::Settings;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// The members of the cluster, as one server knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members(Arc<Configuration<NodeId>>);

impl Members {
    /// The members at the start: every node up to the number that is set.
    #[must_use]
    pub fn initial(settings: &Settings) -> Self {
        Self(Arc::new(Configuration::new((1..=settings.nodes).map(NodeId), [])))
    }

    /// The configuration in effect.
    #[must_use]
    pub fn configuration(&self) -> &Configuration<NodeId> {
        &self.0
    }
}

fn sorted(voters: &Majority<NodeId>) -> Vec<NodeId> {
    voters.iter().collect()
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let c = &*self.0;
        let change = c.transition().map(|t| (sorted(&t.outgoing), &t.learners_next, t.auto_leave));
        (sorted(c.voters()), c.learners(), change).serialize(s)
    }
}
