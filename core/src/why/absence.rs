//! Why a write is not where it is looked for: it was lost on the way, is still under way, is kept
//! for later, was refused or forgotten, or was never sent there.

use super::barrier;
use super::case::{Case, moment};
use super::client::at;
use super::data::whose;
use super::orders;
use super::thread::Thread;
use crate::client::Operation;
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Index, Kind};
use crate::settings::Preset;
use crate::trace::{Passage, What};

/// Why something is not there.
pub struct Absence {
    /// The reasons, each in one clause; never none.
    pub clauses: Vec<String>,
    /// What kept it away, where one event did.
    pub event: Option<EventId>,
}

impl Absence {
    fn of(clause: String, event: Option<EventId>) -> Self {
        Self { clauses: vec![clause], event }
    }

    fn and(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.clauses.extend(more);
        self
    }
}

/// Why a node does not have a write before an event.
pub fn of(case: &Case<'_>, op: &Operation, n: NodeId, before: EventId) -> Absence {
    let thread = Thread::of_operation(case, op);
    let events: Vec<(EventId, What)> = thread.iter().take_while(|(id, _)| *id < before).collect();
    let taken = thread.taken_by(n).filter(|taken| *taken < before);
    forgotten(case, &events, (n, taken), before)
        .or_else(|| refused(case, op, &events, n, before))
        .or_else(|| unknown_to(case, &events, n, before))
        .or_else(|| lost(case, &events, n))
        .or_else(|| under_way(case, &events, n, before))
        .or_else(|| kept(case, &events, n))
        .unwrap_or_else(|| never_sent(case, op, &events, n, before))
}

/// It had it, and lost its memory or its log, or took another version for newer.
fn forgotten(
    case: &Case<'_>,
    events: &[(EventId, What)],
    (n, taken): (NodeId, Option<EventId>),
    before: EventId,
) -> Option<Absence> {
    let has = |w: What| matches!(w, What::Noted(m, Fact::Stored | Fact::Appended(_) | Fact::Replicated(_)) if m == n);
    let noted = events.iter().rev().find(|(_, w)| has(*w)).map(|(id, _)| *id);
    let had = noted.max(taken)?;
    // Of a crash the disk tells; what was done to the disk says more.
    let wrecks = |w: What| match w {
        What::Wiped(m) | What::Torn(m) => m == n,
        What::Noted(m, Fact::Truncated(_) | Fact::Restored(_) | Fact::Installed(_)) => m == n,
        _ => false,
    };
    let first = |wanted: &dyn Fn(What) -> bool| {
        case.between(had, before).find(|(_, e)| wanted(e.what)).map(|(id, _)| id)
    };
    let lost = first(&wrecks).or_else(|| first(&|w| w == What::Crashed(n)));
    if let Some(lost) = lost {
        let told = Absence::of(format!("{n} had it, and then: {}", at(case, lost)), Some(lost));
        return Some(told.and(unsynced(case)));
    }
    let over = case.last_before(before, &|w| w == What::Noted(n, Fact::Stored));
    let over = over.filter(|over| *over > had)?;
    Some(Absence::of(format!("{n} had it, and then: {}", at(case, over)), Some(over)))
}

/// What a crash takes away beyond memory.
pub fn unsynced(case: &Case<'_>) -> Option<String> {
    let clause = "fsync is off: what a node has written is not on its disk at once";
    (!case.scene.world.settings().fsync).then(|| clause.into())
}

/// It had something that it took for newer, or refused it.
fn refused(
    case: &Case<'_>,
    op: &Operation,
    events: &[(EventId, What)],
    n: NodeId,
    before: EventId,
) -> Option<Absence> {
    let is_at = |w: What, fact: Fact| w == What::Noted(n, fact);
    let no = |w: What| {
        is_at(w, Fact::Superseded) || matches!(w, What::Noted(m, Fact::Declined(_)) if m == n)
    };
    let &(event, what) = events.iter().rev().find(|(_, w)| no(*w) || is_at(*w, Fact::Stored))?;
    if is_at(what, Fact::Stored) {
        return None;
    }
    if !is_at(what, Fact::Superseded) {
        let clause = format!(
            "{n} refused {}: it did not fit what it had ({})",
            whose(op),
            moment(case.event(event)?.at)
        );
        return Some(Absence::of(clause, Some(event)));
    }
    let clause = at(case, event);
    let clock = stampers(op, events).into_iter().find_map(|who| orders::clock(case, who, before));
    // What it had says more than that it kept it.
    let had = case.last_before(event, &|w| is_at(w, Fact::Stored)).unwrap_or(event);
    let told = Absence::of(clause, clock.map_or(Some(had), |order| Some(order.event)));
    Some(told.and(clock.map(|order| order.told(case))))
}

/// Whose clock stamps a write: whoever coordinates it.
fn stampers(op: &Operation, events: &[(EventId, What)]) -> Vec<Addr> {
    let asked = events.iter().filter_map(|(_, w)| match w {
        What::Delivered(Passage { kind: Kind::Ask | Kind::Forward, to, .. }) => Some(*to),
        _ => None,
    });
    asked.chain([op.client.into()]).collect()
}

