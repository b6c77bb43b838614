//! Raft, server by server, with messages delivered by hand.

mod net;

mod election;
mod log_repair;
mod membership;
mod reads;
mod snapshot;
