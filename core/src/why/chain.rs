//! From a fact back to what began it.
//!
//! An event of the trace knows up to two others that led to it. Where they fan out, this is the one
//! that matters: of a message that was lost, what lost it; of a timer that ran out because nothing
//! came, what kept it from coming; of the first message through a link that was cut, what healed
//! that; of all else, what was being handled when it happened. A chain
//! ends where a person, the workload or a clock began it: at a statement, at the first start, or at
//! a timer that runs out again and again by itself.

use super::barrier;
use super::case::Case;
use super::orders;
use super::role::ordered;
use super::rules;
use super::silence::{self, Silence};
use super::term;
use crate::ids::EventId;
use crate::protocol::{Fact, Kind, Timer};
use crate::run::Statement;
use crate::time::Time;
use crate::trace::{Loss, What};

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The event.
    pub event: EventId,
    /// When it happened.
    pub at: Time,
    /// What happened, in a plain sentence.
    pub text: String,
    /// How the step before it brought it about.
    pub link: Link,
}

/// How one step brought about the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing did: the chain begins here.
    Root,
    /// It led to it, as the trace's causes say, over any number of events.
    Led,
    /// It kept something away that was waited for.
    Kept,
    /// It made way for it: before, a message like it would have been lost.
    Let,
}

/// Over so many causes it is looked whether one event led to another.
const MOST_CAUSES: usize = 1_000;
/// The most events that a chain is followed over.
const MOST_LINKS: usize = 200_000;
/// The most steps of a chain that is told: of a longer one the middle is left out.
const MOST_STEPS: usize = 10;
/// How many of them are at the old end.
const OLDEST: usize = 4;

/// An event on the way back.
#[derive(Clone, Copy)]
struct Place {
    id: EventId,
    what: What,
    link: Link,
    /// How many of its like were passed over on the way to the event before it.
    more: u32,
}

/// The chain that leads to an event, oldest first; its last step is the event. At the first of two
/// events that are `kept` it goes on to the other, which kept away what was missing there.
pub fn chain(case: &Case<'_>, fact: EventId, kept: &[(EventId, EventId)]) -> Vec<Step> {
    // Who tore a record says as much as that it is torn.
    let is_torn = case.event(fact).is_some_and(|e| matches!(e.what, What::Torn(_)));
    let fact = if is_torn { ordered(case, fact) } else { fact };
    let mut places = back(case, fact, kept);
    leave_out_what_goes_without_saying(&mut places);
    fold(&mut places);
    shorten(&mut places);
    places.reverse();
    tell(case, &places)
}

/// The oldest event of the chain that leads to an event and is behind another.
pub fn oldest_after(case: &Case<'_>, fact: EventId, after: EventId) -> Option<EventId> {
    let places = back(case, fact, &[]);
    places.into_iter().map(|place| place.id).filter(|id| *id > after).min()
}

/// All the way back, newest first.
fn back(case: &Case<'_>, fact: EventId, kept: &[(EventId, EventId)]) -> Vec<Place> {
    let mut places = Vec::new();
    // Where the chain goes on to how somebody had learnt of a term that it then told another.
    let mut learnt = Vec::new();
    let mut next = Some(fact);
    while let Some(id) = next.filter(|_| places.len() < MOST_LINKS) {
        let Some(event) = case.event(id) else { break };
        if matches!(event.what, What::Noted(_, Fact::SteppedDown(_))) {
            learnt.extend(term::origin(case, id));
        }
        if let Some(&(_, from)) = learnt.iter().find(|(at, _)| *at == id) {
            // A timer that runs out by itself was not brought about: what one knew made way for it.
            let link = if led(case, from, id) { Link::Led } else { Link::Let };
            places.push(Place { id, what: event.what, link, more: 0 });
            next = Some(from);
            continue;
        }
        if let Some(heal) = made_way(case, id, event.what, &mut places) {
            next = Some(heal);
            continue;
        }
        let detour = kept.iter().find(|(at, by)| *at == id && *by < id);
        let (link, before) = detour
            .map_or_else(|| cause(case, id, event.what), |(_, by)| (way(case, *by, id), Some(*by)));
        places.push(Place { id, what: event.what, link, more: 0 });
        next = before;
    }
    if let Some(last) = places.last_mut() {
        last.link = Link::Root;
    }
    places
}

