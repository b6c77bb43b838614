//! Where nodes and clients stand on a stage of a given size.
//!
//! Nodes sit on an ellipse in the order of their ids; clients stand outside of it, at the edge
//! nearest to whom they talk to. When the network is split, the sides move apart, and nodes change
//! seats only where the sides would otherwise be interleaved.

use super::crowd;
use super::lens::Lens;
use crate::geometry::{Point, Size, centroid, point};
use quorumscope_core::ids::{Addr, ClientId, NodeId};
use quorumscope_core::order;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

/// What is to be placed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cast {
    /// Nodes in the order of their ids.
    pub nodes: Vec<NodeId>,
    /// Clients, and whom each talks to.
    pub clients: Vec<(ClientId, Option<Addr>)>,
    /// The sides of a split network; empty while it is whole.
    pub sides: Vec<Vec<NodeId>>,
    /// Whether a load balancer stands in the middle.
    pub balancer: bool,
    /// Whether they share out a ring, and sit around it however many they are.
    pub ring: bool,
}

/// Where everything stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The stage.
    pub size: Size,
    /// The radius of a node.
    pub radius: f64,
    /// Whether there is no room for logs and roles: names only.
    pub compact: bool,
    /// Whether nodes stand in rows because there are so many.
    pub crowded: bool,
    /// The middle of the nodes.
    pub centre: Point,
    places: Vec<Option<Point>>,
}

/// A circle between the nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hub {
    /// Its middle.
    pub centre: Point,
    /// How far it reaches; negative where there is no room.
    pub radius: f64,
}

/// Room around the nodes' ellipse.
struct Margins {
    top: f64,
    right: f64,
    bottom: f64,
    left: f64,
}

impl Plan {
    /// Places a cast on a stage.
    #[must_use]
    pub fn new(size: Size, cast: &Cast) -> Self {
        let count = cast.nodes.len();
        let crowded = count > crowd::ABOVE && !cast.ring;
        let radius = radius(size, count);
        let tall = is_tall(size);
        let compact = count > COMPACT_ABOVE || size.w < NARROW;
        let margins = if crowded {
            crowd_margins(size, cast.clients.len())
        } else {
            margins(size, radius, compact, cast.clients.is_empty())
        };
        let centre = point(
            (margins.left + size.w - margins.right) / 2.0,
            (margins.top + size.h - margins.bottom) / 2.0,
        );
        let (rx, ry) = half_axes(size, &margins);
        let flat = if is_low(size) { 2.3 } else { 1.5 };
        let (rx, ry) = if crowded { (rx, ry) } else { (rx.min(ry * flat), ry.min(rx * 1.5)) };
        let (seats, radius) = match crowded {
            true => crowd::rows(count, centre, rx, ry),
            false => (seats(count, centre, rx, ry), radius),
        };
        let places = vec![None; Addr::DENSE];
        let mut plan = Self { size, radius, compact, crowded, centre, places };
        for (node, seat) in seated(cast, &seats) {
            plan.put(node.into(), seat);
        }
        plan.part(cast, rx, ry);
        if cast.balancer {
            plan.put(Addr::Balancer, plan.hub(&cast.nodes).centre);
        }
        if tall {
            plan.clients_in_corners(cast);
        } else {
            plan.clients_at_the_sides(cast);
        }
        plan
    }

    /// The same, seen through a lens. Where there is room for logs and roles they are shown.
    #[must_use]
    pub fn through(&self, lens: Lens) -> Self {
        let places = self.places.iter().map(|p| p.map(|p| lens.at(p))).collect();
        let radius = self.radius * lens.zoom();
        let compact = self.compact && !(self.crowded && radius >= ROOMY);
        Self { radius, compact, centre: lens.at(self.centre), places, ..*self }
    }

    /// How much larger than usual things are drawn.
    #[must_use]
    pub fn scale(&self) -> f64 {
        (self.radius / 46.0).clamp(0.8, 1.7)
    }

    /// How much larger than usual messages and wires are drawn.
    #[must_use]
    pub fn fineness(&self) -> f64 {
        if self.crowded { (self.radius / 34.0).clamp(0.45, 1.0) } else { self.scale() }
    }

    /// Whether timers are drawn around nodes: a hundred of them tell nothing.
    #[must_use]
    pub fn has_arcs(&self) -> bool {
        !(self.compact && self.crowded)
    }

    /// Where somebody stands.
    #[must_use]
    pub fn place(&self, who: Addr) -> Option<Point> {
        self.places.get(who.dense()).copied().flatten()
    }

    /// Where nodes stand that exist.
    #[must_use]
    pub fn places(&self, nodes: &[NodeId]) -> Vec<Point> {
        nodes.iter().filter_map(|&n| self.place(n.into())).collect()
    }

