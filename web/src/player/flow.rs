//! Slow time. While events are rare, things move evenly from one event to the next, and the page
//! need not wake in between.

use super::Speed;
use crate::geometry::Point;
use crate::glide::{self, Course};

/// The greatest speed, in millionths of real time, at which animations pay. Above it, events follow
/// each other so fast that an animation costs more than the few frames that it saves.
const FASTEST: u32 = 66_667;

/// The flow of virtual time from the playhead on.
#[derive(Clone, Copy, Debug)]
pub struct Flow {
    at_ms: f64,
    speed: Speed,
}

impl Flow {
    /// A flow at a speed, from the playhead at `at_ms` of the page's clock. None if every frame
    /// must be painted: time runs too fast, or the browser has no animations.
    #[must_use]
    pub fn new(at_ms: f64, speed: Speed) -> Option<Self> {
        Self::even(at_ms, speed).filter(|_| speed.millionths() <= FASTEST)
    }

    /// The same at any speed, for movements that do not depend on events.
    #[must_use]
    pub fn even(at_ms: f64, speed: Speed) -> Option<Self> {
        glide::is_possible().then_some(Self { at_ms, speed })
    }

    /// The milliseconds of real time in which a number of virtual microseconds pass.
    #[must_use]
    pub fn real_ms(self, us: f64) -> f64 {
        us * 1_000.0 / f64::from(self.speed.millionths())
    }

    /// A movement from one place to another, from the playhead on, for some virtual microseconds.
    #[must_use]
    pub fn course(self, from: Point, to: Point, us: f64) -> Course {
        Course { from, to, begins_ms: self.at_ms, ends_ms: self.at_ms + self.real_ms(us.max(0.0)) }
    }
}
