//! The quorum store, played whole: its behaviour, its guarantee, and the limits of that.

#[path = "../audit/mod.rs"]
mod audit;
#[path = "../play/mod.rs"]
mod play;
#[path = "../register/mod.rs"]
mod register;
#[path = "../seeds/mod.rs"]
mod seeds;

mod failures;
mod operations;
mod promise;

use quorumscope_core::session::Session;

/// The story of a run without the indentation of its lines, which the macro removes from the
/// expected text.
fn transcript(session: &Session) -> String {
    play::story(session).lines().fold(String::new(), |all, line| all + line.trim_start() + "\n")
}
