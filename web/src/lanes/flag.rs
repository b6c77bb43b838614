//! Draws faults and repairs across all lanes: crashes, cuts, and their ends.

use super::gather::View;
use crate::px::{px, text};
use crate::story::{BeatKind, Story};
use crate::words::fitted;
use quorumscope_core::run::Command;
use quorumscope_core::script::print_statement;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

/// A fault, or its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flag {
    /// Its time, in microseconds.
    pub at: u64,
    /// Its statement, such as `crash n2`.
    pub text: String,
}

/// The average width of a letter under the lanes, in pixels.
const LETTER: f64 = 7.0;
/// The width of the times at both ends, in pixels.
const TICK: f64 = 64.0;
/// The largest number of letters of a flag's caption.
const MOST_LETTERS: usize = 22;

/// The faults and repairs of a run, up to a time in microseconds.
pub fn of_run(story: &Story, commands: &[Command], until: u64) -> Vec<Flag> {
    let flag = |beat: &crate::story::Beat| match beat.kind {
        BeatKind::Fault(place) | BeatKind::Change(place) if beat.at.as_us() <= until => {
            let command = commands.get(place as usize)?;
            Some(Flag { at: beat.at.as_us(), text: print_statement(&command.statement) })
        }
        _ => None,
    };
    story.beats().iter().filter_map(flag).collect()
}

/// Draws the flags of a view as lines down to `foot`. A caption stands under a flag if it fits.
pub fn draw(
    flags: &[Flag],
    view: &View,
    x: impl Fn(u64) -> f64,
    foot: f64,
    moment: impl Fn(u64) -> String,
) -> Vec<Html> {
    let mut free = x(view.from) + TICK;
    let end = x(view.to) - TICK;
    // Lines closer than a pixel are drawn as one.
    let mut last = f64::NEG_INFINITY;
    let seen = flags.iter().filter(|flag| (view.from..=view.to).contains(&flag.at));
    seen.filter_map(|flag| {
        let at = x(flag.at);
        if at - last < 1.0 {
            return None;
        }
        last = at;
        let words = fitted(&flag.text, MOST_LETTERS);
        let half = words.chars().count() as f64 * LETTER / 2.0;
        let has_room = at - half > free && at + half < end;
        if has_room {
            free = at + half + LETTER;
        }
        let name = format!("{} at {}", flag.text, moment(flag.at));
        Some(html! {
            <g class="lane-flag" role="img" aria-label={name.clone()}>
                <title>{ name }</title>
                <path d={format!("M{} 0V{}", px(at), px(foot))} />
                { for has_room.then(|| html! {
                    <text x={text(at)} y={text(foot + 15.0)} text-anchor="middle" aria-hidden="true">{ words }</text>
                }) }
            </g>
        })
    })
    .collect()
}
