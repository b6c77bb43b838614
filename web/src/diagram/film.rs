//! Puts the diagram into the page, and moves it.
//!
//! The picture is a film of tiles that passes by under a window: between two events only the film and
//! the playhead are moved. What is on it is drawn again when the page is told of something, and of
//! that only tiles in which something can still happen.

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

/// Every how many times the whole run is drawn again too: it changes slowly.
const OVERVIEW_EVERY: u32 = 5;
/// The most tiles to the right of the window that are drawn for the messages that come out of it.
const MOST_AHEAD: u64 = 12;
/// So many tiles from where places are counted, that is moved.
const FAR: u64 = 40;
/// The room above the first lane, in pixels; the style sheet says the same.
const ABOVE: f64 = 10.0;

/// Where a film is shown.
pub struct Layers {
    /// Tiles, and what lies over them.
    pub film: Element,
    /// The times above.
    pub ruler: Element,
    /// Names beside the lanes.
    pub names: Element,
    /// What stands still over the film.
    pub pinned: Element,
    /// What covers what nobody knows yet.
    pub edge: Element,
    /// The playhead.
    pub needle: Element,
    /// The whole run.
    pub overview: Element,
    /// The window in it.
    pub frame: Element,
    /// A sentence about what is pointed at.
    pub said: Element,
    /// The view, of which the height follows the lanes.
    pub view: Element,
}

/// What a film is about.
pub struct Subject {
    /// Which cluster.
    pub cluster: usize,
    /// What is painted along the run.
    pub strip: Rc<Strip>,
    /// What the judges say.
    pub judged: Rc<Latest>,
    /// The event that was chosen.
    pub selected: Option<EventId>,
}

/// A tile in the page.
struct Tile {
    place: u64,
    element: Element,
    markup: String,
    /// Whether everything that can happen in its time has.
    is_final: bool,
}

/// A picture whose markup is written when it changes.
struct Sheet {
    element: Element,
    markup: String,
}

/// The film.
pub struct Film {
    subject: Subject,
    /// Which part of the time is shown.
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
    /// How much of what happened is drawn.
    detail: Detail,
    /// The tile from whose beginning places are counted.
    base: u64,
    scale: u64,
    /// Something is to be drawn again at once.
    dirty: bool,
    /// How often the picture was drawn again since the whole run was.
    drawn: u32,
    /// The last tile that was wanted then.
    drawn_to: u64,
    pointed: Option<EventId>,
    /// The lane and the event that the keyboard is at.
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
    /// A film that is shown there.
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

    /// It is about something else now.
    pub fn set_subject(&mut self, subject: Subject) {
        if subject.cluster != self.subject.cluster {
            (self.pointed, self.cursor) = (None, None);
        }
        // What is painted along the run and what judges say grows while time runs: it is seen when
        // the picture is drawn again anyway.
        let key = |subject: &Subject| (subject.cluster, subject.selected);
        self.dirty |= key(&subject) != key(&self.subject);
        self.subject = subject;
    }

    /// It has another size.
    pub fn resize(&mut self, width: f64, height: f64) {
        if (width, height) != (self.window.width(), self.height) {
            self.window.resize(width);
            self.height = height;
            self.dirty = true;
        }
    }

    /// Everything is looked at again the next time it is painted.
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

    /// Finds out whose lanes there are and how large everything is. What is drawn goes when that
    /// changed.
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

    /// Everything that is shown is drawn alike; when there is more of it than there is room for, with
    /// less detail.
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

    /// How tall all lanes are.
    fn tall(&self) -> f64 {
        f64::from(self.pitch) * self.lanes.len() as f64 + ABOVE
    }

    /// The tiles that are to be seen, whole or by messages that come out of them.
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

    /// From where places are counted, and the part that is drawn: whole tiles.
    fn part(&self) -> Part {
        let paper = self.paper();
        let wanted = self.wanted();
        let (from, to) = (paper.begins(*wanted.start()), paper.begins(*wanted.end() + 1));
        Part { origin: paper.begins(self.base), from, to }
    }

    /// The part that is to be seen, up to how far anybody has looked.
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

    /// The whole run, and the window in it.
    fn draw_overview(&mut self) {
        let width = self.window.width();
        let overview = ruler::overview(&self.diagram, &self.subject.strip, width);
        self.overview.show(overview);
        self.frame_window();
    }

    /// The window in the overview.
    fn frame_window(&self) {
        let (left, long) = self.window.extent();
        let end = self.subject.strip.end.as_us().max(1) as f64;
        let width = self.window.width();
        let x = (left / end * width).clamp(0.0, width);
        let to = ((left + long) / end * width).clamp(x, width);
        let style = format!("left:{}px;width:{}px", text(x), text((to - x).max(3.0)));
        svg::set_style(&self.layers.frame, &style);
    }

    /// The event that is looked at: what is pointed at, else what was chosen.
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

    /// What lies under a place of the view, by pixels from its upper left corner.
    #[must_use]
    pub fn pick(&self, x: f64, y: f64) -> Option<EventId> {
        let paper = self.paper();
        let time = self.window.time(x);
        let lines = self.detail > Detail::Density;
        self.diagram.pick(&paper.plane(), time, ((y - ABOVE) * SUB as f64) as i64, lines)
    }

    /// Something is pointed at, or nothing. The sentence says what.
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
        // It does not stand on what it is about.
        let who = self.looked_at().and_then(|id| self.diagram.trace().event(id)?.what.who());
        let y = who.and_then(|who| self.paper().y(who)).unwrap_or_default();
        let below = if y < self.height / 2.0 { "below" } else { "above" };
        svg::set(&self.layers.said, "data-at", below);
    }

    /// An event as a sentence with its time.
    #[must_use]
    pub fn sentence(&self, session: &Session, id: EventId) -> Option<String> {
        let at = self.diagram.trace().event(id)?.at;
        let words = words::sentence(session, self.subject.cluster, id)?;
        Some(format!("{} · {words}", scale::moment(at)))
    }

    /// When an event happened.
    #[must_use]
    pub fn when(&self, id: EventId) -> Option<Time> {
        Some(self.diagram.trace().event(id)?.at)
    }

    /// The event that the keyboard is at.
    #[must_use]
    pub fn at_cursor(&self) -> Option<EventId> {
        self.cursor.map(|(_, event)| event)
    }

    /// The keyboard goes to the next event of the lane, or the last. Says where it is.
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

    /// It goes to the lane below, or above.
    pub fn go_across(&mut self, session: &Session, down: bool) -> Option<String> {
        let (lane, event) = self.cursor.unwrap_or((usize::MAX, EventId(0)));
        let count = self.lanes.len();
        let time = self.when(event).filter(|_| lane < count).unwrap_or(session.now());
        let lanes: Vec<usize> = if down {
            (lane.wrapping_add(1)..count).collect()
        } else {
            (0..lane.min(count)).rev().collect()
        };
        // Lanes on which nothing has happened are passed over.
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

    /// The focus is elsewhere now.
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
        // Where time runs slowly the film goes on for long before there is anything to tell.
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
