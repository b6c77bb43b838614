//! The content of the lane of one node, client or balancer.

use crate::ids::{EventId, OperationId};
use crate::signs::Aspect;
use crate::time::Time;
use crate::trace::What;
use std::ops::Range;

/// One lane.
#[derive(Clone, Debug, Default)]
pub struct Lane {
    events: Vec<EventId>,
    stands: Vec<Stand>,
    bars: Vec<Bar>,
}

/// An observed state, which holds until the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stand {
    /// Its beginning.
    pub from: Time,
    /// The state.
    pub aspect: Aspect,
}

/// An operation of a client, from invocation to return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// The operation.
    pub operation: OperationId,
    /// The event and the time of its invocation.
    pub from: (EventId, Time),
    /// The event and the time of its return; None while it is open in the part simulated so far.
    pub to: Option<(EventId, Time)>,
}

impl Lane {
    pub(super) fn take(&mut self, id: EventId, at: Time, what: What) {
        self.events.push(id);
        match what {
            What::Invoked(_, operation) => {
                self.bars.push(Bar { operation, from: (id, at), to: None });
            }
            What::Returned(_, operation) => {
                let open = self.bars.last_mut().filter(|bar| bar.operation == operation);
                if let Some(bar) = open {
                    bar.to = Some((id, at));
                }
            }
            _ => {}
        }
    }

    pub(super) fn stand(&mut self, from: Time, aspect: Aspect) {
        // A state that lasted for no time was never visible.
        self.stands.pop_if(|last| last.from == from);
        self.stands.push(Stand { from, aspect });
    }

    pub(super) fn forget_stands(&mut self) {
        self.stands.clear();
    }

    /// Forgets all events from that one on.
    pub(super) fn rewind(&mut self, to: EventId) {
        self.events.truncate(self.events.partition_point(|id| *id < to));
        self.bars.truncate(self.bars.partition_point(|bar| bar.from.0 < to));
        if let Some(last) = self.bars.last_mut() {
            last.to = last.to.filter(|(id, _)| *id < to);
        }
    }

    /// Forgets all events before that one.
    pub(super) fn forget_before(&mut self, first: EventId) {
        self.events.drain(..self.events.partition_point(|id| *id < first));
        let ended = |bar: &Bar| bar.to.is_some_and(|(id, _)| id < first);
        self.bars.drain(..self.bars.partition_point(ended));
    }

    /// The events of this lane among those ids.
    #[must_use]
    pub fn events(&self, ids: Range<u32>) -> &[EventId] {
        within(&self.events, ids)
    }

    /// Number of events between each border and the next.
    pub fn counts(&self, borders: &[EventId]) -> impl Iterator<Item = usize> {
        let before = |border: &EventId| self.events.partition_point(|id| id < border);
        borders.windows(2).map(move |pair| before(&pair[1]) - before(&pair[0]))
    }

    /// The next event after that one, or the last before it.
    #[must_use]
    pub fn beside(&self, id: EventId, forward: bool) -> Option<EventId> {
        let place = if forward {
            self.events.partition_point(|e| *e <= id)
        } else {
            self.events.partition_point(|e| *e < id).checked_sub(1)?
        };
        self.events.get(place).copied()
    }

    /// The states from a time on and before another; the first is the one in force at `from`.
    pub fn stands(&self, from: Time, to: Time) -> &[Stand] {
        let first = self.stands.partition_point(|s| s.from <= from).saturating_sub(1);
        let end = self.stands.partition_point(|s| s.from < to);
        &self.stands[first..end.max(first)]
    }

    /// The state at a time, changes at that time included.
    #[must_use]
    pub fn stand_at(&self, time: Time) -> Option<&Stand> {
        self.stands[..self.stands.partition_point(|s| s.from <= time)].last()
    }

    /// The end of the state at a time; None where it goes on.
    #[must_use]
    pub fn stand_ends(&self, time: Time) -> Option<Time> {
        self.stands.get(self.stands.partition_point(|s| s.from <= time)).map(|s| s.from)
    }

    /// The operations that were open at any time from one on and before another.
    #[must_use]
    pub fn bars(&self, from: Time, to: Time) -> &[Bar] {
        // A client has one operation open at a time: they end in the order in which they begin.
        let first = self.bars.partition_point(|bar| bar.to.is_some_and(|(_, end)| end < from));
        let end = self.bars.partition_point(|bar| bar.from.1 < to);
        &self.bars[first..end.max(first)]
    }
}

/// The ids of a sorted list that lie in a range.
pub(super) fn within(list: &[EventId], ids: Range<u32>) -> &[EventId] {
    let first = list.partition_point(|id| id.0 < ids.start);
    let end = list.partition_point(|id| id.0 < ids.end);
    &list[first..end.max(first)]
}
