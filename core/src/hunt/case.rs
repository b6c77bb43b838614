//! A case: a whole run with the time of its judgement, and the court that judges it.

use super::arena::Arena;
use super::simulation::Simulation;
use super::target::{Targets, Violation};
use crate::ids::ClientId;
use crate::run::{Command, NodeFault, Run, Setup, Show, Statement, Story};
use crate::settings::{Setting, Settings};
use crate::store::Op;
use crate::time::Time;
use std::sync::Arc;

/// The size of a case, by properties that make it hard to follow: the first difference counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    statements: usize,
    /// The sum of the strengths of all faults.
    strength: u32,
    nodes: u16,
    /// The complexity of the operations.
    operations: usize,
    /// Settings that are not as they are by default.
    settings: usize,
    /// The numbers of the clients that ask, added up.
    clients: usize,
    /// Half octaves of the length of the run.
    length: u32,
    /// Significant digits of all times.
    digits: usize,
    /// The sum of all times, in microseconds.
    times: u64,
    /// The seed and all values that are written, as numbers, added up.
    values: u64,
    /// Number of characters of the statements, when all else is equal.
    characters: usize,
}

/// A run and the time of its judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The cluster.
    pub setup: Setup,
    /// The statements, by time.
    pub commands: Vec<Command>,
    /// The time of the judgement.
    pub until: Time,
}

impl Case {
    /// A run that shows the moment of its judgement, with that state hash.
    #[must_use]
    pub fn run(&self, state: Option<u64>) -> Run {
        let show = Some(Show { at: self.until, state });
        Run {
            clusters: vec![self.setup.clone()],
            commands: self.commands.clone(),
            story: Story::default(),
            show,
        }
    }

    /// The size of the case.
    #[must_use]
    pub fn size(&self) -> Size {
        let times = || self.commands.iter().map(|c| c.at).chain([self.until]);
        let settings = &self.setup.settings;
        let usual = Settings::sized(self.setup.preset, settings.nodes);
        let is_own = |s: &&Setting| s.name != "nodes" && s.read(settings) != s.read(&usual);
        let mut clients: Vec<_> = self.commands.iter().filter_map(asking).collect();
        crate::order::sort(&mut clients);
        clients.dedup();
        let values: u64 = self.commands.iter().map(|c| values(&c.statement)).sum();
        let length = self.until.as_us() / 50_000;
        Size {
            statements: self.commands.iter().map(|c| weight(&c.statement)).sum(),
            strength: self.commands.iter().map(|c| strength(&c.statement)).sum(),
            nodes: settings.nodes,
            operations: self.commands.iter().map(|c| complexity(&c.statement)).sum(),
            settings: Setting::of(self.setup.preset).filter(is_own).count(),
            clients: clients.iter().map(|c| usize::from(c.0)).sum(),
            length: (length * length).checked_ilog2().unwrap_or(0),
            digits: times().map(digits).sum(),
            times: times().map(Time::as_us).sum(),
            values: values + settings.seed.min(1_000_000),
            characters: self.commands.iter().map(|c| c.statement.to_string().len()).sum(),
        }
    }

    /// The case with a rule followed that it may break.
    fn with_rule(&self, name: &str) -> Self {
        let mut case = self.clone();
        let is_rule = |c: &Command| matches!(&c.statement, Statement::Rule(n, _) if **n == *name);
        case.commands.retain(|c| !is_rule(c));
        Arc::make_mut(&mut case.setup.settings).set_rule(self.setup.preset, name, true);
        case
    }
}

/// The number of statements that a statement counts for: a workload hides many.
fn weight(statement: &Statement) -> usize {
    if matches!(statement, Statement::Workload(Some(_))) { 10_000 } else { 1 }
}

/// The significant digits of a time: 1 of 500 ms, 3 of 1.55 s.
fn digits(time: Time) -> usize {
    time.as_us().to_string().trim_end_matches('0').len()
}

fn asking(command: &Command) -> Option<ClientId> {
    match command.statement {
        Statement::Ask { client, .. } => Some(client),
        _ => None,
    }
}

