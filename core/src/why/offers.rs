//! Which questions apply: what a menu offers, and what is most pressing.

use super::Question;
use super::case::Case;
use super::node;
use crate::explain::Scene;
use crate::ids::{ClientId, NodeId};
use crate::protocol::{Machine, Role};
use crate::time::Span;
use crate::trace::What;
use crate::world::{Host, Status, World};

/// The questions that apply to a node now, and what each is called.
#[must_use]
pub fn of_node(world: &World, n: NodeId) -> Vec<(&'static str, Question)> {
    let Some(host) = world.node(n) else { return Vec::new() };
    let about = |name| (name, Question::Node(n));
    let mut offers = match host.status() {
        Status::Crashed => return vec![about("Why is it down?")],
        Status::Left => return vec![about("Why has it left?")],
        Status::Paused => vec![about("Why is it paused?")],
        Status::Up => Vec::new(),
    };
    let Some(machine) = host.machine() else { return offers };
    let sign = machine.sign();
    match sign.role {
        Role::Leader | Role::Primary => offers.push(about("Why does it lead?")),
        Role::Candidate | Role::PreCandidate => offers.push(about("Why is it not elected?")),
        Role::Follower | Role::Backup | Role::Learner if sign.leader.is_none() => {
            offers.push(("Why has it no leader?", Question::LeaderOf(n)));
        }
        Role::Follower | Role::Backup | Role::Learner => {
            offers.push(about("Why does it follow?"));
        }
        Role::Recover | Role::Recovered | Role::Active => offers.push(about("Why this state?")),
        Role::Replica => {}
    }
    if let Machine::Raft(server) = machine {
        let last = server.log().last_index();
        if last > server.commit() {
            offers.push(("Why not committed?", Question::Entry(last, Some(n))));
        }
    }
    offers
}

/// The questions that apply to a client now, and what each is called.
#[must_use]
pub fn of_client(world: &World, c: ClientId) -> Vec<(&'static str, Question)> {
    let Some(session) = world.clients().find(|s| s.id() == c) else { return Vec::new() };
    match (session.open(), session.last()) {
        (Some(_), _) => vec![("Why does it wait?", Question::Client(c))],
        (None, Some(last)) => vec![("Why this answer?", Question::Operation(last))],
        (None, None) => Vec::new(),
    }
}

/// A client that waits no longer than this is no problem yet.
const PATIENCE: Span = Span::from_ms(100);

/// What is wrong now, if anything that people should worry about is: nobody leads, or a client
/// waits.
#[must_use]
pub fn problem(scene: &Scene<'_>) -> Option<Question> {
    let world = scene.world;
    if node::head(&Case::of(scene)).is_some() && world.leader().is_none() {
        return Some(Question::NoLeader);
    }
    let waits = |s: &&crate::client::Session| {
        let open = s.open().and_then(|id| world.operation(id));
        open.is_some_and(|o| world.now().since(o.invoked) > PATIENCE)
    };
    world.clients().find(waits).map(|s| Question::Client(s.id()))
}

/// What `why` alone asks.
pub fn most_pressing(case: &Case<'_>) -> Question {
    let world = case.scene.world;
    let away = || world.nodes().find(|h| h.status() != Status::Up).map(Host::id);
    let told = |w: What| matches!(w, What::Commanded(_) | What::Returned(..) | What::Noted(..));
    problem(case.scene)
        .or_else(|| away().map(Question::Node))
        .or_else(|| world.leader().map(Question::Node))
        .or_else(|| case.last(&told).map(Question::Event))
        .unwrap_or(Question::Now)
}
