//! The place of the loss marker of a message that was not visible on its way: near the middle of
//! the wire, where its cross hides nothing.

use super::crowd;
use super::layout::Plan;
use super::painter::ends;
use crate::geometry::{Patch, Point};
use quorumscope_core::ids::Addr;

/// Half the size of a loss marker, in pixels.
pub const REACH: f64 = 11.0;
/// Beyond this distance from obstacles, in pixels, all places are equally good.
const CLEAR: f64 = 1.0;
/// The parts of the way that are tried, in order of their distance from its middle.
const PARTS: [f64; 15] =
    [0.5, 0.45, 0.55, 0.4, 0.6, 0.35, 0.65, 0.3, 0.7, 0.25, 0.75, 0.2, 0.8, 0.15, 0.85];

/// The place of loss markers between two addresses, in either direction: the point nearest to the
/// middle of the wire that is clear of nodes, their crowns and the text under them. In a crowd it
/// is the middle.
#[must_use]
pub fn unseen(plan: &Plan, one: Addr, other: Addr) -> Option<Point> {
    let (a, b) = if one.dense() < other.dense() { (one, other) } else { (other, one) };
    let (from, to) = ends(plan, a, b)?;
    let half = from.toward(to, 0.5);
    if is_crowd(plan) {
        return Some(half);
    }
    let room = |p: Point| {
        let cross = Patch::around(p, REACH, REACH);
        plan.nodes().map(|node| plan.clear_of(cross, node)).fold(CLEAR, f64::min)
    };
    let mut best = (room(half), half);
    for part in PARTS {
        if best.0 >= CLEAR {
            break;
        }
        let at = from.toward(to, part);
        let next = (room(at), at);
        best = if next.0 > best.0 { next } else { best };
    }
    Some(best.1)
}

/// True if there are too many nodes to keep clear of all of them.
pub fn is_crowd(plan: &Plan) -> bool {
    plan.crowded || plan.nodes().count() > crowd::ABOVE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Size;
    use crate::stage::layout::Cast;
    use quorumscope_core::ids::NodeId;

    fn plan(size: Size, nodes: u16, sides: &[&[u16]]) -> Plan {
        let ids = |side: &[u16]| side.iter().map(|&n| NodeId(n)).collect::<Vec<_>>();
        let sides = sides.iter().map(|side| ids(side)).collect();
        Plan::new(
            size,
            &Cast { nodes: (1..=nodes).map(NodeId).collect(), sides, ..Cast::default() },
        )
    }

    /// The distance of the cross on a wire from everything that belongs to a node.
    fn off(plan: &Plan, at: Point) -> f64 {
        let cross = Patch::around(at, REACH, REACH);
        plan.nodes().map(|node| plan.clear_of(cross, node)).fold(f64::MAX, f64::min)
    }

    #[test]
    fn on_a_low_stage_a_cross_hides_nothing_that_is_written() {
        for size in [Size { w: 1372.0, h: 490.0 }, Size { w: 1280.0, h: 560.0 }] {
            let plan = plan(size, 5, &[&[1, 5], &[3, 4]]);
            assert!(!plan.compact);
            let mut aside = 0;
            for (a, b) in [(1, 3), (1, 4), (5, 3), (5, 4)] {
                let [a, b] = [a, b].map(|n| NodeId(n).into());
                let at = unseen(&plan, a, b).expect("both stand there");
                assert!(off(&plan, at) > 0.0, "{a} {b} on {size:?}: {at:?}");
                let (from, to) = ends(&plan, a, b).expect("both stand there");
                aside += usize::from(off(&plan, from.toward(to, 0.5)) <= 0.0);
            }
            assert!(aside > 0, "half way something is in the way on {size:?}");
        }
    }

    #[test]
    fn where_nothing_is_in_the_way_it_is_half_way_and_the_same_both_ways() {
        let plan = plan(Size { w: 916.0, h: 560.0 }, 5, &[]);
        for (a, b) in (1..=5).flat_map(|a| (a + 1..=5).map(move |b| (a, b))) {
            let [a, b] = [a, b].map(|n| NodeId(n).into());
            let (from, to) = ends(&plan, a, b).expect("both stand there");
            let at = unseen(&plan, a, b).expect("both stand there");
            assert_eq!(unseen(&plan, b, a), Some(at));
            let half = from.toward(to, 0.5);
            assert!(at == half || off(&plan, at) > off(&plan, half), "{a} {b}: {at:?}");
            assert!(at == half || off(&plan, half) < CLEAR, "{a} {b}: {at:?}");
        }
    }

    #[test]
    fn in_a_crowd_it_is_half_way() {
        let plan = plan(Size { w: 916.0, h: 560.0 }, 60, &[]);
        let [a, b] = [1, 60].map(|n| NodeId(n).into());
        let (from, to) = ends(&plan, a, b).expect("both stand there");
        assert_eq!(unseen(&plan, b, a), Some(from.toward(to, 0.5)));
    }
}
