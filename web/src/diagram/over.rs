//! Draws the layers over the tiles: operations of clients, messages in flight, and lane names. They
//! are redrawn when the playhead moves on. All places are relative to one origin in time.

use super::captions::Captions;
use super::paper::Paper;
use super::pens::Pens;
use super::tile::{before, shape};
use super::window::TILE_PX;
use crate::judging::Latest;
use crate::look::{AT_FAULT, Fate, Hue, Letter, being};
use crate::words::fitted;
use quorumscope_core::client::Operation;
use quorumscope_core::diagram::{Bar, Stand};
use quorumscope_core::ids::{Addr, OperationId};
use quorumscope_core::signs::Reach;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Flight, World};

/// A bar with room for fewer letters has no caption.
const LEAST_LETTERS: usize = 4;
/// A narrower bar has no outline, in pixels.
const THIN: f64 = 5.0;
/// A narrower bar has no dot at the moment of its effect, in pixels: the dots would run together.
const DOT_ROOM: f64 = 12.0;
/// With more messages in flight than this, none has a shape.
const MOST_SHAPES: usize = 60;

/// The part of the time that is drawn.
#[derive(Clone, Copy)]
pub struct Part {
    /// The time at which x is 0.
    pub origin: Time,
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub to: Time,
}

/// The verdicts on the operations of one cluster. Operations count from 1, as their ids do.
pub struct Judged<'a> {
    at_fault: Vec<u32>,
    /// The moments at which operations take effect: number and time in microseconds, sorted by
    /// number.
    places: &'a [(u32, u64)],
}

impl<'a> Judged<'a> {
    /// The verdicts on one cluster.
    #[must_use]
    pub fn of(latest: &'a Latest, cluster: usize) -> Self {
        let places = latest.places.get(cluster).map_or(&[][..], |places| places);
        Self { at_fault: latest.at_fault(cluster), places }
    }

    fn blames(&self, operation: OperationId) -> bool {
        self.at_fault.contains(&operation.0)
    }

    fn place(&self, operation: OperationId) -> Option<Time> {
        let place = self.places.binary_search_by(|(number, _)| number.cmp(&operation.0)).ok()?;
        Some(Time::from_us(self.places[place].1))
    }
}

/// Draws each operation as a bar from invocation to return, with a caption. Faulty ones stand out.
#[must_use]
pub fn bars(
    paper: &Paper<'_>,
    world: &World,
    part: Part,
    judged: &Judged<'_>,
    captions: &mut Captions<'_>,
) -> String {
    let (mut pens, height) = (Pens::default(), paper.bar());
    for &who in paper.lanes.iter().filter(|who| who.client().is_some()) {
        let (Some(y), Some(lane)) = (paper.y(who), paper.diagram.lane(who)) else { continue };
        for bar in lane.bars(part.from, part.to) {
            let operation = world.operation(bar.operation);
            let (from, to) = edges(paper, bar, part);
            let fate = operation.map_or(Fate::Waiting, Fate::of);
            let faulty = judged.blames(bar.operation);
            let look = if faulty { AT_FAULT } else { fate.class() };
            // Narrow bars may run together.
            let thin = if to - from < THIN && !faulty { " thin" } else { "" };
            let (top, foot) = (y - height / 2.0, y + height / 2.0);
            pens.bar(&format!("dg-op {look}{thin}"), (from, to.max(from + 1.5)), y, height);
            if fate == Fate::Failed && !faulty && thin.is_empty() {
                pens.line("dg-crossed failed", (from, top), (to, foot));
                pens.line("dg-crossed failed", (from, foot), (to, top));
            }
            let dotted = to - from > DOT_ROOM || faulty;
            if let Some(at) = judged.place(bar.operation).filter(|_| dotted) {
                // A line without length: its round caps make a dot.
                let x = paper.x(at, part.origin);
                if x > to {
                    // The operation took effect after its client had given up.
                    pens.line(&format!("dg-tail {look}"), (to, foot), (x, foot));
                }
                pens.line("dg-effective", (x, foot), (x, foot));
            }
            let most = captions.letters_in((from, to));
            if most >= LEAST_LETTERS {
                let said = operation.map_or_else(String::new, |op| said(op, faulty));
                let baseline = y + 0.34 * paper.letters();
                captions.write(
                    &format!("dg-asks-text {look}"),
                    from,
                    baseline,
                    &fitted(&said, most),
                );
            }
        }
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup
}

/// Draws messages in flight that arrive after the frontier, to the place where they will arrive.
#[must_use]
pub fn flights(paper: &Paper<'_>, world: &World, frontier: Time, origin: Time) -> String {
    let (mut pens, mut out) = (Pens::default(), String::new());
    let few = world.flight_count() <= MOST_SHAPES;
    for flight in world.flights().filter(|f| f.due() >= frontier) {
        let Some((from, to)) = way(paper, flight, origin) else { continue };
        let letter = Letter::of(flight);
        pens.line(&letter.class("dg-message"), from, to);
        if few && flight.doomed.is_none() {
            shape(&mut out, letter, before(from, to));
        }
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup.push_str(&out);
    markup
}

/// The line of a message. One that will be lost goes half way.
fn way(paper: &Paper<'_>, flight: &Flight, origin: Time) -> Option<((f64, f64), (f64, f64))> {
    let (a, b) = (paper.y(flight.from)?, paper.y(flight.to)?);
    let y = if flight.doomed.is_some() { a + (b - a) / 2.0 } else { b };
    Some(((paper.x(flight.sent, origin), a), (paper.x(flight.due(), origin), y)))
}

/// The left and right ends of a bar. An open operation goes on to the end of the drawn part.
fn edges(paper: &Paper<'_>, bar: &Bar, part: Part) -> (f64, f64) {
    let to = bar.to.map_or(part.to, |(_, at)| at);
    // A bar that begins far to the left is cut there.
    let left = paper.x(part.from, part.origin) - TILE_PX;
    (paper.x(bar.from.1, part.origin).max(left), paper.x(to, part.origin))
}

/// The caption of an operation: its request and its result.
fn said(operation: &Operation, at_fault: bool) -> String {
    let asks = operation.request.to_string();
    let gets = operation.end.is_some().then(|| Fate::said(operation));
    Fate::of(operation).told(at_fault, &asks, gets.as_deref())
}

/// The names beside the lanes, as markup: each with its status or role at the playhead.
#[must_use]
pub fn names(paper: &Paper<'_>, now: Time) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for &who in paper.lanes {
        let stand = paper.diagram.lane(who).and_then(|lane| lane.stand_at(now));
        let hue = stand.map_or(Hue::NONE, |s| paper.hue(who, &s.aspect)).class();
        let being = |s: &Stand| being(s.aspect.status, s.aspect.role, s.aspect.term);
        let words = stand.map_or_else(String::new, being);
        let is_cut = stand.is_some_and(|s| s.aspect.reach != Reach::Whole);
        let cut = if is_cut { "<i class=\"fault\">cut</i>" } else { "" };
        let kind = match who {
            Addr::Node(_) => "node",
            Addr::Client(_) => "client",
            Addr::Balancer => "balancer",
        };
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "<div class=\"dg-name {kind} {hue}\" data-lane=\"{who}\"><b>{who}</b> <span>{words}</span>{cut}</div>"
        );
    }
    out
}
