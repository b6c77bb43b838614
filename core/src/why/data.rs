//! Facts about data: what a node holds of a key, and whether what a client was told is right.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use super::client::at;
use super::thread::Thread;
use crate::client::Operation;
use crate::explain::words::listed;
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Outcome};
use crate::settings::Preset;
use crate::store::{Answer, Op, Quoted, Word};
use crate::trace::What;
use crate::world::Status;

/// What a node holds of a key, and what it lacks.
pub fn held(case: &Case<'_>, key: &str, n: NodeId) -> Found {
    let Some(value) = holds(case, key, n) else { return super::node::as_it_is(case, n) };
    let newest = acknowledged(case, key).max_by_key(|(op, _)| op.end.as_ref().map(|e| e.at));
    let sentence = format!("{n} {}.", holding(key, value.as_ref()));
    let by = value.as_ref().and_then(|v| writer(case, key, v));
    let later = |op: &Operation| by.is_none_or(|by| by.invoked < op.invoked);
    let lacks = newest.filter(|(op, left)| left.as_ref() != value.as_ref() && later(op));
    let mut missing = Vec::new();
    if let Some((op, _)) = lacks {
        missing.push(format!("{} was acknowledged at {}", whose(op), ended(op)));
        let thread = Thread::of_operation(case, op);
        let to = |p: crate::trace::Passage| p.to == Addr::Node(n);
        let lost = thread.lost().into_iter().find(|(_, p)| to(*p));
        missing.extend(lost.map(|(id, _)| at(case, id)));
        missing.extend(barrier::told(case, n.into(), &case.others(n)));
    }
    missing.extend(elsewhere(case, key, n, value.as_ref()));
    let arrived =
        by.and_then(|op| Thread::of_operation(case, op).reaches(n).or(Some(op.invoked_event)));
    let lost = lacks.and_then(|(op, _)| op.end.as_ref()).map(|end| end.event);
    Found::by(arrived.or(lost), sentence).lacking(missing)
}

/// What a running node holds of a key: None of a node that does not run.
fn holds(case: &Case<'_>, key: &str, n: NodeId) -> Option<Option<Word>> {
    let host = case.scene.world.node(n).filter(|h| h.status() != Status::Crashed)?;
    let data = host.machine()?.view(0).data;
    Some(data.into_iter().find(|(k, _)| &**k == key).map(|(_, value)| value))
}

/// `holds x = 1`, `holds no x`
fn holding(key: &str, value: Option<&Word>) -> String {
    match value {
        Some(value) => format!("holds {} = {}", Quoted(key), Quoted(value)),
        None => format!("holds no {}", Quoted(key)),
    }
}

/// What others hold that differs.
fn elsewhere(case: &Case<'_>, key: &str, n: NodeId, value: Option<&Word>) -> Vec<String> {
    let mut sides: Vec<(Option<Word>, Vec<NodeId>)> = Vec::new();
    for other in case.others(n) {
        let Some(held) = holds(case, key, other) else { continue };
        if held.as_ref() == value || held.is_none() && !all_hold_all(case) {
            continue;
        }
        match sides.iter_mut().find(|(v, _)| *v == held) {
            Some((_, nodes)) => nodes.push(other),
            None => sides.push((held, vec![other])),
        }
    }
    let told = |(held, nodes): &(Option<Word>, Vec<NodeId>)| {
        let clause = holding(key, held.as_ref());
        let plural = if nodes.len() == 1 { clause } else { clause.replacen("holds", "hold", 1) };
        format!("{} {plural}", listed(nodes))
    };
    sides.iter().map(told).collect()
}

/// Whether every node is to hold every key.
fn all_hold_all(case: &Case<'_>) -> bool {
    match case.scene.world.preset() {
        Preset::Ring => false,
        Preset::Quorum => {
            usize::from(case.scene.world.settings().quorum.n) >= case.scene.world.nodes().count()
        }
        _ => true,
    }
}

/// The operations on a key, newest first, and of each what it leaves there: None where that depends
/// on what was there before.
fn writes<'a>(
    case: &Case<'a>,
    key: &str,
) -> impl Iterator<Item = (&'a Operation, Option<Option<Word>>)> + use<'a> {
    let key: Word = key.into();
    let all = case.scene.world.operations();
    let back = (0..all.len()).rev().filter_map(|i| all.get(i)).take(MOST_OPERATIONS);
    back.filter(move |op| op.request.key == key && op.request.op.writes()).map(|op| {
        let leaves = match &op.request.op {
            Op::Set(v) | Op::Upd(v) | Op::Cas(_, v) => Some(Some(v.clone())),
            Op::Del => Some(None),
            Op::Append(_) | Op::Get => None,
        };
        (op, leaves)
    })
}

/// The most operations that are looked back over.
const MOST_OPERATIONS: usize = 20_000;

/// The writes that clients were told are done, and what each left.
fn acknowledged<'a>(
    case: &Case<'a>,
    key: &str,
) -> impl Iterator<Item = (&'a Operation, Option<Word>)> + use<'a> {
    let done =
        |op: &Operation| op.end.as_ref().is_some_and(|e| e.outcome == Outcome::Ok(Answer::Done));
    writes(case, key).filter(move |(op, _)| done(op)).filter_map(|(op, left)| Some((op, left?)))
}

/// The last operation that wrote that value.
fn writer<'a>(case: &Case<'a>, key: &str, value: &Word) -> Option<&'a Operation> {
    writes(case, key)
        .find(|(_, left)| left.as_ref().is_some_and(|l| l.as_ref() == Some(value)))
        .map(|(op, _)| op)
}

