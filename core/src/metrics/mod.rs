//! A cluster's health, for the health dashboard.
//!
//! All figures are derived from a World and its trace at the playhead, over a window of virtual
//! time that ends there. So they rewind with it, and count only events that happened.

mod series;

pub use series::{Bin, Series};

use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::{Role, Term};
use crate::time::{Span, Time};
use crate::trace::{Trace, What};
use crate::world::{Host, Status, World};

/// The default window of a dashboard.
pub const WINDOW: Span = Span::from_ms(10_000);

/// A cluster's health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The health of each node.
    pub nodes: Vec<NodeHealth>,
    /// The experience of clients in the window.
    pub clients: ClientHealth,
}

/// One node's health, as seen by an observer who sees everything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeHealth {
    /// The node.
    pub id: NodeId,
    /// Its status.
    pub status: Status,
    /// The beginning of that status.
    pub since: Time,
    /// Its role and term; None when it is down.
    pub role: Option<(Role, Option<Term>)>,
    /// Receiver and arrival time of the last of its messages that arrived at another node within
    /// the window.
    pub last_heard: Option<(NodeId, Time)>,
    /// Number of entries by which its log is behind the longest of the running nodes; None without
    /// logs.
    pub lag: Option<u32>,
    /// Number of records on its disk behind the checkpoint.
    pub records: usize,
    /// Number of writes that are not durable yet.
    pub volatile: u64,
}

/// The experience of clients in a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientHealth {
    /// Operations that were answered.
    pub answered: u32,
    /// Operations that failed or whose outcome is unknown.
    pub failed: u32,
    /// Operations that are open now.
    pub open: u32,
    /// Open operations that have waited for longer than a client's `timeout`.
    pub overdue: u32,
    /// Median latency of the answered operations.
    pub p50: Option<Span>,
    /// 99th percentile of their latencies.
    pub p99: Option<Span>,
    /// Messages sent by all.
    pub messages: u32,
    /// Bytes of these messages.
    pub bytes: u64,
    /// Length of the window: shorter than asked for at the beginning of a run.
    pub window: Span,
}

impl ClientHealth {
    /// Fraction of the ended and overdue operations that was answered, in per cent, rounded down;
    /// None when there are none. A cluster that lets its clients wait is not available, even if
    /// nothing has failed yet.
    #[must_use]
    pub fn availability_percent(&self) -> Option<u32> {
        (100 * self.answered).checked_div(self.answered + self.failed + self.overdue)
    }

    /// Answered operations per thousand seconds.
    #[must_use]
    pub fn rate_mhz(&self) -> u64 {
        let per_us = u64::from(self.answered) * 1_000_000_000;
        per_us.checked_div(self.window.as_us()).unwrap_or(0)
    }

    /// Messages per answered operation, in hundredths; None when none was answered.
    #[must_use]
    pub fn messages_per_operation_x100(&self) -> Option<u32> {
        (self.messages * 100).checked_div(self.answered)
    }

    /// Bytes per answered operation; None when none was answered.
    #[must_use]
    pub fn bytes_per_operation(&self) -> Option<u64> {
        self.bytes.checked_div(u64::from(self.answered))
    }
}

/// A cluster's health at the playhead, over a window that ends there.
#[must_use]
pub fn health(world: &World, trace: &Trace, window: Span) -> Health {
    let from = world.now() - window;
    let heard = last_heard(world, trace, from);
    let longest = world.nodes().filter_map(last_index).max();
    let nodes = world.nodes().zip(heard).map(|(host, heard)| NodeHealth {
        id: host.id(),
        status: host.status(),
        since: host.since(),
        role: host.machine().map(|m| m.sign()).map(|s| (s.role, s.term)),
        last_heard: heard,
        lag: last_index(host).and_then(|own| longest.map(|l| l - own)),
        records: host.disk().log_len(),
        volatile: host.disk().written().0 - host.disk().durable().0,
    });
    Health { nodes: nodes.collect(), clients: client_health(world, trace, from) }
}

/// The last index of a node's log; None when it is down, or its protocol has none.
fn last_index(host: &Host) -> Option<u32> {
    let log = host.machine()?.view(1).log?;
    Some(log.last().map_or(0, |cell| cell.index.0))
}

/// Events before the playhead and after `from`, last first.
fn recent<'a>(
    world: &World,
    trace: &'a Trace,
    from: Time,
) -> impl Iterator<Item = &'a crate::trace::Event> {
    let events = trace.iter_back(EventId(world.events())).map(|(_, event)| event);
    events.take_while(move |event| event.at >= from)
}

fn last_heard(world: &World, trace: &Trace, from: Time) -> Vec<Option<(NodeId, Time)>> {
    let mut heard = vec![None; world.nodes().count()];
    let mut missing = heard.len();
    for event in recent(world, trace, from) {
        let What::Delivered(passage) = event.what else { continue };
        let (Some(sender), Some(receiver)) = (passage.from.node(), passage.to.node()) else {
            continue;
        };
        let entry = &mut heard[sender.index()];
        if entry.is_none() {
            *entry = Some((receiver, event.at));
            missing -= 1;
            if missing == 0 {
                break;
            }
        }
    }
    heard
}

fn client_health(world: &World, trace: &Trace, from: Time) -> ClientHealth {
    let mut health = ClientHealth { window: world.now().since(from), ..ClientHealth::default() };
    for operation in world.clients().filter_map(|c| world.operation(c.open()?)) {
        health.open += 1;
        let waited = world.now().since(operation.invoked);
        health.overdue += u32::from(waited > world.settings().timeout);
    }
    let mut took = Vec::new();
    for event in recent(world, trace, from) {
        match event.what {
            What::Sent(passage) => {
                health.messages += 1;
                health.bytes += u64::from(passage.bytes);
            }
            What::Returned(_, id) => {
                let operation = world.operation(id).expect("it was asked");
                match operation.took() {
                    Some(span) => took.push(span),
                    None => health.failed += 1,
                }
            }
            _ => {}
        }
    }
    health.answered = took.len() as u32;
    order::sort(&mut took);
    health.p50 = quantile(&took, 50);
    health.p99 = quantile(&took, 99);
    health
}

/// The smallest value that at least `percent` per cent of the sorted values do not exceed (nearest
/// rank).
fn quantile(sorted: &[Span], percent: usize) -> Option<Span> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_nearest_rank() {
        let spans: Vec<_> = (1..=200).map(Span::from_ms).collect();
        assert_eq!(quantile(&spans, 50), Some(Span::from_ms(100)));
        assert_eq!(quantile(&spans, 99), Some(Span::from_ms(198)));
        assert_eq!(quantile(&spans[..1], 99), Some(Span::from_ms(1)));
        assert_eq!(quantile(&[], 50), None);
    }

    #[test]
    fn availability_needs_something_that_ended() {
        let mut clients = ClientHealth::default();
        assert_eq!(clients.availability_percent(), None);
        clients.answered = 2;
        clients.failed = 1;
        assert_eq!(clients.availability_percent(), Some(66));
        clients.overdue = 1;
        assert_eq!(clients.availability_percent(), Some(50));
        assert_eq!(clients.rate_mhz(), 0);
        clients.window = Span::from_ms(4_000);
        assert_eq!(clients.rate_mhz(), 500);
    }
}
