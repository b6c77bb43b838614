//! The sides of a split network: a soft hull around each, and the cut between them.

use crate::geometry::{Gap, Patch, Point, centroid, convex_hull, gaps, line_crosses, point};
use crate::px::px;
use crate::stage::death;
use crate::stage::layout::Plan;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::order;
use std::fmt::Write;

/// The distance from a client at which a line is clear of it, in pixels.
const CLEAR: f64 = 56.0;
/// Half the width and height of the label of a cut, in pixels.
pub const LABEL: (f64, f64) = (41.0, 12.0);
/// A wider stage, in pixels, is taken for one on a projector.
const PROJECTED: f64 = 1200.0;
/// The shifts of a cut that are tried, as fractions of the gap that it runs through, to keep clear
/// of the marks and the text of nodes; and the distance in pixels that counts as clear.
const SHIFTS: [f64; 7] = [0.0, 0.1, -0.1, 0.2, -0.2, 0.3, -0.3];
const CLEAR_OF_MARKS: f64 = 10.0;
/// The bends of a cut that are tried, as fractions of its length. The first is the usual one.
const BENDS: [f64; 10] = [0.05, -0.05, 0.12, -0.12, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4];
/// The improvement that another line must bring.
const BETTER: f64 = 0.02;
/// The cost of one point of a line that lies on something of a node; and the worth of a line that
/// is clear of everything.
const COVERS: f64 = 0.2;
const ALL_CLEAR: f64 = 2.0;
/// The distance from a client down to the middle of the text under it, in pixels.
const BELOW_CLIENT: f64 = 38.0;

/// The outline around a side, as an SVG path. It is filled, and stroked with the width [`pad`].
#[must_use]
pub fn outline(plan: &Plan, side: &[NodeId]) -> String {
    let below = if plan.compact { 0.0 } else { plan.radius * 0.62 };
    let mut around = Vec::with_capacity(side.len() * 2);
    for p in plan.places(side) {
        around.extend([p, point(p.x, p.y + below)]);
    }
    let mut d = String::with_capacity(around.len() * 12);
    for (i, p) in convex_hull(&around).iter().enumerate() {
        let _ = write!(d, "{}{} {}", if i == 0 { 'M' } else { 'L' }, px(p.x), px(p.y));
    }
    d.push('Z');
    d
}

/// The width of the stroke around an outline, in pixels.
#[must_use]
pub fn pad(plan: &Plan) -> f64 {
    if plan.compact { plan.radius * 3.2 } else { plan.radius * 2.7 + 16.0 }
}

/// The cut between sides: an SVG path, and the place of its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The path data of the dashed lines.
    pub d: String,
    /// The middle of the label, if there is room for one.
    pub label: Option<Point>,
}

/// The lines between the sides of a split. A side may consist of clients. None while the network is
/// whole.
#[must_use]
pub fn cut(plan: &Plan, camps: &[Vec<Addr>]) -> Option<Cut> {
    let places: Vec<Vec<Point>> = camps.iter().map(|camp| places(plan, camp)).collect();
    let field = Field::around(plan, &places.concat());
    let (d, line) = match &places[..] {
        [] | [_] => return None,
        [a, b] => {
            let bow = Bow::of(plan, &field, a, b);
            (bow.d(), bow.places().collect::<Vec<_>>())
        }
        more => star(&rays(plan, &field, more)),
    };
    let sides: Vec<Vec<NodeId>> =
        camps.iter().map(|camp| camp.iter().filter_map(|who| who.node()).collect()).collect();
    Some(Cut { d, label: roomiest(plan, &sides, &line) })
}

/// The points of the line between two sides, as it is drawn.
#[cfg(test)]
pub fn line(plan: &Plan, camps: &[Vec<Addr>; 2]) -> Vec<Point> {
    let [a, b] = [0, 1].map(|i| places(plan, &camps[i]));
    let field = Field::around(plan, &[&a[..], &b].concat());
    Bow::of(plan, &field, &a, &b).places().collect()
}

