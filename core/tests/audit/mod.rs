//! Auditors, which see every node's memory and disk after every step, and check each rule where it
//! is followed, not where its violation is noticed: a forgotten vote is found at once, not when two
//! nodes lead.

#![allow(dead_code, reason = "no test file uses all of it")]

pub mod disks;
pub mod primary_backup;
pub mod quorum;
pub mod raft;

use quorumscope_core::run::Run;
use quorumscope_core::script;
use quorumscope_core::world::World;
use std::fmt::Display;

/// The description of a failure: problem, time, and a script to replay it.
pub fn failure(seed: u64, world: &World, problem: impl Display, script: impl Display) -> String {
    format!("seed {seed}, at {}: {problem}\nthis script replays it:\n{script}", world.now())
}

/// Prints seed and script if the test panics while this value lives.
pub struct Replay<'a> {
    seed: u64,
    print: &'a dyn Fn() -> String,
}

impl<'a> Replay<'a> {
    /// The replay of a run that `print` can write as a script.
    pub fn of(seed: u64, print: &'a dyn Fn() -> String) -> Self {
        Self { seed, print }
    }
}

impl Drop for Replay<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("seed {}: this script replays it:\n{}", self.seed, (self.print)());
        }
    }
}

/// The script of a run.
pub fn printed(run: &Run) -> String {
    script::print(run)
}
