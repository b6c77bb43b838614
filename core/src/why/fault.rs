//! Faults: an answer that was too old, a write that is lost, a property that does not hold.

use super::Found;
use super::absence::{self, Absence};
use super::again;
use super::answerers;
use super::barrier;
use super::case::{Case, moment};
use super::chain;
use super::client::at;
use super::contradiction;
use super::data::{arrived, holds, homes, whose, writer, writes};
use super::detour::Detour;
use super::early;
use super::orders;
use super::role;
use super::rules;
use crate::check::raft_safety::SafetyProperty;
use crate::check::{Property, Verdict, naming, sessions, stale};
use crate::client::Operation;
use crate::explain::words::{capital, listed};
use crate::history::{self, history_where};
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::{Fact, Outcome};
use crate::settings::{Preset, Reads};
use crate::store::{Answer, Op, Word};
use crate::trace::What;
use crate::world::Host;

/// The most operations that are judged for session guarantees.
const MOST_JUDGED: u32 = 20_000;

/// The fault of an answer: it was too old, or its write is lost. None where neither is certain.
pub fn doubted(case: &Case<'_>, op: &Operation, answer: &Answer) -> Option<Found> {
    match answer {
        Answer::Read(_) => too_old(case, op).or_else(|| again::shown(case, op)),
        Answer::Done => gone(case, op).or_else(|| too_old(case, op)),
        Answer::Refused(_) => too_old(case, op),
    }
}

/// A read of a value surely older than one that was written before the read began: the nodes that
/// answered it, the write that they had not received, and the reason.
fn too_old(case: &Case<'_>, read: &Operation) -> Option<Found> {
    let (stale, end) = (stale(case, read)?, read.end.as_ref()?);
    let asked = answerers::of(case, read);
    let answerers: Vec<NodeId> = asked.iter().map(|(n, _)| *n).collect();
    let mut missing = vec![format!("{} answered", listed(&answerers))];
    let mut detour = Detour::to(case, end.event);
    if let Some(newer) = stale.write {
        for &(node, heard) in &asked {
            let why = absence::of(case, newer, node, heard);
            detour.offer(heard, &why);
            missing.extend(why.clauses);
        }
    }
    missing.extend(breaks(case, read, &stale.text));
    missing.extend(overlap(case));
    missing.extend(believed(case, &answerers, end.event));
    missing.extend(rules::told(case, end.event));
    if let Some(&(node, heard)) = asked.first() {
        missing.extend(role::heads(case, heard));
        // A leader takes no entries from another server.
        let led = role::rival_since(case, node, heard);
        detour.offer(heard, &Absence { clauses: Vec::new(), event: led, beyond: Vec::new() });
    }
    let found = Found::by(Some(end.event), format!("{}.", stale.text)).lacking(missing);
    Some(Found { kept: detour.taken(), ..found })
}

/// An answer that is too old.
struct Stale<'a> {
    /// The newer write, where it is known.
    write: Option<&'a Operation>,
    /// A sentence without its full stop.
    text: String,
}

/// The staleness of an answer, judged only by the writes of its key and the reads since: in a long
/// run these are much fewer than all operations. None also where the answer shows no state.
fn stale<'a>(case: &Case<'a>, read: &Operation) -> Option<Stale<'a>> {
    let key = &read.request.key;
    let end = read.end.as_ref()?;
    let value = match (&read.request.op, &end.outcome) {
        (Op::Get, Outcome::Ok(Answer::Read(value))) => value.clone(),
        (Op::Cas(expected, _), Outcome::Ok(Answer::Done)) => Some(expected.clone()),
        (Op::Upd(_) | Op::Del, Outcome::Ok(Answer::Refused(_))) => None,
        _ => return None,
    };
    let sources = writes(case, key).filter(|(op, left)| {
        op.invoked_event < end.event && left.as_ref().is_none_or(|left| *left == value)
    });
    let since = sources.map(|(op, _)| op.invoked_event).max().unwrap_or(EventId(0));
    let world = case.scene.world;
    // The key is named where there are several.
    let other = world.operations().iter().find(|op| op.request.key != *key).map(|op| op.id);
    let matters = |op: &Operation| {
        let read_since = op.end.as_ref().is_some_and(|end| end.event >= since)
            && op.invoked_event <= read.invoked_event;
        let before = op.invoked_event < end.event;
        let is_of_key = op.request.key == *key && (op.request.op.writes() || read_since);
        before && is_of_key || Some(op.id) == other || op.id == read.id
    };
    let known: Vec<&Operation> = world.operations().iter().filter(|op| matters(op)).collect();
    let place = known.iter().position(|op| op.id == read.id)?;
    let history = history_where(world, matters);
    let stale = stale::of(&history, history::OperationId(place as u32))?;
    let write = stale.write.and_then(|id| known.get(id.0 as usize).copied());
    Some(Stale { write, text: stale.text })
}

