//! The layout of nodes and clients on a stage of a given size.
//!
//! Nodes sit on an ellipse in the order of their ids. Clients stand outside of it, near the nodes
//! that they talk to. When the network is split, the sides move apart; nodes change seats only if
//! the sides would be interleaved otherwise.

use super::crowd;
use super::lens::Lens;
use super::node::{CLOSE, OUT, Side};
use super::seats::seats;
use crate::geometry::{Patch, Point, Size, centroid, point};
use quorumscope_core::ids::{Addr, ClientId, NodeId};

/// The input of the layout.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cast {
    /// The nodes, in the order of their ids.
    pub nodes: Vec<NodeId>,
    /// The clients, and the address that each talks to.
    pub clients: Vec<(ClientId, Option<Addr>)>,
    /// The sides of a split network; empty while it is whole.
    pub sides: Vec<Vec<NodeId>>,
    /// The same sides with the clients that belong to them, and a further group of the clients that
    /// reach no node.
    pub camps: Vec<Vec<Addr>>,
    /// True if a load balancer stands in the middle.
    pub balancer: bool,
    /// True if the nodes share a ring of keys. They then sit around it, however many they are.
    pub ring: bool,
}

/// The layout: the place of everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The size of the stage, in pixels.
    pub size: Size,
    /// The radius of a node, in pixels.
    pub radius: f64,
    /// True if there is room for names only, not for logs and roles.
    pub compact: bool,
    /// True if nodes stand in rows because there are so many.
    pub crowded: bool,
    /// The middle of the nodes.
    pub centre: Point,
    places: Vec<Option<Point>>,
}

/// A free circle between the nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Hub {
    /// Its centre.
    pub centre: Point,
    /// Its radius, in pixels; negative if there is no room.
    pub radius: f64,
}

/// The room around the nodes' ellipse, in pixels.
struct Margins {
    top: f64,
    right: f64,
    bottom: f64,
    left: f64,
}

impl Margins {
    /// The middle of the room inside the margins.
    fn middle(&self, size: Size) -> Point {
        let Self { top, right, bottom, left } = self;
        point((left + size.w - right) / 2.0, (top + size.h - bottom) / 2.0)
    }
}

impl Plan {
    /// Lays everything out on a stage.
    #[must_use]
    pub fn new(size: Size, cast: &Cast) -> Self {
        let mut plan = Self::of_nodes(size, cast);
        if cast.balancer {
            plan.put(Addr::Balancer, plan.hub(&cast.nodes).centre);
        }
        plan.seat_clients(cast);
        plan
    }

    /// Places the nodes, as large as they can be without overlap. Logs and roles are left out if
    /// they would make the nodes too small.
    fn of_nodes(size: Size, cast: &Cast) -> Self {
        let count = cast.nodes.len();
        if count > crowd::ABOVE && !cast.ring {
            return Self::in_rows(size, cast);
        }
        let full = radius(size, count);
        if count > COMPACT_ABOVE {
            return Self::round(size, cast, full, true, false);
        }
        let turns = if count >= TURNED_FROM { &[false, true][..] } else { &[false] };
        let fits = |compact: bool, part: f64| {
            let plan = |&turned: &bool| Self::round(size, cast, full * part, compact, turned);
            turns.iter().map(plan).find(|plan| !plan.is_tight(&cast.nodes))
        };
        let roomy = || SHARES.iter().find_map(|&part| fits(false, part));
        let wide = size.w >= NARROW;
        let roomy = wide.then(roomy).flatten().filter(|plan| plan.radius >= SMALLEST_ROOMY);
        let names = || NAME_SHARES.iter().find_map(|&part| fits(true, part));
        roomy.or_else(names).unwrap_or_else(|| Self::round(size, cast, full * 0.6, true, false))
    }

    /// Places nodes on an ellipse.
    fn round(size: Size, cast: &Cast, radius: f64, compact: bool, turned: bool) -> Self {
        let mut margins = margins(size, radius, compact, cast.clients.is_empty());
        if cast.sides.len() > 1 {
            margins.bottom += radius * 0.3;
        }
        if is_tall(size) && size.w >= NARROW && cast.clients.len() > 2 {
            let beside = margins.left.max(radius + CORNER);
            (margins.left, margins.right) = (beside, beside);
        }
        let centre = margins.middle(size);
        let (rx, ry) = half_axes(size, &margins);
        let flat = (size.w / size.h * 1.1).clamp(1.5, 2.8);
        let (rx, ry) = (rx.min(ry * flat), ry.min(rx * 1.5));
        let places = vec![None; Addr::DENSE];
        let mut plan = Self { size, radius, compact, crowded: false, centre, places };
        let order = if contiguous(cast) { cast.nodes.clone() } else { by_side(cast) };
        for (node, seat) in order.into_iter().zip(seats(cast.nodes.len(), turned, centre, rx, ry)) {
            plan.put(node.into(), seat);
        }
        plan.part(cast, rx, ry);
        plan
    }

