//! The places where a value can be: the memory and the disks of nodes, messages, clients.

use super::strings::Strings;
use crate::ids::NodeId;
use crate::world::{Host, Reader, Status, World};

/// All texts of a World by the places where they are.
#[derive(Debug)]
pub struct Traces {
    /// Running nodes, messages in flight, and clients.
    present: Strings,
    /// Nodes that are down or paused, each with the texts that it has, or would have if it started
    /// now.
    away: Vec<(NodeId, Status, Strings)>,
}

/// The places of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Some running node, message or client has it.
    Present,
    /// Only these nodes have it, and they are not running.
    Away(Vec<(NodeId, Status)>),
    /// No place has it.
    Nowhere,
}

impl Traces {
    /// The texts of a World.
    pub fn of(world: &World) -> Self {
        let mut present = Strings::default();
        world.flights().for_each(|flight| present.read(&flight.message));
        world.clients().for_each(|client| present.read(client));
        if let Some(balancer) = world.balancer() {
            present.read(balancer);
        }
        let mut away = Vec::new();
        let started = world.with_all_started();
        for host in world.nodes() {
            match host.status() {
                Status::Up => of_host(&mut present, host),
                // When the node is added again it begins with an empty disk.
                Status::Left => {}
                Status::Paused => away.push(apart(host, host.status(), Some(host))),
                Status::Crashed => {
                    away.push(apart(host, host.status(), started.node(host.id())));
                }
            }
        }
        Self { present, away }
    }

    /// The places where `is_there` finds the text.
    pub fn find(&self, is_there: impl Fn(&Strings) -> bool) -> Found {
        if is_there(&self.present) {
            return Found::Present;
        }
        let holders = self.away.iter().filter(|(_, _, strings)| is_there(strings));
        let holders: Vec<(NodeId, Status)> = holders.map(|(n, status, _)| (*n, *status)).collect();
        if holders.is_empty() { Found::Nowhere } else { Found::Away(holders) }
    }
}

fn apart(host: &Host, status: Status, then: Option<&Host>) -> (NodeId, Status, Strings) {
    let mut strings = Strings::default();
    if let Some(then) = then {
        of_host(&mut strings, then);
    }
    (host.id(), status, strings)
}

/// Reads the memory of a node, its held messages, and the part of its disk that may not be in
/// memory: a change of the disk that is not durable can still be undone by a crash.
fn of_host(strings: &mut Strings, host: &Host) {
    host.show_memory(strings);
    let disk = host.disk();
    if disk.durable() < disk.written() || disk.is_torn() {
        host.show_disk(strings);
    }
}
