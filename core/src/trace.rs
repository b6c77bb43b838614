//! The trace: the events of a run and their causes.
//!
//! The trace is kept beside the World, never in it: recording it does not change the World. An
//! event's id is its place in the trace.

use crate::ids::{Addr, ClientId, EventId, MessageId, NodeId, OperationId};
use crate::paged::Paged;
use crate::protocol::{Fact, Kind, Timer};
use crate::time::Time;
use serde::Serialize;

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Its time.
    pub at: Time,
    /// Its direct causes.
    pub causes: Causes,
    /// Its kind.
    pub what: What,
}

/// Up to two direct causes: the input that was being handled, and a precondition (a message that
/// waited for the disk has both).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Causes {
    first: Option<NonMax>,
    second: Option<NonMax>,
}

/// An event id that is not `u32::MAX`, so that two causes fit in eight bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
struct NonMax(std::num::NonZeroU32);

impl NonMax {
    fn new(id: EventId) -> Option<Self> {
        std::num::NonZeroU32::new(id.0.wrapping_add(1)).map(Self)
    }

    fn id(self) -> EventId {
        EventId(self.0.get() - 1)
    }
}

impl Causes {
    /// No cause: the event begins a chain of causes.
    pub const NONE: Self = Self { first: None, second: None };

    /// One cause.
    #[must_use]
    pub fn one(id: EventId) -> Self {
        Self { first: NonMax::new(id), second: None }
    }

    /// Two causes; the same one twice is one.
    #[must_use]
    pub fn two(first: EventId, second: Option<EventId>) -> Self {
        Self { second: second.filter(|s| *s != first).and_then(NonMax::new), ..Self::one(first) }
    }

    /// The causes.
    pub fn iter(self) -> impl Iterator<Item = EventId> {
        [self.first, self.second].into_iter().flatten().map(NonMax::id)
    }

    /// The first of them.
    #[must_use]
    pub fn first(self) -> Option<EventId> {
        self.first.map(NonMax::id)
    }
}

/// The kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum What {
    /// A statement of the run was executed: its place among the commands.
    Commanded(u32),
    /// A node's process started.
    Started(NodeId),
    /// A node's process crashed.
    Crashed(NodeId),
    /// A node was paused.
    Paused(NodeId),
    /// A node was resumed.
    Resumed(NodeId),
    /// A node's disk was emptied.
    Wiped(NodeId),
    /// The last record of a node's log was torn.
    Torn(NodeId),
    /// A message was sent.
    Sent(Passage),
    /// A message arrived.
    Delivered(Passage),
    /// A message was lost on the way, or on arrival.
    Lost(Passage, Loss),
    /// A node's timer ran out.
    Fired(NodeId, Timer),
    /// A client's timer ran out.
    ClientFired(ClientId, Timer),
    /// All writes of a node up to that record are durable.
    Durable(NodeId, u32),
    /// The workload made a client begin a request.
    Prompted(ClientId),
    /// A client began an operation.
    Invoked(ClientId, OperationId),
    /// A client received an answer, or gave up.
    Returned(ClientId, OperationId),
    /// A fact inside a node.
    Noted(NodeId, Fact),
    /// A fact inside a coordinating client.
    ClientNoted(ClientId, Fact),
    /// A node that was removed ended its process.
    Left(NodeId),
    /// The load balancer started.
    BalancerStarted,
    /// A timer of the load balancer ran out.
    BalancerFired(Timer),
    /// A fact inside the load balancer.
    BalancerNoted(Fact),
}

/// The transit of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The message.
    pub message: MessageId,
    /// Its size in bytes.
    pub bytes: u32,
    /// Its kind.
    pub kind: Kind,
    /// Whether it carries no entry and no value, as a heartbeat does.
    pub empty: bool,
    /// The sender.
    pub from: Addr,
    /// The receiver.
    pub to: Addr,
}

/// The reason why a message was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Loss {
    /// By chance.
    Chance,
    /// The link is cut.
    Cut,
    /// The receiver is down.
    Down,
    /// By hand.
    Dropped,
    /// Too many messages were in flight.
    Overflow,
}

impl What {
    /// The node at which it happened, if any. A transit happens at its sender when sent, else at
    /// its receiver.
    #[must_use]
    pub fn node(self) -> Option<NodeId> {
        match self {
            Self::Started(n)
            | Self::Crashed(n)
            | Self::Paused(n)
            | Self::Resumed(n)
            | Self::Wiped(n)
            | Self::Torn(n)
            | Self::Left(n)
            | Self::Fired(n, _)
            | Self::Durable(n, _)
            | Self::Noted(n, _) => Some(n),
            Self::Sent(p) => p.from.node(),
            Self::Delivered(p) | Self::Lost(p, _) => p.to.node(),
            Self::Commanded(_)
            | Self::ClientFired(..)
            | Self::Prompted(_)
            | Self::Invoked(..)
            | Self::Returned(..)
            | Self::ClientNoted(..)
            | Self::BalancerStarted
            | Self::BalancerFired(_)
            | Self::BalancerNoted(_) => None,
        }
    }

