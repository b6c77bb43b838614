//! Draws the diagram into the page and moves it.
//!
//! The picture is a strip of tiles (the film) that slides under a window. Between two events only
//! the film and the playhead move. New markup is made when the player reports progress, and only
//! for tiles in which something can still happen.

use super::captions::Captions;
use super::lit;
use super::over::{self, Part};
use super::paper::{self, Paper};
use super::ruler;
use super::slide::{Slides, Stand};
use super::tile::{self, Detail};
use super::window::{TILE_PX, Window};
use crate::judging::Latest;
use crate::look::Hue;
use crate::player::{ON_AND_ON, Paint, Show};
use crate::px::text;
use crate::stage::svg;
use crate::transport::scale;
use crate::transport::strip::Strip;
use crate::words;
use quorumscope_core::diagram::{Diagram, News, Related, SUB, lanes};
use quorumscope_core::ids::{Addr, EventId};
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use std::rc::Rc;
use web_sys::Element;

/// The overview of the whole run changes slowly: one redraw in this many includes it.
const OVERVIEW_EVERY: u32 = 5;
/// The largest number of tiles that are drawn right of the window, for messages that were sent in
/// it.
const MOST_AHEAD: u64 = 12;
/// The distance in tiles from the origin of coordinates at which the origin is moved.
const FAR: u64 = 40;
/// The space above the first lane, in pixels. The style sheet has the same number.
const ABOVE: f64 = 10.0;

/// The elements into which a film draws.
pub struct Layers {
    /// The tiles, and the layers over them.
    pub film: Element,
    /// The ruler with times, above the lanes.
    pub ruler: Element,
    /// The names beside the lanes.
    pub names: Element,
    /// Captions that do not move with the film.
    pub pinned: Element,
    /// The cover over the time that has not been simulated yet.
    pub edge: Element,
    /// The playhead.
    pub needle: Element,
    /// The overview of the whole run.
    pub overview: Element,
    /// The frame in the overview that marks the window.
    pub frame: Element,
    /// The sentence about the event under the pointer.
    pub said: Element,
    /// The view. Its height follows the number of lanes.
    pub view: Element,
}

/// The data that a film shows.
pub struct Subject {
    /// The index of the cluster.
    pub cluster: usize,
    /// The marks along the run.
    pub strip: Rc<Strip>,
    /// The latest verdicts of the judges.
    pub judged: Rc<Latest>,
    /// The selected event.
    pub selected: Option<EventId>,
}

/// A tile in the page.
struct Tile {
    place: u64,
    element: Element,
    markup: String,
    /// True once the simulation has passed the end of the tile, so that it cannot change any more.
    is_final: bool,
}

/// An SVG element that is written only when its markup changes.
struct Sheet {
    element: Element,
    markup: String,
}

/// The painter of the diagram.
pub struct Film {
    subject: Subject,
    /// The visible part of the time.
    pub window: Window,
    layers: Layers,
    slides: Slides,
    tiles: Vec<Tile>,
    grid: Sheet,
    bars: Sheet,
    flights: Sheet,
    words: Sheet,
    pinned: Sheet,
    lit: Sheet,
    ruler: Sheet,
    names: Sheet,
    overview: Sheet,
    diagram: Diagram,
    lanes: Vec<Addr>,
    own_tints: bool,
    height: f64,
    pitch: u32,
    /// The level of detail.
    detail: Detail,
    /// The tile at whose left edge x is 0.
    base: u64,
    scale: u64,
    /// True if the next paint must redraw.
    dirty: bool,
    /// The number of redraws since the overview was last drawn.
    drawn: u32,
    /// The last tile of the range that the last redraw wanted.
    drawn_to: u64,
    pointed: Option<EventId>,
    /// The lane and the event at the keyboard cursor.
    cursor: Option<(usize, EventId)>,
    related: Option<(EventId, Related)>,
}