    /// Places a crowd in rows. The sides of a split have rows of their own.
    fn in_rows(size: Size, cast: &Cast) -> Self {
        let margins = crowd_margins(size, cast.clients.len());
        let centre = margins.middle(size);
        let (rx, ry) = half_axes(size, &margins);
        let order = by_side(cast);
        let mut groups: Vec<usize> = Vec::new();
        if (2..=MOST_GROUPS).contains(&cast.sides.len()) {
            groups.extend(cast.sides.iter().map(Vec::len));
        }
        let rest = order.len() - groups.iter().sum::<usize>();
        groups.extend((rest > 0).then_some(rest));
        let order = if groups.len() > 1 { order } else { cast.nodes.clone() };
        let (seats, radius) = crowd::rows(&groups, centre, rx, ry);
        let places = vec![None; Addr::DENSE];
        let mut plan = Self { size, radius, compact: true, crowded: true, centre, places };
        for (node, seat) in order.into_iter().zip(seats) {
            plan.put(node.into(), seat);
        }
        plan
    }

    /// True if a node, or the text under it, overlaps another node.
    fn is_tight(&self, nodes: &[NodeId]) -> bool {
        let places = self.places(nodes);
        let meets = |(i, &a): (usize, &Point)| {
            let mut others = places.iter().enumerate().filter(|&(j, _)| i != j);
            others.any(|(_, &b)| self.is_in_the_way(a, b))
        };
        places.iter().enumerate().any(meets)
    }

    /// True if a node at `a`, or the text under it, overlaps the node at `b` or its crown or text.
    fn is_in_the_way(&self, a: Point, b: Point) -> bool {
        let r = self.radius;
        if a.distance(b) < r * APART {
            return true;
        }
        if self.compact {
            return false;
        }
        let (from, to) = self.written(a);
        let (top, foot) = (from.y, to.y);
        let half = self.half_written();
        let nearest = point(b.x.clamp(from.x, to.x), b.y.clamp(top, foot));
        let disc = nearest.distance(b) < r * 1.18;
        let crown =
            (nearest.x - b.x).abs() < r * CROWN.0 && (top..foot).contains(&(b.y - r * CROWN.1));
        let words = (b.x - a.x).abs() < half * 1.8 && (b.y - a.y).abs() < 20.0;
        disc || crown || words
    }

    /// The upper left and lower right corners of the text under a node at a place.
    #[must_use]
    pub fn written(&self, at: Point) -> (Point, Point) {
        let (r, half) = (self.radius, self.half_written());
        let (left, right) = match self.side(at) {
            Side::Left => (r * OUT, half * 2.0 - r * OUT),
            Side::Middle => (half, half),
            Side::Right => (half * 2.0 - r * OUT, r * OUT),
        };
        let foot = at.y + (r * 1.66).max(r * 1.3 + 16.0);
        (point(at.x - left, at.y + r * 1.3), point(at.x + right, foot))
    }

    /// The distance in pixels from a rectangle to the node at a place, its crown, and the text
    /// under it.
    #[must_use]
    pub fn clear_of(&self, patch: Patch, at: Point) -> f64 {
        let r = self.radius;
        let disc = patch.apart(Patch::around(at, 0.0, 0.0)) - r * 1.16;
        let crown = Patch::around(point(at.x, at.y - r * CROWN.1), r * CROWN.0, r * 0.18);
        let near = disc.min(patch.apart(crown));
        if self.compact {
            return near;
        }
        let (from, to) = self.written(at);
        near.min(patch.apart(Patch { from, to }))
    }

    /// The same layout seen through a lens. Logs and roles are shown if the lens makes room for
    /// them.
    #[must_use]
    pub fn through(&self, lens: Lens) -> Self {
        let places = self.places.iter().map(|p| p.map(|p| lens.at(p))).collect();
        let radius = self.radius * lens.zoom();
        let compact = self.compact && !(self.crowded && radius >= ROOMY);
        Self { radius, compact, centre: lens.at(self.centre), places, ..*self }
    }

