//! Facts about data: the value of a key at a node, and the reasons why others have another.

use super::Found;
use super::absence;
use super::barrier;
use super::case::{Case, moment};
use super::thread::Thread;
use crate::client::Operation;
use crate::explain::words::listed;
use crate::hash_ring::HashRing;
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::quorum_store::Placement;
use crate::protocol::{Fact, Family, Kind, Outcome};
use crate::settings::Preset;
use crate::store::{Answer, Op, Quoted, Word};
use crate::trace::What;
use crate::world::{Host, Status};

/// The value of a key at a node, and the write that it lacks.
pub fn held(case: &Case<'_>, key: &str, n: NodeId) -> Found {
    let Some(value) = holds(case, key, n) else { return super::role::as_it_is(case, n) };
    let homes = homes(case, key);
    let belongs = homes.as_ref().is_none_or(|homes| homes.contains(&n));
    let place = homes.as_ref().map(|homes| placed(case, key, homes));
    if value.is_none() && !belongs {
        let place = place.unwrap_or_default();
        return Found::nothing(format!("{n} holds no {}, and need not.", Quoted(key)))
            .lacking(vec![place]);
    }
    let sentence = format!("{n} {}.", holding(key, value.as_ref()));
    let by = value.as_ref().and_then(|v| writer(case, key, v));
    let mut missing = Vec::new();
    let mut fact = by.map(|op| arrived(case, op, n));
    if let Some(lacks) = lacking(case, key, value.as_ref()).filter(|_| belongs) {
        missing.push(format!("{} was acknowledged at {}", whose(lacks), ended(lacks)));
        let why = absence::of(case, lacks, n, case.end);
        missing.extend(why.clauses);
        missing.extend(barrier::told(case, n.into(), &case.others(n)));
        fact = why.event.or(fact).or(lacks.end.as_ref().map(|e| e.event));
    }
    if belongs {
        missing.extend(elsewhere(case, key, n, value.as_ref()));
    }
    missing.extend(place);
    if value.is_none() && fact.is_none() && writes(case, key).next().is_none() {
        missing.push(format!("nobody has asked to write {}", Quoted(key)));
    }
    Found::by(fact, sentence).lacking(missing)
}

/// The values of a key at all nodes, and the reasons for differences.
pub fn differ(case: &Case<'_>, key: &str) -> Found {
    let homes = homes(case, key);
    let place = homes.as_ref().map(|homes| placed(case, key, homes));
    let all: Vec<NodeId> = case.scene.world.nodes().map(Host::id).collect();
    let sides = sides(case, key, homes.as_deref().unwrap_or(&all));
    let told: Vec<String> = sides.iter().map(|side| told(key, side)).collect();
    let away = all.iter().filter_map(|&n| Some(barrier::away(case, n)?.told(n.into(), &[n])));
    let newest = |(value, _): &&(Option<Word>, Vec<NodeId>)| {
        let by = value.as_ref().and_then(|v| writer(case, key, v))?;
        Some((by.end.as_ref().map(|e| e.event), by.invoked_event))
    };
    let mut missing = Vec::new();
    let mut fact = None;
    let best = sides.iter().max_by_key(newest);
    if let Some(by) = best.and_then(|(v, _)| writer(case, key, v.as_ref()?)) {
        let others = sides.iter().filter(|side| Some(*side) != best);
        for &n in others.flat_map(|(_, nodes)| nodes) {
            let why = absence::of(case, by, n, case.end);
            missing.push(format!("{n} lacks {}: {}", whose(by), why.clauses.join("; ")));
            fact = fact.or(why.event);
        }
    }
    let holder = best.and_then(|(_, nodes)| nodes.first().copied());
    let value = best.and_then(|(value, _)| value.as_ref());
    if let Some((lacks, holder)) = lacking(case, key, value).zip(holder) {
        missing.push(format!("{} was acknowledged at {}", whose(lacks), ended(lacks)));
        let why = absence::of(case, lacks, holder, case.end);
        missing.extend(why.clauses);
        fact = fact.or(why.event);
    }
    let by = value.and_then(|value| writer(case, key, value)).zip(holder);
    fact = fact.or_else(|| by.map(|(by, holder)| arrived(case, by, holder)));
    missing.extend(away);
    missing.extend(place);
    let sentence = match (told.len(), writes(case, key).next()) {
        (0, _) => format!("No node that runs can hold {}.", Quoted(key)),
        (1, None) => format!("Nobody has asked to write {}.", Quoted(key)),
        _ => format!("{}.", told.join(", ")),
    };
    Found::by(fact, sentence).lacking(missing)
}

