//! The planted flaws: scripts of known failures, what breaks in each, and what a hunt may do to find
//! it. Tests hunt for them, and the bench measures how long that takes.

use quorumscope_core::hunt::{FaultKind, Options, Weight, usual_faults};
use quorumscope_core::script;
use quorumscope_core::settings::Preset;

/// A failure that is known.
pub struct Flaw {
    /// The name of its script.
    pub name: &'static str,
    /// A script that shows it, as short as its author could make it.
    pub script: &'static str,
    /// What breaks.
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

/// The hunts for what each rule of a protocol prevents, with that rule off, by the name of the rule.
pub fn rules(seed: u64) -> impl Iterator<Item = (Preset, &'static str, Options)> {
    let all =
        Preset::ALL.into_iter().flat_map(|p| p.rules().iter().map(move |rule| (p, rule.name)));
    all.map(move |(preset, name)| {
        let script = format!("cluster {preset}\n@0s rule {name} off");
        let options = Options { because_of: Some(name.to_owned()), seed, ..Options::of(&script) };
        (preset, name, options)
    })
}
