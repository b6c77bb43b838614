//! The visible state of a node and of the balancer.

use super::super::{NodeView, Role, Sign};
use super::handover::Tally;
use super::{Balancer, Node};
use crate::hash_ring::HashRing;
use crate::ids::{NodeId, ranged};
use crate::rng::Ppm;
use crate::store::{Quoted, Word};
use std::fmt::Write as _;

/// The most keys that are named in one row.
const MOST_KEYS: usize = 12;

impl Node {
    /// All nodes are equal: each is primary of its own keys.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Replica, term: None, leader: None }
    }

    /// The state to show.
    #[must_use]
    pub fn view(&self) -> NodeView {
        let held = self.data.iter().filter_map(|(k, v)| Some((k.clone(), v.value.clone()?)));
        NodeView { sign: self.sign(), data: held.collect(), log: None }
    }

    /// The nodes to which it still has to hand keys over, each with their number.
    pub fn owes(&self) -> impl Iterator<Item = (NodeId, usize)> {
        self.handover.outstanding()
    }

    /// The members for which its data are placed; None when it was never informed.
    #[must_use]
    pub fn placed_for(&self) -> Option<&[NodeId]> {
        self.placed.as_ref().map(HashRing::members)
    }

    /// The later sets of members that were replaced before it had handed over all data.
    pub fn passed_since(&self) -> impl Iterator<Item = &[NodeId]> {
        self.passed.iter().map(HashRing::members)
    }

    /// The nodes that may still have data to hand over to it.
    #[must_use]
    pub fn waits_for(&self) -> &[NodeId] {
        self.settling.as_ref().map_or(&[], |settling| settling.awaited())
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let (own, copies): (Vec<_>, Vec<_>) = self
            .data
            .iter()
            .filter(|(_, v)| v.value.is_some())
            .map(|(k, _)| k)
            .partition(|key| self.ring.owner(key) == Some(self.me));
        let mut rows = vec![
            ("share of the ring", shares(&self.ring, |node| node == self.me)),
            ("owner of", keys(&own)),
            ("copies of", keys(&copies)),
            ("log", self.log_row()),
            ("recovery", self.recovery_row()),
            ("keys handed over", tally(self.handover.sent)),
            ("keys taken over", tally(self.handover.received)),
        ];
        if let Some(settling) = &self.settling {
            rows.push(("waits for", names(settling.awaited())));
        }
        let outstanding = self.handover.outstanding();
        let outstanding: Vec<_> = outstanding.map(|(n, keys)| format!("{keys} to {n}")).collect();
        if !outstanding.is_empty() {
            rows.push(("yet to hand over", outstanding.join(", ")));
        }
        if self.forwarder.pending() > 0 {
            rows.push(("passed on, not answered", self.forwarder.pending().to_string()));
        }
        rows
    }

    fn log_row(&self) -> String {
        let records = count(self.log.records as usize, "record");
        match self.log.saved {
            Some(at) => format!("{records} since the checkpoint at {at}"),
            None => records,
        }
    }

    fn recovery_row(&self) -> String {
        let replayed = count(self.recovered.replayed as usize, "record");
        match self.recovered.saved {
            Some(saved) if saved > 0 || self.recovered.replayed > 0 => {
                format!("checkpoint of {} and {replayed} of the log", count(saved as usize, "key"))
            }
            None if self.recovered.replayed > 0 => format!("{replayed} of the log"),
            _ => "from nothing".to_owned(),
        }
    }
}

impl Balancer {
    /// Its details: names and values, in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        vec![
            ("shares of the ring", shares(self.ring(), |_| true)),
            ("believed down", names(&self.believed_down())),
            ("passed on, not answered", self.pending().to_string()),
        ]
    }
}

/// `n1 21.3 %, n2 18.0 %`.
fn shares(ring: &HashRing, wanted: impl Fn(NodeId) -> bool) -> String {
    let wanted = ring.shares().into_iter().filter(|s| wanted(s.node));
    let rows: Vec<_> = wanted.map(|s| format!("{} {}", s.node, percent(s.part))).collect();
    if rows.is_empty() { "none".to_owned() } else { rows.join(", ") }
}

fn percent(Ppm(part): Ppm) -> String {
    format!("{}.{} %", part / 10_000, part / 1_000 % 10)
}

fn names(nodes: &[NodeId]) -> String {
    if nodes.is_empty() { "none".to_owned() } else { ranged(nodes) }
}

/// `3: x, y, z`.
fn keys(keys: &[&Word]) -> String {
    let mut row = count(keys.len(), "key");
    for (i, key) in keys.iter().take(MOST_KEYS).enumerate() {
        let _ = write!(row, "{} {}", if i == 0 { ":" } else { "," }, Quoted(key));
    }
    if keys.len() > MOST_KEYS {
        row.push_str(", …");
    }
    row
}

fn tally(tally: Tally) -> String {
    format!("{} in {}", tally.keys, count(tally.bytes as usize, "byte"))
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}
