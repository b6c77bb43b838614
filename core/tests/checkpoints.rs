//! The disk content after a checkpoint equals the content before it, in every preset with disks,
//! under enough load for checkpoints.

mod audit;

use audit::disks::Disks;
use audit::{Replay, failure};
use quorumscope_core::script;
use quorumscope_core::world::watch;

const CLUSTERS: [&str; 4] = [
    "raft snapshot=40 nodes=3",
    "primary-backup nodes=3 failover=manual",
    "quorum nodes=3",
    "ring nodes=3 checkpoint=200ms",
];

/// Plays a script. Returns the number of checkpoints that were compared with the live state.
fn watched(seed: u64, text: &str) -> u32 {
    let print = || text.to_owned();
    let _replay = Replay::of(seed, &print);
    let run = script::parse(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    let mut disks = Disks::default();
    watch(&run, run.show.expect("it says when it is over").at, |world| {
        if let Err(problem) = disks.look(world) {
            panic!("{}", failure(seed, world, problem, ""));
        }
        true
    });
    disks.checkpoints
}

#[test]
fn a_process_that_starts_from_a_checkpoint_is_the_one_that_made_it() {
    for cluster in CLUSTERS {
        let mut checkpoints = 0;
        for seed in 1..=3 {
            let crash = 3_000 + 137 * seed;
            checkpoints += watched(
                seed,
                &format!(
                    "cluster {cluster} clients=20 latency=2ms seed={seed}
                    @500ms workload rate=1000/s reads=10% keys=20
                    @{crash}ms crash n3
                    @{}ms restart n3
                    @5s workload off
                    @6s show",
                    crash + 400
                ),
            );
        }
        assert!(checkpoints > 0, "{cluster}: no checkpoint was made");
    }
}
