//! Rules of a protocol that can be broken while it runs, to see the purpose of each.
//!
//! The rules of a protocol stand in a table of its own, in `rules.rs` of its folder; the machine
//! asks [`Settings::keeps`] where it follows one.

use super::{Preset, Settings};
use serde::Serialize;

/// A rule of a protocol: one promise of its algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its word in the language.
    pub name: &'static str,
    /// The promise in one clause: `a server votes at most once a term`.
    pub doc: &'static str,
    /// The reason why the algorithm has it, in one sentence.
    pub why: &'static str,
    /// The paper and its section, or the public report of a system that lacked it.
    pub source: &'static str,
    /// The failure without it, in one sentence.
    pub without: &'static str,
    /// The property that fails first without it, by its word in questions: `election-safety`; or, where
    /// nobody judges such a cluster, a condition that then holds for good: `leaders > 1`. None where no
    /// judge sees a difference; then [`Rule::without`] says why.
    pub breaks: Option<&'static str>,
    /// Its place among the rules of its protocol, from 0 to 63.
    pub bit: u8,
}

/// Defines the rules of one protocol, a constant each, and `ALL` of them in the order of the rows.
macro_rules! rules {
    ($($constant:ident = $bit:literal, $name:literal, $breaks:expr,
        promise: $promise:literal,
        why: $why:literal,
        source: $source:literal,
        without: $without:literal;)*) => {
        $(
            #[doc = concat!("The rule that ", $promise, ".")]
            pub const $constant: $crate::settings::Rule = $crate::settings::Rule {
                name: $name,
                doc: $promise,
                why: $why,
                source: $source,
                without: $without,
                breaks: $breaks,
                bit: $bit,
            };
        )*

        /// All rules, in the order in which they are shown.
        pub const ALL: &[$crate::settings::Rule] = &[$($constant),*];
    };
}

pub(crate) use rules;

/// Rules that are broken; none is by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Broken(u64);

impl Broken {
    /// Whether every rule is followed.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0 == 0
    }

    /// Whether a rule is broken.
    #[must_use]
    pub const fn has(self, rule: Rule) -> bool {
        self.0 >> rule.bit & 1 != 0
    }
}

impl Settings {
    /// Whether a rule of this cluster's protocol is followed.
    #[must_use]
    pub const fn keeps(&self, rule: Rule) -> bool {
        !self.broken.has(rule)
    }

    /// Makes a rule followed or broken from now on. A preset without that rule is unchanged.
    pub fn set_rule(&mut self, preset: Preset, name: &str, followed: bool) {
        for rule in preset.rules().iter().filter(|rule| rule.name == name) {
            let bit = 1 << rule.bit;
            let broken = &mut self.broken.0;
            *broken = if followed { *broken & !bit } else { *broken | bit };
        }
    }
}
