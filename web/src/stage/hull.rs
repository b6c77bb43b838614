//! The sides of a split network: a soft hull around each, and the cut between them.

use crate::geometry::{Point, Size, centroid, convex_hull, point, separator};
use crate::stage::layout::Plan;
use quorumscope_core::ids::NodeId;
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
        let _ = write!(d, "{}{:.0} {:.0}", if i == 0 { 'M' } else { 'L' }, p.x, p.y);
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
    /// The middle of the label.
    pub label: Point,
}

/// The lines between the sides of a split; None while the network is whole.
#[must_use]
pub fn cut(plan: &Plan, sides: &[Vec<NodeId>]) -> Option<Cut> {
    let places: Vec<Vec<Point>> = sides.iter().map(|s| plan.places(s)).collect();
    match &places[..] {
        [] | [_] => None,
        [a, b] => {
            let (at, angle) = separator(a, b).unwrap_or_else(|| bisector(a, b));
            Some(chord(plan.size, at, angle))
        }
        more => Some(star(plan, more)),
    }
}

/// Half way between the middles of two sides that no line separates.
fn bisector(a: &[Point], b: &[Point]) -> (Point, f64) {
    let (a, b) = (centroid(a), centroid(b));
    (a.toward(b, 0.5), b.angle_from(a) + std::f64::consts::FRAC_PI_2)
}

/// A line through the stage with a slight bow, so that it is seen to be drawn and not a wire.
fn chord(size: Size, at: Point, angle: f64) -> Cut {
    let one = to_edge(size, at, angle);
    let two = to_edge(size, at, angle + std::f64::consts::PI);
    let (top, low) = if one.y < two.y || (one.y - two.y).abs() < 1.0 && one.x < two.x {
        (one, two)
    } else {
        (two, one)
    };
    let bow = top.distance(low) * 0.03;
    let (across, along) = ((angle + std::f64::consts::FRAC_PI_2).sin_cos(), 0.5);
    let middle = top.toward(low, along);
    let bend = point(middle.x + across.1 * bow * 2.0, middle.y + across.0 * bow * 2.0);
    let d = format!(
        "M{:.0} {:.0}Q{:.0} {:.0} {:.0} {:.0}",
        top.x, top.y, bend.x, bend.y, low.x, low.y
    );
    Cut { d, label: label_inside(size, top.step(low, 24.0)) }
}

/// Rays from the middle between each two neighbouring sides.
fn star(plan: &Plan, sides: &[Vec<Point>]) -> Cut {
    let angles = |s: &Vec<Point>| s.iter().map(|p| p.angle_from(plan.centre)).collect::<Vec<_>>();
    let mut around: Vec<(f64, usize)> = Vec::new();
    for (i, side) in sides.iter().enumerate() {
        around.extend(angles(side).into_iter().map(|a| (a, i)));
    }
    around.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut d = String::new();
    let mut label = plan.centre;
    for (i, &(angle, side)) in around.iter().enumerate() {
        let (mut next, other) = around[(i + 1) % around.len()];
        if i + 1 == around.len() {
            next += std::f64::consts::TAU;
        }
        if side != other {
            let end = to_edge(plan.size, plan.centre, (angle + next) / 2.0);
            let _ = write!(
                d,
                "M{:.0} {:.0}L{:.0} {:.0}",
                plan.centre.x, plan.centre.y, end.x, end.y
            );
            if end.y < label.y {
                label = end.step(plan.centre, 24.0);
            }
        }
    }
    Cut { d, label: label_inside(plan.size, label) }
}

/// Where a ray from inside the stage leaves it, a little inside the edge.
fn to_edge(size: Size, from: Point, angle: f64) -> Point {
    let (dy, dx) = angle.sin_cos();
    let inset = 6.0;
    let reach = |p: f64, d: f64, most: f64| {
        if d > 1e-9 {
            (most - inset - p) / d
        } else if d < -1e-9 {
            (inset - p) / d
        } else {
            f64::MAX
        }
    };
    let length = reach(from.x, dx, size.w).min(reach(from.y, dy, size.h)).max(0.0);
    point(from.x + dx * length, from.y + dy * length)
}

fn label_inside(size: Size, p: Point) -> Point {
    point(p.x.clamp(50.0, (size.w - 50.0).max(50.0)), p.y.clamp(18.0, (size.h - 18.0).max(18.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stage::layout::Cast;

    fn split(groups: &[&[u16]]) -> (Plan, Vec<Vec<NodeId>>) {
        let sides: Vec<Vec<NodeId>> =
            groups.iter().map(|g| g.iter().map(|&n| NodeId(n)).collect()).collect();
        let cast = Cast {
            nodes: (1..=5).map(NodeId).collect(),
            clients: Vec::new(),
            sides: sides.clone(),
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