/// The value of a key at a running node: None for a node that is not running.
pub fn holds(case: &Case<'_>, key: &str, n: NodeId) -> Option<Option<Word>> {
    let runs = |h: &&Host| !matches!(h.status(), Status::Crashed | Status::Left);
    let host = case.scene.world.node(n).filter(runs)?;
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

type Side = (Option<Word>, Vec<NodeId>);

/// The values at these nodes, each with the nodes that hold it.
fn sides(case: &Case<'_>, key: &str, nodes: &[NodeId]) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    for &node in nodes {
        let Some(held) = holds(case, key, node) else { continue };
        match sides.iter_mut().find(|(v, _)| *v == held) {
            Some((_, nodes)) => nodes.push(node),
            None => sides.push((held, vec![node])),
        }
    }
    sides
}

/// `n1 and n3 hold x = left`
fn told(key: &str, (value, nodes): &Side) -> String {
    let mut nodes = nodes.clone();
    order::sort(&mut nodes);
    let clause = holding(key, value.as_ref());
    let plural = if nodes.len() == 1 { clause } else { clause.replacen("holds", "hold", 1) };
    format!("{} {plural}", listed(&nodes))
}

/// The differing values at other nodes that should hold the key, and the reasons why this node does
/// not have them.
fn elsewhere(case: &Case<'_>, key: &str, n: NodeId, value: Option<&Word>) -> Vec<String> {
    let homes = homes(case, key);
    let mut others = case.others(n);
    others.retain(|other| homes.as_ref().is_none_or(|homes| homes.contains(other)));
    let mut clauses = Vec::new();
    for side in sides(case, key, &others).iter().filter(|(v, _)| v.as_ref() != value) {
        clauses.push(told(key, side));
        let by = side.0.as_ref().and_then(|v| writer(case, key, v));
        let lacks = lacking(case, key, value).map(|op| op.id);
        let own = value.and_then(|v| writer(case, key, v));
        // A value surely older than its own is not missing.
        let older = |by: &Operation| {
            own.is_some_and(|own| by.end.as_ref().is_some_and(|e| e.at < own.invoked))
        };
        if let Some(by) = by.filter(|by| Some(by.id) != lacks && !older(by)) {
            let why = absence::of(case, by, n, case.end);
            clauses.extend(why.clauses);
        }
    }
    clauses
}

/// The nodes to which a key belongs, in the order of its preference list; None for all.
pub fn homes(case: &Case<'_>, key: &str) -> Option<Vec<NodeId>> {
    let world = case.scene.world;
    let settings = world.settings();
    match world.preset() {
        Preset::Ring => {
            let ring = HashRing::new(world.members().iter().copied(), settings.ring.vnodes);
            Some(ring.preference(key).take(usize::from(settings.ring.replicas)).collect())
        }
        Preset::Quorum => {
            let placement = Placement::of(settings);
            Some(placement.homes(placement.spot(key).range).collect())
        }
        _ => None,
    }
}

/// The owners of a key, as a clause.
fn placed(case: &Case<'_>, key: &str, homes: &[NodeId]) -> String {
    let key = Quoted(key);
    match (case.scene.world.preset(), homes) {
        (Preset::Ring, [owner]) => format!("{owner} owns {key}"),
        (Preset::Ring, [owner, copies @ ..]) => {
            format!("{owner} owns {key}, and its copies belong on {}", listed(copies))
        }
        _ => format!("{key} belongs to {}", listed(homes)),
    }
}

/// The operations on a key, newest first, each with the value that it leaves: None where that
/// depends on the value before.
pub fn writes<'a>(
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

