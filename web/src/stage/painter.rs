//! Paints the moving parts of the stage: messages, loss markers, and the arcs of timers.
//!
//! The painter writes to the SVG directly and takes elements from pools; the attributes of an
//! element are set when it is given to another message. While time flows, a message gets one
//! animation to its destination; otherwise its place is set on every frame. Very many messages are
//! drawn by the [`swarm`](super::swarm), on every frame.

use super::death;
use super::layout::Plan;
use super::svg::{make, set};
use super::swarm::{Share, Swarm, whereabouts};
use crate::geometry::Point;
use crate::glide::Mover;
use crate::look::Letter;
use crate::player::{Flow, ON_AND_ON, ONE_FRAME, Paint, Show};
use crate::px::px;
use quorumscope_core::ids::{Addr, EventId, MessageId};
use quorumscope_core::protocol::{Role, Timer};
use quorumscope_core::time::{Span, Time};
use quorumscope_core::trace::{Loss, Passage, What};
use quorumscope_core::world::{Flight, World};
use std::collections::VecDeque;
use std::rc::Rc;
use web_sys::{Element, MediaQueryList};

/// The largest number of loss markers.
const MOST_DEATHS: usize = 150;
/// Up to this many messages have a compositing layer each, and clients move smoothly between nodes.
const MOST_LAYERS: usize = 40;
/// Up to this many elements are made before an idle one is given another look.
const MOST_SPARE: usize = 32;
/// The time for which a loss marker is shown, in milliseconds of real time.
const DEATH_LASTS_MS: f64 = 900.0;
/// The greatest virtual time for which a loss marker is shown: at high speeds old ones would pile
/// up.
const DEATH_LASTS_AT_MOST: Span = Span::from_ms(120);
/// The least time between two updates of the arcs, in milliseconds.
const ARCS_REST_MS: f64 = 80.0;
/// The length of a timer's full arc, in units of its path.
const ARC_UNITS: f64 = 240.0;
/// The number of messages whose last visible place is remembered.
const MOST_REMEMBERED: usize = 64;

/// The painter of one cluster's stage.
pub struct Painter {
    cluster: usize,
    messages: Element,
    arcs: Element,
    marks: Element,
    plan: Rc<Plan>,
    fresh_plan: bool,
    was_playing: bool,
    slots: Vec<Slot>,
    deaths: Vec<Death>,
    dials: Vec<Dial>,
    swarm: Swarm,
    /// The ring around the selected message, if one is selected.
    halo: Option<Element>,
    last_seen: VecDeque<Seen>,
    /// The time of the last update of the arcs, by the page's clock, and the milliseconds until the
    /// next one.
    turned_ms: f64,
    turned_for_ms: f64,
    /// True if reduced motion is asked for. Messages then stand half way, and arcs change only
    /// while time stands still.
    is_still: bool,
    /// The media query for reduced motion. Its result may change at any time.
    reduced: Option<MediaQueryList>,
    spares_layers: bool,
}

/// The elements that a painter writes to.
pub struct Layers {
    /// The layer of messages that can be clicked, each an SVG element of its own.
    pub messages: Element,
    /// The group of arcs.
    pub arcs: Element,
    /// The group of loss markers and of messages that are drawn together.
    pub marks: Element,
}

/// An element that shows one message after another.
struct Slot {
    group: Element,
    shape: Element,
    mover: Mover,
    /// Its present look, which it keeps while it shows no message.
    letter: Option<Letter>,
    shown: Option<Shown>,
    seen: bool,
}

/// A visible message and the ends of its way.
struct Shown {
    seen: Seen,
    from: Point,
    to: Point,
    /// The time at which it is delivered or lost, in microseconds.
    due: f64,
}

/// A message that is or was visible, and its times in microseconds.
#[derive(Clone, Copy)]
struct Seen {
    id: MessageId,
    sent: f64,
    span: f64,
}

impl Seen {
    fn of(flight: &Flight) -> Self {
        let sent = flight.sent.as_us() as f64;
        let span = (flight.arrives.as_us() as f64 - sent).max(1.0);
        Self { id: flight.id, sent, span }
    }

    /// The fraction of its way that it has gone.
    fn part(self, now: f64) -> f64 {
        ((now - self.sent) / self.span).clamp(0.0, 1.0)
    }
}

