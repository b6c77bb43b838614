//! The past, by the trace and the statements: the status of a node, and the cut links, at the time
//! of an event.

use super::Scene;
use crate::ids::{Addr, ClientId, EventId, NodeId};
use crate::network::Links;
use crate::run::Statement;
use crate::time::Time;
use crate::trace::What;
use crate::world::{Host, Status};

/// The status of a node just before an event.
pub fn status_at(scene: &Scene<'_>, before: EventId, n: NodeId) -> Status {
    let turn = |what| match what {
        What::Started(m) | What::Resumed(m) if m == n => Some(Status::Up),
        What::Crashed(m) if m == n => Some(Status::Crashed),
        What::Paused(m) if m == n => Some(Status::Paused),
        What::Left(m) if m == n => Some(Status::Left),
        _ => None,
    };
    scene.trace.turns_back(before).find_map(|(_, e)| turn(e.what)).unwrap_or(Status::Up)
}

/// The links after all statements before that time.
fn links_at(scene: &Scene<'_>, time: Time) -> Links {
    let nodes = scene.world.nodes().map(|h| Addr::from(h.id()));
    let clients = scene.world.clients().map(|c| Addr::from(ClientId(c.id().0)));
    let all: Vec<Addr> = nodes.chain(clients).chain([Addr::Balancer]).collect();
    let mut links = Links::new(scene.world.settings());
    for command in scene.commands.iter().take_while(|c| c.at < time) {
        match &command.statement {
            Statement::Isolate(n) => links.isolate((*n).into(), all.iter().copied()),
            Statement::Cut(link) => links.cut(*link),
            Statement::Partition(groups) => links.partition(groups),
            Statement::Heal(what) => links.heal(*what),
            _ => {}
        }
    }
    links
}

/// Whether two nodes could not talk with each other at the time of an event.
pub fn was_cut_off(scene: &Scene<'_>, event: EventId, a: NodeId, b: NodeId) -> bool {
    let at = scene.trace.event(event).map_or(scene.world.now(), |e| e.at);
    let any_cut = |c: &crate::run::Command| {
        matches!(c.statement, Statement::Isolate(_) | Statement::Cut(_) | Statement::Partition(_))
    };
    if !scene.commands.iter().take_while(|c| c.at < at).any(any_cut) {
        return false;
    }
    let links = links_at(scene, at);
    links.is_cut(a.into(), b.into()) || links.is_cut(b.into(), a.into())
}

/// The time since which a node has its status.
pub fn since(scene: &Scene<'_>, n: NodeId) -> Time {
    scene.world.node(n).map_or(Time::ZERO, Host::since)
}
