//! Tests the page in a real Chromium, as people, assistive technology and scripts use it.
//!
//! `cargo xtask test` builds the page, installs the browser and runs these tests.

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
mod hunt;
mod import;
mod kept;
mod keyboard;
mod loading;
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

/// A Raft cluster of five nodes, which has its leader long before two seconds.
const RAFT: &str = "cluster raft nodes=5 seed=7\n";