struct Death {
    cross: Element,
    shows: Option<MessageId>,
}

/// The timer's arc around one node.
struct Dial {
    arc: Element,
    left: i32,
    /// Its centre and its radius.
    stands: Option<(Point, f64)>,
}

impl Painter {
    /// Creates a painter with its layers and the layout.
    #[must_use]
    pub fn new(cluster: usize, layers: Layers, plan: Rc<Plan>) -> Self {
        let Layers { messages, arcs, marks } = layers;
        let swarm = Swarm::new(&marks);
        Self {
            cluster,
            messages,
            arcs,
            marks,
            plan,
            fresh_plan: true,
            was_playing: false,
            slots: Vec::new(),
            deaths: Vec::new(),
            dials: Vec::new(),
            swarm,
            halo: None,
            last_seen: VecDeque::new(),
            turned_ms: 0.0,
            turned_for_ms: 0.0,
            is_still: false,
            reduced: crate::dom::media("(prefers-reduced-motion: reduce)"),
            spares_layers: false,
        }
    }

    /// Sets a new layout.
    pub fn set_plan(&mut self, plan: Rc<Plan>) {
        self.plan = plan;
        self.fresh_plan = true;
    }

    fn paint_messages(&mut self, world: &World, share: Share, show: &Show<'_>) -> f64 {
        self.spare_layers(world.flight_count());
        self.swarm.paint(world, &self.plan, share);
        if share == Share::All {
            self.slots.iter_mut().for_each(Slot::hide);
            return ONE_FRAME;
        }
        let alone: Vec<&Flight> = world.flights().filter(|f| !share.has(f)).collect();
        self.keep_those_that_fly(&alone);
        for flight in alone {
            if !self.slots.iter().any(|s| s.shows(flight.id)) {
                self.show(flight, show.playing);
            }
        }
        let flow = show.flow.filter(|_| !self.spares_layers);
        self.is_still = self.reduced.as_ref().is_some_and(MediaQueryList::matches);
        let way = if self.is_still { Way::Half } else { flow.map_or(Way::Here, Way::Goes) };
        for slot in &mut self.slots {
            slot.place(world.now().as_us() as f64, way);
        }
        let goes_on = share == Share::None && !matches!(way, Way::Here);
        if goes_on { ON_AND_ON } else { ONE_FRAME }
    }

    /// Turns layers off when many messages fly. They would cost more than they save: one for each
    /// message, and those that the browser makes for everything that lies over a moving client.
    fn spare_layers(&mut self, count: usize) {
        let spare = count > MOST_LAYERS;
        if spare != self.spares_layers
            && let Some(stage) = self.messages.parent_element()
        {
            self.spares_layers = spare;
            // An attribute and not a class: the classes of the stage are written by its component.
            let _ = stage.toggle_attribute_with_force("data-many", spare);
        }
    }

    /// Marks the elements whose message still flies, and hides the others.
    fn keep_those_that_fly(&mut self, alone: &[&Flight]) {
        for (hint, &flight) in alone.iter().enumerate() {
            let place = match self.slots.get(hint) {
                Some(slot) if slot.shows(flight.id) => Some(hint),
                _ => self.slots.iter().position(|s| s.shows(flight.id)),
            };
            if let Some(place) = place {
                let slot = &mut self.slots[place];
                slot.seen = true;
                if self.fresh_plan || slot.is_late(flight) {
                    slot.route(flight, &self.plan);
                }
            }
        }
        for slot in &mut self.slots {
            if !std::mem::take(&mut slot.seen)
                && let Some(gone) = &slot.shown
            {
                self.last_seen.push_back(gone.seen);
                slot.hide();
            }
        }
        let excess = self.last_seen.len().saturating_sub(MOST_REMEMBERED);
        self.last_seen.drain(..excess);
    }

    fn show(&mut self, flight: &Flight, playing: bool) {
        let letter = Letter::of(flight);
        let place = self.free_slot(letter).unwrap_or_else(|| {
            self.slots.push(Slot::new(&self.messages));
            self.slots.len() - 1
        });
        let slot = &mut self.slots[place];
        slot.dress(flight, letter, playing);
        slot.route(flight, &self.plan);
    }

