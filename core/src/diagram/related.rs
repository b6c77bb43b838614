//! Causes and effects of an event.

use super::Diagram;
use crate::ids::EventId;

/// The most causes that are followed back.
const MOST_CAUSES: usize = 24;
/// The most effects that are returned.
const MOST_EFFECTS: usize = 24;
/// Number of later events that are searched for effects: a timer can run out long after it was set.
const LOOKED_AT: u32 = 20_000;

/// The causes and effects of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Related {
    /// Pairs of cause and effect, back to the beginning of the chain or to the limit.
    pub causes: Vec<(EventId, EventId)>,
    /// Pairs of the event and its direct effects; a sent message is followed to its arrival or
    /// loss.
    pub effects: Vec<(EventId, EventId)>,
}

impl Related {
    /// All other events in these pairs.
    pub fn events(&self) -> impl Iterator<Item = EventId> {
        let causes = self.causes.iter().map(|(cause, _)| *cause);
        causes.chain(self.effects.iter().map(|(_, effect)| *effect))
    }
}

impl Diagram {
    /// Causes and effects of an event, in the part simulated so far.
    #[must_use]
    pub fn related(&self, id: EventId) -> Related {
        Related { causes: self.causes(id), effects: self.effects(id) }
    }

    /// The chain of causes, nearest first.
    fn causes(&self, id: EventId) -> Vec<(EventId, EventId)> {
        let mut chain: Vec<(EventId, EventId)> = Vec::new();
        let mut open = vec![id];
        while let Some(effect) = open.pop() {
            let causes = self.trace.event(effect).map(|e| e.causes);
            for cause in causes.into_iter().flat_map(|c| c.iter()) {
                if chain.len() == MOST_CAUSES {
                    return chain;
                }
                if chain.iter().all(|known| known.0 != cause) {
                    open.push(cause);
                }
                chain.push((cause, effect));
            }
        }
        chain
    }

    fn effects(&self, id: EventId) -> Vec<(EventId, EventId)> {
        let mut found: Vec<(EventId, EventId)> = Vec::new();
        let last = EventId(id.0.saturating_add(LOOKED_AT));
        let after = self.trace.iter_from(EventId(id.0.saturating_add(1)));
        for (effect, event) in after.take_while(|(later, _)| *later <= last) {
            let landed = event.what.passage().is_some();
            let of = |cause: EventId| {
                cause == id
                    || (landed && found.iter().any(|(by, known)| *known == cause && *by == id))
            };
            if let Some(cause) = event.causes.iter().find(|cause| of(*cause)) {
                found.push((cause, effect));
                if found.len() == MOST_EFFECTS {
                    break;
                }
            }
        }
        found
    }
}
