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
    /// When the clock was set, and when the slider was moved, by the page's clock.
    told_ms: f64,
    slid_ms: f64,
}

impl Needle {
    /// Moves these.
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

    /// The scrubber is so long, and so wide. True if it was not.
    pub fn fit(&mut self, end: Time, width: f64) -> bool {
        let is_new = (self.end, self.width) != (end, width);
        if is_new {
            (self.end, self.width) = (end, width);
            self.shown_slider = u64::MAX;
        }
        is_new
    }

    /// Its text stays one and the same node: another would be another element to lay out.
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

/// The clock shows hundredths of a second.
const HUNDREDTH_US: u64 = 10_000;
/// Unless the page is told of something the slider, which is for hands and ears, rests for so long
/// while time runs, and the clock while it flows.
const REST_MS: f64 = 250.0;
/// And so long rests the clock while time runs so fast that every frame is painted.
const FAST_REST_MS: f64 = 45.0;

impl Paint for Needle {
    fn paint(&mut self, show: &Show<'_>) -> f64 {
        let now = show.session.now();
        let at = point(self.x(now), 0.0);
        // However fast time runs, the playhead goes evenly, whatever happens in the run.
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
