//! Facts about clients: what a client waits for, the outcome of an operation, the fate of a
//! message.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use super::entry;
use super::fault;
use super::node::raft;
use super::orders;
use super::role::{ordered, powerless};
use super::slow;
use super::thread::Thread;
use super::vote;
use crate::client::{Operation, Session};
use crate::explain::words::{be, length, listed};
use crate::ids::{Addr, ClientId, EventId, MessageId, NodeId, OperationId};
use crate::order;
use crate::protocol::{Fact, Kind, Outcome};
use crate::settings::Preset;
use crate::time::Span;
use crate::trace::{Loss, What};
use crate::world::{Host, Status};

/// Whether and why a client waits.
pub fn waits(case: &Case<'_>, c: ClientId) -> Result<Found, String> {
    let Some(session) = case.scene.world.clients().find(|s| s.id() == c) else {
        let many = case.scene.world.clients().count();
        return Err(format!("there is no client {c} among {many}"));
    };
    if let Some(operation) = session.open().and_then(|id| case.scene.world.operation(id)) {
        return Ok(open(case, session, operation));
    }
    let last = session.last().and_then(|id| case.scene.world.operation(id));
    let ended = last.and_then(|op| op.end.as_ref());
    Ok(match ended {
        Some(end) => Found::by(
            Some(end.event),
            format!("{c} waits for nothing: its last request ended at {}.", moment(end.at)),
        ),
        None => Found::nothing(format!("{c} waits for nothing: it has asked for nothing yet.")),
    })
}

/// An operation ended as it did, or is open.
pub fn operation(case: &Case<'_>, id: OperationId) -> Result<Found, String> {
    let many = case.scene.world.operations().len();
    let none = || format!("there is no operation {} among the {many} up to now", id.0);
    let place = (id.0 as usize).checked_sub(1).ok_or_else(none)?;
    let operation = case.scene.world.operations().get(place).ok_or_else(none)?;
    let session = case.scene.world.clients().find(|s| s.id() == operation.client);
    let session = session.ok_or_else(none)?;
    let Some(end) = &operation.end else { return Ok(open(case, session, operation)) };
    let told = Found::by(Some(end.event), format!("{}.", case.clause(end.event)));
    Ok(match &end.outcome {
        Outcome::Ok(answer) => fault::doubted(case, operation, answer).unwrap_or(told),
        Outcome::Failed | Outcome::Unknown => {
            let thread = Thread::of_operation(case, operation);
            let mut missing = lost(case, &thread, end.event);
            missing.extend(
                answers(&thread)
                    .map(|(who, have, of)| format!("{who} needed {of} answers, and had {have}")),
            );
            let refused = refusal(case, &thread, operation.client, end.event);
            missing.extend(refused.as_ref().map(|(clause, _)| clause.clone()));
            missing.extend(done_all_the_same(&thread));
            missing.extend(nobody_serves(case));
            let kept = refused.and_then(|(_, kept)| kept).into_iter().collect();
            Found { kept, ..told.lacking(missing) }
        }
    })
}

/// The clause that no node can answer at all, where a preset stores nothing.
fn nobody_serves(case: &Case<'_>) -> Option<String> {
    (case.scene.world.preset() == Preset::Election)
        .then(|| "the nodes here only elect a coordinator: none of them keeps data".into())
}

/// The nodes that have executed a write whose client has no answer.
fn done_all_the_same(thread: &Thread) -> Option<String> {
    let mut who: Vec<NodeId> = Vec::new();
    for (_, what) in thread.iter() {
        if let What::Noted(n, Fact::Stored | Fact::Appended(_)) = what
            && !who.contains(&n)
        {
            who.push(n);
        }
    }
    let verb = if who.len() == 1 { "has" } else { "have" };
    (!who.is_empty()).then(|| format!("{} {verb} it all the same", listed(&who)))
}

