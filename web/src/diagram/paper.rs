//! What everything is drawn on: lanes from top to bottom, time from left to right, and the measures
//! that go with how much room there is.

use super::window::TILE_PX;
use crate::look::Hue;
use quorumscope_core::diagram::{Diagram, Plane};
use quorumscope_core::ids::Addr;
use quorumscope_core::signs::Aspect;
use quorumscope_core::time::{Span, Time};

/// The least and the most pixels between two lanes.
const PITCH: (f64, f64) = (17.0, 46.0);
/// Lanes that are closer have no room for marks and small print.
const ROOMY: u32 = 20;
/// Words over lanes that are closer touch what lies on the one above.
const CLOSE: u32 = 26;

/// Lanes and scale, and what is known of the run.
pub struct Paper<'a> {
    /// What is known.
    pub diagram: &'a Diagram,
    /// Whose lanes there are, from top to bottom.
    pub lanes: &'a [Addr],
    /// How many pixels they are apart.
    pub pitch: u32,
    /// How much time a tile shows.
    pub tile: Span,
    /// Whether nodes are told apart by colours of their own, as on a ring.
    pub own_tints: bool,
}

/// How far apart lanes are so that they fill a height, or scroll where they do not fit.
#[must_use]
pub fn pitch(height: f64, lanes: usize) -> u32 {
    (height / lanes.max(1) as f64).clamp(PITCH.0, PITCH.1) as u32
}

impl Paper<'_> {
    /// The same in the words of what is under a pointer.
    #[must_use]
    pub fn plane(&self) -> Plane<'_> {
        Plane { lanes: self.lanes, pitch: self.pitch, tile: self.tile }
    }

    /// The middle of somebody's lane; None where it has none.
    #[must_use]
    pub fn y(&self, who: Addr) -> Option<f64> {
        let place = self.lanes.iter().position(|lane| *lane == who)?;
        Some((place as f64 + 0.5) * f64::from(self.pitch))
    }

    /// Pixels from one time to another.
    #[must_use]
    pub fn x(&self, time: Time, from: Time) -> f64 {
        (time.as_us() as f64 - from.as_us() as f64) * TILE_PX / self.tile.as_us() as f64
    }

    /// The time where a tile begins.
    #[must_use]
    pub fn begins(&self, tile: u64) -> Time {
        Time::ZERO + self.tile.scaled(tile, 1)
    }

    /// Whether there is room for marks and small print on a lane.
    #[must_use]
    pub fn is_roomy(&self) -> bool {
        self.pitch >= ROOMY
    }

    /// Whether words over a lane reach up to the lane above.
    #[must_use]
    pub fn is_close(&self) -> bool {
        self.pitch < CLOSE
    }

    /// How large letters on lanes are, in pixels: as lanes are apart, so that who stands far off can
    /// read them where there is room.
    #[must_use]
    pub fn letters(&self) -> f64 {
        match self.pitch {
            0..=24 => 12.5,
            25..=30 => 14.0,
            _ => 15.0,
        }
    }

    /// How far under the middle of somebody's lane a line is clear of what lies on it.
    #[must_use]
    pub fn under(&self, who: Addr) -> f64 {
        match who {
            Addr::Node(_) | Addr::Balancer if self.pitch > 25 => 7.0,
            Addr::Node(_) | Addr::Balancer => 5.6,
            Addr::Client(_) => self.bar() / 2.0 + 2.0,
        }
    }

    /// How tall the bar of an operation is.
    #[must_use]
    pub fn bar(&self) -> f64 {
        (f64::from(self.pitch) * 0.74).min(self.letters() + 5.0)
    }

    /// The colour of somebody who shows that: its term's, or its own.
    #[must_use]
    pub fn hue(&self, who: Addr, aspect: &Aspect) -> Hue {
        match who {
            Addr::Node(n) => Hue::of_node(n, aspect.term, self.own_tints),
            Addr::Client(_) | Addr::Balancer => Hue::NONE,
        }
    }
}