/// Begins a chain with a statement that made way for what follows, unless something in the chain was
/// before it.
pub fn begin_with(case: &Case<'_>, rule: EventId, chain: &mut Vec<Step>) {
    let Some(oldest) = chain.first_mut().filter(|oldest| rule < oldest.event) else { return };
    let Some(event) = case.event(rule) else { return };
    oldest.link = Link::Let;
    let text = format!("{}.", case.clause(rule));
    chain.insert(0, Step { event: rule, at: event.at, text, link: Link::Root });
}

/// How an event matters from which a chain goes on to another: a request that is no cause of it made
/// way for it.
fn way(case: &Case<'_>, by: EventId, id: EventId) -> Link {
    match around(case, by) {
        Link::Led if !led(case, by, id) => Link::Let,
        link => link,
    }
}

/// Whether one event led to another by the causes that the trace knows, as far as they are looked at.
fn led(case: &Case<'_>, from: EventId, to: EventId) -> bool {
    let (mut open, mut left) = (vec![to], MOST_CAUSES);
    while let Some(id) = open.pop().filter(|_| left > 0) {
        left -= 1;
        if id == from {
            return true;
        }
        let causes = case.event(id).into_iter().flat_map(|e| e.causes.iter());
        open.extend(causes.filter(|&cause| cause >= from));
    }
    false
}

/// How an event matters to which a chain goes on another way than the trace's: a rule that is broken,
/// a commit and an answer make way, a request leads on, all else keeps something away.
fn around(case: &Case<'_>, by: EventId) -> Link {
    let place = match case.event(by).map(|e| e.what) {
        Some(What::Commanded(place)) => place as usize,
        Some(What::Noted(_, Fact::Committed(_)) | What::Returned(..)) => return Link::Let,
        Some(What::Delivered(p)) if matches!(p.kind, Kind::Ask | Kind::Forward) => {
            return Link::Led;
        }
        _ => return Link::Kept,
    };
    match case.scene.commands.get(place).map(|command| &command.statement) {
        Some(Statement::Rule(..)) => Link::Let,
        _ => Link::Kept,
    }
}

/// The statement that made way for what a periodic timer sends, if the message that the chain comes
/// from is the first that got through. It says more than the timer, which goes without saying.
fn made_way(case: &Case<'_>, id: EventId, what: What, places: &mut [Place]) -> Option<EventId> {
    let (What::Fired(_, timer) | What::BalancerFired(timer)) = what else { return None };
    let sent = places.last_mut().filter(|_| is_periodic(timer))?;
    let What::Sent(p) = sent.what else { return None };
    let heal = barrier::opened_by(case, p.from, p.to, id)?;
    sent.link = Link::Let;
    Some(heal)
}

/// The cause that matters, and how it is one.
fn cause(case: &Case<'_>, id: EventId, what: What) -> (Link, Option<EventId>) {
    let causes = case.event(id).map(|e| e.causes).unwrap_or_default();
    let (first, second) = (causes.first(), causes.iter().nth(1));
    let led = (Link::Led, first);
    let kept = |by: EventId| (Link::Kept, Some(by));
    match what {
        What::Commanded(_) | What::Prompted(_) => (Link::Root, None),
        What::Delivered(p) if p.kind == Kind::RequestVote => {
            rules::second_vote(case, id).map_or(led, |by| (Link::Let, Some(by)))
        }
        What::Lost(_, Loss::Cut | Loss::Down | Loss::Dropped) if second.is_some() => {
            (Link::Led, second)
        }
        What::Lost(p, Loss::Cut) => {
            barrier::cut_by(case, p.from, p.to, id).map_or(led, |(by, _)| kept(by))
        }
        What::Lost(p, Loss::Chance) => {
            orders::lossy(case, p.from, p.to, id).map_or(led, |order| kept(order.event))
        }
        What::Lost(p, Loss::Down) => {
            let gone =
                |w: What| p.to.node().is_some_and(|n| w == What::Crashed(n) || w == What::Left(n));
            case.last_turn(id, &gone).map_or(led, kept)
        }
        What::Fired(_, timer) | What::BalancerFired(timer) if is_periodic(timer) => {
            (Link::Root, None)
        }
        What::Fired(..) | What::ClientFired(..) | What::BalancerFired(_) => {
            match silence::of(case, id, what) {
                Silence::Kept(by) => kept(by),
                Silence::Unknown => led,
            }
        }
        _ => led,
    }
}

