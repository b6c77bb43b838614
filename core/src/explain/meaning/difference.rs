//! Replicas that hold different values.

use super::super::claim::Claim;
use crate::ids::NodeId;
use crate::sorted::SortedMap;
use crate::store::Word;
use crate::time::Span;
use crate::world::{Status, World};

/// A key with different values at running replicas, or, where all should hold it, with no value at
/// some.
pub fn difference(world: &World, all_hold: bool) -> Option<Claim> {
    let mut held: SortedMap<Word, Vec<(NodeId, Word)>> = SortedMap::new();
    let mut up: Vec<NodeId> = Vec::new();
    for host in world.nodes().filter(|h| h.status() == Status::Up) {
        up.push(host.id());
        let data = host.machine().map(|m| m.view(0).data).unwrap_or_default();
        for (key, value) in data {
            held.or_default(key).push((host.id(), value));
        }
    }
    let differs = |holders: &[(NodeId, Word)]| {
        (all_hold && holders.len() < up.len())
            || holders.windows(2).any(|pair| pair[0].1 != pair[1].1)
    };
    let is_news = |key: &Word| world.workload().is_some() && is_being_written(world, key);
    let (key, holders) = held.iter().find(|(key, holders)| differs(holders) && !is_news(key))?;
    let mut sides: Vec<(Word, Vec<NodeId>)> = Vec::new();
    for (node, value) in holders {
        match sides.iter_mut().find(|(v, _)| v == value) {
            Some((_, nodes)) => nodes.push(*node),
            None => sides.push((value.clone(), vec![*node])),
        }
    }
    let holds = |n: &NodeId| holders.iter().any(|(m, _)| m == n);
    let without: Vec<NodeId> = up.into_iter().filter(|n| all_hold && !holds(n)).collect();
    Some(Claim::Holds(key.clone(), sides, without))
}

/// Time during which a write is assumed to be on its way to all replicas.
const SPREADS: Span = Span::from_ms(200);

/// Whether a write of a key began just now. While a workload runs, copies differ all the time, for
/// moments too short to read about.
fn is_being_written(world: &World, key: &Word) -> bool {
    let (all, since) = (world.operations(), world.now() - SPREADS);
    let back = (0..all.len()).rev().filter_map(|place| all.get(place));
    let mut recent = back.take_while(|op| op.invoked >= since);
    recent.any(|op| op.request.key == *key && op.request.op.writes())
}