    /// The node, client or balancer at which it happened; None for a statement.
    #[must_use]
    pub fn who(self) -> Option<Addr> {
        match self {
            Self::Sent(p) => Some(p.from),
            Self::Delivered(p) | Self::Lost(p, _) => Some(p.to),
            Self::ClientFired(c, _)
            | Self::Prompted(c)
            | Self::Invoked(c, _)
            | Self::Returned(c, _)
            | Self::ClientNoted(c, _) => Some(c.into()),
            Self::BalancerStarted | Self::BalancerFired(_) | Self::BalancerNoted(_) => {
                Some(Addr::Balancer)
            }
            _ => self.node().map(Addr::from),
        }
    }

    /// Whether it changes a node's role or status, or the set of nodes that a node suspects. Such
    /// events are rare, and are asked for long after.
    #[must_use]
    pub const fn is_turn(self) -> bool {
        match self {
            Self::Started(_)
            | Self::Crashed(_)
            | Self::Paused(_)
            | Self::Resumed(_)
            | Self::Wiped(_)
            | Self::Torn(_)
            | Self::Left(_) => true,
            Self::Noted(_, fact) | Self::BalancerNoted(fact) => matches!(
                fact,
                Fact::Canvassed(_)
                    | Fact::Stood(_)
                    | Fact::Led(_)
                    | Fact::Followed(..)
                    | Fact::SteppedDown(_)
                    | Fact::Abandoned(_)
                    | Fact::Yielded(_)
                    | Fact::Restored(_)
                    | Fact::Deemed(..)
                    | Fact::Suspected(_)
                    | Fact::Trusted(_)
            ),
            _ => false,
        }
    }

    /// The message that it concerns, if any.
    #[must_use]
    pub fn passage(self) -> Option<Passage> {
        match self {
            Self::Sent(p) | Self::Delivered(p) | Self::Lost(p, _) => Some(p),
            _ => None,
        }
    }
}

/// The events of one cluster's run, by id. Cloning shares them.
///
/// The oldest events can be forgotten, except turns: then the trace is a window of the run, and ids
/// still count from the run's beginning. Replaying brings forgotten events back.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    events: Paged<Event, PAGE>,
    /// The id of the first event in the window.
    first: u32,
    /// The events that satisfy [`What::is_turn`], also those before the window.
    turns: Paged<(EventId, Event), PAGE>,
}

/// Events on a page. Whole pages are forgotten.
pub const PAGE: usize = 4_096;

impl Trace {
    /// Appends the next event.
    pub fn push(&mut self, event: Event) {
        assert!(self.events.last().is_none_or(|last| last.at <= event.at));
        let id = EventId(self.len() as u32);
        // A turn that was recorded before is kept already.
        if event.what.is_turn() && self.turns.last().is_none_or(|(last, _)| *last < id) {
            self.turns.push((id, event));
        }
        self.events.push(event);
    }

    /// The number of events up to the end of the window, the forgotten ones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first as usize + self.events.len()
    }

    /// Whether no event has happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of the first event in the window. Of earlier events only turns are known.
    #[must_use]
    pub fn first(&self) -> EventId {
        EventId(self.first)
    }

    /// The number of events in the window.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.events.len()
    }

    /// The event of that id, if it has happened and is not forgotten.
    #[must_use]
    pub fn event(&self, id: EventId) -> Option<&Event> {
        let place = id.0.checked_sub(self.first);
        let kept = place.and_then(|place| self.events.get(place as usize));
        kept.or_else(|| {
            let place = self.turns.partition_point(|(turn, _)| *turn < id);
            self.turns.get(place).filter(|(turn, _)| *turn == id).map(|(_, event)| event)
        })
    }

    /// Forgets all events from that id on: from there the run is another.
    pub fn truncate(&mut self, len: usize) {
        self.shorten(len);
        let turns = self.turns.partition_point(|(id, _)| (id.0 as usize) < len);
        self.turns.truncate(turns);
    }

    /// Ends the window at that id. Later events come back when the run is played on.
    pub fn shorten(&mut self, len: usize) {
        let kept = len.saturating_sub(self.first as usize);
        self.events.truncate(kept);
        self.first = self.first.min(len as u32);
    }

    /// Forgets the events before that id, in whole pages; turns stay.
    pub fn forget_before(&mut self, id: EventId) {
        let pages = id.0.saturating_sub(self.first) as usize / PAGE;
        let events = (pages * PAGE).min(self.events.len() / PAGE * PAGE);
        self.events.drop_first(events);
        self.first += events as u32;
    }

    /// Begins another window, at that id; turns stay.
    pub fn begin_at(&mut self, id: EventId) {
        self.events = Paged::default();
        self.first = id.0;
    }

    /// Forgets the older half of the turns before the window. False when there are few.
    pub fn forget_turns(&mut self) -> bool {
        let old = self.turns.partition_point(|(id, _)| id.0 < self.first);
        let many = old > MANY_TURNS;
        if many {
            self.turns.drop_first(old / 2);
        }
        many
    }

    /// The id from which on this trace and another differ, as far as both keep their events. None
    /// when the windows do not overlap.
    #[must_use]
    pub fn common(&self, other: &Self) -> Option<usize> {
        let from = self.first.max(other.first);
        let (a, b) = ((from - self.first) as usize, (from - other.first) as usize);
        let apart = a > self.events.len() || b > other.events.len();
        (!apart).then(|| from as usize + self.events.common_from(a, &other.events, b))
    }

    /// The first id whose event is at `time` or later, in the window.
    #[must_use]
    pub fn first_at(&self, time: Time) -> EventId {
        let place = self.events.partition_point(|event| event.at < time);
        EventId(self.first + u32::try_from(place).expect("runs have fewer than 2^32 events"))
    }

    /// The events of the window from that id on, in order.
    pub fn iter_from(&self, id: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        self.numbered(id.0..self.len() as u32)
    }

    /// The events of the window before that id, last first.
    pub fn iter_back(&self, before: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        self.numbered(0..before.0.min(self.len() as u32)).rev()
    }

    /// The turns before that id, last first; even a long run has few.
    pub fn turns_back(&self, before: EventId) -> impl Iterator<Item = (EventId, &Event)> {
        let place = self.turns.partition_point(|(id, _)| *id < before);
        (0..place).rev().map(|place| {
            let (id, event) = &self.turns[place];
            (*id, event)
        })
    }

    fn numbered(
        &self,
        ids: std::ops::Range<u32>,
    ) -> impl DoubleEndedIterator<Item = (EventId, &Event)> {
        let ids = ids.start.max(self.first)..ids.end.max(self.first);
        ids.map(|id| (EventId(id), &self.events[(id - self.first) as usize]))
    }
}

