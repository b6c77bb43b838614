//! The World as it would be if all nodes that are down started.

use super::{Host, Status, World};
use crate::trace::Causes;

impl World {
    /// A copy of the World in which every node that is down has just started from its disk: it
    /// shows the contents of those disks.
    #[must_use]
    pub fn with_all_started(&self) -> Self {
        let mut world = self.clone();
        world.set_recording(false);
        let down: Vec<_> = world
            .hosts
            .iter()
            .filter(|host| host.status == Status::Crashed)
            .map(Host::id)
            .collect();
        for id in down {
            world.start(id, Causes::NONE);
        }
        world
    }
}
