//! The events of interest in one cluster's run, read from its trace as it grows: leaders,
//! elections, and actions of people.
//!
//! It covers the whole trace, even the part beyond the playhead after going back.

use quorumscope_core::client::Operation;
use quorumscope_core::ids::{ClientId, EventId, NodeId};
use quorumscope_core::order;
use quorumscope_core::paged::Paged;
use quorumscope_core::protocol::{Fact, Kind, Outcome, Term};
use quorumscope_core::run::{Command, NodeFault, Statement};
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Timeline;
use quorumscope_core::trace::{Event, Trace, What};
use std::collections::BTreeSet;

/// A time in which a node believed that it led.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reign {
    /// The node.
    pub node: NodeId,
    /// The term.
    pub term: Term,
    /// The beginning.
    pub from: Time,
    /// The end. None while it goes on.
    pub until: Option<Time>,
    born: EventId,
    died: Option<EventId>,
}

/// An event of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// The time.
    pub at: Time,
    /// The event.
    pub event: EventId,
    /// The kind.
    pub kind: BeatKind,
}

/// The kind of an event of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeatKind {
    /// A statement that breaks something, by its index among the commands.
    Fault(u32),
    /// A statement that repairs or changes something, by its index.
    Change(u32),
    /// A request of a client, by the index of its statement.
    Ask(u32),
    /// A node became a candidate.
    Election(NodeId, Term),
    /// A node became the leader.
    Led(NodeId, Term),
    /// A client's operation ended without an answer.
    Failure(ClientId),
}

/// The target of a jump.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Interest {
    /// Every event of interest, except failures of clients.
    #[default]
    Any,
    /// A new leader.
    Leader,
    /// A fault, or a repair.
    Fault,
    /// A client that got no answer.
    Failure,
    /// A violation of a property.
    Violation,
}

impl Interest {
    /// All targets: the label, and the key that jumps to the next one (with Shift to the last
    /// before).
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Any, "Anything", "n"),
        (Self::Leader, "Leader", "l"),
        (Self::Fault, "Fault", "f"),
        (Self::Failure, "Failure", "c"),
        (Self::Violation, "Violation", "v"),
    ];

    /// The words for a jump without a target.
    #[must_use]
    pub const fn none(self) -> &'static str {
        match self {
            Self::Any => "Nothing of interest",
            Self::Leader => "No new leader",
            Self::Fault => "No fault",
            Self::Failure => "No client that fails",
            Self::Violation => "No violation",
        }
    }

    /// True if an event of this kind is a target.
    const fn is(self, kind: BeatKind) -> bool {
        match self {
            Self::Any => !matches!(kind, BeatKind::Failure(_)),
            Self::Leader => matches!(kind, BeatKind::Led(..)),
            Self::Fault => matches!(kind, BeatKind::Fault(_) | BeatKind::Change(_)),
            Self::Failure => matches!(kind, BeatKind::Failure(_)),
            Self::Violation => false,
        }
    }
}

/// The largest number of events and of leaderships that are kept of a run.
const MOST_BEATS: usize = 20_000;
const MOST_REIGNS: usize = 2_000;

/// The events of interest of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Story {
    reigns: Vec<Reign>,
    beats: Vec<Beat>,
    kinds: BTreeSet<Kind>,
    read: u32,
}

impl Story {
    /// Reads the new part of a cluster's trace.
    pub fn read(&mut self, timeline: &Timeline, commands: &[Command]) {
        self.read_on(timeline.trace(), timeline.operations(), commands);
    }

    /// Reads the new part of a trace. True if it had any event of interest.
    fn read_on(
        &mut self,
        trace: &Trace,
        operations: &Paged<Operation>,
        commands: &[Command],
    ) -> bool {
        let before = (self.beats.len(), self.reigns.len());
        for (id, event) in trace.iter_from(EventId(self.read)) {
            self.take(id, event, operations, commands);
        }
        // A window of the trace may end before the part that was read.
        self.read = self.read.max(trace.len() as u32);
        before != (self.beats.len(), self.reigns.len())
    }

    /// Drops everything from an event on, because the run has changed there.
    pub fn rewind(&mut self, to: EventId) {
        self.read = self.read.min(to.0);
        self.beats.retain(|b| b.event < to);
        self.reigns.retain(|r| r.born < to);
        for reign in &mut self.reigns {
            if reign.died.is_some_and(|d| d >= to) {
                (reign.until, reign.died) = (None, None);
            }
        }
    }

    /// The leaderships, by their beginning.
    #[must_use]
    pub fn reigns(&self) -> &[Reign] {
        &self.reigns
    }

