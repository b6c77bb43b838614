//! Maps lanes to y and time to x, and derives the sizes that depend on the distance between lanes.

use super::window::TILE_PX;
use crate::look::Hue;
use quorumscope_core::diagram::{Diagram, Plane};
use quorumscope_core::ids::Addr;
use quorumscope_core::signs::Aspect;
use quorumscope_core::time::{Span, Time};

/// The least and the greatest distance between two lanes, in pixels.
const PITCH: (f64, f64) = (17.0, 46.0);
/// Below this distance, in pixels, lanes have no room for marks and small print.
const ROOMY: u32 = 20;
/// Below this distance, in pixels, a caption above a lane touches the lane above.
const CLOSE: u32 = 26;

/// The projection of the diagram: lanes, scale, and the events to draw.
pub struct Paper<'a> {
    /// The events that have been read so far.
    pub diagram: &'a Diagram,
    /// The lanes, from top to bottom.
    pub lanes: &'a [Addr],
    /// The distance between two lanes, in pixels.
    pub pitch: u32,
    /// The time that a tile shows.
    pub tile: Span,
    /// True if every node has a colour of its own, as on a ring, instead of the colour of its term.
    pub own_tints: bool,
}

/// The distance between lanes with which they fill a height, in pixels, within the bounds of
/// [`PITCH`].
#[must_use]
pub fn pitch(height: f64, lanes: usize) -> u32 {
    (height / lanes.max(1) as f64).clamp(PITCH.0, PITCH.1) as u32
}

impl Paper<'_> {
    /// The same projection in the integers that hit testing uses.
    #[must_use]
    pub fn plane(&self) -> Plane<'_> {
        Plane { lanes: self.lanes, pitch: self.pitch, tile: self.tile }
    }

    /// The middle of a lane, in pixels; None if there is no such lane.
    #[must_use]
    pub fn y(&self, who: Addr) -> Option<f64> {
        let place = self.lanes.iter().position(|lane| *lane == who)?;
        Some((place as f64 + 0.5) * f64::from(self.pitch))
    }

    /// The distance between two times, in pixels.
    #[must_use]
    pub fn x(&self, time: Time, from: Time) -> f64 {
        (time.as_us() as f64 - from.as_us() as f64) * TILE_PX / self.tile.as_us() as f64
    }

    /// The time at which a tile begins.
    #[must_use]
    pub fn begins(&self, tile: u64) -> Time {
        Time::ZERO + self.tile.scaled(tile, 1)
    }

    /// True if lanes have room for marks and small print.
    #[must_use]
    pub fn is_roomy(&self) -> bool {
        self.pitch >= ROOMY
    }

    /// True if a caption above a lane touches the lane above.
    #[must_use]
    pub fn is_close(&self) -> bool {
        self.pitch < CLOSE
    }

    /// The font size of captions, in pixels. It grows with the distance between lanes, so that an
    /// audience can read captions from far away where there is room.
    #[must_use]
    pub fn letters(&self) -> f64 {
        match self.pitch {
            0..=24 => 12.5,
            25..=30 => 14.0,
            _ => 15.0,
        }
    }

    /// The distance from the middle of a lane to a line clear below it, in pixels.
    #[must_use]
    pub fn under(&self, who: Addr) -> f64 {
        match who {
            Addr::Node(_) | Addr::Balancer if self.pitch > 25 => 7.0,
            Addr::Node(_) | Addr::Balancer => 5.6,
            Addr::Client(_) => self.bar() / 2.0 + 2.0,
        }
    }

    /// The height of an operation's bar, in pixels.
    #[must_use]
    pub fn bar(&self) -> f64 {
        (f64::from(self.pitch) * 0.74).min(self.letters() + 5.0)
    }

    /// The colour of a lane in a state: that of its term, or its own.
    #[must_use]
    pub fn hue(&self, who: Addr, aspect: &Aspect) -> Hue {
        match who {
            Addr::Node(n) => Hue::of_node(n, aspect.term, self.own_tints),
            Addr::Client(_) | Addr::Balancer => Hue::NONE,
        }
    }
}