impl Sheet {
    fn new(layer: &Element, class: &str) -> Self {
        let element = svg::make("svg", class);
        let _ = layer.append_child(&element);
        Self { element, markup: String::new() }
    }

    fn over(element: &Element) -> Self {
        Self { element: element.clone(), markup: String::new() }
    }

    fn show(&mut self, markup: String) {
        if markup != self.markup {
            self.element.set_inner_html(&markup);
            self.markup = markup;
        }
    }
}

impl Film {
    /// Creates the painter in its elements. It draws nothing until it is painted.
    #[must_use]
    pub fn new(layers: Layers, subject: Subject) -> Self {
        let sheet = |class| Sheet::new(&layers.film, class);
        let (grid, bars) = (sheet("dg-sheet dg-under"), sheet("dg-sheet"));
        let (flights, words) = (sheet("dg-sheet"), sheet("dg-sheet"));
        let lit = sheet("dg-sheet dg-lit");
        let ruler = Sheet::new(&layers.ruler, "dg-sheet");
        let Layers { film, ruler: times, needle, edge, .. } = &layers;
        let slides = Slides::new(film, times, needle, edge);
        Self {
            subject,
            window: Window::new(),
            slides,
            tiles: Vec::new(),
            grid,
            bars,
            flights,
            words,
            pinned: Sheet::over(&layers.pinned),
            lit,
            ruler,
            names: Sheet::over(&layers.names),
            overview: Sheet::over(&layers.overview),
            layers,
            diagram: Diagram::default(),
            lanes: Vec::new(),
            own_tints: false,
            height: 160.0,
            pitch: 30,
            detail: Detail::All,
            base: 0,
            scale: 0,
            dirty: true,
            drawn: 0,
            drawn_to: 0,
            pointed: None,
            cursor: None,
            related: None,
        }
    }

    /// Replaces the data. Another cluster drops the pointed event and the keyboard cursor.
    pub fn set_subject(&mut self, subject: Subject) {
        if subject.cluster != self.subject.cluster {
            (self.pointed, self.cursor) = (None, None);
        }
        // Marks and verdicts grow while time runs. They need no redraw of their own: the next one
        // shows them.
        let key = |subject: &Subject| (subject.cluster, subject.selected);
        self.dirty |= key(&subject) != key(&self.subject);
        self.subject = subject;
    }

    /// Sets the size of the view, in pixels.
    pub fn resize(&mut self, width: f64, height: f64) {
        if (width, height) != (self.window.width(), self.height) {
            self.window.resize(width);
            self.height = height;
            self.dirty = true;
        }
    }

    /// Requests a redraw at the next paint.
    pub fn touch(&mut self) {
        self.dirty = true;
    }

