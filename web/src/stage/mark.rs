//! The marks beside a node's shoulder: hints, disk, lease, snapshot, and its side of a joint
//! configuration. They are thin, so that they do not compete with the node.

use crate::px::{px, text};
use crate::scene::NodeScene;
use quorumscope_core::protocol::Mark;
use std::f64::consts::TAU;
use yew::prelude::*;

/// The distance between two lines of marks: in pixels at least, and as a fraction of the radius.
const LINE: f64 = 15.0;
const LINE_OF_RADIUS: f64 = 0.3;
/// The radius of a lease's arc, as a multiple of the node's radius.
const LEASE: f64 = 1.1;
/// The width of the symbol of a disk, in pixels.
const DRUM: f64 = 9.0;
/// Hints for more nodes than this are summed up: there is no room above a node for more lines.
const MOST_HOMES: usize = 2;
/// Where there is no room for words, this many marks are shown, as dots.
const MOST_DOTS: usize = 3;

/// Draws the marks of a node with radius `r`. `inward` puts them to its left, because it stands at
/// the right edge. The first `after` lines are left free for other drawings.
pub fn marks(node: &NodeScene, r: f64, compact: bool, inward: bool, after: usize) -> Html {
    if node.marks.is_empty() {
        return html! {};
    }
    let said: Vec<String> = node.marks.iter().map(ToString::to_string).collect();
    let lease = node.marks.iter().find_map(|mark| match mark {
        Mark::Lease { left, whole } => Some(left.as_us() as f64 / whole.as_us().max(1) as f64),
        _ => None,
    });
    let beside = node.marks.iter().filter(|mark| is_beside(**mark, compact));
    let pitch = (r * LINE_OF_RADIUS).max(LINE);
    html! {
        <g class="marks">
            <title>{ format!("{}: {}", node.id, said.join(", ")) }</title>
            { for lease.map(|part| arc(part, r)) }
            if compact {
                { for beside.take(MOST_DOTS).enumerate().map(|(i, _)| dot(after * 2 + i, r)) }
            } else {
                { for lines(&beside.copied().collect::<Vec<_>>()).into_iter().enumerate().map(|(i, (said, drum))| {
                    line((after + i) as f64 * pitch, &said, drum, r, inward)
                }) }
            }
        </g>
    }
}

/// True for marks that stand beside the node. A lease is an arc, and a snapshot stands in the log.
/// Where there is no room, the disk is left out, because every node has one.
fn is_beside(mark: Mark, compact: bool) -> bool {
    match mark {
        Mark::Lease { .. } | Mark::Snapshot(_) => false,
        Mark::Disk { .. } => !compact,
        Mark::Hints(..) | Mark::Joint { .. } => true,
    }
}

/// The arc of a lease. `part` is the fraction that is left; a new lease is a full circle.
pub fn arc(part: f64, r: f64) -> Html {
    let r = r * LEASE;
    let angle = part.clamp(0.0, 0.999) * TAU;
    let (x, y) = (angle.sin() * r, -angle.cos() * r);
    let large = u8::from(part > 0.5);
    let (radius, x, y) = (px(r), px(x), px(y));
    html! { <path class="lease" d={format!("M0 -{radius}A{radius} {radius} 0 {large} 1 {x} {y}")} /> }
}

pub fn dot(place: usize, r: f64) -> Html {
    let (x, y) = (r * 0.8 + place as f64 * 6.0, -r * 0.8);
    html! { <circle key={place} class="mark-dot" cx={text(x)} cy={text(y)} r="2.2" /> }
}

/// The text of each line, and for a disk whether it has a checkpoint. Hints for many nodes share
/// one line; the title and the node's panel have the details.
fn lines(marks: &[Mark]) -> Vec<(String, Option<bool>)> {
    let hints = marks.iter().filter_map(|mark| match *mark {
        Mark::Hints(_, versions) => Some(versions),
        _ => None,
    });
    let (homes, kept) = hints.fold((0, 0), |(homes, kept), versions| (homes + 1, kept + versions));
    let many = homes > MOST_HOMES;
    let mut lines: Vec<_> =
        many.then(|| (format!("{kept} for {homes} nodes"), None)).into_iter().collect();
    for &mark in marks {
        match mark {
            Mark::Hints(..) if many => {}
            Mark::Disk { checkpoint, .. } => lines.push((mark.short(), Some(checkpoint))),
            _ => lines.push((mark.short(), None)),
        }
    }
    lines
}

/// Draws a line of text above the first one, after its symbol if it has one.
fn line(above: f64, said: &str, drum: Option<bool>, r: f64, inward: bool) -> Html {
    let (x, y) = (r * if inward { -0.86 } else { 0.86 }, -r * 0.8 - above);
    let room = if drum.is_some() { DRUM + 4.0 } else { 0.0 };
    let (icon_x, text_x) = if inward { (x - DRUM, x - room) } else { (x, x + room) };
    html! {
        <g key={said}>
            { for drum.map(|checkpoint| self::drum(checkpoint, icon_x, y)) }
            <text class={classes!("mark", inward.then_some("inward"))} x={text(text_x)} y={text(y)}>
                { said }
            </text>
        </g>
    }
}

/// The symbol of a disk: a drum, filled at the bottom if there is a checkpoint.
pub fn drum(checkpoint: bool, x: f64, y: f64) -> Html {
    let (left, right, top, foot) = (px(x), px(x + DRUM), px(y - 8.5), px(y - 1.5));
    let d = format!(
        "M{left} {top}V{foot}A4.5 2 0 0 0 {right} {foot}V{top}A4.5 2 0 0 0 {left} {top}A4.5 2 0 0 0 {right} {top}"
    );
    html! { <path class={classes!("drum", checkpoint.then_some("saved"))} {d} /> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::ids::NodeId;

    #[test]
    fn hints_for_many_are_counted() {
        let hint = |n| Mark::Hints(NodeId(n), 2);
        let said = |marks: &[Mark]| lines(marks).into_iter().map(|l| l.0).collect::<Vec<_>>();
        assert_eq!(said(&[hint(2), hint(3)]), ["2 for n2", "2 for n3"]);
        let disk = Mark::Disk { records: 7, checkpoint: true };
        assert_eq!(said(&[hint(2), hint(3), hint(4), disk]), ["6 for 3 nodes", "7"]);
    }
}
