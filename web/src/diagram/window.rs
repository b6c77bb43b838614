//! The visible part of the time: zoom, pan, and following the playhead.

use quorumscope_core::diagram::TILE;
use quorumscope_core::time::{Span, Time};

/// The width of a tile, in pixels. A tile is the piece of the picture that is drawn at once.
pub const TILE_PX: f64 = TILE as f64;
/// The place of the playhead while the window follows it, as a fraction of the width.
const FOLLOWED_AT: f64 = 0.85;
/// The place of the end of the run after End is pressed, as a fraction of the width.
const END_AT: f64 = 0.95;
/// The speed of the picture before anybody zooms, in pixels for each second of real time.
const FIRST_PACE_PX: f64 = 70.0;
/// The least time in a tile, in microseconds: a quarter of a microsecond for each pixel.
const LEAST_TILE_US: f64 = 64.0;
/// The greatest time in a tile, in microseconds: a day on about 300 pixels.
const MOST_TILE_US: f64 = 7.5e10;
/// The least time that the whole width may show, however short the run is, in microseconds.
const LEAST_WHOLE_US: f64 = 200_000.0;

/// The visible part of the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// The time in a tile, in microseconds.
    tile_us: f64,
    /// The time at the left edge, in microseconds. It can lie before the start of the run.
    left_us: f64,
    /// The width, in pixels.
    width: f64,
    /// True if the window follows the playhead.
    follows: bool,
    /// True until somebody zooms. Until then the scale depends on the speed.
    untouched: bool,
}

/// The element that moves while time runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passing {
    /// The film slides under the playhead, at this many pixels for each virtual microsecond.
    Film(f64),
    /// The playhead moves: its speed in pixels for each virtual microsecond, and the x where it
    /// stops.
    Head(f64, f64),
}

impl Window {
    /// A window that follows the playhead.
    #[must_use]
    pub fn new() -> Self {
        Self { tile_us: 100_000.0, left_us: 0.0, width: 800.0, follows: true, untouched: true }
    }

    /// The time in a tile, rounded to whole microseconds so that tiles meet.
    #[must_use]
    pub fn tile(&self) -> Span {
        Span::from_us(self.tile_us.round().max(1.0) as u64)
    }

