//! The event that a person chose: shown by the diagram, by the list of events, and by whatever else
//! shows events.

use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::trace::Event;

/// An event of one cluster's run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selected {
    cluster: usize,
    id: EventId,
    /// What it is: where another stands in its place the run is another.
    event: Event,
}

impl Selected {
    /// That event, if it has happened as far as anybody has looked.
    #[must_use]
    pub fn of(session: &Session, cluster: usize, id: EventId) -> Option<Self> {
        let event = *session.trace(cluster).event(id)?;
        Some(Self { cluster, id, event })
    }

    /// Whether it is in a run.
    #[must_use]
    pub fn is_in(self, session: &Session) -> bool {
        self.cluster < session.run().clusters.len()
            && Self::of(session, self.cluster, self.id) == Some(self)
    }

    /// Its cluster and its id.
    #[must_use]
    pub fn key(self) -> (usize, EventId) {
        (self.cluster, self.id)
    }

    /// When it happened.
    #[must_use]
    pub fn at(self) -> Time {
        self.event.at
    }
}
