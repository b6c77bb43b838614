//! The nodes to which a key belongs.
//!
//! The hashes of keys form a circle, cut into as many equal ranges as there are nodes; range `i`
//! belongs to the node at place `i` and to the `n - 1` nodes clockwise from it: its preference list
//! (DeCandia et al., *Dynamo*, 2007, sections 4.2 and 4.3). The nodes behind them, further
//! clockwise, stand in for them when the quorum is sloppy.
//!
//! Equal ranges, Dynamo's third strategy (section 6.2), make Merkle trees cheap: a tree belongs to
//! a range permanently. The preset `ring` shows the first strategy, places drawn by hash.

use crate::hash_ring::position;
use crate::ids::NodeId;
use crate::settings::Settings;
use serde::Serialize;

/// One of the equal ranges of hashes, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RangeId(pub u16);

/// The place of a key on the circle: a range, and the offset in it, in parts of 2^64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The range.
    pub range: RangeId,
    /// The offset in the range.
    pub within: u64,
}

/// The assignment of ranges and keys to nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Placement {
    nodes: u16,
    n: u16,
}

impl Placement {
    /// The placement of the settings. Joining and leaving never move keys here.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self { nodes: settings.nodes, n: settings.quorum.n.clamp(1, settings.nodes) }
    }

    /// The place of a key.
    #[must_use]
    pub fn spot(self, key: &str) -> Spot {
        let wide = u128::from(position(key.as_bytes())) * u128::from(self.nodes);
        Spot { range: RangeId((wide >> 64) as u16), within: wide as u64 }
    }

    /// The preference list of a range, and behind it all other nodes in the order in which they
    /// stand in.
    pub fn walk(self, range: RangeId) -> impl Iterator<Item = NodeId> {
        (0..self.nodes).map(move |step| self.at(range, step))
    }

    /// The nodes to which a range belongs.
    pub fn homes(self, range: RangeId) -> impl Iterator<Item = NodeId> {
        self.walk(range).take(usize::from(self.n))
    }

    /// The node after `step` others in the walk of a range.
    #[must_use]
    pub fn nth(self, range: RangeId, step: u16) -> Option<NodeId> {
        (step < self.nodes).then(|| self.at(range, step))
    }

    fn at(self, range: RangeId, step: u16) -> NodeId {
        NodeId::at(usize::from((range.0 + step) % self.nodes))
    }

    /// Whether a range belongs to a node.
    #[must_use]
    pub fn is_home(self, node: NodeId, range: RangeId) -> bool {
        let place = node.index() as u16;
        (place + self.nodes - range.0) % self.nodes < self.n
    }

    /// The ranges that belong to both of two nodes, in their order.
    pub fn shared(self, a: NodeId, b: NodeId) -> impl Iterator<Item = RangeId> {
        let ranges = (0..self.nodes).map(RangeId);
        ranges.filter(move |&r| self.is_home(a, r) && self.is_home(b, r))
    }

    /// The nodes with which a node shares ranges, clockwise from it.
    pub fn partners(self, node: NodeId) -> impl Iterator<Item = NodeId> {
        let (nodes, n) = (self.nodes, self.n);
        let near = move |step: u16| step < n || nodes - step < n;
        let place = node.index() as u16;
        let steps = (1..nodes).filter(move |&step| near(step));
        steps.map(move |step| NodeId::at(usize::from((place + step) % nodes)))
    }

    /// Number of nodes on which a key lives.
    #[must_use]
    pub fn n(self) -> u16 {
        self.n
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Preset;

    fn placement(nodes: u16, n: u16) -> Placement {
        let mut settings = Settings::sized(Preset::Quorum, nodes);
        settings.quorum.n = n;
        Placement::of(&settings)
    }

    #[test]
    fn every_key_has_n_homes_next_to_each_other() {
        let p = placement(5, 3);
        let homes = |range| p.homes(RangeId(range)).map(|n| n.0).collect::<Vec<_>>();
        assert_eq!(homes(0), [1, 2, 3]);
        assert_eq!(homes(4), [5, 1, 2]);
        let walk: Vec<_> = p.walk(RangeId(3)).map(|n| n.0).collect();
        assert_eq!(walk, [4, 5, 1, 2, 3]);
    }

    #[test]
    fn homes_ranges_and_partners_agree() {
        for (nodes, n) in (1..8).flat_map(|nodes| (1..=nodes).map(move |n| (nodes, n))) {
            let p = placement(nodes, n);
            let everyone = || (0..usize::from(nodes)).map(NodeId::at);
            for range in (0..nodes).map(RangeId) {
                let homes: Vec<_> = p.homes(range).collect();
                for node in everyone() {
                    assert_eq!(p.is_home(node, range), homes.contains(&node));
                }
            }
            for a in everyone() {
                let partners: Vec<_> = p.partners(a).collect();
                for b in everyone().filter(|&b| b != a) {
                    assert_eq!(p.shared(a, b).count() > 0, partners.contains(&b), "{nodes} {n}");
                }
            }
        }
    }

    #[test]
    fn keys_spread_over_the_ranges() {
        let p = placement(5, 3);
        let mut counts = [0; 5];
        for i in 0..1_000 {
            counts[usize::from(p.spot(&format!("k{i}")).range.0)] += 1;
        }
        assert!(counts.iter().all(|&c| (150..250).contains(&c)), "{counts:?}");
        let near = ["x", "y", "z"].map(|k| p.spot(k).range.0);
        assert_eq!(near, near.map(|r| r % 5));
    }
}