/// The most operations that are searched backwards.
const MOST_OPERATIONS: usize = 20_000;

/// The newest acknowledged write that a value surely does not show.
fn lacking<'a>(case: &Case<'a>, key: &str, value: Option<&Word>) -> Option<&'a Operation> {
    let done =
        |op: &Operation| op.end.as_ref().is_some_and(|e| e.outcome == Outcome::Ok(Answer::Done));
    let acknowledged = writes(case, key).filter(|(op, left)| done(op) && left.is_some());
    let (newest, left) = acknowledged.max_by_key(|(op, _)| op.end.as_ref().map(|e| e.at))?;
    let by = value.and_then(|v| writer(case, key, v));
    let later = by.is_none_or(|by| by.invoked < newest.invoked);
    (left.flatten().as_ref() != value && later).then_some(newest)
}

/// The last operation that wrote that value.
pub fn writer<'a>(case: &Case<'a>, key: &str, value: &Word) -> Option<&'a Operation> {
    writes(case, key)
        .find(|(_, left)| left.as_ref().is_some_and(|l| l.as_ref() == Some(value)))
        .map(|(op, _)| op)
}

/// `c1's set x 2`
pub fn whose(op: &Operation) -> String {
    format!("{}'s {}", op.client, op.request)
}

fn ended(op: &Operation) -> String {
    op.end.as_ref().map_or(String::new(), |e| moment(e.at))
}

/// The event with which a write came to a node: with its own messages, or in bulk.
pub fn arrived(case: &Case<'_>, op: &Operation, n: NodeId) -> EventId {
    let thread = Thread::of_operation(case, op);
    let noted = |w: What| match w {
        What::Noted(m, fact) => m == n && puts(fact),
        _ => false,
    };
    let came = |w: What| match w {
        What::Delivered(p) => {
            let carries =
                p.kind.family() == Family::Replicate || matches!(p.kind, Kind::Ask | Kind::Forward);
            p.to == n.into() && carries && !p.kind.is_answer()
        }
        _ => false,
    };
    let last = |wanted: &dyn Fn(What) -> bool| {
        thread.iter().filter(|(_, w)| wanted(*w)).last().map(|(id, _)| id)
    };
    let had = last(&noted).or_else(|| thread.taken_by(n));
    had.map(|had| again(case, n, had).unwrap_or(had))
        .or_else(|| last(&came))
        .or_else(|| case.last(&|w| in_bulk(w, n)).filter(|id| *id > op.invoked_event))
        .unwrap_or(op.invoked_event)
}

/// Whether an event brings data to a node without naming their keys.
pub fn in_bulk(w: What, n: NodeId) -> bool {
    match w {
        What::Noted(m, fact) => {
            let whole = matches!(fact, Fact::Installed(_) | Fact::Restored(_));
            m == n && (whole || matches!(fact, Fact::CaughtUp(_, 1..)))
        }
        What::Delivered(p) => {
            let carries = p.kind.family() == Family::Transfer && !p.kind.is_answer();
            p.to == n.into() && (carries || p.kind == Kind::Sync)
        }
        _ => false,
    }
}

/// The event that gave a node back the data it had at `had`, where its disk was emptied or torn
/// after that.
fn again(case: &Case<'_>, n: NodeId, had: EventId) -> Option<EventId> {
    let wrecks = |w: What| matches!(w, What::Wiped(m) | What::Torn(m) if m == n);
    let wrecked = case.last_turn(case.end, &wrecks).filter(|id| *id > had)?;
    let gives = |w: What| match w {
        What::Noted(m, fact) => {
            m == n && (puts(fact) || matches!(fact, Fact::Installed(_) | Fact::Restored(_)))
        }
        _ => false,
    };
    case.between(wrecked, case.end).find(|(_, e)| gives(e.what)).map(|(id, _)| id)
}

/// Whether a fact puts new data somewhere.
const fn puts(fact: Fact) -> bool {
    matches!(fact, Fact::Stored | Fact::Appended(_) | Fact::Replicated(_))
}
