//! Slow time: when what is to be seen moves evenly from one event to the next, and the page need
//! not wake in between.

use super::Speed;
use crate::geometry::Point;
use crate::glide::{self, Course};

/// Above this many millionths of real time things happen so soon after each other that a course
/// costs more than the few frames that it saves.
const FASTEST: u32 = 66_667;

/// How virtual time goes on from the playhead.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    at_ms: f64,
    speed: Speed,
}

impl Flow {
    /// Time that runs that fast, and was at the playhead then by the page's clock. None if every
    /// frame is to be painted: because it runs too fast, or the browser does not move things.
    #[must_use]
    pub fn new(at_ms: f64, speed: Speed) -> Option<Self> {
        Self::even(at_ms, speed).filter(|_| speed.millionths() <= FASTEST)
    }

    /// The same however fast it runs: for what does not depend on what happens.
    #[must_use]
    pub fn even(at_ms: f64, speed: Speed) -> Option<Self> {
        glide::is_possible().then_some(Self { at_ms, speed })
    }

    /// In how many milliseconds by the page's clock those virtual microseconds have passed.
    #[must_use]
    pub fn real_ms(self, us: f64) -> f64 {
        us * 1_000.0 / f64::from(self.speed.millionths())
    }

    /// From one place, at the playhead, to another so many virtual microseconds later.
    #[must_use]
    pub fn course(self, from: Point, to: Point, us: f64) -> Course {
        Course { from, to, begins_ms: self.at_ms, ends_ms: self.at_ms + self.real_ms(us.max(0.0)) }
    }
}
