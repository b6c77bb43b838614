//! Computes the seats of nodes on an ellipse.

use crate::geometry::{Point, point};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI, TAU};

/// Seats on the ellipse, clockwise from the top, stretched to fill it from edge to edge. `turned`
/// starts half a seat earlier.
#[must_use]
pub fn seats(count: usize, turned: bool, centre: Point, rx: f64, ry: f64) -> Vec<Point> {
    // Two and four nodes stand side by side: a node's log needs the room below it.
    let first = match count {
        2 => PI,
        4 => -FRAC_PI_2 - FRAC_PI_4,
        _ => -FRAC_PI_2,
    };
    let first = if turned { first - PI / count.max(1) as f64 } else { first };
    let angle = |i: usize| first + TAU * i as f64 / count.max(1) as f64;
    let xs = filling((0..count).map(|i| angle(i).cos()).collect());
    let ys = filling((0..count).map(|i| angle(i).sin()).collect());
    let seat = |(x, y): (f64, f64)| point(centre.x + rx * x, centre.y + ry * y);
    xs.into_iter().zip(ys).map(seat).collect()
}

/// Scales numbers to the range from -1 to 1. Numbers that are all the same become 0.
fn filling(numbers: Vec<f64>) -> Vec<f64> {
    let low = numbers.iter().copied().fold(f64::MAX, f64::min);
    let high = numbers.iter().copied().fold(f64::MIN, f64::max);
    let half = (high - low) / 2.0;
    let place = |n: f64| if half < 0.1 { 0.0 } else { (n - low) / half - 1.0 };
    numbers.into_iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_that_are_turned_stand_in_three_rows() {
        let heights = |turned| {
            let mut ys: Vec<i64> = Vec::new();
            for p in seats(6, turned, point(0.0, 0.0), 100.0, 100.0) {
                let y = p.y.round() as i64;
                if !ys.contains(&y) {
                    ys.push(y);
                }
            }
            ys.sort_unstable();
            ys
        };
        assert_eq!(heights(false), [-100, -50, 50, 100]);
        assert_eq!(heights(true), [-100, 0, 100]);
    }
}