/// The node that refused a client last before an event, and the reason; and the event at which the
/// chain continues.
fn refusal(
    case: &Case<'_>,
    thread: &Thread,
    c: ClientId,
    before: EventId,
) -> Option<(String, Option<(EventId, EventId)>)> {
    let replies = thread.iter().filter(|(id, w)| {
        *id < before && matches!(w, What::Delivered(p) if p.to == c.into() && p.kind == Kind::Reply)
    });
    let (id, what) = replies.last()?;
    let (by, at) = (what.passage()?.from, moment(case.event(id)?.at));
    let asked = thread.iter().filter(|(asked, w)| {
        *asked < id && matches!(w, What::Delivered(p) if p.to == by && p.kind == Kind::Ask)
    });
    let asked = asked.last().map(|(id, _)| id);
    let doubts = |w: What| match w {
        What::BalancerNoted(Fact::Suspected(p)) if by == Addr::Balancer => Some(p),
        What::Noted(n, Fact::Suspected(p)) if by == n.into() => Some(p),
        _ => None,
    };
    let turned = format!("{by} turned it away at {at}");
    if case.scene.world.preset() != Preset::Ring {
        return Some((turned, None));
    }
    let suspicion = case.last_turn(id, &|w| doubts(w).is_some());
    let owner = suspicion.and_then(|s| Some((s, case.event(s)?.at, doubts(case.event(s)?.what)?)));
    Some(match owner {
        Some((s, since, owner)) => {
            let clause = format!("{turned}: it had taken {owner} for dead at {}", moment(since));
            (clause, asked.map(|asked| (asked, s)))
        }
        None => (format!("{turned}: whoever could answer had not answered it"), None),
    })
}

/// The messages lost before that event, each as a clause.
fn lost(case: &Case<'_>, thread: &Thread, before: EventId) -> Vec<String> {
    let lost = thread.lost().into_iter().filter(|(id, _)| *id < before);
    lost.take(4).map(|(id, _)| at(case, id)).collect()
}

/// `Request from c1 to n2 is lost: n2 is down (2.00 s)`
pub fn at(case: &Case<'_>, id: EventId) -> String {
    let when = case.event(id).map_or(String::new(), |e| moment(e.at));
    format!("{} ({when})", case.clause(id))
}

/// The state of a waiting client.
fn open(case: &Case<'_>, session: &Session, operation: &Operation) -> Found {
    let (c, now) = (session.id(), case.scene.world.now());
    let since = now.since(operation.invoked);
    let waits = match since {
        Span::ZERO => "waits".to_owned(),
        since => format!("has waited {}", length(since)),
    };
    let sentence = format!("{c} {waits} for an answer to {}", operation.request);
    let begun = operation.invoked_event;
    let from_it = |w: What| matches!(w, What::Sent(p) if p.from == Addr::Client(c));
    let sent = case.last(&from_it).filter(|id| *id > begun);
    let asked = sent.and_then(|id| case.event(id)?.causes.first()).unwrap_or(begun);
    let place = session.asking().and_then(Addr::node);
    if let Some(found) = place.and_then(|n| in_log(case, n, operation.id, &sentence)) {
        return found;
    }
    let thread = Thread::of(case, asked);
    if let Some(found) = in_update(case, &thread, &sentence) {
        return found;
    }
    if let Some(found) = turned_away(case, c, sent, &thread, &sentence) {
        return found;
    }
    let mut missing = lost(case, &thread, case.end);
    missing.extend(under_way(case, &thread));
    if let Some((who, have, of)) = answers(&thread).filter(|(_, have, of)| have < of) {
        missing.insert(0, format!("{who} needs {of} answers, has {have}"));
    }
    missing.extend(in_vain(case, operation.id));
    missing.extend(case.scene.world.leader().map(|n| powerless(case, n)).unwrap_or_default());
    if let Some(target) = session.asking()
        && missing.is_empty()
    {
        missing.push(format!("{target} has not answered yet"));
    }
    let busy = busy(case, session, &thread);
    missing.extend(slow::told(case, &busy));
    let whom = session.asking().map_or(String::new(), |to| format!(" from {to}"));
    let fact = thread.lost().first().map(|(id, _)| *id).or(sent).unwrap_or(begun);
    let stopped = session.asking().and_then(Addr::node).and_then(|n| barrier::away(case, n));
    let stopped = stopped.filter(|_| thread.lost().is_empty()).map(|b| ordered(case, b.event));
    // A node that stopped before it was asked prevented the answer; one that stopped later is the
    // last cause.
    let found = match stopped {
        Some(stop) if stop < fact => {
            Found { kept: vec![(fact, stop)], ..Found::by(Some(fact), "") }
        }
        stop => Found::by(stop.or(Some(fact)), ""),
    };
    let mut found = found.lacking(missing);
    if stopped.is_none() && thread.lost().is_empty() {
        found.kept.extend(slow::because(case, &busy, fact).map(|order| (fact, order)));
    }
    Found { sentence: format!("{sentence}{whom}."), ..found }
}

