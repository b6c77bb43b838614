//! Quorums within reach: which keys of a quorum store a side of the network can read and write.

use super::reach::{present, runs, sides};
use super::words::listed;
use crate::ids::NodeId;
use crate::protocol::quorum_store::{Placement, RangeId};
use crate::sorted::SortedSet;
use crate::store::{Quoted, Word};
use crate::world::{Host, World};

/// At most that many keys are named.
const MOST_NAMED: usize = 3;

/// Some of the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Every key that there can be.
    All,
    /// None.
    None,
    /// Of the keys that some running node holds, these, and not the others.
    These(Vec<Word>),
    /// The keys of that many ranges of so many.
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

/// What each side of the network can serve; None where the cluster is no quorum store.
#[must_use]
pub fn served(world: &World) -> Vec<Serves> {
    sides(world).into_iter().map(|side| of_side(world, side)).collect()
}

/// What the nodes of a side can serve together.
pub fn of_side(world: &World, side: Vec<NodeId>) -> Serves {
    let set = &world.settings().quorum;
    let up: Vec<NodeId> = side.iter().copied().filter(|&n| runs(world, n)).collect();
    let keys = |enough: u16| keys(world, &up, usize::from(enough));
    Serves { reads: keys(set.r), writes: keys(set.w), side }
}

/// The keys for which so many of those nodes can answer.
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

/// The keys that some running node holds, and those that clients asked to write.
fn known(world: &World) -> Vec<Word> {
    let held = world.nodes().filter_map(Host::machine).flat_map(|m| m.view(0).data);
    let keys: SortedSet<Word> = held.map(|(key, _)| key).collect();
    keys.into_iter().collect()
}
