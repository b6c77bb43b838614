//! Protocols: one folder each, and their common parts.
//!
//! [`contract`] defines a protocol; [`registry`] unites all of them, generated from the rows of
//! `crate::registry`. A new protocol needs a folder here, its row, and its `mod` lines here and in
//! [`crate::settings::own`].

mod contract;
mod kind;
mod mark;
mod message;
mod registry;
mod view;

pub mod bully;
pub mod chain;
pub mod database;
pub mod detector;
pub mod election;
pub mod peers;
pub mod primary_backup;
pub mod quorum_store;
pub mod raft;
pub mod ring;
pub mod write_all;

pub use contract::{
    Cx, Disk, Effect, Fact, Index, Input, Nothing, Order, Outcome, OwnFact, Payload, Protocol,
    Term, Timer,
};
pub use kind::{Family, Kind};
pub use mark::Mark;
pub use message::{Ask, Reply, ReplyBody};
pub use registry::{Checkpoint, Machine, Message, Record, install};
pub use view::{LogCell, LogMarks, NodeView, Role, Sign};
