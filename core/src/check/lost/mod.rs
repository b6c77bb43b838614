//! Acknowledged writes that are lost or unavailable now, while the run goes on.
//!
//! A write is surely lost when neither its value, nor that of any write that may have come after
//! it, is anywhere any more: in no memory, on no disk, in no message, with no client that still
//! asks. Then nothing can bring it back, and no later write can have replaced it. The judge knows
//! no protocol: it searches for the text of the value in every place, so that it makes no false
//! accusation. Where the same text stands there for another reason it is silent, and the end of the
//! run decides.

mod strings;
mod traces;

use super::text::{noun_named, seconds};
use crate::history::{History, MAX_OPERATIONS, Operation, OperationId, Request, Text};
use crate::ids::{NodeId, runs};
use crate::sorted::SortedMap;
use crate::world::{Status, World};
use strings::Strings;
use traces::{Found, Traces};

/// An acknowledged write that no running node has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The write.
    pub operation: OperationId,
    /// The nodes that are not running and have it, or a later write: none where it is lost for
    /// good.
    pub holders: Vec<(NodeId, Status)>,
    /// A sentence without its full stop.
    pub text: String,
}

impl Missing {
    /// Whether nothing can bring it back.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.holders.is_empty()
    }
}

/// The acknowledged writes that no running node has, the latest of each key: first those that are
/// lost for good, each group in the order of invocation.
#[must_use]
pub fn check(world: &World, history: &History) -> Vec<Missing> {
    // Operations beyond the limit may have replaced the missing write.
    if world.operations().len() > MAX_OPERATIONS {
        return Vec::new();
    }
    let data = Data::of(world);
    let mut traces = None;
    let by_key = history.by_key();
    let missing = by_key.iter().filter_map(|(key, operations)| {
        let mut place = |op: &Operation| {
            if is_open(op) || data.shows(key, &op.request) {
                return Found::Present;
            }
            let traces = traces.get_or_insert_with(|| Traces::of(world));
            traces.find(|strings| shows(&op.request, strings))
        };
        of_key(history, operations, &mut place)
    });
    let mut missing: Vec<Missing> = missing.collect();
    crate::order::by_key(&mut missing, |m| (!m.is_lost(), m.operation));
    missing
}

/// The latest write of one key that no running node has.
fn of_key(
    history: &History,
    operations: &[OperationId],
    place: &mut dyn FnMut(&Operation) -> Found,
) -> Option<Missing> {
    let writes: Vec<(OperationId, &Operation)> = operations
        .iter()
        .map(|&id| (id, history.operation(id)))
        .filter(|(_, op)| op.may_have_written())
        .collect();
    let mut later: Vec<(NodeId, Status)> = Vec::new();
    for (at, (id, op)) in writes.iter().enumerate().rev() {
        // All writes invoked after it may have replaced it, and so may this one.
        add(&mut later, holders(op, place)?);
        if !op.has_written() {
            continue;
        }
        let concurrent = writes[..at].iter().filter(|(_, other)| {
            other.answered().is_none_or(|answered| answered.event > op.invoked.event)
        });
        let mut all = later.clone();
        for (_, other) in concurrent {
            add(&mut all, holders(other, place)?);
        }
        crate::order::by_key(&mut all, |(n, _)| *n);
        return Some(told(*id, op, all));
    }
    None
}

/// The nodes that are not running and have the result of a write. None where it may be present, or
/// where that cannot be seen: a deletion leaves nothing to find.
fn holders(
    op: &Operation,
    place: &mut dyn FnMut(&Operation) -> Found,
) -> Option<Vec<(NodeId, Status)>> {
    if op.request == Request::Del {
        return None;
    }
    match place(op) {
        Found::Present => None,
        Found::Away(nodes) => Some(nodes),
        Found::Nowhere => Some(Vec::new()),
    }
}

fn add(all: &mut Vec<(NodeId, Status)>, more: Vec<(NodeId, Status)>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Whether a client still asks for it.
fn is_open(op: &Operation) -> bool {
    op.returned.is_none()
}

/// Whether the result of a write is among texts. Appends of others keep it.
fn shows(request: &Request, strings: &Strings) -> bool {
    match request {
        Request::Append(text) => strings.has_part(text),
        Request::Set(value) | Request::Upd(value) | Request::Cas { new: value, .. } => {
            strings.has(value)
        }
        Request::Get | Request::Del => true,
    }
}

/// The values that running nodes show of each key: most writes are found here at once.
struct Data(Vec<SortedMap<Text, Text>>);

impl Data {
    fn of(world: &World) -> Self {
        let up = world.nodes().filter(|h| h.status() == Status::Up);
        let shown = up.filter_map(|h| h.machine()).map(|m| m.view(0).data.into_iter().collect());
        Self(shown.collect())
    }

    fn shows(&self, key: &Text, request: &Request) -> bool {
        let held = self.0.iter().filter_map(|data| data.get(key));
        match request {
            Request::Append(text) => held.into_iter().any(|value| value.contains(&**text)),
            Request::Set(new) | Request::Upd(new) | Request::Cas { new, .. } => {
                held.into_iter().any(|value| value == new)
            }
            Request::Get | Request::Del => false,
        }
    }
}

fn told(operation: OperationId, op: &Operation, holders: Vec<(NodeId, Status)>) -> Missing {
    let at = op.answered().and_then(|at| at.time_us).map(seconds).unwrap_or_default();
    let write = format!("{}'s {}, acknowledged at {at},", op.process, noun_named(op, true));
    let text = if holders.is_empty() {
        format!("{write} is nowhere any more: no node, disk or message has it")
    } else {
        format!("{write} is on no running node: {}", have(&holders))
    };
    Missing { operation, holders, text }
}

/// `n1`, `n1 and n2`, `n1, n2 and n3`
fn listed(nodes: &[NodeId]) -> String {
    let mut names: Vec<String> = runs(nodes).into_iter().map(|(name, _)| name).collect();
    match names.pop() {
        Some(last) if !names.is_empty() => format!("{} and {last}", names.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// `n3 is down and has it`, `n2 and n3 are down and have it`
fn have(holders: &[(NodeId, Status)]) -> String {
    let clause = |status: Status, word: &str| {
        let nodes: Vec<NodeId> =
            holders.iter().filter(|(_, s)| *s == status).map(|(n, _)| *n).collect();
        let (are, have) = if nodes.len() == 1 { ("is", "has") } else { ("are", "have") };
        let who = listed(&nodes);
        (!nodes.is_empty()).then(|| format!("{who} {are} {word} and {have} it"))
    };
    let clauses = [clause(Status::Crashed, "down"), clause(Status::Paused, "paused")];
    clauses.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
