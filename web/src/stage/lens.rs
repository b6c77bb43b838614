//! The zoom of the stage, and the part of it that is visible.

use crate::geometry::{Point, Size, point};

/// The greatest zoom factor.
const NEAREST: f64 = 8.0;
/// The zoom factor of one press of a button or key.
const STEP: f64 = 1.4;

/// A lens: a point of the whole stage appears at `point * zoom + shift`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    zoom: f64,
    shift: Point,
}

impl Default for Lens {
    /// Shows the whole stage.
    fn default() -> Self {
        Self { zoom: 1.0, shift: point(0.0, 0.0) }
    }
}

impl Lens {
    /// True if the whole stage is visible.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.zoom <= 1.0
    }

    /// The zoom factor, 1 or more.
    #[must_use]
    pub const fn zoom(self) -> f64 {
        self.zoom
    }

    /// The place at which a point of the stage appears.
    #[must_use]
    pub fn at(self, place: Point) -> Point {
        point(place.x * self.zoom + self.shift.x, place.y * self.zoom + self.shift.y)
    }

    /// Zooms by a factor. The point that appears at `fixed` stays there.
    pub fn zoom_at(&mut self, fixed: Point, factor: f64, size: Size) {
        let zoom = (self.zoom * factor).clamp(1.0, NEAREST);
        let grown = zoom / self.zoom;
        let shift = |fixed: f64, shift: f64| fixed - (fixed - shift) * grown;
        self.shift = point(shift(fixed.x, self.shift.x), shift(fixed.y, self.shift.y));
        self.zoom = zoom;
        self.stay_inside(size);
    }

    /// Zooms one step in (1) or out (-1), or back to the whole stage (0).
    pub fn step(&mut self, step: i8, size: Size) {
        match step {
            0 => *self = Self::default(),
            s => {
                let factor = if s > 0 { STEP } else { 1.0 / STEP };
                self.zoom_at(point(size.w / 2.0, size.h / 2.0), factor, size);
            }
        }
    }

    /// Pans by a number of pixels.
    pub fn pan(&mut self, dx: f64, dy: f64, size: Size) {
        self.shift = point(self.shift.x + dx, self.shift.y + dy);
        self.stay_inside(size);
    }

    /// Moves the point that appears at `seen` to the middle, if it is out of view or nearly so.
    pub fn bring_in(&mut self, seen: Point, margin: f64, size: Size) {
        let out = |at: f64, most: f64| at < margin || at > most - margin;
        if out(seen.x, size.w) || out(seen.y, size.h) {
            self.pan(size.w / 2.0 - seen.x, size.h / 2.0 - seen.y, size);
        }
    }

    /// Keeps the visible part inside the stage.
    fn stay_inside(&mut self, size: Size) {
        let most = |side: f64| side * (1.0 - self.zoom);
        let (x, y) = (self.shift.x, self.shift.y);
        self.shift = point(x.clamp(most(size.w), 0.0), y.clamp(most(size.h), 0.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { w: 800.0, h: 600.0 };

    #[test]
    fn what_is_pointed_at_stays_under_the_pointer() {
        let mut lens = Lens::default();
        let (place, pointer) = (point(300.0, 200.0), point(300.0, 200.0));
        lens.zoom_at(pointer, 2.0, SIZE);
        assert!(lens.at(place).distance(pointer) < 1e-9);
        lens.zoom_at(pointer, 1.5, SIZE);
        assert!(lens.at(place).distance(pointer) < 1e-9);
        assert!((lens.zoom() - 3.0).abs() < 1e-9);
    }

    #[test]
    fn nobody_gets_lost() {
        let mut lens = Lens::default();
        lens.pan(500.0, -900.0, SIZE);
        assert_eq!(lens, Lens::default());
        lens.zoom_at(point(0.0, 0.0), 100.0, SIZE);
        lens.pan(-1e9, -1e9, SIZE);
        assert_eq!(lens.at(point(800.0, 600.0)), point(800.0, 600.0));
        lens.step(0, SIZE);
        assert!(lens.is_whole());
    }

    #[test]
    fn what_is_out_of_sight_is_brought_to_the_middle() {
        let mut lens = Lens::default();
        lens.zoom_at(point(0.0, 0.0), 4.0, SIZE);
        let place = point(500.0, 400.0);
        lens.bring_in(lens.at(place), 30.0, SIZE);
        assert_eq!(lens.at(place), point(400.0, 300.0));
        let before = lens;
        lens.bring_in(point(100.0, 100.0), 30.0, SIZE);
        assert_eq!(lens, before);
    }
}
