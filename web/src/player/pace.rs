//! The passing of real time, frame by frame.

use super::Speed;
use quorumscope_core::time::Span;

/// A frame that comes later than this counts as this: the page was not to be seen meanwhile.
const LONGEST_FRAME_MS: f64 = 100.0;
/// Listeners are told of changes at most this often.
const TELL_EVERY_MS: f64 = 140.0;

/// What is kept between two frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pace {
    last_ms: Option<f64>,
    told_ms: f64,
    /// Parts of a virtual microsecond that have not passed yet.
    rest_us: f64,
}

impl Pace {
    /// The virtual time that passes with this frame.
    pub fn frame(&mut self, at_ms: f64, speed: Speed) -> Span {
        let real_ms = self.last_ms.map_or(0.0, |last| (at_ms - last).clamp(0.0, LONGEST_FRAME_MS));
        self.last_ms = Some(at_ms);
        let us = speed.virtual_us(real_ms) + self.rest_us;
        self.rest_us = us.fract();
        Span::from_us(us as u64)
    }

    /// Whether listeners may be told again.
    pub fn may_tell(&mut self, at_ms: f64) -> bool {
        let may = at_ms - self.told_ms >= TELL_EVERY_MS;
        if may {
            self.told_ms = at_ms;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_microsecond_is_lost() {
        let (mut pace, speed) = (Pace::default(), Speed::of(0.001).expect("a speed"));
        let total: u64 = (0..=1_000).map(|i| pace.frame(f64::from(i) * 16.5, speed).as_us()).sum();
        assert!((16_499..=16_501).contains(&total), "{total}");
    }

    #[test]
    fn a_hidden_page_does_not_rush_on() {
        let mut pace = Pace::default();
        let one = Speed::of(1.0).expect("a speed");
        pace.frame(0.0, one);
        assert_eq!(pace.frame(60_000.0, one), Span::from_ms(100));
    }
}