    /// The width, in pixels.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// True if the window follows the playhead.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.follows
    }

    /// The distance from the left edge to a time, in pixels.
    #[must_use]
    pub fn x(&self, time: Time) -> f64 {
        (time.as_us() as f64 - self.left_us) * self.per_us()
    }

    /// The time at an x in pixels from the left edge, never before the start of the run.
    #[must_use]
    pub fn time(&self, x: f64) -> Time {
        Time::from_us((self.left_us + x / self.per_us()).max(0.0) as u64)
    }

    fn per_us(&self) -> f64 {
        TILE_PX / self.tile().as_us() as f64
    }

    /// Sets the width, in pixels. A window that does not follow the playhead keeps its middle.
    pub fn resize(&mut self, width: f64) {
        let by = (self.width - width) / 2.0;
        self.width = width;
        if !self.follows {
            self.pan(by);
        }
    }

    /// Fits the scale to a speed in virtual microseconds for each second. It has no effect after a
    /// zoom.
    pub fn fit_to_speed(&mut self, virtual_us_a_second: f64) {
        if self.untouched {
            let tile_us = (virtual_us_a_second / FIRST_PACE_PX * TILE_PX).round();
            self.tile_us = tile_us.clamp(LEAST_TILE_US, MOST_TILE_US);
        }
    }

    /// Moves by a number of pixels; positive is forward in time.
    pub fn pan(&mut self, pixels: f64) {
        self.left_us += pixels / self.per_us();
    }

    /// Multiplies the time in the window by a factor. The time at `x` stays in its place.
    pub fn zoom(&mut self, factor: f64, x: f64) {
        let there = self.left_us + x / self.per_us();
        self.tile_us = (self.tile_us * factor).clamp(LEAST_TILE_US, MOST_TILE_US);
        self.left_us = there - x / self.per_us();
        self.untouched = false;
    }

    /// Limits the window to the run: it never begins before the run, the run reaches at least to
    /// its middle, and it is not much longer than the run.
    pub fn keep_within(&mut self, end: Time) {
        let end = end.as_us() as f64;
        let whole = end.max(LEAST_WHOLE_US) / END_AT;
        self.tile_us = self.tile_us.min(whole / self.width.max(1.0) * TILE_PX).max(LEAST_TILE_US);
        let half = self.width / 2.0 / self.per_us();
        self.left_us = self.left_us.min(end - half).max(0.0);
    }

    /// Turns following on or off.
    pub fn follow(&mut self, follows: bool) {
        self.follows = follows;
    }

    /// Centres the window on a time.
    pub fn centre(&mut self, time: Time) {
        self.pan(self.x(time) - self.width / 2.0);
    }

    /// Moves the start of the run to the left edge.
    pub fn show_beginning(&mut self) {
        self.left_us = 0.0;
    }

    /// Moves a time near the right edge.
    pub fn show_end(&mut self, end: Time) {
        self.pan(self.x(end) - self.width * END_AT);
    }

    /// Centres the window on a time if that time is not visible.
    pub fn show(&mut self, time: Time) {
        let x = self.x(time);
        if x < 16.0 || x > self.width - 16.0 {
            self.centre(time);
        }
    }

    /// Follows the playhead if that is on. While time runs, the playhead stops at [`FOLLOWED_AT`]
    /// and the film slides instead.
    pub fn go_after(&mut self, now: Time, playing: bool) {
        if !self.follows {
            return;
        }
        let (x, stays) = (self.x(now), self.stays());
        if (playing && x > stays) || x < 0.0 || x > self.width {
            self.pan(x - stays);
            self.left_us = self.left_us.max(0.0);
        }
    }

    fn stays(&self) -> f64 {
        self.width * FOLLOWED_AT
    }

    /// The element that moves while time runs on from `now`.
    #[must_use]
    pub fn passing(&self, now: Time) -> Passing {
        match self.follows {
            true if self.x(now) > self.stays() - 0.5 => Passing::Film(self.per_us()),
            true => Passing::Head(self.per_us(), self.stays()),
            false => Passing::Head(self.per_us(), self.width + 1.0),
        }
    }

    /// Moves the left edge to a time, in microseconds.
    pub fn go_to(&mut self, left_us: f64) {
        self.left_us = left_us;
    }

    /// The time at the left edge, and the time in the window, in microseconds.
    #[must_use]
    pub fn extent(&self) -> (f64, f64) {
        (self.left_us, self.width / self.per_us())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        let mut window = Window::new();
        window.resize(1_000.0);
        window
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut w = window();
        w.go_to(5_000_000.0);
        let before = w.time(300.0);
        w.zoom(0.5, 300.0);
        assert!(w.time(300.0).since(before).as_us() + before.since(w.time(300.0)).as_us() < 2_000);
        assert_eq!(w.tile(), Span::from_us(50_000));
        (0..200).for_each(|_| w.zoom(0.5, 0.0));
        assert_eq!(w.tile(), Span::from_us(64));
        (0..200).for_each(|_| w.zoom(2.0, 0.0));
        assert_eq!(w.tile(), Span::from_us(75_000_000_000));
    }

    #[test]
    fn the_playhead_stays_in_one_place_while_it_is_followed() {
        let mut w = window();
        w.go_after(Time::from_ms(100), true);
        assert_eq!(w.x(Time::ZERO), 0.0, "it is to be seen: nothing moves yet");
        w.go_after(Time::from_ms(5_000), true);
        assert!((w.x(Time::from_ms(5_000)) - 850.0).abs() < 0.01);
        w.follow(false);
        w.go_after(Time::from_ms(9_000), true);
        assert!((w.x(Time::from_ms(5_000)) - 850.0).abs() < 0.01);
    }

    #[test]
    fn the_playhead_moves_until_it_stays_and_then_the_time_does() {
        let mut w = window();
        let speed = TILE_PX / 100_000.0;
        assert_eq!(w.passing(Time::from_ms(100)), Passing::Head(speed, 850.0));
        w.go_after(Time::from_ms(5_000), true);
        assert_eq!(w.passing(Time::from_ms(5_000)), Passing::Film(speed));
        w.follow(false);
        assert_eq!(w.passing(Time::from_ms(5_000)), Passing::Head(speed, 1_001.0));
    }

    #[test]
    fn beginning_and_end_stand_at_the_edges() {
        let mut w = window();
        w.show_end(Time::from_ms(9_000));
        assert!((w.x(Time::from_ms(9_000)) - 950.0).abs() < 0.01);
        w.show_beginning();
        assert_eq!(w.x(Time::ZERO), 0.0);
    }

    #[test]
    fn a_paused_window_moves_only_for_what_is_out_of_sight() {
        let mut w = window();
        w.go_after(Time::from_ms(380), false);
        assert_eq!(w.x(Time::ZERO), 0.0);
        w.go_after(Time::from_ms(8_000), false);
        assert!((w.x(Time::from_ms(8_000)) - 850.0).abs() < 0.01);
        w.go_after(Time::from_ms(20), false);
        assert_eq!(w.x(Time::ZERO), 0.0, "nothing comes before the beginning");
    }

    #[test]
    fn a_window_keeps_to_the_run() {
        let mut w = window();
        (0..20).for_each(|_| w.zoom(2.0, 0.0));
        w.keep_within(Time::from_ms(9_000));
        assert_eq!(w.x(Time::ZERO), 0.0);
        assert!((w.x(Time::from_ms(9_000)) - 950.0).abs() < 0.1, "all of it fills the width");
        w.go_to(-5e6);
        w.keep_within(Time::from_ms(9_000));
        assert_eq!(w.x(Time::ZERO), 0.0);
        w.zoom(0.1, 0.0);
        w.go_to(5e9);
        w.keep_within(Time::from_ms(9_000));
        assert!((w.x(Time::from_ms(9_000)) - 500.0).abs() < 0.1);
    }
}
