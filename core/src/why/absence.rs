//! Why a node does not have a write: the write was lost on the way, is in flight, is kept for
//! later, was refused or forgotten, or was never sent there.

use super::barrier;
use super::case::{Case, moment};
use super::client::at;
use super::collected;
use super::data::{in_bulk, whose};
use super::instead;
use super::orders;
use super::pair;
use super::thread::Thread;
use crate::client::Operation;
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::peers::Standing;
use crate::protocol::{Fact, Family, Index, Kind};
use crate::settings::Preset;
use crate::trace::{Passage, What};
use crate::world::WRITEBACK;

/// The reason for a missing write.
pub struct Absence {
    /// The reasons, each in one clause; never none.
    pub clauses: Vec<String>,
    /// The event that prevented it, if there is one.
    pub event: Option<EventId>,
    /// Continuations of the chain from there: pairs of an event, and the event that prevented what
    /// was missing at it.
    pub beyond: Vec<(EventId, EventId)>,
}

impl Absence {
    fn of(clause: String, event: Option<EventId>) -> Self {
        Self { clauses: vec![clause], event, beyond: Vec::new() }
    }

    fn and(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.clauses.extend(more);
        self
    }
}

/// Why a node does not have a write before an event, where that is certain.
pub fn of(case: &Case<'_>, op: &Operation, n: NodeId, before: EventId) -> Absence {
    let sought = Sought::new(case, op, (n, before), true);
    let absence = sought
        .forgotten()
        .or_else(|| sought.refused())
        .or_else(|| sought.unknown_to())
        .or_else(|| sought.lost())
        .or_else(|| sought.under_way())
        .or_else(|| sought.kept())
        .or_else(|| sought.suspected())
        .unwrap_or_else(|| sought.never_came());
    let never_had = sought.had.is_none();
    absence.and(collected::too_soon(case, op, n, before).filter(|_| never_had))
}

/// The same where it is uncertain: None where the node may have had it then.
pub fn perhaps(case: &Case<'_>, op: &Operation, n: NodeId, before: EventId) -> Option<Absence> {
    let sought = Sought::new(case, op, (n, before), false);
    if case.scene.world.preset() == Preset::Raft {
        return sought.unknown_to();
    }
    if sought.had.is_some() {
        return sought.forgotten();
    }
    let came_otherwise = case.between(op.invoked_event, before).any(|(_, e)| in_bulk(e.what, n))
        || instead::is_unclear(case, n, op.invoked_event, before);
    if came_otherwise {
        return None;
    }
    sought
        .refused()
        .or_else(|| sought.lost())
        .or_else(|| sought.under_way())
        .or_else(|| sought.kept())
        .or_else(|| sought.suspected())
}

/// The last event with which a node received a write.
pub fn had(case: &Case<'_>, op: &Operation, n: NodeId) -> Option<EventId> {
    Sought::new(case, op, (n, case.end), false).had
}

/// The clause about data that a crash takes away although they were written.
pub fn unsynced(case: &Case<'_>) -> Option<String> {
    let clause = "fsync is off: what a node has written is not on its disk at once";
    (!case.scene.world.settings().fsync).then(|| clause.into())
}

/// The search for a write on a node before an event.
struct Sought<'c, 'a> {
    case: &'c Case<'a>,
    op: &'c Operation,
    n: NodeId,
    before: EventId,
    /// Whether the node certainly does not have it.
    is_certain: bool,
    /// The effects of the write before that event.
    events: Vec<(EventId, What)>,
    /// The event with which the node received it.
    had: Option<EventId>,
}

impl<'c, 'a> Sought<'c, 'a> {
    fn new(
        case: &'c Case<'a>,
        op: &'c Operation,
        (n, before): (NodeId, EventId),
        is_certain: bool,
    ) -> Self {
        let thread = Thread::of_operation(case, op);
        let events: Vec<(EventId, What)> =
            thread.iter().take_while(|(id, _)| *id < before).collect();
        let has = |w: What| matches!(w, What::Noted(m, Fact::Stored | Fact::Appended(_) | Fact::Replicated(_)) if m == n);
        let noted = events.iter().rev().find(|(_, w)| has(*w)).map(|(id, _)| *id);
        let had = noted.max(thread.taken_by(n).filter(|taken| *taken < before));
        Self { case, op, n, before, is_certain, events, had }
    }

