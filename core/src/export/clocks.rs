//! Vector clocks of a trace (Fidge 1988, Mattern 1989), from its causes.
//!
//! Every event of a host increments the host's own entry. An event merges the clocks of its causes:
//! a delivery that of the sending, the effect of a statement that of the statement. Statements are
//! events of a host of their own, the operator. The loss of a message on the way is no event of a
//! host, and nothing follows from it.

use super::is_on_the_way;
use crate::ids::{Addr, EventId};
use crate::trace::{Event, What};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The operator's place among the hosts: behind every [`Addr::dense`].
const OPERATOR: usize = Addr::DENSE;

/// The name of a host: an address, or `operator`.
pub(super) fn name(host: usize) -> String {
    if host == OPERATOR { "operator".to_owned() } else { Addr::at_dense(host).to_string() }
}

/// Number of events of each host that happened before a point, by host, ascending. Hosts without
/// such events are left out.
type Clock = Vec<(u16, u32)>;

/// The clocks of a trace that is read from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Clocks {
    /// The clock of each host's last event.
    hosts: BTreeMap<usize, Rc<Clock>>,
    /// The clocks of messages on the way, by the event of their sending.
    sent: BTreeMap<EventId, Rc<Clock>>,
    /// The operator's tick at each of its statements.
    told: BTreeMap<EventId, u32>,
}

/// An event's host and clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The host: an address's dense number, or the one behind them for the operator.
    pub host: usize,
    clock: Rc<Clock>,
}

impl Stamp {
    /// The clock: hosts, each with the number of its events up to this one, inclusive.
    pub fn clock(&self) -> impl Iterator<Item = (usize, u32)> {
        self.clock.iter().map(|&(host, ticks)| (usize::from(host), ticks))
    }

    /// Whether the other's event happens after this one's, as far as the clocks show.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        let (a, b) = (&*self.clock, &*other.clock);
        let of = |host: u16| b.iter().find(|(h, _)| *h == host).map_or(0, |(_, ticks)| *ticks);
        a != b && a.iter().all(|&(host, ticks)| ticks <= of(host))
    }
}

impl Clocks {
    /// The stamp of the next event. None for an event of no host.
    pub fn stamp(&mut self, id: EventId, event: &Event) -> Option<Stamp> {
        if is_on_the_way(event.what) {
            self.sent.remove(&event.causes.first()?);
            return None;
        }
        let host = host(event.what);
        let mut clock = self.hosts.remove(&host).unwrap_or_default();
        {
            let clock = Rc::make_mut(&mut clock);
            for cause in event.causes.iter() {
                if let Some(&ticks) = self.told.get(&cause) {
                    merge(clock, &[(OPERATOR as u16, ticks)]);
                } else if let Some(sent) = self.sent.get(&cause) {
                    merge(clock, sent);
                }
            }
            tick(clock, host as u16);
        }
        match event.what {
            What::Sent(_) => _ = self.sent.insert(id, Rc::clone(&clock)),
            What::Delivered(_) => {
                for cause in event.causes.iter() {
                    self.sent.remove(&cause);
                }
            }
            What::Commanded(_) => _ = self.told.insert(id, clock[0].1),
            _ => {}
        }
        self.hosts.insert(host, Rc::clone(&clock));
        Some(Stamp { host, clock })
    }
}

/// The host of an event.
fn host(what: What) -> usize {
    let addr: Addr = match what {
        What::Commanded(_) => return OPERATOR,
        What::Sent(p) => p.from,
        What::Delivered(p) | What::Lost(p, _) => p.to,
        What::ClientFired(c, _)
        | What::Prompted(c)
        | What::Invoked(c, _)
        | What::Returned(c, _)
        | What::ClientNoted(c, _) => c.into(),
        What::Started(n)
        | What::Crashed(n)
        | What::Paused(n)
        | What::Resumed(n)
        | What::Wiped(n)
        | What::Torn(n)
        | What::Left(n)
        | What::Fired(n, _)
        | What::Durable(n, _)
        | What::Noted(n, _) => n.into(),
        What::BalancerStarted | What::BalancerFired(_) | What::BalancerNoted(_) => Addr::Balancer,
    };
    addr.dense()
}

fn tick(clock: &mut Clock, host: u16) {
    match clock.binary_search_by_key(&host, |(h, _)| *h) {
        Ok(place) => clock[place].1 += 1,
        Err(place) => clock.insert(place, (host, 1)),
    }
}

fn merge(clock: &mut Clock, other: &[(u16, u32)]) {
    for &(host, ticks) in other {
        match clock.binary_search_by_key(&host, |(h, _)| *h) {
            Ok(place) => clock[place].1 = clock[place].1.max(ticks),
            Err(place) => clock.insert(place, (host, ticks)),
        }
    }
}

#[cfg(test)]
pub(super) fn host_of(what: What) -> usize {
    host(what)
}
