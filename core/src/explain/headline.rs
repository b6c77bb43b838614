//! The sentence at the top: what has just happened and why, and what it means.

use super::words::{count, length, listed};
use super::{Beats, Scene, background, consequence, event, meaning, reason, standing};
use crate::client::Operation;
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::{Fact, Outcome};
use crate::settings::Preset;
use crate::trace::What;
use crate::world::{Host, Status};

/// What stands at the top of the stage. Terms of the glossary stand in double brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// What has just happened.
    pub bold: String,
    /// Why, or how.
    pub rest: String,
    /// What it means now.
    pub small: String,
}

/// The headline at the playhead. `beats` must have read the scene's trace.
#[must_use]
pub fn headline(scene: &Scene<'_>, beats: &Beats) -> Headline {
    let told = standing::told(scene, beats);
    let (bold, rest) = match standing::standing(scene, told) {
        Some(place) => {
            several(scene, told, place).unwrap_or_else(|| beat(scene, &told[..place], told[place]))
        }
        None => quiet(scene, told.is_empty()),
    };
    Headline { bold, rest, small: meaning::meaning(scene) }
}

/// Nothing has happened yet that is worth a sentence, or all that did is over.
fn quiet(scene: &Scene<'_>, is_beginning: bool) -> (String, String) {
    if let Some(leader) = scene.world.leader() {
        let does = match scene.world.preset() {
            Preset::Election => "coordinates",
            Preset::PrimaryBackup => "is primary",
            _ => "leads",
        };
        return (format!("{leader} {does}."), String::new());
    }
    let is_up = |h: &Host| h.status() == Status::Up;
    let up = scene.world.nodes().filter(|h| is_up(h)).count();
    let do_what = match (is_beginning, up) {
        (true, 1) => "node has started",
        (true, _) => "nodes have started",
        (false, 1) => "node runs",
        (false, _) => "nodes run",
    };
    let bold = format!("{} {do_what}.", count(up));
    let rest = match scene.world.preset() {
        Preset::Raft => {
            "None of them leads: the first whose [[election timer]] runs out will ask for [[votes]]."
        }
        Preset::WriteAll => "They do not talk to each other.",
        Preset::Quorum => "None of them leads: each can be [[coordinator]].",
        Preset::Election => "The highest of them that is there will be their [[coordinator]].",
        Preset::PrimaryBackup => "One of them will be [[primary]] and serve every client.",
        Preset::Peers => "None of them leads: each serves whoever asks it.",
        Preset::Ring => "Each of them owns a part of the keys.",
        Preset::Chain => "A write goes from the first of them to the last, which answers.",
    };
    (bold, rest.into())
}

/// Bold and rest where several peers come to say the same of themselves at once.
fn several(scene: &Scene<'_>, told: &[EventId], place: usize) -> Option<(String, String)> {
    let said = |id: EventId| match scene.trace.event(id)?.what {
        What::Noted(n, Fact::Deemed(whom, standing)) if whom == n => Some((n, standing)),
        _ => None,
    };
    let (_, standing) = said(told[place])?;
    let together = told[place..].iter().filter(|id| standing::is_with(scene, told[place], **id));
    let same = together.filter_map(|id| said(*id)).filter(|(_, theirs)| *theirs == standing);
    let mut who: Vec<NodeId> = same.map(|(n, _)| n).collect();
    order::sort(&mut who);
    who.dedup();
    (who.len() > 1).then(|| {
        (format!("{} are {} now.", listed(&who), standing.name()), background::of_several(standing))
    })
}

/// Bold and rest for one beat; `earlier` are those before it.
fn beat(scene: &Scene<'_>, earlier: &[EventId], id: EventId) -> (String, String) {
    let bold = event::sentence(scene, id).unwrap_or_default();
    let Some(event) = scene.trace.event(id) else { return (bold, String::new()) };
    if event::elects_by_id(scene.world.preset())
        && let What::Noted(n, fact) = event.what
    {
        let why = reason::by_id(scene, id, n, fact);
        if !why.is_empty() {
            let steps_down = matches!(fact, Fact::SteppedDown(_));
            return (if steps_down { format!("{n} steps down.") } else { bold }, why);
        }
    }
    match event.what {
        What::Noted(n, Fact::Led(term)) => {
            (format!("{n} leads term {term}."), reason::leads(scene, earlier, n, term))
        }
        What::Noted(n, Fact::Stood(term)) => (
            format!("{n} stands for election in term {term}."),
            reason::stands(scene, earlier, id, (n, term)),
        ),
        What::Noted(n, Fact::SteppedDown(term)) if event::was_removed(scene, id, n, term) => {
            (bold, "Who is no [[member]] any more must not lead.".into())
        }
        What::Noted(n, Fact::SteppedDown(term)) => (
            format!("{n} steps down."),
            format!("It learnt of [[term]] {term}{}.", led_by(scene, n)),
        ),
        What::Commanded(place) => {
            let statement = scene.commands.get(place as usize).map(|c| &c.statement);
            let had_effect = statement.is_some_and(|s| event::has_effect(scene, id, s));
            let statement = statement.filter(|_| had_effect);
            (bold, statement.map(|s| consequence::of(scene, earlier, s)).unwrap_or_default())
        }
        What::Noted(n, fact @ Fact::Reconfigured(_)) => {
            let members = background::members(scene, n).unwrap_or(bold);
            (members, background::of(scene, n, fact))
        }
        What::Noted(n, Fact::Truncated(index)) => (
            format!("{n} takes over its leader's [[log]]."),
            format!(
                "Its own [[entries]] from {index} on were not [[committed]], as far as it knew."
            ),
        ),
        What::Noted(n, fact) => (bold, background::of(scene, n, fact)),
        What::Invoked(_, operation) => (bold, waits(scene.world.operation(operation))),
        What::Returned(_, operation) => (bold, took(scene.world.operation(operation))),
        _ => (bold, String::new()),
    }
}

fn waits(operation: Option<&Operation>) -> String {
    let is_open = operation.is_some_and(|o| o.end.is_none());
    if is_open { "It waits for an answer.".into() } else { String::new() }
}

fn took(operation: Option<&Operation>) -> String {
    let Some((operation, end)) = operation.and_then(|o| Some((o, o.end.as_ref()?))) else {
        return String::new();
    };
    let took = length(end.at.since(operation.invoked));
    match end.outcome {
        Outcome::Ok(_) => format!("It took {took}."),
        Outcome::Failed | Outcome::Unknown => format!("It had waited for {took}."),
    }
}

/// `, in which n3 leads`, if that is so.
fn led_by(scene: &Scene<'_>, but: NodeId) -> String {
    let leader = scene.world.leader().filter(|&l| l != but);
    leader.map(|l| format!(", in which {l} leads")).unwrap_or_default()
}

/// Whether one of the two cannot talk with the other.
pub fn is_cut_off(scene: &Scene<'_>, a: NodeId, b: NodeId) -> bool {
    let links = scene.world.links();
    links.is_cut(a.into(), b.into()) || links.is_cut(b.into(), a.into())
}
