//! Which beat stands at the top: the last one that is still so. What a client did is news for a moment,
//! what passes for a little longer; that a node is down, that links are cut, and who leads is so until
//! it is not. Of beats that come so close that nobody can read them, the first is told.

use super::headline::is_cut_off;
use super::{Beats, Scene, event};
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Role, Term};
use crate::run::{NodeFault, Statement};
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

/// The place of the beat to tell of; None where none is still so.
pub fn standing(scene: &Scene<'_>, told: &[EventId]) -> Option<usize> {
    let back = told.iter().enumerate().rev().take(LOOK_BACK);
    let place =
        back.into_iter().find(|(_, id)| is_still_so(scene, **id)).map(|(place, _)| place)?;
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

fn is_still_so(scene: &Scene<'_>, id: EventId) -> bool {
    let Some(event) = scene.trace.event(id) else { return false };
    let within = |span: Span| event.at >= scene.world.now() - span;
    match event.what {
        What::Invoked(..) | What::Returned(..) | What::ClientNoted(..) => within(FLEETING),
        What::Noted(_, fact) if is_fleeting(fact) => within(FLEETING),
        // Once it stands no more, there is more to tell than that it did.
        What::Noted(n, Fact::Stood(_)) => {
            role(scene, n) == Some(Role::Candidate) && !will_be_answered(scene, n)
        }
        What::Noted(n, Fact::Led(term)) => leads(scene, n, term),
        What::Commanded(place) => {
            let command = scene.commands.get(place as usize);
            within(PASSING) || command.is_some_and(|c| lasts(scene, &c.statement))
        }
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

fn role(scene: &Scene<'_>, n: NodeId) -> Option<Role> {
    Some(scene.world.node(n)?.machine()?.sign().role)
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

/// Whether what a statement did is still to be seen.
fn lasts(scene: &Scene<'_>, statement: &Statement) -> bool {
    let status = |n: NodeId| scene.world.node(n).map(Host::status);
    let links = scene.world.links();
    let apart = |a: Addr, b: Addr| links.is_cut(a, b) || links.is_cut(b, a);
    match statement {
        Statement::Node(n, NodeFault::Crash | NodeFault::Wipe) => {
            status(*n) == Some(Status::Crashed)
        }
        Statement::Node(n, NodeFault::Pause) => status(*n) == Some(Status::Paused),
        Statement::Cut(link) => apart(link.from, link.to),
        Statement::Isolate(n) => {
            scene.world.nodes().any(|h| h.id() != *n && apart((*n).into(), h.id().into()))
        }
        Statement::Partition(groups) => {
            let mut sides = groups.iter().filter_map(|group| group.first());
            let one = sides.next();
            one.is_some_and(|&one| sides.any(|&other| apart(one, other)))
        }
        _ => false,
    }
}
