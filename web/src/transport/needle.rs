//! The playhead and the clock: what moves in the transport bar on every frame.

use super::scale;
use crate::geometry::point;
use crate::player::{Paint, Show};
use crate::stage::Mover;
use quorumscope_core::time::Time;
use web_sys::{Element, HtmlInputElement};

/// Moves the playhead, the slider under it, and the clock.
pub struct Needle {
    mover: Mover,
    slider: HtmlInputElement,
    clock: Element,
    end: Time,
    width: f64,
    /// Less than a pixel is not seen to move.
    shown_x: f64,
    shown_clock: u64,
    shown_slider: u64,
}

impl Needle {
    /// Moves these.
    #[must_use]
    pub fn new(mover: Mover, slider: HtmlInputElement, clock: Element) -> Self {
        let (end, width) = (Time::from_ms(1_000), 1.0);
        let never = u64::MAX;
        Self {
            mover,
            slider,
            clock,
            end,
            width,
            shown_x: -1.0,
            shown_clock: never,
            shown_slider: never,
        }
    }

    /// The scrubber has another length, or another width.
    pub fn fit(&mut self, end: Time, width: f64) {
        (self.end, self.width) = (end, width);
        (self.shown_x, self.shown_slider) = (-1.0, u64::MAX);
    }
}

impl Paint for Needle {
    fn paint(&mut self, show: &Show<'_>) {
        let now = show.session.now();
        let x = super::strip::x(now, self.end, self.width);
        if (x - self.shown_x).abs() >= 1.0 || !show.playing {
            self.shown_x = x;
            self.mover.to(point(x, 0.0));
        }
        let hundredths = now.as_us() / 10_000;
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
    }
}
