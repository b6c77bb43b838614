//! Why a node came to believe, to hold or to do something: what stands beside it in the headline.

use super::Scene;
use super::headline::is_cut_off;
use crate::ids::NodeId;
use crate::protocol::peers::Standing;
use crate::protocol::{Fact, Machine};
use crate::settings::Preset;
use crate::world::{Host, Status};

/// Why, or what it means, in one sentence; empty where the fact says it all.
pub fn of(scene: &Scene<'_>, n: NodeId, fact: Fact) -> String {
    let preset = scene.world.preset();
    match fact {
        Fact::Suspected(peer) | Fact::Deemed(peer, Standing::Dead) => silence(scene, n, peer),
        Fact::Deemed(whom, standing) if whom == n => itself(standing).into(),
        Fact::Deemed(whom, standing) => of_peer(whom, standing),
        Fact::Trusted(_) => {
            "A suspicion of a [[failure detector]] can be wrong, and ends so.".into()
        }
        Fact::HandedOver(to, _) if preset == Preset::Ring => {
            format!("By its [[virtual nodes]] on the [[ring]], {to} is where they belong now.")
        }
        Fact::HandedOver(to, _) => {
            format!("It had kept that as a [[hint]], while {to} did not answer.")
        }
        Fact::CaughtUp(..) => "They were kept in memory for as long as it was away.".into(),
        Fact::Declined(_) => "Nothing here will make them equal again.".into(),
        Fact::Abandoned(_) => "Others may have chosen another [[leader]] by now.".into(),
        Fact::Installed(_) => {
            "Its leader has a [[snapshot]] in the place of the [[entries]] that it missed.".into()
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

/// Why nothing came from a peer, which whoever waits for it cannot know.
fn silence(scene: &Scene<'_>, n: NodeId, peer: NodeId) -> String {
    match scene.world.node(peer).map(Host::status) {
        Some(Status::Crashed) => format!("{peer} crashed, which it cannot know."),
        Some(Status::Paused) => format!("{peer} is paused, which it cannot know."),
        _ if is_cut_off(scene, peer, n) => {
            format!("It is cut off from {peer}, which it cannot tell from a crash.")
        }
        _ => format!("{peer} runs: the message was lost or late."),
    }
}

/// What a peer's state means for itself.
const fn itself(standing: Standing) -> &'static str {
    match standing {
        Standing::Active => "It takes part, and every command is forwarded to it.",
        Standing::Recovered => "It has carried out what the others had kept for it.",
        Standing::Recover => "It does not know yet what it missed.",
        Standing::Dead => "",
    }
}

/// What the state of a peer means for the others.
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

/// That a change of members counts before it is committed, and what it takes meanwhile.
fn reconfigured(scene: &Scene<'_>, n: NodeId) -> String {
    let joint = match scene.world.node(n).and_then(Host::machine) {
        Some(Machine::Raft(server)) => server.members().configuration().is_joint(),
        _ => false,
    };
    if joint {
        return "This is [[joint consensus]]: for now it takes a [[majority]] of the old members \
                and one of the new."
            .into();
    }
    "A [[configuration]] counts as soon as it is in the [[log]], [[committed]] or not.".into()
}