/// The places of the members of a side.
fn places(plan: &Plan, camp: &[Addr]) -> Vec<Point> {
    camp.iter().filter_map(|&who| plan.place(who)).collect()
}

/// A first guess at these lines, before clients are placed: a line through the widest gap between
/// two sides, or rays from the middle between more.
#[must_use]
pub fn lines(plan: &Plan, sides: &[Vec<NodeId>]) -> Vec<(Point, Point)> {
    let places: Vec<Vec<Point>> = sides.iter().map(|s| plan.places(s)).collect();
    let field = Field::around(plan, &places.concat());
    match &places[..] {
        [] | [_] => Vec::new(),
        [a, b] => {
            let widest = gaps(a, b).max_by(|g, h| g.width.total_cmp(&h.width));
            let bow = widest.map(|gap| Bow::new(&field, gap.at, gap.angle));
            let Bow { one, two, .. } = bow.unwrap_or_else(|| bisector(&field, a, b));
            vec![(one, two)]
        }
        more => rays(plan, &field, more),
    }
}

/// A line half way between the middles of two sides, for sides that no line separates.
fn bisector(field: &Field, a: &[Point], b: &[Point]) -> Bow {
    let (a, b) = (centroid(a), centroid(b));
    Bow::new(field, a.toward(b, 0.5), b.angle_from(a) + std::f64::consts::FRAC_PI_2)
}

/// A curve across the nodes. Its slight bend shows that it is a cut and not a wire.
struct Bow {
    one: Point,
    bend: Point,
    two: Point,
}

impl Bow {
    fn new(field: &Field, at: Point, angle: f64) -> Self {
        Self::bent(field, at, angle, BENDS[0])
    }

    fn bent(field: &Field, at: Point, angle: f64, bend: f64) -> Self {
        let one = field.edge(at, angle);
        let two = field.edge(at, angle + std::f64::consts::PI);
        let bow = one.distance(two) * bend;
        let (across_y, across_x) = (angle + std::f64::consts::FRAC_PI_2).sin_cos();
        let middle = one.toward(two, 0.5);
        Self { one, bend: point(middle.x + across_x * bow, middle.y + across_y * bow), two }
    }

    /// The curve between two sides, even if no curve can separate them.
    fn of(plan: &Plan, field: &Field, a: &[Point], b: &[Point]) -> Self {
        Self::between(plan, field, a, b).unwrap_or_else(|| bisector(field, a, b))
    }

    /// The curve that passes between the outlines of two sides, clear of clients and of nodes that
    /// belong to neither; of several, the one in the widest gap. It is shifted or bent if it would
    /// run through a crown or the text under a node.
    fn between(plan: &Plan, field: &Field, a: &[Point], b: &[Point]) -> Option<Self> {
        let widest = gaps(a, b).map(|gap| gap.width).fold(0.0, f64::max);
        let enough = pad(plan).min(widest * 0.7);
        let nodes: Vec<Point> = plan.nodes().collect();
        let is_side = |p: &Point| nodes.contains(p) && (a.contains(p) || b.contains(p));
        let (sides, others): (Vec<Point>, Vec<Point>) = plan.everyone().partition(is_side);
        let clear = |bow: &Self| {
            let clear = bow.clearance(&others, BELOW_CLIENT, CLEAR);
            // Text under a node counts less than the node's outline.
            clear.min(bow.clearance(&sides, plan.radius * 0.6, pad(plan) / 2.0))
        };
        let straight = |gap: &Gap| Self::new(field, gap.at, gap.angle);
        let wide = gaps(a, b).filter(|gap| gap.width >= enough);
        let mut ranked: Vec<(f64, Gap)> = wide.map(|gap| (clear(&straight(&gap)), gap)).collect();
        order::by(&mut ranked, |(a, gap), (b, other)| {
            b.total_cmp(a).then(other.width.total_cmp(&gap.width))
        });
        let (_, first) = ranked.first()?;
        if death::is_crowd(plan) {
            return Some(straight(first));
        }
        // Where only names are written there is little to avoid.
        let bends = if plan.compact { &BENDS[..1] } else { &BENDS[..] };
        let mut best = (f64::MIN, straight(first));
        for bow in ranked.iter().flat_map(|(_, gap)| Self::aside(field, *gap, bends)) {
            let clear = clear(&bow);
            if clear + 1.0 <= best.0 + BETTER {
                continue;
            }
            let worth = clear + bow.off_marks(plan, &sides);
            if worth > best.0 + BETTER && bow.parts(field, a, b) {
                best = (worth, bow);
            }
            if best.0 >= ALL_CLEAR {
                break;
            }
        }
        if best.1.parts(field, a, b) {
            return Some(best.1);
        }
        // If there is no room for a bent line, a straight one may fit.
        let by_width = |g: &Gap, h: &Gap| g.width.total_cmp(&h.width);
        gaps(a, b).max_by(by_width).map(|gap| Self::bent(field, gap.at, gap.angle, 0.0))
    }

