//! Auditors, who see every node's memory and disk after every step, and hold each rule where it is
//! followed, not where its breach is noticed: a vote that was forgotten is found when it is, not
//! when two lead.

#![allow(dead_code, reason = "no test file uses all of it")]

pub mod disks;
pub mod primary_backup;
pub mod quorum;
pub mod raft;

use quorumscope_core::run::Run;
use quorumscope_core::script;
use quorumscope_core::world::World;
use std::fmt::Display;

/// What is wrong, when, and what to paste to see it again.
pub fn failure(seed: u64, world: &World, problem: impl Display, script: impl Display) -> String {
    format!("seed {seed}, at {}: {problem}\nthis script replays it:\n{script}", world.now())
}

/// Prints seed and script should the test panic while this lives, whoever panics.
pub struct Replay<'a> {
    seed: u64,
    print: &'a dyn Fn() -> String,
}

impl<'a> Replay<'a> {
    /// Of a run that `print` can write as a script.
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
