//! Virtual time in whole microseconds: the only time that a World knows.

use serde::Serialize;
use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// The latest moment a run may reach: 24 hours.
pub const LATEST: Time = Time::from_us(24 * 3_600 * 1_000_000);

/// A moment: microseconds since the start of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Time(u64);

/// A length of time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span(u64);

impl Time {
    /// The start of every run.
    pub const ZERO: Self = Self(0);

    /// The moment `us` microseconds after the start.
    #[must_use]
    pub const fn from_us(us: u64) -> Self {
        Self(us)
    }

    /// The moment `ms` milliseconds after the start.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms * 1_000)
    }

    /// Microseconds since the start.
    #[must_use]
    pub const fn as_us(self) -> u64 {
        self.0
    }

    /// Milliseconds since the start, for people and scripts; never kept in state.
    #[must_use]
    pub fn as_ms_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    /// The moment for panels: to the millisecond, or exactly where milliseconds do not suffice:
    /// `1.200 s`, `2.556011 s`.
    #[must_use]
    pub fn said(self) -> String {
        let (whole, rest) = (self.0 / 1_000_000, self.0 % 1_000_000);
        match rest % 1_000 {
            0 => format!("{whole}.{:03} s", rest / 1_000),
            _ => format!("{whole}.{rest:06} s"),
        }
    }

    /// Time elapsed since `earlier`; zero when this moment is not later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// A length of zero.
    pub const ZERO: Self = Self(0);

    /// A length of `us` microseconds.
    #[must_use]
    pub const fn from_us(us: u64) -> Self {
        Self(us)
    }

    /// A length of `ms` milliseconds.
    #[must_use]
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms * 1_000)
    }

    /// The length in microseconds.
    #[must_use]
    pub const fn as_us(self) -> u64 {
        self.0
    }

    /// The length in milliseconds, for people and scripts; never kept in state.
    #[must_use]
    pub fn as_ms_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    /// This length times `numerator / denominator`, rounded down, saturating.
    #[must_use]
    pub fn scaled(self, numerator: u64, denominator: u64) -> Self {
        let wide = u128::from(self.0) * u128::from(numerator) / u128::from(denominator.max(1));
        Self(u64::try_from(wide).unwrap_or(u64::MAX))
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Time {
    type Output = Self;
    /// Saturates at the start of the run.
    fn sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.0))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

/// Printed in the largest unit that is exact: `250us`, `12ms`, `1.5s`, `2m`.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0;
        if us == 0 {
            write!(f, "0s")
        } else if us.is_multiple_of(60_000_000) {
            write!(f, "{}m", us / 60_000_000)
        } else if us.is_multiple_of(1_000) && us >= 1_000_000 {
            decimal(f, us / 1_000, 3, "s")
        } else if us >= 1_000 {
            decimal(f, us, 3, "ms")
        } else {
            write!(f, "{us}us")
        }
    }
}

/// `value` with its last `digits` digits behind a point, trailing zeros dropped.
fn decimal(f: &mut fmt::Formatter<'_>, value: u64, digits: u32, unit: &str) -> fmt::Result {
    let one = 10u64.pow(digits);
    let (whole, rest) = (value / one, value % one);
    if rest == 0 {
        return write!(f, "{whole}{unit}");
    }
    let rest = format!("{rest:0width$}", width = digits as usize);
    write!(f, "{whole}.{}{unit}", rest.trim_end_matches('0'))
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Span(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_seconds_whatever_it_is() {
        let said = |us| Time::from_us(us).said();
        assert_eq!(
            [1_200_000, 2_556_011, 60_000_000].map(said),
            ["1.200 s", "2.556011 s", "60.000 s"]
        );
    }

    #[test]
    fn prints_the_largest_exact_unit() {
        let printed = |us| Span::from_us(us).to_string();
        assert_eq!(printed(0), "0s");
        assert_eq!(printed(250), "250us");
        assert_eq!(printed(12_000), "12ms");
        assert_eq!(printed(1_500_000), "1.5s");
        assert_eq!(printed(120_000_000), "2m");
        assert_eq!(printed(1_234_567), "1234.567ms");
        assert_eq!(printed(90_000_000), "90s");
    }

    #[test]
    fn saturates_instead_of_wrapping() {
        assert_eq!(Time::from_us(1) - Span::from_us(2), Time::ZERO);
        assert_eq!(Time::from_us(1).since(Time::from_us(2)), Span::ZERO);
        assert_eq!(Span::from_us(u64::MAX).scaled(2, 1).as_us(), u64::MAX);
    }
}
