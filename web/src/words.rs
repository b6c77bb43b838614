//! Where the page gets its sentences from.

use crate::player::Player;
use quorumscope_core::explain::{self, Headline, Scene};
use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;

/// What is the case in one cluster at the playhead, why, and what it means.
#[must_use]
pub fn headline(player: &Player, session: &Session, cluster: usize) -> Headline {
    explain::headline(&Scene::of(session, cluster), &player.beats(cluster))
}

/// As many letters of it as there is room for; the last says that there are more.
#[must_use]
pub fn fitted(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_owned();
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// An event as a sentence.
#[must_use]
pub fn sentence(session: &Session, cluster: usize, id: EventId) -> Option<String> {
    explain::sentence(&Scene::of(session, cluster), id)
}
