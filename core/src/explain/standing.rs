//! The beat of the headline: the last one, while it is news. A client's action is news for a
//! moment, a statement for a little longer; a leader or a candidate until that is over. Then
//! [`super::state`] describes the present state: no older beat comes back. Of beats that follow
//! each other too fast for reading, the first is shown.

use super::state::{is_cut_off, stands};
use super::{Beats, Scene, event};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Term};
use crate::time::Span;
use crate::trace::What;
use crate::world::{Host, Status};

/// Time during which a client's action, or a node's new belief, takes precedence over the leader.
const FLEETING: Span = Span::from_ms(500);
/// Time during which any momentary beat is shown.
const PASSING: Span = Span::from_ms(1_000);
/// Beats of one kind are shown as one while they follow each other within this time: nobody could
/// read them at the usual speed.
const TOGETHER: Span = Span::from_ms(100);
/// The most beats that are searched backwards for one that still holds.
const LOOK_BACK: usize = 1_000;

/// The place of the beat for the headline; None where the last one is no news any more.
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

/// The beats before the playhead.
pub fn told<'a>(scene: &Scene<'_>, beats: &'a Beats) -> &'a [EventId] {
    beats.before(EventId(scene.world.events()))
}

/// Whether two beats are of one kind and close in time. None where the earlier one separates the
/// later from those before it.
fn are_together(scene: &Scene<'_>, earlier: EventId, later: EventId) -> Option<bool> {
    let (a, b) = (scene.trace.event(earlier)?, scene.trace.event(later)?);
    let (What::Noted(_, one), What::Noted(_, other)) = (a.what, b.what) else { return None };
    match (one, other) {
        // Of several candidates of one term the first that still stands is shown.
        (Fact::Stood(one), Fact::Stood(other)) => (one == other).then_some(true),
        (_, Fact::Stood(_)) => is_fleeting(one).then_some(false),
        _ if b.at.since(a.at) > TOGETHER => None,
        (Fact::Suspected(_), Fact::Suspected(_))
        | (Fact::Trusted(_), Fact::Trusted(_))
        | (Fact::HandedOver(..), Fact::HandedOver(..))
        | (Fact::Truncated(_), Fact::Truncated(_)) => Some(true),
        // A returning peer passes through several standings in a row.
        (Fact::Deemed(..), Fact::Deemed(..)) => Some(true),
        // Other beats in between do not separate two of a kind.
        (Fact::Stood(_), _) => is_fleeting(other).then_some(false),
        _ => (is_fleeting(one) && is_fleeting(other)).then_some(false),
    }
}

/// Whether a beat is shown together with an earlier one, as one.
pub fn is_with(scene: &Scene<'_>, first: EventId, later: EventId) -> bool {
    first == later || are_together(scene, first, later) == Some(true)
}

/// Whether a beat is never shown: an election that is called while another node coordinates, which
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
        // A node that no longer stands has a later beat that says more.
        What::Noted(n, Fact::Stood(term)) => {
            stands(scene.world, n, term) && !will_be_answered(scene, n)
        }
        What::Noted(n, Fact::Led(term)) => leads(scene, n, term),
        _ => within(PASSING),
    }
}

/// Whether a fact is a node's new belief or new data: other beats soon say more.
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

/// Whether a node that calls an election by id can reach a coordinator: that answers in a moment,
/// and the election ends.
fn will_be_answered(scene: &Scene<'_>, n: NodeId) -> bool {
    let leader = scene.world.leader().filter(|_| event::elects_by_id(scene.world.preset()));
    leader.is_some_and(|leader| leader > n && !is_cut_off(scene, n, leader))
}

/// Whether a node still leads in that term.
fn leads(scene: &Scene<'_>, n: NodeId, term: Term) -> bool {
    let host = scene.world.node(n).filter(|h| h.status() == Status::Up);
    let sign = host.and_then(Host::machine).map(crate::protocol::Machine::sign);
    sign.is_some_and(|s| s.role.leads() && s.term.is_none_or(|now| now == term))
}
