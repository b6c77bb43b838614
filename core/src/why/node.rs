//! Missing leaders: no node leads, or a node knows of no leader; and the preconditions of an
//! election.

use super::Found;
use super::barrier::{self, Barrier};
use super::candidates;
use super::case::Case;
use super::removal;
use super::role::{MANUAL, as_it_is, became, ordered, waits_for_a_word};
use super::slow;
use super::vote;
use crate::explain::words::{length, listed};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Machine, Role, Sign, Timer, raft};
use crate::time::Time;
use crate::trace::What;
use crate::world::{Host, Status};

/// The preset's word for the leader.
pub fn head(case: &Case<'_>) -> Option<&'static str> {
    case.scene.world.preset().traits().leader
}

const NO_HEAD: &str = "Nobody leads here, and nobody has to: any node serves clients.";

/// No node leads.
pub fn no_leader(case: &Case<'_>) -> Found {
    let Some(head) = head(case) else { return Found::nothing(NO_HEAD) };
    if let Some(leader) = case.scene.world.leader() {
        return as_it_is(case, leader);
    }
    let Some(nearest) = nearest(case) else {
        let stops = |w: What| matches!(w, What::Crashed(_) | What::Paused(_) | What::Left(_));
        let last = case.last_turn(case.end, &stops);
        let all: Vec<NodeId> = case.scene.world.nodes().map(Host::id).collect();
        let missing = absent(case, &all);
        return Found::by(last, format!("There is no {head}: no node runs.")).lacking(missing);
    };
    if let Some(found) = unnoticed(case, head, nearest) {
        return found;
    }
    let found = leader_of(case, nearest);
    let mut missing = found.missing.clone();
    missing.extend(candidates::told(case, nearest));
    let sentence = format!("There is no {head}. {}", found.sentence);
    Found { sentence, ..found }.lacking(missing)
}

/// The last leader is gone, and no node stands for election yet.
fn unnoticed(case: &Case<'_>, head: &str, nearest: NodeId) -> Option<Found> {
    let stands = matches!(sign(case, nearest)?.role, Role::Candidate | Role::PreCandidate);
    let led = |w: What| matches!(w, What::Noted(_, Fact::Led(_)));
    let led = case.last_turn(case.end, &led).filter(|_| !stands)?;
    let What::Noted(leader, Fact::Led(term)) = case.event(led)?.what else { return None };
    let away = barrier::away(case, leader)?;
    let was = if head == "leader" {
        format!("which led term {term}")
    } else {
        format!("the last {head}")
    };
    let told = away.told(leader.into(), &[leader]);
    let gone = told.strip_prefix(&leader.to_string()).unwrap_or(&told);
    let sentence = format!("There is no {head}: {leader}, {was},{gone}.");
    let up = case.scene.world.nodes().filter(|h| h.status() == Status::Up);
    let up: Vec<NodeId> = up.map(Host::id).collect();
    let follows = |n: &&NodeId| sign(case, **n).is_some_and(|s| s.leader == Some(leader));
    let unaware: Vec<NodeId> = up.iter().filter(follows).copied().collect();
    let mut missing = Vec::new();
    if !unaware.is_empty() {
        let verb = if unaware.len() == 1 { "has" } else { "have" };
        missing.push(format!("{} {verb} not noticed yet", listed(&unaware)));
    }
    let kinds = [Timer::Suspect(leader), Timer::Election, Timer::Failure];
    let due = |n: NodeId| kinds.iter().filter_map(move |kind| Some((due(case, n, *kind)?, n)));
    let soonest = up.iter().flat_map(|&n| due(n)).min();
    if waits_for_a_word(case) {
        missing.push(MANUAL.into());
    } else if let Some((at, n)) = soonest {
        let left = length(at.since(case.scene.world.now()));
        missing
            .push(format!("{n} is the first to notice, in {left}, unless it hears from {leader}"));
    }
    missing.extend(short(case, &up));
    Some(Found::by(Some(ordered(case, away.event)), sentence).lacking(missing))
}

/// The clause that too few nodes run to elect a leader.
fn short(case: &Case<'_>, up: &[NodeId]) -> Option<String> {
    let server = up.iter().find_map(|&n| raft(case, n))?;
    let voters = server.members().configuration().voters();
    let (need, of) = (voters.quorum(), voters.len());
    let have = up.iter().filter(|&&n| voters.contains(n)).count();
    (have < need).then(|| format!("an election takes {need} of {of} votes, and {have} run"))
}

/// The running node that is nearest to leading: the candidate with the most votes; else the node
/// that reaches the most others.
fn nearest(case: &Case<'_>) -> Option<NodeId> {
    let up = case.scene.world.nodes().filter(|h| h.status() == Status::Up);
    let rank = |h: &Host| {
        let role = h.machine().map(|m| m.sign().role);
        let stands = match role {
            Some(Role::Candidate) => 2,
            Some(Role::PreCandidate) => 1,
            _ => 0,
        };
        let votes = raft(case, h.id()).and_then(|s| s.ballot()).map_or(0, granted);
        let reached = case.others(h.id()).into_iter();
        let reached = reached.filter(|&n| reaches(case, h.id(), n)).count();
        (stands, votes, reached, std::cmp::Reverse(h.id()))
    };
    up.max_by_key(|h| rank(h)).map(Host::id)
}

fn reaches(case: &Case<'_>, from: NodeId, to: NodeId) -> bool {
    barrier::between(case, from.into(), to.into()).is_none()
}

/// Number of these nodes that a node can reach, itself included.
pub fn reached(case: &Case<'_>, n: NodeId, of: &[NodeId]) -> usize {
    of.iter().filter(|&&m| m == n || reaches(case, n, m)).count()
}

pub fn granted(ballot: &crate::sorted::SortedMap<NodeId, bool>) -> usize {
    ballot.values().filter(|&&yes| yes).count()
}

/// A Raft server that runs or is paused.
pub fn raft<'a>(case: &Case<'a>, node: NodeId) -> Option<&'a raft::Server> {
    match case.scene.world.node(node)?.machine()? {
        Machine::Raft(server) => Some(server),
        _ => None,
    }
}

