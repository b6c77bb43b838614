//! Detours of the chain of an answer, to the event that kept a write from a node that answered.

use super::absence::Absence;
use super::answerers;
use super::case::Case;
use crate::ids::EventId;

/// The detours of a chain that leads to an event.
pub struct Detour {
    /// The direct causes of the event, newest first.
    path: Vec<EventId>,
    /// The events at which the chain leaves the path, each with its continuation.
    taken: Vec<(EventId, EventId)>,
}

impl Detour {
    /// A chain without detours.
    pub fn to(case: &Case<'_>, end: EventId) -> Self {
        Self { path: answerers::path(case, end), taken: Vec::new() }
    }

    /// Offers a detour: the event that kept a write from a node that was asked with the event
    /// `asked`. The first one on the path counts, else the first: of several nodes that were asked
    /// only one is on it.
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

    /// Adds a detour at the end of the path.
    pub fn at_the_end(&mut self, event: EventId) {
        self.taken = self.path.first().map(|&end| (end, event)).into_iter().collect();
    }

    /// The events at which the chain leaves the path, each with its continuation.
    pub fn taken(self) -> Vec<(EventId, EventId)> {
        self.taken
    }
}