    /// The events of interest, in order.
    #[must_use]
    pub fn beats(&self) -> &[Beat] {
        &self.beats
    }

    /// The kinds of messages that were delivered.
    pub fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.kinds.iter().copied()
    }

    /// The time of the next target after a time.
    #[must_use]
    pub fn stop_after(&self, time: Time, interest: Interest) -> Option<Time> {
        let after = self.beats.partition_point(|b| b.at <= time);
        self.beats[after..].iter().find(|b| interest.is(b.kind)).map(|b| b.at)
    }

    /// The time of the last target before a time.
    #[must_use]
    pub fn stop_before(&self, time: Time, interest: Interest) -> Option<Time> {
        let before = self.beats.partition_point(|b| b.at < time);
        self.beats[..before].iter().rev().find(|b| interest.is(b.kind)).map(|b| b.at)
    }

    fn take(
        &mut self,
        id: EventId,
        event: &Event,
        operations: &Paged<Operation>,
        commands: &[Command],
    ) {
        match event.what {
            What::Delivered(passage) => _ = self.kinds.insert(passage.kind),
            What::Crashed(n) | What::Noted(n, Fact::SteppedDown(_) | Fact::Followed(..)) => {
                self.end(n, event.at, id);
            }
            What::Noted(n, Fact::Led(term)) => {
                self.end(n, event.at, id);
                let (from, until, died) = (event.at, None, None);
                self.reigns.push(Reign { node: n, term, from, until, born: id, died });
            }
            _ => {}
        }
        let failure = || failure(event.what, operations);
        if let Some(kind) = kind_of(event.what, commands).or_else(failure) {
            self.beats.push(Beat { at: event.at, event: id, kind });
            self.thin_out();
        }
    }

    /// Drops the least interesting events if there are too many to draw: first failures of clients
    /// in the older half, then the oldest of all.
    fn thin_out(&mut self) {
        if self.beats.len() > MOST_BEATS {
            let (mut place, old) = (0, self.beats.len() / 2);
            self.beats.retain(|beat| {
                place += 1;
                place > old || !matches!(beat.kind, BeatKind::Failure(_))
            });
            if self.beats.len() > MOST_BEATS * 3 / 4 {
                self.beats.drain(..MOST_BEATS / 4);
            }
        }
        if self.reigns.len() > MOST_REIGNS {
            self.reigns.drain(..MOST_REIGNS / 4);
        }
    }

    fn end(&mut self, node: NodeId, at: Time, id: EventId) {
        let open = self.reigns.iter_mut().rev().find(|r| r.node == node && r.until.is_none());
        if let Some(reign) = open {
            (reign.until, reign.died) = (Some(at), Some(id));
        }
    }
}

/// A client's operation that ended without an answer, if the event is one.
fn failure(what: What, operations: &Paged<Operation>) -> Option<BeatKind> {
    let What::Returned(client, id) = what else { return None };
    let end = operations.get(id.0 as usize - 1)?.end.as_ref()?;
    (!matches!(end.outcome, Outcome::Ok(_))).then_some(BeatKind::Failure(client))
}

fn kind_of(what: What, commands: &[Command]) -> Option<BeatKind> {
    match what {
        What::Commanded(place) => {
            let command = commands.get(place as usize)?;
            Some(kind_of_statement(&command.statement, place))
        }
        What::Noted(n, Fact::Stood(term)) => Some(BeatKind::Election(n, term)),
        What::Noted(n, Fact::Led(term)) => Some(BeatKind::Led(n, term)),
        _ => None,
    }
}

/// True if an event is a statement that breaks something.
#[must_use]
pub fn is_fault(what: What, commands: &[Command]) -> bool {
    matches!(kind_of(what, commands), Some(BeatKind::Fault(_)))
}

fn kind_of_statement(statement: &Statement, place: u32) -> BeatKind {
    match statement {
        Statement::Node(_, NodeFault::Restart | NodeFault::Resume)
        | Statement::Heal(_)
        | Statement::Link(..)
        | Statement::Network(_)
        | Statement::Add(_)
        | Statement::Remove(_)
        | Statement::Workload(_)
        | Statement::Rule(..)
        | Statement::Set(_)
        | Statement::Transfer(..)
        | Statement::Disk(_, None)
        | Statement::Ping(..) => BeatKind::Change(place),
        Statement::Ask { .. } => BeatKind::Ask(place),
        Statement::Node(..)
        | Statement::Disk(_, Some(_))
        | Statement::Isolate(_)
        | Statement::Cut(_)
        | Statement::Partition(_)
        | Statement::Message(..)
        | Statement::ClockJump(..)
        | Statement::ClockRate(..) => BeatKind::Fault(place),
    }
}

