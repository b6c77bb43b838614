//! What a node is marked with: hints, its disk, its lease, a snapshot, its side of a joint
//! configuration. Thin and quiet, beside its shoulder.

use crate::px::{px, text};
use crate::scene::NodeScene;
use quorumscope_core::protocol::Mark;
use std::f64::consts::TAU;
use yew::prelude::*;

/// How far one line of marks is above the next.
const LINE: f64 = 15.0;
/// How far outside of a node its lease runs, in parts of its radius.
const LEASE: f64 = 1.1;
/// How wide a drum is.
const DRUM: f64 = 9.0;
/// A node with a smaller radius has no room above for more than two lines of marks.
const SMALL: f64 = 40.0;
/// Where there is no room for words, only so many marks are shown, as dots.
const MOST_DOTS: usize = 3;

/// The marks of a node of that radius. `inward`: to its left, for it stands at the right edge.
/// `after` so many lines that something else has taken.
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
    let most = if r < SMALL { 2 } else { usize::MAX };
    html! {
        <g class="marks">
            <title>{ format!("{}: {}", node.id, said.join(", ")) }</title>
            { for lease.map(|part| arc(part, r)) }
            if compact {
                { for beside.take(MOST_DOTS).enumerate().map(|(i, _)| dot(after * 2 + i, r)) }
            } else {
                { for beside.take(most).enumerate().map(|(i, mark)| line(after + i, *mark, r, inward)) }
            }
        </g>
    }
}

/// A lease is an arc, a snapshot stands in the log; where there is no room, what every node has is
/// left out.
fn is_beside(mark: Mark, compact: bool) -> bool {
    match mark {
        Mark::Lease { .. } | Mark::Snapshot(_) => false,
        Mark::Disk { .. } => !compact,
        Mark::Hints(..) | Mark::Joint { .. } => true,
    }
}

/// What is left of a lease: a full circle when it is new.
fn arc(part: f64, r: f64) -> Html {
    let r = r * LEASE;
    let angle = part.clamp(0.0, 0.999) * TAU;
    let (x, y) = (angle.sin() * r, -angle.cos() * r);
    let large = u8::from(part > 0.5);
    let (radius, x, y) = (px(r), px(x), px(y));
    html! { <path class="lease" d={format!("M0 -{radius}A{radius} {radius} 0 {large} 1 {x} {y}")} /> }
}

fn dot(place: usize, r: f64) -> Html {
    let (x, y) = (r * 0.8 + place as f64 * 6.0, -r * 0.8);
    html! { <circle key={place} class="mark-dot" cx={text(x)} cy={text(y)} r="2.2" /> }
}

/// A line of words, after a picture where there is one.
fn line(place: usize, mark: Mark, r: f64, inward: bool) -> Html {
    let (x, y) = (r * if inward { -0.86 } else { 0.86 }, -r * 0.8 - place as f64 * LINE);
    let drum = match mark {
        Mark::Disk { checkpoint, .. } => Some(checkpoint),
        _ => None,
    };
    let room = if drum.is_some() { DRUM + 4.0 } else { 0.0 };
    let (icon_x, text_x) = if inward { (x - DRUM, x - room) } else { (x, x + room) };
    html! {
        <g key={place}>
            { for drum.map(|checkpoint| self::drum(checkpoint, icon_x, y)) }
            <text class={classes!("mark", inward.then_some("inward"))} x={text(text_x)} y={text(y)}>
                { mark.short() }
            </text>
        </g>
    }
}

/// A disk as a drum: filled below when there is a checkpoint.
fn drum(checkpoint: bool, x: f64, y: f64) -> Html {
    let (left, right, top, foot) = (px(x), px(x + DRUM), px(y - 8.5), px(y - 1.5));
    let d = format!(
        "M{left} {top}V{foot}A4.5 2 0 0 0 {right} {foot}V{top}A4.5 2 0 0 0 {left} {top}A4.5 2 0 0 0 {right} {top}"
    );
    html! { <path class={classes!("drum", checkpoint.then_some("saved"))} {d} /> }
}
