//! A node's own clock: it may be wrong, and it may run fast or slow.

use crate::time::{Span, Time};
use serde::Serialize;

/// The usual rate, in millionths.
const TRUE_RATE: u32 = 1_000_000;

/// A clock: its reading at some moment, and its rate since then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Clock {
    anchor: Time,
    read: Time,
    rate_ppm: u32,
}

impl Default for Clock {
    fn default() -> Self {
        Self { anchor: Time::ZERO, read: Time::ZERO, rate_ppm: TRUE_RATE }
    }
}

impl Clock {
    /// Its reading.
    #[must_use]
    pub fn reading(&self, now: Time) -> Time {
        let passed = now.since(self.anchor);
        let shown = if self.rate_ppm == TRUE_RATE {
            passed
        } else {
            passed.scaled(self.rate_ppm.into(), TRUE_RATE.into())
        };
        self.read + shown
    }

    /// Makes it jump forward or back; never below zero.
    pub fn jump(&mut self, now: Time, by_us: i64) {
        let by = Span::from_us(by_us.unsigned_abs());
        let read = self.reading(now);
        let read = if by_us < 0 { read - by } else { read + by };
        *self = Self { anchor: now, read, ..*self };
    }

    /// Changes its rate from now on. Returns the factor by which the rest of a running timer
    /// stretches: a numerator and a denominator.
    pub fn run_at(&mut self, now: Time, rate_ppm: u32) -> (u64, u64) {
        let old = self.rate_ppm;
        *self = Self { anchor: now, read: self.reading(now), rate_ppm: rate_ppm.max(1) };
        (old.into(), self.rate_ppm.into())
    }

    /// The true length of a time that this clock measures.
    #[must_use]
    pub fn true_length(&self, span: Span) -> Span {
        if self.rate_ppm == TRUE_RATE {
            return span;
        }
        span.scaled(TRUE_RATE.into(), self.rate_ppm.into())
    }

    /// Its deviation from the true time, in microseconds; positive when it is ahead.
    #[must_use]
    pub fn offset_us(&self, now: Time) -> i64 {
        self.reading(now).as_us() as i64 - now.as_us() as i64
    }

    /// Its rate, in millionths.
    #[must_use]
    pub fn rate_ppm(&self) -> u32 {
        self.rate_ppm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jumps_and_runs() {
        let mut clock = Clock::default();
        clock.jump(Time::from_ms(10), 50_000);
        assert_eq!(clock.reading(Time::from_ms(10)), Time::from_ms(60));
        assert_eq!(clock.run_at(Time::from_ms(10), 2_000_000), (1_000_000, 2_000_000));
        assert_eq!(clock.reading(Time::from_ms(20)), Time::from_ms(80));
        assert_eq!(clock.true_length(Span::from_ms(10)), Span::from_ms(5));
        clock.jump(Time::from_ms(20), -1_000_000);
        assert_eq!(clock.reading(Time::from_ms(20)), Time::ZERO);
    }
}
