//! Quorums within reach: the keys of a quorum store that a side of the network can read and write.

use super::meaning::believers;
use super::reach::{present, runs, sides};
use super::words::listed;
use crate::ids::NodeId;
use crate::protocol::Machine;
use crate::protocol::quorum_store::{Placement, RangeId};
use crate::quorum::Vote;
use crate::settings::Preset;
use crate::sorted::SortedSet;
use crate::store::{Quoted, Word};
use crate::world::{Host, World};

/// The most keys that are named.
const MOST_NAMED: usize = 3;

/// Some of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Every possible key.
    All,
    /// None.
    None,
    /// Exactly these of the keys that some running node holds.
    These(Vec<Word>),
    /// The keys of that number of ranges, and the number of all ranges.
    Ranges(usize, usize),
}

/// The keys that a side of the network can serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Serves {
    /// Its nodes, whether they run or not.
    pub side: Vec<NodeId>,
    /// The keys for which it has R replicas that run.
    pub reads: Keys,
    /// The keys for which it has W replicas that run.
    pub writes: Keys,
}

impl Serves {
    /// Whether it can neither read nor write any key.
    #[must_use]
    pub fn nothing(&self) -> bool {
        self.reads == Keys::None && self.writes == Keys::None
    }

    /// `n1 and n2 can read x and write no key`
    #[must_use]
    pub fn phrase(&self) -> String {
        let who = listed(&self.side);
        let (reads, writes) = (self.reads.said(), self.writes.said());
        match (&self.reads, &self.writes) {
            (Keys::None, Keys::None) => format!("{who} can serve no key"),
            (r, w) if r == w => format!("{who} can read and write {reads}"),
            _ => format!("{who} can read {reads} and write {writes}"),
        }
    }
}

impl Keys {
    fn said(&self) -> String {
        match self {
            Self::All => "every key".into(),
            Self::None => "no key".into(),
            Self::These(keys) => {
                listed(&keys.iter().map(|key| Quoted(key).to_string()).collect::<Vec<_>>())
            }
            Self::Ranges(some, of) => format!("{some} of {of} parts of the keys"),
        }
    }
}

/// The keys that each side of the network can serve, in a quorum store.
#[must_use]
pub fn served(world: &World) -> Vec<Serves> {
    sides(world).into_iter().map(|side| of_side(world, side)).collect()
}

/// The keys that the nodes of a side can serve together.
pub fn of_side(world: &World, side: Vec<NodeId>) -> Serves {
    let set = &world.settings().quorum;
    let up: Vec<NodeId> = side.iter().copied().filter(|&n| runs(world, n)).collect();
    let keys = |enough: u16| keys(world, &up, usize::from(enough));
    Serves { reads: keys(set.r), writes: keys(set.w), side }
}

/// The part of its work that a side of the network can do by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// Everything.
    All,
    /// A part of it.
    Some,
    /// Nothing.
    Nothing,
}

/// The ability of a side of the network by itself, and a sentence about it.
#[must_use]
pub fn ability(world: &World, side: &[NodeId]) -> (Ability, String) {
    let who = listed(side);
    let up: Vec<NodeId> = side.iter().copied().filter(|&n| runs(world, n)).collect();
    if up.is_empty() {
        return (Ability::Nothing, format!("{who}: none of them runs."));
    }
    match world.preset() {
        Preset::Quorum => {
            let serves = of_side(world, side.to_vec());
            let ability = match (&serves.reads, &serves.writes) {
                (Keys::All, Keys::All) => Ability::All,
                (Keys::None, Keys::None) => Ability::Nothing,
                _ => Ability::Some,
            };
            (ability, serves.phrase() + ".")
        }
        Preset::Raft if is_majority(world, &up) => {
            (Ability::All, format!("{who}: a majority, which can elect and commit."))
        }
        Preset::Raft => (Ability::Nothing, format!("{who}: no majority, so nothing can commit.")),
        Preset::PrimaryBackup => {
            let newest = believers(world).pop().map(|(_, n)| n);
            match believers(world).iter().find(|(_, n)| side.contains(n)) {
                Some((_, n)) if Some(*n) == newest => {
                    (Ability::All, format!("{who}: {n} is primary here."))
                }
                Some((_, n)) => {
                    (Ability::Nothing, format!("{who}: {n} acts as primary, and another is later."))
                }
                None => (Ability::Nothing, format!("{who}: none of them is primary.")),
            }
        }
        Preset::Ring => {
            let owners = world.members().iter().filter(|n| up.contains(n)).count();
            if owners == world.members().len() {
                return (Ability::All, format!("{who} own every key."));
            }
            (Ability::Some, format!("{who}: they can write the keys that they own."))
        }
        Preset::Chain => super::chain::ability(world, &up, &who),
        Preset::WriteAll | Preset::Peers => {
            (Ability::All, format!("{who}: they answer whoever reaches them."))
        }
        Preset::Election => {
            (Ability::All, format!("{who}: they choose a coordinator of their own."))
        }
    }
}

/// Whether these nodes are a majority of the voters, by the members that each of them knows; of
/// both the old and the new ones during a change.
fn is_majority(world: &World, those: &[NodeId]) -> bool {
    let says = |n: &NodeId| match world.node(*n)?.machine()? {
        Machine::Raft(server) => {
            Some(server.members().configuration().vote(|m| Some(those.contains(&m))) == Vote::Won)
        }
        _ => None,
    };
    those.iter().filter_map(says).any(|won| won)
}

/// The keys for which at least `enough` of those nodes can answer.
fn keys(world: &World, up: &[NodeId], enough: usize) -> Keys {
    let placement = Placement::of(world.settings());
    let sloppy = world.settings().quorum.sloppy;
    let answers = |range: RangeId| {
        let homes = placement.homes(range).filter(|n| up.contains(n)).count();
        if sloppy { up.len() } else { homes }
    };
    let all = present(world).len();
    let ranges = (0..all as u16).filter(|&i| answers(RangeId(i)) >= enough).count();
    if ranges == 0 || up.is_empty() {
        return Keys::None;
    }
    if ranges == all {
        return Keys::All;
    }
    let known = known(world);
    if known.is_empty() || known.len() > MOST_NAMED {
        return Keys::Ranges(ranges, all);
    }
    let named: Vec<Word> =
        known.into_iter().filter(|key| answers(placement.spot(key).range) >= enough).collect();
    if named.is_empty() { Keys::None } else { Keys::These(named) }
}

/// The keys that some running node holds, and those of the clients' writes.
fn known(world: &World) -> Vec<Word> {
    let held = world.nodes().filter_map(Host::machine).flat_map(|m| m.view(0).data);
    let keys: SortedSet<Word> = held.map(|(key, _)| key).collect();
    keys.into_iter().collect()
}
