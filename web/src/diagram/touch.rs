//! Turns pointer events into gestures: drag, pinch and click.

/// The movement in pixels above which a pointer drags and does not click.
const DRAG_FROM: f64 = 5.0;

/// A point of the view, in pixels.
type Place = (f64, f64);

/// The pointers that are down, at most two.
#[derive(Debug, Default)]
pub struct Touch {
    down: Vec<Pointer>,
    /// True if the pointers dragged or pinched, so that lifting them is not a click.
    dragged: bool,
}

#[derive(Debug)]
struct Pointer {
    id: i32,
    began: Place,
    at: Place,
}

/// The meaning of a movement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// No pointer is down: the pointer hovers.
    Hover,
    /// The movement is too small, or the pointer is unknown.
    Nothing,
    /// The picture is dragged by this many pixels.
    Pan(f64),
    /// Zoom at the middle between two fingers, and pan by its movement.
    Pinch {
        /// The factor by which the time in the window grows.
        factor: f64,
        /// The middle between the fingers, in pixels.
        x: f64,
        /// The movement of that middle, in pixels.
        by: f64,
    },
}

impl Touch {
    /// A pointer went down.
    pub fn down(&mut self, id: i32, at: Place) {
        if self.down.is_empty() {
            self.dragged = false;
        }
        if self.down.len() < 2 {
            self.down.push(Pointer { id, began: at, at });
            self.dragged |= self.down.len() == 2;
        }
    }

    /// True if any pointer is down.
    #[must_use]
    pub fn is_down(&self) -> bool {
        !self.down.is_empty()
    }

    /// A pointer moved.
    pub fn moved(&mut self, id: i32, to: Place) -> Gesture {
        if self.down.is_empty() {
            return Gesture::Hover;
        }
        let before: Vec<f64> = self.down.iter().map(|p| p.at.0).collect();
        let Some(place) = self.down.iter().position(|p| p.id == id) else {
            return Gesture::Nothing;
        };
        let pointer = &mut self.down[place];
        let moved = (to.0 - pointer.began.0).hypot(to.1 - pointer.began.1);
        if !self.dragged && moved < DRAG_FROM {
            return Gesture::Nothing;
        }
        self.dragged = true;
        self.down[place].at = to;
        match (&self.down[..], &before[..]) {
            ([one], [was]) => Gesture::Pan(one.at.0 - was),
            ([a, b], [was_a, was_b]) => {
                let apart = |x: f64, y: f64| (x - y).abs().max(16.0);
                Gesture::Pinch {
                    factor: apart(*was_a, *was_b) / apart(a.at.0, b.at.0),
                    x: f64::midpoint(a.at.0, b.at.0),
                    by: f64::midpoint(a.at.0, b.at.0) - f64::midpoint(*was_a, *was_b),
                }
            }
            _ => Gesture::Nothing,
        }
    }

    /// A pointer was lifted or cancelled. Returns true if that was a click.
    pub fn up(&mut self, id: i32) -> bool {
        let before = self.down.len();
        self.down.retain(|p| p.id != id);
        before == 1 && self.down.is_empty() && !self.dragged
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_that_hardly_moves_clicks() {
        let mut touch = Touch::default();
        assert_eq!(touch.moved(1, (5.0, 5.0)), Gesture::Hover);
        touch.down(1, (5.0, 5.0));
        assert_eq!(touch.moved(1, (7.0, 5.0)), Gesture::Nothing);
        assert!(touch.up(1));
        touch.down(1, (5.0, 5.0));
        assert_eq!(touch.moved(1, (25.0, 5.0)), Gesture::Pan(20.0));
        assert!(!touch.up(1));
        assert!(!touch.up(1), "it is up already");
    }

    #[test]
    fn two_fingers_pinch() {
        let mut touch = Touch::default();
        touch.down(1, (100.0, 0.0));
        touch.down(2, (200.0, 0.0));
        let pinch = touch.moved(2, (300.0, 0.0));
        assert_eq!(pinch, Gesture::Pinch { factor: 0.5, x: 200.0, by: 50.0 });
        assert!(!touch.up(1) && !touch.up(2));
    }
}
