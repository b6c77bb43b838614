//! The state of a node in place of a write that it does not have, and its origin: two versions and
//! their clocks, two servers whose state diverged.

use super::absence;
use super::answerers::path;
use super::case::Case;
use super::orders::{self, Order};
use super::thread::Thread;
use crate::client::Operation;
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Kind};
use crate::settings::Preset;
use crate::store::Op;
use crate::trace::{Passage, What};

/// The most stores that are searched backwards for one of a key.
const LOOK_BACK: usize = 100;

/// The last event before another with which a node received a value of a key, and the operation
/// that brought it. None also where that is unknown: bulk transfers and repairs do not name their
/// keys.
pub fn held<'a>(
    case: &Case<'a>,
    key: &str,
    n: NodeId,
    before: EventId,
) -> Option<(EventId, &'a Operation)> {
    let preset = case.scene.world.preset();
    if matches!(preset, Preset::Raft | Preset::PrimaryBackup | Preset::Election) {
        return None;
    }
    let stores = |w: What| w == What::Noted(n, Fact::Stored);
    // A node that executes a request itself, and passes it on, does not always report it.
    let passes_on = matches!(preset, Preset::Peers | Preset::Ring);
    let is_asked = |w: What| match w {
        What::Delivered(p) => {
            passes_on && p.to == n.into() && matches!(p.kind, Kind::Ask | Kind::Forward)
        }
        _ => false,
    };
    let mut before = before;
    for _ in 0..LOOK_BACK {
        let id = case.last_before(before, &|w| stores(w) || is_asked(w))?;
        let op = operation(case, id).filter(|op| op.request.op.writes());
        let is_store = case.event(id).is_some_and(|e| stores(e.what));
        match op {
            None if is_store => return None,
            Some(op)
                if &*op.request.key == key
                    && (is_store || Thread::of_operation(case, op).taken_by(n) == Some(id)) =>
            {
                return Some((id, op));
            }
            _ => {}
        }
        before = id;
    }
    None
}

/// The first value of a key that a node received after one event and before another.
pub fn put_over<'a>(
    case: &Case<'a>,
    key: &str,
    n: NodeId,
    (had, before): (EventId, EventId),
) -> Option<(EventId, &'a Operation)> {
    let (mut first, mut before) = (None, before);
    while let Some((id, op)) = held(case, key, n, before).filter(|(id, _)| *id > had) {
        (first, before) = (Some((id, op)), id);
    }
    first
}

/// The clause about an operation that first reads and then writes: others can write in between.
pub fn in_two_steps(case: &Case<'_>, op: &Operation) -> Option<String> {
    let name = match &op.request.op {
        Op::Append(_) => "append",
        Op::Cas(..) => "cas",
        Op::Upd(_) => "upd",
        Op::Del | Op::Set(_) | Op::Get => return None,
    };
    let preset = case.scene.world.preset();
    matches!(preset, Preset::Quorum | Preset::WriteAll).then(|| {
        format!("{name} is here a read and then a write: what others write in between it replaces")
    })
}

/// Whether a node stored an unknown value between two events.
pub fn is_unclear(case: &Case<'_>, n: NodeId, from: EventId, before: EventId) -> bool {
    let stored = case.between(from, before).filter(|(_, e)| e.what == What::Noted(n, Fact::Stored));
    let mut stored = stored.map(|(id, _)| id);
    stored.any(|id| operation(case, id).is_none_or(|op| !op.request.op.writes()))
}

/// The operation to which an event belongs.
pub fn operation<'a>(case: &Case<'a>, id: EventId) -> Option<&'a Operation> {
    let begun = path(case, id).into_iter().find_map(|id| match case.event(id)?.what {
        What::Invoked(_, operation) => Some(operation),
        _ => None,
    });
    case.scene.world.operation(begun?)
}

/// The statement that made a clock wrong, so that a write looked older than one that was there
/// before it: the clock of the node that stamped it, if it was behind, or else of the one that
/// stamped the other, if it was ahead.
pub fn clock(
    case: &Case<'_>,
    (older, refused): (&Operation, EventId),
    newer: Option<(EventId, &Operation)>,
) -> Option<Order> {
    let behind = stampers(case, older, refused).into_iter().find_map(|who| {
        let (order, offset) = orders::offset(case, who, refused)?;
        (offset < 0).then_some(order)
    });
    behind.or_else(|| {
        let (stored, op) = newer?;
        stampers(case, op, stored).into_iter().find_map(|who| {
            let (order, offset) = orders::offset(case, who, stored)?;
            (offset > 0).then_some(order)
        })
    })
}

/// The addresses whose clocks stamp a write: its coordinators.
fn stampers(case: &Case<'_>, op: &Operation, before: EventId) -> Vec<Addr> {
    let thread = Thread::of_operation(case, op);
    let asked = thread.iter().take_while(|(id, _)| *id < before).filter_map(|(_, w)| match w {
        What::Delivered(Passage { kind: Kind::Ask | Kind::Forward, to, .. }) => Some(to),
        _ => None,
    });
    asked.chain([op.client.into()]).collect()
}

/// Two servers, of which one accepted a command and the other refused it: the reason why the entry
/// of the other was not at the first, and the event at which the chain continues.
pub fn apart(
    case: &Case<'_>,
    op: &Operation,
    n: NodeId,
    refused: EventId,
) -> (Vec<String>, Vec<(EventId, EventId)>) {
    let nothing = (Vec::new(), Vec::new());
    let Some((_, had)) = held(case, &op.request.key, n, refused) else { return nothing };
    let way = path(case, refused);
    let forwarded = way.iter().find_map(|id| match case.event(*id)?.what {
        What::Delivered(p) if p.kind == Kind::Command => p.from.node(),
        _ => None,
    });
    let Some(accepted) = forwarded else { return nothing };
    let asked = way.iter().copied().find(|id| {
        let asks = |p: Passage| p.to == accepted.into() && p.kind == Kind::Ask;
        case.event(*id).is_some_and(|e| matches!(e.what, What::Delivered(p) if asks(p)))
    });
    let Some(asked) = asked else { return nothing };
    let Some(why) = absence::perhaps(case, had, accepted, asked) else { return nothing };
    let mut beyond: Vec<(EventId, EventId)> =
        why.event.filter(|event| *event < asked).map(|event| (asked, event)).into_iter().collect();
    beyond.extend(why.beyond);
    let lacked = format!("{accepted} had accepted it, for it lacked {}", super::data::whose(had));
    ([lacked].into_iter().chain(why.clauses).collect(), beyond)
}