/// The nodes that a client was waiting for, and that must write before they answer.
fn busy(case: &Case<'_>, session: &Session, thread: &Thread) -> Vec<NodeId> {
    let asked = session.asking().and_then(Addr::node);
    let reached = thread.iter().filter_map(|(_, w)| match w {
        What::Delivered(p) if !p.kind.is_answer() => p.to.node(),
        _ => None,
    });
    let mut busy: Vec<NodeId> = Vec::new();
    for n in asked.into_iter().chain(reached) {
        if slow::holds_back(case, n) && !busy.contains(&n) {
            busy.push(n);
        }
    }
    order::sort(&mut busy);
    busy
}

/// The primary has executed it, and waits for its backups.
fn in_update(case: &Case<'_>, thread: &Thread, sentence: &str) -> Option<Found> {
    if case.scene.world.preset() != Preset::PrimaryBackup {
        return None;
    }
    let (n, index) = thread.iter().find_map(|(_, w)| match w {
        What::Noted(n, Fact::Appended(index)) => Some((n, index)),
        _ => None,
    })?;
    let found = entry::committed(case, index, Some(n)).ok()?;
    let sentence = format!("{sentence}: it is update {index} of {n}, which waits for its backups.");
    Some(Found { sentence, ..found })
}

/// The servers that have the request of an earlier attempt in their log, where it is not committed.
fn in_vain(case: &Case<'_>, id: OperationId) -> Vec<String> {
    let mut told = Vec::new();
    for n in case.scene.world.nodes().map(Host::id) {
        let Some(index) = raft(case, n).and_then(|s| s.awaited(id)) else { continue };
        let fate = entry::fate(case, index, n);
        let mut clause = format!("{n} has it as entry {index} of its log, {fate}");
        let apart = barrier::told(case, n.into(), &case.others(n));
        if !apart.is_empty() {
            clause = format!("{clause}: {}", apart.join("; "));
        }
        told.push(clause);
    }
    told
}

/// The leader has the request in its log, or waits for confirmation that it still leads.
fn in_log(case: &Case<'_>, n: NodeId, id: OperationId, sentence: &str) -> Option<Found> {
    let server = raft(case, n)?;
    let status = case.scene.world.node(n)?.status();
    if status != Status::Up {
        return None;
    }
    if let Some(index) = server.awaited(id) {
        let found = entry::committed(case, index, Some(n)).ok()?;
        let fate = entry::fate(case, index, n);
        let sentence = format!("{sentence}: it is entry {index} of {n}, {fate}.");
        return Some(Found { sentence, ..found });
    }
    if !server.confirms(id) {
        return None;
    }
    let voters = server.members().configuration().voters();
    let others: Vec<NodeId> = voters.iter().filter(|&v| v != n).collect();
    let mut missing = vec![format!(
        "{n} needs {} of {} to confirm that it still leads, before it may answer a read",
        voters.quorum(),
        voters.len()
    )];
    missing.extend(barrier::told(case, n.into(), &others));
    let delivered =
        |w: What| matches!(w, What::Delivered(p) if p.to == n.into() && p.kind == Kind::Ask);
    let sentence = format!("{sentence}: {n} is not sure that it still leads.");
    Some(Found::by(case.last(&delivered), sentence).lacking(missing))
}

/// The last attempt was refused, and the next has not begun.
fn turned_away(
    case: &Case<'_>,
    c: ClientId,
    sent: Option<EventId>,
    thread: &Thread,
    sentence: &str,
) -> Option<Found> {
    let sent = sent?;
    let answered = thread.iter().find(|(id, w)| {
        *id > sent
            && matches!(w, What::Delivered(p) if p.to == Addr::Client(c) && p.kind == Kind::Reply)
    });
    let (reply, what) = answered?;
    let by = what.passage()?.from;
    // Clients that coordinate collect many answers.
    if matches!(case.scene.world.preset(), Preset::WriteAll) {
        return None;
    }
    let knew_nobody = thread
        .iter()
        .any(|(_, w)| matches!(w, What::Noted(n, Fact::Redirected(None)) if by == n.into()));
    let mut missing = vec![format!("{c} asks again shortly")];
    missing.extend(nobody_serves(case));
    if knew_nobody {
        missing.insert(0, format!("{by} knew of no leader"));
    }
    if case.scene.world.preset() == Preset::Raft && case.scene.world.leader().is_none() {
        missing.extend(super::node::no_leader(case).missing);
    }
    let at = case.event(reply).map_or(String::new(), |e| moment(e.at));
    let sentence = format!("{sentence}: {by} turned it away at {at}.");
    Some(Found::by(Some(reply), sentence).lacking(missing))
}

