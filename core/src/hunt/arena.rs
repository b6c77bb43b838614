//! The arena of a hunt: the cluster, the beginning of every run, and its possible events, read from
//! [`Options`] and checked.

use super::options::{FaultKind, OperationKind, Options, Weight};
use super::target::{Target, Targets};
use crate::check::referee;
use crate::ids::{Addr, ClientId, NodeId};
use crate::run::{Command, Link, Run, Setup, Statement};
use crate::script::{self, Entry};
use crate::settings::{Elects, Preset};
use crate::time::{LATEST, Span, Time};
use crate::world::World;

/// The most faults and the most operations of one run.
const MOST: u32 = 1_000;
/// The most keys that clients use.
const MOST_KEYS: u16 = 100;
/// The end of every run, where the protocol needs no longer.
const USUAL_END: Span = Span::from_ms(5_000);

/// The surroundings of a hunt.
#[derive(Clone, Debug)]
pub struct Arena {
    /// The cluster.
    pub setup: Setup,
    /// The statements that every run begins with.
    pub beginning: Vec<Command>,
    /// Whether the beginning is fixed: it is not shrunk, and neither is the cluster line.
    pub is_fixed: bool,
    /// Whether the cluster line stays as it is.
    pub keeps_setup: bool,
    /// The first moment for acts.
    pub from: Time,
    /// The last moment for acts.
    pub calm: Time,
    /// The end of every run.
    pub until: Time,
    /// The nodes that faults may affect.
    pub nodes: Vec<NodeId>,
    /// The links that faults may affect.
    pub links: Vec<Link>,
    /// The clients that make requests.
    pub clients: Vec<ClientId>,
    /// Kinds of faults.
    pub faults: Vec<Weight<FaultKind>>,
    /// Kinds of operations; none where the preset stores nothing.
    pub operations: Vec<Weight<OperationKind>>,
    /// The most faults.
    pub most_faults: u32,
    /// The most operations.
    pub most_operations: u32,
    /// Number of keys.
    pub keys: u16,
    /// The targets.
    pub targets: Targets,
    /// The rule that must be at fault.
    pub because_of: Option<String>,
}

impl Arena {
    /// Reads the options.
    ///
    /// # Errors
    /// One sentence about the first wrong option.
    pub fn new(options: &Options) -> Result<Self, String> {
        let run = script::parse(&options.script).map_err(|error| error.to_string())?;
        let Some(setup) = run.clusters.get(options.cluster).cloned() else {
            let (many, wanted) = (run.clusters.len(), options.cluster + 1);
            return Err(format!("there is no cluster {wanted} in a script of {many}"));
        };
        let run = Run { clusters: vec![setup.clone()], ..run };
        let preset = setup.preset;
        let from = Time::from_us(options.from_us.unwrap_or(0));
        let is_fixed = options.from_us.is_some();
        let mut beginning = run.commands.clone();
        beginning.retain(|c| if is_fixed { c.at <= from } else { is_setup(c) });
        if let Some(text) = &options.workload {
            beginning.push(Command { at: from, statement: workload(text, &run)? });
        }
        let targets = targets(options, &run)?;
        let (calm, until) = times(options, &setup, &targets, from)?;
        let nodes = nodes(options, &setup, &beginning)?;
        Ok(Self {
            links: links(options, &nodes)?,
            clients: clients(options, &setup)?,
            faults: faults(options, preset)?,
            operations: operations(options, preset),
            most_faults: options.most_faults.min(MOST),
            most_operations: options.most_operations.min(MOST),
            keys: options.keys.clamp(1, MOST_KEYS),
            because_of: rule(options, preset)?,
            keeps_setup: options.keep_setup || is_fixed,
            setup,
            beginning,
            is_fixed,
            from,
            calm,
            until,
            nodes,
            targets,
        })
    }
}

