//! Pending removals: a node that must leave has not left, since its removal is not committed.

use super::case::Case;
use super::node::raft;
use crate::explain::words::listed;
use crate::ids::NodeId;
use crate::world::Status;

/// The reasons why a node that must leave a Raft cluster is still in it, each as a clause.
pub fn told(case: &Case<'_>, n: NodeId) -> Option<String> {
    let world = case.scene.world;
    let leaves = world.members().binary_search(&n).is_err();
    let runs = world.node(n).is_some_and(|h| h.status() == Status::Up);
    let server = raft(case, n).filter(|_| leaves && runs)?;
    let configuration = server.members().configuration();
    if !configuration.is_voter(n) {
        let at = server.uncommitted_members().filter(|_| server.has_say())?;
        return Some(format!(
            "the removal of {n}, entry {at}, is not committed: until then {n} votes and stands for election"
        ));
    }
    Some(match configuration.transition() {
        Some(_) => {
            format!("the removal of {n} is not committed: both sets of members still decide")
        }
        None => {
            format!("{n} shall leave, and its log does not say so yet: it is a voter until then")
        }
    })
}

/// The same for all running nodes that must leave, for a cluster without a leader.
pub fn pending(case: &Case<'_>) -> Option<String> {
    let nodes = case.scene.world.nodes().map(crate::world::Host::id);
    let pending: Vec<NodeId> = nodes.filter(|&n| told(case, n).is_some()).collect();
    (!pending.is_empty()).then(|| {
        let verb = if pending.len() == 1 { "votes" } else { "vote" };
        format!(
            "the removal of {} is not committed: until then {} {verb} and may be elected",
            listed(&pending),
            if pending.len() == 1 { "it" } else { "they" }
        )
    })
}