    /// An idle element with this look. If there are many elements, any idle one: a change of look
    /// costs layout.
    fn free_slot(&self, letter: Letter) -> Option<usize> {
        let free = |slot: &Slot| slot.shown.is_none();
        let alike = self.slots.iter().position(|s| free(s) && s.letter == Some(letter));
        let many = self.slots.len() >= MOST_SPARE;
        alike.or_else(|| self.slots.iter().position(free).filter(|_| many))
    }

    /// Makes messages reachable by the keyboard while time stands still.
    fn let_keyboard_in(&mut self, playing: bool) {
        if playing != self.was_playing {
            self.was_playing = playing;
            for slot in &self.slots {
                set(&slot.group, "tabindex", if playing { "-1" } else { "0" });
            }
        }
    }

    fn paint_deaths(&mut self, share: Share, show: &Show<'_>) -> f64 {
        let world = show.session.world(self.cluster);
        let trace = show.session.trace(self.cluster);
        let lasts =
            Span::from_us(show.speed.virtual_us(DEATH_LASTS_MS) as u64).min(DEATH_LASTS_AT_MOST);
        let (mut count, mut first) = (0, None);
        if share != Share::All {
            for (id, event) in trace.iter_from(trace.first_at(world.now() - lasts)) {
                if id >= EventId(world.events()) || count == MOST_DEATHS {
                    break;
                }
                if let What::Lost(passage, why) = event.what
                    && why != Loss::Overflow
                    && ends(&self.plan, passage.from, passage.to).is_some()
                {
                    self.mark(count, passage, event.at, why);
                    first = first.or(Some(event.at));
                    count += 1;
                }
            }
        }
        for death in self.deaths.iter_mut().skip(count).filter(|d| d.shows.is_some()) {
            death.shows = None;
            set(&death.cross, "display", "none");
        }
        let goes = |first: Time| (first + lasts).since(world.now()).as_us() as f64;
        match (first, show.flow) {
            (Some(first), Some(flow)) => flow.real_ms(goes(first)).max(1.0),
            _ => ON_AND_ON,
        }
    }

    /// Shows a loss marker. Its place is computed only when it shows another message.
    fn mark(&mut self, place_in_pool: usize, passage: Passage, died: Time, why: Loss) {
        if place_in_pool == self.deaths.len() {
            let cross = make("path", "death");
            let _ = self.marks.append_child(&cross);
            self.deaths.push(Death { cross, shows: None });
        }
        let shows = self.deaths[place_in_pool].shows;
        if (shows != Some(passage.message) || self.fresh_plan)
            && let Some(at) = self.grave(passage, died, why)
        {
            let death = &mut self.deaths[place_in_pool];
            death.shows = Some(passage.message);
            set(&death.cross, "d", &Letter::new(passage, None).dead());
            let place = format!("translate({} {})", px(at.x), px(at.y));
            set(&death.cross, "transform", &place);
            let _ = death.cross.remove_attribute("display");
        }
    }

    /// The place of a loss marker: the last visible place of the message if it was seen on its way,
    /// else at a receiver that is down, else on the wire.
    fn grave(&self, passage: Passage, died: Time, why: Loss) -> Option<Point> {
        let (from, to) = ends(&self.plan, passage.from, passage.to)?;
        match self.last_seen.iter().find(|s| s.id == passage.message) {
            Some(seen) => Some(from.toward(to, seen.part(died.as_us() as f64))),
            None if why == Loss::Down => Some(to),
            None => death::unseen(&self.plan, passage.from, passage.to),
        }
    }

    /// Moves a ring along with the selected message, even if it is drawn together with others.
    fn paint_halo(&mut self, show: &Show<'_>) -> f64 {
        let world = show.session.world(self.cluster);
        let selected = show.selected.filter(|(cluster, _)| *cluster == self.cluster);
        let flight = selected.and_then(|(_, id)| world.flight(id));
        let now = world.now().as_us() as f64;
        let at = flight.and_then(|flight| whereabouts(flight, now, &self.plan));
        let Some(at) = at else {
            if let Some(halo) = self.halo.take() {
                halo.remove();
            }
            return ON_AND_ON;
        };
        let marks = &self.marks;
        let halo = self.halo.get_or_insert_with(|| {
            let halo = make("circle", "message-halo");
            set(&halo, "r", "17");
            let _ = marks.append_child(&halo);
            halo
        });
        set(halo, "transform", &format!("translate({} {})", px(at.x), px(at.y)));
        ONE_FRAME
    }

