//! Words on lanes: what somebody is from then on, and what a client asked.
//!
//! They stand where that begins, on the film. Where it began before what is shown they stand at the
//! left edge of the window, and do not pass by: so whoever looks at any part of a long run can read
//! whose part it is. They keep clear of each other and of deaths, and where nothing is free there are
//! none.

use super::over::Part;
use super::paper::Paper;
use super::pens::text;
use super::tile::ends;
use crate::look::{FAULT, being};
use quorumscope_core::diagram::{Bar, End, Stand};
use quorumscope_core::ids::Addr;
use quorumscope_core::signs::{Aspect, Reach};
use quorumscope_core::time::Time;

/// The most texts.
const MOST: usize = 160;
/// The room before a text.
const PAD: f64 = 4.0;
/// How wide a letter is, in parts of its height.
const LETTER: f64 = 0.56;
/// How many letters what goes out of the window loses at a time.
const AT_A_TIME: usize = 4;
/// How far a text goes to the right at a time to find a free place, and how often.
const STEP: f64 = 18.0;
const STEPS: u32 = 24;
/// The most deaths that are kept clear of.
const MOST_DEATHS: usize = 300;
/// How far a death reaches.
const DEATH: f64 = 5.0;

/// From one place along the time to another.
type Range = (f64, f64);

/// What is written.
pub struct Captions<'a> {
    paper: &'a Paper<'a>,
    part: Part,
    /// Where the playhead stands.
    now: Time,
    /// The left edge of the window, on the film.
    edge: f64,
    deaths: Vec<(f64, f64)>,
    count: usize,
    /// What passes by with the film.
    pub film: String,
    /// What stands at the edge of the window.
    pub pinned: String,
}

impl<'a> Captions<'a> {
    /// Nothing yet. The part is what is to be seen, without what is drawn around it.
    #[must_use]
    pub fn new(paper: &'a Paper<'a>, part: Part, now: Time) -> Self {
        let edge = paper.x(part.from, part.origin);
        let (film, pinned) = (String::new(), String::new());
        Self { paper, part, now, edge, deaths: Vec::new(), count: 0, film, pinned }
    }

    /// Keeps clear of messages that died.
    pub fn avoid_deaths(&mut self) {
        let diagram = self.paper.diagram;
        let ids = diagram.between(self.part.from, self.part.to);
        let lost = diagram.lost(ids).iter().take(MOST_DEATHS);
        let lines = lost.filter_map(|id| diagram.line(*id)).filter(|l| l.end != End::Arrived);
        let place = |line| Some(ends(self.paper, &line, self.part.origin)?.1);
        self.deaths = lines.filter_map(place).collect();
    }

    /// How wide a text is.
    fn wide(&self, words: &str) -> f64 {
        words.chars().count() as f64 * LETTER * self.paper.letters()
    }

    /// How many letters there is room for in what is to be seen of something.
    #[must_use]
    pub fn letters_in(&self, (from, to): Range) -> usize {
        let room = to - from.max(self.edge) - 2.0 * PAD;
        let letters = (room / (LETTER * self.paper.letters())).max(0.0) as usize;
        // What goes out of the window loses some letters at a time, and is written anew as seldom.
        if from < self.edge { letters - letters % AT_A_TIME } else { letters }
    }

    /// Writes at the beginning of something, or where it comes into the window.
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

    /// What everybody is, and whom it cannot reach.
    pub fn stands(&mut self) {
        for &who in self.paper.lanes {
            let (Some(y), Some(lane)) = (self.paper.y(who), self.paper.diagram.lane(who)) else {
                continue;
            };
            // On a lane there is no room for words where bands and ticks are.
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

    /// Where lanes are close, what the name beside a lane says as well would be in the way of what
    /// passes: what somebody is from before the window to the playhead.
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

/// Whether somebody is on its own, or in the minority.
fn is_apart(reach: Reach) -> bool {
    matches!(reach, Reach::Alone | Reach::Side { majority: false, .. })
}

/// What somebody was and from when to when, where the words for it change. The last goes on.
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

/// What somebody is, and whom it cannot reach.
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

    /// What is written on the film and at the edge between two times, in milliseconds.
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
