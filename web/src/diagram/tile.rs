//! Draws one tile: the events of one piece of time, as markup.
//!
//! The level of detail depends on the number of events. Few events: every message has the shape
//! that it has on the stage. More: lines only. Very many: the density of events on each lane, and
//! the losses.

use super::paper::Paper;
use super::pens::{Pens, glyph};
use super::window::TILE_PX;
use crate::look::{Figure, Hue, Letter, sign};
use quorumscope_core::diagram::{End, Line, Stand};
use quorumscope_core::ids::{Addr, EventId};
use quorumscope_core::protocol::{Fact, Term};
use quorumscope_core::signs::{Aspect, Reach};
use quorumscope_core::time::{Span, Time};
use quorumscope_core::trace::What;
use quorumscope_core::world::Status;
use std::ops::Range;

/// Up to this many events in a tile, messages have shapes.
const MOST_SHAPES: f64 = 36.0;
/// Up to this many events in a tile, messages have lines.
const MOST_LINES: f64 = 260.0;
/// A level of detail is kept until a tile has this many times its bound, so that it does not
/// flicker.
const SLACK: f64 = 1.25;
/// A tile with this many times the bound is drawn with less detail than the others.
const BURST: f64 = 3.0;
/// The size of shapes, in percent of their size on the stage.
const SHAPE: u32 = 50;
const SMALL_SHAPE: u32 = 31;
/// The distance from the middle of a lane at which a shape is clear of the lane's band, in pixels.
const OFF_LANE: f64 = 9.0;
/// The number of columns of a tile, where only the density is drawn.
const COLUMNS: u32 = 64;

/// The level of detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// The density of events.
    Density,
    /// Messages as lines.
    Lines,
    /// Messages with their shapes, and everything on the lanes.
    All,
}

impl Detail {
    /// The level for an average number of events in a tile, over the whole window. `before` is the
    /// present level, which is kept within [`SLACK`].
    #[must_use]
    pub fn of(events: f64, before: Self) -> Self {
        let fits =
            |most: f64, detail: Self| events <= if before >= detail { most * SLACK } else { most };
        match () {
            () if fits(MOST_SHAPES, Self::All) => Self::All,
            () if fits(MOST_LINES, Self::Lines) => Self::Lines,
            () => Self::Density,
        }
    }

    /// The level of one tile, which is lower if the tile has a burst of events.
    fn on_tile(self, events: usize) -> Self {
        self.min(Self::of(events as f64 / BURST, Self::Density))
    }
}

/// A tile while it is drawn.
struct Drawing<'a> {
    paper: &'a Paper<'a>,
    begins: Time,
    ends: Time,
    ids: Range<u32>,
    pens: Pens,
    /// Shapes that have a place of their own.
    out: String,
}

/// The markup of a tile.
#[must_use]
pub fn markup(paper: &Paper<'_>, tile: u64, detail: Detail) -> String {
    let (begins, ends) = (paper.begins(tile), paper.begins(tile + 1));
    let ids = paper.diagram.between(begins, ends);
    let detail = detail.on_tile(ids.len());
    let (pens, out) = (Pens::default(), String::new());
    let mut drawing = Drawing { paper, begins, ends, ids, pens, out };
    // States lie over the density and under messages.
    if detail == Detail::Density {
        drawing.density();
    }
    for &who in paper.lanes {
        drawing.lane(who);
    }
    if detail == Detail::Density {
        drawing.losses();
    } else {
        drawing.messages(detail);
    }
    if detail > Detail::Density {
        drawing.marks(detail);
    }
    let mut markup = String::new();
    drawing.pens.write(&mut markup);
    markup.push_str(&drawing.out);
    markup
}

