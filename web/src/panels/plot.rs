//! Draws a small plot of bars over time. Failures grow downwards, so that colour is not the only
//! difference. A summary stands beside the plot as text.

use crate::px::px;
use std::fmt::Write;
use yew::prelude::*;

/// The width and height of the plot's view box. It is stretched to the width of the panel.
const SIZE: (f64, f64) = (300.0, 44.0);
/// The least height of a bar that is not zero.
const LEAST: f64 = 2.0;
/// The gap between two bars, as a fraction of their distance.
const GAP: f64 = 0.2;

/// A number for each bin of time, oldest first.
pub struct Bars {
    /// The class of the bars.
    pub class: &'static str,
    /// The numbers.
    pub values: Vec<u32>,
}

/// A plot.
pub struct Plot {
    /// The title.
    pub title: &'static str,
    /// The summary.
    pub says: String,
    /// The bars that grow upwards.
    pub up: Option<Bars>,
    /// The bars that grow downwards, on the same scale.
    pub down: Option<Bars>,
}

impl Plot {
    /// Draws the plot.
    pub fn draw(&self) -> Html {
        let most = |bars: &Option<Bars>| bars.as_ref().map_or(0, |b| highest(&b.values));
        let (above, below) = (most(&self.up), most(&self.down));
        let line = zero_line(above, below);
        let draw = |bars: &Bars, most: u32, room: f64| {
            let d = path(&bars.values, most, line, room);
            html! { <path class={classes!("bars", bars.class)} {d} /> }
        };
        let view_box = format!("0 0 {} {}", px(SIZE.0), px(SIZE.1));
        let base = format!("M0 {}H{}", px(line), px(SIZE.0));
        html! {
            <figure class="plot">
                <figcaption><b>{ self.title }</b><span>{ &self.says }</span></figcaption>
                <svg viewBox={view_box} preserveAspectRatio="none" role="img"
                    aria-label={format!("{} over time: {}", self.title, self.says)}>
                    { for self.up.iter().map(|bars| draw(bars, above, -line)) }
                    { for self.down.iter().map(|bars| draw(bars, below, SIZE.1 - line)) }
                    <path class="zero" d={base} />
                </svg>
            </figure>
        }
    }
}

fn highest(values: &[u32]) -> u32 {
    values.iter().copied().max().unwrap_or(0)
}

/// The y of the zero line. Both sides have the same scale, and each keeps room for its smallest
/// bar.
fn zero_line(above: u32, below: u32) -> f64 {
    let share = f64::from(above) / (f64::from(above) + f64::from(below)).max(1.0);
    let room = |of: u32| if of > 0 { LEAST + 2.0 } else { 0.5 };
    if above == 0 && below == 0 {
        return SIZE.1 - room(0);
    }
    (SIZE.1 * share).clamp(room(above), SIZE.1 - room(below))
}

/// The path of bars from `line`. The highest is `room` long; negative is upwards.
fn path(values: &[u32], most: u32, line: f64, room: f64) -> String {
    let pitch = SIZE.0 / values.len().max(1) as f64;
    let mut d = String::new();
    for (i, &value) in values.iter().enumerate().filter(|&(_, &v)| v > 0) {
        let high = room * f64::from(value) / f64::from(most);
        let high = if high.abs() < LEAST { LEAST.copysign(room) } else { high };
        let (x, width) = (pitch * (i as f64 + GAP / 2.0), pitch * (1.0 - GAP));
        // Writing to a string cannot fail.
        let _ = write!(d, "M{} {}h{}v{}h-{}Z", px(x), px(line), px(width), px(high), px(width));
    }
    d
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_not_drawn_and_little_can_be_seen() {
        let d = path(&[0, 1, 1_000], 1_000, 40.0, -40.0);
        assert_eq!(d.matches('M').count(), 2);
        assert!(d.contains("v-2h") && d.contains("v-40h"), "{d}");
    }

    #[test]
    fn the_line_leaves_room_on_both_sides_for_what_is_there() {
        assert_eq!(zero_line(0, 0), SIZE.1 - 0.5);
        assert_eq!(zero_line(5, 0), SIZE.1 - 0.5);
        assert_eq!(zero_line(10, 10), SIZE.1 / 2.0);
        assert_eq!(zero_line(1_000_000, 1), SIZE.1 - 4.0);
        assert_eq!(zero_line(0, 3), 0.5);
    }
}