/// Whether a statement belongs to the set-up of a run.
fn is_setup(command: &Command) -> bool {
    let sets = matches!(
        command.statement,
        Statement::Rule(..)
            | Statement::Set(_)
            | Statement::Network(_)
            | Statement::Link(..)
            | Statement::Workload(_)
    );
    command.at == Time::ZERO && sets
}

fn workload(text: &str, run: &Run) -> Result<Statement, String> {
    let entries = script::parse_statement(&format!("workload {text}"), run)
        .map_err(|error| format!("workload: {}", error.sentence))?;
    match entries.into_iter().next() {
        Some(Entry::Do(statement @ Statement::Workload(_))) => Ok(statement),
        _ => Err("workload: expected what the statement says, such as rate=20/s".to_owned()),
    }
}

fn targets(options: &Options, run: &Run) -> Result<Targets, String> {
    let preset = run.clusters[0].preset;
    let wanted = options.properties.iter().map(|text| Target::parse(text, run));
    let wanted: Vec<Target> = wanted.collect::<Result<_, _>>()?;
    for target in &wanted {
        if matches!(target, Target::Property(crate::check::Property::Raft(_)))
            && preset != Preset::Raft
        {
            return Err(format!("{target} is a property of Raft, and this is a {preset} cluster"));
        }
    }
    Ok(Targets::new(if wanted.is_empty() { Target::defaults(preset) } else { wanted }))
}

/// The last moment for acts, and the end.
fn times(
    options: &Options,
    setup: &Setup,
    targets: &Targets,
    from: Time,
) -> Result<(Time, Time), String> {
    let patience = referee::patience(&World::new(setup));
    let rest = if targets.judges_rest { patience + Span::from_ms(500) } else { Span::ZERO };
    let usual = USUAL_END.max(patience.scaled(5, 2));
    let until = options.until_us.map_or(from + usual, Time::from_us);
    if until <= from || until > LATEST {
        return Err(format!("the end {until} is not between {from} and {LATEST}"));
    }
    let length = until.since(from);
    let rest = rest.max(length.scaled(1, 5));
    let calm = if length > rest.scaled(3, 2) { until - rest } else { from + length.scaled(1, 2) };
    Ok((calm, until))
}

fn nodes(options: &Options, setup: &Setup, beginning: &[Command]) -> Result<Vec<NodeId>, String> {
    let added = beginning.iter().filter_map(|c| match c.statement {
        Statement::Add(node) => Some(node.0),
        _ => None,
    });
    let many = added.max().unwrap_or(0).max(setup.settings.nodes);
    if options.nodes.is_empty() {
        return Ok((1..=many).map(NodeId).collect());
    }
    options.nodes.iter().map(|name| node(name, many)).collect()
}

fn node(name: &str, many: u16) -> Result<NodeId, String> {
    let number = name.strip_prefix('n').and_then(|digits| digits.parse::<u16>().ok());
    number
        .filter(|n| (1..=many).contains(n))
        .map(NodeId)
        .ok_or_else(|| format!("there is no node {name} in a cluster of {many}"))
}

fn clients(options: &Options, setup: &Setup) -> Result<Vec<ClientId>, String> {
    let many = setup.settings.clients;
    if options.clients.is_empty() {
        return Ok((1..=many).map(ClientId).collect());
    }
    let client = |name: &String| {
        let number = name.strip_prefix('c').and_then(|digits| digits.parse::<u16>().ok());
        number
            .filter(|n| (1..=many).contains(n))
            .map(ClientId)
            .ok_or_else(|| format!("there is no client {name} in a cluster of {many}"))
    };
    options.clients.iter().map(client).collect()
}

fn links(options: &Options, nodes: &[NodeId]) -> Result<Vec<Link>, String> {
    let most = nodes.iter().map(|n| n.0).max().unwrap_or(0);
    if !options.links.is_empty() {
        let read = |text: &String| link(text, most);
        return options.links.iter().map(read).collect();
    }
    let pairs = nodes.iter().flat_map(|a| nodes.iter().map(move |b| (*a, *b)));
    let link = |(a, b): (NodeId, NodeId)| Link { from: a.into(), to: b.into(), one_way: false };
    Ok(pairs.filter(|(a, b)| a < b).map(link).collect())
}

