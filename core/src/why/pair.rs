//! Facts about two nodes: suspicions, and the fate of messages between them.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use super::orders;
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::peers::Standing;
use crate::protocol::{Fact, Machine};
use crate::settings::Preset;
use crate::time::Time;
use crate::trace::What;
use crate::world::Host;

/// One believes another dead, or in another standing than active.
pub fn suspects(case: &Case<'_>, who: Addr, whom: NodeId) -> Found {
    let Some((id, at, standing)) = held(case, who, whom, case.end) else {
        return Found::nothing(format!("{who} has no reason to take {whom} for dead."));
    };
    let since = moment(at);
    if !still(case, who, whom) {
        let sentence = format!("{who} took {whom} for dead at {since}, and does so no longer.");
        let ends = "such a suspicion ends by itself, so that the node is tried again";
        return Found::by(Some(id), sentence).lacking(vec![ends.into()]);
    }
    let sentence = match standing {
        Standing::Dead => format!("{who} takes {whom} for dead since {since}."),
        other => format!("{who} takes {whom} to be {} since {since}.", other.name()),
    };
    let mut missing = barrier::told(case, who, &[whom]);
    if missing.is_empty() && standing == Standing::Dead {
        missing.push(format!("{whom} runs and can be reached: what it sent was lost or late"));
    }
    missing.extend(on_the_way_back(standing, whom));
    Found::by(Some(id), sentence).lacking(missing)
}

/// The nodes that somebody believes in another standing than active, by id.
pub fn doubted(case: &Case<'_>, who: Addr) -> Vec<(NodeId, Standing)> {
    let nodes = case.scene.world.nodes().map(Host::id).filter(|n| who != Addr::Node(*n));
    if matches!(case.scene.world.preset(), Preset::Raft | Preset::WriteAll | Preset::Quorum) {
        return Vec::new();
    }
    nodes.filter_map(|n| Some((n, held(case, who, n, case.end)?.2))).collect()
}

/// The event, before another, since which somebody believed a node in another standing than active;
/// its time, and that standing.
pub fn held(
    case: &Case<'_>,
    who: Addr,
    whom: NodeId,
    before: EventId,
) -> Option<(EventId, Time, Standing)> {
    let told = |w: What| match w {
        What::Noted(n, fact) if who == n.into() => opinion(fact, whom),
        What::BalancerNoted(fact) if who == Addr::Balancer => opinion(fact, whom),
        What::Started(n) | What::Crashed(n) => (who == n.into()).then_some(None),
        _ => None,
    };
    let id = case.last_turn(before, &|w| told(w).is_some())?;
    let event = case.event(id)?;
    Some((id, event.at, told(event.what)??))
}

/// The opinion of a peer that a fact reports: None if it is about something else; no standing if
/// the peer is trusted.
fn opinion(fact: Fact, whom: NodeId) -> Option<Option<Standing>> {
    match fact {
        Fact::Suspected(p) if p == whom => Some(Some(Standing::Dead)),
        Fact::Trusted(p) if p == whom => Some(None),
        Fact::Deemed(p, standing) if p == whom => {
            Some(Some(standing).filter(|s| *s != Standing::Active))
        }
        _ => None,
    }
}

/// Whether a suspicion still holds: its end is no event.
fn still(case: &Case<'_>, who: Addr, whom: NodeId) -> bool {
    let host = who.node().and_then(|n| case.scene.world.node(n));
    match host.and_then(|h| Some((h, h.machine()?))) {
        Some((host, Machine::Quorum(replica))) => {
            replica.suspects().contains(whom, host.clock().reading(case.scene.world.now()))
        }
        _ => true,
    }
}

/// The remaining steps of a peer that was dead until it is active again.
fn on_the_way_back(standing: Standing, whom: NodeId) -> Option<String> {
    match standing {
        Standing::Recover => Some(format!(
            "{whom} was sent what it missed, and has not said yet that it has carried that out"
        )),
        Standing::Recovered => Some(format!(
            "{whom} has carried out what it missed; with its next heartbeat it is active"
        )),
        Standing::Active | Standing::Dead => None,
    }
}

/// A link is cut, or loses messages, or is slow; or it is not.
pub fn link(case: &Case<'_>, a: NodeId, b: NodeId) -> Found {
    let links = case.scene.world.links();
    let (there, back) = (links.is_cut(a.into(), b.into()), links.is_cut(b.into(), a.into()));
    let (from, to, how) = match (there, back) {
        (true, true) => (a, b, format!("The link {a}-{b} is cut")),
        (true, false) => (a, b, format!("Nothing gets from {a} to {b}")),
        (false, true) => (b, a, format!("Nothing gets from {b} to {a}")),
        (false, false) => return behaves(case, a, b),
    };
    match barrier::cut_by(case, from.into(), to.into(), case.end) {
        Some((event, since)) => Found::by(Some(event), format!("{how} since {}.", moment(since))),
        None => Found::nothing(format!("{how}.")),
    }
}

/// The behaviour of a link that is not cut, where it differs from the network's.
fn behaves(case: &Case<'_>, a: NodeId, b: NodeId) -> Found {
    let links = case.scene.world.links();
    let changed = |from: NodeId, to: NodeId| {
        let order = orders::behaviour(case, from.into(), to.into(), case.end, |_| true)?;
        let view = links.behaviour(from.into(), to.into());
        let lost = match view.loss.0 / 10_000 {
            0 => String::new(),
            percent => format!(", and {percent}% are lost"),
        };
        let clause = format!("from {from} to {to} messages take {}{lost}", view.latency);
        Some((order, clause))
    };
    let both: Vec<_> = [changed(a, b), changed(b, a)].into_iter().flatten().collect();
    let Some(order) = both.iter().map(|(order, _)| *order).max_by_key(|o| o.event) else {
        return Found::nothing(format!(
            "The link {a}-{b} is not cut, and as the cluster line says."
        ));
    };
    let sentence = format!("The link {a}-{b} is not cut, but changed at {}.", moment(order.at));
    let clauses = both.into_iter().map(|(_, clause)| clause).collect();
    Found::by(Some(order.event), sentence).lacking(clauses)
}