    /// True if the curve separates every member of one side from every member of the other, and
    /// stays inside the field.
    fn parts(&self, field: &Field, a: &[Point], b: &[Point]) -> bool {
        let line: Vec<Point> = self.places().collect();
        let between = |&one: &Point| b.iter().all(|&two| line_crosses(&line, one, two));
        line.iter().all(|&at| field.has(at)) && a.iter().all(between)
    }

    /// The line through a gap, and variants that are shifted and bent.
    fn aside(field: &Field, gap: Gap, bends: &[f64]) -> impl Iterator<Item = Self> {
        let (sin, cos) = gap.angle.sin_cos();
        let shifted = move |part: f64| {
            let by = gap.width * part;
            point(gap.at.x - sin * by, gap.at.y + cos * by)
        };
        let bent = move |bend| SHIFTS.map(|part| Self::bent(field, shifted(part), gap.angle, bend));
        bends.iter().copied().flat_map(bent)
    }

    /// The distance from nodes, their crowns and the text under them, as a fraction of the distance
    /// that is enough. Each point that lies on one of them reduces the result by [`COVERS`].
    fn off_marks(&self, plan: &Plan, nodes: &[Point]) -> f64 {
        let (mut least, mut covered) = (CLEAR_OF_MARKS, 0.0);
        for at in self.places() {
            let at = Patch::around(at, 0.0, 0.0);
            let off = nodes.iter().map(|&n| plan.clear_of(at, n)).fold(f64::MAX, f64::min);
            least = off.min(least);
            covered += if off > 0.0 { 0.0 } else { COVERS };
        }
        least.max(0.0) / CLEAR_OF_MARKS - covered
    }

    /// The distance from the nearest of some points, or from the text `below` pixels under it, as a
    /// fraction of `enough` (at most 1).
    fn clearance(&self, of: &[Point], below: f64, enough: f64) -> f64 {
        let apart = |p: &Point| {
            let whole = [point(p.x, p.y), point(p.x, p.y + below)];
            self.places().flat_map(|at| whole.map(|p| p.distance(at))).fold(f64::MAX, f64::min)
        };
        of.iter().map(apart).fold(enough, f64::min) / enough
    }

    fn places(&self) -> impl Iterator<Item = Point> {
        (0..=40).map(|i| {
            let t = f64::from(i) / 40.0;
            self.one.toward(self.bend, t).toward(self.bend.toward(self.two, t), t)
        })
    }

    fn d(&self) -> String {
        let Self { one, bend, two } = self;
        let [one, bend, two] = [one, bend, two].map(|p| format!("{} {}", px(p.x), px(p.y)));
        format!("M{one}Q{bend} {two}")
    }
}

