//! Backgrounds of a node's beliefs, data and actions: the second part of the headline.

use super::Scene;
use super::past::{status_at, was_cut_off};
use super::words::listed;
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::peers::Standing;
use crate::protocol::{Fact, Index, Machine};
use crate::quorum::Configuration;
use crate::settings::Preset;
use crate::trace::What;
use crate::world::{Host, Status};

/// The reason or the meaning of a fact, in one sentence; empty where the fact says it all.
pub fn of(scene: &Scene<'_>, id: EventId, n: NodeId, fact: Fact) -> String {
    let preset = scene.world.preset();
    match fact {
        Fact::Suspected(peer) | Fact::Deemed(peer, Standing::Dead) => silence(scene, id, n, peer),
        Fact::Deemed(whom, standing) if whom == n => itself(standing).into(),
        Fact::Deemed(whom, standing) => of_peer(whom, standing),
        Fact::Trusted(_) => "Its [[suspicion]] ends: whoever is heard from cannot be dead.".into(),
        Fact::HandedOver(to, _) if preset == Preset::Ring => {
            format!("By its [[virtual nodes]] on the [[ring]], {to} is where they belong now.")
        }
        Fact::HandedOver(to, _) => {
            format!("It had kept that as a [[hint]], while {to} did not answer.")
        }
        Fact::CaughtUp(..) => "They were kept in memory for as long as it was away.".into(),
        Fact::Declined(from) if differ(scene, n, from) => {
            "The two differ now, and nothing here will make them equal again.".into()
        }
        Fact::Declined(_) => "What it holds already is the same.".into(),
        Fact::Abandoned(_) => "Others may have chosen another [[leader]] by now.".into(),
        Fact::Installed(_) => {
            "Its leader has a [[snapshot]] in the place of the [[entries]] that it missed.".into()
        }
        Fact::Restored(upto) if had_more(scene, n, upto) => {
            "What it had carried out beyond that as [[primary]] is lost.".into()
        }
        Fact::Restored(_) => "From here on it gets every update.".into(),
        Fact::Reconfigured(_) => reconfigured(scene, n),
        Fact::Yielded(to) => {
            format!("So {to} need not wait for its [[election timer]].")
        }
        Fact::Contradicted(_) => "That can only be when a disk has lost what it promised.".into(),
        _ => String::new(),
    }
}

/// The most events that are searched backwards for the actions of a node as primary.
const LOOK_BACK: usize = 20_000;

/// Whether a node that took another's whole state had executed more as primary itself.
fn had_more(scene: &Scene<'_>, n: NodeId, upto: Index) -> bool {
    let before = EventId(scene.world.events());
    let mut back = scene
        .trace
        .iter_back(before)
        .take(LOOK_BACK)
        .skip_while(|(_, e)| !matches!(e.what, What::Noted(m, Fact::Restored(_)) if m == n));
    back.next();
    let last = back.find_map(|(_, e)| match e.what {
        What::Noted(m, Fact::Appended(index)) if m == n => Some(Some(index)),
        What::Noted(m, Fact::Restored(_)) if m == n => Some(None),
        _ => None,
    });
    last.flatten().is_some_and(|index| index > upto)
}

/// Whether two nodes hold different data.
fn differ(scene: &Scene<'_>, one: NodeId, other: NodeId) -> bool {
    let data = |n| Some(scene.world.node(n).and_then(Host::machine)?.view(0).data);
    data(one).zip(data(other)).is_some_and(|(one, other)| one != other)
}

/// Why no message came from a peer; the waiting node cannot know this.
fn silence(scene: &Scene<'_>, id: EventId, n: NodeId, peer: NodeId) -> String {
    match status_at(scene, id, peer) {
        Status::Crashed => format!("{peer} had crashed, which it cannot know."),
        Status::Left => format!("{peer} has left."),
        Status::Paused => format!("{peer} was paused, which it cannot know."),
        Status::Up if was_cut_off(scene, id, peer, n) => {
            format!("It was cut off from {peer}, which it cannot tell from a crash.")
        }
        Status::Up => format!("{peer} ran: the message was lost or late."),
    }
}

/// The consequence of a peer's standing for itself.
const fn itself(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "It takes part, and every command is forwarded to it.",
        Standing::Recovered => "It has carried out what the others had kept for it.",
        Standing::Recover => "It does not know yet what it missed.",
        Standing::Dead => "",
    }
}

/// The consequence of a standing for several peers that reach it at once.
pub fn of_several(standing: Standing) -> String {
    match standing {
        Standing::Active => "They take part, and every command is forwarded to them.",
        Standing::Recovered => "They have carried out what the others had kept for them.",
        Standing::Recover => "They do not know yet what they missed.",
        Standing::Dead => "",
    }
    .into()
}

/// The consequence of a peer's standing for the others.
fn of_peer(whom: NodeId, standing: Standing) -> String {
    match standing {
        Standing::Active => "From now on it forwards every command at once.".into(),
        Standing::Recover => format!("It heard from {whom} again, and sends what it kept for it."),
        Standing::Recovered => {
            format!("{whom} has said that it has carried out what it missed.")
        }
        Standing::Dead => String::new(),
    }
}

/// A change of members holds before it is committed: the majorities that it needs meanwhile.
fn reconfigured(scene: &Scene<'_>, n: NodeId) -> String {
    let Some(members) = configuration(scene, n) else { return String::new() };
    if members.is_joint() {
        return "This is [[joint consensus]]: for now it takes a [[majority]] of the old members \
                and one of the new."
            .into();
    }
    if !members.learners().is_empty() {
        return "It is sent the [[log]], and has no [[vote]] until it has caught up.".into();
    }
    "They count as soon as they are in the [[log]], [[committed]] or not.".into()
}

/// The change of members that a leader began, if it is still pending.
pub fn members(scene: &Scene<'_>, n: NodeId) -> Option<String> {
    let members = configuration(scene, n)?;
    let learners: Vec<NodeId> = members.learners().iter().copied().collect();
    let mut voters: Vec<NodeId> = members.voters().iter().collect();
    order::sort(&mut voters);
    Some(match (members.is_joint(), &learners[..]) {
        (true, _) => format!("The members change to {}.", listed(&voters)),
        (false, []) => format!("The members are {} now.", listed(&voters)),
        (false, [_]) => format!("{} joins as a learner.", listed(&learners)),
        (false, _) => format!("{} join as learners.", listed(&learners)),
    })
}

fn configuration<'a>(scene: &Scene<'a>, n: NodeId) -> Option<&'a Configuration<NodeId>> {
    match scene.world.node(n).and_then(Host::machine)? {
        Machine::Raft(server) => Some(server.members().configuration()),
        _ => None,
    }
}
