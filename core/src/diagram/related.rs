//! What led to an event, and what it led to.

use super::Diagram;
use crate::ids::EventId;

/// The most causes that are followed back.
const MOST_CAUSES: usize = 24;
/// The most effects that are told.
const MOST_EFFECTS: usize = 24;
/// How many events after it are looked at for effects: a timer that it set can run out much later.
const LOOKED_AT: u32 = 20_000;

/// The causes and effects of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Related {
    /// What led to what, back to where it began or as far as is told: cause and effect.
    pub causes: Vec<(EventId, EventId)>,
    /// What it led to directly, and that to what it became: a message that was sent to where it
    /// landed.
    pub effects: Vec<(EventId, EventId)>,
}

impl Related {
    /// The other events that have to do with it.
    pub fn events(&self) -> impl Iterator<Item = EventId> {
        let causes = self.causes.iter().map(|(cause, _)| *cause);
        causes.chain(self.effects.iter().map(|(_, effect)| *effect))
    }
}

impl Diagram {
    /// What led to an event and what it led to, as far as anybody has looked.
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