/// Whether a timer runs out again and again by itself, whatever happens.
const fn is_periodic(timer: Timer) -> bool {
    matches!(timer, Timer::Heartbeat | Timer::AntiEntropy | Timer::Checkpoint)
}

/// A message that arrives need not be seen to leave as well, and so on.
fn leave_out_what_goes_without_saying(places: &mut Vec<Place>) {
    let all = std::mem::take(places);
    for (i, place) in all.iter().enumerate() {
        let newer = i.checked_sub(1).map(|i| all[i].what);
        let older = all.get(i + 1).map(|o| o.what);
        let is_end = newer.is_none() || older.is_none();
        if is_end || !goes_without_saying(place.what, newer, older) {
            places.push(*place);
        } else if let Some(newer) = places.last_mut().filter(|n| n.link == Link::Led) {
            newer.link = place.link;
        }
    }
}

fn goes_without_saying(what: What, newer: Option<What>, older: Option<What>) -> bool {
    match what {
        What::Durable(..) => true,
        What::Sent(p) => {
            newer.and_then(What::passage).is_some_and(|later| later.message == p.message)
                || matches!(newer, Some(What::Durable(..) | What::Sent(_)))
        }
        What::Invoked(..) => {
            matches!(older, Some(What::Commanded(_) | What::Prompted(_)))
        }
        // The node itself says that it starts.
        What::Crashed(_) | What::Paused(_) | What::Started(_) => {
            matches!(older, Some(What::Commanded(_)))
        }
        _ => false,
    }
}

/// Of events of one kind at one place only the newest is told, and how many there were.
fn fold(places: &mut Vec<Place>) {
    let Some(oldest) = places.last().map(|p| p.id) else { return };
    let mut kept: Vec<Place> = Vec::new();
    for place in places.drain(..) {
        let same = kept.iter_mut().skip(1).find(|k| alike(k.what, place.what));
        match same {
            Some(same) if place.id != oldest && place.link == Link::Led => same.more += 1,
            _ => kept.push(place),
        }
    }
    *places = kept;
}

/// Whether two events are of one kind at one place, so that telling of both tells no more.
fn alike(a: What, b: What) -> bool {
    match (a, b) {
        (What::Delivered(p), What::Delivered(q)) => {
            (p.kind, p.from, p.to) == (q.kind, q.from, q.to)
        }
        (What::Fired(n, s), What::Fired(m, t)) => n == m && s.name() == t.name(),
        (What::ClientFired(c, s), What::ClientFired(d, t)) => c == d && s.name() == t.name(),
        (What::BalancerFired(s), What::BalancerFired(t)) => s.name() == t.name(),
        (What::Sent(p), What::Sent(q)) => (p.kind, p.from, p.to) == (q.kind, q.from, q.to),
        (What::Returned(c, _), What::Returned(d, _)) => c == d,
        (What::Invoked(c, _), What::Invoked(d, _)) => c == d,
        _ => false,
    }
}

