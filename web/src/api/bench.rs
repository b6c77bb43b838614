//! `bench(name)`: figures that are measured from inside, for the test harness.

use super::Given;
use super::object::Args;
use crate::memory;
use quorumscope_core::figures::{self, BUSY_UNTIL};
use quorumscope_core::settings::Preset;

/// Measures a figure: simulated events a second, or the size of the memory.
pub fn bench(args: &Args) -> Given {
    let name = args.get(0).as_string().unwrap_or_default();
    let run = figures::busy(Preset::Raft);
    let play = match name.as_str() {
        "kernel-bare" => figures::play,
        "kernel-checked" => figures::play_checked,
        // The size of the program's memory in bytes. It never shrinks.
        "memory" => {
            return Ok(memory::size().into());
        }
        _ => return Err(format!("there is no figure named {name}")),
    };
    let clock = web_sys::window().and_then(|w| w.performance()).ok_or("there is no clock")?;
    let began = clock.now();
    let events = play(&run, BUSY_UNTIL);
    Ok((events as f64 * 1_000.0 / (clock.now() - began)).into())
}