    fn paper(&self) -> Paper<'_> {
        Paper {
            diagram: &self.diagram,
            lanes: &self.lanes,
            pitch: self.pitch,
            tile: self.window.tile(),
            own_tints: self.own_tints,
        }
    }

    fn refresh(&mut self, show: &Show<'_>) {
        let session = show.session;
        let timeline = session.timeline(self.subject.cluster);
        let news = self.diagram.read(timeline);
        self.lay_out(session);
        if news == News::Another {
            self.clear();
            self.forget_events();
        }
        let frontier = timeline.frontier().time;
        self.choose_detail(frontier);
        self.draw_tiles(frontier);
        self.draw_over(session, frontier);
        self.light();
    }

    /// Updates lanes, distances and scale. Tiles are dropped if any of them changed, or if the
    /// window is more than [`FAR`] tiles away from the origin of coordinates.
    fn lay_out(&mut self, session: &Session) {
        let world = session.world(self.subject.cluster);
        let lanes = lanes(world);
        let pitch = paper::pitch(self.height - ABOVE, lanes.len());
        let scale = self.window.tile().as_us();
        let left = (self.window.extent().0.max(0.0) / scale as f64) as u64;
        let own_tints = Hue::are_own(world);
        let same = lanes == self.lanes
            && (pitch, scale, own_tints) == (self.pitch, self.scale, self.own_tints);
        if !same || left.abs_diff(self.base) > FAR {
            self.base = left;
            (self.lanes, self.pitch, self.scale, self.own_tints) = (lanes, pitch, scale, own_tints);
            self.clear();
            let (tall, letters) = (self.tall().max(self.height), self.paper().letters());
            let style = format!("height:{}px;--letters:{}px", text(tall), text(letters));
            svg::set_style(&self.layers.view, &style);
            svg::set_style(&self.layers.names, &format!("--pitch:{pitch}px"));
        }
    }

    /// Chooses one level of detail for the whole window, by the average number of events in a tile.
    fn choose_detail(&mut self, frontier: Time) {
        let seen = self.seen(frontier);
        let events = self.diagram.between(seen.from, seen.to).len() as f64;
        let tiles = seen.to.since(seen.from).as_us() as f64 / self.scale.max(1) as f64;
        let detail = Detail::of(events / tiles.max(1.0), self.detail);
        if std::mem::replace(&mut self.detail, detail) != detail {
            self.clear();
        }
    }

    fn clear(&mut self) {
        self.tiles.drain(..).for_each(|tile| tile.element.remove());
    }

    /// The height of all lanes, in pixels.
    fn tall(&self) -> f64 {
        f64::from(self.pitch) * self.lanes.len() as f64 + ABOVE
    }

    /// The range of tiles to draw: those in the window, and those that its messages can reach.
    fn wanted(&self) -> std::ops::RangeInclusive<u64> {
        let (left, long) = self.window.extent();
        let tile = self.scale as f64;
        let first = (left / tile).max(0.0) as u64;
        let last = ((left + long) / tile).max(0.0) as u64 + 1;
        let ahead = (self.diagram.longest().as_us() as f64 / tile).ceil() as u64;
        first..=last + ahead.min(MOST_AHEAD)
    }

    fn draw_tiles(&mut self, frontier: Time) {
        let wanted = self.wanted();
        let (gone, kept): (Vec<Tile>, Vec<Tile>) =
            self.tiles.drain(..).partition(|tile| !wanted.contains(&tile.place));
        gone.iter().for_each(|tile| tile.element.remove());
        self.tiles = kept;
        for place in wanted {
            let known = self.tiles.iter().position(|tile| tile.place == place);
            if known.is_some_and(|at| self.tiles[at].is_final) {
                continue;
            }
            let paper = self.paper();
            let markup = tile::markup(&paper, place, self.detail);
            let is_final = frontier >= paper.begins(place + 1);
            let at = known.unwrap_or_else(|| self.add_tile(place));
            let tile = &mut self.tiles[at];
            tile.is_final = is_final;
            if tile.markup != markup {
                tile.element.set_inner_html(&markup);
                tile.markup = markup;
            }
        }
    }

    fn add_tile(&mut self, place: u64) -> usize {
        let element = svg::make("svg", "dg-tile");
        let left = (place as f64 - self.base as f64) * TILE_PX;
        svg::set_style(&element, &format!("left:{}px", text(left)));
        // Tiles lie over the grid and under everything else.
        let _ = self.layers.film.insert_before(&element, Some(&self.bars.element));
        self.tiles.push(Tile { place, element, markup: String::new(), is_final: false });
        self.tiles.len() - 1
    }

    /// The part that is drawn: the wanted tiles, whole.
    fn part(&self) -> Part {
        let paper = self.paper();
        let wanted = self.wanted();
        let (from, to) = (paper.begins(*wanted.start()), paper.begins(*wanted.end() + 1));
        Part { origin: paper.begins(self.base), from, to }
    }

    /// The visible part of the time, up to the latest time that has been simulated.
    fn seen(&self, frontier: Time) -> Part {
        let (from, to) = (self.window.time(0.0), self.window.time(self.window.width()));
        let to = to.min(frontier).max(from);
        Part { origin: self.paper().begins(self.base), from, to }
    }

    fn draw_over(&mut self, session: &Session, frontier: Time) {
        let world = session.world(self.subject.cluster);
        let (paper, part) = (self.paper(), self.part());
        let strip = &self.subject.strip;
        let seen = self.seen(frontier);
        let mut captions = Captions::new(&paper, seen, world.now());
        let judged = over::Judged::of(&self.subject.judged, self.subject.cluster);
        let bars = over::bars(&paper, world, part, &judged, &mut captions);
        let mut flights = String::new();
        if self.detail > Detail::Density {
            flights = over::flights(&paper, world, frontier, part.origin);
            captions.avoid_deaths();
        }
        captions.stands();
        let (words, pinned) = (captions.film, captions.pinned);
        let grid = ruler::grid(&paper, part, strip, self.tall().max(self.height));
        let ruler = ruler::ruler(&paper, part, seen.from, strip);
        let names = over::names(&paper, world.now());
        self.bars.show(bars);
        self.flights.show(flights);
        self.words.show(words);
        self.pinned.show(pinned);
        self.grid.show(grid);
        self.ruler.show(ruler);
        self.names.show(names);
    }

    /// Draws the overview of the whole run, and the frame of the window in it.
    fn draw_overview(&mut self) {
        let width = self.window.width();
        let overview = ruler::overview(&self.diagram, &self.subject.strip, width);
        self.overview.show(overview);
        self.frame_window();
    }

    /// Places the frame that marks the window in the overview.
    fn frame_window(&self) {
        let (left, long) = self.window.extent();
        let end = self.subject.strip.end.as_us().max(1) as f64;
        let width = self.window.width();
        let x = (left / end * width).clamp(0.0, width);
        let to = ((left + long) / end * width).clamp(x, width);
        let style = format!("left:{}px;width:{}px", text(x), text((to - x).max(3.0)));
        svg::set_style(&self.layers.frame, &style);
    }

    /// The event in focus: the one under the pointer, else at the keyboard cursor, else the
    /// selected one.
    fn looked_at(&self) -> Option<EventId> {
        let at_cursor = self.cursor.map(|(_, event)| event);
        self.pointed.or(at_cursor).or(self.subject.selected)
    }

    fn light(&mut self) {
        let event = self.looked_at();
        if event != self.related.as_ref().map(|(id, _)| *id) {
            self.related = event.map(|id| (id, self.diagram.related(id)));
            let related = self.related.as_ref().map(|(id, related)| (*id, related));
            lit::on_stage(self.subject.cluster, &self.paper(), related);
        }
        let part = self.part();
        let markup = self
            .related
            .as_ref()
            .map(|(id, related)| lit::markup(&self.paper(), *id, related, part));
        self.lit.show(markup.unwrap_or_default());
    }

    fn forget_events(&mut self) {
        (self.pointed, self.cursor) = (None, None);
    }

    /// The event at a point of the view, in pixels from its upper left corner.
    #[must_use]
    pub fn pick(&self, x: f64, y: f64) -> Option<EventId> {
        let paper = self.paper();
        let time = self.window.time(x);
        let lines = self.detail > Detail::Density;
        self.diagram.pick(&paper.plane(), time, ((y - ABOVE) * SUB as f64) as i64, lines)
    }

    /// Sets the event under the pointer, if any, and shows its sentence.
    pub fn point_at(&mut self, session: &Session, event: Option<EventId>) {
        if self.pointed != event {
            self.pointed = event;
            self.light();
            self.say(session);
        }
    }

    fn say(&self, session: &Session) {
        let said = self.looked_at().and_then(|id| self.sentence(session, id));
        self.layers.said.set_text_content(said.as_deref());
        // The sentence must not cover its event.
        let who = self.looked_at().and_then(|id| self.diagram.trace().event(id)?.what.who());
        let y = who.and_then(|who| self.paper().y(who)).unwrap_or_default();
        let below = if y < self.height / 2.0 { "below" } else { "above" };
        svg::set(&self.layers.said, "data-at", below);
    }

    /// The sentence of an event, with its time.
    #[must_use]
    pub fn sentence(&self, session: &Session, id: EventId) -> Option<String> {
        let at = self.diagram.trace().event(id)?.at;
        let words = words::sentence(session, self.subject.cluster, id)?;
        Some(format!("{} · {words}", scale::moment(at)))
    }

    /// The time of an event.
    #[must_use]
    pub fn when(&self, id: EventId) -> Option<Time> {
        Some(self.diagram.trace().event(id)?.at)
    }

    /// The event at the keyboard cursor.
    #[must_use]
    pub fn at_cursor(&self) -> Option<EventId> {
        self.cursor.map(|(_, event)| event)
    }

    /// Moves the keyboard cursor to the next or the previous event of its lane. Returns the
    /// sentence for screen readers, or None if there is no such event.
    pub fn go_along(&mut self, session: &Session, forward: bool) -> Option<String> {
        let now = session.now();
        let next = match self.cursor {
            Some((lane, event)) => {
                let beside = self.diagram.lane(*self.lanes.get(lane)?)?.beside(event, forward);
                (lane, beside?)
            }
            None => (0, self.diagram.nearest(*self.lanes.first()?, now)?),
        };
        self.go_to(session, next)
    }

    /// Moves the keyboard cursor to the nearest event of the lane below or above. Returns the
    /// sentence for screen readers, or None if there is no such event.
    pub fn go_across(&mut self, session: &Session, down: bool) -> Option<String> {
        let (lane, event) = self.cursor.unwrap_or((usize::MAX, EventId(0)));
        let count = self.lanes.len();
        let time = self.when(event).filter(|_| lane < count).unwrap_or(session.now());
        let lanes: Vec<usize> = if down {
            (lane.wrapping_add(1)..count).collect()
        } else {
            (0..lane.min(count)).rev().collect()
        };
        // Lanes without events are skipped.
        let found = lanes
            .into_iter()
            .find_map(|lane| Some((lane, self.diagram.nearest(self.lanes[lane], time)?)));
        self.go_to(session, found?)
    }

    fn go_to(&mut self, session: &Session, to: (usize, EventId)) -> Option<String> {
        self.cursor = Some(to);
        self.pointed = None;
        let at = self.when(to.1)?;
        self.window.follow(false);
        self.window.show(at);
        self.dirty = true;
        self.say(session);
        let who = self.lanes.get(to.0)?;
        Some(format!("{who}: {}", self.sentence(session, to.1)?))
    }

    /// Drops the pointed event and the keyboard cursor, because the focus left the view.
    pub fn leave(&mut self, session: &Session) {
        self.forget_events();
        self.light();
        self.say(session);
    }
}

impl Paint for Film {
    fn paint(&mut self, show: &Show<'_>) -> f64 {
        if self.subject.cluster >= show.session.run().clusters.len() {
            return ON_AND_ON;
        }
        let now = show.session.now();
        if self.window.follows() {
            self.window.fit_to_speed(show.speed.virtual_us(1_000.0));
        }
        self.window.go_after(now, show.playing);
        let at_once = self.dirty || !show.playing;
        // At a slow speed the film slides for a long time before the player reports progress.
        if at_once || show.told || *self.wanted().end() != self.drawn_to {
            self.dirty = false;
            self.refresh(show);
            self.drawn_to = *self.wanted().end();
            self.drawn += 1;
            if at_once || self.drawn >= OVERVIEW_EVERY {
                self.drawn = 0;
                self.draw_overview();
            }
        }
        let stand = Stand {
            film: self.window.x(self.paper().begins(self.base)),
            film_end: -((FAR + 2) as f64) * TILE_PX,
            now,
            frontier: show.session.timeline(self.subject.cluster).frontier().time,
        };
        self.slides.place(&self.window, &stand, show.flow)
    }
}

impl Drop for Film {
    fn drop(&mut self) {
        lit::on_stage(self.subject.cluster, &self.paper(), None);
    }
}
