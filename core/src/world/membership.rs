//! Nodes that join and leave while the cluster runs.
//!
//! The operator keeps the list of members. A change is pushed to every running node at once: this
//! configuration does not travel over the cluster's own network. A paused node reads it when it
//! resumes, and a node that is down when it starts again. Each protocol decides how to react.

use super::{Host, Status, World};
use crate::ids::{EventId, MAX_NODES, NodeId};
use crate::protocol::{Input, Order};
use crate::settings::Preset;
use crate::trace::{Causes, What};

impl World {
    /// Adds a node: the next by number, or one that left, with an empty disk.
    pub(super) fn add(&mut self, id: NodeId, event: EventId) {
        let next = NodeId::at(self.hosts.len());
        if id == next && id.0 <= MAX_NODES {
            self.hosts.push(Host::new(id, self.settings.seed, self.now));
        } else if self.hosts.get(id.index()).is_none_or(|h| h.status != Status::Left) {
            return;
        }
        self.hosts[id.index()].disk.wipe();
        self.hosts[id.index()].disk_takes = None;
        self.set_status(id, Status::Crashed);
        let place = self.members.partition_point(|&member| member < id);
        self.members.insert(place, id);
        self.start(id, Causes::one(event));
        self.reconfigure(Order::Add(id), event);
    }

    /// Asks a node to leave: it ends by itself when its duties are done. A node that is down has
    /// left at once, unless its vote may still be needed: then it has left when a leader confirms
    /// the removal.
    pub(super) fn remove(&mut self, id: NodeId, event: EventId) {
        let Ok(place) = self.members.binary_search(&id) else { return };
        self.members.remove(place);
        self.reconfigure(Order::Remove(id), event);
        if self.hosts[id.index()].status == Status::Crashed && self.preset != Preset::Raft {
            self.left(id, event);
        }
    }

    /// Ends nodes that were removed while they were down, when the leader, which has just taken a
    /// step, knows that their removal is committed (Ongaro, dissertation, section 4.1). Until then
    /// such a node may come back, and vote.
    pub(super) fn end_removed(&mut self, leader: NodeId, event: EventId) {
        if self.members.len() == self.hosts.len() {
            return;
        }
        for place in 0..self.hosts.len() {
            let (id, status) = (self.hosts[place].id, self.hosts[place].status);
            let removed = status == Status::Crashed && self.members.binary_search(&id).is_err();
            if removed
                && self.hosts[leader.index()]
                    .machine
                    .as_ref()
                    .is_some_and(|m| m.confirms_removal(id))
            {
                self.left(id, event);
            }
        }
    }

    /// Informs every running node of a change.
    fn reconfigure(&mut self, order: Order, event: EventId) {
        for place in 0..self.hosts.len() {
            let host = &mut self.hosts[place];
            if host.status == Status::Paused {
                host.orders.push((order, event));
            }
            let id = host.id;
            self.order(id, order, event);
        }
        self.dispatch_front(Input::Operator(order), event);
    }

    /// Ends the process of a node that wants to leave, once none of its messages waits for the
    /// disk.
    pub(super) fn leave_if_done(&mut self, id: NodeId, cause: EventId) {
        let host = &self.hosts[id.index()];
        if host.leaving && host.held.is_empty() {
            let waiting = self.hosts[id.index()].lose_memory(self.now);
            assert!(waiting.is_empty(), "it ran until now");
            self.left(id, cause);
        }
    }

    fn left(&mut self, id: NodeId, cause: EventId) {
        self.set_status(id, Status::Left);
        self.record(What::Left(id), Causes::one(cause));
    }
}
