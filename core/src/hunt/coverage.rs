//! Coverage: the number of different states that a hunt has seen.
//!
//! A state is told by what its nodes show, without their identities: status, role, term, the shape
//! of the log compared with the others', and how the stored values are spread. Two states that differ
//! only in who is who, or in which value it is, count as one.

use crate::fnv;
use crate::ids::NodeId;
use crate::protocol::Machine;
use crate::store::Word;
use crate::world::{Host, World};

/// Distances behind the highest term or place beyond this count as equal.
const MOST_BEHIND: u32 = 3;
/// Terms beyond this are not told apart.
const MOST_TERM: u32 = 6;

/// The states that were seen, by signature.
#[derive(Clone, Debug)]
pub struct Seen {
    /// A table with open addressing; 0 is an empty place.
    places: Vec<u64>,
    count: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { places: vec![0; 1 << 12], count: 0 }
    }
}

impl Seen {
    /// Adds a signature. True if it is new.
    pub fn insert(&mut self, signature: u64) -> bool {
        let signature = signature.max(1);
        if self.count * 2 >= self.places.len() {
            self.grow();
        }
        let place = self.place(signature);
        let is_new = self.places[place] == 0;
        self.places[place] = signature;
        self.count += usize::from(is_new);
        is_new
    }

    /// The number of states.
    #[must_use]
    pub fn len(&self) -> usize {
        self.count
    }

    fn place(&self, signature: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut place = (mixed(signature) as usize) & mask;
        while self.places[place] != 0 && self.places[place] != signature {
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let larger = vec![0; self.places.len() * 2];
        let old = std::mem::replace(&mut self.places, larger);
        for signature in old.into_iter().filter(|s| *s != 0) {
            let place = self.place(signature);
            self.places[place] = signature;
        }
    }
}

/// Watches one run and adds its states to those that were seen.
#[derive(Debug)]
pub struct Tracker<'a> {
    seen: &'a mut Seen,
    /// The visible state of each node at its last observation.
    nodes: Vec<Shown>,
    stored: u64,
    /// Number of operations, and whether all clients were idle, when the stored values were read last.
    looked: (usize, bool),
    signature: u64,
    /// The number of states that no run had reached before.
    pub fresh: usize,
}

/// The visible state of one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Shown {
    status: u8,
    role: u8,
    term: u32,
    follows: bool,
    last: u32,
    committed: u32,
    last_term: u32,
}

impl<'a> Tracker<'a> {
    /// A tracker at the beginning of a run.
    pub fn new(seen: &'a mut Seen) -> Self {
        Self { seen, nodes: Vec::new(), stored: 0, looked: (0, true), signature: 0, fresh: 0 }
    }

    /// Looks at the World after one of its steps.
    pub fn look(&mut self, world: &World) {
        let mut changed = false;
        for &id in world.touched() {
            changed |= self.look_at(world, id);
        }
        // A statement may have stopped a node whose machine took no part in the step.
        if world.touched().is_empty() {
            let nodes = world.nodes().count();
            changed |=
                (0..nodes).fold(false, |c, place| self.look_at(world, NodeId::at(place)) | c);
        }
        let looked = (world.operations().len(), world.clients().all(|c| c.is_idle()));
        if looked != self.looked {
            self.looked = looked;
            self.stored = stored(world);
            changed = true;
        }
        if changed {
            self.insert(world);
        }
    }

    fn look_at(&mut self, world: &World, id: NodeId) -> bool {
        let Some(host) = world.node(id) else { return false };
        let place = id.index();
        if self.nodes.len() <= place {
            self.nodes.resize(place + 1, Shown::default());
        }
        let before = std::mem::replace(&mut self.nodes[place], Shown::of(host));
        before != self.nodes[place]
    }

    /// Terms and places in logs count by how far they lie behind the highest.
    fn insert(&mut self, world: &World) {
        let most = |of: fn(&Shown) -> u32| self.nodes.iter().map(of).max().unwrap_or(0);
        let (term, last, committed) = (most(|n| n.term), most(|n| n.last), most(|n| n.committed));
        let behind = |most: u32, own: u32| u64::from((most - own).min(MOST_BEHIND));
        let of_node = |n: &Shown| {
            let parts = [
                u64::from(n.status) << 8 | u64::from(n.role),
                behind(term, n.term),
                u64::from(n.follows),
                behind(last, n.last),
                behind(committed, n.committed),
                behind(term, n.last_term.min(term)),
            ];
            mixed(parts.into_iter().fold(1, step))
        };
        // A sum, in which no node has a place of its own.
        let nodes = self.nodes.iter().map(of_node).fold(0, u64::wrapping_add);
        let reached = u64::from(term.min(MOST_TERM)) << 1 | u64::from(world.links().any_cut());
        let signature = step(step(mixed(nodes), self.stored), reached);
        if signature != self.signature {
            self.signature = signature;
            self.fresh += usize::from(self.seen.insert(mixed(signature)));
        }
    }
}

impl Shown {
    fn of(host: &Host) -> Self {
        let status = host.status() as u8;
        let Some(machine) = host.machine() else { return Self { status, ..Self::default() } };
        let (sign, marks) = (machine.sign(), machine.log_marks());
        let last_term = match machine {
            Machine::Raft(server) => server.log().last().term.0,
            _ => 0,
        };
        Self {
            status,
            role: 1 + sign.role as u8,
            term: sign.term.map_or(0, |t| t.0),
            follows: sign.leader.is_some(),
            last: marks.map_or(0, |m| m.last.0),
            committed: marks.map_or(0, |m| m.committed.0),
            last_term,
        }
    }
}

/// The signature of the stored values: of each key, the numbers of nodes that agree, whatever the
/// value is; and the number of clients that wait.
fn stored(world: &World) -> u64 {
    let machines = world.nodes().filter_map(Host::machine);
    let data: Vec<_> = machines.map(|machine| machine.view(0).data).collect();
    let mut keys: Vec<&Word> = data.iter().flatten().map(|(key, _)| key).collect();
    crate::order::sort(&mut keys);
    keys.dedup();
    let waiting = world.clients().filter(|c| !c.is_idle()).count() as u64;
    keys.iter().fold(step(7, waiting), |hash, key| {
        let value = |held: &Vec<(Word, Word)>| {
            held.iter().find(|(k, _)| k == *key).map(|(_, value)| value.clone())
        };
        let values: Vec<Option<Word>> = data.iter().map(value).collect();
        let alike = |v: &Option<Word>| {
            let many = values.iter().filter(|other| *other == v).count() as u64;
            mixed(many << 1 | u64::from(v.is_some()))
        };
        step(hash, values.iter().map(alike).fold(0, u64::wrapping_add))
    })
}

fn step(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(fnv::PRIME).rotate_left(23)
}

/// Spreads a value over all bits (the finaliser of SplitMix64).
pub fn mixed(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ z >> 31
}
