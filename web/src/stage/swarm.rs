//! Very many messages: one path for each class of them, of strokes without length whose caps are
//! the messages (`M x y h0`). In a crowd the heartbeats and their answers are always here, as small
//! dots: they are most of what flies, and the least of what is going on.

use super::crowd;
use super::layout::Plan;
use super::painter::ends;
use super::svg::{make, set};
use crate::geometry::{Point, point};
use crate::look::{Hue, Letter};
use quorumscope_core::ids::MessageId;
use quorumscope_core::protocol::Kind;
use quorumscope_core::world::{Flight, World};
use std::fmt::Write;
use web_sys::Element;

/// Six hues and one for no term, each for requests and answers, each for those that carry something
/// and those that do not.
const CLASSES: usize = Hue::COUNT * 4;
/// Above that many messages all are drawn together.
const MOST_ALONE: usize = 150;

/// Which messages are drawn together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// None.
    None,
    /// Those that carry nothing: in a crowd.
    Light,
    /// All.
    All,
}

impl Share {
    /// What is drawn together of a World.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let crowd = world.nodes().nth(crowd::ABOVE).is_some();
        let many = world.flight_count() > MOST_ALONE;
        if crowd {
            let alone = world.flights().filter(|f| !is_light(f)).take(MOST_ALONE + 1).count();
            return if many && alone > MOST_ALONE { Self::All } else { Self::Light };
        }
        if many { Self::All } else { Self::None }
    }

    /// Whether a message is among them.
    #[must_use]
    pub fn has(self, flight: &Flight) -> bool {
        match self {
            Self::None => false,
            Self::Light => is_light(flight),
            Self::All => true,
        }
    }
}

/// A heartbeat, or the answer to one: nothing depends on it but that somebody is there.
fn is_light(flight: &Flight) -> bool {
    Letter::of(flight).light
}

/// The paths, made when first needed.
pub struct Swarm {
    layer: Element,
    paths: Vec<Element>,
    texts: Vec<String>,
    is_clear: bool,
}

impl Swarm {
    /// A swarm in a layer of the stage.
    #[must_use]
    pub fn new(layer: &Element) -> Self {
        Self { layer: layer.clone(), paths: Vec::new(), texts: Vec::new(), is_clear: true }
    }

    /// Draws those messages of a World.
    pub fn paint(&mut self, world: &World, plan: &Plan, share: Share) {
        if share == Share::None {
            return self.clear();
        }
        if self.paths.is_empty() {
            self.make_paths();
        }
        self.is_clear = false;
        self.texts.iter_mut().for_each(String::clear);
        let now = world.now().as_us() as f64;
        for flight in world.flights().filter(|f| share.has(f)) {
            if let Some(at) = whereabouts(flight, now, plan) {
                let text = &mut self.texts[class(Letter::of(flight))];
                let _ = write!(text, "M{} {}h0", at.x as i32, at.y as i32);
            }
        }
        for (path, text) in self.paths.iter().zip(&self.texts) {
            set(path, "d", text);
        }
    }

    /// Draws nothing.
    fn clear(&mut self) {
        if !std::mem::replace(&mut self.is_clear, true) {
            self.paths.iter().for_each(|p| set(p, "d", ""));
        }
    }

    fn make_paths(&mut self) {
        let kinds = [Kind::Ask, Kind::Reply].into_iter();
        let looks = kinds.flat_map(|kind| [false, true].map(|light| (kind, light)));
        for hue in Hue::all() {
            for (kind, light) in looks.clone() {
                let path = make("path", &Letter { kind, hue, light }.class("swarm"));
                let _ = self.layer.append_child(&path);
                self.paths.push(path);
            }
        }
        self.texts = vec![String::new(); CLASSES];
    }
}

/// The place of the path that draws such messages.
fn class(letter: Letter) -> usize {
    (letter.hue.place() * 2 + usize::from(letter.is_open())) * 2 + usize::from(letter.light)
}

/// Where a message is at a time.
#[must_use]
pub fn whereabouts(flight: &Flight, now_us: f64, plan: &Plan) -> Option<Point> {
    let (from, to) = ends(plan, flight.from, flight.to)?;
    let sent = flight.sent.as_us() as f64;
    let span = (flight.arrives.as_us() as f64 - sent).max(1.0);
    Some(from.toward(to, ((now_us - sent) / span).clamp(0.0, 1.0)))
}

/// The message nearest to a point, within a finger's reach, of those that are drawn together: they
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
