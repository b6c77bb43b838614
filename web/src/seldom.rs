//! Throttles figures that are expensive to count: they are counted only while they are visible, and
//! seldom while time runs.

use crate::dom;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::world::World;
use std::rc::Rc;

/// The least time between two counts while time runs, in milliseconds of real time.
const EVERY_MS: f64 = 250.0;
/// Counting takes at most one part in this many of the time.
const SHARE: f64 = 8.0;

/// The last result, and the time at which it may be counted again.
#[derive(Default)]
pub struct Seldom<T> {
    counted: Rc<T>,
    of: Option<Moment>,
    due_ms: f64,
}

/// The revision of a run, the playhead, and the time of each cluster. During a long seek clusters
/// arrive one after the other.
type Moment = (u64, Time, Vec<Time>);

impl<T: Default> Seldom<T> {
    /// The figures at the playhead, or shortly before it while time runs.
    pub fn count(&mut self, session: &Session, playing: bool, count: impl Fn() -> T) -> Rc<T> {
        let come = session.worlds().map(World::now).collect();
        let of = (session.revision(), session.now(), come);
        let began_ms = dom::now_ms();
        if self.is_due(&of, playing, began_ms) {
            (self.counted, self.of) = (Rc::new(count()), Some(of));
            let took_ms = dom::now_ms() - began_ms;
            self.due_ms = began_ms + EVERY_MS.max(took_ms * SHARE);
        }
        Rc::clone(&self.counted)
    }

    /// Drops the result, because nobody looks. Returns an empty one.
    pub fn forget(&mut self) -> Rc<T> {
        *self = Self::default();
        Rc::clone(&self.counted)
    }

    fn is_due(&self, of: &Moment, playing: bool, now_ms: f64) -> bool {
        let is_of_this_run = self.of.as_ref().is_some_and(|(revision, ..)| *revision == of.0);
        let waits = playing && is_of_this_run && now_ms < self.due_ms;
        self.of.as_ref() != Some(of) && !waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn while_time_runs_it_waits_and_else_it_does_not() {
        let at = |ms| (1, Time::from_ms(ms), vec![Time::from_ms(ms)]);
        let last = Seldom::<u8> { counted: Rc::new(7), of: Some(at(100)), due_ms: 250.0 };
        assert!(!last.is_due(&at(100), false, 900.0), "it is known");
        assert!(last.is_due(&at(101), false, 10.0), "who stands still wants to see it now");
        assert!(!last.is_due(&at(101), true, 249.0));
        assert!(last.is_due(&at(101), true, 250.0));
        let other = (2, at(101).1, at(101).2);
        assert!(last.is_due(&other, true, 10.0), "it is another run");
        assert!(Seldom::<u8>::default().is_due(&at(0), true, 0.0));
    }

    #[test]
    fn it_is_counted_again_when_the_last_cluster_has_come_there() {
        let to = Time::from_ms(100);
        let on_its_way = (1, to, vec![to, Time::from_ms(40)]);
        let last = Seldom::<u8> { counted: Rc::new(7), of: Some(on_its_way), due_ms: 0.0 };
        assert!(last.is_due(&(1, to, vec![to, to]), false, 10.0));
    }
}
