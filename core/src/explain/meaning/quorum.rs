//! The state of a quorum store in sentences: the keys that can be served, and whether reads meet
//! writes.

use super::super::claim::Claim;
use super::super::reach::sides;
use super::super::{Scene, serve};
use super::away;
use super::difference::difference;
use crate::run::{NodeFault, Statement};
use crate::world::World;

/// The fate of replicas that differ, where the newest version wins.
pub const NEWEST: &str = "A read takes the [[newest]] of the answers that it gets.";

pub fn quorum(scene: &Scene<'_>) -> Vec<Claim> {
    let world = scene.world;
    if sides(world).len() > 1 {
        return served(world);
    }
    if let Some(difference) = difference(world, false) {
        return vec![difference, Claim::General(NEWEST.into())];
    }
    if let Some(away) = away(world) {
        let mut claims = vec![away];
        let up = super::with_status(world, crate::world::Status::Up);
        claims.push(Claim::Serves(vec![serve::of_side(world, up)]));
        return claims;
    }
    vec![overlap(scene)]
}

/// The keys that each side can serve: sides that serve any key come first, and at most two.
fn served(world: &World) -> Vec<Claim> {
    let (mut can, cannot): (Vec<_>, Vec<_>) =
        serve::served(world).into_iter().partition(|side| !side.nothing());
    can.extend(cannot);
    can.truncate(2);
    vec![Claim::Serves(can)]
}

/// Whether a read must meet the last write.
fn overlap(scene: &Scene<'_>) -> Claim {
    let set = &scene.world.settings().quorum;
    let (r, w, n) = (set.r, set.w, set.n);
    let sum = r + w;
    if sum <= n {
        return Claim::General(format!(
            "R + W = {sum} is not more than N = {n}, so the [[quorums]] need not [[overlap]]: a read can miss the last write."
        ));
    }
    if set.sloppy {
        return Claim::General(format!(
            "R + W = {sum} is more than N = {n}, but the [[quorum]] is [[sloppy]]: others may stand in, and a read can miss a write."
        ));
    }
    match spoilt(scene) {
        Some(why) => Claim::General(format!("R + W = {sum} is more than N = {n}, but {why}")),
        None => Claim::ReadsMeet(r, w, n),
    }
}

/// Why overlapping quorums may still miss a write in this run, if a statement made that possible.
fn spoilt(scene: &Scene<'_>) -> Option<&'static str> {
    let done = &scene.commands[..scene.world.commands_done().min(scene.commands.len())];
    let any = |is: fn(&Statement) -> bool| done.iter().any(|c| is(&c.statement));
    let sets = |names: &'static [&'static str]| {
        done.iter().any(
            |c| matches!(&c.statement, Statement::Set(change) if names.contains(&change.name())),
        )
    };
    if any(|s| matches!(s, Statement::ClockJump(..) | Statement::ClockRate(..))) {
        return Some("clocks differ: an older write can have the [[newest]] stamp.");
    }
    if any(|s| matches!(s, Statement::Node(_, NodeFault::Wipe | NodeFault::Corrupt))) {
        return Some("a disk has lost what it promised: a read can miss a write.");
    }
    let crashed = any(|s| matches!(s, Statement::Node(_, NodeFault::Crash | NodeFault::Restart)));
    if crashed && (!scene.world.settings().fsync || sets(&["fsync"])) {
        return Some("crashes took what was not on disk: a read can miss a write.");
    }
    if sets(&["r", "w", "sloppy"]) {
        return Some("it was set otherwise before: a read can miss a write from then.");
    }
    None
}
