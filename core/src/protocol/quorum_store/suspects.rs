//! Suspected nodes, by time-outs alone.
//!
//! Each node keeps its own list and does not share it (DeCandia et al., *Dynamo*, 2007, section
//! 4.8.3: "a purely local notion of failure"). A suspicion ends with any message from the suspect,
//! and by itself after a while, so that a silent node is tried again.

use crate::ids::NodeId;
use crate::sorted::SortedMap;
use crate::time::Time;
use serde::Serialize;

/// The suspects, each with the end of the suspicion by the own clock.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Suspects(SortedMap<NodeId, Time>);

impl Suspects {
    /// Whether a node is suspected now.
    #[must_use]
    pub fn contains(&self, node: NodeId, now: Time) -> bool {
        self.0.get(&node).is_some_and(|&until| now < until)
    }

    /// Suspects a node until a time. True if it was not on the list.
    pub fn add(&mut self, node: NodeId, until: Time) -> bool {
        self.0.insert(node, until).is_none()
    }

    /// Removes a node, which was heard.
    pub fn clear(&mut self, node: NodeId) {
        if !self.0.is_empty() {
            self.0.remove(&node);
        }
    }

    /// The suspects, by id, at that time.
    pub fn iter(&self, now: Time) -> impl Iterator<Item = NodeId> {
        self.0.iter().filter(move |&(_, &until)| now < until).map(|(&node, _)| node)
    }
}