    fn paint_arcs(&mut self, world: &World, show: &Show<'_>) -> f64 {
        if self.fresh_plan {
            self.place_arcs(world);
        }
        if !self.plan.has_arcs() {
            return ON_AND_ON;
        }
        let since_ms = show.at_ms - self.turned_ms;
        let rests = self.is_still || since_ms < ARCS_REST_MS;
        if show.playing && !self.fresh_plan && rests {
            return if self.is_still { ON_AND_ON } else { self.turned_for_ms - since_ms };
        }
        let mut unit_us = f64::INFINITY;
        for (host, dial) in world.nodes().zip(&mut self.dials) {
            // A leader's timer counts something else: the time since it heard from a majority.
            let leads = host.machine().is_some_and(|m| m.sign().role == Role::Leader);
            let timer = host.timers().find(|t| t.timer == Timer::Election && !leads);
            dial.turn(timer.map_or(0.0, |t| left(world.now(), t.since, t.due)));
            let whole_us = timer.map_or(f64::INFINITY, |t| t.due.since(t.since).as_us() as f64);
            unit_us = unit_us.min(whole_us / ARC_UNITS);
        }
        let unit_ms = show.flow.map_or(0.0, |flow| flow.real_ms(unit_us));
        (self.turned_ms, self.turned_for_ms) = (show.at_ms, unit_ms.max(ARCS_REST_MS));
        if self.is_still { ON_AND_ON } else { self.turned_for_ms }
    }

    fn place_arcs(&mut self, world: &World) {
        let count = if self.plan.has_arcs() { world.nodes().count() } else { 0 };
        while self.dials.len() > count {
            if let Some(dial) = self.dials.pop() {
                dial.arc.remove();
            }
        }
        while self.dials.len() < count {
            self.dials.push(Dial::new(&self.arcs));
        }
        for (host, dial) in world.nodes().zip(&mut self.dials) {
            if let Some(at) = self.plan.place(host.id().into()) {
                dial.put(at, self.plan.radius * 1.16);
            }
        }
    }
}

impl Paint for Painter {
    fn paint(&mut self, show: &Show<'_>) -> f64 {
        if self.cluster >= show.session.run().clusters.len() {
            return ON_AND_ON;
        }
        let world = show.session.world(self.cluster);
        self.let_keyboard_in(show.playing);
        let share = Share::of(world);
        let rests = [
            self.paint_messages(world, share, show),
            self.paint_deaths(share, show),
            self.paint_halo(show),
            self.paint_arcs(world, show),
        ];
        self.fresh_plan = false;
        rests.into_iter().fold(ON_AND_ON, f64::min)
    }
}

/// The way in which messages are placed.
#[derive(Clone, Copy)]
enum Way {
    /// Half way, because nothing may move.
    Half,
    /// At their present places.
    Here,
    /// At their present places, with an animation to the place of their delivery or loss.
    Goes(Flow),
}

impl Slot {
    fn new(layer: &Element) -> Self {
        let group = make("svg", "message");
        set(&group, "viewBox", "-22 -22 44 44");
        let hit = make("circle", "hit");
        set(&hit, "r", "16");
        let shape = make("path", "shape");
        let _ = group.append_child(&hit);
        let _ = group.append_child(&shape);
        set(&group, "role", "button");
        let _ = layer.append_child(&group);
        let mover = Mover::new(&group);
        Self { group, shape, mover, letter: None, shown: None, seen: false }
    }

    fn shows(&self, id: MessageId) -> bool {
        self.shown.as_ref().is_some_and(|s| s.seen.id == id)
    }

    /// True if its message was delayed, or let through, since it was placed.
    fn is_late(&self, flight: &Flight) -> bool {
        let (arrives, due) = (flight.arrives.as_us() as f64, flight.due().as_us() as f64);
        let same = |s: &Shown| (s.seen.sent + s.seen.span - arrives).abs() <= 1.0 && s.due == due;
        self.shown.as_ref().is_some_and(|s| !same(s))
    }

