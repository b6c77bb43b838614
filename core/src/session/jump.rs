//! Steps to the next or last delivery of a kind of message.

use super::{Branch, Problem, Session};
use crate::ids::EventId;
use crate::protocol::Kind;
use crate::time::Time;
use crate::timeline::Timeline;
use crate::trace::{Event, Trace, What};

/// The most events beyond the known ones that are searched for a delivery.
const LOOK_AHEAD: u32 = 200_000;

impl Session {
    /// Goes `by` deliveries of a kind of message forward, or back when negative. The playhead stops
    /// right behind the delivery. Nothing changes when there are fewer.
    ///
    /// # Errors
    /// When there are fewer, forward within the next 200,000 events.
    pub fn step_to(&mut self, kind: Kind, by: i64) -> Result<(), Problem> {
        let mut ahead = self.branch().clone();
        for _ in 0..by.unsigned_abs() {
            let found = if by > 0 { ahead.go_to_next(kind) } else { ahead.go_to_last(kind) };
            if !found {
                return Err(Problem::NoDelivery(kind, by > 0));
            }
        }
        let place = self.current;
        self.branches[place] = ahead;
        Ok(())
    }
}

impl Branch {
    fn go_to_next(&mut self, kind: Kind) -> bool {
        for _ in 0..LOOK_AHEAD {
            let before: Vec<_> = self.timelines.iter().map(Timeline::next_event).collect();
            if !self.step_forward() {
                return false;
            }
            let new = self.timelines.iter().zip(before);
            if new.into_iter().any(|(t, from)| first_from(t, from, kind)) {
                return true;
            }
        }
        false
    }

    fn go_to_last(&mut self, kind: Kind) -> bool {
        let found = |(cluster, timeline): (usize, &Timeline)| {
            let before = first_of_last_step(timeline);
            let mut back = timeline.trace().iter_back(before);
            let (id, event) = back.find(|(_, e)| delivered(e) == Some(kind))?;
            Some((event.at, cluster, id))
        };
        let Some((at, cluster, id)) = self.timelines.iter().enumerate().filter_map(found).max()
        else {
            return false;
        };
        self.stand_behind(at, cluster, id);
        true
    }

    /// Goes to right behind the step of that event.
    pub(super) fn stand_behind(&mut self, at: Time, cluster: usize, id: EventId) {
        let before = Time::from_us(at.as_us().saturating_sub(1));
        self.seek(before, &mut crate::timeline::Budget::UNLIMITED.clone());
        while self.timelines[cluster].next_event() <= id && self.step_forward() {}
    }
}

fn delivered(event: &Event) -> Option<Kind> {
    match event.what {
        What::Delivered(passage) => Some(passage.kind),
        _ => None,
    }
}

/// Whether a message of that kind was delivered from that event on, up to the playhead.
fn first_from(timeline: &Timeline, from: EventId, kind: Kind) -> bool {
    let until = timeline.next_event();
    let new = timeline.trace().iter_from(from).take_while(|(id, _)| *id < until);
    new.into_iter().any(|(_, event)| delivered(event) == Some(kind))
}

/// The first event of the last step: it causes all others of the step.
fn first_of_last_step(timeline: &Timeline) -> EventId {
    let (trace, head): (&Trace, EventId) = (timeline.trace(), timeline.next_event());
    let deliveries = trace.iter_back(head);
    // A delivery is the first event of its step, and later steps have later times.
    let same = deliveries.take_while(|(_, e)| e.at == timeline.world().last_step());
    let begin = same.into_iter().find(|(_, e)| delivered(e).is_some());
    begin.map_or(head, |(id, _)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    fn session() -> Session {
        let run = script::parse(
            "cluster raft nodes=5 seed=7\n@2s crash n1; @100ms c2 get x; @2.5s c1 set x 1",
        );
        Session::new(run.expect("the script is right"))
    }

    /// The deliveries of a kind, found by stepping one by one: the positions behind each.
    fn by_stepping(kind: Kind, until: Time) -> Vec<(Time, u64)> {
        let mut session = session();
        let mut found = Vec::new();
        while session.now() <= until {
            let from = session.timeline(0).next_event();
            assert_eq!(session.step(1), 1);
            if first_from(session.timeline(0), from, kind) {
                found.push((session.now(), session.hash()));
            }
        }
        found
    }

    #[test]
    fn it_goes_from_delivery_to_delivery_and_back() {
        for kind in [Kind::AppendEntries, Kind::Vote, Kind::Reply] {
            let all = by_stepping(kind, Time::from_ms(4_000));
            assert!(!all.is_empty(), "{}", kind.name());
            let mut session = session();
            for there in &all {
                session.step_to(kind, 1).unwrap();
                assert_eq!((session.now(), session.hash()), *there);
            }
            for there in all.iter().rev().skip(1) {
                session.step_to(kind, -1).unwrap();
                assert_eq!((session.now(), session.hash()), *there, "{} back", kind.name());
            }
            assert!(session.step_to(kind, -1).is_err());
            assert_eq!((session.now(), session.hash()), all[0]);
        }
    }

    #[test]
    fn what_never_comes_moves_nothing() {
        let mut session = session();
        session.seek(Time::from_ms(1_000));
        let before = (session.now(), session.hash(), session.frontier());
        let problem = session.step_to(Kind::MerkleRoots, 1).unwrap_err();
        assert!(problem.to_string().contains("MerkleRoots"), "{problem}");
        assert_eq!((session.now(), session.hash(), session.frontier()), before);
    }
}
