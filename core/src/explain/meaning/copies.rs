//! The state of systems without a leader in sentences: write to all, peers, the ring.

use super::super::claim::Claim;
use super::super::reach::runs;
use super::away;
use super::difference::difference;
use super::quorum::NEWEST;
use crate::ids::NodeId;
use crate::world::World;

pub fn write_all(world: &World) -> Vec<Claim> {
    if let Some(difference) = difference(world, true) {
        return vec![difference, Claim::General(NEWEST.into())];
    }
    let set = &world.settings().write_all;
    let all = world.members();
    if let Some(away) = away(world) {
        let up = all.iter().filter(|&&n| runs(world, n)).count();
        if set.strict && usize::from(set.w) > up {
            let needs = format!("A write needs {} answers to be told done.", set.w);
            return vec![away, Claim::Run(up, all.len()), Claim::General(needs)];
        }
        let go_on =
            "Writes do not wait for more than a time-out, and nobody brings up what is missed.";
        return vec![away, Claim::General(go_on.into())];
    }
    vec![Claim::General(format!(
        "Each client is its own [[coordinator]]: it writes to all {} [[replicas]], and a read takes the [[newest]] answer.",
        all.len()
    ))]
}

pub fn peers(world: &World) -> Vec<Claim> {
    if let Some(difference) = difference(world, true) {
        return vec![difference, Claim::General("Each answers by what it holds itself.".into())];
    }
    if let Some(away) = away(world) {
        let kept = "What the others accept once they know, they keep in memory, to be replayed.";
        return vec![away, Claim::General(kept.into())];
    }
    vec![Claim::General(
        "Any of them accepts everything: it answers first, and tells the others afterwards.".into(),
    )]
}

pub fn ring(world: &World) -> Vec<Claim> {
    let settings = &world.settings().ring;
    if let Some(difference) = difference(world, false) {
        let tells = "The [[owner]] of a key tells its [[replicas]] after it has answered.";
        return vec![difference, Claim::General(tells.into())];
    }
    let down: Vec<NodeId> = world.members().iter().copied().filter(|&n| !runs(world, n)).collect();
    let copies = usize::from(settings.replicas).min(world.members().len());
    if let Some(away) = away(world) {
        let reads = match copies {
            1 => "Nor can it be read: there are no copies.",
            _ => "Reads go to other [[replicas]], where one runs.",
        };
        return vec![away, Claim::OwnersAway(down), Claim::General(reads.into())];
    }
    vec![Claim::General(match copies {
        1 => {
            "Each key lives on one node only, its [[owner]]: if that is gone, so is the key.".into()
        }
        copies => format!(
            "Each key lives on {copies} nodes, its [[preference list]]: its [[owner]] answers first, and tells the others afterwards."
        ),
    })]
}
