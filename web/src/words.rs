//! Where the page gets its sentences from.

use crate::player::Player;
use quorumscope_core::explain::{self, Headline, Scene};
use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;
use quorumscope_core::world::Flight;

/// What is the case in one cluster at the playhead, why, and what it means.
#[must_use]
pub fn headline(player: &Player, session: &Session, cluster: usize) -> Headline {
    explain::headline(&Scene::of(session, cluster), &player.beats(cluster))
}

/// An event as a sentence.
#[must_use]
pub fn sentence(session: &Session, cluster: usize, id: EventId) -> Option<String> {
    explain::sentence(&Scene::of(session, cluster), id)
}

/// A message in flight as a sentence, with what it says.
#[must_use]
pub fn message(flight: &Flight) -> String {
    let kind = flight.message.kind().name();
    let mut text = format!("{}: {kind} from {} to {}", flight.id, flight.from, flight.to);
    for (name, value) in flight.message.fields() {
        text.push_str(", ");
        text.push_str(name);
        text.push(' ');
        text.push_str(&value);
    }
    text
}