/// A node knows of no leader, or knows of one.
pub fn leader_of(case: &Case<'_>, n: NodeId) -> Found {
    let Some(head) = head(case) else { return Found::nothing(NO_HEAD) };
    match sign(case, n).filter(|_| barrier::away(case, n).is_none()) {
        Some(sign) if sign.leader.is_none() && !sign.role.leads() => without(case, n, head),
        _ => as_it_is(case, n),
    }
}

/// A running node has no leader, or stands for election.
pub fn without(case: &Case<'_>, n: NodeId, head: &str) -> Found {
    let fact = became(case, n);
    match raft(case, n) {
        Some(server) => without_votes(case, n, server, fact),
        None => without_election(case, n, head, fact),
    }
}

/// A Raft server knows of no leader: the preconditions for leading itself.
fn without_votes(
    case: &Case<'_>,
    n: NodeId,
    server: &raft::Server,
    fact: Option<EventId>,
) -> Found {
    let configuration = server.members().configuration();
    let need = configuration.voters().quorum();
    let voters: Vec<NodeId> = configuration.voters().iter().filter(|&v| v != n).collect();
    let Some(ballot) = server.ballot() else {
        let mut missing = timer(case, n, Timer::Election)
            .map(|left| format!("{n} stands for election in {left}, unless it hears of a leader"))
            .into_iter()
            .collect::<Vec<_>>();
        missing.extend(barrier::told(case, n.into(), &voters));
        missing.extend(removal::pending(case));
        return Found::by(fact, format!("{n} knows of no leader yet.")).lacking(missing);
    };
    let (have, term) = (granted(ballot), server.term());
    let standing = match sign(case, n).map(|s| s.role) {
        Some(Role::Candidate) => format!("{n} stands for election in term {term}"),
        _ => format!("{n} asks whether it could win term {}", term.next()),
    };
    let silent: Vec<NodeId> = voters.iter().copied().filter(|v| !ballot.contains_key(v)).collect();
    let mut missing = vec![format!("{n} needs {need} votes, has {have}")];
    let against = ballot.iter().filter(|(_, yes)| !**yes).map(|(v, _)| *v);
    missing.extend(against.filter_map(|v| Some(vote::refused(case, v, n, case.end)?.clause)));
    if let Some(change) = configuration.transition() {
        let old: Vec<NodeId> = change.outgoing.iter().collect();
        missing.push(format!(
            "the members are changing: it needs a majority of {} as well",
            listed(&old)
        ));
    }
    let apart = barrier::told(case, n.into(), &silent);
    let waits = silent.into_iter().filter(|&v| reaches(case, n, v)).collect::<Vec<_>>();
    missing.extend(apart);
    if !waits.is_empty() && have < need {
        let verb = if waits.len() == 1 { "has" } else { "have" };
        missing.push(format!("{} {verb} not answered yet", listed(&waits)));
        missing.extend(writing(case, &waits));
    }
    missing.extend(removal::pending(case));
    let kept = fact.filter(|_| have < need && waits.iter().any(|&v| slow::holds_back(case, v)));
    let kept = kept.and_then(|fact| Some((fact, slow::because(case, &waits, fact)?)));
    let sentence = format!("{standing}, and has {have} of the {need} votes it needs.");
    Found { kept: kept.into_iter().collect(), ..Found::by(fact, sentence).lacking(missing) }
}

