//! A replicated key-value store, simulated whole: nodes, disks, clocks, network and clients.
//!
//! One idea: **a run is a value**. A [`run::Run`] is a set-up, a seed and commands, each at a
//! virtual time; a [`world::World`] is the state of the run at a time: a pure function of both.
//!
//! This crate never reads a clock, draws entropy, opens a file or a socket, starts a thread, keeps
//! global state, iterates over a hash map, or holds a float in state. `clippy.toml` enforces the
//! part of this that a lint can see.

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
pub mod hunt;
pub mod ids;
pub mod lesson;
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