/// `c1's set x 2`
fn whose(op: &Operation) -> String {
    format!("{}'s {}", op.client, op.request)
}

fn ended(op: &Operation) -> String {
    op.end.as_ref().map_or(String::new(), |e| moment(e.at))
}

/// A read that was stale, or a write that is lost, of what a client was told is done. None where
/// neither is certain.
pub fn doubted(case: &Case<'_>, op: &Operation, answer: &Answer) -> Option<Found> {
    match answer {
        Answer::Read(value) => stale(case, op, value.as_ref()),
        Answer::Done => gone(case, op),
        Answer::Refused(_) => None,
    }
}

/// A read of something older than what had been acknowledged before it began: certain when every
/// write that it can have come from had ended before that one began.
fn stale(case: &Case<'_>, read: &Operation, value: Option<&Word>) -> Option<Found> {
    let key = &*read.request.key;
    let before = |op: &Operation| op.end.as_ref().is_some_and(|e| e.at < read.invoked);
    let (newer, _) = acknowledged(case, key)
        .filter(|(op, left)| before(op) && left.as_ref() != value)
        .max_by_key(|(op, _)| op.invoked)?;
    let older = |op: &Operation| {
        op.end.as_ref().is_some_and(|e| e.at < newer.invoked && e.outcome != Outcome::Unknown)
    };
    let can_be_source = |left: &Option<Option<Word>>| match left {
        Some(left) => left.as_ref() == value,
        None => true,
    };
    let certain = writes(case, key)
        .filter(|(_, left)| can_be_source(left))
        .all(|(op, _)| older(op) || op.id == newer.id);
    if !certain {
        return None;
    }
    let returned = read.end.as_ref()?;
    let got = value.map_or_else(|| "nothing".to_owned(), |v| Quoted(v).to_string());
    let sentence = format!(
        "{} read {} = {got} at {}, though {} had been done at {}.",
        read.client,
        Quoted(key),
        moment(returned.at),
        whose(newer),
        ended(newer)
    );
    let answerers = answered_by(case, read);
    let thread = Thread::of_operation(case, newer);
    let mut missing = vec![format!("{} answered the read", listed(&answerers))];
    for node in answerers {
        let reached = thread.reaches(node).filter(|id| *id < returned.event);
        let lost = thread.lost().into_iter().find(|(_, p)| p.to == Addr::Node(node));
        match (reached, lost) {
            (None, Some((id, _))) if id < returned.event => missing.push(at(case, id)),
            (None, _) => {
                missing.push(format!("nothing of {} had reached {node} by then", whose(newer)));
            }
            (Some(_), _) => {}
        }
    }
    Some(Found::by(Some(returned.event), sentence).lacking(missing))
}

/// The nodes whose answers led to an operation's end.
fn answered_by(case: &Case<'_>, op: &Operation) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = Vec::new();
    let Some(end) = &op.end else { return nodes };
    let thread = Thread::of_operation(case, op);
    for (id, what) in thread.iter() {
        let What::Delivered(p) = what else { continue };
        if id < end.event
            && p.to == Addr::Client(op.client)
            && let Some(node) = p.from.node()
            && !nodes.contains(&node)
        {
            nodes.push(node);
        }
    }
    nodes
}

/// A write that was acknowledged, and that no running node holds, though nothing can have come after
/// it.
fn gone(case: &Case<'_>, op: &Operation) -> Option<Found> {
    let key = &*op.request.key;
    let left = writes(case, key).find(|(other, _)| other.id == op.id)?.1?;
    let overtaken = writes(case, key).any(|(other, _)| {
        other.id != op.id && other.end.as_ref().is_none_or(|e| e.at >= op.invoked)
    });
    let nodes: Vec<NodeId> = case.scene.world.nodes().map(crate::world::Host::id).collect();
    let kept = nodes.iter().any(|&n| holds(case, key, n).is_some_and(|held| held == left));
    if overtaken || kept {
        return None;
    }
    let end = op.end.as_ref()?;
    let sentence = format!(
        "{} was acknowledged at {}, and no node that runs holds it now.",
        whose(op),
        moment(end.at)
    );
    let mut missing: Vec<String> = Thread::of_operation(case, op)
        .lost()
        .into_iter()
        .take(3)
        .map(|(id, _)| at(case, id))
        .collect();
    missing
        .extend(nodes.iter().filter_map(|&n| Some(barrier::away(case, n)?.told(n.into(), &[n]))));
    let fact = forgotten(case, end.event).unwrap_or(end.event);
    Some(Found::by(Some(fact), sentence).lacking(missing))
}

/// The first thing after an event that makes a node forget.
fn forgotten(case: &Case<'_>, after: EventId) -> Option<EventId> {
    let forgets = |w: What| {
        matches!(
            w,
            What::Crashed(_)
                | What::Wiped(_)
                | What::Torn(_)
                | What::Noted(_, Fact::Truncated(_) | Fact::Restored(_) | Fact::Installed(_))
        )
    };
    case.between(after, case.end).find(|(_, e)| forgets(e.what)).map(|(id, _)| id)
}
