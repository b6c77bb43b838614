//! The layout of clusters that are too large for a circle: rows in the order of ids. Every other
//! row is shifted by half a seat, so that wires pass between nodes. Wires that are not asked for,
//! arcs, and names on small discs are left out, because they would hide the rest.

use super::layout::Plan;
use crate::geometry::{Point, point};
use crate::px::px;
use crate::scene::{Cut, LinkScene, NodeScene};
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::Role;
use quorumscope_core::world::Status;
use std::rc::Rc;
use yew::prelude::*;

/// Above this number of nodes they stand in rows, and not every wire is drawn.
pub const ABOVE: usize = 25;
/// The greatest radius of a node in rows, in pixels, and the radius as a fraction of the seats'
/// distance.
const MOST_RADIUS: f64 = 30.0;
const RADIUS_OF_PITCH: f64 = 0.34;
/// The distance of rows as a fraction of the distance of seats in a row.
const ROW_OF_PITCH: f64 = 0.92;
/// The extra distance between the rows of two groups, in rows.
const GAP: f64 = 0.9;
/// From this radius on, in pixels, every name fits into its disc.
pub const NAMED_FROM: f64 = 13.0;
/// Where names do not fit, every node whose id is a multiple of this has its name written.
const NAME_EVERY: u16 = 10;
/// The largest number of wires that are drawn because they are cut or changed.
const MOST_CHANGED: usize = 200;

/// Seats for groups of nodes, and the radius of a node. The room has half axes `rx` and `ry`. Each
/// group has rows of its own.
#[must_use]
pub fn rows(groups: &[usize], centre: Point, rx: f64, ry: f64) -> (Vec<Point>, f64) {
    let (w, h) = (rx * 2.0, ry * 2.0);
    let gaps = groups.len().saturating_sub(1) as f64 * GAP;
    let rows_of = |columns: usize| {
        groups.iter().map(|group| group.div_ceil(columns)).sum::<usize>() as f64 + gaps
    };
    let pitch_of =
        |columns: usize| (w / (columns as f64 + 0.5)).min(h / (rows_of(columns) * ROW_OF_PITCH));
    let wider = |best: usize, columns: usize| {
        if pitch_of(columns) > pitch_of(best) { columns } else { best }
    };
    let count: usize = groups.iter().sum();
    let columns = (1..=count.max(1)).fold(1, wider);
    let rows = rows_of(columns).max(1.0);
    let across = w / (columns as f64 + 0.5);
    let down = (h / rows).min(across * 1.15);
    let top = centre.y - down * (rows - 1.0) / 2.0;
    let (mut seats, mut row, mut gap) = (Vec::with_capacity(count), 0, 0.0);
    for &group in groups {
        for i in 0..group {
            let (row, column) = (row + i / columns, i % columns);
            let shift = if row % 2 == 0 { 0.5 } else { 1.0 };
            let y = top + down * (row as f64 + gap);
            seats.push(point(centre.x - rx + across * (column as f64 + shift), y));
        }
        row += group.div_ceil(columns);
        gap += GAP;
    }
    (seats, (across.min(down / ROW_OF_PITCH) * RADIUS_OF_PITCH).min(MOST_RADIUS))
}

/// The wires that are shown and can be touched. In a small cluster: all. In a large one: those of
/// the node `near`, and those that are cut or changed if these are few.
#[must_use]
pub fn wires(links: &Rc<Vec<LinkScene>>, nodes: usize, near: Option<NodeId>) -> Rc<Vec<LinkScene>> {
    if nodes <= ABOVE {
        return Rc::clone(links);
    }
    let is_changed = |l: &LinkScene| l.cut != Cut::None || l.note.is_some();
    let few = links.iter().filter(|l| is_changed(l)).count() <= MOST_CHANGED;
    let is_near = |l: &LinkScene| near == Some(l.a) || near == Some(l.b);
    Rc::new(links.iter().filter(|l| is_near(l) || few && is_changed(l)).cloned().collect())
}

/// True if a node's name is written. Where discs are small, only some ordinary nodes have names.
#[must_use]
pub fn is_named(node: &NodeScene, plan: &Plan, chosen: bool) -> bool {
    let is_plain = node.status == Status::Up
        && matches!(node.role, Some(Role::Follower | Role::Replica | Role::Backup));
    plan.radius >= NAMED_FROM || chosen || !is_plain || node.id.0.is_multiple_of(NAME_EVERY)
}

/// Names that are too large for their discs. They lie over all discs, so that none is hidden.
pub fn names(plan: &Plan, named: &[NodeId]) -> Html {
    let name = |&id: &NodeId| {
        let at = plan.place(id.into())?;
        let style = format!("transform:translate({}px,{}px)", px(at.x), px(at.y + 4.5));
        Some(html! { <text key={id.0} class="eases" ~style={style}>{ id.to_string() }</text> })
    };
    html! { <g class="crowd-names" aria-hidden="true">{ for named.iter().filter_map(name) }</g> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_nodes_keep_apart_and_inside() {
        for (rx, ry) in [(330.0, 230.0), (180.0, 120.0), (120.0, 260.0)] {
            for groups in [&[26][..], &[50], &[99], &[100], &[50, 50], &[1, 98], &[33, 33, 34]] {
                let (count, centre) = (groups.iter().sum::<usize>(), point(400.0, 300.0));
                let (seats, radius) = rows(groups, centre, rx, ry);
                assert_eq!(seats.len(), count);
                for (i, a) in seats.iter().enumerate() {
                    assert!((a.x - centre.x).abs() <= rx && (a.y - centre.y).abs() <= ry, "{a:?}");
                    for b in &seats[i + 1..] {
                        assert!(a.distance(*b) > radius * 2.4, "{count}: {a:?} {b:?} {radius}");
                    }
                }
            }
        }
    }

    #[test]
    fn no_two_groups_share_a_row() {
        let (seats, radius) = rows(&[52, 48], point(400.0, 300.0), 330.0, 230.0);
        let lowest = seats[..52].iter().map(|p| p.y).fold(f64::MIN, f64::max);
        let highest = seats[52..].iter().map(|p| p.y).fold(f64::MAX, f64::min);
        assert!(highest - lowest > radius * 4.0, "{lowest} {highest} {radius}");
    }

    #[test]
    fn a_crowd_shows_the_wires_of_one_node_and_those_that_are_cut() {
        let link = |a: u16, b: u16| {
            let cut = if (a, b) == (1, 2) { Cut::Both } else { Cut::None };
            LinkScene { a: NodeId(a), b: NodeId(b), cut, note: None }
        };
        let all = (1..=40).flat_map(|a| (a + 1..=40).map(move |b| link(a, b)));
        let all = Rc::new(all.collect::<Vec<_>>());
        assert_eq!(wires(&all, 40, None).len(), 1);
        assert_eq!(wires(&all, 40, Some(NodeId(7))).len(), 40);
        assert_eq!(wires(&all, ABOVE, None).len(), all.len());
    }
}
