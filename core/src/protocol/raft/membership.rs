//! The members of the cluster (chapter 4).

use super::digest::Digest;
use crate::ids::{NodeId, ranged};
use crate::protocol::Index;
use crate::quorum::{Configuration, Majority};
use crate::settings::Settings;
use serde::{Serialize, Serializer};
use std::fmt;
use std::sync::Arc;

/// A configuration of the cluster: voters, learners, and the change in progress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members(Arc<Configuration<NodeId>>);

impl Members {
    /// The members at the start: every node up to the configured number.
    #[must_use]
    pub fn initial(settings: &Settings) -> Self {
        Self::new(Configuration::new((1..=settings.nodes).map(NodeId), []))
    }

    /// These members.
    #[must_use]
    pub fn new(configuration: Configuration<NodeId>) -> Self {
        Self(Arc::new(configuration))
    }

    /// The configuration.
    #[must_use]
    pub fn configuration(&self) -> &Configuration<NodeId> {
        &self.0
    }

    pub(super) fn digest(&self, d: Digest) -> Digest {
        let nodes = |d: Digest, nodes: &mut dyn Iterator<Item = NodeId>| {
            nodes.fold(d, |d, n| d.number(u64::from(n.0))).number(u64::MAX)
        };
        let d = nodes(d, &mut self.0.voters().iter());
        let d = nodes(d, &mut self.0.learners().iter().copied());
        match self.0.transition() {
            None => d,
            Some(t) => {
                let d = nodes(d, &mut t.outgoing.iter());
                nodes(d, &mut t.learners_next.iter().copied()).number(u64::from(t.auto_leave))
            }
        }
    }
}

fn sorted(voters: &Majority<NodeId>) -> Vec<NodeId> {
    voters.iter().collect()
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let c = &*self.0;
        let change = c.transition().map(|t| (sorted(&t.outgoing), &t.learners_next, t.auto_leave));
        (sorted(c.voters()), c.learners(), change).serialize(s)
    }
}

/// The members for people: `n1 n2 n3, learning n4`, `n1 n2 and n2 n3`.
impl fmt::Display for Members {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(change) = self.0.transition() {
            write!(f, "{} and ", names(change.outgoing.iter()))?;
        }
        f.write_str(&names(self.0.voters().iter()))?;
        if !self.0.learners().is_empty() {
            write!(f, ", learning {}", names(self.0.learners().iter().copied()))?;
        }
        Ok(())
    }
}

fn names(nodes: impl Iterator<Item = NodeId>) -> String {
    ranged(&nodes.collect::<Vec<_>>())
}

/// The configurations in a server's log, oldest first. The last one is in effect as soon as it is
/// in the log, committed or not (section 4.1).
#[derive(Clone, Debug, Serialize)]
pub(super) struct Roster {
    /// The configuration at the beginning of the log.
    base: Members,
    /// The configurations in the log, with their indices.
    later: Vec<(Index, Members)>,
}

impl Roster {
    /// The roster of a log that begins with these members.
    pub fn new(base: Members) -> Self {
        Self { base, later: Vec::new() }
    }

    /// The present members.
    pub fn now(&self) -> &Members {
        self.later.last().map_or(&self.base, |(_, m)| m)
    }

    /// The configuration in effect.
    pub fn configuration(&self) -> &Configuration<NodeId> {
        self.now().configuration()
    }

    /// Whether that node is a member, with or without a vote.
    pub fn is_member(&self, node: NodeId) -> bool {
        let now = self.configuration();
        now.is_voter(node) || now.learners().contains(&node)
    }

    /// Whether that node votes in the configuration at that index or in a later one.
    pub fn was_voter_since(&self, index: Index, node: NodeId) -> bool {
        let later = self.later.iter().filter(|(i, _)| *i > index).map(|(_, m)| m);
        later.chain([self.at(index)]).any(|m| m.configuration().is_voter(node))
    }

    /// The index of the configuration in effect; 0 when it is from before the beginning of the log.
    pub fn since(&self) -> Index {
        self.later.last().map_or(Index(0), |(i, _)| *i)
    }

    /// The members at that index.
    pub fn at(&self, index: Index) -> &Members {
        self.later.iter().rev().find(|(i, _)| *i <= index).map_or(&self.base, |(_, m)| m)
    }

    /// Adds a configuration that was appended to the log.
    pub fn push(&mut self, index: Index, members: Members) {
        self.later.push((index, members));
    }

    /// Removes the configurations behind that index, as the log did.
    pub fn truncate(&mut self, last: Index) {
        self.later.retain(|(i, _)| *i <= last);
    }

    /// Drops the configurations up to that index, as the log did.
    pub fn compact(&mut self, upto: Index) {
        self.base = self.at(upto).clone();
        self.later.retain(|(i, _)| *i > upto);
    }
}
