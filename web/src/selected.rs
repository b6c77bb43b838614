//! The selected event, which the diagram, the list of events and other views show.

use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::Event;

/// An event of one cluster's run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected {
    cluster: usize,
    id: EventId,
    /// The event itself. If another stands in its place, the run has changed.
    event: Event,
}

impl Selected {
    /// Selects an event. None if it has not been simulated.
    #[must_use]
    pub fn of(session: &Session, cluster: usize, id: EventId) -> Option<Self> {
        let event = *session.trace(cluster).event(id)?;
        Some(Self { cluster, id, event })
    }

    /// True if a run still has this event.
    #[must_use]
    pub fn is_in(self, session: &Session) -> bool {
        self.cluster < session.run().clusters.len()
            && Self::of(session, self.cluster, self.id) == Some(self)
    }

    /// The cluster and the id.
    #[must_use]
    pub fn key(self) -> (usize, EventId) {
        (self.cluster, self.id)
    }

    /// The time of the event.
    #[must_use]
    pub fn at(self) -> Time {
        self.event.at
    }
}
