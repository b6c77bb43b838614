//! What is moved along the time: the film and its ruler, the playhead, and the edge of what is known.

use super::window::{Passing, Window};
use crate::geometry::point;
use crate::glide::Mover;
use crate::player::{Flow, ON_AND_ON, ONE_FRAME};
use quorumscope_core::time::Time;
use web_sys::Element;

/// Where the film stands in the window, and what stands where on it.
pub struct Stand {
    /// From where places on the film are counted, in pixels from the left edge of the window.
    pub film: f64,
    /// As far as the film goes without being laid out anew.
    pub film_end: f64,
    /// The playhead.
    pub now: Time,
    /// How far anybody has looked.
    pub frontier: Time,
}

/// Moves all of it.
pub struct Slides {
    film: Mover,
    ruler: Mover,
    needle: Mover,
    edge: Mover,
}

impl Slides {
    /// Moves these.
    #[must_use]
    pub fn new(film: &Element, ruler: &Element, needle: &Element, edge: &Element) -> Self {
        let [film, ruler, needle, edge] = [film, ruler, needle, edge].map(Mover::new);
        Self { film, ruler, needle, edge }
    }

    /// Puts everything to its place, and lets it go on from there while time flows. Returns for how
    /// many milliseconds that is right.
    pub fn place(&mut self, window: &Window, stand: &Stand, flow: Option<Flow>) -> f64 {
        let out = window.width() + 1.0;
        let needle = window.x(stand.now);
        let edge = window.x(stand.frontier).clamp(-1.0, out);
        // What is known ends at the playhead, or lies on the film.
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

/// From one place to another, by so many pixels a virtual microsecond. What is past the other stays.
fn go(mover: &mut Mover, flow: Flow, speed: f64, (from, to): (f64, f64)) {
    let us = (to - from) / speed;
    if us > 0.0 {
        mover.go(flow.course(point(from, 0.0), point(to, 0.0), us));
    } else {
        mover.stand(point(from, 0.0));
    }
}