fn link(text: &str, most: u16) -> Result<Link, String> {
    let one_way = text.contains('>');
    let ends: Vec<&str> = text.split(['>', '-']).collect();
    match ends[..] {
        [a, b] => {
            let (from, to): (Addr, Addr) = (node(a, most)?.into(), node(b, most)?.into());
            Ok(Link { from, to, one_way })
        }
        _ => Err(format!("{text} is no link, expected one such as n1-n2 or n1>n2")),
    }
}

fn rule(options: &Options, preset: Preset) -> Result<Option<String>, String> {
    let Some(name) = &options.because_of else { return Ok(None) };
    if preset.rules().iter().any(|rule| rule.name == name) {
        return Ok(Some(name.clone()));
    }
    let all: Vec<&str> = preset.rules().iter().map(|rule| rule.name).collect();
    Err(match all[..] {
        [] => format!("a {preset} cluster has no rules that can be switched off"),
        _ => format!("there is no rule {name} of {preset}, expected {}", all.join(", ")),
    })
}

fn faults(options: &Options, preset: Preset) -> Result<Vec<Weight<FaultKind>>, String> {
    let mut wanted = options.faults.clone();
    if wanted.is_empty() {
        wanted = usual_faults(preset);
    }
    wanted.retain(|w| w.weight > 0);
    let traits = preset.traits();
    for kind in wanted.iter().map(|w| w.kind) {
        let missing = match kind {
            FaultKind::Transfer if preset != Preset::Raft => Some("leader that hands over"),
            FaultKind::Member if !traits.has_membership => Some("nodes that join or leave"),
            FaultKind::Timeout if traits.elects == Elects::Nobody => Some("election timers"),
            _ => None,
        };
        if let Some(missing) = missing {
            return Err(format!(
                "no fault of the kind {kind}: a {preset} cluster has no {missing}"
            ));
        }
    }
    Ok(wanted)
}

/// The faults that a protocol should survive, by its guarantees or its users' expectations. Disks
/// that lose durable data and wrong clocks are not among them.
#[must_use]
pub fn usual_faults(preset: Preset) -> Vec<Weight<FaultKind>> {
    use FaultKind as F;
    let traits = preset.traits();
    let mut faults = vec![
        (F::Crash, 4),
        (F::Restart, 2),
        (F::Pause, 3),
        (F::Isolate, 3),
        (F::Cut, 3),
        (F::OneWay, 2),
        (F::Partition, 3),
        (F::Drop, 2),
        (F::Duplicate, 1),
        (F::Delay, 2),
        (F::Slow, 1),
        (F::Loss, 1),
    ];
    if traits.keeps_disk {
        faults.push((F::Disk, 1));
    }
    if traits.elects != Elects::Nobody {
        faults.push((F::Timeout, 3));
    }
    if traits.has_membership {
        faults.push((F::Member, 1));
    }
    if preset == Preset::Raft {
        faults.push((F::Transfer, 1));
    }
    faults.into_iter().map(|(kind, weight)| Weight { kind, weight }).collect()
}

fn operations(options: &Options, preset: Preset) -> Vec<Weight<OperationKind>> {
    use OperationKind as O;
    if !preset.traits().has_data {
        return Vec::new();
    }
    let mut wanted = options.operations.clone();
    if wanted.is_empty() {
        let usual =
            [(O::Get, 8), (O::Set, 8), (O::Append, 2), (O::Cas, 1), (O::Del, 1), (O::Upd, 1)];
        wanted = usual.map(|(kind, weight)| Weight { kind, weight }).to_vec();
    }
    wanted.retain(|w| w.weight > 0);
    wanted
}
