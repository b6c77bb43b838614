//! Converts the passing of real time into virtual time, from one wake of the page to the next.

use super::Speed;
use quorumscope_core::time::Span;

/// The longest delay of a wake that counts as time, in milliseconds. After a longer one the page
/// was not visible, and the rest does not count.
const LATEST_MS: f64 = 100.0;
/// The least time between two calls of the listeners, in milliseconds.
const TELL_EVERY_MS: f64 = 160.0;

/// The state that is kept between two wakes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    last_ms: Option<f64>,
    planned_ms: f64,
    told_ms: f64,
    /// The fraction of a virtual microsecond that has not passed yet.
    rest_us: f64,
}

impl Pace {
    /// The virtual time that has passed since the last call.
    pub fn pass(&mut self, at_ms: f64, speed: Speed) -> Span {
        let last_ms = self.last_ms.unwrap_or(at_ms);
        let latest_ms = last_ms.max(self.planned_ms) + LATEST_MS;
        let real_ms = (at_ms.min(latest_ms) - last_ms).max(0.0);
        // A wake can carry a time stamp slightly before that of the last one.
        self.last_ms = Some(at_ms.max(last_ms));
        let us = speed.virtual_us(real_ms) + self.rest_us;
        self.rest_us = us.fract();
        Span::from_us(us as u64)
    }

    /// The time of the page's clock at which the playhead reached its place, in milliseconds; None
    /// before time first passed.
    pub fn last_ms(&self) -> Option<f64> {
        self.last_ms
    }

    /// Sets the time of the next wake.
    pub fn plan(&mut self, at_ms: f64) {
        self.planned_ms = at_ms;
    }

    /// Brings the next wake forward to a time, and returns its time.
    pub fn wake_by(&mut self, at_ms: f64) -> f64 {
        self.planned_ms = self.planned_ms.min(at_ms);
        self.planned_ms
    }

    /// True if listeners may be called again. The call counts then.
    pub fn may_tell(&mut self, at_ms: f64) -> bool {
        let may = self.tell_in(at_ms) <= 0.0;
        if may {
            self.told_ms = at_ms;
        }
        may
    }

    /// The milliseconds until listeners may be called again.
    pub fn tell_in(&self, at_ms: f64) -> f64 {
        self.told_ms + TELL_EVERY_MS - at_ms
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_microsecond_is_lost() {
        let (mut pace, speed) = (Pace::default(), Speed::of(0.001).expect("a speed"));
        let total: u64 = (0..=1_000).map(|i| pace.pass(f64::from(i) * 16.5, speed).as_us()).sum();
        assert!((16_499..=16_501).contains(&total), "{total}");
    }

    #[test]
    fn a_hidden_page_does_not_rush_on() {
        let mut pace = Pace::default();
        let one = Speed::of(1.0).expect("a speed");
        pace.pass(0.0, one);
        assert_eq!(pace.pass(60_000.0, one), Span::from_ms(100));
        assert_eq!(pace.pass(60_010.0, one), Span::from_ms(10));
    }

    #[test]
    fn a_wake_that_was_planned_late_counts_in_full() {
        let mut pace = Pace::default();
        let one = Speed::of(1.0).expect("a speed");
        pace.pass(0.0, one);
        pace.plan(400.0);
        assert_eq!(pace.pass(420.0, one), Span::from_ms(420));
        pace.plan(800.0);
        assert_eq!(pace.pass(60_000.0, one), Span::from_ms(480));
    }

    #[test]
    fn time_never_goes_back() {
        let mut pace = Pace::default();
        let one = Speed::of(1.0).expect("a speed");
        let passed = [0.0, 30.0, 25.0, 40.0].map(|at_ms| pace.pass(at_ms, one).as_us());
        assert_eq!(passed, [0, 30_000, 0, 10_000]);
    }
}
