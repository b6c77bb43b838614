//! The length of the scrubber, and its ticks.

use crate::clock::minutes;
pub use crate::clock::{clock, moment};
use quorumscope_core::time::Time;

/// The possible lengths of a scrubber, in seconds. It grows in steps that people can follow.
const LENGTHS_S: [u64; 16] =
    [1, 2, 4, 8, 15, 30, 60, 120, 300, 600, 1_200, 3_600, 7_200, 21_600, 43_200, 86_400];
/// The possible distances between ticks, in milliseconds.
const STEPS_MS: [u64; 18] = [
    50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000,
    600_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000,
];
/// The least distance between ticks, in pixels.
const TICK_ROOM: f64 = 76.0;

/// The time at the right end of a scrubber that has to reach `frontier`.
#[must_use]
pub fn end(frontier: Time) -> Time {
    let needed = frontier.as_us().saturating_add(frontier.as_us() / 12);
    let fits = LENGTHS_S.iter().map(|s| s * 1_000_000).find(|&us| us >= needed);
    Time::from_us(fits.unwrap_or(frontier.as_us()))
}

/// The times of the ticks. The first is 0.
#[must_use]
pub fn ticks(end: Time, width: f64) -> Vec<Time> {
    let most = (width / TICK_ROOM).max(1.0);
    let step_us = STEPS_MS
        .iter()
        .map(|ms| ms * 1_000)
        .find(|&us| end.as_us() as f64 / us as f64 <= most)
        .unwrap_or(end.as_us().max(1));
    (0..=end.as_us() / step_us).map(|i| Time::from_us(i * step_us)).collect()
}

/// The label of a tick: seconds below two minutes, else minutes and hours.
#[must_use]
pub fn tick_text(at: Time, end: Time) -> String {
    let ms = at.as_us() / 1_000;
    if end <= Time::from_ms(2_000) {
        format!("{}.{:02}", ms / 1_000, ms % 1_000 / 10)
    } else if end <= Time::from_ms(120_000) {
        format!("{}.{}", ms / 1_000, ms % 1_000 / 100)
    } else {
        minutes(ms / 1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scrubber_grows_in_steps() {
        assert_eq!(end(Time::ZERO), Time::from_ms(1_000));
        assert_eq!(end(Time::from_ms(950)), Time::from_ms(2_000));
        assert_eq!(end(Time::from_ms(3_600_000)), Time::from_ms(7_200_000));
        assert_eq!(end(quorumscope_core::time::LATEST), quorumscope_core::time::LATEST);
    }

    #[test]
    fn ticks_fit_and_read_well() {
        let at = ticks(Time::from_ms(4_000), 880.0);
        assert_eq!((at.len(), at[1]), (9, Time::from_ms(500)));
        assert_eq!(tick_text(at[1], Time::from_ms(4_000)), "0.5");
        assert_eq!(tick_text(Time::from_ms(150_000), Time::from_ms(600_000)), "2:30");
        assert!(ticks(Time::from_ms(1_000), 10.0).len() <= 2);
        assert_eq!(clock(Time::from_ms(62_340)), "1:02.34");
    }
}
