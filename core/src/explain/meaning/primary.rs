//! The state of a primary with its backups, and of an election by id, in sentences.

use super::super::claim::Claim;
use super::super::reach::{hears, reached, runs};
use super::super::words::{length, listed};
use super::difference::difference;
use super::{away, believers, believing};
use crate::ids::NodeId;
use crate::settings::{Failover, Replication, Settings};
use crate::world::World;

pub fn primary_backup(world: &World) -> Vec<Claim> {
    let settings = &world.settings().primary_backup;
    let mut terms = believers(world);
    let Some((_, newest)) = terms.pop() else { return nobody(world.settings()) };
    if !terms.is_empty() {
        let older: Vec<NodeId> = terms.into_iter().map(|(_, n)| n).collect();
        let says = format!(
            "[[Split brain]]: what {} accepts alone is lost when it learns of {newest}.",
            listed(&older)
        );
        let all = believing(world);
        return vec![Claim::SeveralLead(all, "each act as [[primary]]"), Claim::General(says)];
    }
    let backups = reached(world, newest, world.members()).len() - 1;
    let need = usize::from(settings.acks);
    if settings.replication == Replication::Sync && need > backups {
        return away(world)
            .into_iter()
            .chain([Claim::TooFewBackups(newest, backups, need)])
            .collect();
    }
    if let Some(difference) = difference(world, true) {
        let by = format!("Clients are answered by the [[primary]], {newest}.");
        return vec![difference, Claim::General(by)];
    }
    if world.members().len() == 1 {
        return vec![Claim::Alone(newest)];
    }
    if backups == 0 {
        return away(world).into_iter().chain([Claim::OnlyCopy(newest)]).collect();
    }
    if let Some(away) = away(world) {
        let goes_on = "Once the [[primary]] believes so, it goes on without.".into();
        return vec![away, Claim::General(goes_on)];
    }
    apart(world, newest).unwrap_or_else(|| vec![Claim::General(answers(world.settings()).into())])
}

fn nobody(settings: &Settings) -> Vec<Claim> {
    let settings = &settings.primary_backup;
    let then = match settings.failover {
        Failover::Bully => format!(
            "So clients wait. Whoever hears nothing for {} starts a [[bully election]].",
            length(settings.timeout)
        ),
        Failover::Manual => "So clients wait until a node is told to take over.".into(),
    };
    vec![Claim::NobodyLeads("is [[primary]]"), Claim::General(then)]
}

/// The running nodes that a primary does not hear and that do not hear it; else those where only
/// one direction works.
fn apart(world: &World, primary: NodeId) -> Option<Vec<Claim>> {
    let others: Vec<NodeId> =
        world.members().iter().copied().filter(|&n| n != primary && runs(world, n)).collect();
    let deaf = |&n: &NodeId| !hears(world, n.into(), primary.into());
    let unheard = |&n: &NodeId| !hears(world, primary.into(), n.into());
    let both: Vec<NodeId> = others.iter().copied().filter(|n| deaf(n) && unheard(n)).collect();
    if !both.is_empty() {
        return Some(vec![Claim::Apart(both, primary)]);
    }
    let deaf: Vec<NodeId> = others.iter().copied().filter(deaf).collect();
    if !deaf.is_empty() {
        return Some(vec![Claim::DeafToPrimary(deaf, primary)]);
    }
    let unheard: Vec<NodeId> = others.into_iter().filter(unheard).collect();
    (!unheard.is_empty()).then(|| vec![Claim::PrimaryDeaf(primary, unheard)])
}

const fn answers(settings: &Settings) -> &'static str {
    match (settings.primary_backup.replication, settings.primary_backup.acks) {
        (Replication::Sync, 0) => {
            "The [[primary]] answers a client when its [[backups]] have what it tells: [[synchronous replication]]."
        }
        (Replication::Sync, _) => {
            "The [[primary]] answers a client when enough [[backups]] have what it tells: [[synchronous replication]]."
        }
        (Replication::Async, _) => {
            "The [[primary]] answers at once ([[asynchronous replication]]): what its [[backups]] lack is lost if it dies now."
        }
    }
}

pub fn election(world: &World) -> Vec<Claim> {
    let settings = world.settings();
    let patience = length(settings.election.timeout);
    match believing(world)[..] {
        [] => vec![
            Claim::NobodyLeads("coordinates"),
            Claim::General(format!(
                "Whoever hears no [[heartbeat]] for {patience} starts a [[bully election]]."
            )),
        ],
        [only] if world.members().len() == 1 => vec![Claim::Alone(only)],
        [only] => vec![
            Claim::Heartbeats(only, settings.heartbeat),
            Claim::General(format!(
                "Whoever hears none for {patience} starts a [[bully election]]."
            )),
        ],
        ref several => vec![
            Claim::SeveralLead(
                several.to_vec(),
                if several.len() == 2 { "both coordinate" } else { "all coordinate" },
            ),
            Claim::General(
                "A [[bully election]] asks no [[majority]], so each side of a [[partition]] can have one.".into(),
            ),
        ],
    }
}