    /// The last of its effects that satisfies `wanted`.
    fn last(&self, wanted: impl Fn(What) -> bool) -> Option<(EventId, What)> {
        self.events.iter().rev().find(|(_, w)| wanted(*w)).copied()
    }

    /// The node had it, and lost its memory or its log, or considered another version newer.
    fn forgotten(&self) -> Option<Absence> {
        let (case, n, had) = (self.case, self.n, self.had?);
        let first = |wanted: &dyn Fn(What) -> bool| {
            case.between(had, self.before).find(|(_, e)| wanted(e.what)).map(|(id, _)| id)
        };
        // For a crash the disk decides; an action on the disk explains more.
        let wreck = first(&|w| self.wrecks(w));
        let crash = first(&|w| w == What::Crashed(n)).filter(|_| self.is_lost_in_a_crash());
        let lost = crash.filter(|crash| self.is_sooner(*crash, wreck)).or(wreck).or(crash);
        if let Some(lost) = lost {
            let told = Absence::of(format!("{n} had it, and then: {}", at(case, lost)), Some(lost));
            return Some(told.and(unsynced(case)));
        }
        if let Some(id) = collected::at_node(case, &self.op.request.key, n, (had, self.before)) {
            let clause = format!("{n} had it, and then: {}", at(case, id));
            return Some(Absence::of(clause, Some(id)));
        }
        if let Some((over, by)) =
            instead::put_over(case, &self.op.request.key, n, (had, self.before))
        {
            let when = case.event(over).map_or(String::new(), |e| moment(e.at));
            let clause = format!("{n} had it, and {} replaced it at {when}", whose(by));
            return Some(Absence::of(clause, Some(over)).and(instead::in_two_steps(case, by)));
        }
        let knows_it_not = self.is_certain && case.scene.world.preset() != Preset::Raft;
        let when = case.event(had).map_or(String::new(), |e| moment(e.at));
        knows_it_not
            .then(|| Absence::of(format!("{n} had it at {when}, and something else since"), None))
    }

    /// Whether a crash came before the node's data can have reached its disk without fsync, and
    /// before an action on the disk.
    fn is_sooner(&self, crash: EventId, wreck: Option<EventId>) -> bool {
        let at = |id: EventId| self.case.event(id).map(|e| e.at);
        let had = self.had.and_then(at);
        let soon = at(crash).zip(had).is_some_and(|(crash, had)| crash.since(had) < WRITEBACK);
        let is_first = wreck.is_none_or(|wreck| at(crash) < at(wreck));
        !self.case.scene.world.settings().fsync && soon && is_first
    }

    /// Whether an event takes away data on a disk. Some events only may do so: they count where the
    /// node certainly does not have the write.
    fn wrecks(&self, w: What) -> bool {
        match w {
            What::Wiped(m) => m == self.n,
            What::Torn(m) => m == self.n && self.is_certain,
            What::Noted(m, Fact::Truncated(_) | Fact::Restored(_) | Fact::Installed(_)) => {
                m == self.n && self.is_certain
            }
            _ => false,
        }
    }

    /// Whether a crash takes the write away. Data on a disk count only where the write is certainly
    /// gone.
    fn is_lost_in_a_crash(&self) -> bool {
        match self.case.scene.world.preset() {
            Preset::WriteAll | Preset::Peers => true,
            Preset::Raft => self.is_certain && !self.case.scene.world.settings().fsync,
            _ => self.is_certain,
        }
    }

