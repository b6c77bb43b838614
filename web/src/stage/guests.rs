//! Places clients around the nodes: near the nodes that they talk to, and clear of a cut.

use super::hull;
use super::layout::{Cast, NARROW, Plan, is_tall};
use crate::geometry::{Point, Size, point, to_segment};
use quorumscope_core::ids::ClientId;
use quorumscope_core::order;

/// The distance of a client from the side of a wide stage, in pixels.
const CLIENT_COLUMN: f64 = 66.0;
/// Half the width and height, in pixels, that a client on a tall stage needs beside a node, or
/// above or below its crown and log.
pub(super) const CLIENT_ROOM: (f64, f64) = (64.0, 40.0);
/// The distance from a client's box down to the middle of box and text, in pixels.
pub(super) const CLIENT_MIDDLE: f64 = 18.0;
/// The least distance between two clients in a column, in pixels.
const CLIENT_PITCH: f64 = 104.0;
/// The room above the first client, in pixels.
const CLIENT_TOP: f64 = 36.0;
/// The room for text below the last client, in pixels.
const CLIENT_BELOW: f64 = 70.0;
/// The room for the zoom buttons, in pixels.
const LENS: f64 = 44.0;
/// The least distance of a cut from the middle of a client and its text, in pixels.
const CLIENT_FROM_CUT: f64 = 58.0;

/// The cost of a place between the corners, in pixels of distance.
const BETWEEN: f64 = 260.0;

impl Plan {
    /// Places the clients.
    pub(super) fn seat_clients(&mut self, cast: &Cast) {
        if cast.camps.len() > 1 {
            self.clients_in_camps(cast, self.places_at_the_rim(cast.clients.len()));
        } else if is_tall(self.size) {
            self.clients_in_corners(cast);
        } else {
            self.clients_at_the_sides(cast);
        }
    }

    /// The places for clients while the network is split: at both sides of a wide stage, at the rim
    /// of a tall one.
    fn places_at_the_rim(&self, count: usize) -> Vec<Point> {
        if is_tall(self.size) {
            return rim(self.size, count + 4).into_iter().map(|(at, _)| at).collect();
        }
        let k = self.scale();
        let (from, to) = self.column();
        let pitch = CLIENT_PITCH * k / 4.0;
        let rows = ((to - from) / pitch).max(0.0) as usize + count.div_ceil(2);
        let x = CLIENT_COLUMN * k;
        let row = |i: usize| from + (to - from) * i as f64 / rows.max(1) as f64;
        (0..=rows).flat_map(|i| [x, self.size.w - x].map(|x| point(x, row(i)))).collect()
    }

    /// The y of the first and of the last client at a side, in pixels.
    fn column(&self) -> (f64, f64) {
        let k = self.scale();
        // The zoom buttons stand at the foot of a crowd.
        let below = CLIENT_BELOW * k + if self.crowded { LENS } else { 0.0 };
        (CLIENT_TOP * k, self.size.h - below)
    }

