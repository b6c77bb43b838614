//! The outlook of a World: a hash of all that decides what happens from here on.

use super::{Patron, World, hash};
use crate::order;
use crate::protocol::Timer;
use crate::time::Time;
use crate::world::timers::Timers;

impl World {
    /// A hash of all that decides what happens from here on, and of what clients asked and were told
    /// so far, but of nothing that only tells how it came to this: no ids of events and messages, no
    /// counts. Two Worlds of one cluster at the same time with the same outlook have the same future.
    #[must_use]
    pub fn outlook(&self) -> u64 {
        let hosts = self.hosts.iter().map(|host| {
            let busy = host.busy.map(|writing| (writing.upto, writing.due));
            let held = host.held.iter().map(|h| hash::of(&(h.after, h.to, &h.message)));
            let waiting =
                host.waiting.iter().filter_map(|(id, place)| self.flights.at(*place, *id));
            let waiting = waiting.map(|f| hash::of(&(f.from, &f.message)));
            let orders = host.orders.iter().map(|(order, _)| hash::of(order));
            hash::combined([
                hash::of(&(host.id, host.status, &host.machine, &host.disk, host.believed)),
                hash::of(&(host.disk_takes, busy, host.writeback, &host.clock, &host.rng)),
                hash::of(&(set(&host.timers), host.disk_waiting, host.leaving)),
                hash::combined(held),
                hash::combined(waiting),
                hash::combined(orders),
            ])
        });
        let client =
            |patron: &Patron| hash::of(&(&patron.session, set(&patron.timers), &patron.clock));
        let operation = |o: &crate::client::Operation| {
            let end = o.end.as_ref().map(|end| (end.at, &end.outcome));
            hash::of(&(o.client, &o.request, o.via, o.invoked, end))
        };
        hash::combined([
            hash::combined(hosts),
            hash::combined(self.clients.iter().map(client)),
            hash::combined(self.operations.iter().map(operation)),
            self.in_flight(),
            self.front.as_ref().map_or(0, super::Front::outlook),
            hash::of(&(&self.settings, &self.members, &self.links, &self.network_rngs)),
            hash::of(&(self.now, &self.workload)),
        ])
    }

    /// The messages in flight, in the order in which they were sent.
    fn in_flight(&self) -> u64 {
        let mut flights: Vec<_> = self.flights.iter().collect();
        order::by_key(&mut flights, |f| f.id);
        hash::combined(
            flights.iter().map(|f| {
                hash::of(&(f.from, f.to, &f.message, f.arrives, f.doomed.map(|(at, _)| at)))
            }),
        )
    }
}

/// The running timers, in an order of their own.
pub(super) fn set(timers: &Timers) -> Vec<(Timer, Time)> {
    let mut set: Vec<(Timer, Time)> = timers.iter().map(|set| (set.timer, set.due)).collect();
    order::sort(&mut set);
    set
}
