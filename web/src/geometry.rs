//! Plane geometry in CSS pixels, as the stage needs it.

use quorumscope_core::order;

/// A point, or a vector.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// The distance to the right, in pixels.
    pub x: f64,
    /// The distance downward, in pixels.
    pub y: f64,
}

/// A width and a height, in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// The anchor of a menu: the middle of an element on the page, and its half width.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The middle.
    pub at: Point,
    /// Half its width.
    pub reach: f64,
}

/// A point with these coordinates.
#[must_use]
pub const fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// The point at a fraction of the way to another point.
    #[must_use]
    pub fn toward(self, to: Self, fraction: f64) -> Self {
        point(self.x + (to.x - self.x) * fraction, self.y + (to.y - self.y) * fraction)
    }

    /// The point a number of pixels along the way to another point.
    #[must_use]
    pub fn step(self, to: Self, pixels: f64) -> Self {
        let length = self.distance(to);
        if length < 1e-6 { self } else { self.toward(to, pixels / length) }
    }

    /// The distance to another point.
    #[must_use]
    pub fn distance(self, to: Self) -> f64 {
        (self.x - to.x).hypot(self.y - to.y)
    }

    /// The angle from another point, clockwise from the right, in radians.
    #[must_use]
    pub fn angle_from(self, centre: Self) -> f64 {
        (self.y - centre.y).atan2(self.x - centre.x)
    }
}

/// An axis-aligned rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patch {
    /// Its upper left corner.
    pub from: Point,
    /// Its lower right corner.
    pub to: Point,
}

impl Patch {
    /// The rectangle around a point with half width `x` and half height `y`.
    #[must_use]
    pub fn around(middle: Point, x: f64, y: f64) -> Self {
        let Point { x: at_x, y: at_y } = middle;
        Self { from: point(at_x - x, at_y - y), to: point(at_x + x, at_y + y) }
    }

    /// The distance between two rectangles; zero if they touch.
    #[must_use]
    pub fn apart(self, other: Self) -> f64 {
        let x = (other.from.x - self.to.x).max(self.from.x - other.to.x).max(0.0);
        let y = (other.from.y - self.to.y).max(self.from.y - other.to.y).max(0.0);
        x.hypot(y)
    }
}

/// The distance of a point from a segment.
#[must_use]
pub fn to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = (dx * dx + dy * dy).max(1e-9);
    let along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / square;
    p.distance(a.toward(b, along.clamp(0.0, 1.0)))
}

/// The mean of some points; the origin if there are none.
#[must_use]
pub fn centroid(points: &[Point]) -> Point {
    let n = points.len().max(1) as f64;
    let sum = points.iter().fold(Point::default(), |s, p| point(s.x + p.x, s.y + p.y));
    point(sum.x / n, sum.y / n)
}

/// Twice the signed area of a triangle: positive when `c` is to the right of the way from `a` to
/// `b` (y grows downwards).
fn turn(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// True if two segments cross. Touching ends do not count.
#[must_use]
pub fn segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    turn(a, b, c) * turn(a, b, d) < 0.0 && turn(c, d, a) * turn(c, d, b) < 0.0
}

/// True if a polyline crosses a segment.
#[must_use]
pub fn line_crosses(line: &[Point], a: Point, b: Point) -> bool {
    line.windows(2).any(|piece| segments_cross(piece[0], piece[1], a, b))
}

/// The convex hull, in order around (Andrew's monotone chain, 1979).
#[must_use]
pub fn convex_hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    order::by(&mut sorted, |a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    if sorted.len() < 3 {
        return sorted;
    }
    let mut hull = half_hull(sorted.iter().copied());
    hull.extend(half_hull(sorted.into_iter().rev()));
    hull
}

/// One side of the hull without its last point.
fn half_hull(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut half: Vec<Point> = Vec::new();
    for p in points {
        while half.len() >= 2 && turn(half[half.len() - 2], half[half.len() - 1], p) <= 0.0 {
            half.pop();
        }
        half.push(p);
    }
    half.pop();
    half
}

