//! The headline: the latest event and its reason, or the present state; and the meaning of it.

use super::claim::{self, Claim};
use super::words::listed;
use super::{Beats, Scene, background, beat, meaning, standing, state};
use crate::ids::{EventId, NodeId};
use crate::order;
use crate::protocol::Fact;
use crate::trace::What;

/// The headline of the stage. Terms of the glossary stand in double brackets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// The latest event, or the present state.
    pub bold: String,
    /// The reason, or the manner.
    pub rest: String,
    /// The present meaning.
    pub small: String,
    /// The claims about the present in all parts, which a test checks against the World.
    pub claims: Vec<Claim>,
}

/// The headline at the playhead. `beats` must have read the scene's trace.
#[must_use]
pub fn headline(scene: &Scene<'_>, beats: &Beats) -> Headline {
    let told = standing::told(scene, beats);
    let (bold, rest, mut claims) = match standing::standing(scene, told) {
        Some(place) => {
            let (bold, rest) = several(scene, told, place)
                .unwrap_or_else(|| beat::beat(scene, &told[..place], told[place]));
            (bold, rest, beat::claims(scene, told[place]))
        }
        None => {
            let state = state::state(scene, told);
            (state.bold, state.rest, state.claims)
        }
    };
    // No claim is repeated.
    let mut meaning = meaning::meaning(scene);
    meaning.retain(|claim| !claims.contains(claim));
    let small = claim::line(&meaning);
    claims.extend(meaning);
    Headline { bold, rest, small, claims }
}

/// Bold part and rest where several peers reach the same standing at once.
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
