//! The configurator: the one node that decides the members of the chain ("master" in van Renesse
//! and Schneider 2004, section 3.3, which assumes a group that never fails; here it is one node).

use super::super::{Cx, Fact, Record as Any, Timer};
use super::config::{Config, Member};
use super::message::Message;
use super::record::Record;
use super::settings::{APPENDED, SPLICED};
use crate::ids::NodeId;
use crate::sorted::{SortedMap, SortedSet};
use crate::time::Time;
use serde::Serialize;
use std::sync::Arc;

/// The state of the configurator.
///
/// Invariant: a version is durable before any node learns of it.
/// Invariant: the last member that is known to have every committed write is never spliced out.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Configurator {
    config: Option<Arc<Config>>,
    /// The last time at which each node was heard, by the configurator's own clock.
    heard: SortedMap<NodeId, Time>,
    /// Members that reported to have every committed write.
    complete: SortedSet<NodeId>,
    /// Nodes that were appended and have not yet confirmed it.
    pending: SortedSet<NodeId>,
}

impl Configurator {
    /// A configurator with the chain from its disk.
    pub fn boot(config: Option<Arc<Config>>) -> Self {
        let (heard, complete) = (SortedMap::default(), SortedSet::default());
        Self { config, heard, complete, pending: SortedSet::default() }
    }

    pub fn config(&self) -> Option<&Arc<Config>> {
        self.config.as_ref()
    }

    /// Starts watching. No node is suspected before a whole time-out has passed: leases that were
    /// granted before a crash have run out by then.
    pub fn start(&mut self, cx: &mut Cx<'_>) {
        let members = self.config.iter().flat_map(|c| &c.chain).map(|m| m.node);
        self.heard = members.map(|node| (node, cx.clock)).collect();
        cx.set_timer(Timer::Failure, cx.settings.heartbeat);
    }

    /// Handles a report of a node.
    pub fn reported(
        &mut self,
        from: NodeId,
        theirs: Option<Arc<Config>>,
        (since, complete): (u32, bool),
        sent: Time,
        cx: &mut Cx<'_>,
    ) {
        self.heard.insert(from, cx.clock);
        let known = theirs.as_ref().map_or(0, |c| c.version);
        if self.config.is_none() {
            // Its own disk was emptied: it takes the chain from its members.
            self.config = theirs;
            self.start(cx);
        }
        let Some(config) = self.config.clone() else { return };
        let is_member = config.since(from) == Some(since);
        if is_member {
            self.pending.remove(&from);
        }
        if is_member && complete {
            self.complete.insert(from);
        } else {
            self.complete.remove(&from);
        }
        // A report that was long on its way may tell of data that the node has replaced since. One that
        // knows the latest version was sent after that version decided who belongs to the chain.
        let is_up_to_date = known == self.version();
        if !is_member && is_up_to_date && !self.pending.contains(&from) {
            self.take_in(from, cx);
        }
        let Some(config) = self.config.clone() else { return };
        cx.send(from, super::super::Message::Chain(Message::Grant { sent, config }));
    }

    /// Appends a node without the data of a member: it was spliced out, or its disk was emptied. It
    /// joins behind the tail, with no data. Where no other member has every committed write it has
    /// to wait, unless no other member is left.
    fn take_in(&mut self, from: NodeId, cx: &mut Cx<'_>) {
        let members = self.config.iter().flat_map(|c| &c.chain);
        let mut chain: Vec<Member> = members.filter(|m| m.node != from).copied().collect();
        if !chain.is_empty() && !self.has_complete(&chain) {
            return;
        }
        chain.push(Member { node: from, since: self.version() + 1 });
        self.pending.insert(from);
        self.decide(chain, cx);
        cx.note(Fact::own(APPENDED, Some(from), 0));
    }

    fn has_complete(&self, members: &[Member]) -> bool {
        members.iter().any(|m| self.complete.contains(&m.node))
    }

    fn version(&self) -> u32 {
        self.config.as_ref().map_or(0, |c| c.version)
    }

    fn decide(&mut self, chain: Vec<Member>, cx: &mut Cx<'_>) {
        let config = Arc::new(Config { version: self.version() + 1, chain });
        cx.write(Any::Chain(Record::Config(Arc::clone(&config))));
        self.config = Some(config);
    }

    /// Splices out every member that has been silent for too long, as long as one remains that has
    /// every committed write.
    pub fn check(&mut self, cx: &mut Cx<'_>) {
        cx.set_timer(Timer::Failure, cx.settings.heartbeat);
        let Some(config) = self.config.clone() else { return };
        for member in &config.chain {
            if !self.is_silent(member.node, cx) {
                continue;
            }
            let now = self.config.iter().flat_map(|c| &c.chain);
            let rest: Vec<Member> = now.filter(|m| m.node != member.node).copied().collect();
            if self.has_complete(&rest) {
                self.complete.remove(&member.node);
                self.decide(rest, cx);
                cx.note(Fact::own(SPLICED, Some(member.node), 0));
            }
        }
    }

    fn is_silent(&self, node: NodeId, cx: &Cx<'_>) -> bool {
        let heard = self.heard.get(&node).copied().unwrap_or_default();
        cx.clock.since(heard) > cx.settings.chain.timeout
    }
}
