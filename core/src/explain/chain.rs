//! The meaning of the present state for chain replication.

use super::claim::Claim;
use super::reach::runs;
use super::serve::Ability;
use super::words::listed;
use crate::ids::NodeId;
use crate::protocol::{Fact, Machine, chain};
use crate::world::World;

/// The chain of the highest version that some node knows.
fn newest(world: &World) -> Option<&chain::Config> {
    let known = world.nodes().filter_map(|h| match h.machine()? {
        Machine::Chain(server) => server.config(),
        _ => None,
    });
    known.max_by_key(|config| config.version)
}

/// The members of the newest version, from head to tail.
fn members(world: &World) -> Vec<NodeId> {
    newest(world).map(|config| config.chain.iter().map(|m| m.node).collect()).unwrap_or_default()
}

/// The meaning of the present state.
pub fn meaning(world: &World) -> Vec<Claim> {
    let members = members(world);
    if members.is_empty() {
        return Vec::new();
    }
    let office = NodeId(world.settings().chain.configurator);
    let away: Vec<NodeId> = members.iter().copied().filter(|&n| !runs(world, n)).collect();
    let mut claims = Vec::new();
    if !away.is_empty() {
        claims.push(Claim::ChainStalls(away));
    }
    if !runs(world, office) {
        claims.push(Claim::NoConfigurator(office));
    }
    if claims.is_empty() {
        claims.push(Claim::Chain(members));
    }
    claims
}

/// The sentence about the form of the chain.
pub fn form(chain: &[NodeId]) -> String {
    match chain {
        [head, .., tail] => {
            format!(
                "Writes go from {head}, the head, to {tail}, the tail: there they are committed."
            )
        }
        _ => format!("{} is the whole chain: what it has is committed.", listed(chain)),
    }
}

/// The abilities of a side of the network, given its running nodes.
pub fn ability(world: &World, up: &[NodeId], who: &str) -> (Ability, String) {
    if members(world).iter().all(|n| up.contains(n)) {
        return (Ability::All, format!("{who}: the whole chain."));
    }
    (Ability::Nothing, format!("{who}: not the whole chain, so no new write gets through here."))
}

/// Facts with other words in a chain.
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
