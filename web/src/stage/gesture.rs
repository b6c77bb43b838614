//! Translates a line drawn across wires into statements of the language.
//!
//! A line that separates nodes is a partition. Clients and the balancer belong to the part that
//! they still reach. All links count for that, even links without a visible wire; otherwise a
//! client that was separated from a part could go on with it through another of its nodes. Every
//! other wire that the line crosses is cut by a statement of its own.

use crate::geometry::{Point, line_crosses};
use crate::stage::layout::Plan;
use quorumscope_core::ids::{Addr, NodeId};
use quorumscope_core::order;

/// A link between two addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// One end: the node with the lower id, or the client, or the balancer.
    pub a: Addr,
    /// The other end.
    pub b: Addr,
    /// True if no message passes in either direction.
    pub cut: bool,
    /// True if the wire is visible.
    pub drawn: bool,
}

impl Wire {
    /// Both ends, if both are nodes.
    #[must_use]
    pub fn nodes(&self) -> Option<(NodeId, NodeId)> {
        self.a.node().zip(self.b.node())
    }

    /// The other end, if `end` is one of the two.
    fn from(&self, end: Addr) -> Option<Addr> {
        match (self.a == end, self.b == end) {
            (true, _) => Some(self.b),
            (_, true) => Some(self.a),
            _ => None,
        }
    }
}

/// The working links that a drawn line crosses.
#[must_use]
pub fn crossed(line: &[Point], wires: &[Wire], plan: &Plan) -> Vec<Wire> {
    let crosses = |wire: &&Wire| match (plan.place(wire.a), plan.place(wire.b)) {
        (Some(a), Some(b)) => !wire.cut && line_crosses(line, a, b),
        _ => false,
    };
    wires.iter().filter(crosses).copied().collect()
}

/// The statements that cut these wires: one `partition` if that splits the cluster or cuts a client
/// off, and one `cut` for each wire that remains. Empty if the line crosses nothing.
#[must_use]
pub fn statements(nodes: &[NodeId], wires: &[Wire], crossed: &[Wire]) -> Vec<String> {
    let left: Vec<Wire> =
        wires.iter().filter(|w| !w.cut && !crossed.contains(w)).copied().collect();
    let groups = groups(nodes, &left, crossed);
    let parted = |w: &Wire| {
        let of = |end: Addr| groups.iter().position(|g| g.contains(&end));
        of(w.a).zip(of(w.b)).is_some_and(|(a, b)| a != b)
    };
    let mut statements = Vec::new();
    if groups.len() > 1 {
        statements.push(partition(&groups));
    }
    let rest = crossed.iter().filter(|w| w.drawn && !parted(w));
    statements.extend(rest.map(|w| format!("cut {}-{}", w.a, w.b)));
    statements
}

/// The groups of the partition that a line makes. Fewer than two mean that there is no partition.
fn groups(nodes: &[NodeId], left: &[Wire], crossed: &[Wire]) -> Vec<Vec<Addr>> {
    let parts = components(nodes, left.iter().filter_map(Wire::nodes));
    let of = |n: NodeId| parts.iter().position(|part| part.contains(&n));
    let mut between = crossed.iter().filter_map(Wire::nodes).peekable();
    let splits = between.peek().is_some() && between.all(|(a, b)| of(a) != of(b));
    let parts = if splits { parts } else { vec![nodes.to_vec()] };
    let mut groups: Vec<Vec<Addr>> =
        parts.iter().map(|part| part.iter().map(|&n| n.into()).collect()).collect();
    let guests = guests(left.iter().chain(crossed));
    let among = left.iter().map(|w| (w.a, w.b));
    let clans = components(&guests, among.filter(|(_, b)| b.node().is_none()));
    let ends = |guest: Addr| left.iter().filter_map(move |w| w.from(guest));
    let is_off = |clan: &Vec<Addr>| !clan.iter().any(|&g| ends(g).any(|end| end.node().is_some()));
    let (off, here): (Vec<_>, Vec<_>) = clans.into_iter().partition(is_off);
    for guest in guests.into_iter().filter(|g| splits && here.iter().any(|clan| clan.contains(g))) {
        let reaches = |group: &Vec<Addr>| ends(guest).any(|end| group.contains(&end));
        let reached: Vec<usize> = (0..groups.len()).filter(|&i| reaches(&groups[i])).collect();
        if let [only] = reached[..] {
            groups[only].push(guest);
        }
    }
    for group in &mut groups {
        order::by(group, Addr::cmp);
    }
    groups.extend(off);
    groups
}

/// The balancer, if there is one, and the clients whose links work. The balancer comes first, so
/// that clients that reach only the balancer go with it.
fn guests<'a>(wires: impl Iterator<Item = &'a Wire>) -> Vec<Addr> {
    let mut guests: Vec<Addr> =
        wires.flat_map(|w| [w.a, w.b]).filter(|end| end.node().is_none()).collect();
    order::by(&mut guests, |a, b| b.cmp(a));
    guests.dedup();
    guests
}

fn partition(groups: &[Vec<Addr>]) -> String {
    let words = |g: &Vec<Addr>| g.iter().map(Addr::to_string).collect::<Vec<_>>().join(" ");
    format!("partition {}", groups.iter().map(words).collect::<Vec<_>>().join(" | "))
}

