//! The description of a protocol: its own settings and rules, and its traits.
//!
//! The modules here are files of the protocols' folders: `settings.rs` of each.

use super::{Rule, Setting};
use crate::time::Span;
use serde::Serialize;

#[path = "../protocol/chain/settings.rs"]
pub mod chain;
#[path = "../protocol/election/settings.rs"]
pub mod election;
#[path = "../protocol/peers/settings.rs"]
pub mod peers;
#[path = "../protocol/primary_backup/settings.rs"]
pub mod primary_backup;
#[path = "../protocol/quorum_store/settings.rs"]
pub mod quorum_store;
#[path = "../protocol/raft/settings.rs"]
pub mod raft;
#[path = "../protocol/ring/settings.rs"]
pub mod ring;
#[path = "../protocol/write_all/settings.rs"]
pub mod write_all;

pub use primary_backup::{Failover, Replication};
pub use quorum_store::{Coordinator, Leg};
pub use raft::Reads;

/// The settings, rules and traits of one protocol.
pub trait Own: Sized + Serialize {
    /// Its traits.
    const TRAITS: Traits;
    /// Rows for the settings that only it has, in the order in which they are printed.
    const SETTINGS: &'static [Setting];
    /// The rules that can be broken.
    const RULES: &'static [Rule] = &[];

    /// The defaults in a cluster of that many nodes.
    fn sized(nodes: u16) -> Self;

    /// Settings that must not exceed others.
    fn limits(&self, nodes: u16) -> Vec<Limit> {
        let _ = nodes;
        Vec::new()
    }
}

/// The traits of a protocol: all properties that general code asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// Its word in the language.
    pub name: &'static str,
    /// Its name in the list for people.
    pub title: &'static str,
    /// Default number of nodes.
    pub nodes: u16,
    /// Default time between heartbeats.
    pub heartbeat: Span,
    /// The word for a leader, where the protocol has one.
    pub leader: Option<&'static str>,
    /// The way in which a leader is elected.
    pub elects: Elects,
    /// Whether nodes can join it and leave it while it runs.
    pub has_membership: bool,
    /// Whether nodes write to their disks.
    pub keeps_disk: bool,
    /// Whether nodes keep a log with places that people can ask about.
    pub has_log: bool,
    /// Whether it stores data: without data clients have nothing to ask.
    pub has_data: bool,
    /// Whether a key lives on some of the nodes only.
    pub places_keys: bool,
    /// Whether a node executes a request itself and passes it on afterwards.
    pub passes_requests_on: bool,
    /// Events inside its nodes that only this protocol has, by their places.
    pub facts: &'static [FactForm],
}

/// An event inside a node that only one protocol has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FactForm {
    /// Its sentence: `{n}` stands for the node, `{who}` for another, `{number}` for a number.
    pub sentence: &'static str,
    /// Whether it is worth a headline.
    pub is_beat: bool,
}

impl FactForm {
    /// A fact that is worth a headline.
    #[must_use]
    pub const fn beat(sentence: &'static str) -> Self {
        Self { sentence, is_beat: true }
    }

    /// A fact for the list of events only.
    #[must_use]
    pub const fn quiet(sentence: &'static str) -> Self {
        Self { sentence, is_beat: false }
    }
}

/// The way in which a leader is elected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elects {
    /// There is no leader.
    Nobody,
    /// By the votes of a majority.
    ByVotes,
    /// The highest id that answers leads.
    ById,
}

/// A setting and the upper limit that another sets for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    name: &'static str,
    value: u16,
    most: &'static str,
    limit: u16,
}

impl Limit {
    /// The setting `name`, with `value`, must not exceed the setting `most`, with `limit`.
    #[must_use]
    pub const fn new(name: &'static str, value: u16, most: &'static str, limit: u16) -> Self {
        Self { name, value, most, limit }
    }

    /// The setting at fault and a sentence, where the limit is exceeded.
    #[must_use]
    pub fn exceeded(&self) -> Option<(&'static str, String)> {
        let Self { name, value, most, limit } = self;
        (value > limit).then(|| {
            (*name, format!("{name}={value} is more than {most}={limit}, expected at most that"))
        })
    }
}