    /// The node had a version that it considered newer, or refused the write.
    fn refused(&self) -> Option<Absence> {
        let (case, n) = (self.case, self.n);
        let is_at = |w: What, fact: Fact| w == What::Noted(n, fact);
        let no = |w: What| {
            is_at(w, Fact::Superseded) || matches!(w, What::Noted(m, Fact::Declined(_)) if m == n)
        };
        let (event, what) = self.last(|w| no(w) || is_at(w, Fact::Stored))?;
        if is_at(what, Fact::Stored) {
            return None;
        }
        if !is_at(what, Fact::Superseded) {
            let clause = format!(
                "{n} refused {}: it did not fit what it had ({})",
                whose(self.op),
                moment(case.event(event)?.at)
            );
            let (more, beyond) = instead::apart(case, self.op, n, event);
            return Some(Absence { beyond, ..Absence::of(clause, Some(event)).and(more) });
        }
        let had = instead::held(case, &self.op.request.key, n, event);
        let clock = instead::clock(case, (self.op, event), had);
        // The version that the node had explains more than its refusal.
        let had = had.map_or(event, |(stored, _)| stored);
        let told = Absence::of(at(case, event), clock.map_or(Some(had), |order| Some(order.event)));
        Some(told.and(clock.map(|order| order.told(case))))
    }

    /// Under Raft: its entry was not in the log of the node, or not known there to be committed.
    fn unknown_to(&self) -> Option<Absence> {
        let (case, n, before) = (self.case, self.n, self.before);
        if case.scene.world.preset() != Preset::Raft {
            return None;
        }
        let appended = |w: &What| match w {
            What::Noted(_, Fact::Appended(index)) => Some(*index),
            _ => None,
        };
        let (put, index) =
            self.events.iter().rev().find_map(|(id, w)| Some((*id, appended(w)?)))?;
        let reaches = |from: EventId, wanted: fn(Fact) -> Option<Index>| {
            let there = |w: What| matches!(w, What::Noted(m, fact) if m == n && wanted(fact).is_some_and(|i| i >= index));
            case.between(from, before).find(|(_, e)| there(e.what)).map(|(id, _)| id)
        };
        // An entry that the node itself appends takes the place of the one that it did not receive.
        let own = case.event(put).is_some_and(|e| e.what.node() == Some(n)).then_some(put);
        let held = own.or_else(|| {
            reaches(put, |fact| match fact {
                Fact::Replicated(i) | Fact::Installed(i) => Some(i),
                _ => None,
            })
        });
        // The commit index is not on its disk: a restarted server learns it again.
        let start = case.last_turn(before, &|w| w == What::Started(n)).filter(|id| *id > put);
        let knew = reaches(start.unwrap_or(put), |fact| match fact {
            Fact::Committed(i) | Fact::Installed(i) => Some(i),
            _ => None,
        });
        let lost = |from: EventId, is_it: &dyn Fn(Passage) -> bool| {
            case.between(from, before).find_map(|(id, e)| match e.what {
                What::Lost(p, _) if is_it(p) => Some(id),
                _ => None,
            })
        };
        let sent = lost(put, &|p| p.to == n.into() && p.kind == Kind::AppendEntries);
        // A leader does not announce a commit to a follower that has not acknowledged the entry.
        let answered = held
            .and_then(|held| lost(held, &|p| p.from == n.into() && p.kind == Kind::AppendReply));
        let (clause, lost) = match (held, knew) {
            (Some(_), Some(_)) => return None,
            (Some(_), None) => {
                let clause = format!("{n} did not know yet that entry {index} was committed");
                (clause, start.or(sent).or(answered))
            }
            (None, _) => (format!("entry {index} had not reached {n}"), sent),
        };
        Some(Absence::of(clause, lost).and(lost.map(|id| at(case, id))))
    }

    /// The message that carried the write was lost. A lost request for it explains less.
    fn lost(&self) -> Option<Absence> {
        let carries = |p: Passage| {
            let data = matches!(p.kind.family(), Family::Replicate | Family::Transfer);
            let has_it = data && !p.kind.is_answer() || p.kind == Kind::Forward;
            p.to == self.n.into() && has_it
        };
        let (id, _) = self.last(|w| matches!(w, What::Lost(p, _) if carries(p)))?;
        let keeps = self.kept().map(|kept| kept.clauses);
        Some(Absence::of(at(self.case, id), Some(id)).and(keeps.into_iter().flatten()))
    }

