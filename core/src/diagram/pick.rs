//! Hit testing: the item under a pointer. Lanes and time form a plane of points, in whole numbers.

use super::{Diagram, Line};
use crate::ids::{Addr, EventId};
use crate::time::{Span, Time};

/// The scale of a plane is the time that this number of points shows.
pub const TILE: u32 = 256;
/// Coordinates on a plane are in fractions of a point: this many to a point.
pub const SUB: i64 = 8;
/// The greatest distance from an event at which the pointer hits it, in points.
const NEAR: i64 = 9;
/// The greatest distance from a message's line at which the pointer hits it, in points.
const NEAR_LINE: i64 = 5;
/// The most messages that are tested.
const MOST_LINES: u32 = 6_000;

/// The positions of lanes and times.
#[derive(Clone, Copy, Debug)]
pub struct Plane<'a> {
    /// The lanes from top to bottom.
    pub lanes: &'a [Addr],
    /// Distance of two lanes, in points.
    pub pitch: u32,
    /// Time that [`TILE`] points show.
    pub tile: Span,
}

impl Plane<'_> {
    /// Horizontal distance of `time` from `from`, in fractions of a point ([`SUB`]).
    #[must_use]
    pub fn x(&self, time: Time, from: Time) -> i64 {
        let us = time.as_us() as i64 - from.as_us() as i64;
        us * i64::from(TILE) * SUB / self.tile.as_us().max(1) as i64
    }

    /// Time that this number of points shows.
    #[must_use]
    pub fn span(&self, points: u32) -> Span {
        self.tile.scaled(points.into(), TILE.into())
    }

    /// The middle of a lane, in fractions of a point from the top; None when it is not on the
    /// plane.
    #[must_use]
    pub fn y(&self, who: Addr) -> Option<i64> {
        let place = self.lanes.iter().position(|lane| *lane == who)? as i64;
        Some((2 * place + 1) * i64::from(self.pitch) * SUB / 2)
    }

    /// The lane at a place, in fractions of a point from the top.
    #[must_use]
    pub fn lane_at(&self, y: i64) -> Option<Addr> {
        let place = usize::try_from(y).ok()? / (i64::from(self.pitch.max(1)) * SUB) as usize;
        self.lanes.get(place).copied()
    }
}

impl Diagram {
    /// The event at a place: one on the lane there, or the landing of a message whose line passes
    /// there, if `lines` are drawn. `y` is in fractions of a point from the top.
    #[must_use]
    pub fn pick(&self, plane: &Plane<'_>, time: Time, y: i64, lines: bool) -> Option<EventId> {
        let lane = plane.lane_at(y)?;
        let off = (y - plane.y(lane)?).abs();
        let event = self.near(plane, lane, time);
        if off <= i64::from(plane.pitch) * SUB / 4 && event.is_some() {
            return event;
        }
        let line = if lines { self.near_line(plane, time, y) } else { None };
        line.or(event).or_else(|| self.bar_at(lane, time))
    }

    /// The event of a lane that is nearest to a time; None where it has none.
    #[must_use]
    pub fn nearest(&self, lane: Addr, time: Time) -> Option<EventId> {
        let lane = self.lane(lane)?;
        let here = self.trace.first_at(time);
        let after = lane.events(here.0..u32::MAX).first().copied();
        let before = lane.beside(here, false);
        let far = |id: &EventId| {
            let at = self.trace.event(*id).map_or(Time::ZERO, |e| e.at);
            at.since(time).as_us() + time.since(at).as_us()
        };
        after.into_iter().chain(before).min_by_key(far)
    }

    fn near(&self, plane: &Plane<'_>, lane: Addr, time: Time) -> Option<EventId> {
        let id = self.nearest(lane, time)?;
        let x = plane.x(self.trace.event(id)?.at, time);
        (x.abs() <= NEAR * SUB).then_some(id)
    }

    fn near_line(&self, plane: &Plane<'_>, time: Time, y: i64) -> Option<EventId> {
        let margin = plane.span(NEAR_LINE as u32);
        let ids = self.between(time - margin, time + margin + self.longest);
        let ids = ids.start..ids.end.min(ids.start.saturating_add(MOST_LINES));
        let far = |line: Line| Some((distance_squared(plane, &line, time, y)?, line.event));
        let (distance, event) = self.lines(ids).filter_map(far).min()?;
        (distance <= i128::from(NEAR_LINE * SUB).pow(2)).then_some(event)
    }

    fn bar_at(&self, lane: Addr, time: Time) -> Option<EventId> {
        let bars = self.lane(lane)?.bars(time, time + Span::from_us(1));
        Some(bars.first()?.from.0)
    }
}

/// The squared distance of a place from a message's line, in fractions of a point. The place is at
/// `time` and `y`, and is the origin of the computation.
fn distance_squared(plane: &Plane<'_>, line: &Line, time: Time, y: i64) -> Option<i128> {
    let (from, to) = (plane.y(line.passage.from)?, plane.y(line.passage.to)?);
    let (x1, x2) = (plane.x(line.sent.1, time), plane.x(line.lands, time));
    let (y1, y2) = (from - y, from + (to - from) * line.end.halves() / 2 - y);
    let wide = i128::from;
    let (dx, dy) = (wide(x2 - x1), wide(y2 - y1));
    let length = dx * dx + dy * dy;
    // The position of the foot of the perpendicular from the origin on the line.
    let along = -(wide(x1) * dx + wide(y1) * dy);
    if along <= 0 || length == 0 {
        return Some(wide(x1).pow(2) + wide(y1).pow(2));
    }
    if along >= length {
        return Some(wide(x2).pow(2) + wide(y2).pow(2));
    }
    let across = wide(x1) * dy - wide(y1) * dx;
    Some(across * across / length)
}
