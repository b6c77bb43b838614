//! The auditor of primary-backup replication.

use super::disks::started;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::primary_backup::Server;
use quorumscope_core::protocol::{Machine, Message, ReplyBody};
use quorumscope_core::settings::Replication;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Flight, Host, World};
use std::collections::BTreeMap;

/// The observations of the primaries so far.
#[derive(Default)]
pub struct Auditor {
    /// The time since which a primary has believed a backup alive, without interruption.
    alive: BTreeMap<(NodeId, NodeId), Time>,
}

impl Auditor {
    /// Checks the nodes that took part in the World's last step.
    pub fn look(&mut self, world: &World) -> Result<(), String> {
        for host in world.touched().iter().filter_map(|id| world.node(*id)) {
            let primary = host.id();
            let server = server(host.machine());
            let backups: BTreeMap<_, _> = server.iter().flat_map(|s| s.backups()).collect();
            self.alive.retain(|(p, b), _| *p != primary || backups.contains_key(b));
            for &backup in backups.keys() {
                self.alive.entry((primary, backup)).or_insert(world.now());
            }
            let Some(server) = server else { continue };
            for (backup, has) in &backups {
                has_what_it_is_said_to(world, (primary, server), *backup, *has)?;
            }
            let waits = world.settings().primary_backup.replication == Replication::Sync
                && world.settings().primary_backup.acks == 0;
            let leaving = |f: &&Flight| f.sent == world.now() && f.from == primary.into();
            for flight in world.flights().filter(leaving).filter(|_| waits) {
                self.answer_is_replicated(world, (primary, server), flight)?;
            }
        }
        Ok(())
    }

    /// Checks that an answered write is on every backup that was believed alive since the write was
    /// invoked.
    fn answer_is_replicated(
        &self,
        world: &World,
        (primary, server): (NodeId, &Server),
        flight: &Flight,
    ) -> Result<(), String> {
        let Message::Reply(reply) = &flight.message else { return Ok(()) };
        let Some(operation) = world.operation(reply.operation) else { return Ok(()) };
        if !matches!(reply.body, ReplyBody::Answer(_)) || !operation.request.op.writes() {
            return Ok(());
        }
        for (backup, _) in server.backups() {
            let since = self.alive.get(&(primary, backup));
            if since.is_none_or(|since| *since >= operation.invoked) {
                continue;
            }
            let lacks = |s: &Server| {
                let is_behind = s.epoch() < server.epoch() || is_in_epoch_of(s, primary, server);
                is_behind && !s.has_done(operation.client, operation.id)
            };
            if of(world, backup, lacks) {
                return Err(format!(
                    "an answer waits for every backup that is taken for alive: {primary} answers {} \
                     of {}, and {backup} does not have it",
                    operation.request, operation.client
                ));
            }
        }
        Ok(())
    }
}

/// Checks that a backup has the updates that the primary believes it acknowledged, in that epoch.
fn has_what_it_is_said_to(
    world: &World,
    (primary, server): (NodeId, &Server),
    backup: NodeId,
    has: Option<quorumscope_core::protocol::Index>,
) -> Result<(), String> {
    let Some(upto) = has else { return Ok(()) };
    let lacks = |s: &Server| {
        let last = s.log_marks().last;
        s.epoch() < server.epoch() || is_in_epoch_of(s, primary, server) && last < upto
    };
    if world.settings().fsync && of(world, backup, lacks) {
        return Err(format!(
            "an acknowledgement counts in its own epoch: {primary}, primary of epoch {}, takes {backup} \
             to have everything up to {upto}",
            server.epoch()
        ));
    }
    Ok(())
}

/// Whether a backup's state is of the epoch of this primary. Two sides of a cut can each elect a primary
/// with the same number: a backup with the state of the other one owes nothing to this one.
fn is_in_epoch_of(backup: &Server, primary: NodeId, server: &Server) -> bool {
    (backup.epoch(), backup.epoch_primary()) == (server.epoch(), Some(primary))
}

/// Whether a condition holds for a backup, or for the content of its disk while it is down.
fn of(world: &World, backup: NodeId, is_so: impl Fn(&Server) -> bool) -> bool {
    let Some(host) = world.node(backup) else { return false };
    let of = |host: &Host| match host.machine() {
        Some(machine) => server(Some(machine)).is_some_and(&is_so),
        None => server(Some(&started(world, host))).is_some_and(&is_so),
    };
    of(host)
}

fn server(machine: Option<&Machine>) -> Option<&Server> {
    match machine? {
        Machine::PrimaryBackup(server) => Some(server),
        _ => None,
    }
}