    /// Another node keeps it for later delivery, or kept it and is gone; and the reason why it was
    /// not sent there.
    fn kept(&self) -> Option<Absence> {
        let (case, n) = (self.case, self.n);
        let keeps = |w: What| match w {
            What::Noted(m, Fact::Hinted(home) | Fact::Queued(home)) => (home == n).then_some(m),
            _ => None,
        };
        let (id, by) = self.events.iter().rev().find_map(|(id, w)| Some((*id, keeps(*w)?)))?;
        let gone = barrier::away(case, by).map(|barrier| barrier.told(by.into(), &[by]));
        // A coordinator lets another node keep it, or keeps it itself.
        let cause = case.event(id).and_then(|e| case.event(e.causes.first()?));
        let told_to = cause.and_then(|e| e.what.passage()).filter(|p| p.kind == Kind::Write);
        let doubted = doubt(case, told_to.map_or(by.into(), |p| p.from), n, id);
        let event = doubted.as_ref().map_or(id, |(event, _)| *event);
        let told = Absence::of(at(case, id), Some(event));
        Some(told.and(gone).and(doubted.map(|(_, clause)| clause)))
    }

    /// The write was in flight.
    fn under_way(&self) -> Option<Absence> {
        let (case, n) = (self.case, self.n);
        let to_it = |w: &What| match w {
            What::Sent(p) if p.to == n.into() && !p.kind.is_answer() => Some(*p),
            _ => None,
        };
        let (sent, p) = self.events.iter().rev().find_map(|(id, w)| Some((*id, to_it(w)?)))?;
        let ended =
            |w: What| matches!(w, What::Delivered(q) | What::Lost(q, _) if q.message == p.message);
        if self.events.iter().any(|(_, w)| ended(*w)) {
            return None;
        }
        let left = case.event(sent).map_or(String::new(), |e| moment(e.at));
        let arrived = case.between(sent, case.end).find(|(_, e)| ended(e.what));
        let later = arrived.map_or("is still on its way".into(), |(_, e)| match e.what {
            What::Delivered(_) => format!("arrived only at {}", moment(e.at)),
            _ => format!("was lost at {}", moment(e.at)),
        });
        let clause = format!("{} from {} to {n} left at {left} and {later}", p.kind.name(), p.from);
        let slow = orders::slow(case, p.from, p.to, self.before);
        Some(Absence::of(clause, slow.map(|s| s.event)).and(slow.map(|s| s.told(case))))
    }

    /// The node that took the write believed the other dead, and did not send it there.
    fn suspected(&self) -> Option<Absence> {
        let asked = self.last(
            |w| matches!(w, What::Delivered(p) if matches!(p.kind, Kind::Ask | Kind::Forward)),
        );
        let (asked, what) = asked?;
        let sender = what.passage()?.to;
        let (event, clause) = doubt(self.case, sender, self.n, asked)?;
        Some(Absence::of(clause, Some(event)))
    }

    /// No node sent it there.
    fn never_came(&self) -> Absence {
        let (n, op) = (self.n, whose(self.op));
        let is_now = self.before == self.case.end;
        let (has, then) = if is_now { ("has", "") } else { ("had", " by then") };
        Absence::of(format!("nothing of {op} {has} reached {n}{then}"), None)
    }
}

/// The event since which `who` believed a node dead, before another event.
fn doubt(case: &Case<'_>, who: Addr, n: NodeId, before: EventId) -> Option<(EventId, String)> {
    let (event, at, standing) = pair::held(case, who, n, before)?;
    let dead = standing == Standing::Dead && who != n.into();
    dead.then(|| (event, format!("{who} had taken {n} for dead at {}", moment(at))))
}
