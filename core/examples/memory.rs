//! The memory of runs: `cargo xtask bench memory` runs this.
//!
//! Counts the bytes that the program has allocated and not freed. Prints `sample memory BYTES` for
//! the preset with the most, and a table of all.

#![expect(
    clippy::disallowed_types,
    reason = "the core has virtual time only; this is who holds the stopwatch"
)]

use std::alloc::System;
use std::time::Instant;

use quorumscope_core::figures;
use quorumscope_core::settings::Preset;
use quorumscope_core::timeline::Timeline;
use quorumscope_core::world::World;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static MEMORY: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Number of events that are simulated.
const EVENTS: u64 = 1_000_000;

/// The memory that a page may keep.
const BUDGET: usize = 256 << 20;

fn main() {
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() == Some("long") {
        let events = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20_000_000);
        for preset in Preset::ALL {
            play_on(preset, events);
        }
        return;
    }
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

/// The bytes of a run of that preset, and its length in virtual seconds.
fn taken(preset: Preset) -> (usize, u64) {
    let before = in_use();
    let kept = figures::travel(&figures::crowd(preset), EVENTS);
    (in_use() - before, kept.frontier().time.as_us() / 1_000_000)
}

/// Plays a crowd of that preset on for that many steps, and forgets data beyond the budget.
fn play_on(preset: Preset, steps: u64) {
    let run = figures::crowd(preset);
    let before = in_use();
    let mut timeline = Timeline::new(&run.clusters[0]);
    let (mut most, mut began, mut pace) = (0, Instant::now(), Vec::new());
    while timeline.world().steps() < steps && timeline.step(&run.commands) {
        if timeline.world().steps().is_multiple_of(2_000) {
            while in_use() - before > BUDGET && timeline.make_room() {}
            most = most.max(in_use() - before);
        }
        if timeline.world().steps().is_multiple_of(1_000_000) {
            pace.push(began.elapsed().as_secs_f64());
            began = Instant::now();
        }
    }
    let world = World::clone(timeline.world());
    timeline.forget_all();
    let (seconds, operations) = (world.now().as_us() / 1_000_000, world.operations().len());
    println!(
        "{:<16} {:>9} s {operations:>9} operations, at most {:>6.1} MB, the World alone {:>6.1} MB, {:.2} s the first million, {:.2} s the last",
        preset.name(),
        seconds,
        most as f64 / 1e6,
        (in_use() - before) as f64 / 1e6,
        pace.first().copied().unwrap_or_default(),
        pace.last().copied().unwrap_or_default(),
    );
}

fn in_use() -> usize {
    let stats = MEMORY.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}