    /// Where everybody stands.
    pub fn everyone(&self) -> impl Iterator<Item = Point> {
        self.places.iter().copied().flatten()
    }

    /// The room between nodes that is free of them and of what is written under them: the widest of
    /// some circles around the middle and below it, since what is written takes room from above.
    #[must_use]
    pub fn hub(&self, nodes: &[NodeId]) -> Hub {
        let places = self.places(nodes);
        let try_at = |down: f64| {
            let centre = point(self.centre.x, self.centre.y + self.radius * down);
            let most = self.size.w.min(self.size.h) * HUB_OF_STAGE;
            let radius = places.iter().map(|&p| self.room(centre, p)).fold(most, f64::min);
            Hub { centre, radius }
        };
        let tried = [0.25, 0.5, 0.75].map(try_at);
        tried.into_iter().fold(try_at(0.0), |best, h| if h.radius > best.radius { h } else { best })
    }

    /// How far it is from a point to a node and to what is written under it.
    fn room(&self, from: Point, node: Point) -> f64 {
        let disc = node.distance(from) - self.radius * 1.2;
        if self.compact {
            return disc;
        }
        let (left, right) = (node.x - self.radius * 1.4, node.x + self.radius * 1.4);
        let (top, foot) = (node.y + self.radius * 1.3, node.y + self.radius * 1.72);
        let nearest = point(from.x.clamp(left, right), from.y.clamp(top, foot));
        disc.min(nearest.distance(from))
    }

    fn put(&mut self, who: Addr, at: Point) {
        self.places[who.dense()] = Some(at);
    }

    /// Moves the sides of a split network apart.
    fn part(&mut self, cast: &Cast, rx: f64, ry: f64) {
        if cast.sides.len() < 2 {
            return;
        }
        let gap = self.radius * 0.55;
        let (shrink_x, shrink_y) = ((rx - gap).max(0.0) / rx, (ry - gap).max(0.0) / ry);
        for side in &cast.sides {
            let middle = centroid(&self.places(side));
            let away = self.centre.step(middle, gap);
            let (dx, dy) = (away.x - self.centre.x, away.y - self.centre.y);
            for &node in side {
                if let Some(p) = self.place(node.into()) {
                    let x = self.centre.x + (p.x - self.centre.x) * shrink_x + dx;
                    let y = self.centre.y + (p.y - self.centre.y) * shrink_y + dy;
                    self.put(node.into(), point(x, y));
                }
            }
        }
    }