/// The point of a line with most room around it: far from everybody on the stage, from the marks of
/// nodes, from loss markers and from a ring in the middle, and well inside of the stage. None if
/// all points are too near to something.
fn roomiest(plan: &Plan, sides: &[Vec<NodeId>], line: &[Point]) -> Option<Point> {
    let nodes = sides.concat();
    let hub = plan.place(Addr::Balancer).map(|_| plan.hub(&nodes));
    let (places, deaths) = (plan.places(&nodes), deaths(plan, sides));
    let k = label_scale(plan);
    let room = |p: &Point| {
        let edge = (p.x - 46.0 * k).min(plan.size.w - 46.0 * k - p.x).min((p.y - 18.0) * 2.0);
        let edge = edge.min((plan.size.h - 18.0 - p.y) * 2.0);
        let ring = hub.map_or(f64::MAX, |h| h.centre.distance(*p) - h.radius.max(0.0) - 20.0);
        let near = plan.everyone().map(|q| point(q.x, q.y + 14.0).distance(*p) - 30.0);
        // A label is far wider than high: a short distance above or below is enough.
        let label = Patch::around(*p, LABEL.0 * k, LABEL.1 * k);
        let off_nodes = places.iter().map(|&q| plan.clear_of(label, q));
        let off_deaths =
            deaths.iter().map(|&d| label.apart(Patch::around(d, death::REACH, death::REACH)));
        let off = off_nodes.chain(off_deaths).map(|far| far * 3.0 - 12.0);
        near.chain(off).fold(ring.min(edge * 3.0), f64::min)
    };
    let best = line.iter().map(|p| (room(p), *p)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(room, _)| *room > plan.radius * 0.8).map(|(_, place)| place)
}

/// The factor by which a label is enlarged. It stays readable where nodes are small, and from far
/// away on a large stage.
#[must_use]
pub fn label_scale(plan: &Plan) -> f64 {
    plan.scale().max(if plan.size.w >= PROJECTED { 1.25 } else { 0.95 })
}

/// The places of loss markers between the sides. A crowd has too many to keep clear of.
fn deaths(plan: &Plan, sides: &[Vec<NodeId>]) -> Vec<Point> {
    if death::is_crowd(plan) {
        return Vec::new();
    }
    let mut deaths = Vec::new();
    for (i, side) in sides.iter().enumerate() {
        for &other in sides[i + 1..].iter().flatten() {
            let die = |&one: &NodeId| death::unseen(plan, one.into(), other.into());
            deaths.extend(side.iter().filter_map(die));
        }
    }
    deaths
}

/// Rays from the middle between each two neighbouring sides.
fn rays(plan: &Plan, field: &Field, sides: &[Vec<Point>]) -> Vec<(Point, Point)> {
    let mut around: Vec<(f64, usize)> = Vec::new();
    for (i, side) in sides.iter().enumerate() {
        around.extend(side.iter().map(|p| (p.angle_from(plan.centre), i)));
    }
    order::by(&mut around, |a, b| a.0.total_cmp(&b.0));
    let mut rays = Vec::new();
    for (i, &(angle, side)) in around.iter().enumerate() {
        let (mut next, other) = around[(i + 1) % around.len()];
        if i + 1 == around.len() {
            next += std::f64::consts::TAU;
        }
        if side != other {
            rays.push((plan.centre, field.edge(plan.centre, (angle + next) / 2.0)));
        }
    }
    rays
}

/// The cut between more than two sides: its path data, and points on it.
fn star(rays: &[(Point, Point)]) -> (String, Vec<Point>) {
    let mut d = String::new();
    let mut places = Vec::new();
    for &(from, end) in rays {
        let _ = write!(d, "M{} {}L{} {}", px(from.x), px(from.y), px(end.x), px(end.y));
        places.extend([0.5, 0.7, 0.9].map(|t| from.toward(end, t)));
    }
    (d, places)
}

/// The rectangle of the stage that nodes and their marks take.
struct Field {
    least: Point,
    most: Point,
}

