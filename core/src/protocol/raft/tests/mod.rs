//! Raft, server by server: who says what to whom, by hand.

mod net;

mod election;
mod log_repair;
mod membership;
mod reads;
mod snapshot;
