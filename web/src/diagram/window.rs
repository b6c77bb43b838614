//! Which part of the time is shown, and how large: zoom, pan, and following the playhead.

use quorumscope_core::diagram::TILE;
use quorumscope_core::time::{Span, Time};

/// How wide a piece of the picture is that is drawn at one go, in pixels.
pub const TILE_PX: f64 = TILE as f64;
/// Where the playhead stands while it is followed, as a fraction of the width.
const FOLLOWED_AT: f64 = 0.85;
/// Where the end of the run stands when it is gone to.
const END_AT: f64 = 0.95;
/// How fast the picture passes by at first, in pixels a second on the wall.
const FIRST_PACE_PX: f64 = 70.0;
/// The least time that a tile shows: a quarter of a microsecond a pixel.
const LEAST_TILE_US: f64 = 64.0;
/// The most: a day on 300 pixels.
const MOST_TILE_US: f64 = 7.5e10;
/// The least time that can be shown on the whole width, however short the run is, in microseconds.
const LEAST_WHOLE_US: f64 = 200_000.0;

/// A part of the time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// How much time a tile shows, in microseconds.
    tile_us: f64,
    /// The time at the left edge, in microseconds. Can lie before the beginning.
    left_us: f64,
    /// How wide it is, in pixels.
    width: f64,
    /// Whether it goes where the playhead goes.
    follows: bool,
    /// Whether nobody has zoomed yet: then the speed decides.
    untouched: bool,
}

/// What moves in a window while time runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Passing {
    /// The time passes by under the playhead, so many pixels a microsecond.
    Film(f64),
    /// The playhead moves, as fast, and so far.
    Head(f64, f64),
}

impl Window {
    /// A window that follows the playhead.
    #[must_use]
    pub fn new() -> Self {
        Self { tile_us: 100_000.0, left_us: 0.0, width: 800.0, follows: true, untouched: true }
    }

    /// How much time a tile shows: a whole number, so that tiles meet.
    #[must_use]
    pub fn tile(&self) -> Span {
        Span::from_us(self.tile_us.round().max(1.0) as u64)
    }

    /// How wide it is.
    #[must_use]
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Whether it goes where the playhead goes.
    #[must_use]
    pub fn follows(&self) -> bool {
        self.follows
    }

    /// Pixels from the left edge to a time.
    #[must_use]
    pub fn x(&self, time: Time) -> f64 {
        (time.as_us() as f64 - self.left_us) * self.per_us()
    }

    /// The time at that many pixels from the left edge, not before the beginning.
    #[must_use]
    pub fn time(&self, x: f64) -> Time {
        Time::from_us((self.left_us + x / self.per_us()).max(0.0) as u64)
    }

    fn per_us(&self) -> f64 {
        TILE_PX / self.tile().as_us() as f64
    }

    /// It has another width; what is in its middle stays there.
    pub fn resize(&mut self, width: f64) {
        let by = (self.width - width) / 2.0;
        self.width = width;
        if !self.follows {
            self.pan(by);
        }
    }

    /// Shows as much time as fits to how fast the playhead moves, until somebody zooms.
    pub fn fit_to_speed(&mut self, virtual_us_a_second: f64) {
        if self.untouched {
            let tile_us = (virtual_us_a_second / FIRST_PACE_PX * TILE_PX).round();
            self.tile_us = tile_us.clamp(LEAST_TILE_US, MOST_TILE_US);
        }
    }

    /// Moves by that many pixels: forward in time when positive.
    pub fn pan(&mut self, pixels: f64) {
        self.left_us += pixels / self.per_us();
    }

    /// Shows so many times as much time; what is at that place stays there.
    pub fn zoom(&mut self, factor: f64, x: f64) {
        let there = self.left_us + x / self.per_us();
        self.tile_us = (self.tile_us * factor).clamp(LEAST_TILE_US, MOST_TILE_US);
        self.left_us = there - x / self.per_us();
        self.untouched = false;
    }

    /// Keeps to what there is: it begins with the run at the earliest, half of it shows something of
    /// the run, and what is shown is not much longer than that.
    pub fn keep_within(&mut self, end: Time) {
        let end = end.as_us() as f64;
        let whole = end.max(LEAST_WHOLE_US) / END_AT;
        self.tile_us = self.tile_us.min(whole / self.width.max(1.0) * TILE_PX).max(LEAST_TILE_US);
        let half = self.width / 2.0 / self.per_us();
        self.left_us = self.left_us.min(end - half).max(0.0);
    }

    /// From now on it goes where the playhead goes, or no more.
    pub fn follow(&mut self, follows: bool) {
        self.follows = follows;
    }

    /// Moves so that a time is in its middle.
    pub fn centre(&mut self, time: Time) {
        self.pan(self.x(time) - self.width / 2.0);
    }

    /// The beginning of the run at its left edge.
    pub fn show_beginning(&mut self) {
        self.left_us = 0.0;
    }

    /// The end near its right edge.
    pub fn show_end(&mut self, end: Time) {
        self.pan(self.x(end) - self.width * END_AT);
    }

    /// Moves so that a time is to be seen, if it is not.
    pub fn show(&mut self, time: Time) {
        let x = self.x(time);
        if x < 16.0 || x > self.width - 16.0 {
            self.centre(time);
        }
    }

    /// Goes after the playhead: while time runs it stays at one place once it got there.
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

    /// What moves while time runs on from there.
    #[must_use]
    pub fn passing(&self, now: Time) -> Passing {
        match self.follows {
            true if self.x(now) > self.stays() - 0.5 => Passing::Film(self.per_us()),
            true => Passing::Head(self.per_us(), self.stays()),
            false => Passing::Head(self.per_us(), self.width + 1.0),
        }
    }

    /// Shows a part of the time that begins there and is so long, as the person asked.
    pub fn go_to(&mut self, left_us: f64) {
        self.left_us = left_us;
    }

    /// The time at its left edge and how long it is, in microseconds.
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