/// The session guarantees that an answer breaks. Not judged where very many operations came before,
/// since that takes long.
fn breaks(case: &Case<'_>, read: &Operation, said: &str) -> Vec<String> {
    let Some(place) = read.id.0.checked_sub(1).filter(|place| *place < MOST_JUDGED) else {
        return Vec::new();
    };
    let end = read.end.as_ref().map_or(case.end, |end| end.event);
    // The history is in the order of invocation, so that each operation keeps its number.
    let history = history_where(case.scene.world, |op| op.invoked_event < end);
    let verdicts = sessions::of(&history, history::OperationId(place));
    let broken = verdicts.into_iter().filter(|v| v.holds == Some(false));
    let told = broken.map(|verdict| {
        let claim = naming::claim(&verdict.text);
        let told = if claim == said { String::new() } else { format!(": {claim}") };
        format!("this breaks {}{told}", verdict.property)
    });
    told.collect()
}

fn world_id(id: history::OperationId) -> crate::ids::OperationId {
    crate::ids::OperationId(id.0 + 1)
}

/// The clause that a read may miss a write because it asks too few nodes.
fn overlap(case: &Case<'_>) -> Option<String> {
    let world = case.scene.world;
    let set = &world.settings().quorum;
    let too_few = world.preset() == Preset::Quorum && set.r + set.w <= set.n;
    too_few.then(|| {
        let sum = set.r + set.w;
        format!("R + W = {sum} is not more than N = {}: a read and a write quorum need not share a node", set.n)
    })
}

/// Under Raft: the reason why a server may answer without being sure that it still leads.
fn believed(case: &Case<'_>, answerers: &[NodeId], before: EventId) -> Vec<String> {
    let world = case.scene.world;
    if world.preset() != Preset::Raft {
        return Vec::new();
    }
    match world.settings().raft.reads {
        Reads::Index => Vec::new(),
        Reads::Local => vec!["reads are local: a server answers from what it has".into()],
        Reads::Lease => {
            let clause = "reads rest on leases: a leader counts on it that nobody else is elected \
                          before its lease ends by its own clock";
            let clocks = answerers.iter().filter_map(|&n| orders::clock(case, n.into(), before));
            [clause.to_owned()].into_iter().chain(clocks.map(|o| o.told(case))).collect()
        }
    }
}

/// An acknowledged write that no running node holds, although no later request can have replaced
/// it.
fn gone(case: &Case<'_>, op: &Operation) -> Option<Found> {
    let key = &*op.request.key;
    let left = writes(case, key).find(|(other, _)| other.id == op.id)?.1?;
    let overtaken = writes(case, key).any(|(other, _)| {
        other.id != op.id && other.end.as_ref().is_none_or(|e| e.at >= op.invoked)
    });
    let nodes: Vec<NodeId> = case.scene.world.nodes().map(Host::id).collect();
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
    let homes = homes(case, key).unwrap_or_else(|| nodes.clone());
    let (mut missing, mut over) = (Vec::new(), None);
    for &n in &homes {
        let Some(value) = holds(case, key, n) else { continue };
        if let Some(event) = replaced(case, key, value.as_ref(), (n, end.event)) {
            missing.push(format!("{n} replaced it: {}", at(case, event)));
            over = over.or(Some(event));
        } else {
            missing.extend(absence::of(case, op, n, case.end).clauses);
        }
    }
    missing
        .extend(nodes.iter().filter_map(|&n| Some(barrier::away(case, n)?.told(n.into(), &[n]))));
    missing.extend(absence::unsynced(case));
    let early = early::told(case, op);
    missing.extend(early.clone());
    let absent = homes.iter().filter_map(|&n| absence::of(case, op, n, case.end).event);
    let taken = absent.filter(|&e| loses(case, e)).max();
    let fact = over.or(taken).or_else(|| forgotten(case, op)).unwrap_or(end.event);
    // The node that lost it was the only holder because the answer came too early.
    let root = early.and_then(|_| chain::oldest_after(case, fact, end.event));
    let kept = root.map(|root| (root, end.event)).into_iter().collect();
    Some(Found { kept, ..Found::by(Some(fact), sentence).lacking(missing) })
}

/// The event after another with which a node received a value of an operation that had ended
/// before: it was executed once more.
fn replaced(
    case: &Case<'_>,
    key: &str,
    value: Option<&Word>,
    (n, after): (NodeId, EventId),
) -> Option<EventId> {
    let by = writer(case, key, value?)?;
    let came = arrived(case, by, n);
    let stores = case.event(came).is_some_and(|e| e.what == What::Noted(n, Fact::Stored));
    (stores && came > after).then_some(came)
}

/// Whether an event removes data, and does not only prevent their arrival.
fn loses(case: &Case<'_>, event: EventId) -> bool {
    case.event(event).is_some_and(|e| forgets(e.what) || matches!(e.what, What::Commanded(_)))
}

const fn forgets(w: What) -> bool {
    matches!(
        w,
        What::Crashed(_)
            | What::Wiped(_)
            | What::Torn(_)
            | What::Noted(_, Fact::Truncated(_) | Fact::Restored(_) | Fact::Installed(_))
    )
}

