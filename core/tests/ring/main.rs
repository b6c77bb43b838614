//! The sharded store: its guarantees, under random faults, and their limits, in scripts.

#[path = "../audit/mod.rs"]
mod audit;
#[path = "../seeds/mod.rs"]
mod seeds;

mod chaos;
mod flaws;
mod members;
mod recovery;

use quorumscope_core::ids::{ClientId, NodeId};
use quorumscope_core::protocol::Outcome;
use quorumscope_core::run::Run;
use quorumscope_core::script;
use quorumscope_core::store::Op;
use quorumscope_core::world::World;
use std::collections::{BTreeMap, BTreeSet};

/// The answers that a node would give from its own state; None when it is down.
fn data(world: &World, node: NodeId) -> Option<BTreeMap<String, String>> {
    let view = world.node(node)?.machine()?.view(0);
    Some(view.data.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect())
}

/// The answers to clients, in the order of invocation: `c1 get x: 1`.
fn told(world: &World) -> String {
    let lines = world.operations().iter().map(|operation| {
        let outcome = operation.end.as_ref().map_or("is open".into(), |end| shown(&end.outcome));
        format!("{} {}: {outcome}\n", operation.client, operation.request)
    });
    lines.collect()
}

fn shown(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Ok(answer) => {
            quorumscope_core::protocol::ReplyBody::Answer(answer.clone()).to_string()
        }
        other => format!("{other:?}").to_lowercase(),
    }
}

/// An acknowledged write that the owners of the keys have lost, where every write is a `set` of a
/// distinct value: the owner's value was written, and acknowledged, before the lost write was
/// invoked.
fn lost_write(world: &World) -> Option<String> {
    let ring = quorumscope_core::hash_ring::HashRing::new(
        world.members().iter().copied(),
        world.settings().ring.vnodes,
    );
    world.operations().iter().find_map(|write| {
        let Op::Set(_) = write.request.op else { return None };
        let Some(Outcome::Ok(_)) = write.end.as_ref().map(|e| &e.outcome) else { return None };
        let key = &write.request.key;
        let owner = ring.owner(key)?;
        let held = data(world, owner)?.remove(&**key);
        let last = world.operations().iter().find(|o| {
            o.request.key == *key
                && matches!(&o.request.op, Op::Set(v) if Some(&**v) == held.as_deref())
        });
        let is_older = last.is_none_or(|last| {
            let acknowledged =
                last.end.as_ref().filter(|end| matches!(end.outcome, Outcome::Ok(_)));
            acknowledged.is_some_and(|end| end.at < write.invoked)
        });
        is_older.then(|| {
            format!("{} of {} is lost: {owner} holds {held:?}", write.request, write.client)
        })
    })
}

/// A text to paste for a replay.
fn replay(run: &Run) -> String {
    format!("this script replays it:\n{}", script::print(run))
}

fn clients() -> impl Iterator<Item = ClientId> {
    (1..=3).map(ClientId)
}

fn nodes(run: &Run) -> BTreeSet<NodeId> {
    (1..=run.clusters[0].settings.nodes).map(NodeId).collect()
}
