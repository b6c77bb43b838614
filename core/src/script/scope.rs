//! What exists for a statement: nodes, clients, the balancer, settings.

use super::error::Fault;
use crate::ids::{ClientId, NodeId};
use crate::run::{Run, Setup, Statement};
use crate::settings::Preset;
use crate::time::{LATEST, Time};
use std::collections::BTreeMap;

/// What the clusters have, and which names are still to be found.
///
/// Statements stand in any order, so a node may be named before the line that adds it: names that
/// the set-up does not have are kept until the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The clusters so far.
    pub setups: Vec<Setup>,
    /// Whose names are no node of the set-up: where, who, and in which statement.
    unknown: Vec<(usize, NodeId, Moment)>,
    /// The first statement that adds a node.
    added: BTreeMap<NodeId, Moment>,
    now: Moment,
}

/// When a statement is carried out: its time, and its place among those of the script.
type Moment = (Time, usize);

impl Scope {
    /// What a run's clusters have at its end.
    pub fn of(run: &Run) -> Self {
        let mut scope = Self { setups: run.clusters.clone(), ..Self::default() };
        for command in &run.commands {
            if let Statement::Add(node) = command.statement {
                scope.add(node);
            }
        }
        scope.begin(LATEST);
        scope
    }

    /// The next statement is carried out then.
    pub fn begin(&mut self, at: Time) {
        self.now = (at, self.now.1 + 1);
    }

    /// Notes that a node is added by the statement at hand.
    pub fn add(&mut self, node: NodeId) {
        let first = self.added.entry(node).or_insert(self.now);
        *first = self.now.min(*first);
    }

    /// Notes that the statement at hand names a node.
    pub fn mention(&mut self, node: NodeId, offset: usize) {
        if self.without(node).is_some() {
            self.unknown.push((offset, node, self.now));
        }
    }

    /// The first name that nobody has.
    pub fn stranger(&self) -> Option<Fault> {
        let is_there = |node: &NodeId, now: &Moment| self.added.get(node).is_some_and(|a| a < now);
        let (at, node, _) = self.unknown.iter().find(|(_, node, now)| !is_there(node, now))?;
        let later = self.added.get(node).map(|(at, _)| format!(" before {at}")).unwrap_or_default();
        let sentence = format!("{}{later}", self.no_node(&node.to_string(), self.without(*node)?));
        Some(Fault { at: *at, sentence })
    }

    fn no_node(&self, name: &str, setup: &Setup) -> String {
        format!("there is no node {name} in {} of {}", self.cluster(setup), setup.settings.nodes)
    }

    /// The sentence for a number that no node can have.
    pub fn no_such_node(&self, name: &str) -> String {
        self.setups.first().map_or_else(String::new, |setup| self.no_node(name, setup))
    }

    /// `a cluster`, or which of several.
    fn cluster(&self, setup: &Setup) -> String {
        match self.setups.len() {
            1 => "a cluster".into(),
            _ => format!("the {} cluster", setup.preset),
        }
    }

    /// A cluster that has no such node from the start.
    fn without(&self, node: NodeId) -> Option<&Setup> {
        let has = |s: &Setup| (1..=s.settings.nodes).contains(&node.0);
        self.setups.iter().find(|s| !has(s))
    }

    /// Why there is no such client, if there is none.
    pub fn no_client(&self, client: ClientId) -> Option<String> {
        let has = |s: &Setup| (1..=s.settings.clients).contains(&client.0);
        let setup = self.setups.iter().find(|s| !has(s))?;
        let clients = setup.settings.clients;
        let plural = if clients == 1 { "client" } else { "clients" };
        Some(format!(
            "there is no client {client} in {} of {clients} {plural}",
            self.cluster(setup)
        ))
    }

    /// Why nodes cannot join or leave, if they cannot.
    pub fn fixed_members(&self) -> Option<String> {
        let setup = self.setups.iter().find(|s| !s.preset.has_membership())?;
        let able: Vec<_> =
            Preset::ALL.iter().filter(|p| p.has_membership()).map(|p| p.name()).collect();
        let preset = setup.preset;
        Some(format!("no node joins or leaves a {preset} cluster, expected {}", able.join(" or ")))
    }

    /// Why there is no balancer, if there is none.
    pub fn no_balancer(&self) -> Option<String> {
        let has = |s: &&Setup| s.preset == Preset::Ring && s.settings.ring.balancer;
        let setup = self.setups.iter().find(|s| !has(s))?;
        Some(format!(
            "there is no balancer lb in a {} cluster, only in ring with balancer=on",
            setup.preset
        ))
    }
}