/// The connected components of a graph, each sorted, in the order of their least members.
#[must_use]
pub fn components<T: Copy + Ord>(all: &[T], edges: impl Iterator<Item = (T, T)>) -> Vec<Vec<T>> {
    let mut groups: Vec<Vec<T>> = all.iter().map(|&n| vec![n]).collect();
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
        order::by(group, T::cmp);
    }
    order::by(&mut groups, Vec::cmp);
    groups
}

#[cfg(test)]
mod tests {
    use super::*;
    use quorumscope_core::ids::ClientId;

    fn wire(a: impl Into<Addr>, b: impl Into<Addr>) -> Wire {
        Wire { a: a.into(), b: b.into(), cut: false, drawn: true }
    }

    fn mesh(n: u16) -> (Vec<NodeId>, Vec<Wire>) {
        let nodes: Vec<_> = (1..=n).map(NodeId).collect();
        let pairs = nodes.iter().flat_map(|&a| nodes.iter().map(move |&b| (a, b)));
        let wires = pairs.filter(|(a, b)| a < b).map(|(a, b)| wire(a, b)).collect();
        (nodes, wires)
    }

    /// A mesh of `n` nodes, with a client for each entry of `talk`. A client has links to all
    /// nodes; only the link to the node in its entry is drawn.
    fn with_clients(n: u16, talk: &[u16]) -> (Vec<NodeId>, Vec<Wire>) {
        let (nodes, mut wires) = mesh(n);
        for (i, &with) in talk.iter().enumerate() {
            let client = ClientId(i as u16 + 1);
            let link = |&n: &NodeId| Wire { drawn: n.0 == with, ..wire(client, n) };
            wires.extend(nodes.iter().map(link));
        }
        (nodes, wires)
    }

    /// The wires between the given nodes and clients and all others.
    fn between(wires: &[Wire], left: &[u16], clients: &[u16]) -> Vec<Wire> {
        let is_left = |n: Addr| match n {
            Addr::Node(n) => left.contains(&n.0),
            Addr::Client(c) => clients.contains(&c.0),
            Addr::Balancer => false,
        };
        wires.iter().filter(|w| is_left(w.a) != is_left(w.b)).copied().collect()
    }

    #[test]
    fn a_line_that_separates_is_a_partition() {
        let (nodes, wires) = mesh(5);
        let cut = statements(&nodes, &wires, &between(&wires, &[1, 2], &[]));
        assert_eq!(cut, ["partition n1 n2 | n3 n4 n5"]);
    }

    #[test]
    fn clients_are_on_the_side_that_they_still_reach() {
        let (nodes, wires) = with_clients(5, &[3, 3]);
        let cut = statements(&nodes, &wires, &between(&wires, &[1, 5], &[1]));
        assert_eq!(cut, ["partition n1 n5 c1 | n2 n3 n4 c2"]);
    }

    /// The line is too short to separate c1 from a part. The wire that it crosses is cut all the
    /// same.
    #[test]
    fn a_wire_of_a_client_is_cut_alone() {
        let (nodes, wires) = with_clients(3, &[1]);
        let one = wire(ClientId(1), NodeId(1));
        assert_eq!(statements(&nodes, &wires, &[one]), ["cut c1-n1"]);
        let unseen = Wire { drawn: false, ..wire(ClientId(1), NodeId(2)) };
        assert_eq!(statements(&nodes, &wires, &[unseen]), Vec::<String>::new());
        let mut both = between(&wires, &[1], &[]);
        both.retain(|w| w.nodes().is_some());
        both.push(one);
        assert_eq!(statements(&nodes, &wires, &both), ["partition n1 | n2 n3 c1"]);
    }

    #[test]
    fn a_line_around_a_client_cuts_it_off() {
        let (nodes, wires) = with_clients(3, &[1, 2]);
        let cut = statements(&nodes, &wires, &between(&wires, &[], &[2]));
        assert_eq!(cut, ["partition n1 n2 n3 | c2"]);
    }

    #[test]
    fn the_balancer_goes_with_whom_it_reaches() {
        let (nodes, mut wires) = mesh(4);
        wires.extend(nodes.iter().map(|&n| wire(Addr::Balancer, n)));
        wires.push(wire(ClientId(1), Addr::Balancer));
        let cut = statements(&nodes, &wires, &between(&wires, &[1, 2], &[]));
        assert_eq!(cut, ["partition n1 n2 | n3 n4 c1 lb"]);
        let around = between(&wires, &[1, 2, 3, 4], &[]);
        let around: Vec<_> = around.into_iter().filter(|w| w.b.node().is_some()).collect();
        let off = statements(&nodes, &wires, &around);
        assert_eq!(off, ["partition n1 n2 n3 n4 | c1 lb"]);
        let one = [wire(Addr::Balancer, NodeId(2))];
        assert_eq!(statements(&nodes, &wires, &one), ["cut lb-n2"]);
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
        let first = between(&wires, &[1, 2], &[]);
        for w in &mut wires {
            w.cut = first.contains(w);
        }
        let n5 = Addr::from(NodeId(5));
        let more: Vec<_> = wires.iter().filter(|w| !w.cut && w.b == n5).copied().collect();
        assert_eq!(statements(&nodes, &wires, &more), ["partition n1 n2 | n3 n4 | n5"]);
    }
}