/// Number of turns before the window that are never forgotten.
const MANY_TURNS: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(len: u64) -> Trace {
        let mut trace = Trace::default();
        for i in 0..len {
            let what = What::Started(NodeId(1));
            trace.push(Event { at: Time::from_us(i / 2), causes: Causes::NONE, what });
        }
        trace
    }

    #[test]
    fn finds_and_cuts_across_pages() {
        let mut t = trace(10_000);
        assert_eq!(t.first_at(Time::from_us(4_000)), EventId(8_000));
        assert_eq!(t.first_at(Time::from_us(9_000)), EventId(10_000));
        assert_eq!(t.iter_from(EventId(9_998)).count(), 2);
        assert_eq!(t.turns_back(EventId(9_999)).next().map(|(id, _)| id), Some(EventId(9_998)));
        t.truncate(5_000);
        assert_eq!(t.len(), 5_000);
        assert_eq!(t.turns_back(EventId(9_999)).count(), 5_000);
        assert_eq!(t.event(EventId(5_000)), None);
        t.truncate(PAGE);
        assert_eq!(t.len(), PAGE);
        t.truncate(3);
        assert_eq!(t.iter_back(EventId(9)).next().map(|(id, _)| id), Some(EventId(2)));
    }

    #[test]
    fn a_window_knows_its_events_by_their_ids_and_the_turns_before_it() {
        let mut t = trace(10_000);
        let whole = t.clone();
        t.forget_before(EventId(5_000));
        assert_eq!((t.first(), t.len(), t.kept()), (EventId(4_096), 10_000, 5_904));
        assert_eq!(t.first_at(Time::from_us(4_000)), EventId(8_000));
        assert_eq!(t.event(EventId(3)), whole.event(EventId(3)), "a turn is kept");
        assert_eq!(t.iter_from(EventId(0)).next().map(|(id, _)| id), Some(EventId(4_096)));
        assert_eq!(t.iter_back(EventId(4_097)).count(), 1);
        assert_eq!((t.common(&whole), whole.common(&t)), (Some(10_000), Some(10_000)));
        t.begin_at(EventId(20_000));
        assert_eq!((t.len(), t.kept(), t.common(&whole)), (20_000, 0, None));
        t.begin_at(EventId(100));
        for id in 100..200 {
            t.push(*whole.event(EventId(id)).expect("it is known"));
        }
        assert_eq!(t.turns_back(EventId(20_000)).count(), 10_000, "no turn is kept twice");
        assert_eq!(t.common(&whole), Some(200));
        t.truncate(50);
        assert_eq!((t.len(), t.first()), (50, EventId(50)));
        assert_eq!(t.turns_back(EventId(20_000)).count(), 50);
    }

    #[test]
    fn an_event_is_small() {
        assert!(size_of::<Event>() <= 48, "{}", size_of::<Event>());
    }

    #[test]
    fn the_same_cause_twice_is_one() {
        let causes = Causes::two(EventId(0), Some(EventId(0)));
        assert_eq!(causes.iter().collect::<Vec<_>>(), [EventId(0)]);
    }
}
