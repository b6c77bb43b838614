//! The meaning of the present state: the small sentence of the headline, read off the World and the
//! run's statements. Serious problems come first.

mod copies;
mod difference;
mod primary;
mod quorum;
mod raft;

use super::Scene;
use super::claim::Claim;
use super::reach::{runs, with_status};
use crate::ids::NodeId;
use crate::order;
use crate::protocol::Term;
use crate::run::Statement;
use crate::settings::Preset;
use crate::world::{Host, Status, World};

pub fn meaning(scene: &Scene<'_>) -> Vec<Claim> {
    let world = scene.world;
    if !world.members().iter().any(|&n| runs(world, n)) && with_status(world, Status::Up).is_empty()
    {
        return vec![Claim::NoneRuns];
    }
    let claims = match world.preset() {
        Preset::Raft => raft::raft(world),
        Preset::WriteAll => copies::write_all(world),
        Preset::Quorum => quorum::quorum(scene),
        Preset::Election => primary::election(world),
        Preset::PrimaryBackup => primary::primary_backup(world),
        Preset::Peers => copies::peers(world),
        Preset::Ring => copies::ring(world),
        Preset::Chain => super::chain::meaning(world),
    };
    match broken_rule(scene) {
        Some(rule) => without_promises(claims, rule),
        None => claims,
    }
}

/// The rule of the protocol that was broken last, if any ever was: what a protocol promises may not hold
/// after that, also once the rule is followed again.
fn broken_rule<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let done = &scene.commands[..scene.world.commands_done().min(scene.commands.len())];
    done.iter().rev().find_map(|c| match &c.statement {
        Statement::Rule(name, false) => Some(&**name),
        _ => None,
    })
}

/// The claims that the World shows, without those that rest on the protocol's promises.
fn without_promises(mut claims: Vec<Claim>, rule: &str) -> Vec<Claim> {
    claims.retain(|claim| {
        !matches!(claim, Claim::General(_) | Claim::ReadsMeet(..) | Claim::Chain(_))
    });
    if claims.is_empty() {
        claims.push(Claim::General(format!(
            "The rule {rule} was broken: what the protocol promises need not hold any more."
        )));
    }
    claims
}

/// The members that are not running, if any.
pub fn away(world: &World) -> Option<Claim> {
    away_among(world, &with_members(world))
}

fn with_members(world: &World) -> Vec<NodeId> {
    world.members().to_vec()
}

fn away_among(world: &World, who: &[NodeId]) -> Option<Claim> {
    let with = |status| {
        let all = with_status(world, status);
        all.into_iter().filter(|n| who.contains(n)).collect::<Vec<_>>()
    };
    let (down, paused) = (with(Status::Crashed), with(Status::Paused));
    (!down.is_empty() || !paused.is_empty()).then_some(Claim::Away { down, paused })
}

/// The running nodes that believe that they lead, lowest term first.
pub fn believers(world: &World) -> Vec<(Term, NodeId)> {
    let leads = |h: &Host| {
        let sign = h.machine().filter(|_| h.status() == Status::Up)?.sign();
        sign.role.leads().then_some((sign.term.unwrap_or_default(), h.id()))
    };
    let mut believers: Vec<_> = world.nodes().filter_map(leads).collect();
    order::sort(&mut believers);
    believers
}

/// The running nodes that believe that they lead, by id.
fn believing(world: &World) -> Vec<NodeId> {
    let mut believers: Vec<NodeId> = believers(world).into_iter().map(|(_, n)| n).collect();
    order::sort(&mut believers);
    believers
}
