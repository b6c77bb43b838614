//! Moves the film, its ruler, the playhead, and the edge of the simulated time.

use super::window::{Passing, Window};
use crate::geometry::point;
use crate::glide::Mover;
use crate::player::{Flow, ON_AND_ON, ONE_FRAME};
use quorumscope_core::time::Time;
use web_sys::Element;

/// The position of the film in the window, and the times that are drawn on it.
pub struct Stand {
    /// The x of the film's origin, in pixels from the left edge of the window.
    pub film: f64,
    /// The leftmost x that the film reaches before it must be laid out again.
    pub film_end: f64,
    /// The time of the playhead.
    pub now: Time,
    /// The latest time that has been simulated.
    pub frontier: Time,
}

/// The four moving elements.
pub struct Slides {
    film: Mover,
    ruler: Mover,
    needle: Mover,
    edge: Mover,
}

impl Slides {
    /// Takes the elements that are to be moved.
    #[must_use]
    pub fn new(film: &Element, ruler: &Element, needle: &Element, edge: &Element) -> Self {
        let [film, ruler, needle, edge] = [film, ruler, needle, edge].map(Mover::new);
        Self { film, ruler, needle, edge }
    }

    /// Places everything, and starts the animations while time flows. Returns the number of
    /// milliseconds of real time for which the animations stay right.
    pub fn place(&mut self, window: &Window, stand: &Stand, flow: Option<Flow>) -> f64 {
        let out = window.width() + 1.0;
        let needle = window.x(stand.now);
        let edge = window.x(stand.frontier).clamp(-1.0, out);
        // The simulated time either ends at the playhead or lies on the film.
        let leads = stand.frontier <= stand.now;
        let Some(flow) = flow else {
            self.film.stand(point(stand.film, 0.0));
            self.ruler.stand(point(stand.film, 0.0));
            self.needle.stand(point(needle, 0.0));
            self.edge.stand(point(edge, 0.0));
            return ONE_FRAME;
        };
        match window.passing(stand.now) {
            Passing::Film(speed) => {
                go(&mut self.film, flow, -speed, (stand.film, stand.film_end));
                go(&mut self.ruler, flow, -speed, (stand.film, stand.film_end));
                self.needle.stand(point(needle, 0.0));
                let stays = leads || edge == out;
                go(&mut self.edge, flow, -speed, (edge, if stays { edge } else { -1.0 }));
                ON_AND_ON
            }
            Passing::Head(speed, to) => {
                self.film.stand(point(stand.film, 0.0));
                self.ruler.stand(point(stand.film, 0.0));
                go(&mut self.needle, flow, speed, (needle, to));
                go(&mut self.edge, flow, speed, (edge, if leads { to } else { edge }));
                let left = (to - needle) / speed;
                if left > 0.0 { flow.real_ms(left).max(1.0) } else { ON_AND_ON }
            }
        }
    }
}

/// Moves an element from one x to another, at a speed in pixels for each virtual microsecond. An
/// element that is already past its target stands still.
fn go(mover: &mut Mover, flow: Flow, speed: f64, (from, to): (f64, f64)) {
    let us = (to - from) / speed;
    if us > 0.0 {
        mover.go(flow.course(point(from, 0.0), point(to, 0.0), us));
    } else {
        mover.stand(point(from, 0.0));
    }
}
