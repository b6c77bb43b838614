//! Smaller clusters, with default settings.

use super::Case;
use crate::ids::{Addr, ClientId, NodeId};
use crate::run::{Heal, Link, Setup, Statement};
use crate::settings::{Setting, Settings};
use std::sync::Arc;

/// A cluster is not made smaller than this: what one node does alone tells nothing of replication.
const LEAST_NODES: u16 = 2;
/// Seeds that are tried beside the usual one.
const SEEDS: u64 = 20;

/// Versions without one of the nodes: those above it take the names below theirs.
pub fn fewer_nodes(case: &Case, fixed: usize) -> Vec<Case> {
    let nodes = case.setup.settings.nodes;
    if fixed > 0 || nodes <= LEAST_NODES {
        return Vec::new();
    }
    let Some(setup) = sized(&case.setup, nodes - 1) else { return Vec::new() };
    let without = |gone: u16| {
        let rename = |n: NodeId| match n.0 {
            n if n == gone => None,
            n if n > gone => Some(NodeId(n - 1)),
            n => Some(NodeId(n)),
        };
        renamed(case, &setup, &|a| match a {
            Addr::Node(n) => rename(n).map(Addr::from),
            other => Some(other),
        })
    };
    (1..=nodes).rev().map(without).collect()
}

/// Versions without one of the clients, or with one client that does the work of two.
pub fn fewer_clients(case: &Case, fixed: usize) -> Vec<Case> {
    let clients = case.setup.settings.clients;
    let mut versions = Vec::new();
    if fixed > 0 {
        return versions;
    }
    let mut setup = case.setup.clone();
    let least = Settings::of(setup.preset).clients;
    if clients > least {
        Arc::make_mut(&mut setup.settings).clients = clients - 1;
    }
    for gone in (1..=clients).rev() {
        for other in (1..=clients).filter(|other| *other < gone) {
            let rename = |c: ClientId| match c.0 {
                c if c == gone => ClientId(other),
                c if c > gone => ClientId(c - 1),
                c => ClientId(c),
            };
            versions.push(renamed(case, &setup, &|a| match a {
                Addr::Client(c) => Some(rename(c).into()),
                other => Some(other),
            }));
        }
    }
    if clients < least {
        let mut setup = case.setup.clone();
        Arc::make_mut(&mut setup.settings).clients = least;
        versions.push(Case { setup, ..case.clone() });
    }
    versions
}

/// Versions with a setting at its default, or with a lower seed.
pub fn defaults(case: &Case, _fixed: usize) -> Vec<Case> {
    let preset = case.setup.preset;
    let settings = &case.setup.settings;
    let usual = Settings::sized(preset, settings.nodes);
    let mut versions = Vec::new();
    for setting in Setting::of(preset).filter(|s| s.name != "nodes") {
        let (now, default) = (setting.read(settings), setting.read(&usual));
        let Some(default) = default.filter(|default| now.as_ref() != Some(default)) else {
            continue;
        };
        let mut setup = case.setup.clone();
        setting.write(Arc::make_mut(&mut setup.settings), &default);
        if setup.settings.contradiction(preset).is_none() && fits_clients(case, &setup) {
            versions.push(Case { setup, ..case.clone() });
        }
    }
    for seed in (1..=SEEDS).filter(|seed| *seed < settings.seed) {
        let mut version = case.clone();
        Arc::make_mut(&mut version.setup.settings).seed = seed;
        versions.push(version);
    }
    versions
}

/// Whether every client that makes requests exists.
fn fits_clients(case: &Case, setup: &Setup) -> bool {
    let there = |statement: &Statement| match statement {
        Statement::Ask { client, .. } => client.0 <= setup.settings.clients,
        _ => true,
    };
    case.commands.iter().all(|c| there(&c.statement))
}

/// The cluster with another number of nodes: dependent settings change with it.
fn sized(setup: &Setup, nodes: u16) -> Option<Setup> {
    let (preset, old) = (setup.preset, &setup.settings);
    let usual = Settings::sized(preset, old.nodes);
    let mut settings = Settings::sized(preset, nodes);
    settings.broken = old.broken;
    for setting in Setting::of(preset).filter(|s| s.name != "nodes") {
        let value = setting.read(old);
        if let Some(value) = value.filter(|value| setting.read(&usual).as_ref() != Some(value)) {
            setting.write(&mut settings, &value);
        }
    }
    let is_sound = settings.contradiction(preset).is_none();
    is_sound.then(|| Setup { preset, settings: Arc::new(settings) })
}

/// The case with other names; statements about removed names are left out.
fn renamed(case: &Case, setup: &Setup, rename: &dyn Fn(Addr) -> Option<Addr>) -> Case {
    let mut version = Case { setup: setup.clone(), ..case.clone() };
    version.commands.retain_mut(|command| match rename_in(&command.statement, rename) {
        Some(statement) => {
            command.statement = statement;
            true
        }
        None => false,
    });
    version
}

fn rename_in(statement: &Statement, rename: &dyn Fn(Addr) -> Option<Addr>) -> Option<Statement> {
    let node = |n: &NodeId| rename((*n).into()).and_then(Addr::node);
    let link = |l: &Link| Some(Link { from: rename(l.from)?, to: rename(l.to)?, ..*l });
    Some(match statement {
        Statement::Node(n, fault) => Statement::Node(node(n)?, *fault),
        Statement::Disk(n, takes) => Statement::Disk(node(n)?, *takes),
        Statement::Isolate(n) => Statement::Isolate(node(n)?),
        Statement::Cut(l) => Statement::Cut(link(l)?),
        Statement::Heal(Heal::Of(who)) => Statement::Heal(Heal::Of(rename(*who)?)),
        Statement::Heal(Heal::Link(l)) => Statement::Heal(Heal::Link(link(l)?)),
        Statement::Partition(groups) => {
            let of_group = |group: &Vec<Addr>| {
                let mut members: Vec<Addr> = group.iter().copied().filter_map(rename).collect();
                members.dedup();
                members
            };
            let groups: Vec<Vec<Addr>> = groups.iter().map(of_group).collect();
            let filled = groups.iter().filter(|group| !group.is_empty()).count();
            if filled < 2 {
                return None;
            }
            Statement::Partition(once(groups))
        }
        Statement::Link(l, behaviour) => Statement::Link(link(l)?, behaviour.clone()),
        Statement::ClockJump(who, by) => Statement::ClockJump(rename(*who)?, *by),
        Statement::ClockRate(who, rate) => Statement::ClockRate(rename(*who)?, *rate),
        Statement::Ping(a, b) => Statement::Ping(node(a)?, node(b)?),
        Statement::Transfer(a, b) => Statement::Transfer(node(a)?, node(b)?),
        Statement::Add(n) => Statement::Add(node(n)?),
        Statement::Remove(n) => Statement::Remove(node(n)?),
        Statement::Ask { client, request, via } => Statement::Ask {
            client: rename((*client).into()).and_then(Addr::client)?,
            request: request.clone(),
            via: via.and_then(rename),
        },
        same => same.clone(),
    })
}

/// Each address only in the first group that names it, and no empty group.
fn once(groups: Vec<Vec<Addr>>) -> Vec<Vec<Addr>> {
    let mut named: Vec<Addr> = Vec::new();
    let mut all: Vec<Vec<Addr>> = Vec::new();
    for group in groups {
        let fresh: Vec<Addr> = group.into_iter().filter(|a| !named.contains(a)).collect();
        named.extend(&fresh);
        if !fresh.is_empty() {
            all.push(fresh);
        }
    }
    all
}