    /// Sets the look of a message, its id, and its name for assistive technology.
    fn dress(&mut self, flight: &Flight, letter: Letter, playing: bool) {
        if self.letter.replace(letter) != Some(letter) {
            set(&self.group, "class", &letter.class("message"));
            set(&self.shape, "d", letter.outline());
        }
        set(&self.group, "data-message", &flight.id.to_string());
        let name = format!("{} from {} to {}", letter.kind.name(), flight.from, flight.to);
        set(&self.group, "aria-label", &name);
        set(&self.group, "tabindex", if playing { "-1" } else { "0" });
        let _ = self.group.remove_attribute("visibility");
    }

    /// Sets the way of its message, from rim to rim.
    fn route(&mut self, flight: &Flight, plan: &Plan) {
        let (from, to) = ends(plan, flight.from, flight.to).unwrap_or_default();
        let (seen, due) = (Seen::of(flight), flight.due().as_us() as f64);
        self.shown = Some(Shown { seen, from, to, due });
    }

    fn place(&mut self, now: f64, way: Way) {
        let Some(Shown { seen, from, to, due }) = &self.shown else { return };
        let at = |time| from.toward(*to, seen.part(time));
        match way {
            Way::Half => self.mover.stand(from.toward(*to, 0.5)),
            Way::Here => self.mover.stand(at(now)),
            Way::Goes(flow) => self.mover.go(flow.course(at(now), at(*due), due - now)),
        }
    }

    fn hide(&mut self) {
        if self.shown.take().is_some() {
            self.mover.rest();
            // `display: none` would cause layout; `visibility` does not.
            set(&self.group, "visibility", "hidden");
            let _ = self.group.remove_attribute("data-message");
        }
    }
}

impl Dial {
    fn new(layer: &Element) -> Self {
        let arc = make("path", "arc");
        set(&arc, "pathLength", "240");
        set(&arc, "stroke-dasharray", "240 240");
        let _ = layer.append_child(&arc);
        Self { arc, left: -1, stands: None }
    }

    fn put(&mut self, at: Point, radius: f64) {
        if self.stands.replace((at, radius)) == Some((at, radius)) {
            return;
        }
        // From the top, clockwise. A start that is turned by a transform would give each arc a
        // layer.
        set(&self.arc, "d", &round(at, radius));
    }

    fn turn(&mut self, left: f64) {
        let units = (left * ARC_UNITS) as i32;
        if units == self.left {
            return;
        }
        if units == 0 {
            set(&self.arc, "display", "none");
        } else if self.left <= 0 {
            let _ = self.arc.remove_attribute("display");
        }
        self.left = units;
        set(&self.arc, "stroke-dashoffset", &(ARC_UNITS as i32 - units).to_string());
    }
}

/// The path data of a timer's arc around a point: from the top, clockwise.
pub fn round(at: Point, radius: f64) -> String {
    let (x, y, r, d) = (px(at.x), px(at.y - radius), px(radius), px(2.0 * radius));
    format!("M{x} {y}a{r} {r} 0 1 1 0 {d}a{r} {r} 0 1 1 0 -{d}")
}

/// The ends of a message's way: the rims of its sender and receiver.
pub fn ends(plan: &Plan, from: Addr, to: Addr) -> Option<(Point, Point)> {
    let (a, b) = (plan.place(from)?, plan.place(to)?);
    Some((a.step(b, rim(plan, from)), b.step(a, rim(plan, to))))
}

/// The distance from the centre of a node, client or balancer to the ends of its wires, in pixels.
#[must_use]
pub fn rim(plan: &Plan, who: Addr) -> f64 {
    match who {
        Addr::Node(_) => plan.radius * 1.16 + 4.0,
        Addr::Client(_) | Addr::Balancer => 30.0 * plan.scale(),
    }
}

/// The fraction of a timer that is left.
fn left(now: Time, since: Time, due: Time) -> f64 {
    let whole = due.since(since).as_us().max(1) as f64;
    due.since(now).as_us() as f64 / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_runs_from_whole_to_nothing() {
        let (since, due) = (Time::from_ms(100), Time::from_ms(300));
        assert_eq!(left(Time::from_ms(100), since, due), 1.0);
        assert_eq!(left(Time::from_ms(250), since, due), 0.25);
        assert_eq!(left(Time::from_ms(400), since, due), 0.0);
    }
}