    /// The same layout without clients.
    #[must_use]
    pub fn without_clients(&self) -> Self {
        let stays = |who: usize| !matches!(Addr::at_dense(who), Addr::Client(_));
        let places = self.places.iter().enumerate();
        let places = places.map(|(who, place)| place.filter(|_| stays(who))).collect();
        Self { places, ..*self }
    }

    /// The side to which the text under a node must not reach far: clients stand there, or the
    /// stage ends.
    #[must_use]
    pub fn side(&self, at: Point) -> Side {
        let clear = self.edge();
        match self.half_written() {
            half if at.x - half < clear => Side::Left,
            half if at.x + half > self.size.w - clear => Side::Right,
            _ => Side::Middle,
        }
    }

    /// The width that is kept free at either side of the stage, in pixels. On a wide stage clients
    /// stand there.
    #[must_use]
    pub fn edge(&self) -> f64 {
        if is_tall(self.size) { EDGE } else { CLIENTS_REACH * self.scale() }
    }

    /// Half the width of the text under a node, in pixels.
    fn half_written(&self) -> f64 {
        let r = self.radius;
        if r < CLOSE { (r * WRITTEN).max(WRITTEN_LEAST) } else { r * WRITTEN_WIDE }
    }

    /// The factor by which drawings are enlarged.
    #[must_use]
    pub fn scale(&self) -> f64 {
        (self.radius / 46.0).clamp(0.8, 1.7)
    }

    /// The factor by which messages and wires are enlarged.
    #[must_use]
    pub fn fineness(&self) -> f64 {
        if self.crowded { (self.radius / 34.0).clamp(0.45, 1.0) } else { self.scale() }
    }

    /// True if timers are drawn around nodes. In a compact crowd they would say nothing.
    #[must_use]
    pub fn has_arcs(&self) -> bool {
        !(self.compact && self.crowded)
    }

    /// The place of a node, client or balancer, if it stands on the stage.
    #[must_use]
    pub fn place(&self, who: Addr) -> Option<Point> {
        self.places.get(who.dense()).copied().flatten()
    }

    /// The places of those nodes that stand on the stage.
    #[must_use]
    pub fn places(&self, nodes: &[NodeId]) -> Vec<Point> {
        nodes.iter().filter_map(|&n| self.place(n.into())).collect()
    }

    /// All places.
    pub fn everyone(&self) -> impl Iterator<Item = Point> {
        self.places.iter().copied().flatten()
    }

    /// The places of all nodes.
    pub fn nodes(&self) -> impl Iterator<Item = Point> {
        let places = self.places.iter().enumerate();
        places.filter_map(|(who, at)| at.filter(|_| matches!(Addr::at_dense(who), Addr::Node(_))))
    }

    /// The widest free circle between the nodes and the text under them. Circles at and below the
    /// middle are tried, because text takes room from above.
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

    /// The distance from a point to a node, to the text under it, and to the marks beside it.
    fn room(&self, from: Point, node: Point) -> f64 {
        let disc = node.distance(from) - self.radius * 1.2;
        if self.compact {
            return disc;
        }
        let (left, right) = (node.x - self.radius * 1.4, node.x + self.radius * 1.4);
        let (top, foot) = (node.y + self.radius * 1.3, node.y + self.radius * 1.72);
        let nearest = point(from.x.clamp(left, right), from.y.clamp(top, foot));
        // The marks of its disk stand beside its shoulder, on the side of the middle.
        let marks = if node.x < self.size.w - self.radius - MARKS { MARKED } else { -MARKED };
        let beside = point(node.x + self.radius * 0.8 + marks, node.y - self.radius * 0.8);
        let marked = beside.distance(from) - MARKED.abs();
        disc.min(nearest.distance(from)).min(marked)
    }

