//! The effects of a request: the events that it led to, as far as they matter for its answer.

use super::case::{Case, MOST_FORWARD};
use crate::client::Operation;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind, Timer};
use crate::trace::{Passage, What};

/// The events caused by one event, in order.
pub struct Thread(Vec<(EventId, What)>);

impl Thread {
    /// The effects of an event, itself included. The thread ends at timers that no client waits
    /// for.
    pub fn of(case: &Case<'_>, from: EventId) -> Self {
        let mut led = vec![false; MOST_FORWARD];
        let mut thread = Vec::new();
        for (id, event) in case.between(from, case.end) {
            let place = (id.0 - from.0) as usize;
            let is_led = |c: EventId| c >= from && led[(c.0 - from.0) as usize];
            if id == from || matters(event.what) && event.causes.iter().any(is_led) {
                led[place] = true;
                thread.push((id, event.what));
            }
        }
        Self(thread)
    }

    /// The effects of an operation, from its invocation on.
    pub fn of_operation(case: &Case<'_>, operation: &Operation) -> Self {
        Self::of(case, operation.invoked_event)
    }

    /// The events.
    pub fn iter(&self) -> impl Iterator<Item = (EventId, What)> + '_ {
        self.0.iter().copied()
    }

    /// The event with which a request came to a node that executed it itself and passed it on: the
    /// node has it then, without a report.
    pub fn taken_by(&self, n: NodeId) -> Option<EventId> {
        let passes_on = |w: What| match w {
            What::Sent(p) => {
                p.from == n.into() && matches!(p.kind, Kind::Command | Kind::Replicate)
            }
            What::Noted(m, fact) => m == n && matches!(fact, Fact::Queued(_)),
            _ => false,
        };
        let (passed, _) = self.iter().find(|(_, w)| passes_on(*w))?;
        let asks = |w: What| match w {
            What::Delivered(p) => p.to == n.into() && matches!(p.kind, Kind::Ask | Kind::Forward),
            _ => false,
        };
        self.iter().take_while(|(id, _)| *id < passed).filter(|(_, w)| asks(*w)).last().map(|e| e.0)
    }

    /// The lost messages, the first of each kind between two.
    pub fn lost(&self) -> Vec<(EventId, Passage)> {
        let mut lost: Vec<(EventId, Passage)> = Vec::new();
        for (id, what) in self.iter() {
            if let What::Lost(p, _) = what
                && !lost.iter().any(|(_, q)| (q.kind, q.from, q.to) == (p.kind, p.from, p.to))
            {
                lost.push((id, p));
            }
        }
        lost
    }
}

fn matters(what: What) -> bool {
    match what {
        What::Fired(_, timer) => matches!(timer, Timer::Attempt(_) | Timer::Transfer),
        What::Started(_) | What::Crashed(_) | What::Invoked(..) => false,
        _ => true,
    }
}
