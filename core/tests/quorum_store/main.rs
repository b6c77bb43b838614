//! The quorum store, played whole: what it does, what it promises, and what it does not.

#[path = "../play/mod.rs"]
mod play;

mod failures;
mod operations;
mod promise;
mod register;
