//! Gathers operations into bars. Many short operations side by side become one bar, so that a lane
//! never has more bars than fit.

use crate::look::Fate;
use serde::{Deserialize, Serialize};

/// An operation on its lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stroke {
    /// Its number, from 1.
    pub number: u32,
    /// Its lane, from 0.
    pub lane: u32,
    /// The time of its request, in microseconds.
    pub from: u64,
    /// The time of its end, in microseconds; if it is open, the present time.
    pub to: u64,
    /// Its outcome.
    pub fate: Fate,
    /// True if it is at fault in a violation.
    pub at_fault: bool,
}

/// A bar as it is drawn: one operation, or several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bar {
    /// The operation; of several, the first one's number with the time of all.
    pub stroke: Stroke,
    /// The number of operations.
    pub count: u32,
    /// The time at which it takes effect, in microseconds, if it is known.
    pub point: Option<u64>,
    /// The request.
    pub asks: String,
    /// The result.
    pub gets: String,
}

/// The visible part of all lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// The time at the left, in microseconds.
    pub from: u64,
    /// The time at the right, in microseconds.
    pub to: u64,
    /// The time of one pixel, in microseconds.
    pub pixel: u64,
    /// The first lane, and the number of lanes.
    pub lanes: (u32, u32),
}

/// Operations that are narrower, in pixels, are drawn together.
const NARROW: u64 = 4;

/// Gathers strokes, which must come in the order of their requests. Returns each bar with the
/// number of strokes that it stands for. A stroke at fault always has a bar of its own.
pub fn gather(strokes: impl Iterator<Item = Stroke>, view: &View) -> Vec<(Stroke, u32)> {
    let (first, count) = view.lanes;
    let narrow = view.pixel * NARROW;
    let mut drawn: Vec<(Stroke, u32)> = Vec::new();
    // The bar on each lane that a narrow stroke may join.
    let mut open: Vec<Option<usize>> = vec![None; count as usize];
    for stroke in strokes {
        let Some(lane) = stroke.lane.checked_sub(first).filter(|&lane| lane < count) else {
            continue;
        };
        if stroke.to < view.from || stroke.from > view.to {
            continue;
        }
        let lane = lane as usize;
        let is_narrow = stroke.to - stroke.from < narrow && !stroke.at_fault;
        let joined = open[lane].filter(|_| is_narrow).map(|place| &mut drawn[place]);
        match joined {
            Some((bar, count)) if stroke.from <= bar.to + view.pixel => {
                bar.to = bar.to.max(stroke.to);
                bar.fate = bar.fate.max(stroke.fate);
                *count += 1;
            }
            _ => {
                open[lane] = is_narrow.then_some(drawn.len());
                drawn.push((stroke, 1));
            }
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(number: u32, lane: u32, from: u64, to: u64) -> Stroke {
        Stroke { number, lane, from, to, fate: Fate::Answered, at_fault: false }
    }

    #[test]
    fn never_more_than_fit_beside_each_other() {
        let many = |at_fault: u32| {
            (0..100_000).map(move |i| Stroke {
                at_fault: i == at_fault,
                ..stroke(i + 1, i % 3, u64::from(i) * 10, u64::from(i) * 10 + 25)
            })
        };
        let view = View { from: 0, to: 1_000_000, pixel: 1_000, lanes: (0, 3) };
        let drawn = gather(many(u32::MAX), &view);
        assert!(drawn.len() <= 3 * 1_000, "{}", drawn.len());
        assert_eq!(drawn.iter().map(|(_, count)| count).sum::<u32>(), 100_000, "none is lost");
        let drawn = gather(many(50_000), &view);
        let at_fault: Vec<_> = drawn.iter().filter(|(stroke, _)| stroke.at_fault).collect();
        assert!(matches!(at_fault[..], [(stroke, 1)] if stroke.number == 50_001));
        let near = View { from: 500_000, to: 500_100, pixel: 1, lanes: (1, 1) };
        let drawn = gather(many(u32::MAX), &near);
        assert!(drawn.iter().all(|(stroke, count)| stroke.lane == 1 && *count == 1), "{drawn:?}");
        assert!((3..=5).contains(&drawn.len()), "{drawn:?}");
    }

    #[test]
    fn what_is_wide_stands_alone_and_the_worst_shows() {
        let view = View { from: 0, to: 1_000, pixel: 10, lanes: (0, 1) };
        let failed = Stroke { fate: Fate::Failed, ..stroke(3, 0, 215, 220) };
        let strokes =
            [stroke(1, 0, 0, 200), stroke(2, 0, 205, 210), failed, stroke(4, 0, 500, 505)];
        let drawn = gather(strokes.into_iter(), &view);
        let shape: Vec<_> = drawn.iter().map(|(s, count)| (s.number, s.fate, *count)).collect();
        use Fate::{Answered, Failed};
        assert_eq!(shape, [(1, Answered, 1), (2, Failed, 2), (4, Answered, 1)]);
    }
}
