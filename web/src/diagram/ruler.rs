//! Draws the ruler above the lanes, the grid, and the overview of the whole run.

use super::over::Part;
use super::paper::Paper;
use super::pens::{Pens, text};
use crate::transport::strip::{self, Strip};
use quorumscope_core::diagram::Diagram;
use quorumscope_core::time::{Span, Time};

/// The least distance between two labels, in pixels.
const ROOM: f64 = 96.0;
/// The height of the overview, in pixels.
pub const OVERVIEW: f64 = 26.0;
/// The height of the ruler, in pixels. The style sheet has the same number.
const RULER: f64 = 34.0;
/// The y below the labels of operator actions, in pixels.
const UNDER_WORDS: f64 = 17.0;
/// The distance left of the edge, in pixels, at which a label still counts as whole.
const SLACK: f64 = 3.0;
/// The width of a column of the overview, in pixels.
const COLUMN: f64 = 4.0;
/// The largest number of marks that are drawn across the lanes.
const MOST_MARKS: usize = 60;

/// The ruler above the lanes: times, and the actions of people. An action left of the window's edge
/// has no label, because the visible end of the label alone would be misread.
#[must_use]
pub fn ruler(paper: &Paper<'_>, part: Part, edge: Time, marks: &Strip) -> String {
    let edge = paper.x(edge, part.origin) - SLACK;
    let (mut pens, mut out) = (Pens::default(), String::new());
    let step = step_us(ROOM * paper.tile.as_us() as f64 / super::window::TILE_PX);
    let mut at = part.from.as_us() / step * step;
    while at < part.to.as_us() {
        let x = paper.x(Time::from_us(at), part.origin);
        pens.line("dg-tick", (x, RULER - 10.0), (x, RULER));
        if x >= edge {
            text(&mut out, "dg-tick-text", (x + 3.0, RULER - 3.5), &tick_text(at, step));
        }
        at += step;
    }
    let mut last = f64::MIN;
    for mark in shown(marks, part) {
        let x = paper.x(mark.at, part.origin);
        // A flag must not run through the label before it.
        let top = if x > last { 1.0 } else { UNDER_WORDS };
        pens.line(&format!("dg-flag {}", mark.class), (x, top), (x, RULER));
        if x > last && x >= edge && !mark.label.is_empty() {
            text(&mut out, &format!("dg-flag-text {}", mark.class), (x + 4.0, 12.5), &mark.label);
            last = x + 12.0 + 8.4 * mark.label.chars().count() as f64;
        }
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup + &out
}

/// The lines across the lanes: at the labelled times, and where people acted.
#[must_use]
pub fn grid(paper: &Paper<'_>, part: Part, marks: &Strip, height: f64) -> String {
    let mut pens = Pens::default();
    let step = step_us(ROOM * paper.tile.as_us() as f64 / super::window::TILE_PX);
    let mut at = part.from.as_us() / step * step;
    while at < part.to.as_us() {
        let x = paper.x(Time::from_us(at), part.origin);
        pens.line("dg-grid", (x, 0.0), (x, height));
        at += step;
    }
    for mark in shown(marks, part).filter(|m| m.weight > 2) {
        let x = paper.x(mark.at, part.origin);
        pens.line(&format!("dg-across {}", mark.class), (x, 0.0), (x, height));
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup
}

/// The labelled actions in a part of the time, at most [`MOST_MARKS`].
fn shown(marks: &Strip, part: Part) -> impl Iterator<Item = &strip::Mark> {
    let inside = marks.marks.iter().filter(move |m| m.at >= part.from && m.at < part.to);
    inside.filter(|m| !m.label.is_empty()).take(MOST_MARKS)
}

/// The smallest step of 1, 2 or 5 times a power of ten, in microseconds, that is at least `least`.
fn step_us(least: f64) -> u64 {
    let mut power = 1;
    loop {
        for digit in [1, 2, 5] {
            if (digit * power) as f64 >= least {
                return digit * power;
            }
        }
        power *= 10;
    }
}

/// A time in seconds, with as many digits as neighbouring labels need to differ.
fn tick_text(at: u64, step: u64) -> String {
    let (s, us) = (at / 1_000_000, at % 1_000_000);
    let (digits, unit) = match step {
        1_000_000.. => return format!("{s} s"),
        100_000.. => (1, 100_000),
        10_000.. => (2, 10_000),
        1_000.. => (3, 1_000),
        100.. => (4, 100),
        10.. => (5, 10),
        _ => (6, 1),
    };
    format!("{s}.{:0digits$} s", us / unit)
}

/// The overview of the whole run: the number of events over time, and who led.
#[must_use]
pub fn overview(diagram: &Diagram, strip: &Strip, width: f64) -> String {
    let mut pens = Pens::default();
    let count = (width / COLUMN).max(1.0) as u32;
    let each = strip.end.since(Time::ZERO).scaled(1, count.into()).max(Span::from_us(1));
    let borders = diagram.borders(Time::ZERO, each, count);
    for (column, pair) in borders.windows(2).enumerate() {
        let events = pair[1].0 - pair[0].0;
        if events > 0 {
            let x = (column as f64 + 0.5) * COLUMN;
            let tall = (1.2 * f64::from(events.ilog2() + 1)).min(OVERVIEW - 8.0);
            pens.line("dg-much", (x, OVERVIEW - 6.0), (x, OVERVIEW - 6.0 - tall));
        }
    }
    for reign in &strip.reigns {
        let x = |at| strip::x(at, strip.end, width);
        let y = OVERVIEW - 3.0;
        pens.bar(&format!("dg-reign {}", reign.hue.class()), (x(reign.from), x(reign.to)), y, 4.0);
    }
    for mark in strip.marks.iter().filter(|m| m.weight > 2) {
        let x = strip::x(mark.at, strip.end, width);
        pens.line(&format!("dg-flag {}", mark.class), (x, 2.0), (x, OVERVIEW));
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        assert_eq!(
            [0.5, 1.5, 30.0, 400.0, 501.0, 2e6].map(step_us),
            [1, 2, 50, 500, 1_000, 2_000_000]
        );
    }

    #[test]
    fn ticks_have_as_many_digits_as_they_need() {
        assert_eq!(tick_text(2_345_000, 5_000), "2.345 s");
        assert_eq!(tick_text(2_000_000, 1_000_000), "2 s");
        assert_eq!(tick_text(2_500_000, 500_000), "2.5 s");
    }
}
