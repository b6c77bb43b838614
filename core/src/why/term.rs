//! The origin of a higher term that makes a server of Raft step down: the server that sent it had
//! learnt it from another, and so on back to the candidate that began it.

use super::answerers::path;
use super::barrier;
use super::case::{Case, moment};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind, Term};
use crate::settings::Preset;
use crate::trace::What;

/// The most servers over which a term is followed back.
const MOST_HOPS: usize = 10;

/// The detours of the chain of a server that stepped down with an event: from the turn of the
/// sender to the event with which that one had learnt the term.
pub fn origin(case: &Case<'_>, down: EventId) -> Vec<(EventId, EventId)> {
    let mut hops = Vec::new();
    if case.scene.world.preset() != Preset::Raft {
        return hops;
    }
    let mut next = Some(down);
    while let Some((turn, learnt)) = next.and_then(|event| hop(case, event)) {
        hops.push((turn, learnt));
        let is_told =
            |what| matches!(what, What::Noted(_, Fact::SteppedDown(_) | Fact::Followed(..)));
        let goes_on = hops.len() < MOST_HOPS && case.event(learnt).is_some_and(|e| is_told(e.what));
        next = goes_on.then_some(learnt);
    }
    hops
}

/// The server that sent a term with that event, and the event of that server's turn.
pub fn teacher(case: &Case<'_>, told: EventId) -> Option<(NodeId, EventId)> {
    let by = case.event(told)?.causes.first()?;
    let What::Delivered(p) = case.event(by)?.what else { return None };
    let teacher = p.from.node()?;
    let has_turn = |id: &EventId| match case.event(*id).map(|e| e.what) {
        Some(What::Delivered(p)) => p.to == teacher.into(),
        Some(What::Fired(n, _)) => n == teacher,
        _ => false,
    };
    let turn = path(case, by).into_iter().skip(1).find(has_turn)?;
    Some((teacher, turn))
}

fn hop(case: &Case<'_>, told: EventId) -> Option<(EventId, EventId)> {
    let term = match case.event(told)?.what {
        What::Noted(_, Fact::SteppedDown(term) | Fact::Followed(_, term)) => term,
        _ => return None,
    };
    let (teacher, turn) = teacher(case, told)?;
    let learnt = learnt(case, teacher, term, turn)?;
    (!path(case, told).contains(&learnt)).then_some((turn, learnt))
}

/// The event, before another, with which a server learnt a term.
fn learnt(case: &Case<'_>, n: NodeId, term: Term, before: EventId) -> Option<EventId> {
    let began = |w: What| match w {
        What::Noted(m, Fact::Led(t) | Fact::Stood(t)) => m == n && t == term,
        _ => false,
    };
    if let Some(own) = case.last_turn(before, &began) {
        return Some(own);
    }
    let stood = |w: What| matches!(w, What::Noted(_, Fact::Stood(t)) if t == term);
    let mut first = case.last_turn(before, &stood)?;
    while let Some(earlier) = case.last_turn(first, &stood) {
        first = earlier;
    }
    let stands = |candidate: NodeId, by: EventId| {
        let stood = |w: What| matches!(w, What::Noted(m, Fact::Stood(_)) if m == candidate);
        let last = case.last_turn(by, &stood).and_then(|id| case.event(id));
        last.is_some_and(|e| e.what == What::Noted(candidate, Fact::Stood(term)))
    };
    let teaches = |id: EventId, w: What| match w {
        What::Delivered(p) if p.kind == Kind::RequestVote && p.to == n.into() => {
            p.from.node().is_some_and(|candidate| stands(candidate, id))
        }
        What::Noted(m, Fact::Followed(_, t) | Fact::SteppedDown(t)) => m == n && t == term,
        _ => false,
    };
    case.between(first, before).find(|(id, e)| teaches(*id, e.what)).map(|(id, _)| id)
}

/// The candidate that began the term because of which a server stepped down, the sender from which
/// the server heard of it, and the time since which that sender can be reached again, each as a
/// clause.
pub fn told(case: &Case<'_>, down: EventId) -> Vec<String> {
    let Some(What::Noted(n, Fact::SteppedDown(term))) = case.event(down).map(|e| e.what) else {
        return Vec::new();
    };
    if case.scene.world.preset() != Preset::Raft {
        return Vec::new();
    }
    let Some((teacher, turn)) = teacher(case, down) else { return Vec::new() };
    let stood = |w: What| matches!(w, What::Noted(_, Fact::Stood(t)) if t == term);
    let mut clauses = Vec::new();
    if let Some(event) = case.last_turn(down, &stood).and_then(|id| case.event(id))
        && let Some(candidate) = event.what.node()
    {
        let at = moment(event.at);
        clauses.push(format!("{candidate} stood for election in term {term} at {at}"));
        if candidate != teacher {
            clauses.push(format!("{n} heard of term {term} from {teacher}"));
        }
    }
    let (here, there) = (n.into(), teacher.into());
    let sent = path(case, down).into_iter().find(|id| {
        let what = case.event(*id).map(|e| e.what);
        matches!(what, Some(What::Sent(p)) if [(here, there), (there, here)].contains(&(p.from, p.to)))
    });
    let healed = [Some(turn), sent].into_iter().flatten().find_map(|before| {
        barrier::opened_by(case, there, here, before)
            .or_else(|| barrier::opened_by(case, here, there, before))
    });
    if let Some(event) = healed.and_then(|id| case.event(id)) {
        let at = moment(event.at);
        clauses.push(format!("messages between {n} and {teacher} get through again since {at}"));
    }
    clauses
}
