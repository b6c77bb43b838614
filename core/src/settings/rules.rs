//! Rules of a protocol that can be broken while it runs, to see what each is for.

use super::{Preset, Settings};
use serde::Serialize;

/// A rule of a protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Whose.
    pub preset: Preset,
    /// The word for it in the language.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    bit: u8,
}

/// At most one vote a term (Ongaro 2014, section 3.4). Without it a term can have two leaders.
const VOTE_ONCE: u8 = 1;
/// A vote only for a log that is up to date (section 3.6.1). Without it a leader can lack what is
/// committed.
const UP_TO_DATE: u8 = 2;

/// All rules that can be broken.
#[rustfmt::skip]
pub const RULES: [Rule; 2] = [
    Rule { preset: Preset::Raft, name: "vote-once", doc: "a server votes at most once a term", bit: VOTE_ONCE },
    Rule { preset: Preset::Raft, name: "up-to-date", doc: "a vote goes only to a log that is at least as up to date", bit: UP_TO_DATE },
];

impl Rule {
    /// The rules of a preset.
    pub fn of(preset: Preset) -> impl Iterator<Item = Self> {
        RULES.into_iter().filter(move |rule| rule.preset == preset)
    }
}

/// Which rules are broken; none is by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Broken(u8);

impl Broken {
    /// Whether every rule is followed.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// Whether a server may vote for several in one term.
    #[must_use]
    pub const fn vote_once(self) -> bool {
        self.0 & VOTE_ONCE != 0
    }

    /// Whether a server votes for whatever log.
    #[must_use]
    pub const fn up_to_date(self) -> bool {
        self.0 & UP_TO_DATE != 0
    }
}

impl Settings {
    /// A rule is followed from now on, or broken. A preset that has no such rule is as it was.
    pub fn set_rule(&mut self, preset: Preset, name: &str, followed: bool) {
        for rule in Rule::of(preset).filter(|rule| rule.name == name) {
            let broken = &mut self.raft.broken.0;
            *broken = if followed { *broken & !rule.bit } else { *broken | rule.bit };
        }
    }
}
