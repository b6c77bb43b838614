//! Disks that take long: who is writing, and the statement that made that slow.

use super::case::Case;
use super::orders::{self, Order};
use crate::explain::words::{be, length, listed};
use crate::ids::{EventId, NodeId};
use crate::run::Statement;
use crate::world::Status;

/// Whether something that a node wrote is not on its disk yet.
pub fn is_writing(case: &Case<'_>, n: NodeId) -> bool {
    let up = case.scene.world.node(n).filter(|h| h.status() == Status::Up);
    up.is_some_and(|h| h.disk().durable() < h.disk().written())
}

/// Whether something that a node has to send waits for its disk.
pub fn holds_back(case: &Case<'_>, n: NodeId) -> bool {
    let up = case.scene.world.node(n).filter(|h| h.status() == Status::Up);
    up.is_some_and(|h| h.held() > 0)
}

/// That these nodes write first, if any of them does.
pub fn told(case: &Case<'_>, nodes: &[NodeId]) -> Option<String> {
    let busy: Vec<NodeId> = nodes.iter().copied().filter(|&n| is_writing(case, n)).collect();
    let disk = length(case.scene.world.settings().disk);
    (!busy.is_empty())
        .then(|| format!("{} {} writing first: a write takes {disk}", listed(&busy), be(&busy)))
}

/// The last statement before an event that said how long a write takes.
pub fn order(case: &Case<'_>, before: EventId) -> Option<Order> {
    orders::last(case, before, |s| matches!(s, Statement::Set(change) if change.name() == "disk"))
}

/// Where one of these nodes is writing: the statement that made that take as long as it does.
pub fn because(case: &Case<'_>, nodes: &[NodeId], before: EventId) -> Option<EventId> {
    nodes.iter().find(|&&n| is_writing(case, n))?;
    order(case, before).map(|order| order.event)
}
