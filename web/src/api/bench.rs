//! `bench(name)`: figures that are measured from inside, for the harness.

use super::Given;
use super::object::Args;
use crate::memory;
use crate::player::Player;
use quorumscope_core::figures::{self, BUSY_UNTIL};
use quorumscope_core::settings::Preset;

/// Measures the figure of that name: simulated events a second. `panic` is none, and panics.
pub fn bench(args: &Args, player: &Player) -> Given {
    let name = args.get(0).as_string().unwrap_or_default();
    let run = figures::busy(Preset::Raft);
    let play = match name.as_str() {
        "kernel-bare" => figures::play,
        "kernel-checked" => figures::play_checked,
        // The page that a panic leaves behind must be seen to work too.
        "panic" => panic!("a test asked for a panic"),
        "panic-inside" => player.panic(),
        // Memory that nobody writes to: the browser refuses it long before it takes any.
        "exhaust" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            loop {
                all.push(std::hint::black_box(Vec::with_capacity(512 << 20)));
            }
        }
        // The bytes of the whole memory of the program, which never shrinks.
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
