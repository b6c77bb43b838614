//! That a request was carried out more than once: where retries are not told from new requests, a read
//! can show what nobody asked for.

use super::Found;
use super::case::{Case, moment};
use super::data::{whose, writes};
use super::detour::Detour;
use super::thread::Thread;
use crate::client::Operation;
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind};
use crate::trace::What;

/// How many writes are looked at, from the last one on.
const MOST_WRITES: usize = 50;

/// Of reads that nothing explains: the last write of that key that was carried out again before.
pub fn of(case: &Case<'_>, operations: &[&Operation]) -> Option<Found> {
    let reads = operations.iter().filter(|op| !op.request.op.writes());
    let ended = reads.filter_map(|op| Some((op.end.as_ref()?.event, *op)));
    let (end, read) = ended.max_by_key(|(end, _)| *end)?;
    let writes = writes(case, &read.request.key).filter(|(op, _)| op.invoked_event < end);
    let (write, times) = writes.take(MOST_WRITES).find_map(|(op, _)| {
        let times = carried_out(case, op, end);
        (times.len() > 1).then_some((op, times))
    })?;
    let each = times
        .iter()
        .filter_map(|(event, n)| Some(format!("by {n} at {}", moment(case.event(*event)?.at))));
    let each: Vec<String> = each.collect();
    let told = format!(
        "{} was carried out more than once, {}: a retry is not told from a new request",
        whose(write),
        listed(&each)
    );
    let mut detour = Detour::to(case, end);
    detour.at_the_end(times.last()?.0);
    Some(Found { kept: detour.taken(), ..Found::by(Some(end), "").lacking(vec![told]) })
}

/// The events, before another, with which a request came to nodes that carried it out themselves.
fn carried_out(case: &Case<'_>, op: &Operation, before: EventId) -> Vec<(EventId, NodeId)> {
    let thread = Thread::of_operation(case, op);
    let events: Vec<(EventId, What)> = thread.iter().take_while(|(id, _)| *id < before).collect();
    let carries_out = |w: What, n: NodeId| match w {
        What::Sent(p) => {
            p.from == n.into()
                && matches!(p.kind, Kind::Command | Kind::Replicate | Kind::Write | Kind::Update)
        }
        What::Noted(m, fact) => m == n && matches!(fact, Fact::Stored | Fact::Appended(_)),
        _ => false,
    };
    let asks = events.iter().filter_map(|(id, w)| match w {
        What::Delivered(p) if matches!(p.kind, Kind::Ask | Kind::Forward) => {
            Some((*id, p.to.node()?))
        }
        _ => None,
    });
    asks.filter(|(asked, n)| {
        let by_it = |id: EventId| case.event(id).and_then(|e| e.causes.first()) == Some(*asked);
        events.iter().any(|(id, w)| carries_out(*w, *n) && by_it(*id))
    })
    .collect()
}
