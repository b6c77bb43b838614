//! The page's source of sentences.

use crate::later::late;
use crate::player::Player;
use quorumscope_core::explain::{self, Headline, Scene};
use quorumscope_core::ids::EventId;
use quorumscope_core::session::Session;

/// The state of one cluster at the playhead, why, and what it means; nothing before the second module
/// is there.
#[must_use]
pub fn headline(player: &Player, session: &Session, cluster: usize) -> Headline {
    table::get().map_or_else(Headline::default, |words| (words.headline)(player, session, cluster))
}

/// The text shortened to a number of letters, with an ellipsis if it was cut.
#[must_use]
pub fn fitted(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_owned();
    }
    words.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// An event as a sentence; none before the second module is there.
#[must_use]
pub fn sentence(session: &Session, cluster: usize, id: EventId) -> Option<String> {
    (table::get()?.sentence)(session, cluster, id)
}

/// Sentences come with the second module.
#[derive(Clone, Copy)]
struct Words {
    headline: fn(&Player, &Session, usize) -> Headline,
    sentence: fn(&Session, usize, EventId) -> Option<String>,
}

mod table {
    use super::{Words, said_of, told};

    super::late!(Words = Words { headline: said_of, sentence: told });
}

pub use table::install;

fn said_of(player: &Player, session: &Session, cluster: usize) -> Headline {
    explain::headline(&Scene::of(session, cluster), &player.beats(cluster))
}

fn told(session: &Session, cluster: usize, id: EventId) -> Option<String> {
    explain::sentence(&Scene::of(session, cluster), id)
}

/// The largest number of letters of a user's text that a sentence repeats.
const MOST_QUOTED: usize = 40;

/// A user's text as a sentence repeats it: its beginning if it is long.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut letters = text.chars();
    let mut beginning: String = letters.by_ref().take(MOST_QUOTED).collect();
    if letters.next().is_some() {
        beginning.push('\u{2026}');
    }
    beginning
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_sentence_repeats_no_more_than_the_beginning() {
        assert_eq!(super::quoted("trace"), "trace");
        let long = super::quoted(&"ä".repeat(1_000_000));
        assert_eq!(long.chars().count(), super::MOST_QUOTED + 1);
    }
}
