//! A message as a line from the lane of who sent it to the lane of who received it.

use super::Diagram;
use crate::ids::{Addr, EventId};
use crate::protocol::{Kind, Term};
use crate::time::Time;
use crate::trace::{Loss, Passage, Trace, What};
use std::ops::Range;

/// A message that has landed, or was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The event of its arrival, or of its loss.
    pub event: EventId,
    /// The message.
    pub passage: Passage,
    /// The event of its sending, and when that was.
    pub sent: (EventId, Time),
    /// When it landed or was lost.
    pub lands: Time,
    /// What became of it.
    pub end: End,
    /// The term that who sent it was in; of a pre-vote the one that it asks for.
    pub term: Option<Term>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It arrived.
    Arrived,
    /// It died half way.
    HalfWay,
    /// It came to a closed door.
    AtTheDoor,
}

impl End {
    /// Where on the way between the lanes its line ends, in halves.
    #[must_use]
    pub const fn halves(self) -> i64 {
        match self {
            Self::Arrived | Self::AtTheDoor => 2,
            Self::HalfWay => 1,
        }
    }
}

/// The event that sent the message of that arrival or loss, and when it did.
pub(super) fn sent(trace: &Trace, landing: EventId) -> Option<(EventId, Time)> {
    let sending = trace.event(landing)?.causes.first()?;
    Some((sending, trace.event(sending)?.at))
}

impl Diagram {
    /// The messages that landed or were lost among those events.
    pub fn lines(&self, ids: Range<u32>) -> impl Iterator<Item = Line> {
        ids.filter_map(|id| self.line(EventId(id)))
    }

    /// The message that landed or was lost with that event, if one did.
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
