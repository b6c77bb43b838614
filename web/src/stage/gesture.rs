//! A line drawn across the wires: what it cuts, as statements of the language.

use crate::geometry::{Point, line_crosses};
use crate::stage::layout::Plan;
use quorumscope_core::ids::NodeId;
use quorumscope_core::order;

/// A wire of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// One end, the lower id.
    pub a: NodeId,
    /// The other.
    pub b: NodeId,
    /// Whether nothing passes either way.
    pub cut: bool,
}

/// The wires that work and that a drawn line crosses.
#[must_use]
pub fn crossed(line: &[Point], wires: &[Wire], plan: &Plan) -> Vec<Wire> {
    let crosses = |wire: &&Wire| match (plan.place(wire.a.into()), plan.place(wire.b.into())) {
        (Some(a), Some(b)) => !wire.cut && line_crosses(line, a, b),
        _ => false,
    };
    wires.iter().filter(crosses).copied().collect()
}

/// The statements that cut these wires: one `partition` where that splits the cluster, else a `cut`
/// each. Empty when nothing is crossed.
#[must_use]
pub fn statements(nodes: &[NodeId], wires: &[Wire], crossed: &[Wire]) -> Vec<String> {
    if crossed.is_empty() {
        return Vec::new();
    }
    let left = wires.iter().filter(|w| !w.cut && !crossed.contains(w));
    let groups = components(nodes, left.map(|w| (w.a, w.b)));
    let apart = |w: &Wire| groups.iter().all(|g| !(g.contains(&w.a) && g.contains(&w.b)));
    if groups.len() > 1 && crossed.iter().all(apart) {
        return vec![partition(&groups)];
    }
    crossed.iter().map(|w| format!("cut {}-{}", w.a, w.b)).collect()
}

fn partition(groups: &[Vec<NodeId>]) -> String {
    let words = |g: &Vec<NodeId>| g.iter().map(NodeId::to_string).collect::<Vec<_>>().join(" ");
    format!("partition {}", groups.iter().map(words).collect::<Vec<_>>().join(" | "))
}

/// The connected parts of a graph, each sorted, in the order of their least nodes.
#[must_use]
pub fn components(
    nodes: &[NodeId],
    edges: impl Iterator<Item = (NodeId, NodeId)>,
) -> Vec<Vec<NodeId>> {
    let mut groups: Vec<Vec<NodeId>> = nodes.iter().map(|&n| vec![n]).collect();
    for (a, b) in edges {
        let of = |n| groups.iter().position(|g| g.contains(&n));
        if let (Some(x), Some(y)) = (of(a), of(b))
            && x != y
        {
            let moved = groups.swap_remove(x.max(y));
            groups[x.min(y)].extend(moved);
        }
    }
    for group in &mut groups {
        order::by(group, NodeId::cmp);
    }
    order::by(&mut groups, Vec::cmp);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mesh(n: u16) -> (Vec<NodeId>, Vec<Wire>) {
        let nodes: Vec<_> = (1..=n).map(NodeId).collect();
        let pairs = nodes.iter().flat_map(|&a| nodes.iter().map(move |&b| (a, b)));
        let wires = pairs.filter(|(a, b)| a < b).map(|(a, b)| Wire { a, b, cut: false }).collect();
        (nodes, wires)
    }

    fn between(wires: &[Wire], left: &[u16]) -> Vec<Wire> {
        let is_left = |n: NodeId| left.contains(&n.0);
        wires.iter().filter(|w| is_left(w.a) != is_left(w.b)).copied().collect()
    }

    #[test]
    fn a_line_that_separates_is_a_partition() {
        let (nodes, wires) = mesh(5);
        let cut = statements(&nodes, &wires, &between(&wires, &[1, 2]));
        assert_eq!(cut, ["partition n1 n2 | n3 n4 n5"]);
    }

    #[test]
    fn a_line_that_does_not_separate_cuts_each_wire() {
        let (nodes, wires) = mesh(3);
        assert_eq!(statements(&nodes, &wires, &wires[..1]), ["cut n1-n2"]);
        assert_eq!(statements(&nodes, &wires, &[]), Vec::<String>::new());
    }

    #[test]
    fn what_was_cut_before_counts() {
        let (nodes, mut wires) = mesh(3);
        wires[0].cut = true;
        let now = statements(&nodes, &wires, &wires[1..2]);
        assert_eq!(now, ["partition n1 | n2 n3"]);
    }

    #[test]
    fn a_second_line_splits_further() {
        let (nodes, mut wires) = mesh(5);
        for w in &mut wires {
            w.cut = (w.a.0 <= 2) != (w.b.0 <= 2);
        }
        let more: Vec<_> = wires.iter().filter(|w| !w.cut && w.b == NodeId(5)).copied().collect();
        assert_eq!(statements(&nodes, &wires, &more), ["partition n1 n2 | n3 n4 | n5"]);
    }
}
