//! Where the chain of an answer leaves its own way, for what kept a write from somebody who answered.

use super::absence::Absence;
use super::answerers;
use super::case::Case;
use crate::ids::EventId;

/// Where a chain that leads to an event goes another way.
pub struct Detour {
    /// The events that led to it directly, newest first.
    path: Vec<EventId>,
    /// The events at which the chain leaves the path, and what it goes on to at each.
    taken: Vec<(EventId, EventId)>,
}

impl Detour {
    /// No other way yet.
    pub fn to(case: &Case<'_>, end: EventId) -> Self {
        Self { path: answerers::path(case, end), taken: Vec::new() }
    }

    /// What kept a write from somebody who was asked with that event. The first counts that is on the
    /// way, or else the first: of several who are asked only one is.
    pub fn offer(&mut self, asked: EventId, why: &Absence) {
        let Some(event) = why.event.filter(|event| *event < asked) else { return };
        let Some(&end) = self.path.first() else { return };
        let at = if self.path.contains(&asked) { asked } else { end };
        let is_better = self.taken.first().is_none_or(|(before, _)| *before == end && at != end);
        if is_better {
            self.taken = vec![(at, event)];
            self.taken.extend(&why.beyond);
        }
    }

    /// At the end of the way it goes on to an event.
    pub fn at_the_end(&mut self, event: EventId) {
        self.taken = self.path.first().map(|&end| (end, event)).into_iter().collect();
    }

    /// The events at which it leaves its way, and what it goes on to at each.
    pub fn taken(self) -> Vec<(EventId, EventId)> {
        self.taken
    }
}
