//! The sides of a split network: a soft hull around each, and the cut between them.

use crate::geometry::{Point, centroid, convex_hull, point, separator};
use crate::px::px;
use crate::stage::layout::Plan;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::order;
use std::fmt::Write;

/// The outline around a side, as an SVG path that is filled and stroked with [`pad`].
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

/// How wide the stroke around an outline is.
#[must_use]
pub fn pad(plan: &Plan) -> f64 {
    if plan.compact { plan.radius * 3.2 } else { plan.radius * 2.7 + 16.0 }
}

/// The cut between sides: SVG paths, and where its label stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The dashed lines.
    pub d: String,
    /// The middle of the label, where there is room for one.
    pub label: Option<Point>,
}

/// The cut between the sides of a split; None while the network is whole.
#[must_use]
pub fn cut(plan: &Plan, sides: &[Vec<NodeId>]) -> Option<Cut> {
    let nodes = sides.concat();
    match lines(plan, sides)[..] {
        [] => None,
        [(one, two)] => Some(chord(plan, &nodes, one, two)),
        ref rays => Some(star(plan, &nodes, rays)),
    }
}

/// The straight lines between the sides of a split, as long as the nodes reach: one between two
/// sides, rays from the middle between more.
#[must_use]
pub fn lines(plan: &Plan, sides: &[Vec<NodeId>]) -> Vec<(Point, Point)> {
    let places: Vec<Vec<Point>> = sides.iter().map(|s| plan.places(s)).collect();
    let field = Field::around(plan, &places.concat());
    match &places[..] {
        [] | [_] => Vec::new(),
        [a, b] => {
            let (at, angle) = separator(a, b).unwrap_or_else(|| bisector(a, b));
            let end = |angle: f64| field.edge(at, angle);
            vec![(end(angle), end(angle + std::f64::consts::PI))]
        }
        more => rays(plan, &field, more),
    }
}

/// Half way between the middles of two sides that no line separates.
fn bisector(a: &[Point], b: &[Point]) -> (Point, f64) {
    let (a, b) = (centroid(a), centroid(b));
    (a.toward(b, 0.5), b.angle_from(a) + std::f64::consts::FRAC_PI_2)
}

/// A line with a slight bow, so that it is seen to be drawn and not a wire.
fn chord(plan: &Plan, nodes: &[NodeId], one: Point, two: Point) -> Cut {
    let middle = one.toward(two, 0.5);
    let (dx, dy) = (two.x - one.x, two.y - one.y);
    let bend = point(middle.x + dy * BOW, middle.y - dx * BOW);
    let d = format!(
        "M{} {}Q{} {} {} {}",
        px(one.x),
        px(one.y),
        px(bend.x),
        px(bend.y),
        px(two.x),
        px(two.y)
    );
    let along = |t: f64| one.toward(bend, t).toward(bend.toward(two, t), t);
    let places: Vec<Point> = (1..20).map(|i| along(f64::from(i) / 20.0)).collect();
    Cut { d, label: roomiest(plan, nodes, &places) }
}

/// How far a line is bent, in parts of its length.
const BOW: f64 = 0.05;

/// The place that is furthest from whoever stands on the stage and from a ring in its middle, and
/// well inside of it; None where all are too near.
fn roomiest(plan: &Plan, nodes: &[NodeId], places: &[Point]) -> Option<Point> {
    let hub = plan.place(Addr::Balancer).map(|_| plan.hub(nodes));
    let room = |p: &Point| {
        let edge = (p.x - 46.0).min(plan.size.w - 46.0 - p.x).min((p.y - 18.0) * 2.0);
        let edge = edge.min((plan.size.h - 18.0 - p.y) * 2.0);
        let ring = hub.map_or(f64::MAX, |h| h.centre.distance(*p) - h.radius.max(0.0) - 20.0);
        let near = plan.everyone().map(|q| point(q.x, q.y + 14.0).distance(*p) - 30.0);
        near.fold(ring.min(edge * 3.0), f64::min)
    };
    let best = places.iter().map(|p| (room(p), *p)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(room, _)| *room > plan.radius * 0.8).map(|(_, place)| place)
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

/// The cut between more than two sides.
fn star(plan: &Plan, nodes: &[NodeId], rays: &[(Point, Point)]) -> Cut {
    let mut d = String::new();
    let mut places = Vec::new();
    for &(from, end) in rays {
        let _ = write!(d, "M{} {}L{} {}", px(from.x), px(from.y), px(end.x), px(end.y));
        places.extend([0.5, 0.7, 0.9].map(|t| from.toward(end, t)));
    }
    Cut { d, label: roomiest(plan, nodes, &places) }
}

/// The part of the stage that nodes and what belongs to them take.
struct Field {
    least: Point,
    most: Point,
}

impl Field {
    /// Around nodes at these places.
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

    /// Where a ray from inside leaves it.
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

/// No cut comes nearer to the edge of the stage.
const INSET: f64 = 6.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::stage::layout::Cast;

    fn split(groups: &[&[u16]]) -> (Plan, Vec<Vec<NodeId>>) {
        let sides: Vec<Vec<NodeId>> =
            groups.iter().map(|g| g.iter().map(|&n| NodeId(n)).collect()).collect();
        let cast = Cast {
            nodes: (1..=5).map(NodeId).collect(),
            clients: Vec::new(),
            sides: sides.clone(),
            balancer: false,
            ring: false,
        };
        (Plan::new(Size { w: 900.0, h: 560.0 }, &cast), sides)
    }

    #[test]
    fn a_whole_network_has_no_cut() {
        let (plan, sides) = split(&[]);
        assert_eq!(cut(&plan, &sides), None);
    }

    #[test]
    fn two_sides_have_one_line_and_three_have_three() {
        let (plan, sides) = split(&[&[1, 2], &[3, 4, 5]]);
        assert_eq!(cut(&plan, &sides).expect("split").d.matches('M').count(), 1);
        let (plan, sides) = split(&[&[1, 2], &[3, 4], &[5]]);
        assert_eq!(cut(&plan, &sides).expect("split").d.matches('M').count(), 3);
    }
}