    pub(super) fn put(&mut self, who: Addr, at: Point) {
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
}

/// Half the width of a crown, and the height of its middle, in radii.
const CROWN: (f64, f64) = (0.42, 1.38);
/// The width of the room for a node's marks beside it, in pixels.
pub(super) const MARKS: f64 = 66.0;
/// Half the width of a mark beside a node's shoulder, in pixels.
const MARKED: f64 = 16.0;
/// The greatest radius of the hub, as a fraction of the stage's shorter side.
const HUB_OF_STAGE: f64 = 0.3;
/// The room that clients in all corners of a tall stage have to themselves at its sides, in pixels.
const CORNER: f64 = 84.0;
/// Above this number of nodes only names are shown.
const COMPACT_ABOVE: usize = 9;
/// From this number of nodes on, the ellipse may be turned by half a seat if that leaves more room.
const TURNED_FROM: usize = 6;
/// The fractions of their full size at which nodes are tried: with everything that is written at
/// them, and with names only.
const SHARES: [f64; 9] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6];
const NAME_SHARES: [f64; 8] = [1.3, 1.2, 1.1, 1.0, 0.9, 0.8, 0.7, 0.6];
/// The least radius of a node that has room for its role, in pixels.
const SMALLEST_ROOMY: f64 = 24.0;
/// The least distance of two nodes, in radii. The arcs of their timers must not touch.
const APART: f64 = 2.5;
/// Half the width of the text under a node, in radii: with one key, and with two; and its least
/// half width in pixels.
const WRITTEN: f64 = 1.75;
const WRITTEN_WIDE: f64 = 2.3;
const WRITTEN_LEAST: f64 = 46.0;
/// The width that clients take at the edge of a wide stage, and the width that stays free at the
/// edge of a tall one, in pixels.
const CLIENTS_REACH: f64 = 118.0;
const EDGE: f64 = 8.0;
/// A crowd that is split into more sides keeps its rows.
const MOST_GROUPS: usize = 4;
/// The least radius of a node in rows that shows its role and its log, in pixels.
const ROOMY: f64 = 38.0;
/// On a narrower stage, in pixels, only names are shown, and clients keep to the corners.
pub(super) const NARROW: f64 = 300.0;

/// True if a stage is laid out for portrait format.
pub(super) fn is_tall(size: Size) -> bool {
    size.w < size.h * 1.15 || (size.w < 560.0 && size.w < size.h * 1.8)
}

/// True if a stage is so low that nodes stand along it.
fn is_low(size: Size) -> bool {
    size.w > size.h * 2.1
}

fn radius(size: Size, count: usize) -> f64 {
    let around = count.max(3) as f64;
    let rim = std::f64::consts::PI * (size.w.min(size.h * 1.5) * 0.5 + size.h * 0.5) * 0.62;
    let share = match size {
        _ if is_tall(size) => 0.1,
        _ if is_low(size) => 0.115,
        _ => 0.086,
    };
    (size.h * share)
        .min(size.w * 0.092)
        .min(rim / around / 2.3)
        .clamp(if count > crowd::ABOVE { 6.0 } else { 13.0 }, 84.0)
}

/// The room for a crown above, a log below, a hull around, and clients beside.
fn margins(size: Size, radius: f64, compact: bool, alone: bool) -> Margins {
    let (top, bottom) = if compact {
        (radius + 16.0, radius + 22.0)
    } else {
        (radius * 1.6 + 8.0, radius * 1.7 + if is_tall(size) { 10.0 } else { 28.0 })
    };
    let beside = match (size.w < NARROW, is_tall(size) || alone) {
        (true, _) => radius + 12.0,
        (false, true) => (radius + 18.0).max(66.0),
        (false, false) if size.w < 560.0 => radius * 1.2 + 94.0,
        (false, false) => radius * 1.8 + 115.0,
    };
    Margins { top, right: beside, bottom, left: beside }
}

/// The room around a crowd for clients: beside it, or on a tall stage above and below it; above
/// only, if clients are few.
fn crowd_margins(size: Size, clients: usize) -> Margins {
    let (beside, top, bottom) = match (clients, is_tall(size)) {
        (0, _) => (14.0, 10.0, 34.0),
        (1 | 2, true) => (8.0, 96.0, 58.0),
        (_, true) => (8.0, 84.0, 92.0),
        (_, false) => (128.0, 10.0, 34.0),
    };
    Margins { top, right: beside, bottom, left: beside }
}

/// The half axes of the ellipse inside the margins.
fn half_axes(size: Size, margins: &Margins) -> (f64, f64) {
    let rx = ((size.w - margins.left - margins.right) / 2.0).max(10.0);
    let ry = ((size.h - margins.top - margins.bottom) / 2.0).max(10.0);
    (rx, ry)
}

