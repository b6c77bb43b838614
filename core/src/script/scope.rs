//! The names in scope of a statement: nodes, clients, the balancer, settings.

use super::error::Fault;
use crate::ids::{ClientId, NodeId};
use crate::run::{Run, Setup, Statement};
use crate::settings::Preset;
use crate::sorted::SortedMap;
use crate::time::{LATEST, Time};

/// The names of the clusters, and the unresolved ones.
///
/// Statements stand in any order, so a node may be named before the line that adds it: names that
/// the set-up does not have are kept until the end.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The clusters so far.
    pub setups: Vec<Setup>,
    /// Names that are no node of the set-up: place, node and moment of each.
    unknown: Vec<(usize, NodeId, Moment)>,
    /// The moment of the first statement that adds a node, and the place of its name.
    added: SortedMap<NodeId, (Moment, usize)>,
    now: Moment,
}

/// The moment of a statement: its time, and its place in the script.
type Moment = (Time, usize);

impl Scope {
    /// The names of a run's clusters at its end.
    pub fn of(run: &Run) -> Self {
        let mut scope = Self { setups: run.clusters.clone(), ..Self::default() };
        for command in &run.commands {
            if let Statement::Add(node) = command.statement {
                scope.begin(command.at);
                scope.add(node, 0);
            }
        }
        scope.begin(LATEST);
        scope
    }

    /// Begins the next statement, at that time.
    pub fn begin(&mut self, at: Time) {
        self.now = (at, self.now.1 + 1);
    }

    /// Records that the present statement adds a node.
    pub fn add(&mut self, node: NodeId, offset: usize) {
        let first = self.added.or_insert_with(node, || (self.now, offset));
        *first = (self.now, offset).min(*first);
    }

    /// Records that the present statement names a node.
    pub fn mention(&mut self, node: NodeId, offset: usize) {
        if self.without(node).is_some() {
            self.unknown.push((offset, node, self.now));
        }
    }

    /// The error of the first unknown name, or of the first node that cannot be added.
    pub fn stranger(&self) -> Option<Fault> {
        [self.nobody(), self.leap()].into_iter().flatten().min_by_key(|fault| fault.at)
    }

    /// Whether a node is added before a moment.
    fn is_added(&self, node: NodeId, now: Moment) -> bool {
        self.added.get(&node).is_some_and(|(added, _)| *added < now)
    }

    fn nobody(&self) -> Option<Fault> {
        let mut unknown = self.unknown.iter();
        let (at, node, _) = unknown.find(|(_, node, now)| !self.is_added(*node, *now))?;
        let later = self.added.get(node).map(|((at, _), _)| format!(" before {at}"));
        let later = later.unwrap_or_default();
        let sentence = format!("{}{later}", self.no_node(&node.to_string(), self.without(*node)?));
        Some(Fault { at: *at, sentence })
    }

    /// The error of the first node that is added out of turn: nodes are numbered without gaps.
    fn leap(&self) -> Option<Fault> {
        let out_of_turn = |(&node, &(now, at)): (&NodeId, &(Moment, usize))| {
            let next = |setup: &Setup| {
                let mut free = (setup.settings.nodes + 1..).map(NodeId);
                free.find(|&n| n >= node || !self.is_added(n, now))
            };
            let next = self.setups.iter().filter_map(next).find(|&n| n < node)?;
            Some(Fault { at, sentence: format!("found {node}, expected {next}, the next in turn") })
        };
        self.added.iter().filter_map(out_of_turn).min_by_key(|fault| fault.at)
    }

    fn no_node(&self, name: &str, setup: &Setup) -> String {
        format!("there is no node {name} in {} of {}", self.cluster(setup), setup.settings.nodes)
    }

    /// The sentence for a number that no node can have.
    pub fn no_such_node(&self, name: &str) -> String {
        self.setups.first().map_or_else(String::new, |setup| self.no_node(name, setup))
    }

    /// `a cluster`, or the name of one of several.
    fn cluster(&self, setup: &Setup) -> String {
        match self.setups.len() {
            1 => "a cluster".into(),
            _ => format!("the {} cluster", setup.preset),
        }
    }

    /// A cluster that does not have this node from the start.
    fn without(&self, node: NodeId) -> Option<&Setup> {
        let has = |s: &Setup| (1..=s.settings.nodes).contains(&node.0);
        self.setups.iter().find(|s| !has(s))
    }

    /// The reason why there is no such client, if there is none.
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

    /// The reason why nodes cannot join or leave, if they cannot.
    pub fn fixed_members(&self) -> Option<String> {
        let setup = self.setups.iter().find(|s| !s.preset.has_membership())?;
        let able: Vec<_> =
            Preset::ALL.iter().filter(|p| p.has_membership()).map(|p| p.name()).collect();
        let preset = setup.preset;
        Some(format!("no node joins or leaves a {preset} cluster, expected {}", able.join(" or ")))
    }

    /// The reason why leadership cannot be handed over, if it cannot.
    pub fn fixed_leader(&self) -> Option<String> {
        let setup = self.setups.iter().find(|s| s.preset != Preset::Raft)?;
        let preset = setup.preset;
        Some(format!("no leader hands over in a {preset} cluster, expected {}", Preset::Raft))
    }

    /// The reason why there is no balancer, if there is none.
    pub fn no_balancer(&self) -> Option<String> {
        let has = |s: &&Setup| s.preset == Preset::Ring && s.settings.ring.balancer;
        let setup = self.setups.iter().find(|s| !has(s))?;
        Some(format!(
            "there is no balancer lb in a {} cluster, only in ring with balancer=on",
            setup.preset
        ))
    }
}
