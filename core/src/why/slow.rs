//! Slow disks: the nodes that are writing, and the statement that made that slow.

use super::case::Case;
use super::orders::{self, Order};
use crate::explain::words::{be, length, listed};
use crate::ids::{EventId, NodeId};
use crate::run::Statement;
use crate::time::Span;
use crate::world::Status;

/// Whether a write of a node is not on its disk yet.
pub fn is_writing(case: &Case<'_>, n: NodeId) -> bool {
    let up = case.scene.world.node(n).filter(|h| h.status() == Status::Up);
    up.is_some_and(|h| h.disk().durable() < h.disk().written())
}

/// Whether a message of a node waits for its disk.
pub fn holds_back(case: &Case<'_>, n: NodeId) -> bool {
    let up = case.scene.world.node(n).filter(|h| h.status() == Status::Up);
    up.is_some_and(|h| h.held() > 0)
}

/// The clause that these nodes write first, if any of them does.
pub fn told(case: &Case<'_>, nodes: &[NodeId]) -> Option<String> {
    let busy: Vec<NodeId> = nodes.iter().copied().filter(|&n| is_writing(case, n)).collect();
    let (least, most) =
        (busy.iter().map(|&n| takes(case, n)).min()?, busy.iter().map(|&n| takes(case, n)).max()?);
    let up_to = if least == most { "" } else { "up to " };
    let (who, are, most) = (listed(&busy), be(&busy), length(most));
    Some(format!("{who} {are} writing first: a write takes {up_to}{most}"))
}

/// The duration of a write on the disk of a node.
fn takes(case: &Case<'_>, n: NodeId) -> Span {
    let world = case.scene.world;
    world.node(n).map_or(Span::ZERO, |host| host.disk_time(world.settings()))
}

/// The last statement before an event that set the duration of a write on a node's disk.
fn order(case: &Case<'_>, n: NodeId, before: EventId) -> Option<Order> {
    let own = orders::last(case, before, |s| matches!(s, Statement::Disk(m, _) if *m == n));
    let is_own =
        orders::last(case, before, |s| matches!(s, Statement::Disk(m, Some(_)) if *m == n));
    let is_own = own.zip(is_own).is_some_and(|(last, set)| last.event == set.event);
    own.filter(|_| is_own).or_else(|| {
        orders::last(
            case,
            before,
            |s| matches!(s, Statement::Set(change) if change.name() == "disk"),
        )
    })
}

/// Where some of these nodes are writing: the statement that set the duration of a write on the
/// slowest of their disks.
pub fn because(case: &Case<'_>, nodes: &[NodeId], before: EventId) -> Option<EventId> {
    let busy = nodes.iter().copied().filter(|&n| is_writing(case, n));
    let slowest = busy.max_by_key(|&n| (takes(case, n), std::cmp::Reverse(n)))?;
    order(case, slowest, before).map(|order| order.event)
}
