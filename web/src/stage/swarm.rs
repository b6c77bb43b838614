//! Draws very many messages: one path for each class of them. Each message is a stroke without
//! length, whose round caps make a dot (`M x y h0`). In a crowd, heartbeats and their answers are
//! always drawn here as small dots: they are most of the traffic, and matter least.

use super::crowd;
use super::layout::Plan;
use super::painter::ends;
use super::svg::{make, set};
use crate::geometry::{Point, point};
use crate::look::{Hue, Letter};
use crate::px::whole;
use quorumscope_core::ids::MessageId;
use quorumscope_core::protocol::Kind;
use quorumscope_core::world::{Flight, World};
use web_sys::Element;

/// With more messages than this, all are drawn together.
const MOST_ALONE: usize = 150;
/// The distance beyond the stage at which a dot is invisible, in pixels.
const BEYOND: i32 = 60;

/// The messages that are drawn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// None.
    None,
    /// Heartbeats and their answers, in a crowd.
    Light,
    /// All.
    All,
}

impl Share {
    /// The share of a World's messages that is drawn together.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let crowd = world.nodes().nth(crowd::ABOVE).is_some();
        let many = world.flight_count() > MOST_ALONE;
        if crowd {
            let alone =
                world.flights().filter(|f| !Self::Light.has(f)).take(MOST_ALONE + 1).count();
            return if many && alone > MOST_ALONE { Self::All } else { Self::Light };
        }
        if many { Self::All } else { Self::None }
    }

    /// True if a message is drawn together with others.
    #[must_use]
    pub fn has(self, flight: &Flight) -> bool {
        self.has_letter(Letter::of(flight))
    }

    /// A light message is a heartbeat, or the answer to one: it shows only that its sender is
    /// alive.
    fn has_letter(self, letter: Letter) -> bool {
        match self {
            Self::None => false,
            Self::Light => letter.light,
            Self::All => true,
        }
    }
}

/// The paths, made when they are first needed.
pub struct Swarm {
    layer: Element,
    paths: Vec<Line>,
}

/// A path, its present data, and its next data.
struct Line {
    path: Element,
    shown: String,
    text: String,
}

impl Line {
    /// Writes the next data to the path if it differs.
    fn show(&mut self) {
        if self.text != self.shown {
            set(&self.path, "d", &self.text);
            std::mem::swap(&mut self.text, &mut self.shown);
        }
    }
}

impl Swarm {
    /// Creates a swarm in a layer of the stage.
    #[must_use]
    pub fn new(layer: &Element) -> Self {
        Self { layer: layer.clone(), paths: Vec::new() }
    }

    /// Draws the shared messages of a World, or clears the paths if nothing is shared.
    pub fn paint(&mut self, world: &World, plan: &Plan, share: Share) {
        if share != Share::None && self.paths.is_empty() {
            self.make_paths();
        }
        self.paths.iter_mut().for_each(|line| line.text.clear());
        if share != Share::None {
            self.write(world, plan, share);
        }
        self.paths.iter_mut().for_each(Line::show);
    }

    fn write(&mut self, world: &World, plan: &Plan, share: Share) {
        // Two dots beyond the corners of the stage, out of view. They give every path the same
        // bounding box, so that the browser need not compute anew which elements overlap.
        let (x, y) = (plan.size.w as i32 + BEYOND, plan.size.h as i32 + BEYOND);
        let frame = format!("M-{BEYOND}-{BEYOND}h0M{x} {y}h0");
        let now = world.now().as_us() as f64;
        for flight in world.flights() {
            let letter = Letter::of(flight);
            if !share.has_letter(letter) {
                continue;
            }
            let Some(at) = whereabouts(flight, now, plan) else { continue };
            let text = &mut self.paths[class(letter)].text;
            if text.is_empty() {
                text.push_str(&frame);
            }
            text.push('M');
            whole(text, at.x as i32);
            text.push(' ');
            whole(text, at.y as i32);
            text.push_str("h0");
        }
    }

    fn make_paths(&mut self) {
        let kinds = [Kind::Ask, Kind::Reply].into_iter();
        let looks = kinds.flat_map(|kind| [false, true].map(|light| (kind, light)));
        // One path for each of six colours and for no term, for requests and for answers, with data
        // and without.
        for hue in Hue::all() {
            for (kind, light) in looks.clone() {
                let path = make("path", &Letter { kind, hue, light }.class("swarm"));
                let _ = self.layer.append_child(&path);
                self.paths.push(Line { path, shown: String::new(), text: String::new() });
            }
        }
    }
}

/// The index of the path that draws such messages.
fn class(letter: Letter) -> usize {
    (letter.hue.place() * 2 + usize::from(letter.is_open())) * 2 + usize::from(letter.light)
}

/// The place of a message at a time.
#[must_use]
pub fn whereabouts(flight: &Flight, now_us: f64, plan: &Plan) -> Option<Point> {
    let (from, to) = ends(plan, flight.from, flight.to)?;
    let sent = flight.sent.as_us() as f64;
    let span = (flight.arrives.as_us() as f64 - sent).max(1.0);
    Some(from.toward(to, ((now_us - sent) / span).clamp(0.0, 1.0)))
}

/// The message nearest to a point, at most 16 pixels away, of those that are drawn together. They
/// have no elements to click on.
#[must_use]
pub fn nearest(world: &World, plan: &Plan, to: (f64, f64)) -> Option<MessageId> {
    let to = point(to.0, to.1);
    let now = world.now().as_us() as f64;
    let distance = |f: &Flight| Some((whereabouts(f, now, plan)?.distance(to), f.id));
    let share = Share::of(world);
    let near =
        world.flights().filter(|f| share.has(f)).filter_map(distance).filter(|(d, _)| *d < 16.0);
    near.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, id)| id)
}
