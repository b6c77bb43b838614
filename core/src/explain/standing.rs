//! Which beat stands at the top: the last one, while it is news. What a client did is news for a moment,
//! what people did for a little longer; that somebody leads or stands for election, until it is over.
//! Then [`super::state`] tells what is so: no older beat comes back. Of beats that come so close that
//! nobody can read them, the first is told.

use super::state::{is_cut_off, stands};
use super::{Beats, Scene, event};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Term};
use crate::time::Span;
use crate::trace::What;
use crate::world::{Host, Status};

/// For so long what a client did, or a node came to believe, is more interesting than who leads.
const FLEETING: Span = Span::from_ms(500);
/// For so long anything is told that is over as soon as it has happened.
const PASSING: Span = Span::from_ms(1_000);
/// Beats of one kind are told as one while they come within so long of each other: nobody could read
/// them at the usual speed.
const TOGETHER: Span = Span::from_ms(100);
/// Over how many beats it is looked back for one that is still so.
const LOOK_BACK: usize = 1_000;

/// The place of the beat to tell of; None where the last one is no news any more.
pub fn standing(scene: &Scene<'_>, told: &[EventId]) -> Option<usize> {
    let back = told.iter().enumerate().rev().take(LOOK_BACK);
    let shown = back.into_iter().find(|(_, id)| !is_answered_at_once(scene, **id));
    let place = shown.filter(|(_, id)| is_still_so(scene, **id)).map(|(place, _)| place)?;
    let mut first = place;
    for earlier in (0..place).rev().take(LOOK_BACK) {
        match are_together(scene, told[earlier], told[place]) {
            Some(true) if is_still_so(scene, told[earlier]) => first = earlier,
            Some(_) => {}
            None => break,
        }
    }
    Some(first)
}

/// The beats that have been told before the playhead.
pub fn told<'a>(scene: &Scene<'_>, beats: &'a Beats) -> &'a [EventId] {
    beats.before(EventId(scene.world.events()))
}

/// Whether two beats are of one kind and hardly apart. None where the earlier one parts the later from
/// those before it.
fn are_together(scene: &Scene<'_>, earlier: EventId, later: EventId) -> Option<bool> {
    let (a, b) = (scene.trace.event(earlier)?, scene.trace.event(later)?);
    let (What::Noted(_, one), What::Noted(_, other)) = (a.what, b.what) else { return None };
    match (one, other) {
        // Of who stand in one term the first that still does is told.
        (Fact::Stood(one), Fact::Stood(other)) => (one == other).then_some(true),
        (_, Fact::Stood(_)) => is_fleeting(one).then_some(false),
        _ if b.at.since(a.at) > TOGETHER => None,
        (Fact::Suspected(_), Fact::Suspected(_))
        | (Fact::Trusted(_), Fact::Trusted(_))
        | (Fact::HandedOver(..), Fact::HandedOver(..))
        | (Fact::Truncated(_), Fact::Truncated(_)) => Some(true),
        // On its way back a peer is one thing after another.
        (Fact::Deemed(..), Fact::Deemed(..)) => Some(true),
        // What comes between two of a kind does not part them.
        (Fact::Stood(_), _) => is_fleeting(other).then_some(false),
        _ => (is_fleeting(one) && is_fleeting(other)).then_some(false),
    }
}

/// Whether a beat that comes after another is told with it, as one.
pub fn is_with(scene: &Scene<'_>, first: EventId, later: EventId) -> bool {
    first == later || are_together(scene, first, later) == Some(true)
}

/// Whether a beat was never told: an election that is called where one coordinates already, which
/// answers at once.
fn is_answered_at_once(scene: &Scene<'_>, id: EventId) -> bool {
    match scene.trace.event(id).map(|e| e.what) {
        Some(What::Noted(n, Fact::Stood(_))) => will_be_answered(scene, n),
        _ => false,
    }
}

fn is_still_so(scene: &Scene<'_>, id: EventId) -> bool {
    let Some(event) = scene.trace.event(id) else { return false };
    let within = |span: Span| event.at >= scene.world.now() - span;
    match event.what {
        What::Invoked(..) | What::Returned(..) | What::ClientNoted(..) => within(FLEETING),
        What::Noted(_, fact) if is_fleeting(fact) => within(FLEETING),
        // Once it stands no more, there is more to tell than that it did.
        What::Noted(n, Fact::Stood(term)) => {
            stands(scene.world, n, term) && !will_be_answered(scene, n)
        }
        What::Noted(n, Fact::Led(term)) => leads(scene, n, term),
        _ => within(PASSING),
    }
}

/// What a node came to believe or to hold: soon others tell of it better.
const fn is_fleeting(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::Suspected(_)
            | Fact::Trusted(_)
            | Fact::HandedOver(..)
            | Fact::Restored(_)
            | Fact::Deemed(..)
            | Fact::CaughtUp(..)
    )
}

/// Whether a node that calls an election by id can reach one that coordinates: then it is told so in
/// a moment, and nothing comes of it.
fn will_be_answered(scene: &Scene<'_>, n: NodeId) -> bool {
    let leader = scene.world.leader().filter(|_| event::elects_by_id(scene.world.preset()));
    leader.is_some_and(|leader| leader > n && !is_cut_off(scene, n, leader))
}

/// Whether a node still leads as it came to.
fn leads(scene: &Scene<'_>, n: NodeId, term: Term) -> bool {
    let host = scene.world.node(n).filter(|h| h.status() == Status::Up);
    let sign = host.and_then(Host::machine).map(crate::protocol::Machine::sign);
    sign.is_some_and(|s| s.role.leads() && s.term.is_none_or(|now| now == term))
}