impl Field {
    /// The field around nodes at these places.
    fn around(plan: &Plan, places: &[Point]) -> Self {
        let pad = plan.radius * 1.9 + 10.0;
        let fold = |of: fn(&Point) -> f64, from: f64, by: fn(f64, f64) -> f64| {
            places.iter().map(of).fold(from, by)
        };
        let low = |of: fn(&Point) -> f64| (fold(of, f64::MAX, f64::min) - pad).max(INSET);
        let high = |of: fn(&Point) -> f64, most: f64| {
            (fold(of, f64::MIN, f64::max) + pad).min(most - INSET)
        };
        Self {
            least: point(low(|p| p.x), low(|p| p.y)),
            most: point(high(|p| p.x, plan.size.w), high(|p| p.y, plan.size.h)),
        }
    }

    /// True if a point is inside.
    fn has(&self, at: Point) -> bool {
        let Self { least, most } = self;
        let x = (least.x - ROUND..=most.x + ROUND).contains(&at.x);
        x && (least.y - ROUND..=most.y + ROUND).contains(&at.y)
    }

    /// The point where a ray from inside leaves the field.
    fn edge(&self, from: Point, angle: f64) -> Point {
        let (dy, dx) = angle.sin_cos();
        let reach = |p: f64, d: f64, least: f64, most: f64| match d {
            d if d > 1e-9 => (most - p) / d,
            d if d < -1e-9 => (least - p) / d,
            _ => f64::MAX,
        };
        let length = reach(from.x, dx, self.least.x, self.most.x);
        let length = length.min(reach(from.y, dy, self.least.y, self.most.y)).max(0.0);
        point(from.x + dx * length, from.y + dy * length)
    }
}

