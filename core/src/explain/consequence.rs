//! The consequences of a statement: the second part of the headline.

use super::reason::former;
use super::words::listed;
use super::{Scene, event, forgotten};
use crate::ids::{EventId, NodeId};
use crate::run::{NodeFault, Statement};
use crate::settings::{Preset, Setting};

/// The consequence of a statement, in one sentence; empty where the statement says it all.
pub fn of(scene: &Scene<'_>, earlier: &[EventId], statement: &Statement) -> String {
    let preset = scene.world.preset();
    match statement {
        Statement::Node(n, fault) => of_fault(scene, earlier, *n, *fault),
        Statement::Disk(..) if event::has_no_disk(preset) => {
            "It keeps nothing on a disk, so that nothing waits for it.".into()
        }
        Statement::Disk(..) if !scene.world.settings().fsync => {
            "fsync is off: nothing waits for a disk.".into()
        }
        Statement::Disk(n, _) => format!("{n} promises nothing before its disk has it."),
        Statement::Transfer(from, _) => match former(scene, earlier) {
            Some((leader, _)) if leader == *from => String::new(),
            _ => format!("{from} does not lead, so nothing comes of it."),
        },
        Statement::Link(..) | Statement::Network(_) => {
            "Who waits cannot tell a lost message from a dead node.".into()
        }
        Statement::Set(change) if change.name() == "fsync" => match change.value().to_string()
            == "off"
        {
            true => "Nodes promise what their disks do not have yet: a crash can take it away.",
            false => "What a node promises is [[durable]] again: a crash does not take it away.",
        }
        .into(),
        Statement::Set(change) => Setting::named(preset, change.name())
            .map_or_else(String::new, |setting| format!("It sets {}.", setting.doc)),
        Statement::Rule(name, _) => {
            let rule = preset.rules().iter().find(|rule| *rule.name == **name);
            rule.map_or_else(String::new, |rule| format!("It says that {}.", rule.doc))
        }
        Statement::Isolate(_) | Statement::Cut(_) | Statement::Partition(_) => {
            "What is in flight there is lost, and nobody is told.".into()
        }
        Statement::Heal(_) => healed(scene),
        Statement::ClockJump(..) | Statement::ClockRate(..) => {
            "It cannot tell: its own clock is all it has.".into()
        }
        Statement::Ping(..) => "An answer would show that both can be reached.".into(),
        Statement::Message(..) => "Who sent it is not told.".into(),
        Statement::Add(n) => joins(preset, *n),
        Statement::Remove(_) => leaves(preset).into(),
        Statement::Ask { .. } | Statement::Workload(_) => String::new(),
    }
}

fn of_fault(scene: &Scene<'_>, earlier: &[EventId], n: NodeId, fault: NodeFault) -> String {
    let preset = scene.world.preset();
    match fault {
        NodeFault::Crash | NodeFault::Wipe | NodeFault::Pause => {
            match former(scene, earlier).filter(|(leader, _)| *leader == n) {
                // The term of a coordinator by id was never shown to people.
                Some(_) if event::elects_by_id(preset) => {
                    "It coordinated: the others notice when its [[heartbeats]] stay away.".into()
                }
                Some((_, term)) => format!(
                    "It led [[term]] {term}: the others notice when its [[heartbeats]] stay away."
                ),
                None if fault == NodeFault::Pause => {
                    "Messages to it wait, and time goes on.".into()
                }
                None => "Messages to it are lost.".into(),
            }
        }
        NodeFault::Restart => forgotten::sentence(scene.world, n, event::has_no_disk(preset)),
        NodeFault::Resume => {
            "What waited for it arrives at once, and it cannot tell that time has passed.".into()
        }
        NodeFault::Corrupt => {
            "It finds the [[torn tail]] when it starts again, and throws it away.".into()
        }
        NodeFault::Timeout if preset == Preset::Raft && scene.world.settings().raft.prevote => {
            "It asks whether it could win: who still hears a [[leader]] says no.".into()
        }
        NodeFault::Timeout => "It takes its [[leader]] for gone.".into(),
    }
}

/// The ways in which separated replicas receive the writes that they missed.
fn healed(scene: &Scene<'_>) -> String {
    let set = &scene.world.settings().quorum;
    let ways = [
        (set.hints, "[[hints]]"),
        (set.read_repair, "[[read repair]]"),
        (set.anti_entropy.is_some(), "[[anti-entropy]]"),
    ];
    let ways: Vec<&str> = ways.into_iter().filter(|(on, _)| *on).map(|(_, way)| way).collect();
    match scene.world.preset() {
        Preset::WriteAll => {
            "What a node missed is not sent again: a read takes the [[newest]] answer.".into()
        }
        Preset::Peers => {
            "Who was taken for dead is sent what was kept for it; what was lost before is lost."
                .into()
        }
        Preset::Ring => "What was lost on its way to a [[replica]] is not sent again.".into(),
        Preset::Quorum if ways.is_empty() => {
            "Nothing here brings a [[replica]] what it missed.".into()
        }
        Preset::Quorum if set.tombstones.is_some() => format!(
            "What a [[replica]] missed comes to it by {}, but for deletions that the others have forgotten.",
            listed(&ways)
        ),
        Preset::Quorum => format!("What a [[replica]] missed comes to it by {}.", listed(&ways)),
        _ if scene.world.links().any_cut() => "Others are still cut.".into(),
        Preset::Chain => "Who was spliced out joins again behind the tail, with no data.".into(),
        Preset::Raft | Preset::PrimaryBackup | Preset::Election => {
            "Whoever was apart now learns what the others decided.".into()
        }
    }
}

fn joins(preset: Preset, n: NodeId) -> String {
    match preset {
        Preset::Ring => {
            "It takes its part of the keys over from its neighbours on the [[ring]].".into()
        }
        _ => format!("{n} is at first a [[learner]], until its leader has sent it the [[log]]."),
    }
}

const fn leaves(preset: Preset) -> &'static str {
    match preset {
        Preset::Ring => "Its keys go to its neighbours on the [[ring]].",
        _ => "Its vote no longer counts once the change is in the [[log]].",
    }
}