    /// On a wide stage: left and right, level with whom they talk to where there is room.
    fn clients_at_the_sides(&mut self, cast: &Cast) {
        let mut sides: [Vec<(ClientId, f64)>; 2] = [Vec::new(), Vec::new()];
        for (i, &(client, with)) in cast.clients.iter().enumerate() {
            let near = with.and_then(|w| self.place(w));
            let off = near.map_or(0.0, |p| p.x - self.centre.x);
            let right = if off.abs() < self.radius { i % 2 == 1 } else { off > 0.0 };
            let y = near.map_or(self.centre.y, |p| p.y);
            sides[usize::from(right)].push((client, y));
        }
        let x = CLIENT_COLUMN * self.scale();
        for (side, x) in sides.iter_mut().zip([x, self.size.w - x]) {
            order::by(side, |a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let k = self.scale();
            let room = (CLIENT_TOP * k, self.size.h - CLIENT_BELOW * k);
            let ys = spread(&side.iter().map(|s| s.1).collect::<Vec<_>>(), CLIENT_PITCH * k, room);
            for (&(client, _), y) in side.iter().zip(ys) {
                self.put(client.into(), point(x, y));
            }
        }
    }

    /// On a tall stage: each at the free place of the rim nearest to whom it talks to.
    fn clients_in_corners(&mut self, cast: &Cast) {
        let mut free = rim(self.size, cast.clients.len());
        let nodes = self.places(&cast.nodes);
        let room = (self.radius + CLIENT_ROOM.0, self.radius * 1.6 + CLIENT_ROOM.1);
        for &(client, with) in &cast.clients {
            let near = with.and_then(|w| self.place(w)).unwrap_or(self.centre);
            let crowding = |seat: Point| {
                let over = |n: &Point| {
                    let (x, y) = ((n.x - seat.x).abs(), (n.y - seat.y - CLIENT_MIDDLE).abs());
                    (room.0 - x).min(room.1 - y).max(0.0)
                };
                nodes.iter().map(over).fold(0.0, f64::max) * 40.0 + seat.distance(near)
            };
            let nearest =
                (0..free.len()).min_by(|&a, &b| crowding(free[a]).total_cmp(&crowding(free[b])));
            if let Some(i) = nearest {
                self.put(client.into(), free.remove(i));
            }
        }
    }
}

/// The hub is at most this much of the stage's shorter side.
const HUB_OF_STAGE: f64 = 0.3;
/// Above that many nodes only names are shown.
const COMPACT_ABOVE: usize = 9;
/// How far from the side a client stands on a wide stage.
const CLIENT_COLUMN: f64 = 66.0;
/// Half of what a client on a tall stage takes beside a node, with what is written under it, and half
/// of what it takes above or below a node's crown and log.
const CLIENT_ROOM: (f64, f64) = (52.0, 40.0);
/// How far below its box the middle of a client and its words is.
const CLIENT_MIDDLE: f64 = 18.0;
/// The least distance between two clients below each other.
const CLIENT_PITCH: f64 = 104.0;
/// Room above the first client.
const CLIENT_TOP: f64 = 36.0;
/// Room below the last client, for what is written there.
const CLIENT_BELOW: f64 = 70.0;
/// From this radius on a node in rows shows its role and its log.
const ROOMY: f64 = 38.0;
/// On a stage that is narrower only names are shown, and clients keep to the corners.
const NARROW: f64 = 300.0;

/// Whether a stage is laid out upright.
fn is_tall(size: Size) -> bool {
    size.w < size.h * 1.15 || size.w < 560.0
}

/// Whether it is so low that nodes stand along it.
fn is_low(size: Size) -> bool {
    size.w > size.h * 2.1
}

fn radius(size: Size, count: usize) -> f64 {
    let around = count.max(3) as f64;
    let rim = std::f64::consts::PI * (size.w.min(size.h * 1.5) * 0.5 + size.h * 0.5) * 0.62;
    let share = match size {
        _ if is_tall(size) => 0.1,
        _ if is_low(size) => 0.102,
        _ => 0.086,
    };
    (size.h * share)
        .min(size.w * 0.092)
        .min(rim / around / 2.3)
        .clamp(if count > crowd::ABOVE { 6.0 } else { 13.0 }, 84.0)
}

/// Room for a crown above, a log below, a hull around, and clients beside.
fn margins(size: Size, radius: f64, compact: bool, alone: bool) -> Margins {
    let (top, bottom) = if compact {
        (radius + 16.0, radius + 22.0)
    } else {
        (radius * 1.6 + 8.0, radius * 1.8 + 22.0)
    };
    let beside = match (size.w < NARROW, is_tall(size) || alone) {
        (true, _) => radius + 12.0,
        (false, true) => (radius + 18.0).max(66.0),
        (false, false) => radius * 1.8 + 115.0,
    };
    Margins { top, right: beside, bottom, left: beside }
}

/// Room around a crowd for the clients: beside it, or above and below on a tall stage, above alone
/// where they are few.
fn crowd_margins(size: Size, clients: usize) -> Margins {
    let (beside, top, bottom) = match (clients, is_tall(size)) {
        (0, _) => (14.0, 10.0, 34.0),
        (1 | 2, true) => (8.0, 96.0, 58.0),
        (_, true) => (8.0, 84.0, 92.0),
        (_, false) => (128.0, 10.0, 34.0),
    };
    Margins { top, right: beside, bottom, left: beside }
}

/// The half axes that the margins leave.
fn half_axes(size: Size, margins: &Margins) -> (f64, f64) {
    let rx = ((size.w - margins.left - margins.right) / 2.0).max(10.0);
    let ry = ((size.h - margins.top - margins.bottom) / 2.0).max(10.0);
    (rx, ry)
}

/// Seats on the ellipse, clockwise from the top, stretched so that they fill it from edge to edge.
fn seats(count: usize, centre: Point, rx: f64, ry: f64) -> Vec<Point> {
    // Two and four stand beside each other: a node's log has its place below it.
    let first = match count {
        2 => PI,
        4 => -FRAC_PI_2 - FRAC_PI_4,
        _ => -FRAC_PI_2,
    };
    let angle = |i: usize| first + TAU * i as f64 / count.max(1) as f64;
    let xs = filling((0..count).map(|i| angle(i).cos()).collect());
    let ys = filling((0..count).map(|i| angle(i).sin()).collect());
    let seat = |(x, y): (f64, f64)| point(centre.x + rx * x, centre.y + ry * y);
    xs.into_iter().zip(ys).map(seat).collect()
}

/// Numbers moved and stretched to reach from -1 to 1; 0 where they are all the same.
fn filling(numbers: Vec<f64>) -> Vec<f64> {
    let low = numbers.iter().copied().fold(f64::MAX, f64::min);
    let high = numbers.iter().copied().fold(f64::MIN, f64::max);
    let half = (high - low) / 2.0;
    let place = |n: f64| if half < 0.1 { 0.0 } else { (n - low) / half - 1.0 };
    numbers.into_iter().map(place).collect()
}

/// Who sits where: by id, unless the sides of a split would be interleaved.
fn seated(cast: &Cast, seats: &[Point]) -> Vec<(NodeId, Point)> {
    let order = if contiguous(cast) { cast.nodes.clone() } else { cast.sides.concat() };
    order.into_iter().zip(seats.iter().copied()).collect()
}

/// Whether each side of the split sits together on the round.
fn contiguous(cast: &Cast) -> bool {
    let side_of = |n: &NodeId| cast.sides.iter().position(|s| s.contains(n));
    let round: Vec<_> = cast.nodes.iter().map(side_of).collect();
    let next = round.iter().skip(1).chain(round.first());
    let borders = round.iter().zip(next).filter(|(a, b)| a != b).count();
    borders <= cast.sides.len().max(1)
}

/// Places as near as can be to the wanted ones (which are sorted), `pitch` apart and inside `room`.
fn spread(wanted: &[f64], pitch: f64, room: (f64, f64)) -> Vec<f64> {
    let fits = (room.1 - room.0) / wanted.len().saturating_sub(1).max(1) as f64;
    let pitch = pitch.min(fits);
    let mut ys: Vec<f64> = wanted.to_vec();
    let mut least = room.0;
    for y in &mut ys {
        *y = y.max(least);
        least = *y + pitch;
    }
    let mut most = room.1;
    for y in ys.iter_mut().rev() {
        *y = y.min(most);
        most = *y - pitch;
    }
    ys
}

/// Places for at least that many clients at the rim of a tall stage: the corners first.
fn rim(size: Size, count: usize) -> Vec<Point> {
    let (left, right) = (46.0, size.w - 46.0);
    let (top, bottom) = (26.0, size.h - 64.0);
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let mut places: Vec<Point> = corners.map(|(x, y)| point(x, y)).into();
    let more = count.saturating_sub(places.len()).div_ceil(2);
    for i in 1..=more {
        let y = top + (bottom - top) * i as f64 / (more + 1) as f64;
        places.extend([point(left, y), point(right, y)]);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(nodes: u16, clients: u16) -> Cast {
        Cast {
            nodes: (1..=nodes).map(NodeId).collect(),
            clients: (1..=clients).map(|c| (ClientId(c), Some(NodeId(c).into()))).collect(),
            sides: Vec::new(),
            balancer: false,
            ring: false,
        }
    }

    #[test]
    fn nobody_stands_on_another_or_outside() {
        for size in
            [Size { w: 916.0, h: 560.0 }, Size { w: 390.0, h: 420.0 }, Size { w: 1556.0, h: 830.0 }]
        {
            for nodes in [1, 2, 3, 5, 7, 9, 25] {
                let plan = Plan::new(size, &cast(nodes, 2));
                let all: Vec<_> = plan.everyone().collect();
                assert_eq!(all.len(), usize::from(nodes) + 2);
                for (i, a) in all.iter().enumerate() {
                    assert!(
                        a.x > 0.0 && a.x < size.w && a.y > 0.0 && a.y < size.h,
                        "{size:?} {a:?}"
                    );
                    for b in &all[i + 1..] {
                        assert!(
                            a.distance(*b) > plan.radius * 1.8,
                            "{nodes} on {size:?}: {a:?} {b:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn sides_that_are_interleaved_change_seats_and_others_do_not() {
        let size = Size { w: 916.0, h: 560.0 };
        let mut split = cast(5, 0);
        split.sides = vec![vec![NodeId(1), NodeId(5)], vec![NodeId(2), NodeId(3), NodeId(4)]];
        assert!(contiguous(&split), "n5 sits beside n1");
        split.sides = vec![vec![NodeId(1), NodeId(3)], vec![NodeId(2), NodeId(4), NodeId(5)]];
        assert!(!contiguous(&split));
        let plan = Plan::new(size, &split);
        let sides: Vec<_> = split.sides.iter().map(|s| plan.places(s)).collect();
        assert!(crate::geometry::gaps(&sides[0], &sides[1]).next().is_some());
    }

    #[test]
    fn spread_keeps_order_distance_and_room() {
        let ys = spread(&[10.0, 12.0, 300.0], 50.0, (20.0, 320.0));
        assert_eq!(ys, [20.0, 70.0, 300.0]);
        let tight = spread(&[0.0, 0.0, 0.0], 500.0, (0.0, 100.0));
        assert_eq!(tight, [0.0, 50.0, 100.0]);
    }
}
