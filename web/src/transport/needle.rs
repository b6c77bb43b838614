//! Moves the playhead and the clock of the transport bar while time runs.

use super::scale;
use crate::geometry::point;
use crate::glide::Mover;
use crate::player::{ONE_FRAME, Paint, Show};
use quorumscope_core::time::Time;
use web_sys::{Element, HtmlInputElement};

/// The painter of the playhead, of the slider under it, and of the clock.
pub struct Needle {
    mover: Mover,
    slider: HtmlInputElement,
    clock: Element,
    end: Time,
    width: f64,
    shown_clock: u64,
    shown_slider: u64,
    /// The times at which the clock was set and the slider was moved, in milliseconds of the page's
    /// clock.
    told_ms: f64,
    slid_ms: f64,
}

impl Needle {
    /// Takes the elements to move.
    #[must_use]
    pub fn new(mover: Mover, slider: HtmlInputElement, clock: Element) -> Self {
        let (end, width) = (Time::from_ms(1_000), 1.0);
        let never = u64::MAX;
        let (shown_clock, shown_slider) = (never, never);
        Self {
            mover,
            slider,
            clock,
            end,
            width,
            shown_clock,
            shown_slider,
            told_ms: 0.0,
            slid_ms: 0.0,
        }
    }

    /// Sets the time at the right end of the scrubber, and its width in pixels. True if either
    /// changed.
    pub fn fit(&mut self, end: Time, width: f64) -> bool {
        let is_new = (self.end, self.width) != (end, width);
        if is_new {
            (self.end, self.width) = (end, width);
            self.shown_slider = u64::MAX;
        }
        is_new
    }

    /// Sets the text of the existing text node: a new node would cost layout.
    fn set_clock(&mut self, now: Time) {
        let hundredths = now.as_us() / HUNDREDTH_US;
        if std::mem::replace(&mut self.shown_clock, hundredths) == hundredths {
            return;
        }
        let time = scale::clock(now);
        match self.clock.first_child() {
            Some(text) => text.set_node_value(Some(&time)),
            None => self.clock.set_text_content(Some(&time)),
        }
    }

    fn set_slider(&mut self, now: Time) {
        if std::mem::replace(&mut self.shown_slider, now.as_us()) != now.as_us() {
            self.slider.set_value_as_number(now.as_ms_f64());
            let _ = self.slider.set_attribute("aria-valuetext", &scale::moment(now));
        }
    }

    fn x(&self, time: Time) -> f64 {
        super::strip::x(time, self.end, self.width)
    }
}

/// One hundredth of a second in microseconds, which the clock shows.
const HUNDREDTH_US: u64 = 10_000;
/// The least time between two updates of the slider while time runs, and of the clock while it
/// flows, in milliseconds. Only input devices and assistive technology use the slider.
const REST_MS: f64 = 250.0;
/// The least time between two updates of the clock while time runs too fast to flow, in
/// milliseconds.
const FAST_REST_MS: f64 = 45.0;

impl Paint for Needle {
    fn paint(&mut self, show: &Show<'_>) -> f64 {
        let now = show.session.now();
        let at = point(self.x(now), 0.0);
        // The playhead moves evenly at any speed, whatever happens in the run.
        match show.drift {
            Some(flow) => {
                let left = self.end.since(now).as_us() as f64;
                self.mover.go(flow.course(at, point(self.x(self.end), 0.0), left));
            }
            None => self.mover.stand(at),
        }
        let rests =
            |set_ms: f64, for_ms: f64| show.playing && !show.told && show.at_ms - set_ms < for_ms;
        let clock_rests_ms = if show.flow.is_some() { REST_MS } else { FAST_REST_MS };
        if !rests(self.told_ms, clock_rests_ms) {
            self.told_ms = show.at_ms;
            self.set_clock(now);
        }
        if !rests(self.slid_ms, REST_MS) {
            self.slid_ms = show.at_ms;
            self.set_slider(now);
        }
        let left = HUNDREDTH_US - now.as_us() % HUNDREDTH_US;
        show.flow.map_or(ONE_FRAME, |flow| {
            (self.told_ms + REST_MS - show.at_ms).max(flow.real_ms(left as f64))
        })
    }
}