impl Drawing<'_> {
    fn x(&self, time: Time) -> f64 {
        self.paper.x(time, self.begins)
    }

    /// Draws the states of a lane: role, term and reachability.
    fn lane(&mut self, who: Addr) {
        let Some(y) = self.paper.y(who) else { return };
        self.pens.line("dg-lane", (0.0, y), (TILE_PX, y));
        let Some(lane) = self.paper.diagram.lane(who) else { return };
        let stands = lane.stands(self.begins, self.ends);
        let last = self.ends;
        let ends = |i: usize| stands.get(i + 1).map_or(last, |next: &Stand| next.from);
        for (i, stand) in stands.iter().enumerate() {
            let from = self.x(stand.from.max(self.begins));
            let to = self.x(ends(i)).min(TILE_PX);
            self.stand(who, &stand.aspect, (from, to), y);
        }
    }

    fn stand(&mut self, who: Addr, aspect: &Aspect, (from, to): (f64, f64), y: f64) {
        let hue = self.paper.hue(who, aspect).class();
        let pitch = f64::from(self.paper.pitch);
        if let Reach::Alone | Reach::Side { majority: false, .. } = aspect.reach {
            self.pens.bar("dg-cut", (from, to), y, pitch - 2.0);
        }
        if aspect.reach == Reach::Partly {
            // The line stays close to its lane. Between two lanes it would seem to separate those
            // two.
            let y = y + self.paper.under(who);
            self.pens.line("dg-cut-edge", (from, y), (to, y));
        }
        match (aspect.status, aspect.role) {
            (Status::Crashed, _) => self.pens.line("dg-down", (from, y), (to, y)),
            (Status::Paused, _) => self.pens.line(&format!("dg-paused {hue}"), (from, y), (to, y)),
            (Status::Left, _) | (Status::Up, None) => {}
            (Status::Up, Some(role)) => {
                let figure = Figure::of(role);
                let class = format!("dg-band {} {hue}", figure.class());
                let (height, filled) = figure.band();
                if filled {
                    self.pens.bar(&class, (from, to), y, height);
                } else {
                    // The outline has no line where one tile meets the next.
                    for edge in [y - height / 2.0, y + height / 2.0] {
                        self.pens.line(&class, (from, edge), (to, edge));
                    }
                }
            }
        }
    }

    /// Draws the density of events on each lane.
    fn density(&mut self) {
        let borders = self.borders();
        let room = f64::from(self.paper.pitch) * 0.86;
        let width = TILE_PX / f64::from(COLUMNS);
        // Clients have no density: their bars show what happened to them.
        for &who in self.paper.lanes.iter().filter(|who| who.client().is_none()) {
            let (Some(y), Some(lane)) = (self.paper.y(who), self.paper.diagram.lane(who)) else {
                continue;
            };
            for (column, count) in lane.counts(&borders).enumerate() {
                if count > 0 {
                    let x = (column as f64 + 0.5) * width;
                    let tall = (2.0 + 2.0 * f64::from(count.ilog2() + 1)).min(room);
                    self.pens.bar("dg-density", (x - width / 2.0, x + width / 2.0), y, tall);
                }
            }
        }
    }

    fn borders(&self) -> Vec<EventId> {
        let each = self.paper.tile.scaled(1, COLUMNS.into()).max(Span::from_us(1));
        self.paper.diagram.borders(self.begins, each, COLUMNS)
    }

    /// Draws one mark for all messages to a lane that were lost in one column.
    fn losses(&mut self) {
        let (diagram, borders) = (self.paper.diagram, self.borders());
        let mut marked: Option<(usize, Addr)> = None;
        for &id in diagram.lost(self.ids.clone()) {
            let column = borders.partition_point(|border| *border <= id).saturating_sub(1);
            let Some(line) = diagram.line(id) else { continue };
            let here = (column, line.passage.to);
            if marked.replace(here) != Some(here)
                && let Some(y) = self.paper.y(line.passage.to)
            {
                let x = (column as f64 + 0.5) * TILE_PX / f64::from(COLUMNS);
                self.pens.line("dg-loss", (x, y - 4.0), (x, y + 4.0));
            }
        }
    }

    fn messages(&mut self, detail: Detail) {
        let diagram = self.paper.diagram;
        for line in diagram.lines(self.ids.clone()) {
            let Some((from, to)) = ends(self.paper, &line, self.begins) else { continue };
            let letter = Letter::past(&line);
            let lost = if line.end == End::Arrived { "" } else { " lost" };
            self.pens.line(&letter.class(&format!("dg-message{lost}")), from, to);
            match (detail, line.end) {
                (Detail::All, End::Arrived) => shape(&mut self.out, letter, before(from, to)),
                (Detail::All, _) => {
                    glyph(&mut self.out, "dg-died", &letter.dead(), to, SHAPE);
                }
                (_, End::Arrived) => {}
                _ => {
                    self.pens.line("dg-death", (to.0 - 3.5, to.1 - 3.5), (to.0 + 3.5, to.1 + 3.5));
                    self.pens.line("dg-death", (to.0 - 3.5, to.1 + 3.5), (to.0 + 3.5, to.1 - 3.5));
                }
            }
        }
    }

    fn marks(&mut self, detail: Detail) {
        let diagram = self.paper.diagram;
        let first = EventId(self.ids.start);
        let events = diagram.trace().iter_from(first).take(self.ids.len());
        for (_, event) in events {
            let Some(y) = event.what.who().and_then(|who| self.paper.y(who)) else { continue };
            self.mark(event.what, (self.x(event.at), y), detail);
        }
    }

    /// Draws the mark of one event on its lane.
    fn mark(&mut self, what: What, (x, y): (f64, f64), detail: Detail) {
        let all = detail == Detail::All && self.paper.is_roomy();
        let tint = |term: Term| Hue::of(Some(term)).class();
        match what {
            What::Crashed(_) => {
                glyph(&mut self.out, "dg-crash", sign::CRASH, (x, y), 100);
            }
            What::Started(_) if x > 0.0 => {
                glyph(&mut self.out, "dg-start", sign::START, (x, y), 100);
            }
            What::Noted(_, Fact::Stood(term)) => {
                glyph(&mut self.out, &format!("dg-stand {}", tint(term)), sign::STOOD, (x, y), 100);
            }
            What::Noted(_, Fact::Led(term)) => {
                glyph(&mut self.out, &format!("dg-crown {}", tint(term)), sign::CROWN, (x, y), 17);
            }
            What::Noted(_, Fact::Truncated(_)) => {
                glyph(&mut self.out, "dg-cell fault", sign::CELL, (x, y + 9.5), 100);
            }
            What::Noted(_, Fact::Committed(_)) if all => {
                glyph(&mut self.out, "dg-cell committed", sign::CELL, (x, y + 9.5), 100);
            }
            What::Noted(_, Fact::Appended(_) | Fact::Replicated(_)) if all => {
                glyph(&mut self.out, "dg-cell", sign::CELL, (x, y + 9.5), 100);
            }
            What::Fired(..) | What::ClientFired(..) | What::BalancerFired(_) if all => {
                self.pens.line("dg-timer", (x, y - 7.0), (x, y + 7.0));
            }
            _ => {}
        }
    }
}

