//! The page in a real Chromium, used as people, assistive technology and scripts use it.
//!
//! `cargo xtask test` builds the page, installs the browser and runs these.

mod accessibility;
mod api;
mod comparison;
mod console;
mod control;
mod diagram;
mod exports;
mod first_sight;
mod focus;
mod frame;
mod gestures;
mod gliding;
mod health;
mod import;
mod keyboard;
mod long;
mod monkey;
mod opening;
mod panic;
mod presets;
mod quiet;
mod same_everywhere;
mod scale;
mod share;
mod time_travel;
mod touch;
mod verdicts;
mod why;

/// A Raft cluster of five that has long elected its leader two seconds in.
const RAFT: &str = "cluster raft nodes=5 seed=7\n";
