//! The rules of each cluster's protocol at the playhead.

use crate::session::Session;
use serde::Serialize;

/// The rules of one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClusterRules {
    /// The simulated system.
    pub preset: &'static str,
    /// Its rules, in the order in which they are shown.
    pub rules: Vec<RuleState>,
}

/// One rule, and whether it is followed now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RuleState {
    /// Its word in the language.
    pub name: &'static str,
    /// Its promise, in one clause: `a server votes at most once a term`.
    pub promise: &'static str,
    /// The reason for it, in one sentence.
    pub why: &'static str,
    /// The paper and its section, or public reports of systems that lacked it, with semicolons.
    pub source: &'static str,
    /// The failure without it, in one sentence.
    pub without: &'static str,
    /// The property that fails first without it, by its word in questions, or a condition that then
    /// holds for good, as `leaders > 1`; null where no judge sees a difference.
    pub breaks: Option<&'static str>,
    /// Whether it is followed at the playhead.
    pub on: bool,
}

/// The rules of every cluster at the playhead, in the order of the script.
#[must_use]
pub fn rules(session: &Session) -> Vec<ClusterRules> {
    let of = |world: &crate::world::World| {
        let state = |rule: &crate::settings::Rule| RuleState {
            name: rule.name,
            promise: rule.doc,
            why: rule.why,
            source: rule.source,
            without: rule.without,
            breaks: rule.breaks,
            on: world.settings().keeps(*rule),
        };
        let preset = world.preset();
        ClusterRules { preset: preset.name(), rules: preset.rules().iter().map(state).collect() }
    };
    session.worlds().map(of).collect()
}
