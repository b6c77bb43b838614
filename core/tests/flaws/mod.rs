//! The planted flaws: scripts of known failures, what breaks in each, and what a hunt may do to find
//! it. Tests hunt for them, and the bench measures how long that takes.

#![allow(dead_code, reason = "not everybody uses all of it")]

use quorumscope_core::hunt::{FaultKind, Options, Weight, usual_faults};
use quorumscope_core::run::{Command, NodeFault, Run, Statement};
use quorumscope_core::script;
use quorumscope_core::settings::{Preset, Rule};
use quorumscope_core::time::Time;
use std::path::Path;

/// A failure that is known.
pub struct Flaw {
    /// The name of its script.
    pub name: &'static str,
    /// A script that shows it, as short as its author could make it.
    pub script: &'static str,
    /// The target that it hits.
    pub property: &'static str,
    /// Faults that it needs beyond the usual ones.
    pub faults: &'static [FaultKind],
}

macro_rules! flaws {
    ($($name:literal: $property:literal $(with $fault:ident)*,)*) => {
        /// All of them.
        pub const FLAWS: &[Flaw] = &[$(Flaw {
            name: $name,
            script: include_str!(concat!("../scripts/", $name, ".qs")),
            property: $property,
            faults: &[$(FaultKind::$fault),*],
        }),*];
    };
}

flaws! {
    "election-two-coordinators": "leaders > 1",
    "peers-diverge": "convergence",
    "peers-not-forwarded": "lost-write",
    "peers-queue-lost": "convergence",
    "primary-backup-lost-write": "stale-read",
    "primary-backup-split-brain": "linearizable",
    "quorum-clock-skew-loses-a-write": "lost-write" with Clock,
    "quorum-is-not-linearizable": "stale-read",
    "quorum-resurrected-delete": "read-your-writes",
    "quorum-retry-overwrites-a-newer-value": "monotonic-reads",
    "quorum-sloppy-reads-stale": "stale-read",
    "quorum-small-quorums-read-stale": "stale-read",
    "quorum-stays-diverged": "convergence",
    "raft-up-to-date": "leader-completeness",
    "raft-vote-once": "election-safety",
    "ring-balancer-suspects-the-living": "client fails",
    "ring-partition-diverges": "stale-read",
    "ring-removed-corpse-takes-writes-along": "lost-write",
    "ring-replica-reads-stale": "read-your-writes",
    "ring-replica-stays-behind": "convergence",
    "ring-retry-applies-twice": "applied-twice",
    "ring-wiped-owner-forgets": "read-your-writes" with Wipe,
}

impl Flaw {
    /// The hunt for it in its cluster, whose seed is the usual one.
    pub fn options(&self, seed: u64) -> Options {
        let run = script::parse(self.script).expect("a known script can be read");
        let mut faults = usual_faults(run.clusters[0].preset);
        faults.extend(self.faults.iter().map(|&kind| Weight { kind, weight: 4 }));
        Options { properties: vec![self.property.into()], faults, seed, ..Options::of(self.script) }
    }

    /// The statements of the known script, without its show.
    pub fn statements(&self) -> usize {
        script::parse(self.script).expect("a known script can be read").commands.len()
    }
}

/// A rule that is switched off, the hunt for what it prevents, and the known script.
pub struct Broken {
    /// The protocol and the rule.
    pub name: String,
    /// The hunt, in the cluster of the known script.
    pub options: Options,
    /// The statements of the known script, without its show.
    pub statements: usize,
}

/// The rules of all protocols without which some property is known to break.
pub fn rules(seed: u64) -> Vec<Broken> {
    let all = Preset::ALL.into_iter().flat_map(|p| p.rules().iter().map(move |rule| (p, rule)));
    all.filter_map(|(preset, rule)| broken(preset, rule, seed)).collect()
}

fn broken(preset: Preset, rule: &Rule, seed: u64) -> Option<Broken> {
    let property = rule.breaks?;
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = [
        tests.join(format!("rule_scripts/{preset}/{}.qs", rule.name)),
        tests.join(format!("scripts/{preset}-{}.qs", rule.name)),
    ];
    let text = files.iter().find_map(|file| std::fs::read_to_string(file).ok())?;
    let mut run = script::parse(&text).expect("a known script can be read");
    let statements = run.commands.len();
    let faults = beyond_usual(preset, &run);
    // The set-up is what happens at 0 s, wherever the script breaks the rule.
    run.commands.retain(|c| !matches!(c.statement, Statement::Rule(..)));
    let off = Statement::Rule(rule.name.into(), false);
    run.commands.insert(0, Command { at: Time::ZERO, statement: off });
    let options = Options {
        properties: vec![property.into()],
        because_of: Some(rule.name.to_owned()),
        faults,
        seed,
        ..Options::of(&script::print(&run))
    };
    Some(Broken { name: format!("{preset} without {}", rule.name), options, statements })
}

/// The usual faults, and those of the script that are not among them.
fn beyond_usual(preset: Preset, run: &Run) -> Vec<Weight<FaultKind>> {
    let mut faults = usual_faults(preset);
    for command in &run.commands {
        let kind = match &command.statement {
            Statement::Node(_, NodeFault::Wipe) => FaultKind::Wipe,
            Statement::Node(_, NodeFault::Corrupt) => FaultKind::Corrupt,
            Statement::ClockJump(..) => FaultKind::Clock,
            Statement::ClockRate(..) => FaultKind::Drift,
            Statement::Add(_) | Statement::Remove(_) => FaultKind::Member,
            _ => continue,
        };
        faults.retain(|w| w.kind != kind);
        faults.push(Weight { kind, weight: 4 });
    }
    faults
}
