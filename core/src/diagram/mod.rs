//! The space-time diagram of one cluster: the states and operations on the lanes of nodes and
//! clients, and the messages between them.
//!
//! A [`Diagram`] follows a timeline as it grows, and covers the same extent, also beyond the
//! playhead. After any change of the run (a branch, an undone statement, another run), reading
//! keeps the common beginning and forgets the rest.

mod lane;
mod line;
mod pick;
mod related;

pub use lane::{Bar, Lane, Stand};
pub use line::{End, Line};
pub use pick::{Plane, SUB, TILE};
pub use related::Related;

use crate::ids::{Addr, EventId};
use crate::paged::Paged;
use crate::signs::Change;
use crate::time::{Span, Time};
use crate::timeline::Timeline;
use crate::trace::{Trace, What};
use crate::world::World;
use std::ops::Range;

/// The known part of one cluster's run, by lane.
#[derive(Clone, Debug, Default)]
pub struct Diagram {
    trace: Trace,
    changes: Paged<Change>,
    /// By dense number.
    lanes: Vec<Lane>,
    /// The events of messages that were lost, in order.
    lost: Vec<EventId>,
    longest: Span,
}

/// The result of reading a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum News {
    /// Nothing is new.
    Nothing,
    /// The run goes on.
    More,
    /// The run differs from some event on.
    Another,
}

impl News {
    fn of(before: usize, same: usize, now: usize) -> Self {
        match () {
            () if same < before => Self::Another,
            () if before < now => Self::More,
            () => Self::Nothing,
        }
    }
}

impl Diagram {
    /// Reads the new part of a timeline; forgets the parts that the timeline does not have.
    pub fn read(&mut self, timeline: &Timeline) -> News {
        let events = self.read_events(timeline.trace());
        self.read_changes(timeline.signs().changes()).max(events)
    }

    fn read_events(&mut self, trace: &Trace) -> News {
        let before = self.trace.len();
        let first = trace.first();
        // A window that begins before the part read so far is read from its beginning.
        let common = self.trace.common(trace).filter(|_| first >= self.trace.first());
        let same = common.unwrap_or(0);
        if same < before {
            self.rewind(EventId(same as u32));
        }
        if first > self.trace.first() {
            self.forget_before(first);
        }
        self.trace = trace.clone();
        for (id, event) in trace.iter_from(EventId(same as u32)) {
            self.take(trace, id, event.at, event.what);
        }
        News::of(before, same, trace.len())
    }

    /// Forgets the events that the trace has forgotten.
    fn forget_before(&mut self, first: EventId) {
        self.lanes.iter_mut().for_each(|lane| lane.forget_before(first));
        self.lost.drain(..self.lost.partition_point(|id| *id < first));
    }

    fn take(&mut self, trace: &Trace, id: EventId, at: Time, what: What) {
        let Some(who) = what.who() else { return };
        let lane = self.lane_mut(who);
        lane.take(id, at, what);
        if let What::Delivered(_) | What::Lost(..) = what {
            let sent = line::sent(trace, id).map_or(at, |(_, sent)| sent);
            self.longest = self.longest.max(at.since(sent));
        }
        if let What::Lost(..) = what {
            self.lost.push(id);
        }
    }

    fn read_changes(&mut self, changes: &Paged<Change>) -> News {
        let before = self.changes.len();
        let same = self.changes.common(changes);
        let news = News::of(before, same, changes.len());
        let mut known = same;
        if news == News::Another {
            // There are few of them.
            self.lanes.iter_mut().for_each(Lane::forget_stands);
            known = 0;
        }
        self.changes = changes.clone();
        for change in changes.range(known..changes.len()) {
            self.lane_mut(change.who).stand(change.at, change.aspect);
        }
        news
    }

    fn rewind(&mut self, to: EventId) {
        self.lanes.iter_mut().for_each(|lane| lane.rewind(to));
        self.lost.truncate(self.lost.partition_point(|id| *id < to));
    }

    fn lane_mut(&mut self, who: Addr) -> &mut Lane {
        let dense = who.dense();
        if self.lanes.len() <= dense {
            self.lanes.resize_with(dense + 1, Lane::default);
        }
        &mut self.lanes[dense]
    }

    /// The trace as far as it was read.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The lane of a node, client or balancer; None while nothing is known of it.
    #[must_use]
    pub fn lane(&self, who: Addr) -> Option<&Lane> {
        self.lanes.get(who.dense())
    }

    /// The ids of the events from a time on and before another.
    #[must_use]
    pub fn between(&self, from: Time, to: Time) -> Range<u32> {
        let first = self.trace.first_at(from).0;
        first..self.trace.first_at(to).0.max(first)
    }

    /// The longest transit time of a message seen so far, in this run or in one read before.
    #[must_use]
    pub fn longest(&self) -> Span {
        self.longest
    }

    /// The events of lost messages among those ids.
    #[must_use]
    pub fn lost(&self, ids: Range<u32>) -> &[EventId] {
        lane::within(&self.lost, ids)
    }

    /// The borders, as event ids, of `count` consecutive spans of time.
    #[must_use]
    pub fn borders(&self, from: Time, each: Span, count: u32) -> Vec<EventId> {
        let border = |i| from + each.scaled(i, 1);
        (0..=u64::from(count)).map(|i| self.trace.first_at(border(i))).collect()
    }
}

/// The lanes from top to bottom: nodes, the load balancer, clients.
#[must_use]
pub fn lanes(world: &World) -> Vec<Addr> {
    let nodes = world.nodes().map(|h| Addr::from(h.id()));
    let balancer = world.balancer().map(|_| Addr::Balancer);
    let clients = world.clients().map(|c| Addr::from(c.id()));
    nodes.chain(balancer).chain(clients).collect()
}

#[cfg(test)]
mod tests;
