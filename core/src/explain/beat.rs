//! The sentence about one beat: the event and its reason.

use super::claim::Claim;
use super::words::length;
use super::{Scene, background, consequence, event, reason};
use crate::client::Operation;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Outcome};
use crate::settings::Preset;
use crate::trace::What;

/// The claims about the present in the sentence about a beat.
pub fn claims(scene: &Scene<'_>, id: EventId) -> Vec<Claim> {
    let by_id = event::elects_by_id(scene.world.preset());
    match scene.trace.event(id).map(|e| e.what) {
        Some(What::Noted(n, Fact::Led(_))) if by_id => {
            let verb = match scene.world.preset() {
                Preset::Election => "coordinates",
                _ => "is primary",
            };
            vec![Claim::Leads(n, None, verb)]
        }
        Some(What::Noted(n, Fact::Led(term))) => vec![Claim::Leads(n, Some(term), "leads")],
        Some(What::Noted(n, Fact::Stood(term))) => vec![Claim::Stands(n, term)],
        _ => Vec::new(),
    }
}

/// The bold part and the rest of the sentence about one beat; `earlier` are the beats before it.
pub fn beat(scene: &Scene<'_>, earlier: &[EventId], id: EventId) -> (String, String) {
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
            (members, background::of(scene, id, n, fact))
        }
        What::Noted(n, Fact::Truncated(index)) => (
            format!("{n} takes over its leader's [[log]]."),
            format!(
                "Its own [[entries]] from {index} on were not [[committed]], as far as it knew."
            ),
        ),
        What::Noted(n, fact) => (bold, background::of(scene, id, n, fact)),
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

/// `, in which n3 leads`, if a node other than `but` leads.
fn led_by(scene: &Scene<'_>, but: NodeId) -> String {
    let leader = scene.world.leader().filter(|&l| l != but);
    leader.map(|l| format!(", in which {l} leads")).unwrap_or_default()
}
