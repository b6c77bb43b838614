//! The chain of causes, from a fact back to its root.
//!
//! An event of the trace has up to two causes. Where they fan out, the chain follows the one that
//! matters: for a lost message, the event that lost it; for a timer that ran out in vain, the event
//! that prevented the awaited message; for the first message through a link that was cut, the heal;
//! else the input that was being handled. A chain ends where a person, the workload or a clock
//! began it: at a statement, at the first start, or at a periodic timer.

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
    /// Its time.
    pub at: Time,
    /// The event, in a plain sentence.
    pub text: String,
    /// Its relation to the step before.
    pub link: Link,
}

/// The relation of a step to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// There is no step before: the chain begins here.
    Root,
    /// The step before led to it, by the trace's causes, over any number of events.
    Led,
    /// The step before prevented an event that was awaited here.
    Kept,
    /// The step before made way for it: earlier, a message like it would have been lost.
    Let,
}

/// The most causes that are examined to find whether one event led to another.
const MOST_CAUSES: usize = 1_000;
/// The most events that a chain is followed over.
const MOST_LINKS: usize = 200_000;
/// The most steps of a chain that are shown: of a longer one the middle is left out.
const MOST_STEPS: usize = 10;
/// Number of these steps that are at the old end.
const OLDEST: usize = 4;

/// An event on the way back.
#[derive(Clone, Copy)]
struct Place {
    id: EventId,
    what: What,
    link: Link,
    /// Number of similar events skipped on the way to the event before it.
    more: u32,
}

/// The chain that leads to an event, oldest first; its last step is the event. At the first of two
/// events that are `kept` it continues at the other, which prevented what was missing there.
pub fn chain(case: &Case<'_>, fact: EventId, kept: &[(EventId, EventId)]) -> Vec<Step> {
    // The statement that tore a record says as much as the event.
    let is_torn = case.event(fact).is_some_and(|e| matches!(e.what, What::Torn(_)));
    let fact = if is_torn { ordered(case, fact) } else { fact };
    let mut places = back(case, fact, kept);
    leave_out_what_goes_without_saying(&mut places);
    fold(&mut places);
    shorten(&mut places);
    places.reverse();
    tell(case, &places)
}

/// The oldest event of the chain that leads to an event and lies behind another.
pub fn oldest_after(case: &Case<'_>, fact: EventId, after: EventId) -> Option<EventId> {
    let places = back(case, fact, &[]);
    places.into_iter().map(|place| place.id).filter(|id| *id > after).min()
}

/// The whole chain, newest first.
fn back(case: &Case<'_>, fact: EventId, kept: &[(EventId, EventId)]) -> Vec<Place> {
    let mut places = Vec::new();
    // The places at which the chain continues with how a server learnt of a term that it then told
    // another.
    let mut learnt = Vec::new();
    let mut next = Some(fact);
    while let Some(id) = next.filter(|_| places.len() < MOST_LINKS) {
        let Some(event) = case.event(id) else { break };
        if matches!(event.what, What::Noted(_, Fact::SteppedDown(_))) {
            learnt.extend(term::origin(case, id));
        }
        if let Some(&(_, from)) = learnt.iter().find(|(at, _)| *at == id) {
            // A timer that runs out by itself has no cause: the knowledge of the term only made way
            // for it.
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

/// Begins a chain with a statement that made way for what follows, unless something in the chain
/// was before it.
pub fn begin_with(case: &Case<'_>, rule: EventId, chain: &mut Vec<Step>) {
    let Some(oldest) = chain.first_mut().filter(|oldest| rule < oldest.event) else { return };
    let Some(event) = case.event(rule) else { return };
    oldest.link = Link::Let;
    let text = format!("{}.", case.clause(rule));
    chain.insert(0, Step { event: rule, at: event.at, text, link: Link::Root });
}

/// The relation of an event from which a chain continues at another: a request that is not its
/// cause made way for it.
fn way(case: &Case<'_>, by: EventId, id: EventId) -> Link {
    match around(case, by) {
        Link::Led if !led(case, by, id) => Link::Let,
        link => link,
    }
}

/// Whether one event led to another by the trace's causes, within the limit of examined causes.
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

/// The relation of an event to which a chain jumps against the trace's causes: a broken rule, a
/// commit and an answer make way, a request leads on, all else prevents something.
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

/// The statement that made way for the message of a periodic timer, if the message in the chain is
/// the first that got through. It explains more than the timer.
fn made_way(case: &Case<'_>, id: EventId, what: What, places: &mut [Place]) -> Option<EventId> {
    let (What::Fired(_, timer) | What::BalancerFired(timer)) = what else { return None };
    let sent = places.last_mut().filter(|_| is_periodic(timer))?;
    let What::Sent(p) = sent.what else { return None };
    let heal = barrier::opened_by(case, p.from, p.to, id)?;
    sent.link = Link::Let;
    Some(heal)
}

/// The cause that matters, and its relation.
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

/// Whether a timer runs out periodically by itself.
const fn is_periodic(timer: Timer) -> bool {
    matches!(timer, Timer::Heartbeat | Timer::AntiEntropy | Timer::Checkpoint)
}

/// Leaves out obvious places, such as the sending of a message whose arrival is shown.
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
        // The start of the node is an event of its own.
        What::Crashed(_) | What::Paused(_) | What::Started(_) => {
            matches!(older, Some(What::Commanded(_)))
        }
        _ => false,
    }
}

/// Keeps only the newest of similar events at one node, and counts the others.
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

/// Whether two events are of one kind at one node, so that one of them suffices.
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

/// Leaves out the middle of a chain that is too long to read.
fn shorten(places: &mut Vec<Place>) {
    let Some(over) = places.len().checked_sub(MOST_STEPS).filter(|n| *n > 0) else { return };
    let from = MOST_STEPS - OLDEST;
    let links: Vec<Link> = places[from - 1..from + over].iter().map(|p| p.link).collect();
    let left_out = places.drain(from..from + over);
    let more = over as u32 + left_out.map(|p| p.more).sum::<u32>();
    let before = &mut places[from - 1];
    before.more += more;
    // A gap takes the relation of the first left-out step that did not lead on directly.
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

/// Whether a message had waited for its paused receiver.
fn waited(case: &Case<'_>, place: &Place) -> bool {
    let What::Delivered(p) = place.what else { return false };
    let Some(n) = p.to.node() else { return false };
    let turn =
        |w: What| matches!(w, What::Resumed(m) | What::Paused(m) | What::Started(m) if m == n);
    let last = case.last_turn(place.id, &turn).and_then(|id| case.event(id));
    let at = case.event(place.id).map(|e| e.at);
    last.is_some_and(|e| e.what == What::Resumed(n) && Some(e.at) == at)
}

/// The most important immediate effect of an event, unless the chain continues at it.
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

/// Importance of a fact as the effect of an event; 0 for facts that are not shown.
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
