//! Highlights the causes and effects of an event, on the diagram and on the stage.

use super::over::Part;
use super::paper::Paper;
use super::pens::{Pens, glyph};
use crate::dom;
use crate::look::sign::RING;
use crate::stage::Target;
use quorumscope_core::diagram::Related;
use quorumscope_core::ids::{Addr, EventId};
use quorumscope_core::trace::What;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The attribute that marks highlighted elements of the stage.
const LIT: &str = "data-lit";

/// The markup over the lanes: a ring around the event, and lines to its causes and effects.
#[must_use]
pub fn markup(paper: &Paper<'_>, event: EventId, related: &Related, part: Part) -> String {
    let (mut pens, mut out) = (Pens::default(), String::new());
    let place = |id: EventId| place(paper, id, part);
    let looks = [("dg-cause", &related.causes), ("dg-effect", &related.effects)];
    for (class, pairs) in looks {
        for &(cause, effect) in pairs {
            if let (Some(from), Some(to)) = (place(cause), place(effect)) {
                pens.line(class, from, to);
                let other = if class == "dg-cause" { from } else { to };
                glyph(&mut out, &format!("{class} at"), RING, other, 80);
            }
        }
    }
    if let Some(at) = place(event) {
        glyph(&mut out, "dg-self", RING, at, 130);
    }
    let mut markup = String::new();
    pens.write(&mut markup);
    markup + &out
}

/// The place of an event. A message that was lost half way has its place between the lanes.
pub fn place(paper: &Paper<'_>, id: EventId, part: Part) -> Option<(f64, f64)> {
    if let Some(line) = paper.diagram.line(id) {
        return Some(super::tile::ends(paper, &line, part.origin)?.1);
    }
    let event = paper.diagram.trace().event(id)?;
    Some((paper.x(event.at, part.origin), paper.y(event.what.who()?)?))
}

/// Marks the elements of the stage that belong to an event, its causes and its effects. None
/// removes all marks.
pub fn on_stage(cluster: usize, paper: &Paper<'_>, event: Option<(EventId, &Related)>) {
    let Some(document) = dom::document() else { return };
    if let Ok(marked) = document.query_selector_all(&format!("[{LIT}]")) {
        for place in 0..marked.length() {
            if let Some(element) = marked.get(place).and_then(|n| n.dyn_into::<Element>().ok()) {
                let _ = element.remove_attribute(LIT);
            }
        }
    }
    let Some((event, related)) = event else { return };
    let mark = |id: EventId, how: &str| {
        let what = paper.diagram.trace().event(id).map(|e| e.what);
        for target in what.into_iter().flat_map(targets) {
            let element = document.query_selector(&target.selector(cluster));
            if let Ok(Some(element)) = element {
                let _ = element.set_attribute(LIT, how);
            }
        }
    };
    // A later mark replaces an earlier one: the event itself wins over causes, causes over effects.
    related.effects.iter().for_each(|(_, effect)| mark(*effect, "effect"));
    related.causes.iter().for_each(|(cause, _)| mark(*cause, "cause"));
    mark(event, "self");
}

/// The elements of the stage that an event is about: its node or client, and its message.
fn targets(what: What) -> impl Iterator<Item = Target> {
    let who = match what.who() {
        Some(Addr::Node(node)) => Some(Target::Node(node)),
        Some(Addr::Client(client)) => Some(Target::Client(client)),
        Some(Addr::Balancer) | None => None,
    };
    who.into_iter().chain(what.passage().map(|p| Target::Message(p.message)))
}
