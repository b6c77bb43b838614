//! Data that a node keeps for another, for later delivery: hints of a quorum store, commands of a
//! peer, keys of a ring that have another owner.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::peers::Standing;
use crate::protocol::{Fact, Kind, Machine};
use crate::trace::What;
use crate::world::{Status, World};

/// The nodes for which a node keeps data, each with the number of versions, commands or keys.
#[must_use]
pub fn by(world: &World, n: NodeId) -> Vec<(NodeId, usize)> {
    match world.node(n).and_then(|h| h.machine()) {
        Some(Machine::Quorum(replica)) => {
            let count = |home| replica.hints().iter().filter(|(h, ..)| *h == home).count();
            replica.hints().homes().map(|home| (home, count(home))).collect()
        }
        Some(Machine::Peers(server)) => server.keeps().collect(),
        Some(Machine::Ring(node)) => node.owes().collect(),
        _ => Vec::new(),
    }
}

/// Whether and why a node keeps data for another.
pub fn of(case: &Case<'_>, n: NodeId, whom: NodeId) -> Found {
    let host = case.scene.world.node(n);
    if host.is_some_and(|h| h.status() == Status::Crashed) {
        return super::role::as_it_is(case, n);
    }
    let kept = by(case.scene.world, n).into_iter().find(|(home, _)| *home == whom);
    let Some((_, many)) = kept else {
        return Found::nothing(format!("{n} keeps nothing for {whom}."));
    };
    let what = match host.and_then(|h| h.machine()) {
        Some(Machine::Peers(_)) => "command",
        Some(Machine::Ring(_)) => "key",
        _ => "version",
    };
    let plural = if many == 1 { "" } else { "s" };
    let sentence = format!("{n} still keeps {many} {what}{plural} for {whom}.");
    let put = |w: What| match w {
        What::Noted(m, Fact::Hinted(home) | Fact::Queued(home) | Fact::HandedOver(home, 1..)) => {
            (m, home) == (n, whom)
        }
        _ => false,
    };
    let fact = case.last(&put);
    let mut missing = Vec::new();
    missing.extend(
        fact.and_then(|id| case.event(id)).map(|e| format!("the last came at {}", moment(e.at))),
    );
    missing.extend(barrier::told(case, n.into(), &[whom]));
    missing.extend(believed(case, n, whom));
    if let Some(lost) = offered(case, n, whom, fact) {
        missing.push(super::client::at(case, lost));
    }
    if missing.len() == 1 {
        missing.push(format!("{whom} has not acknowledged it yet"));
    }
    if what == "command" {
        missing.push(format!("they are in memory only: a crash of {n} would lose them"));
    }
    Found::by(fact, sentence).lacking(missing)
}

/// The keeper's belief about the other node.
fn believed(case: &Case<'_>, n: NodeId, whom: NodeId) -> Option<String> {
    let told = |w: What| match w {
        What::Noted(m, Fact::Deemed(p, _) | Fact::Suspected(p) | Fact::Trusted(p)) => {
            (m, p) == (n, whom)
        }
        _ => false,
    };
    let event = case.event(case.last_turn(case.end, &told)?)?;
    let at = moment(event.at);
    match event.what {
        What::Noted(_, Fact::Deemed(_, standing)) if standing != Standing::Active => {
            Some(format!("{n} takes {whom} to be {} since {at}", standing.name()))
        }
        What::Noted(_, Fact::Suspected(_)) => {
            Some(format!("{n} had no answer from {whom} at {at}"))
        }
        _ => None,
    }
}

/// The last delivery attempt that was lost.
fn offered(case: &Case<'_>, n: NodeId, whom: NodeId, since: Option<EventId>) -> Option<EventId> {
    let lost = |w: What| match w {
        What::Lost(p, _) => {
            let between = [(n.into(), whom.into()), (whom.into(), n.into())];
            let hands = matches!(
                p.kind,
                Kind::Handoff
                    | Kind::HandoffReply
                    | Kind::Replay
                    | Kind::ReplayReply
                    | Kind::Transfer
                    | Kind::TransferReply
            );
            hands && between.contains(&(p.from, p.to))
        }
        _ => false,
    };
    case.last(&lost).filter(|id| since.is_none_or(|since| *id > since))
}

/// The nodes for which a node keeps data, as a clause.
pub fn told(world: &World, n: NodeId) -> Option<String> {
    let homes: Vec<NodeId> = by(world, n).into_iter().map(|(home, _)| home).collect();
    (!homes.is_empty()).then(|| format!("it keeps what belongs to {}", listed(&homes)))
}