/// The nodes of each side one after the other, then the nodes on no side.
fn by_side(cast: &Cast) -> Vec<NodeId> {
    let mut order = cast.sides.concat();
    order.extend(cast.nodes.iter().filter(|n| !cast.sides.iter().flatten().any(|m| m == *n)));
    order
}

/// True if the nodes of each side sit next to each other.
fn contiguous(cast: &Cast) -> bool {
    let side_of = |n: &NodeId| cast.sides.iter().position(|s| s.contains(n));
    let round: Vec<_> = cast.nodes.iter().map(side_of).collect();
    let next = round.iter().skip(1).chain(round.first());
    let borders = round.iter().zip(next).filter(|(a, b)| a != b).count();
    borders <= cast.sides.len().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast(nodes: u16, clients: u16) -> Cast {
        Cast {
            nodes: (1..=nodes).map(NodeId).collect(),
            clients: (1..=clients).map(|c| (ClientId(c), Some(NodeId(c).into()))).collect(),
            sides: Vec::new(),
            ..Cast::default()
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
    fn where_nodes_stand_does_not_depend_on_whom_clients_talk_to() {
        let size = Size { w: 916.0, h: 540.0 };
        let talking = |with: u16| Cast {
            nodes: (1..=5).map(NodeId).collect(),
            clients: vec![(ClientId(1), Some(NodeId(with).into()))],
            ..Cast::default()
        };
        let [one, other] = [2, 5].map(|with| Plan::new(size, &talking(with)));
        assert_ne!(one, other);
        assert_eq!(one.without_clients(), other.without_clients());
        assert_eq!(one.without_clients().place(NodeId(3).into()), one.place(NodeId(3).into()));
        assert_eq!(one.without_clients().place(ClientId(1).into()), None);
    }

    #[test]
    fn what_is_written_at_a_node_is_in_nobodys_way() {
        let stages =
            [(868.0, 578.0), (390.0, 310.0), (390.0, 420.0), (458.0, 290.0), (1440.0, 480.0)];
        for (w, h) in stages {
            let size = Size { w, h };
            for nodes in 1..=9 {
                let whole = cast(nodes, 2);
                let mut split = cast(nodes, 2);
                let (few, most) = whole.nodes.split_at(usize::from(nodes) / 2);
                split.sides = vec![few.to_vec(), most.to_vec()];
                for cast in [&whole, &split] {
                    let plan = Plan::new(size, cast);
                    assert!(!plan.is_tight(&cast.nodes), "{nodes} on {size:?}");
                    assert!(plan.compact || plan.radius >= SMALLEST_ROOMY);
                }
            }
        }
    }

    #[test]
    fn where_there_is_little_room_names_are_left_and_discs_are_large() {
        let low = Plan::new(Size { w: 390.0, h: 170.0 }, &cast(5, 2));
        assert!(low.compact && low.radius >= 17.0, "{}", low.radius);
        let phone = Plan::new(Size { w: 390.0, h: 310.0 }, &cast(6, 2));
        assert!(!phone.compact && phone.radius >= 25.0, "{}", phone.radius);
    }

    #[test]
    fn four_clients_of_a_phone_stand_on_no_node() {
        for nodes in 1..=9 {
            let plan = Plan::new(Size { w: 390.0, h: 290.0 }, &cast(nodes, 4));
            for client in (1..=4).filter_map(|c| plan.place(ClientId(c).into())) {
                let client = Patch::around(point(client.x, client.y + 18.0), 34.0, 40.0);
                let off = plan.nodes().map(|node| client.apart(Patch::around(node, 0.0, 0.0)));
                let nearest = off.fold(f64::MAX, f64::min);
                assert!(nearest > plan.radius * 0.9, "{nodes} nodes: {nearest} {}", plan.radius);
            }
        }
    }

    #[test]
    fn the_sides_of_a_crowd_have_rows_of_their_own() {
        let mut split = cast(60, 2);
        let (even, odd): (Vec<NodeId>, Vec<NodeId>) =
            split.nodes.iter().partition(|n| n.0 % 2 == 0);
        split.sides = vec![even, odd];
        // A node that has left is on no side, and is visible all the same.
        let gone = split.sides[1].pop();
        let plan = Plan::new(Size { w: 868.0, h: 578.0 }, &split);
        assert!(plan.place(gone.expect("it is odd").into()).is_some());
        let sides: Vec<_> = split.sides.iter().map(|s| plan.places(s)).collect();
        assert!(crate::geometry::gaps(&sides[0], &sides[1]).next().is_some());
    }
}
