//! A message as a line from the sender's lane to the receiver's lane.

use super::Diagram;
use crate::ids::{Addr, EventId};
use crate::protocol::{Kind, Term};
use crate::time::Time;
use crate::trace::{Loss, Passage, Trace, What};
use std::ops::Range;

/// A message that has arrived or was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The event of its arrival or loss.
    pub event: EventId,
    /// The message.
    pub passage: Passage,
    /// Event and time of its sending.
    pub sent: (EventId, Time),
    /// Time of its arrival or loss.
    pub lands: Time,
    /// The end of its line.
    pub end: End,
    /// The term of its sender; for a pre-vote the term that it asks for.
    pub term: Option<Term>,
}

/// The end of a message's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It arrived.
    Arrived,
    /// It was lost on the way: the line ends half way.
    HalfWay,
    /// It was lost on arrival.
    AtTheDoor,
}

impl End {
    /// The fraction of the way between the lanes that its line covers, in halves.
    #[must_use]
    pub const fn halves(self) -> i64 {
        match self {
            Self::Arrived | Self::AtTheDoor => 2,
            Self::HalfWay => 1,
        }
    }
}

/// Event and time of the sending of a message, from the event of its arrival or loss.
pub(super) fn sent(trace: &Trace, landing: EventId) -> Option<(EventId, Time)> {
    let sending = trace.event(landing)?.causes.first()?;
    Some((sending, trace.event(sending)?.at))
}

impl Diagram {
    /// The messages whose arrival or loss is among those events.
    pub fn lines(&self, ids: Range<u32>) -> impl Iterator<Item = Line> {
        ids.filter_map(|id| self.line(EventId(id)))
    }

    /// The message whose arrival or loss is that event, if any.
    #[must_use]
    pub fn line(&self, event: EventId) -> Option<Line> {
        let (passage, end) = match self.trace.event(event)?.what {
            What::Delivered(passage) => (passage, End::Arrived),
            What::Lost(passage, Loss::Down) => (passage, End::AtTheDoor),
            What::Lost(passage, _) => (passage, End::HalfWay),
            _ => return None,
        };
        let sent = sent(&self.trace, event)?;
        let lands = self.trace.event(event)?.at;
        let term = self.term_of(passage, sent.1);
        Some(Line { event, passage, sent, lands, end, term })
    }

    fn term_of(&self, passage: Passage, sent: Time) -> Option<Term> {
        let term = self.lane(passage.from)?.stand_at(sent)?.aspect.term?;
        // Messages between nodes and clients belong to no term.
        let between_nodes = matches!((passage.from, passage.to), (Addr::Node(_), Addr::Node(_)));
        let asked = matches!(passage.kind, Kind::PreVote | Kind::PreVoteReply);
        between_nodes.then_some(Term(term.0 + u32::from(asked)))
    }
}
