//! Why a node stands for election or leads: the second part of the headline.

use super::Scene;
use super::past::{status_at, was_cut_off};
use super::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind, Role, Term};
use crate::run::{NodeFault, Statement};
use crate::trace::What;
use crate::world::{Host, Status};

/// The most causes that are searched backwards for the beginning of an election.
const MOST_CAUSES: usize = 100;

/// The trigger of a candidacy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spur {
    /// Its timer ran out by itself.
    Silence,
    /// A statement made it run out.
    Hand,
    /// The previous leader handed its leadership over.
    HandedOver(NodeId),
}

/// The beginning of an election, by the causes of the event with which a node stood or won.
fn spur(scene: &Scene<'_>, from: EventId) -> Spur {
    let mut next = Some(from);
    for _ in 0..MOST_CAUSES {
        let Some(event) = next.and_then(|id| scene.trace.event(id)) else { break };
        match event.what {
            What::Commanded(_) => return Spur::Hand,
            What::Fired(..) => return Spur::Silence,
            What::Delivered(p) if p.kind == Kind::TimeoutNow => {
                return p.from.node().map_or(Spur::Silence, Spur::HandedOver);
            }
            _ => next = event.causes.first(),
        }
    }
    Spur::Silence
}

/// The reason of a fact in an election by id.
pub fn by_id(scene: &Scene<'_>, id: EventId, n: NodeId, fact: Fact) -> String {
    let higher: Vec<NodeId> = scene.world.nodes().map(Host::id).filter(|&id| id > n).collect();
    match fact {
        Fact::Stood(_) if higher.is_empty() => "No other is higher.".into(),
        Fact::Stood(_) if higher.len() == 1 => {
            format!("It asks {} whether it is there.", higher[0])
        }
        Fact::Stood(_) => format!("It asks {} whether they are there.", listed(&higher)),
        Fact::Led(_) if higher.is_empty() && has_just_started(scene, id, n) => {
            "It started, and no other is higher.".into()
        }
        Fact::Led(_) if higher.is_empty() => "No other is higher.".into(),
        Fact::Led(_) if spur(scene, id) == Spur::Hand => "It was told to take over.".into(),
        Fact::Led(_) => format!("It heard from none that is higher: {}.", listed(&higher)),
        Fact::SteppedDown(number) => {
            format!("It learnt of [[election]] {number}{}.", won_by(scene, n))
        }
        _ => String::new(),
    }
}

fn has_just_started(scene: &Scene<'_>, id: EventId, n: NodeId) -> bool {
    let cause = scene.trace.event(id).and_then(|e| scene.trace.event(e.causes.first()?));
    cause.is_some_and(|cause| cause.what == What::Started(n))
}

/// `, which n3 won`, if a node other than `but` leads.
fn won_by(scene: &Scene<'_>, but: NodeId) -> String {
    let leader = scene.world.leader().filter(|&l| l != but);
    leader.map(|l| format!(", which {l} won")).unwrap_or_default()
}

/// The last leader among the earlier beats, with its term.
pub fn former(scene: &Scene<'_>, earlier: &[EventId]) -> Option<(NodeId, Term)> {
    earlier.iter().rev().find_map(|&id| match scene.trace.event(id)?.what {
        What::Noted(n, Fact::Led(term)) => Some((n, term)),
        _ => None,
    })
}

/// Why a node leads that was elected by votes.
pub fn leads(scene: &Scene<'_>, earlier: &[EventId], n: NodeId, term: Term) -> String {
    let stood = earlier.iter().rev().find(|id| {
        scene.trace.event(**id).is_some_and(|e| e.what == What::Noted(n, Fact::Stood(term)))
    });
    match stood.map_or(Spur::Silence, |&id| spur(scene, id)) {
        Spur::Hand => return "Its [[election timer]] was made to run out.".into(),
        Spur::HandedOver(from) => {
            return format!("{from} handed its leadership over, and a [[majority]] voted for {n}.");
        }
        Spur::Silence => {}
    }
    let Some((former, term)) = former(scene, earlier) else {
        return "Its [[election timer]] ran out first, and a [[majority]] voted for it.".into();
    };
    if former == n {
        return format!("It led [[term]] {term} too.");
    }
    let when = stood.copied().unwrap_or(EventId(scene.world.events()));
    match status_at(scene, when, former) {
        Status::Crashed => format!("{former} crashed, so the others chose again."),
        Status::Paused => format!("{former} was paused, so the others chose again."),
        Status::Left => format!("{former} left the cluster, so the others chose again."),
        Status::Up if was_cut_off(scene, when, former, n) => {
            format!("It was cut off from {former}, so the [[majority]] chose again.")
        }
        _ if has_crashed(scene, earlier, former) => {
            format!("{former} had crashed, and with it its knowledge that it led.")
        }
        _ => format!("It had heard nothing from {former} for too long."),
    }
}

/// Why a node stands for election, and the number of its votes.
pub fn stands(
    scene: &Scene<'_>,
    earlier: &[EventId],
    id: EventId,
    (n, term): (NodeId, Term),
) -> String {
    let votes = votes(scene, n, term);
    match spur(scene, id) {
        Spur::Hand => return format!("Its [[election timer]] was made to run out.{votes}"),
        Spur::HandedOver(from) => return format!("{from} told it to take over at once.{votes}"),
        Spur::Silence => {}
    }
    let heard = former(scene, earlier).filter(|(former, _)| *former != n);
    heard.map_or_else(
        || format!("It has heard of no [[leader]] for too long.{votes}"),
        |(former, _)| format!("It has heard nothing from {former} for too long.{votes}"),
    )
}

/// ` It has 2 of the 3 votes it needs.`, while it stands.
fn votes(scene: &Scene<'_>, n: NodeId, term: Term) -> String {
    let sign = scene.world.node(n).and_then(Host::machine).map(crate::protocol::Machine::sign);
    if sign.is_none_or(|s| s.role != Role::Candidate || s.term != Some(term)) {
        return String::new();
    }
    let mut back = scene.trace.iter_back(EventId(scene.world.events())).take(10_000);
    let counted = back.find_map(|(_, e)| match e.what {
        What::Noted(who, Fact::Counted(have, need)) if who == n => Some((have, need)),
        _ => None,
    });
    counted
        .map(|(have, need)| format!(" It has {have} of the {need} [[votes]] it needs."))
        .unwrap_or_default()
}

/// Whether a statement crashed a node since it was last elected.
fn has_crashed(scene: &Scene<'_>, earlier: &[EventId], node: NodeId) -> bool {
    let crashed = |id: &EventId| match scene.trace.event(*id)?.what {
        What::Noted(n, Fact::Led(_)) if n == node => Some(false),
        What::Commanded(place) => match scene.commands.get(place as usize)?.statement {
            Statement::Node(n, NodeFault::Crash | NodeFault::Wipe | NodeFault::Restart)
                if n == node =>
            {
                Some(true)
            }
            _ => None,
        },
        _ => None,
    };
    earlier.iter().rev().find_map(crashed).unwrap_or(false)
}
