//! How much memory a run takes: `cargo xtask bench memory` runs this.
//!
//! What is counted is what the program has asked its allocator for and not given back. Prints
//! `sample memory BYTES` for the preset that takes the most, and a table of all.

use std::alloc::System;

use quorumscope_core::figures;
use quorumscope_core::settings::Preset;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many events are simulated.
const EVENTS: u64 = 1_000_000;

fn main() {
    let mut most = 0;
    println!("25 nodes, default workload, after {EVENTS} events, trace and checkpoints included");
    println!("{:<16} {:>12} {:>12}", "preset", "virtual s", "MB");
    for preset in Preset::ALL {
        let (taken, seconds) = taken(preset);
        println!("{:<16} {seconds:>12} {:>12.1}", preset.name(), taken as f64 / 1e6);
        most = most.max(taken);
    }
    println!("sample memory {}", most as f64 / 1e6);
}

/// The bytes that a run of that preset takes, and how many virtual seconds it lasts.
fn taken(preset: Preset) -> (usize, u64) {
    let before = in_use();
    let kept = figures::travel(&figures::crowd(preset), EVENTS);
    (in_use() - before, kept.frontier().time.as_us() / 1_000_000)
}

fn in_use() -> usize {
    let stats = MEMORY.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}
