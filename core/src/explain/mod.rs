//! Plain words for runs: a sentence per event, the headline at the playhead, a glossary.
//!
//! Every sentence is derived from the World, the trace and the run alone, and rewinds with them. In
//! headlines a term that the [`glossary`] explains stands in double brackets, `[[term]]`;
//! [`pieces`] splits such texts. Sentences of events have none.

mod background;
mod beat;
mod beats;
mod chain;
mod claim;
mod command;
mod consequence;
mod event;
mod forgotten;
mod glossary;
mod headline;
mod meaning;
mod past;
mod reach;
mod reason;
mod serve;
mod standing;
mod state;
pub(crate) mod words;

#[cfg(test)]
mod tests;

pub use beats::Beats;
pub use claim::Claim;
pub use event::sentence;
pub use glossary::{Entry, GLOSSARY, Piece, explained, marked, pieces, plain};
pub use headline::{Headline, headline};
pub use reach::sides;
pub use serve::{Ability, Keys, Serves, ability, served};
pub use words::{latency, percent};

use crate::run::Command;
use crate::session::Session;
use crate::trace::Trace;
use crate::world::World;

/// The source of all sentences: one cluster at the playhead.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The World at the playhead.
    pub world: &'a World,
    /// All events simulated so far, also beyond the playhead.
    pub trace: &'a Trace,
    /// The run's commands.
    pub commands: &'a [Command],
}

impl<'a> Scene<'a> {
    /// One cluster of a session; clusters count from 0.
    #[must_use]
    pub fn of(session: &'a Session, cluster: usize) -> Self {
        Self {
            world: session.world(cluster),
            trace: session.trace(cluster),
            commands: &session.run().commands,
        }
    }
}
