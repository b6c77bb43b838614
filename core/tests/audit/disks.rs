//! The audit of disks: a process that starts from a fully durable disk equals the one that wrote
//! it, in all that it must not forget.

use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::Machine;
use quorumscope_core::world::{Host, World};
use std::collections::BTreeMap;

/// A process is started from a copy of its disk at least once in this many checks of its node.
const EVERY: u32 = 64;

/// The observations of the disks so far.
#[derive(Default)]
pub struct Disks {
    seen: BTreeMap<NodeId, (usize, u32)>,
    /// Number of copies that were started from a checkpoint that had just become durable.
    pub checkpoints: u32,
}

impl Disks {
    /// Checks the nodes that took part in the World's last step.
    pub fn look(&mut self, world: &World) -> Result<(), String> {
        for host in world.touched().iter().filter_map(|id| world.node(*id)) {
            self.look_at(world, host)?;
        }
        Ok(())
    }

    fn look_at(&mut self, world: &World, host: &Host) -> Result<(), String> {
        let (disk, Some(machine)) = (host.disk(), host.machine()) else { return Ok(()) };
        if disk.durable() < disk.written() || !world.settings().fsync {
            return Ok(());
        }
        let (length, looks) = self.seen.entry(host.id()).or_default();
        let is_fresh = disk.log_len() < *length;
        (*length, *looks) = (disk.log_len(), *looks + 1);
        if !is_fresh && !looks.is_multiple_of(EVERY) {
            return Ok(());
        }
        self.checkpoints += u32::from(is_fresh);
        let copy = started(world, host);
        let (lives, starts) = (kept(machine), kept(&copy));
        let differ = lives.iter().zip(&starts).find(|(a, b)| a != b);
        let n = host.id();
        if let Some(((name, lives), (_, starts))) = differ {
            return Err(format!(
                "what is durable is read back: {n} has {name} {lives}, and finds {starts} on its disk"
            ));
        }
        match (machine, &copy) {
            // Waiting for more nodes than necessary is safe.
            (Machine::Ring(lives), Machine::Ring(starts)) => {
                let forgotten = lives.waits_for().iter().find(|w| !starts.waits_for().contains(w));
                forgotten.map_or(Ok(()), |w| {
                    Err(format!("what is durable is read back: {n} forgets that it waits for {w}"))
                })
            }
            _ => Ok(()),
        }
    }
}

/// The process that would start after a crash at this moment.
pub fn started(world: &World, host: &Host) -> Machine {
    let mut disk = host.disk().clone();
    disk.crash();
    Machine::boot(world.preset(), host.id(), world.members(), world.settings(), &mut disk)
}

/// The state that a process must recover, by name.
fn kept(machine: &Machine) -> Vec<(&'static str, String)> {
    match machine {
        Machine::Raft(s) => {
            let log = s.log();
            vec![
                ("term", s.term().to_string()),
                ("vote", format!("{:?}", s.vote())),
                ("the beginning of its log", format!("{:?}", log.base())),
                ("the end of its log", format!("{:?}", log.last())),
                ("log", format!("{:?}", log.prefix_digest(log.last_index()))),
                ("members", s.members().to_string()),
            ]
        }
        Machine::Ring(node) => vec![
            ("data", format!("{:?}", node.view().data)),
            ("keys placed for", format!("{:?}", node.placed_for())),
            ("to hand over since", format!("{:?}", node.passed_since().collect::<Vec<_>>())),
        ],
        Machine::PrimaryBackup(s) => {
            vec![
                ("data", format!("{:?}", s.view(0).data)),
                ("last", s.log_marks().last.to_string()),
            ]
        }
        Machine::Quorum(replica) => {
            let hints: Vec<_> = replica.hints().iter().collect();
            let versions: Vec<_> = replica.stock().iter().collect();
            vec![("versions", format!("{versions:?}")), ("hints", format!("{hints:?}"))]
        }
        _ => Vec::new(),
    }
}
