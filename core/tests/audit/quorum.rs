//! The auditor of the quorum store.

use super::disks::started;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::quorum_store::Placement;
use quorumscope_core::protocol::{Machine, Message, ReplyBody};
use quorumscope_core::store::Op;
use quorumscope_core::world::World;

/// Checks that an answered write, or a newer one, is on the disks of W different homes of its key.
/// For writes of distinct values, in strict quorums.
pub fn look(world: &World) -> Result<(), String> {
    let leaving = world.flights().filter(|f| f.sent == world.now());
    for flight in leaving {
        let Message::Reply(reply) = &flight.message else { continue };
        let Some(write) = world.operation(reply.operation) else { continue };
        let (Op::Set(value), ReplyBody::Answer(_)) = (&write.request.op, &reply.body) else {
            continue;
        };
        let key = &write.request.key;
        let placement = Placement::of(world.settings());
        let homes: Vec<NodeId> = placement.homes(placement.spot(key).range).collect();
        let versions = homes.iter().map(|&home| {
            let host = world.node(home)?;
            let disk = host.disk();
            let copy;
            let machine = match host.machine().filter(|_| disk.durable() == disk.written()) {
                Some(machine) => machine,
                None => {
                    copy = started(world, host);
                    &copy
                }
            };
            let Machine::Quorum(replica) = machine else { return None };
            replica.stock().version(key).cloned()
        });
        let versions: Vec<_> = versions.collect();
        let written = versions.iter().flatten().find(|v| v.value.as_ref() == Some(value));
        let Some(written) = written else { continue };
        let have = versions.iter().flatten().filter(|v| v.stamp >= written.stamp).count();
        let needed = usize::from(world.settings().quorum.w);
        if have < needed {
            return Err(format!(
                "an answered write is on W disks: {} of {} is answered with W={needed}, and of its homes \
                 {homes:?} {have} have it",
                write.request, write.client
            ));
        }
    }
    Ok(())
}
