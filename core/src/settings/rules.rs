//! Rules of a protocol that can be broken while it runs, to see the purpose of each.

use super::{Preset, Settings};
use serde::Serialize;

/// A rule of a protocol: one promise of its algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its word in the language.
    pub name: &'static str,
    /// The rule in one line.
    pub doc: &'static str,
    /// Its place among the rules of its protocol, from 0 to 63.
    pub bit: u8,
}

/// The set of broken rules; empty by default.
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
    /// Makes a rule followed or broken from now on. A preset without that rule is unchanged.
    pub fn set_rule(&mut self, preset: Preset, name: &str, followed: bool) {
        for rule in preset.rules().iter().filter(|rule| rule.name == name) {
            let bit = 1 << rule.bit;
            let broken = &mut self.broken.0;
            *broken = if followed { *broken & !bit } else { *broken | bit };
        }
    }
}
