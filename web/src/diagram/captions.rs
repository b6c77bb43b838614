//! Captions on the lanes: the state of a node or client, and the operation that a client runs.
//!
//! A caption stands on the film where its state or operation begins. If that lies left of the
//! window, the caption is pinned to the left edge of the window, so that every part of a long run
//! is labelled. Captions avoid bars and the marks of lost messages; a caption that finds no free
//! place is left out.

use super::over::Part;
use super::paper::Paper;
use super::pens::text;
use super::tile::ends;
use crate::look::{FAULT, being};
use quorumscope_core::diagram::{Bar, End, Stand};
use quorumscope_core::ids::Addr;
use quorumscope_core::signs::{Aspect, Reach};
use quorumscope_core::time::Time;

/// The largest number of captions that are drawn.
const MOST: usize = 160;
/// The gap before a caption, in pixels.
const PAD: f64 = 4.0;
/// The average width of a letter, as a fraction of the font size.
const LETTER: f64 = 0.56;
/// The step, in letters, in which a caption shrinks while its bar leaves the window.
const AT_A_TIME: usize = 4;
/// The step in pixels to the right in which a free place is searched for, and the number of steps.
const STEP: f64 = 18.0;
const STEPS: u32 = 24;
/// The largest number of lost messages whose marks are avoided.
const MOST_DEATHS: usize = 300;
/// Half the size of the mark of a lost message, in pixels.
const DEATH: f64 = 5.0;

/// A horizontal range in pixels: its left and right ends.
type Range = (f64, f64);

/// The captions of one picture, collected as SVG markup.
pub struct Captions<'a> {
    paper: &'a Paper<'a>,
    part: Part,
    /// The time of the playhead.
    now: Time,
    /// The left edge of the window, in pixels on the film.
    edge: f64,
    deaths: Vec<(f64, f64)>,
    count: usize,
    /// Captions that move with the film.
    pub film: String,
    /// Captions that are pinned to the left edge of the window.
    pub pinned: String,
}

impl<'a> Captions<'a> {
    /// Starts with no captions. `part` is the visible part of the time, without the margin that is
    /// drawn around it.
    #[must_use]
    pub fn new(paper: &'a Paper<'a>, part: Part, now: Time) -> Self {
        let edge = paper.x(part.from, part.origin);
        let (film, pinned) = (String::new(), String::new());
        Self { paper, part, now, edge, deaths: Vec::new(), count: 0, film, pinned }
    }

    /// Collects the places of lost messages, so that captions avoid them.
    pub fn avoid_deaths(&mut self) {
        let diagram = self.paper.diagram;
        let ids = diagram.between(self.part.from, self.part.to);
        let lost = diagram.lost(ids).iter().take(MOST_DEATHS);
        let lines = lost.filter_map(|id| diagram.line(*id)).filter(|l| l.end != End::Arrived);
        let place = |line| Some(ends(self.paper, &line, self.part.origin)?.1);
        self.deaths = lines.filter_map(place).collect();
    }

    /// The estimated width of a text, in pixels.
    fn wide(&self, words: &str) -> f64 {
        words.chars().count() as f64 * LETTER * self.paper.letters()
    }

    /// The number of letters that fit into the visible part of a range.
    #[must_use]
    pub fn letters_in(&self, (from, to): Range) -> usize {
        let room = to - from.max(self.edge) - 2.0 * PAD;
        let letters = (room / (LETTER * self.paper.letters())).max(0.0) as usize;
        // A bar that leaves the window loses several letters at a time, so its caption seldom
        // changes.
        if from < self.edge { letters - letters % AT_A_TIME } else { letters }
    }

    /// Adds a caption at the left end of a range, or pins it if that end is left of the window.
    pub fn write(&mut self, class: &str, from: f64, y: f64, words: &str) {
        if self.count < MOST {
            self.count += 1;
            if from < self.edge {
                text(&mut self.pinned, class, (PAD, y), words);
            } else {
                text(&mut self.film, class, (from + PAD, y), words);
            }
        }
    }