/// The coordinator, the number of its answers, and the number that it needs.
fn answers(thread: &Thread) -> Option<(Addr, u16, u16)> {
    let counted = thread.iter().filter_map(|(_, w)| match w {
        What::Noted(n, Fact::Answered(have, of)) => Some((Addr::from(n), have, of)),
        What::ClientNoted(c, Fact::Answered(have, of)) => Some((Addr::from(c), have, of)),
        What::BalancerNoted(Fact::Answered(have, of)) => Some((Addr::Balancer, have, of)),
        _ => None,
    });
    counted.last()
}

/// The receivers of messages of the thread that are still in flight.
fn under_way(case: &Case<'_>, thread: &Thread) -> Vec<String> {
    let mut whom: Vec<Addr> = Vec::new();
    for (id, what) in thread.iter() {
        let What::Sent(p) = what else { continue };
        let is_there = case.scene.world.flight(p.message).is_some_and(|f| f.cause == id);
        if is_there && !whom.contains(&p.to) {
            whom.push(p.to);
        }
    }
    let paused = |a: &Addr| {
        let node = a.node().and_then(|n| case.scene.world.node(n));
        node.is_some_and(|h| h.status() == Status::Paused)
    };
    let (asleep, others): (Vec<Addr>, Vec<Addr>) = whom.into_iter().partition(paused);
    let nodes: Vec<NodeId> = asleep.iter().filter_map(|a| a.node()).collect();
    let mut told = nodes
        .iter()
        .filter_map(|&n| barrier::away(case, n).map(|b| b.told(n.into(), &[n])))
        .collect::<Vec<_>>();
    if !others.is_empty() {
        let verb = if others.len() == 1 { "A message" } else { "Messages" };
        told.push(format!(
            "{verb} to {} {} on the way",
            listed(&others),
            if others.len() == 1 { "is" } else { be(&others) }
        ));
    }
    told
}

/// A message was sent, arrived, or was lost.
pub fn message(case: &Case<'_>, id: MessageId) -> Result<Found, String> {
    if let Some(flight) = case.scene.world.flight(id) {
        let on = format!(
            "{} from {} to {} is on its way",
            flight.message.kind().name(),
            flight.from,
            flight.to
        );
        let waits = flight.to.node().and_then(|n| barrier::away(case, n));
        let missing = waits.zip(flight.to.node()).map(|(b, n)| b.told(flight.from, &[n]));
        return Ok(
            Found::by(Some(flight.cause), format!("{on}.")).lacking(missing.into_iter().collect())
        );
    }
    // Ids count up in the order of sending.
    let sent = |w: What| match w {
        What::Sent(p) => Some(p.message.0),
        _ => None,
    };
    let about = |w: What| w.passage().is_some_and(|p| p.message == id);
    let sent = case.first_reaching(EventId(0), id.0, &sent);
    let sent = sent.filter(|&sent| case.event(sent).is_some_and(|e| about(e.what)));
    let sent = sent.ok_or_else(|| format!("there has been no message {id} up to now"))?;
    let after = case.between(sent, case.end).filter(|(_, e)| about(e.what));
    let last = after.last().map_or(sent, |(id, _)| id);
    let missing = case.event(last).map(|e| explained(case, last, e.what)).unwrap_or_default();
    Ok(Found::by(Some(last), format!("{}.", case.clause(last))).lacking(missing))
}

/// Further clauses about the end of a message.
fn explained(case: &Case<'_>, id: EventId, what: What) -> Vec<String> {
    match what {
        What::Lost(p, Loss::Chance) => {
            let loss = case.scene.world.links().behaviour(p.from, p.to).loss;
            let order = orders::lossy(case, p.from, p.to, id);
            let clause = match order {
                Some(order) => order.told(case),
                None => format!("{loss} of all messages are lost, as the cluster line says"),
            };
            vec![clause]
        }
        What::Lost(p, Loss::Cut) => barrier::cut_by(case, p.from, p.to, id)
            .map(|(_, since)| {
                format!("nothing gets from {} to {} since {}", p.from, p.to, moment(since))
            })
            .into_iter()
            .collect(),
        What::Delivered(p) if matches!(p.kind, Kind::Vote | Kind::PreVoteReply) => {
            let (Some(voter), Some(candidate)) = (p.from.node(), p.to.node()) else {
                return Vec::new();
            };
            let next = case.event(EventId(id.0 + 1)).map(|e| e.what);
            if matches!(next, Some(What::Noted(n, Fact::Counted(..))) if n == candidate) {
                return vec![format!("with it {voter} says yes")];
            }
            vote::refused(case, voter, candidate, id).map(|r| r.clause).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
