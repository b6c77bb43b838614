//! The look of a message: shape for its family, filled for a request and open for an answer, colour
//! for its term, small for a message without data.

use super::{Hue, sign};
use quorumscope_core::diagram::Line;
use quorumscope_core::protocol::{Family, Kind, Term};
use quorumscope_core::trace::Passage;
use quorumscope_core::world::Flight;

/// The look of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The kind of message.
    pub kind: Kind,
    /// The colour of its term.
    pub hue: Hue,
    /// True for a heartbeat, or an answer to one: it only shows that its sender is alive.
    pub light: bool,
}

impl Letter {
    /// The look of a message in flight.
    #[must_use]
    pub fn of(flight: &Flight) -> Self {
        Self::new(flight.passage(), flight.message.term())
    }

    /// The look of a message in a diagram's past.
    #[must_use]
    pub fn past(line: &Line) -> Self {
        Self::new(line.passage, line.term)
    }

    /// The look of a message in a trace, with the term in which it was sent.
    #[must_use]
    pub fn new(passage: Passage, term: Option<Term>) -> Self {
        let Passage { kind, empty, .. } = passage;
        Self { kind, hue: Hue::of(term), light: empty && is_routine(kind) }
    }

    /// True if it answers another message.
    #[must_use]
    pub const fn is_open(self) -> bool {
        self.kind.is_answer()
    }

    /// Its classes, after the class of the view that draws it.
    #[must_use]
    pub fn class(self, whose: &str) -> String {
        let open = if self.is_open() { " open" } else { "" };
        let light = if self.light { " light" } else { "" };
        format!("{whose} {}{open}{light}", self.hue.class())
    }

    /// The outline of its kind, around the origin.
    #[must_use]
    pub const fn outline(self) -> &'static str {
        match (self.kind.family(), self.kind.is_answer()) {
            (Family::Replicate, false) => sign::SQUARE,
            (Family::Replicate, true) => sign::CIRCLE,
            (Family::Fetch | Family::Compare, _) => sign::WEDGE,
            (Family::Canvass, _) => sign::TRIANGLE,
            (Family::Elect, _) => sign::DIAMOND,
            (Family::Transfer, _) => sign::HEXAGON,
            (Family::Client, _) => sign::PILL,
            (Family::ByHand, _) => sign::PLUS,
            (Family::Alive, _) => sign::DROP,
        }
    }
}

impl Letter {
    /// The outline of a lost message: that of its kind, crossed.
    #[must_use]
    pub fn dead(self) -> String {
        self.outline().to_owned() + sign::CROSS
    }
}

/// True for messages that are sent again and again in any case. Votes are not.
const fn is_routine(kind: Kind) -> bool {
    matches!(kind.family(), Family::Replicate | Family::Alive)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::diagram::Diagram;
    use quorumscope_core::script;
    use quorumscope_core::session::Session;
    use quorumscope_core::time::Time;

    #[test]
    fn a_request_is_filled_and_its_answer_is_open() {
        let letter = |kind| Letter { kind, hue: Hue::NONE, light: false };
        assert_eq!(letter(Kind::Ask).class("message"), "message t0");
        assert_eq!(letter(Kind::Reply).class("message"), "message t0 open");
        assert_eq!(letter(Kind::Ask).outline(), letter(Kind::Reply).outline());
    }

    /// A heartbeat is small in both, because the trace records whether a message carries data.
    #[test]
    fn a_message_looks_in_the_past_as_it_did_in_flight() {
        let text = "cluster raft nodes=3 seed=7\n@0s workload rate=60/s\n@3s show";
        let mut session = Session::new(script::parse(text).expect("the script is right"));
        let mut diagram = Diagram::default();
        diagram.read(session.timeline(0));
        let lines: Vec<Line> = diagram.lines(0..session.trace(0).len() as u32).collect();
        let mut seen = [0, 0];
        for ms in (1_000..2_000).step_by(40) {
            session.seek(Time::from_ms(ms));
            for flight in session.world(0).flights() {
                let past = lines.iter().find(|line| line.passage.message == flight.id);
                let (letter, past) = (Letter::of(flight), past.map(Letter::past));
                assert_eq!(past, Some(letter), "{:?}", flight.message);
                seen[usize::from(letter.light)] += 1;
            }
        }
        assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
    }

    #[test]
    fn what_died_keeps_its_figure() {
        let letter = |kind| Letter { kind, hue: Hue::NONE, light: false };
        let (ask, vote) = (letter(Kind::Ask).dead(), letter(Kind::Vote).dead());
        assert!(ask.starts_with(letter(Kind::Ask).outline()) && ask.ends_with(sign::CROSS));
        assert_ne!(ask, vote);
    }
}
