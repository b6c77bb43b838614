//! The visible part of the lanes, and the buttons that change it.

use super::gather::{Stroke, View};
use super::{Lanes, Msg};
use crate::icons;
use yew::html::Scope;
use yew::prelude::*;

/// The largest number of lanes that are drawn at once.
const MOST_LANES: u32 = 24;
/// The shortest time that fills the width, in microseconds.
const LEAST: u64 = 2_000;
/// The time that is visible while the view follows the playhead, in microseconds.
const FOLLOWED: u64 = 3_000_000;

/// The extent of all operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The time of the first request, in microseconds.
    pub from: u64,
    /// The end, in microseconds.
    pub to: u64,
    /// The number of lanes.
    pub lanes: u32,
}

/// The visible part of an extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    time: Part,
    /// The first lane.
    lane: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    All,
    /// The last part of the time, of this length in microseconds.
    Last(u64),
    Fixed(u64, u64),
}

impl Sight {
    /// All of the time.
    pub const ALL: Self = Self { time: Part::All, lane: 0 };
    /// The last three seconds. The view moves on with time.
    pub const FOLLOW: Self = Self { time: Part::Last(FOLLOWED), lane: 0 };

    /// The present view. It stays where it is while time goes on.
    pub fn fixed(view: View) -> Self {
        Self { time: Part::Fixed(view.from, view.to), lane: view.lanes.0 }
    }

    /// The view of this part on a width in pixels.
    pub fn view(self, all: Extent, pixels: f64) -> View {
        let (from, to) = match self.time {
            Part::All => (all.from, all.to),
            Part::Last(span) => (all.to.saturating_sub(span).max(all.from), all.to),
            Part::Fixed(from, to) => (from, to),
        };
        let to = to.max(from + LEAST);
        let first = self.lane.min(all.lanes.saturating_sub(1));
        let lanes = (first, (all.lanes - first).min(MOST_LANES));
        View { from, to, pixel: ((to - from) as f64 / pixels.max(1.0)) as u64 + 1, lanes }
    }

    /// Multiplies the visible time by a factor. The time at `around`, a fraction of the width,
    /// stays.
    pub fn zoomed(self, factor: f64, around: f64, view: View, all: Extent) -> Self {
        let old = (view.to - view.from) as f64;
        let new = (old * factor).clamp(LEAST as f64, (all.to - all.from).max(LEAST) as f64);
        if let Part::Last(_) = self.time {
            return Self { time: Part::Last(new as u64), ..self };
        }
        let from = view.from as f64 + (old - new) * around;
        self.from(from, new, all)
    }

    /// Pans by a number of pixels; positive is later.
    pub fn panned(self, pixels: f64, view: View, all: Extent) -> Self {
        let start = match self.time {
            Part::Fixed(from, _) => from,
            _ => view.from,
        };
        let from = start as f64 + pixels * view.pixel as f64;
        self.from(from, (view.to - view.from) as f64, all)
    }

    fn from(self, from: f64, span: f64, all: Extent) -> Self {
        let latest = (all.to as f64 - span).max(all.from as f64);
        let from = from.clamp(all.from as f64, latest) as u64;
        Self { time: Part::Fixed(from, from + span as u64), ..self }
    }

    /// The part in which an operation, or several, are well visible.
    pub fn at(self, stroke: &Stroke, all: Extent, lanes: (u32, u32)) -> Self {
        let span = ((stroke.to - stroke.from) * 4).max(LEAST * 5) as f64;
        let middle = (stroke.from + stroke.to) as f64 / 2.0;
        let seen = (lanes.0..lanes.0 + lanes.1).contains(&stroke.lane);
        let lane = if seen { self.lane } else { stroke.lane.saturating_sub(MOST_LANES / 2) };
        Self { lane, ..self.from(middle - span / 2.0, span.min((all.to - all.from) as f64), all) }
    }

    fn is_following(self) -> bool {
        matches!(self.time, Part::Last(_))
    }
}

/// The buttons above the lanes.
pub fn controls(sight: Sight, all: Extent, view: View, link: &Scope<Lanes>) -> Html {
    let to = |sight: Sight| link.callback(move |_: MouseEvent| Msg::Sight(sight));
    let zoom = |factor| to(sight.zoomed(factor, 0.5, view, all));
    let (first, count) = view.lanes;
    let lane = |lane| to(Sight { lane, ..sight });
    let paged = all.lanes > MOST_LANES;
    let icon = |name: &'static str, path: &'static str, on| {
        html! { <button type="button" class="icon" aria-label={name} title={name} onclick={on}>{ icons::stroke(path) }</button> }
    };
    html! {
        <div class="lane-controls">
            { icon("Zoom in", icons::PLUS, zoom(0.5)) }
            { icon("Zoom out", icons::MINUS, zoom(2.0)) }
            <button type="button" aria-pressed={(sight.time == Part::All).to_string()} onclick={to(Sight { time: Part::All, ..sight })}>{ "All" }</button>
            <button type="button" aria-pressed={sight.is_following().to_string()} onclick={to(Sight { time: Part::Last(FOLLOWED), ..sight })}>{ "Latest" }</button>
            <span class="grow"></span>
            if paged {
                <span class="soft">{ format!("{}\u{2013}{} of {}", first + 1, first + count, all.lanes) }</span>
                { icon("Previous lanes", icons::UP, lane(first.saturating_sub(MOST_LANES))) }
                { icon("Next lanes", icons::DOWN, lane((first + MOST_LANES).min(all.lanes - 1))) }
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXTENT: Extent = Extent { from: 1_000_000, to: 11_000_000, lanes: 60 };

    #[test]
    fn what_is_seen_never_leaves_what_there_is() {
        let mut sight = Sight::FOLLOW;
        let inside = |sight: Sight| {
            let view = sight.view(EXTENT, 300.0);
            assert!(
                EXTENT.from <= view.from && view.from < view.to && view.to <= EXTENT.to,
                "{view:?}"
            );
            assert!(view.lanes.1 <= MOST_LANES && view.lanes.0 + view.lanes.1 <= EXTENT.lanes);
            view
        };
        assert_eq!(inside(sight).from, 8_000_000);
        for factor in [0.5, 0.1, 30.0, 0.001, 1_000.0, 0.25] {
            sight = sight.zoomed(factor, 0.3, inside(sight), EXTENT);
        }
        for pixels in [-10_000.0, 3.0, 10_000.0, -40.0] {
            sight = sight.panned(pixels, inside(sight), EXTENT);
        }
        let (fate, at_fault) = (crate::look::Fate::Answered, false);
        let stroke =
            Stroke { number: 1, lane: 50, from: 10_990_000, to: 11_000_000, fate, at_fault };
        let view = inside(sight.at(&stroke, EXTENT, (0, 24)));
        assert!(view.from <= stroke.from && stroke.to <= view.to);
        assert!((view.lanes.0..view.lanes.0 + view.lanes.1).contains(&50));
    }
}
