//! The questions that apply: the entries of a menu, and the most pressing one.

use super::Question;
use super::case::Case;
use super::{keeps, node, pair};
use crate::explain::Scene;
use crate::ids::{Addr, ClientId, NodeId};
use crate::protocol::{Machine, Role};
use crate::time::Span;
use crate::trace::What;
use crate::world::{Host, Status, World};

/// A question that applies, and its label.
pub type Offer = (String, Question);

/// The most other nodes of each kind in a node's menu.
const MOST_OTHERS: usize = 3;

/// The questions that apply to a node now.
#[must_use]
pub fn of_node(scene: &Scene<'_>, n: NodeId) -> Vec<Offer> {
    let case = Case::of(scene);
    let Some(host) = scene.world.node(n) else { return Vec::new() };
    let about = |name: &str| (name.to_owned(), Question::Node(n));
    let mut offers = match host.status() {
        Status::Crashed => return vec![about("Why is it down?")],
        Status::Left => return vec![about("Why has it left?")],
        Status::Paused => return vec![about("Why is it paused?")],
        Status::Up => Vec::new(),
    };
    let Some(machine) = host.machine() else { return offers };
    let sign = machine.sign();
    let has_head = node::head(&case).is_some();
    match sign.role {
        Role::Leader | Role::Primary => offers.push(about("Why does it lead?")),
        Role::Candidate | Role::PreCandidate => offers.push(about("Why is it not elected?")),
        Role::Follower | Role::Backup | Role::Learner if sign.leader.is_none() => {
            offers.push(("Why has it no leader?".into(), Question::LeaderOf(n)));
        }
        Role::Follower | Role::Backup | Role::Learner => {
            offers.push(about("Why does it follow?"));
        }
        Role::Recover | Role::Recovered | Role::Active => offers.push(about("Why this state?")),
        Role::Head | Role::Middle | Role::Tail | Role::Joining | Role::Configurator => {}
        Role::Replica => {}
    }
    if has_head && !sign.role.leads() {
        offers.push(("Why does it not lead?".into(), Question::NotLeader(n)));
    }
    offers.extend(not_committed(machine, n));
    if let Machine::Raft(server) = machine {
        let against = server.ballot().into_iter().flat_map(|b| b.iter());
        let against = against.filter(|(_, yes)| !**yes).map(|(voter, _)| *voter);
        let offer = |voter| (format!("Why no vote of {voter}?"), Question::Vote(voter, n));
        offers.extend(against.take(MOST_OTHERS).map(offer));
    }
    offers.extend(doubts(&case, n.into()));
    let keeps = keeps::by(scene.world, n).into_iter().take(MOST_OTHERS);
    offers.extend(
        keeps.map(|(whom, _)| {
            (format!("Why does it keep data for {whom}?"), Question::Keeps(n, whom))
        }),
    );
    offers
}

/// The questions that apply to the balancer now: they concern the nodes that it passes over.
#[must_use]
pub fn of_balancer(scene: &Scene<'_>) -> Vec<Offer> {
    doubts(&Case::of(scene), Addr::Balancer).collect()
}

/// The nodes that somebody believes dead, or out of the cluster.
fn doubts(case: &Case<'_>, who: Addr) -> impl Iterator<Item = Offer> {
    let doubted = pair::doubted(case, who).into_iter().take(MOST_OTHERS);
    doubted.map(move |(whom, standing)| {
        let name = format!("Why is {whom} {} to it?", standing.name().to_lowercase());
        (name, Question::Suspects(who, whom))
    })
}

/// The last entry of a log that is not known to be committed.
fn not_committed(machine: &Machine, n: NodeId) -> Option<Offer> {
    let (last, committed) = match machine {
        Machine::Raft(server) => (server.log().last_index(), server.commit()),
        Machine::PrimaryBackup(server) if machine.sign().role.leads() => {
            let marks = server.log_marks();
            (marks.last, marks.committed)
        }
        _ => return None,
    };
    (last > committed).then(|| ("Why not committed?".into(), Question::Entry(last, Some(n))))
}

/// The questions that apply to a client now.
#[must_use]
pub fn of_client(world: &World, c: ClientId) -> Vec<Offer> {
    let Some(session) = world.clients().find(|s| s.id() == c) else { return Vec::new() };
    match (session.open(), session.last()) {
        (Some(_), _) => vec![("Why does it wait?".into(), Question::Client(c))],
        (None, Some(last)) => vec![("Why this answer?".into(), Question::Operation(last))],
        (None, None) => Vec::new(),
    }
}

/// The questions that apply to a link now.
#[must_use]
pub fn of_link(world: &World, a: NodeId, b: NodeId) -> Vec<Offer> {
    let links = world.links();
    let either = |holds: &dyn Fn(NodeId, NodeId) -> bool| holds(a, b) || holds(b, a);
    let question = Question::Link(a, b);
    if either(&|from, to| links.is_cut(from.into(), to.into())) {
        return vec![("Why is it cut?".into(), question)];
    }
    if either(&|from, to| links.is_changed(from.into(), to.into())) {
        return vec![("Why is it changed?".into(), question)];
    }
    Vec::new()
}

/// A client that waits no longer than this is no problem yet.
const PATIENCE: Span = Span::from_ms(100);

/// The most serious problem now, if there is one: no node leads, or a client waits.
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

/// The question of `why` alone.
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