/// Cuts leaderships into pieces in which the same nodes led, so that simultaneous leaders get rows
/// of their own.
#[must_use]
pub fn bands(reigns: &[Reign], end: Time) -> Vec<Band> {
    let until = |r: &Reign| r.until.unwrap_or(end).min(end);
    let mut borders: Vec<Time> = reigns.iter().flat_map(|r| [r.from, until(r)]).collect();
    order::by(&mut borders, Time::cmp);
    borders.dedup();
    let mut bands: Vec<Band> = Vec::new();
    for piece in borders.windows(2) {
        let (from, to) = (piece[0], piece[1]);
        let now: Vec<usize> = (0..reigns.len())
            .filter(|&i| reigns[i].from <= from && until(&reigns[i]) >= to)
            .collect();
        for (row, &reign) in now.iter().enumerate() {
            let rows = now.len();
            let same =
                |b: &&mut Band| b.to == from && b.reign == reign && (b.row, b.rows) == (row, rows);
            match bands.iter_mut().rev().take(8).find(same) {
                Some(band) => band.to = to,
                None => bands.push(Band { from, to, reign, row, rows }),
            }
        }
    }
    bands
}

/// A piece of a leadership as it is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Time,
    /// The index of its leadership.
    pub reign: usize,
    /// Its row among the leaders of that time.
    pub row: usize,
    /// The number of rows.
    pub rows: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::trace::Causes;

    fn trace(events: &[(u64, What)]) -> Trace {
        let mut trace = Trace::default();
        for &(ms, what) in events {
            trace.push(Event { at: Time::from_ms(ms), causes: Causes::NONE, what });
        }
        trace
    }

    fn led(n: u16, term: u32) -> What {
        What::Noted(NodeId(n), Fact::Led(Term(term)))
    }

    fn two_leaders() -> Trace {
        trace(&[
            (10, led(1, 1)),
            (50, led(3, 2)),
            (70, What::Noted(NodeId(1), Fact::SteppedDown(Term(2)))),
        ])
    }

    #[test]
    fn two_who_believe_that_they_lead_share_the_band() {
        let mut story = Story::default();
        assert!(story.read_on(&two_leaders(), &Paged::default(), &[]));
        let bands = bands(story.reigns(), Time::from_ms(100));
        let shape: Vec<_> =
            bands.iter().map(|b| (b.from.as_us() / 1000, b.reign, b.rows)).collect();
        assert_eq!(shape, [(10, 0, 1), (50, 0, 2), (50, 1, 2), (70, 1, 1)]);
    }

    #[test]
    fn rewinding_opens_what_ended_later() {
        let mut story = Story::default();
        story.read_on(&two_leaders(), &Paged::default(), &[]);
        assert_eq!(story.reigns()[0].until, Some(Time::from_ms(70)));
        story.rewind(EventId(2));
        assert_eq!(story.reigns()[0].until, None);
        assert_eq!(story.beats().len(), 2);
        story.rewind(EventId(1));
        assert_eq!(story.reigns().len(), 1);
        assert!(story.read_on(&two_leaders(), &Paged::default(), &[]));
        assert_eq!(story.reigns().len(), 2);
    }

    #[test]
    fn of_very_many_moments_the_last_are_kept() {
        let mut story = Story::default();
        let stood = |n: u64| {
            let what = if n.is_multiple_of(2) {
                led(1, n as u32)
            } else {
                What::Noted(NodeId(2), Fact::Stood(Term(n as u32)))
            };
            (n, what)
        };
        story.read_on(&trace(&(0..50_000).map(stood).collect::<Vec<_>>()), &Paged::default(), &[]);
        assert!(story.beats().len() <= MOST_BEATS && story.reigns().len() <= MOST_REIGNS + 1);
        assert_eq!(story.beats().last().map(|b| b.event), Some(EventId(49_999)));
        assert!(story.beats().is_sorted_by_key(|b| b.event));
    }

    #[test]
    fn stops_are_strictly_before_and_after() {
        let mut story = Story::default();
        story.read_on(&two_leaders(), &Paged::default(), &[]);
        assert_eq!(story.stop_after(Time::from_ms(10), Interest::Any), Some(Time::from_ms(50)));
        assert_eq!(story.stop_before(Time::from_ms(50), Interest::Any), Some(Time::from_ms(10)));
        assert_eq!(story.stop_after(Time::from_ms(50), Interest::Any), None);
    }
}