/// The last event that made a node forget a write.
fn forgotten(case: &Case<'_>, op: &Operation) -> Option<EventId> {
    let nodes = case.scene.world.nodes().map(Host::id);
    let by_it = |n: NodeId| {
        let had = absence::had(case, op, n)?;
        let its = |w: What| forgets(w) && w.node() == Some(n);
        case.between(had, case.end).filter(|(_, e)| its(e.what)).last().map(|(id, _)| id)
    };
    nodes.filter_map(by_it).max()
}

/// A property that does not hold by a judge's verdict. The sentence is the judge's; the chain is
/// that of the operation whose answer came last, or of the node that violated it.
pub fn broken(case: &Case<'_>, verdict: &Verdict) -> Found {
    let property = verdict.property;
    match verdict.holds {
        Some(true) => return Found::nothing(format!("Nothing breaks it so far: {property}.")),
        None => return Found::nothing(format!("{}.", capital(&verdict.text))),
        Some(false) => {}
    }
    let sentence = format!("{}.", verdict.text);
    let operation = |id: &history::OperationId| case.scene.world.operation(world_id(*id));
    let operations: Vec<&Operation> = verdict.operations.iter().filter_map(operation).collect();
    let told = match property {
        Property::Raft(_) => of_servers(case, verdict),
        Property::Convergence => of_copies(case, verdict),
        _ => of_operations(case, &operations),
    };
    let mut found = told.unwrap_or_else(|| Found::nothing(""));
    if let Some(fact) = found.fact {
        found.begins = rules::at_fault(case, property, fact);
        let mut missing = std::mem::take(&mut found.missing);
        missing.extend(rules::told(case, fact));
        found = found.lacking(missing);
    }
    let says_it = format!("this breaks {property}");
    let claim = naming::claim(&verdict.text);
    found.missing.retain(|c| *c != says_it && !c.ends_with(claim));
    Found { sentence, ..found }
}

/// The explanation of the last answer among the operations at fault, alone or together with the
/// others.
fn of_operations(case: &Case<'_>, operations: &[&Operation]) -> Option<Found> {
    let ended = operations.iter().filter_map(|op| Some((op.end.as_ref()?, *op)));
    let (end, last) = ended.max_by_key(|(end, _)| end.event)?;
    let alone = match &end.outcome {
        Outcome::Ok(answer) => doubted(case, last, answer),
        Outcome::Failed | Outcome::Unknown => None,
    };
    alone
        .or_else(|| contradiction::of(case, operations))
        .or_else(|| again::of(case, operations))
        .or_else(|| super::client::operation(case, last.id).ok())
}

/// The first key with different values at the two nodes at fault.
fn of_copies(case: &Case<'_>, verdict: &Verdict) -> Option<Found> {
    let [one, other] = verdict.nodes[..] else { return None };
    let data = |n| Some(case.scene.world.node(n)?.machine()?.view(0).data);
    let both = data(one)?.into_iter().chain(data(other)?);
    let mut keys: Vec<Word> = both.map(|(key, _)| key).collect();
    order::sort(&mut keys);
    let differs = |key: &&Word| holds(case, key, one) != holds(case, key, other);
    Some(super::data::differ(case, keys.iter().find(differs)?))
}

/// The action of the server at fault at that moment, and the events that made it possible.
fn of_servers(case: &Case<'_>, verdict: &Verdict) -> Option<Found> {
    let (n, at) = (*verdict.nodes.first()?, verdict.at_us?);
    let at = crate::time::Time::from_us(at);
    let its = |w: What| matches!(w, What::Noted(m, _) | What::Started(m) if m == n);
    let from = case.scene.trace.first_at(at);
    let then = case.between(from, case.end).take_while(|(_, e)| e.at == at);
    let its: Vec<(EventId, What)> =
        then.filter(|(_, e)| its(e.what)).map(|(id, e)| (id, e.what)).collect();
    let led = its.iter().find(|(_, w)| matches!(w, What::Noted(_, Fact::Led(_))));
    let told = led.or(its.last()).map(|(id, _)| *id);
    let fact = told.or_else(|| case.first_at(at, &|w| w.node() == Some(n)));
    let mut missing = fact.map(|fact| rules::told(case, fact)).unwrap_or_default();
    missing.extend(absence::unsynced(case));
    let wiped = |w: What| matches!(w, What::Wiped(_) | What::Torn(_));
    missing
        .extend(fact.and_then(|f| case.last_turn(f, &wiped)).map(|id| super::client::at(case, id)));
    let lacks = verdict.property == Property::Raft(SafetyProperty::LeaderCompleteness);
    let vote = fact.filter(|_| lacks).and_then(|fact| rules::blind_vote(case, fact));
    let kept = vote.into_iter().collect();
    Some(Found { kept, ..Found::by(fact, "").lacking(missing) })
}
