//! The basis of an answer: one cluster up to the playhead, and queries on it.

use crate::explain::{self, Scene};
use crate::ids::{EventId, NodeId};
use crate::time::Time;
use crate::trace::{Event, What};
use crate::world::{Host, Status};

/// The most events that one search goes back. Usual runs have fewer; beyond the limit an answer may
/// begin its chain later than it could.
const MOST_BACK: usize = 2_000_000;
/// The most events that one search goes forward.
pub const MOST_FORWARD: usize = 50_000;

/// One cluster, up to the playhead.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The scene.
    pub scene: &'a Scene<'a>,
    /// The first event that has not happened yet.
    pub end: EventId,
}

impl<'a> Case<'a> {
    /// The case at the playhead.
    pub fn of(scene: &'a Scene<'a>) -> Self {
        let known = scene.trace.len() as u32;
        Self { scene, end: EventId(scene.world.events().min(known)) }
    }

    /// The event of that id, if it has happened.
    pub fn event(&self, id: EventId) -> Option<&'a Event> {
        if id < self.end { self.scene.trace.event(id) } else { None }
    }

    /// A clause that names the time since which all events are kept, if older ones were forgotten.
    pub fn kept_since(&self) -> Option<String> {
        let first = self.scene.trace.first();
        let event = self.scene.trace.event(first).filter(|_| first.0 > 0)?;
        Some(moment(event.at))
    }

    /// A remark about an answer that may be incomplete because older events were forgotten: its
    /// chain begins at the event `root`, if it has one, and a cause of that is forgotten.
    pub fn forgotten(&self, root: Option<EventId>) -> Option<String> {
        let since = self.kept_since()?;
        let led = |id: EventId| {
            let mut causes = self.event(id).map(|e| e.causes).unwrap_or_default().iter();
            causes.any(|cause| self.event(cause).is_none())
        };
        let may = root.is_none_or(led);
        may.then(|| format!("an earlier cause, if there is one: all events are kept since {since}"))
    }

    /// The last event before another that satisfies `wanted`.
    pub fn last_before(&self, before: EventId, wanted: &dyn Fn(What) -> bool) -> Option<EventId> {
        let mut back = self.scene.trace.iter_back(before.min(self.end)).take(MOST_BACK);
        back.find(|(_, e)| wanted(e.what)).map(|(id, _)| id)
    }

    /// The last event so far that satisfies `wanted`.
    pub fn last(&self, wanted: &dyn Fn(What) -> bool) -> Option<EventId> {
        self.last_before(self.end, wanted)
    }

    /// The last turn before an event that satisfies `wanted`. See [`What::is_turn`].
    pub fn last_turn(&self, before: EventId, wanted: &dyn Fn(What) -> bool) -> Option<EventId> {
        let mut back = self.scene.trace.turns_back(before.min(self.end));
        back.find(|(_, e)| wanted(e.what)).map(|(id, _)| id)
    }

    /// The first event from one on at which a growing number, which some events report, reaches
    /// `wanted`.
    pub fn first_reaching(
        &self,
        from: EventId,
        wanted: u64,
        told: &dyn Fn(What) -> Option<u64>,
    ) -> Option<EventId> {
        let (mut low, mut high) = (from.0, self.end.0);
        let mut found = None;
        while low < high {
            let middle = EventId(low + (high - low).div_ceil(2));
            let back = self.scene.trace.iter_back(middle).take_while(|(id, _)| id.0 >= low);
            let mut numbers = back.filter_map(|(id, e)| Some((id, told(e.what)?)));
            match numbers.next() {
                Some((id, number)) if number >= wanted => (found, high) = (Some(id), id.0),
                _ => low = middle.0,
            }
        }
        found
    }

    /// The events from one on and before another, at most [`MOST_FORWARD`].
    pub fn between(
        &self,
        from: EventId,
        before: EventId,
    ) -> impl Iterator<Item = (EventId, &'a Event)> + use<'a> {
        let before = before.min(self.end);
        let inside = self.scene.trace.iter_from(from).take(MOST_FORWARD);
        inside.take_while(move |(id, _)| *id < before)
    }

    /// The first event at exactly that time that satisfies `wanted`.
    pub fn first_at(&self, at: Time, wanted: &dyn Fn(What) -> bool) -> Option<EventId> {
        let then = self.between(self.scene.trace.first_at(at), self.end);
        let mut then = then.take_while(|(_, e)| e.at == at);
        then.find(|(_, e)| wanted(e.what)).map(|(id, _)| id)
    }

    /// The event in one sentence without its full stop.
    pub fn clause(&self, id: EventId) -> String {
        let mut sentence = explain::sentence(self.scene, id).unwrap_or_default();
        if sentence.ends_with('.') {
            sentence.pop();
        }
        sentence
    }

    /// All nodes that have not left, except one.
    pub fn others(&self, than: NodeId) -> Vec<NodeId> {
        let all = self.scene.world.nodes().filter(|h| h.status() != Status::Left);
        all.map(Host::id).filter(|&n| n != than).collect()
    }
}

/// A moment as people read it: `2.00 s`.
pub fn moment(at: Time) -> String {
    let us = at.as_us();
    format!("{}.{:02} s", us / 1_000_000, us % 1_000_000 / 10_000)
}