    /// Adds captions for the state and the reachability of every lane.
    pub fn stands(&mut self) {
        for &who in self.paper.lanes {
            let (Some(y), Some(lane)) = (self.paper.y(who), self.paper.diagram.lane(who)) else {
                continue;
            };
            // Bands and ticks leave no room for captions on a narrow node lane.
            if who.node().is_some() && !self.paper.is_roomy() {
                continue;
            }
            let stands = lane.stands(self.part.from, self.part.to);
            let bars = lane.bars(self.part.from, self.part.to);
            for (from, to, aspect) in runs(stands) {
                let words = words(&aspect);
                if words.is_empty() || self.goes_without(from, to, &aspect) {
                    continue;
                }
                let x = |time| self.paper.x(time, self.part.origin);
                let range = (x(from), to.map_or(x(self.part.to), x));
                self.stand(who, &aspect, range, y, bars, &words);
            }
        }
    }

    /// True if the name beside the lane already shows this state. On close lanes the repeated
    /// caption would cover what passes by.
    fn goes_without(&self, from: Time, to: Option<Time>, aspect: &Aspect) -> bool {
        let is_said =
            from < self.part.from && self.now >= from && to.is_none_or(|to| self.now < to);
        is_said && self.paper.is_close() && !is_apart(aspect.reach)
    }

    fn stand(
        &mut self,
        who: Addr,
        aspect: &Aspect,
        (from, to): Range,
        y: f64,
        bars: &[Bar],
        words: &str,
    ) {
        let above = who.node().is_some();
        let look = if is_apart(aspect.reach) { FAULT } else { self.paper.hue(who, aspect).class() };
        let class = format!("dg-label {look}");
        let y = if above { y - 6.5 } else { y + 0.34 * self.paper.letters() };
        let wide = self.wide(words);
        if from < self.edge {
            let free = (self.edge, self.edge + wide + 2.0 * PAD);
            if to >= free.1 && self.is_free_of_bars(bars, free) {
                self.write(&class, from, y, words);
            }
            return;
        }
        let places = (0..STEPS).map(|i| from + STEP * f64::from(i));
        let fits = |at: &f64| {
            let range = (*at, at + wide + 2.0 * PAD);
            range.1 <= to && self.is_free_of_bars(bars, range) && self.is_free_of_deaths(range, y)
        };
        if let Some(at) = places.take_while(|at| *at < to).find(fits) {
            self.write(&class, at, y, words);
        }
    }

    fn is_free_of_bars(&self, bars: &[Bar], (from, to): Range) -> bool {
        let x = |time| self.paper.x(time, self.part.origin);
        let ends = |bar: &Bar| bar.to.map_or(f64::MAX, |(_, at)| x(at));
        bars.iter().all(|bar| ends(bar) < from || x(bar.from.1) > to)
    }

    fn is_free_of_deaths(&self, (from, to): Range, y: f64) -> bool {
        let (top, foot) = (y - self.paper.letters() - DEATH, y + DEATH);
        let wide = (from - DEATH)..(to + DEATH);
        !self.deaths.iter().any(|(x, at)| wide.contains(x) && (top..foot).contains(at))
    }
}

/// True if the node or client is isolated, or is on the minority side of a partition.
fn is_apart(reach: Reach) -> bool {
    matches!(reach, Reach::Alone | Reach::Side { majority: false, .. })
}

/// Consecutive states that have the same caption, merged: start, end and state. The last has no
/// end.
fn runs(stands: &[Stand]) -> impl Iterator<Item = (Time, Option<Time>, Aspect)> {
    let mut rest = stands;
    std::iter::from_fn(move || {
        let first = rest.first()?;
        let said = words(&first.aspect);
        let count = rest.iter().take_while(|stand| words(&stand.aspect) == said).count();
        rest = &rest[count..];
        Some((first.from, rest.first().map(|next| next.from), first.aspect))
    })
}