/// The strength of a fault: statements that undo faults, or are none, have no strength.
fn strength(statement: &Statement) -> u32 {
    match statement {
        Statement::Node(_, NodeFault::Wipe | NodeFault::Corrupt) => 12,
        Statement::Node(_, NodeFault::Crash) => 9,
        Statement::Node(_, NodeFault::Restart) => 8,
        Statement::Node(_, NodeFault::Pause) => 7,
        Statement::Partition(groups) => 4 + groups.iter().map(Vec::len).sum::<usize>() as u32 / 4,
        Statement::Isolate(_) => 5,
        Statement::Cut(link) | Statement::Link(link, _) => {
            if link.one_way {
                2
            } else {
                3
            }
        }
        Statement::Message(..) => 2,
        Statement::Add(_) | Statement::Remove(_) | Statement::Network(_) => 4,
        Statement::Node(_, NodeFault::Timeout) | Statement::Transfer(..) => 1,
        Statement::ClockJump(..) | Statement::ClockRate(..) | Statement::Disk(_, Some(_)) => 3,
        Statement::Node(_, NodeFault::Resume)
        | Statement::Disk(_, None)
        | Statement::Heal(_)
        | Statement::Ping(..)
        | Statement::Ask { .. }
        | Statement::Workload(_)
        | Statement::Rule(..)
        | Statement::Set(_) => 0,
    }
}

/// The complexity of an operation.
fn complexity(statement: &Statement) -> usize {
    let Statement::Ask { request, via, .. } = statement else { return 0 };
    let op = match &request.op {
        Op::Get => 1,
        Op::Set(_) => 2,
        Op::Upd(_) | Op::Del => 4,
        Op::Append(_) => 5,
        Op::Cas(..) => 6,
    };
    op + usize::from(via.is_some()) + usize::from(*request.key != *"x")
}

/// The values that an operation writes or expects, as numbers, added up.
fn values(statement: &Statement) -> u64 {
    let Statement::Ask { request, .. } = statement else { return 0 };
    let number = |word: &str| word.trim_end_matches('.').parse::<u64>().unwrap_or(1_000);
    match &request.op {
        Op::Get | Op::Del => 0,
        Op::Set(v) | Op::Upd(v) | Op::Append(v) => number(v),
        Op::Cas(old, new) => number(old) + number(new),
    }
}

/// Plays cases of one arena and judges them.
#[derive(Clone, Debug)]
pub struct Court {
    targets: Targets,
    because_of: Option<String>,
    setup: Setup,
    /// The statements that all cases have in common, and the state to which they lead.
    beginning: Vec<Command>,
    start: Option<Simulation>,
}

/// A judged case that hits a target.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The violation.
    pub violation: Violation,
    /// Time of the violation: a moment at which the run up to it suffices for the judgement.
    pub at: Time,
    /// The state hash at that moment.
    pub state: u64,
}

impl Court {
    /// The court of an arena.
    #[must_use]
    pub fn new(arena: &Arena) -> Self {
        let mut court = Self {
            targets: arena.targets.clone(),
            because_of: arena.because_of.clone(),
            setup: arena.setup.clone(),
            beginning: arena.beginning.clone(),
            start: None,
        };
        if arena.is_fixed {
            let mut start = Simulation::new(&court.setup, court.beginning.clone());
            if start.play(arena.from, &Targets::safety_of(&court.targets), None).is_none() {
                court.start = Some(start);
            }
        }
        court
    }

    /// The court with one target only.
    #[must_use]
    pub fn of(&self, violation: &Violation) -> Self {
        Self { targets: Targets::new(vec![violation.target.clone()]), ..self.clone() }
    }

    /// The beginning of a run with these statements.
    #[must_use]
    pub fn begin(&self, setup: &Setup, commands: &[Command]) -> Simulation {
        if let Some(start) = &self.start
            && *setup == self.setup
            && commands.starts_with(&self.beginning)
        {
            return Simulation { commands: commands.to_vec(), ..start.clone() };
        }
        Simulation::new(setup, commands.to_vec())
    }

    /// Plays a case and judges it.
    #[must_use]
    pub fn judge(&self, case: &Case) -> Option<Ruling> {
        let ruling = self.judge_as_it_is(case)?;
        let is_at_fault = |name: &String| self.judge_as_it_is(&case.with_rule(name)).is_none();
        self.because_of.as_ref().is_none_or(is_at_fault).then_some(ruling)
    }

    fn judge_as_it_is(&self, case: &Case) -> Option<Ruling> {
        let mut simulation = self.begin(&case.setup, &case.commands);
        let early = simulation.play(case.until, &self.targets, None);
        let Some(violation) = early else {
            let violation = self.targets.judge(&simulation)?;
            return Some(Ruling { violation, at: case.until, state: simulation.world.hash() });
        };
        // All events of that very moment belong to the result.
        let at = simulation.world.now();
        simulation.play_on(at);
        let state = simulation.world.hash();
        simulation.play_on(case.until);
        let lasts = self.targets.judge(&simulation);
        Some(match lasts.filter(|lasting| lasting.is_like(&violation)) {
            Some(_) => Ruling { violation, at: case.until, state: simulation.world.hash() },
            None => Ruling { violation, at, state },
        })
    }
}