/// Leaves out the middle of what is too long to read.
fn shorten(places: &mut Vec<Place>) {
    let Some(over) = places.len().checked_sub(MOST_STEPS).filter(|n| *n > 0) else { return };
    let from = MOST_STEPS - OLDEST;
    let links: Vec<Link> = places[from - 1..from + over].iter().map(|p| p.link).collect();
    let left_out = places.drain(from..from + over);
    let more = over as u32 + left_out.map(|p| p.more).sum::<u32>();
    let before = &mut places[from - 1];
    before.more += more;
    // Over what is left out, one that did not lead on directly makes the whole of it so.
    if let Some(link) = links.into_iter().find(|link| *link != Link::Led) {
        before.link = link;
    }
}

fn tell(case: &Case<'_>, places: &[Place]) -> Vec<Step> {
    let step = |(i, place): (usize, &Place)| {
        let newer = places.get(i + 1);
        let mut text = case.clause(place.id);
        if let Some(more) = silence::told(case, place.id, place.what) {
            text.push_str(&more);
        }
        if waited(case, place) {
            text.push_str(", which did not run until then");
        }
        if let Some(deed) = deed(case, place.id, newer.map(|n| n.id)) {
            text.push_str(if deed.contains(':') { ". " } else { ": " });
            text.push_str(&deed);
        }
        match place.more {
            0 => {}
            1 => text.push_str(" (and one step like it before)"),
            more => text.push_str(&format!(" (and {more} steps like it before)")),
        }
        text.push('.');
        let at = case.event(place.id).map_or(Time::ZERO, |e| e.at);
        Step { event: place.id, at, text, link: place.link }
    };
    places.iter().enumerate().map(step).collect()
}

/// Whether a message had waited at the door of whoever was paused.
fn waited(case: &Case<'_>, place: &Place) -> bool {
    let What::Delivered(p) = place.what else { return false };
    let Some(n) = p.to.node() else { return false };
    let turn =
        |w: What| matches!(w, What::Resumed(m) | What::Paused(m) | What::Started(m) if m == n);
    let last = case.last_turn(place.id, &turn).and_then(|id| case.event(id));
    let at = case.event(place.id).map(|e| e.at);
    last.is_some_and(|e| e.what == What::Resumed(n) && Some(e.at) == at)
}

/// The most telling of what was done at once because of an event, unless the chain goes on to it.
fn deed(case: &Case<'_>, id: EventId, newer: Option<EventId>) -> Option<String> {
    let first = EventId(id.0 + 1);
    let at_once = case.between(first, case.end).take_while(|(_, e)| e.causes.first() == Some(id));
    let mut best: Option<(u8, EventId)> = None;
    for (done, event) in at_once.take(200) {
        let fact = match event.what {
            What::Noted(_, fact) | What::ClientNoted(_, fact) | What::BalancerNoted(fact) => fact,
            _ => continue,
        };
        if Some(done) == newer {
            return None;
        }
        let weight = weight(fact);
        if weight > 0 && best.is_none_or(|(w, _)| weight > w) {
            best = Some((weight, done));
        }
    }
    best.map(|(_, done)| case.clause(done))
}

/// How much a fact tells of what became of an event; 0 for what nobody asks.
const fn weight(fact: Fact) -> u8 {
    match fact {
        Fact::Led(_) | Fact::Abandoned(_) | Fact::Contradicted(_) | Fact::Voted(..) => 9,
        Fact::SteppedDown(_) | Fact::Truncated(_) | Fact::Declined(_) => 8,
        Fact::Stood(_) | Fact::Canvassed(_) | Fact::Suspected(_) | Fact::Deemed(..) => 7,
        Fact::Outranked(_) | Fact::Yielded(_) | Fact::Restored(_) => 6,
        Fact::Appended(_) | Fact::Stored | Fact::Superseded | Fact::Hinted(_) => 5,
        Fact::Redirected(_) | Fact::FellBack(..) | Fact::GaveUp(_) | Fact::Queued(_) => 5,
        Fact::Committed(_) | Fact::Repeated | Fact::Repaired(_) | Fact::CaughtUp(..) => 4,
        Fact::Replicated(_) | Fact::Installed(_) | Fact::Followed(..) => 3,
        _ => 0,
    }
}