/// The caption of a state: status or role, then its reachability if that is limited.
fn words(aspect: &Aspect) -> String {
    let mut words = being(aspect.status, aspect.role, aspect.term);
    let cut = match aspect.reach {
        Reach::Whole | Reach::Side { majority: true, .. } => return words,
        Reach::Alone => "isolated",
        Reach::Side { .. } => "in the minority",
        Reach::Partly => "partly cut off",
    };
    if !words.is_empty() {
        words.push_str(", ");
    }
    words.push_str(cut);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::diagram::{Diagram, lanes};
    use quorumscope_core::protocol::{Role, Term};
    use quorumscope_core::script;
    use quorumscope_core::session::Session;
    use quorumscope_core::time::Span;
    use quorumscope_core::world::Status;

    /// The captions on the film and at the edge between two times, in milliseconds.
    fn written(script_text: &str, pitch: u32, (from, to): (u64, u64)) -> (String, String) {
        let session = Session::new(script::parse(script_text).expect("the script is right"));
        let mut diagram = Diagram::default();
        diagram.read(session.timeline(0));
        let lanes = lanes(session.world(0));
        let tile = Span::from_ms(200);
        let paper = Paper { diagram: &diagram, lanes: &lanes, pitch, tile, own_tints: false };
        let part = Part { origin: Time::ZERO, from: Time::from_ms(from), to: Time::from_ms(to) };
        let mut captions = Captions::new(&paper, part, session.now());
        captions.avoid_deaths();
        captions.stands();
        (captions.film, captions.pinned)
    }

    const CUT: &str = "cluster raft nodes=3 clients=1 seed=7\n\
        @1s partition n1 | n2 n3 c1\n@2s c1 get x\n@4s crash n2\n@5s show";

    #[test]
    fn what_began_before_the_window_stands_at_its_edge() {
        let cut = CUT.replace("seed=7", "seed=1");
        let (film, pinned) = written(&cut, 30, (3_000, 4_800));
        assert!(pinned.contains("x=\"4\"") && pinned.contains("isolated"), "{pinned}");
        assert!(film.contains(">crashed<") && !film.contains("isolated"), "{film}");
        assert!(!pinned.contains("crashed"), "{pinned}");
    }

    #[test]
    fn close_lanes_say_once_what_somebody_is_now() {
        let two = "cluster raft nodes=3 clients=1 seed=7\n@1s crash n1\n@5s show";
        let at = |pitch| written(two, pitch, (3_000, 4_800)).1;
        assert!(at(30).contains("crashed"));
        assert!(!at(20).contains("crashed"), "the name beside it says so");
        let (film, pinned) = written(CUT, 18, (3_000, 4_800));
        assert!(!film.contains("crashed") && !pinned.contains("isolated"), "{film} {pinned}");
        let apart = written(CUT, 20, (3_000, 3_900)).1;
        assert!(apart.contains("isolated"), "the name says cut: {apart}");
    }

    #[test]
    fn words_of_a_client_never_lie_on_what_it_asked() {
        let cut = CUT
            .replace("n2 n3 c1", "n2 n3")
            .replace("@1s partition", "@1s isolate n2\n@1s partition");
        let free = "partly cut off</text>";
        let before = written(&cut, 30, (500, 1_900));
        assert!(before.0.contains(free), "c1 asks nothing yet: {}", before.0);
        let asking = written(&cut, 30, (2_001, 2_300));
        assert!(!asking.1.contains(&format!(">{free}")), "its bar begins at 2 s: {}", asking.1);
    }

    #[test]
    fn words_say_status_and_reach() {
        let up = Aspect {
            status: Status::Up,
            role: Some(Role::Leader),
            term: Some(Term(2)),
            reach: Reach::Whole,
        };
        assert_eq!(words(&up), "leader 2");
        assert_eq!(words(&Aspect { reach: Reach::Alone, ..up }), "leader 2, isolated");
        let down = Aspect { status: Status::Crashed, role: None, term: None, ..up };
        assert_eq!(words(&down), "crashed");
    }
}