/// The ends of a message's line, relative to a time.
pub fn ends(paper: &Paper<'_>, line: &Line, from: Time) -> Option<((f64, f64), (f64, f64))> {
    let (a, b) = (paper.y(line.passage.from)?, paper.y(line.passage.to)?);
    let y = a + (b - a) * line.end.halves() as f64 / 2.0;
    Some(((paper.x(line.sent.1, from), a), (paper.x(line.lands, from), y)))
}

/// Adds the shape of a message. A message without data is small, as on the stage.
pub fn shape(out: &mut String, letter: Letter, at: (f64, f64)) {
    let small = letter.light && !letter.is_open();
    let percent = if small { SMALL_SHAPE } else { SHAPE };
    glyph(out, &letter.class("dg-shape"), letter.outline(), at, percent);
}

/// The place of a message's shape on its line: before it arrives, clear of the lane's band.
pub fn before(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let part = (OFF_LANE / (to.1 - from.1).abs().max(1.0)).min(0.5);
    (to.0 + (from.0 - to.0) * part, to.1 + (from.1 - to.1) * part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::diagram::{Diagram, lanes};
    use quorumscope_core::script;
    use quorumscope_core::session::Session;

    fn drawn(tile: Span, script_text: &str, which: u64) -> String {
        let session = Session::new(script::parse(script_text).expect("the script is right"));
        let mut diagram = Diagram::default();
        diagram.read(session.timeline(0));
        let lanes = lanes(session.world(0));
        let paper = Paper { diagram: &diagram, lanes: &lanes, pitch: 30, tile, own_tints: false };
        let count = diagram.between(paper.begins(which), paper.begins(which + 1)).len();
        markup(&paper, which, Detail::of(count as f64, Detail::Density))
    }

    const BUSY: &str = "cluster raft nodes=5 clients=3 seed=7\n\
        @0s workload rate=200/s\n@2s crash n1\n@3s isolate n2\n@20s show";

    /// A tile has few elements at every scale: a window shows about eight tiles.
    #[test]
    fn a_tile_is_bounded_at_every_scale() {
        for us in [1_000, 10_000, 100_000, 400_000, 2_000_000, 20_000_000] {
            for which in 0..3 {
                let drawn = drawn(Span::from_us(us), BUSY, which);
                let elements = drawn.matches("<path").count() + drawn.matches("<text").count();
                assert!(elements <= 150, "{elements} elements at {us} us a tile");
            }
        }
    }

    #[test]
    fn a_crash_is_an_interval_with_a_cross() {
        let drawn =
            drawn(Span::from_ms(500), "cluster raft nodes=3 seed=7\n@2s crash n1\n@3s show", 4);
        assert!(drawn.contains("dg-down") && drawn.contains("dg-crash"), "{drawn}");
    }

    #[test]
    fn messages_have_shapes_only_where_there_is_room() {
        assert!(drawn(Span::from_ms(10), BUSY, 150).contains("dg-shape"));
        let lines = drawn(Span::from_ms(60), BUSY, 25);
        assert!(lines.contains("dg-message") && !lines.contains("dg-shape"));
        let far = drawn(Span::from_ms(4_000), BUSY, 1);
        assert!(far.contains("dg-density") && !far.contains("dg-message"));
        assert!(far.contains("dg-loss"), "n2 is cut off");
    }
}