/// The clause about nodes whose answers wait for their disks.
fn writing(case: &Case<'_>, nodes: &[NodeId]) -> Option<String> {
    let busy: Vec<NodeId> = nodes.iter().copied().filter(|&n| slow::holds_back(case, n)).collect();
    slow::told(case, &busy)
}

/// Elections by id: the events that a node without a leader waits for.
fn without_election(case: &Case<'_>, n: NodeId, head: &str, fact: Option<EventId>) -> Found {
    let electing = sign(case, n).is_some_and(|s| s.role == Role::Candidate);
    let others = case.others(n);
    let mut missing = Vec::new();
    for kind in [Timer::Election, Timer::Failure] {
        if let Some(left) = timer(case, n, kind) {
            missing.push(format!("{n} waits for {left} more"));
            break;
        }
    }
    missing.extend(barrier::told(case, n.into(), &others));
    let sentence = if electing {
        format!("{n} has called an election and waits for higher nodes to answer.")
    } else {
        format!("{n} knows of no {head} yet.")
    };
    Found::by(fact, sentence).lacking(missing)
}

/// The sign of a running node.
pub fn sign(case: &Case<'_>, n: NodeId) -> Option<Sign> {
    Some(case.scene.world.node(n)?.machine()?.sign())
}

/// The clause about the time until a timer of a node runs out.
pub fn timer(case: &Case<'_>, n: NodeId, kind: Timer) -> Option<String> {
    Some(length(due(case, n, kind)?.since(case.scene.world.now())))
}

/// The time at which a timer of a node runs out.
fn due(case: &Case<'_>, n: NodeId, kind: Timer) -> Option<Time> {
    let host = case.scene.world.node(n)?;
    host.timers().find(|s| s.timer == kind).map(|set| set.due)
}

/// The nodes among these that are not running, and since when.
fn absent(case: &Case<'_>, nodes: &[NodeId]) -> Vec<String> {
    let one = |&n: &NodeId| {
        let away: Barrier = barrier::away(case, n)?;
        Some(away.told(n.into(), &[n]))
    };
    nodes.iter().filter_map(one).collect()
}
