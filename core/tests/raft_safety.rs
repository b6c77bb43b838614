//! Raft keeps its safety properties whatever happens to it, as long as its disks keep theirs.

mod common;

use common::{Chaos, play, random_run, replay};
use quorumscope_core::check::raft_safety::{RaftSafety, SafetyProperty, SafetyViolation};
use quorumscope_core::protocol::{Machine, Outcome};
use quorumscope_core::run::Run;
use quorumscope_core::time::Time;
use quorumscope_core::world::World;
use std::env;

const UNTIL: Time = Time::from_ms(12_000);

/// Plays a run under the eyes of the judge.
fn judged(run: &Run) -> (World, Option<SafetyViolation>) {
    let mut judge = RaftSafety::new();
    let world = play(run, UNTIL, |world| !judge.observe(world));
    (world, judge.violation().cloned())
}

/// How many seeds are tried: `SEEDS` says, for longer searches by hand.
fn seeds(default: u64) -> std::ops::Range<u64> {
    let first = env::var("FIRST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    let count = env::var("SEEDS").ok().and_then(|s| s.parse().ok()).unwrap_or(default);
    first..first + count
}

#[test]
fn safety_holds_over_random_faults() {
    let mut committed = 0;
    for seed in seeds(200) {
        let run = random_run(seed, Chaos::default());
        let (world, violation) = judged(&run);
        if let Some(v) = violation {
            panic!("seed {seed}, at {}: {}: {}\n{}", v.at, v.property, v.text, replay(&run));
        }
        committed += alike(seed, &run, &world);
    }
    assert!(committed > 0, "something was done");
}

/// Left alone, the cluster elects a leader, and every server applies the same. Returns how much.
fn alike(seed: u64, run: &Run, world: &World) -> u64 {
    let states: Vec<_> = world.nodes().filter_map(|n| n.machine()).collect();
    let of = |m: &Machine| match m {
        Machine::Raft(s) => (s.commit(), s.log().prefix_digest(s.commit()), s.state().clone()),
        _ => unreachable!("it is a cluster of Raft"),
    };
    let first = of(states[0]);
    assert!(world.leader().is_some(), "seed {seed}: nobody leads\n{}", replay(run));
    for other in &states[1..] {
        assert_eq!(of(other), first, "seed {seed}: servers differ\n{}", replay(run));
    }
    let done = world
        .operations()
        .iter()
        .filter(|o| matches!(o.end.as_ref().map(|e| &e.outcome), Some(Outcome::Ok(_))));
    done.count() as u64
}

/// The judge is not blind: with disks that forget, the same faults do break Raft.
#[test]
fn without_fsync_safety_breaks_somewhere() {
    let chaos = Chaos { fsync: false, rate: 12, ..Chaos::default() };
    let violation = (1..400).find_map(|seed| judged(&random_run(seed, chaos)).1);
    let violation = violation.expect("votes and entries that are forgotten break something");
    assert_ne!(violation.property, SafetyProperty::LeaderAppendOnly, "{}", violation.text);
}