    /// On a wide stage: places clients left and right, level with the nodes that they talk to if
    /// there is room.
    fn clients_at_the_sides(&mut self, cast: &Cast) {
        let mut sides: [Vec<(ClientId, f64)>; 2] = [Vec::new(), Vec::new()];
        for (i, &(client, with)) in cast.clients.iter().enumerate() {
            let near = with.and_then(|w| self.place(w));
            let off = near.map_or(0.0, |p| p.x - self.centre.x);
            let right = if off.abs() < self.radius { i % 2 == 1 } else { off > 0.0 };
            let y = near.map_or(self.centre.y, |p| p.y);
            sides[usize::from(right)].push((client, y));
        }
        let k = self.scale();
        let room = self.column();
        let most = ((room.1 - room.0) / (CLIENT_PITCH * k)).max(0.0) as usize + 1;
        for (full, other) in [(0, 1), (1, 0)] {
            while sides[full].len() > most && sides[full].len() > sides[other].len() + 1 {
                let moved = sides[full].pop();
                sides[other].extend(moved);
            }
        }
        let x = CLIENT_COLUMN * k;
        for (side, x) in sides.iter_mut().zip([x, self.size.w - x]) {
            order::by(side, |a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let ys = spread(&side.iter().map(|s| s.1).collect::<Vec<_>>(), CLIENT_PITCH * k, room);
            for (&(client, _), y) in side.iter().zip(ys) {
                self.put(client.into(), point(x, y));
            }
        }
    }

    /// On a tall stage: places each client at the free place of the rim that is nearest to its node
    /// and clear of cuts.
    fn clients_in_corners(&mut self, cast: &Cast) {
        let mut free = rim(self.size, cast.clients.len());
        let nodes = self.places(&cast.nodes);
        let cuts = hull::lines(self, &cast.sides);
        let room = (self.radius + CLIENT_ROOM.0, self.radius * 1.6 + CLIENT_ROOM.1);
        // Where there is little room, a client rather stands on a cut than on a node.
        let weight = if self.size.w < NARROW { 160.0 } else { 40.0 };
        let crowding = |seat: Point| {
            let middle = point(seat.x, seat.y + CLIENT_MIDDLE);
            let over = |n: &Point| {
                let (x, y) = ((n.x - middle.x).abs(), (n.y - middle.y).abs());
                (room.0 - x).min(room.1 - y).max(0.0)
            };
            let under =
                |&(a, b): &(Point, Point)| (CLIENT_FROM_CUT - to_segment(middle, a, b)).max(0.0);
            let over = nodes.iter().map(over).fold(0.0, f64::max);
            over * weight + cuts.iter().map(under).fold(0.0, f64::max) * 40.0
        };
        for seat in &mut free {
            seat.1 += crowding(seat.0);
        }
        for &(client, with) in &cast.clients {
            let near = with.and_then(|w| self.place(w)).unwrap_or(self.centre);
            let cost = |&(seat, cost): &(Point, f64)| cost + seat.distance(near);
            let best = (0..free.len()).min_by(|&a, &b| cost(&free[a]).total_cmp(&cost(&free[b])));
            if let Some(i) = best {
                self.put(client.into(), free.remove(i).0);
            }
        }
    }
}

/// Values as near as possible to the wanted ones (which must be sorted), `pitch` apart and inside
/// `room`.
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

/// Places for more than `count` clients at the rim of a tall stage, and the cost of each. A client
/// between the corners is in the way of others.
fn rim(size: Size, count: usize) -> Vec<(Point, f64)> {
    let (left, right) = (46.0, size.w - 46.0);
    let (top, bottom) = (26.0, size.h - 78.0);
    let corners = [(left, top), (right, top), (left, bottom), (right, bottom)];
    let mut places: Vec<_> = corners.map(|(x, y)| (point(x, y), 0.0)).into();
    let more = count.saturating_sub(places.len()).div_ceil(2) + 1;
    for i in 1..=more {
        let y = top + (bottom - top) * i as f64 / (more + 1) as f64;
        places.extend([(point(left, y), BETWEEN), (point(right, y), BETWEEN)]);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::ids::NodeId;

    #[test]
    fn spread_keeps_order_distance_and_room() {
        let ys = spread(&[10.0, 12.0, 300.0], 50.0, (20.0, 320.0));
        assert_eq!(ys, [20.0, 70.0, 300.0]);
        let tight = spread(&[0.0, 0.0, 0.0], 500.0, (0.0, 100.0));
        assert_eq!(tight, [0.0, 50.0, 100.0]);
    }

    #[test]
    fn no_client_of_a_phone_stands_on_a_cut() {
        let nodes = |ids: &[u16]| ids.iter().map(|&n| NodeId(n)).collect::<Vec<_>>();
        for sides in [[&[1, 2][..], &[3, 4, 5]], [&[1], &[2, 3, 4, 5]], [&[4, 5], &[1, 2, 3]]] {
            let cast = Cast {
                nodes: nodes(&[1, 2, 3, 4, 5]),
                clients: vec![
                    (ClientId(1), Some(NodeId(1).into())),
                    (ClientId(2), Some(NodeId(4).into())),
                ],
                sides: sides.iter().map(|s| nodes(s)).collect(),
                ..Cast::default()
            };
            let plan = Plan::new(Size { w: 390.0, h: 320.0 }, &cast);
            let cut = hull::lines(&plan, &cast.sides)[0];
            for (client, _) in &cast.clients {
                let at = plan.place((*client).into()).expect("it has a place");
                let far = to_segment(point(at.x, at.y + CLIENT_MIDDLE), cut.0, cut.1);
                assert!(far > 38.0, "{client} is {far} from the cut of {sides:?}");
            }
        }
    }

    #[test]
    fn a_low_stage_has_clients_at_both_sides() {
        let cast = Cast {
            nodes: (1..=3).map(NodeId).collect(),
            clients: (1..=2).map(|c| (ClientId(c), Some(NodeId(3).into()))).collect(),
            ..Cast::default()
        };
        let at = |h: f64, c: u16| {
            let plan = Plan::new(Size { w: 460.0, h }, &cast);
            plan.place(ClientId(c).into()).expect("it has a place").x < 230.0
        };
        assert_ne!(at(150.0, 1), at(150.0, 2), "one column has no room for both");
    }
}