/// A straight line between two sets of points.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// The distance between the sets across the line.
    pub width: f64,
    /// A point on the line.
    pub at: Point,
    /// The angle of the line, in radians.
    pub angle: f64,
}

/// The straight lines in the middle between two sets of points, out of 72 angles. Empty if no line
/// separates the sets.
pub fn gaps(a: &[Point], b: &[Point]) -> impl Iterator<Item = Gap> {
    let middle = centroid(&[centroid(a), centroid(b)]);
    (0..72).filter_map(move |i| {
        let angle = f64::from(i) * std::f64::consts::TAU / 72.0;
        let (nx, ny) = (-angle.sin(), angle.cos());
        let along = |p: &Point| p.x * nx + p.y * ny;
        let most = a.iter().map(along).fold(f64::MIN, f64::max);
        let least = b.iter().map(along).fold(f64::MAX, f64::min);
        let shift = f64::midpoint(most, least) - along(&middle);
        let at = point(middle.x + nx * shift, middle.y + ny * shift);
        (least > most).then_some(Gap { width: least - most, at, angle })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawn_line_crosses_what_it_crosses() {
        let line = [point(0.0, 0.0), point(10.0, 10.0), point(20.0, 0.0)];
        assert!(line_crosses(&line, point(0.0, 10.0), point(10.0, 0.0)));
        assert!(line_crosses(&line, point(15.0, -5.0), point(15.0, 20.0)));
        assert!(!line_crosses(&line, point(0.0, 11.0), point(20.0, 11.0)));
        assert!(!line_crosses(&[point(1.0, 1.0)], point(0.0, 0.0), point(2.0, 2.0)));
    }

    #[test]
    fn a_segment_is_as_far_as_its_nearest_point() {
        let (a, b) = (point(0.0, 0.0), point(10.0, 0.0));
        let far =
            [(5.0, 3.0), (-3.0, 4.0), (14.0, 3.0)].map(|(x, y)| to_segment(point(x, y), a, b));
        assert_eq!(far, [3.0, 5.0, 5.0]);
        assert_eq!(to_segment(point(3.0, 4.0), a, a), 5.0);
    }

    #[test]
    fn patches_are_as_far_apart_as_their_nearest_points() {
        let patch = |x, y| Patch::around(point(x, y), 2.0, 1.0);
        assert_eq!(patch(0.0, 0.0).apart(patch(7.0, 6.0)), 5.0);
        assert_eq!(patch(0.0, 0.0).apart(patch(0.0, -3.0)), 1.0);
        assert_eq!(patch(0.0, 0.0).apart(patch(3.0, 1.0)), 0.0);
    }

    #[test]
    fn the_hull_leaves_out_what_is_inside() {
        let square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (2.0, 1.0), (2.0, 0.0)];
        let hull = convex_hull(&square.map(|(x, y)| point(x, y)));
        assert_eq!(hull.len(), 4);
        assert!(!hull.contains(&point(2.0, 1.0)));
        assert_eq!(convex_hull(&[point(1.0, 1.0)]), [point(1.0, 1.0)]);
    }

    #[test]
    fn the_widest_gap_is_in_the_middle_between_both() {
        let a = [point(0.0, 0.0), point(0.0, 10.0)];
        let b = [point(8.0, 0.0), point(8.0, 10.0)];
        let widest = gaps(&a, &b).max_by(|g, h| g.width.total_cmp(&h.width));
        let Gap { width, at, angle } = widest.expect("they are apart");
        assert!((at.x - 4.0).abs() < 1e-9 && (width - 8.0).abs() < 1e-9, "{at:?} {width}");
        assert!(angle.cos().abs() < 1e-9, "upright");
        let mixed = [point(-1.0, 5.0), point(9.0, 5.0)];
        assert_eq!(gaps(&mixed, &[point(4.0, 4.9), point(4.0, 5.1)]).count(), 0);
    }
}
