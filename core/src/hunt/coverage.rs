//! Coverage: the number of different states that a hunt has seen.
//!
//! A state is identified by the visible state of its nodes, without their names: status, role,
//! term, the shape of the log, and partly the stored values. Two states that differ only by the
//! names of nodes count as one.

use crate::fnv;
use crate::ids::NodeId;
use crate::protocol::Machine;
use crate::world::{Host, World};

/// Terms and places beyond these count as equal: a run that only continues is nothing new.
const MOST_TERM: u32 = 12;
const MOST_PLACE: u32 = 24;

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
    /// The signature of each node at its last observation.
    nodes: Vec<u64>,
    /// Their sum, which is independent of the nodes' order.
    sum: u64,
    stored: u64,
    answered: usize,
    /// The number of states that no run had reached before.
    pub fresh: usize,
}

impl<'a> Tracker<'a> {
    /// A tracker at the beginning of a run.
    pub fn new(seen: &'a mut Seen) -> Self {
        Self { seen, nodes: Vec::new(), sum: 0, stored: 0, answered: 0, fresh: 0 }
    }

    /// Looks at the World after one of its steps.
    pub fn look(&mut self, world: &World) {
        let before = (self.sum, self.stored);
        for &id in world.touched() {
            self.look_at(world, id);
        }
        // A statement may have stopped a node whose machine took no part in the step.
        if world.touched().is_empty() {
            (0..world.nodes().count()).for_each(|place| self.look_at(world, NodeId::at(place)));
        }
        let answered =
            world.operations().len() * 2 + usize::from(world.clients().all(|c| c.is_idle()));
        if answered != self.answered {
            self.answered = answered;
            self.stored = stored(world);
        }
        if (self.sum, self.stored) != before {
            let signature = mixed(self.sum) ^ mixed(self.stored).rotate_left(17);
            self.fresh += usize::from(self.seen.insert(signature));
        }
    }

    fn look_at(&mut self, world: &World, id: NodeId) {
        let Some(host) = world.node(id) else { return };
        let place = id.index();
        if self.nodes.len() <= place {
            self.nodes.resize(place + 1, 0);
        }
        let now = signature(host);
        self.sum = self.sum.wrapping_sub(self.nodes[place]).wrapping_add(now);
        self.nodes[place] = now;
    }
}

/// The signature of a node's visible state.
fn signature(host: &Host) -> u64 {
    let mut hash = step(1, host.status() as u64);
    let Some(machine) = host.machine() else { return mixed(hash) };
    let sign = machine.sign();
    hash = step(hash, sign.role as u64);
    hash = step(hash, u64::from(sign.term.map_or(0, |t| t.0.min(MOST_TERM))));
    hash = step(hash, u64::from(sign.leader.is_some()));
    if let Some(marks) = machine.log_marks() {
        hash = step(hash, u64::from(marks.last.0.min(MOST_PLACE)));
        hash = step(hash, u64::from(marks.committed.0.min(MOST_PLACE)));
    }
    if let Machine::Raft(server) = machine {
        hash = step(hash, u64::from(server.log().last().term.0.min(MOST_TERM)));
    }
    mixed(hash)
}

/// The signature of all nodes' data, by value.
fn stored(world: &World) -> u64 {
    let machines = world.nodes().filter_map(Host::machine);
    let of_node = |machine: &Machine| {
        let data = machine.view(0).data;
        mixed(data.iter().fold(7, |hash, (key, value)| step(step(hash, text(key)), text(value))))
    };
    machines.map(of_node).fold(0, u64::wrapping_add)
}

fn text(text: &str) -> u64 {
    text.bytes().fold(fnv::OFFSET, fnv::step)
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
