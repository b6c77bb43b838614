//! Reachability: the running nodes, and the pairs that can talk with each other.

use crate::ids::{Addr, NodeId};
use crate::order;
use crate::rng::Ppm;
use crate::world::{Host, Status, World};

/// Whether a message from one to the other can arrive.
pub fn hears(world: &World, to: Addr, from: Addr) -> bool {
    let links = world.links();
    to == from || (!links.is_cut(from, to) && links.behaviour(from, to).loss < Ppm::ALWAYS)
}

/// Whether two can talk with each other.
pub fn can_talk(world: &World, a: Addr, b: Addr) -> bool {
    hears(world, a, b) && hears(world, b, a)
}

/// The nodes of that status that have not left, by id.
pub fn with_status(world: &World, status: Status) -> Vec<NodeId> {
    world.nodes().filter(|h| h.status() == status).map(Host::id).collect()
}

/// Whether a node runs.
pub fn runs(world: &World, node: NodeId) -> bool {
    world.node(node).is_some_and(|h| h.status() == Status::Up)
}

/// The running nodes among those that a node can talk with, itself included.
pub fn reached(world: &World, from: NodeId, among: &[NodeId]) -> Vec<NodeId> {
    let is_reached = |&n: &NodeId| runs(world, n) && can_talk(world, from.into(), n.into());
    among.iter().copied().filter(is_reached).collect()
}

/// The nodes that still belong to the cluster, by id.
pub fn present(world: &World) -> Vec<NodeId> {
    world.nodes().filter(|h| h.status() != Status::Left).map(Host::id).collect()
}

/// The sides of a split network: no node of one can talk with a node of another. One side if the
/// network is whole.
#[must_use]
pub fn sides(world: &World) -> Vec<Vec<NodeId>> {
    let mut sides: Vec<Vec<NodeId>> = Vec::new();
    for node in present(world) {
        let touches = |side: &Vec<NodeId>| {
            side.iter().any(|&n| {
                let (a, b) = (Addr::from(n), Addr::from(node));
                hears(world, a, b) || hears(world, b, a)
            })
        };
        let (near, far): (Vec<_>, Vec<_>) = sides.into_iter().partition(touches);
        let mut side: Vec<NodeId> = near.into_iter().flatten().chain([node]).collect();
        order::sort(&mut side);
        sides = far;
        sides.push(side);
    }
    order::sort(&mut sides);
    sides
}
