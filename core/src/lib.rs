//! A replicated key-value store, simulated whole: nodes, disks, clocks, network and clients.
//!
//! One idea: **a run is a value**. A [`run::Run`] is a set-up, a seed and commands, each at a
//! virtual time; a [`world::World`] is what the run looks like at a time: a pure function of both.
//!
//! What this crate never does: read a clock, draw entropy, open a file or a socket, start a thread,
//! keep global state, iterate over a hash map, or hold a float in state. `clippy.toml` enforces
//! what of this can be enforced.

pub mod check;
pub mod client;
pub mod condition;
pub mod diagram;
pub mod disk;
pub mod explain;
pub mod export;
pub mod figures;
mod fnv;
pub mod hash_ring;
pub mod history;
pub mod ids;
pub mod metrics;
pub mod network;
pub mod order;
pub mod paged;
pub mod protocol;
pub mod quorum;
mod registry;
pub mod rng;
pub mod run;
pub mod script;
pub mod session;
pub mod settings;
pub mod signs;
pub mod sorted;
pub mod store;
pub mod time;
pub mod timeline;
pub mod trace;
pub mod view;
pub mod why;
pub mod world;
