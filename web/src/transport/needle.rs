//! The playhead and the clock: what moves in the transport bar while time runs.

use super::scale;
use crate::geometry::point;
use crate::glide::Mover;
use crate::player::{ONE_FRAME, Paint, Show};
use quorumscope_core::time::Time;
use web_sys::{Element, HtmlInputElement};

/// Moves the playhead, the slider under it, and the clock.
pub struct Needle {
    mover: Mover,
    slider: HtmlInputElement,
    clock: Element,
    end: Time,
    width: f64,
    shown_clock: u64,
    shown_slider: u64,
}

impl Needle {
    /// Moves these.
    #[must_use]
    pub fn new(mover: Mover, slider: HtmlInputElement, clock: Element) -> Self {
        let (end, width) = (Time::from_ms(1_000), 1.0);
        let never = u64::MAX;
        Self { mover, slider, clock, end, width, shown_clock: never, shown_slider: never }
    }

    /// The scrubber has another length, or another width.
    pub fn fit(&mut self, end: Time, width: f64) {
        (self.end, self.width) = (end, width);
        self.shown_slider = u64::MAX;
    }

    fn x(&self, time: Time) -> f64 {
        super::strip::x(time, self.end, self.width)
    }
}

/// The clock shows hundredths of a second.
const HUNDREDTH_US: u64 = 10_000;

impl Paint for Needle {
    fn paint(&mut self, show: &Show<'_>) -> f64 {
        let now = show.session.now();
        let at = point(self.x(now), 0.0);
        match show.flow {
            Some(flow) => {
                let left = self.end.since(now).as_us() as f64;
                self.mover.go(flow.course(at, point(self.x(self.end), 0.0), left));
            }
            None => self.mover.stand(at),
        }
        let hundredths = now.as_us() / HUNDREDTH_US;
        if hundredths != self.shown_clock {
            self.shown_clock = hundredths;
            self.clock.set_text_content(Some(&scale::clock(now)));
        }
        // The slider is for hands and ears; ten times in its length and a half is often enough.
        let grain = if show.playing { 50_000 } else { 1 };
        if now.as_us() / grain != self.shown_slider {
            self.shown_slider = now.as_us() / grain;
            self.slider.set_value_as_number(now.as_ms_f64());
            let _ = self.slider.set_attribute("aria-valuetext", &scale::moment(now));
        }
        let left = HUNDREDTH_US - now.as_us() % HUNDREDTH_US;
        show.flow.map_or(ONE_FRAME, |flow| flow.real_ms(left as f64))
    }
}