/// The tolerance for rounding, in pixels.
const ROUND: f64 = 0.5;
/// The least distance of a cut from the edge of the stage, in pixels.
const INSET: f64 = 6.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::stage::layout::Cast;
    use quorumscope_core::ids::ClientId;

    fn split(groups: &[&[u16]]) -> (Plan, Vec<Vec<NodeId>>) {
        let sides: Vec<Vec<NodeId>> =
            groups.iter().map(|g| g.iter().map(|&n| NodeId(n)).collect()).collect();
        let cast = Cast {
            nodes: (1..=5).map(NodeId).collect(),
            clients: Vec::new(),
            sides: sides.clone(),
            ..Cast::default()
        };
        (Plan::new(Size { w: 900.0, h: 560.0 }, &cast), sides)
    }

    fn camps(sides: &[Vec<NodeId>]) -> Vec<Vec<Addr>> {
        sides.iter().map(|side| side.iter().map(|&n| n.into()).collect()).collect()
    }

    #[test]
    fn a_whole_network_has_no_cut() {
        let (plan, sides) = split(&[]);
        assert_eq!(cut(&plan, &camps(&sides)), None);
    }

    /// A client half way up on each side, as when one node is cut off from the two below it.
    #[test]
    fn the_line_goes_around_clients() {
        let cast = Cast {
            nodes: (1..=3).map(NodeId).collect(),
            clients: (1..=2).map(|c| (ClientId(c), None)).collect(),
            sides: Vec::new(),
            ..Cast::default()
        };
        for size in [Size { w: 916.0, h: 320.0 }, Size { w: 1436.0, h: 590.0 }] {
            let plan = Plan::new(size, &cast);
            let places =
                |nodes: &[u16]| plan.places(&nodes.iter().map(|&n| NodeId(n)).collect::<Vec<_>>());
            let field = Field::around(&plan, &places(&[1, 2, 3]));
            let line = Bow::between(&plan, &field, &places(&[1]), &places(&[2, 3]));
            let line = line.expect("they are apart");
            let clients = cast.clients.iter().filter_map(|(c, _)| plan.place((*c).into()));
            let clear = line.clearance(&clients.collect::<Vec<_>>(), BELOW_CLIENT, 40.0);
            assert!(clear >= 1.0, "{clear} on {size:?}");
            let nodes = line.clearance(&places(&[1, 2, 3]), 0.0, plan.radius * 1.2);
            assert!(nodes >= 1.0, "{nodes} on {size:?}");
        }
    }

    #[test]
    fn the_label_lies_on_nothing_that_is_written() {
        let (plan, sides) = split(&[&[1, 2], &[3, 4, 5]]);
        let label = cut(&plan, &camps(&sides)).and_then(|cut| cut.label).expect("there is room");
        let patch = Patch::around(label, LABEL.0, LABEL.1);
        for place in plan.places(&sides.concat()) {
            assert!(plan.clear_of(patch, place) > 0.0, "{label:?} {place:?}");
        }
        for death in deaths(&plan, &sides) {
            let cross = Patch::around(death, death::REACH, death::REACH);
            assert!(patch.apart(cross) > 0.0, "{label:?} {death:?}");
        }
    }

    /// A leader close under the cut, as when the node above it is isolated.
    #[test]
    fn the_line_runs_through_no_crown() {
        for size in [Size { w: 1440.0, h: 490.0 }, Size { w: 916.0, h: 560.0 }] {
            let cast = Cast {
                nodes: (1..=5).map(NodeId).collect(),
                sides: vec![vec![NodeId(1)], (2..=5).map(NodeId).collect()],
                ..Cast::default()
            };
            let plan = Plan::new(size, &cast);
            let nodes = plan.places(&cast.nodes);
            let field = Field::around(&plan, &nodes);
            let (one, others) = nodes.split_at(1);
            let line = Bow::between(&plan, &field, one, others).expect("they are apart");
            for at in line.places() {
                for &node in &nodes {
                    let off = plan.clear_of(Patch::around(at, 0.0, 0.0), node);
                    assert!(off > 0.0, "{at:?} {node:?} on {size:?}");
                }
            }
        }
    }

    /// A low node is isolated, or the one above it, with little room between it and the text under
    /// its neighbours.
    #[test]
    fn the_line_keeps_off_what_is_written() {
        let desk = Size { w: 916.0, h: 560.0 };
        let sizes = [desk, Size { w: 1372.0, h: 490.0 }, Size { w: 390.0, h: 310.0 }];
        let mut free = 0;
        for (size, alone) in sizes.into_iter().flat_map(|size| (1..=5).map(move |n| (size, n))) {
            let (sole, rest) = (1..=5).map(NodeId).partition(|n: &NodeId| n.0 == alone);
            let cast = Cast {
                nodes: (1..=5).map(NodeId).collect(),
                clients: (1..=2).map(|c| (ClientId(c), Some(NodeId(2 * c).into()))).collect(),
                sides: vec![sole, rest],
                ..Cast::default()
            };
            let plan = Plan::new(size, &cast);
            let [one, others] = [0, 1].map(|side| plan.places(&cast.sides[side]));
            let nodes = plan.places(&cast.nodes);
            let field = Field::around(&plan, &nodes);
            for (one, others) in [(&one, &others), (&others, &one)] {
                let line = Bow::between(&plan, &field, one, others).expect("they are apart");
                let off = line.off_marks(&plan, &nodes);
                assert!(line.parts(&field, one, others), "n{alone} is alone on {size:?}");
                assert!(off > -3.5 * COVERS, "{off} where n{alone} is alone on {size:?}");
                free += usize::from(off > 0.5);
            }
        }
        assert!(free >= 14, "of thirty {free} are clear of all");
    }

    #[test]
    fn two_sides_have_one_line_and_three_have_three() {
        let (plan, sides) = split(&[&[1, 2], &[3, 4, 5]]);
        assert_eq!(cut(&plan, &camps(&sides)).expect("split").d.matches('M').count(), 1);
        let (plan, sides) = split(&[&[1, 2], &[3, 4], &[5]]);
        assert_eq!(cut(&plan, &camps(&sides)).expect("split").d.matches('M').count(), 3);
    }
}
