//! The share of the ring that each node owns.

use super::HashRing;
use crate::ids::NodeId;
use crate::rng::Ppm;

/// The fraction of all keys that belongs to a node, if keys are spread evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The node.
    pub node: NodeId,
    /// The part of the circle that it owns, rounded down.
    pub part: Ppm,
}

const CIRCLE: u128 = 1 << 64;

impl HashRing {
    /// Each member's share, by id.
    #[must_use]
    pub fn shares(&self) -> Vec<Share> {
        let part = |node| Ppm((self.arc(node) * 1_000_000 / CIRCLE) as u32);
        self.members().iter().map(|&node| Share { node, part: part(node) }).collect()
    }

    /// The number of positions on the circle that belong to a node.
    fn arc(&self, node: NodeId) -> u128 {
        let places = self.places();
        let behind = places.last().map_or(0, |&(p, _)| u128::from(p));
        let before = std::iter::once(behind).chain(places.iter().map(|&(p, _)| p.into()));
        places
            .iter()
            .zip(before)
            .enumerate()
            .filter(|(_, ((_, owner), _))| *owner == node)
            .map(|(i, (&(at, _), before))| {
                // Only the first place's arc crosses zero.
                let wrapped = if i == 0 { CIRCLE } else { 0 };
                u128::from(at) + wrapped - before
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(nodes: u16, vnodes: u16) -> HashRing {
        HashRing::new((1..=nodes).map(NodeId), vnodes)
    }

    /// The worst of 20 nodes against a fair share, in per cent.
    fn worst_percent(vnodes: u16) -> u32 {
        let shares = ring(20, vnodes).shares();
        shares.iter().map(|s| s.part.0 / 500).max().unwrap_or(0)
    }

    #[test]
    fn the_arcs_make_the_whole_circle() {
        for (nodes, vnodes) in [(1, 1), (1, 8), (2, 1), (5, 8), (20, 3)] {
            let ring = ring(nodes, vnodes);
            let sum: u128 = ring.members().iter().map(|&n| ring.arc(n)).sum();
            assert_eq!(sum, CIRCLE, "{nodes} nodes of {vnodes}");
        }
        assert_eq!(ring(1, 1).shares()[0].part, Ppm::ALWAYS);
    }

    #[test]
    fn shares_are_what_counting_keys_finds() {
        let ring = ring(5, 8);
        let keys: Vec<_> = (0..20_000).map(|i| format!("key-{i}")).collect();
        for Share { node, part } in ring.shares() {
            let owned = keys.iter().filter(|k| ring.owner(k) == Some(node)).count() as u32 * 50;
            assert!(owned.abs_diff(part.0) < 10_000, "{node}: {owned} against {part:?}");
        }
    }

    #[test]
    fn more_virtual_nodes_balance_better() {
        let worst = [1, 8, 64, 256].map(worst_percent);
        assert!(worst.is_sorted_by(|a, b| a > b), "{worst:?}");
        assert!(worst[3] < 125, "{worst:?}");
    }
}
