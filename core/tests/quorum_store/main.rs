//! The quorum store, played whole: what it does, what it promises, and what it does not.

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

/// The story of a run, each line from its beginning: what is indented as a whole loses that in
/// what is expected.
fn transcript(session: &Session) -> String {
    play::story(session).lines().fold(String::new(), |all, line| all + line.trim_start() + "\n")
}
