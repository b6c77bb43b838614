//! Virtual time as text.

use quorumscope_core::time::{Span, Time};

/// A time as a clock: seconds with two digits after the point, and minutes and hours if there are
/// any.
#[must_use]
pub fn clock(at: Time) -> String {
    let hundredths = at.as_us() / 10_000;
    let (s, rest) = (hundredths / 100, hundredths % 100);
    if s < 60 { format!("{s}.{rest:02}") } else { format!("{}.{rest:02}", minutes(s)) }
}

/// A time to the millisecond, for lists.
#[must_use]
pub fn moment(at: Time) -> String {
    let ms = at.since(Time::ZERO + Span::ZERO).as_us() / 1_000;
    if ms < 60_000 {
        format!("{}.{:03} s", ms / 1_000, ms % 1_000)
    } else {
        format!("{}.{:03}", minutes(ms / 1_000), ms % 1_000)
    }
}

/// Whole seconds as minutes and seconds, and hours if there are any.
#[must_use]
pub fn minutes(s: u64) -> String {
    if s < 3_600 {
        format!("{}:{:02}", s / 60, s % 60)
    } else {
        format!("{}:{:02}:{:02}", s / 3_600, s / 60 % 60, s % 60)
    }
}
