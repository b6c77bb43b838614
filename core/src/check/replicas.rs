//! The content of each key's replicas, and whether they can be compared yet.

use super::acknowledged::End;
use super::convergence::Copies;
use crate::hash_ring::{HashRing, position};
use crate::history::Text;
use crate::ids::NodeId;
use crate::run::Command;
use crate::settings::Preset;
use crate::sorted::SortedMap;
use crate::time::{Span, Time};
use crate::world::{Status, World};

/// The least time of quiet before a difference counts.
const LEAST_PATIENCE: Span = Span::from_ms(2_000);
/// Number of rounds of the nodes' periodic tasks that must have passed.
const ROUNDS: u64 = 3;

/// The reason why replicas are not compared yet; None when all is healed and quiet.
///
/// Quiet means that no operation is open, and none has ended and no statement was executed for a
/// while. Where replicas differ, that while is `patient`: long enough for the system's periodic
/// repairs.
pub fn unrest(world: &World, commands: &[Command], patient: bool) -> Option<String> {
    let down = world.nodes().find(|h| matches!(h.status(), Status::Crashed | Status::Paused));
    if let Some(host) = down {
        return Some(format!("{} is {}", host.id(), host.status().name()));
    }
    if world.links().any_cut() {
        return Some("links are cut".to_owned());
    }
    if let Some(client) = world.clients().find(|c| !c.is_idle()) {
        return Some(format!("{} waits for an answer", client.id()));
    }
    if world.workload().is_some() {
        return Some("clients go on asking".to_owned());
    }
    let patience = if patient { patience(world) } else { Span::ZERO };
    let since = last_deed(world, commands);
    (world.now().since(since) < patience)
        .then(|| "what was under way may not have arrived".to_owned())
}

/// The time for which nothing must have been done before replicas that differ count as such.
pub fn patience(world: &World) -> Span {
    let settings = world.settings();
    let mut round = settings.heartbeat.max(settings.timeout);
    if world.preset() == Preset::Quorum {
        round = round.max(settings.quorum.anti_entropy.unwrap_or(Span::ZERO));
    }
    round.scaled(ROUNDS, 1).max(LEAST_PATIENCE)
}

/// Time of the last statement or of the last answer.
fn last_deed(world: &World, commands: &[Command]) -> Time {
    let done = commands.get(..world.commands_done()).and_then(<[_]>::last);
    let answered = world.clients().filter_map(|c| world.operation(c.last()?)?.end.as_ref());
    let answered = answered.map(|end| end.at).max().unwrap_or_default();
    done.map_or(Time::ZERO, |command| command.at).max(answered)
}

/// The content of each replica of each key; None for systems that store nothing.
pub fn copies(world: &World) -> Option<Copies> {
    if world.preset() == Preset::Election {
        return None;
    }
    let holds = |&id: &NodeId| {
        let data = world.node(id).and_then(|h| h.machine()).map(|m| m.view(0).data);
        (id, data.unwrap_or_default().into_iter().collect::<SortedMap<Text, Text>>())
    };
    let is_replica = |id: &&NodeId| {
        let machine = world.node(**id).and_then(|h| h.machine());
        machine.is_none_or(|m| m.is_replica())
    };
    let replicas = world.members().iter().filter(is_replica);
    let nodes: Vec<(NodeId, SortedMap<Text, Text>)> = replicas.map(holds).collect();
    let homes = Homes::of(world);
    let mut copies = Copies::new();
    for key in nodes.iter().flat_map(|(_, data)| data.keys()) {
        if !copies.contains_key(key) {
            let homes = homes.of_key(key);
            let belongs = |id: &NodeId| homes.as_ref().is_none_or(|homes| homes.contains(id));
            let held = nodes.iter().filter(|(id, _)| belongs(id));
            let held = held.map(|(id, data)| (*id, data.get(key).cloned())).collect();
            copies.insert(key.clone(), held);
        }
    }
    Some(copies)
}

/// The final values, by key.
pub fn end(copies: &Copies) -> End {
    let values = |copies: &Vec<(NodeId, Option<Text>)>| {
        let mut values: Vec<Option<Text>> = Vec::new();
        for (_, value) in copies {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values
    };
    copies.iter().map(|(key, copies)| (key.clone(), values(copies))).collect()
}

/// The nodes to which a key belongs.
enum Homes {
    All,
    /// On a ring: the first nodes of the preference list, that many.
    Ring(HashRing, usize),
    /// Equal ranges of hashes, one per node; each range belongs to `n` nodes, beginning with its
    /// own.
    Ranges {
        nodes: u16,
        n: u16,
    },
}

impl Homes {
    fn of(world: &World) -> Self {
        let settings = world.settings();
        match world.preset() {
            Preset::Ring => {
                let ring = HashRing::new(world.members().iter().copied(), settings.ring.vnodes);
                Self::Ring(ring, usize::from(settings.ring.replicas))
            }
            Preset::Quorum => Self::Ranges { nodes: settings.nodes, n: settings.quorum.n },
            _ => Self::All,
        }
    }

    /// None for all nodes.
    fn of_key(&self, key: &str) -> Option<Vec<NodeId>> {
        match self {
            Self::All => None,
            Self::Ring(ring, replicas) => Some(ring.preference(key).take(*replicas).collect()),
            Self::Ranges { nodes, n } => {
                let wide = u128::from(position(key.as_bytes())) * u128::from(*nodes);
                let range = (wide >> 64) as u16;
                let home = |step| NodeId::at(usize::from((range + step) % nodes));
                Some((0..*n.min(nodes)).map(home).collect())
            }
        }
    }
}