/// Under Raft: its entry was not in the log of the node, or not known there to be committed.
fn unknown_to(
    case: &Case<'_>,
    events: &[(EventId, What)],
    n: NodeId,
    before: EventId,
) -> Option<Absence> {
    if case.scene.world.preset() != Preset::Raft {
        return None;
    }
    let appended = |w: &What| match w {
        What::Noted(_, Fact::Appended(index)) => Some(*index),
        _ => None,
    };
    let (put, index) = events.iter().rev().find_map(|(id, w)| Some((*id, appended(w)?)))?;
    let reaches = |wanted: fn(Fact) -> Option<Index>| {
        let there = |w: What| matches!(w, What::Noted(m, fact) if m == n && wanted(fact).is_some_and(|i| i >= index));
        case.between(put, before).any(|(_, e)| there(e.what))
    };
    // What it puts into its log itself stands in the place of what it was not told.
    let held = case.event(put).is_some_and(|e| e.what.node() == Some(n))
        || reaches(|fact| match fact {
            Fact::Replicated(i) | Fact::Installed(i) => Some(i),
            _ => None,
        });
    let knew = reaches(|fact| match fact {
        Fact::Committed(i) | Fact::Installed(i) => Some(i),
        _ => None,
    });
    let carries = |p: Passage| p.to == n.into() && p.kind == Kind::AppendEntries;
    let lost = case.between(put, before).find_map(|(id, e)| match e.what {
        What::Lost(p, _) if carries(p) => Some(id),
        _ => None,
    });
    let clause = match (held, knew) {
        (true, true) => return None,
        (true, false) => format!("{n} did not know yet that entry {index} was committed"),
        (false, _) => format!("entry {index} had not reached {n}"),
    };
    Some(Absence::of(clause, lost).and(lost.map(|id| at(case, id))))
}

/// What carried it there was lost. What only asked for it tells less.
fn lost(case: &Case<'_>, events: &[(EventId, What)], n: NodeId) -> Option<Absence> {
    let lost = |asks: bool| {
        events.iter().rev().find_map(move |(id, w)| match w {
            What::Lost(p, _) if p.to == n.into() && !p.kind.is_answer() => {
                (asks == (p.kind == Kind::Ask)).then_some(*id)
            }
            _ => None,
        })
    };
    let id = lost(false)?;
    let keeps = kept(case, events, n).map(|kept| kept.clauses);
    Some(Absence::of(at(case, id), Some(id)).and(keeps.into_iter().flatten()))
}

/// Another keeps it, to hand it over later, or kept it and is gone.
fn kept(case: &Case<'_>, events: &[(EventId, What)], n: NodeId) -> Option<Absence> {
    let (id, by) = events.iter().rev().find_map(|(id, w)| match w {
        What::Noted(m, Fact::Hinted(home) | Fact::Queued(home)) if *home == n => Some((*id, *m)),
        _ => None,
    })?;
    let gone = barrier::away(case, by).map(|barrier| barrier.told(by.into(), &[by]));
    Some(Absence::of(at(case, id), Some(id)).and(gone))
}

/// It was on its way.
fn under_way(
    case: &Case<'_>,
    events: &[(EventId, What)],
    n: NodeId,
    before: EventId,
) -> Option<Absence> {
    let to_it = |w: &What| match w {
        What::Sent(p) if p.to == n.into() && !p.kind.is_answer() => Some(*p),
        _ => None,
    };
    let (sent, p) = events.iter().rev().find_map(|(id, w)| Some((*id, to_it(w)?)))?;
    let ended =
        |w: What| matches!(w, What::Delivered(q) | What::Lost(q, _) if q.message == p.message);
    if events.iter().any(|(_, w)| ended(*w)) {
        return None;
    }
    let left = case.event(sent).map_or(String::new(), |e| moment(e.at));
    let arrived = case.between(sent, case.end).find(|(_, e)| ended(e.what));
    let later = arrived.map_or("is still on its way".into(), |(_, e)| match e.what {
        What::Delivered(_) => format!("arrived only at {}", moment(e.at)),
        _ => format!("was lost at {}", moment(e.at)),
    });
    let clause = format!("{} from {} to {n} left at {left} and {later}", p.kind.name(), p.from);
    let slow = orders::slow(case, p.from, p.to, before);
    Some(Absence::of(clause, slow.map(|s| s.event)).and(slow.map(|s| s.told(case))))
}

/// Nobody sent it there.
fn never_sent(
    case: &Case<'_>,
    op: &Operation,
    events: &[(EventId, What)],
    n: NodeId,
    before: EventId,
) -> Absence {
    let sender = events.iter().rev().find_map(|(_, w)| match w {
        What::Delivered(p) if matches!(p.kind, Kind::Ask | Kind::Forward) => p.to.node(),
        _ => None,
    });
    let suspected = sender.and_then(|m| {
        let doubts = |w: What| match w {
            What::Noted(k, Fact::Suspected(p)) => k == m && p == n,
            What::Noted(k, Fact::Deemed(p, standing)) => {
                k == m && p == n && standing == crate::protocol::peers::Standing::Dead
            }
            _ => false,
        };
        Some((m, case.last_turn(before, &doubts)?))
    });
    match suspected {
        Some((m, id)) => {
            let when = case.event(id).map_or(String::new(), |e| moment(e.at));
            Absence::of(format!("{m} had taken {n} for dead at {when}"), Some(id))
        }
        None => {
            let (has, then) = if before == case.end { ("has", "") } else { ("had", " by then") };
            let clause = format!("nothing of {} {has} reached {n}{then}", whose(op));
            Absence::of(clause, None)
        }
    }
}
