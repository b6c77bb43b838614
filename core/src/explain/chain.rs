//! What the present state means where nodes form a chain.

use super::words::{be, listed};
use crate::ids::NodeId;
use crate::protocol::{Fact, Machine, chain};
use crate::world::{Host, Status, World};

/// The chain as the highest version says that some node knows.
fn newest(world: &World) -> Option<&chain::Config> {
    let known = world.nodes().filter_map(|h| match h.machine()? {
        Machine::Chain(server) => server.config(),
        _ => None,
    });
    known.max_by_key(|config| config.version)
}

/// What the present state means.
pub fn meaning(world: &World) -> String {
    let Some(config) = newest(world) else { return String::new() };
    let is_up = |n: NodeId| world.node(n).is_some_and(|h: &Host| h.status() == Status::Up);
    let office = NodeId(world.settings().chain.configurator);
    let names: Vec<NodeId> = config.chain.iter().map(|m| m.node).collect();
    let away: Vec<NodeId> = names.iter().copied().filter(|&n| !is_up(n)).collect();
    if !is_up(office) {
        return format!(
            "{office} decides who belongs to the chain, and does not run: nobody repairs the chain now."
        );
    }
    if !away.is_empty() {
        let (who, are) = (listed(&away), be(&away));
        return format!(
            "{who} {are} in the chain and {} not run: no write gets through.",
            if away.len() == 1 { "does" } else { "do" }
        );
    }
    match (names.first(), names.last()) {
        (Some(head), Some(tail)) if head != tail => {
            format!(
                "Writes go from {head}, the head, to {tail}, the tail: there they are committed."
            )
        }
        _ => format!("{} is the whole chain: what it has is committed.", listed(&names)),
    }
}

/// Events that are called otherwise where nodes form a chain.
pub fn told(n: NodeId, fact: Fact) -> Option<String> {
    Some(match fact {
        Fact::Appended(index) => format!("{n} takes the write and gives it place {index}."),
        Fact::Replicated(index) => {
            format!("{n} has every write of its predecessor up to {index}.")
        }
        Fact::Committed(index) => format!("{n} knows that write {index} is committed."),
        Fact::Redirected(None) => {
            format!("{n} turns the client away: it knows of nobody else in the chain.")
        }
        _ => return None,
    })
}
