//! Collected tombstones: the nodes that forgot a deletion, and those that had not heard of it by
//! then.

use super::case::{Case, moment};
use crate::client::Operation;
use crate::hash_ring::position;
use crate::ids::{EventId, NodeId};
use crate::protocol::Fact;
use crate::store::{Op, Quoted};
use crate::trace::What;

/// The first event between two with which a node forgot that a key was deleted.
pub fn at_node(
    case: &Case<'_>,
    key: &str,
    n: NodeId,
    (from, before): (EventId, EventId),
) -> Option<EventId> {
    let forgot = What::Noted(n, Fact::Forgot(position(key.as_bytes())));
    case.between(from, before).find(|(_, e)| e.what == forgot).map(|(id, _)| id)
}

/// For a deletion that never came to a node: the clause that others had forgotten it before it
/// could.
pub fn too_soon(case: &Case<'_>, op: &Operation, n: NodeId, before: EventId) -> Option<String> {
    if op.request.op != Op::Del || case.scene.world.settings().quorum.tombstones.is_none() {
        return None;
    }
    let key = &*op.request.key;
    let told = |other: NodeId| {
        let id = at_node(case, key, other, (op.invoked_event, before))?;
        Some(format!("{other} ({})", moment(case.event(id)?.at)))
    };
    let who: Vec<String> = case.others(n).into_iter().filter_map(told).collect();
    let (last, first) = who.split_last()?;
    let who = match first {
        [] => last.clone(),
        first => format!("{} and {last}", first.join(", ")),
    };
    Some(format!(
        "the tombstone of {} was collected at {who} before {n} had the deletion",
        Quoted(key)
    ))
}
