//! Facts about nodes: who leads, who is down, who is suspected.

use super::Found;
use super::barrier::{self, Barrier};
use super::case::{Case, moment};
use crate::explain::words::{length, listed};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Machine, Role, Sign, Timer, raft};
use crate::settings::Preset;
use crate::trace::What;
use crate::world::{Host, Status};

/// What the one is called that the others follow.
pub fn head(case: &Case<'_>) -> Option<&'static str> {
    match case.scene.world.preset() {
        Preset::Raft => Some("leader"),
        Preset::Election => Some("coordinator"),
        Preset::PrimaryBackup => Some("primary"),
        Preset::WriteAll | Preset::Peers | Preset::Ring | Preset::Quorum => None,
    }
}

const NO_HEAD: &str = "Nobody leads here, and nobody has to: any node serves clients.";

/// Nobody leads.
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
    let found = leader_of(case, nearest);
    Found { sentence: format!("There is no {head}. {}", found.sentence), ..found }
}

/// The running node that is nearest to leading: who stands, with the most votes; else whoever
/// reaches the most.
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

fn granted(ballot: &crate::sorted::SortedMap<NodeId, bool>) -> usize {
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

/// A running node has no leader, or wants to be it.
fn without(case: &Case<'_>, n: NodeId, head: &str) -> Found {
    let fact = became(case, n);
    match raft(case, n) {
        Some(server) => without_votes(case, n, server, fact),
        None => without_election(case, n, head, fact),
    }
}

/// A Raft server knows of no leader: what it needs to be one.
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
        return Found::by(fact, format!("{n} knows of no leader yet.")).lacking(missing);
    };
    let (have, term) = (granted(ballot), server.term());
    let standing = match sign(case, n).map(|s| s.role) {
        Some(Role::Candidate) => format!("{n} stands for election in term {term}"),
        _ => format!("{n} asks whether it could win term {}", term.next()),
    };
    let silent: Vec<NodeId> = voters.iter().copied().filter(|v| !ballot.contains_key(v)).collect();
    let mut missing = vec![format!("{n} needs {need} votes, has {have}")];
    let against: Vec<NodeId> = ballot.iter().filter(|(_, yes)| !**yes).map(|(v, _)| *v).collect();
    if !against.is_empty() {
        missing.push(format!("{} voted against it", listed(&against)));
    }
    let apart = barrier::told(case, n.into(), &silent);
    let waits = silent.into_iter().filter(|&v| reaches(case, n, v)).collect::<Vec<_>>();
    missing.extend(apart);
    if !waits.is_empty() && have < need {
        let verb = if waits.len() == 1 { "has" } else { "have" };
        missing.push(format!("{} {verb} not answered yet", listed(&waits)));
    }
    Found::by(fact, format!("{standing}, and has {have} of the {need} votes it needs."))
        .lacking(missing)
}

/// Where elections go by id: what a node without a leader waits for.
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

fn sign(case: &Case<'_>, n: NodeId) -> Option<Sign> {
    Some(case.scene.world.node(n)?.machine()?.sign())
}

/// How long until a timer of a node runs out.
fn timer(case: &Case<'_>, n: NodeId, kind: Timer) -> Option<String> {
    let host = case.scene.world.node(n)?;
    let set = host.timers().find(|s| s.timer == kind)?;
    Some(length(set.due.since(case.scene.world.now())))
}

/// The event that made a node what it is.
fn became(case: &Case<'_>, n: NodeId) -> Option<EventId> {
    case.last_turn(case.end, &|what| match what {
        What::Started(m) | What::Crashed(m) | What::Paused(m) | What::Left(m) => m == n,
        What::Noted(m, fact) => m == n && turns(n, fact),
        _ => false,
    })
}

/// Whether a fact about a node changes what it is.
fn turns(n: NodeId, fact: Fact) -> bool {
    match fact {
        Fact::Stood(_)
        | Fact::Canvassed(_)
        | Fact::Led(_)
        | Fact::Followed(..)
        | Fact::SteppedDown(_)
        | Fact::Abandoned(_)
        | Fact::Restored(_) => true,
        Fact::Deemed(whom, _) => whom == n,
        _ => false,
    }
}

/// A node is what it is.
pub fn as_it_is(case: &Case<'_>, n: NodeId) -> Found {
    if let Some(away) = barrier::away(case, n) {
        let mut sentence = away.told(n.into(), &[n]);
        sentence.push('.');
        return Found::by(Some(ordered(case, away.event)), sentence);
    }
    let Some(sign) = sign(case, n) else { return Found::nothing(format!("{n} does not run.")) };
    let fact = became(case, n);
    let since = fact.and_then(|f| case.event(f)).map_or(String::new(), |e| moment(e.at));
    let sentence = match (sign.role, sign.leader) {
        (Role::Candidate | Role::PreCandidate, _) => {
            return without(case, n, head(case).unwrap_or("leader"));
        }
        (role, leader) => match head(case) {
            None => format!("{n} is {} since {since}.", stands_as(role)),
            Some(head) if role.leads() => {
                let term = sign.term.filter(|_| head == "leader");
                let term = term.map_or(String::new(), |t| format!(" of term {t}"));
                format!("{n} is {head}{term} since {since}.")
            }
            Some(head) => match leader {
                Some(leader) => format!("{n} takes {leader} for its {head}."),
                None => return without(case, n, head),
            },
        },
    };
    Found::by(fact, sentence)
}

/// The statement that brought an event about, if one did directly: it says the same in fewer words.
fn ordered(case: &Case<'_>, event: EventId) -> EventId {
    let cause = case.event(event).and_then(|e| e.causes.first());
    let is_order =
        |c: &EventId| case.event(*c).is_some_and(|e| matches!(e.what, What::Commanded(_)));
    cause.filter(is_order).unwrap_or(event)
}

/// A role as people say it, where nobody leads.
fn stands_as(role: Role) -> String {
    match role {
        Role::Replica => "up".into(),
        Role::Active | Role::Recover | Role::Recovered => role.name().to_uppercase(),
        role => role.name().into(),
    }
}

/// One takes another for dead.
pub fn suspects(case: &Case<'_>, n: NodeId, whom: NodeId) -> Found {
    let told = |w: What| match w {
        What::Noted(m, Fact::Suspected(p)) => (m == n && p == whom).then_some(true),
        What::Noted(m, Fact::Trusted(p)) => (m == n && p == whom).then_some(false),
        What::Noted(m, Fact::Deemed(p, standing)) if (m, p) == (n, whom) => {
            Some(standing == crate::protocol::peers::Standing::Dead)
        }
        What::Started(m) | What::Crashed(m) => (m == n).then_some(false),
        _ => None,
    };
    let last = case.last_turn(case.end, &|w| told(w).is_some());
    let since = last.and_then(|id| case.event(id)).filter(|e| told(e.what) == Some(true));
    let Some(since) = since else {
        return Found::nothing(format!("{n} has no reason to take {whom} for dead."));
    };
    let reality = barrier::told(case, n.into(), &[whom]);
    let mistaken = || format!("{whom} runs and can be reached: what it sent was lost or late");
    let missing = if reality.is_empty() { vec![mistaken()] } else { reality };
    let sentence = format!("{n} takes {whom} for dead since {}.", moment(since.at));
    Found::by(last, sentence).lacking(missing)
}

/// A link is cut, or not.
pub fn link(case: &Case<'_>, a: NodeId, b: NodeId) -> Found {
    let links = case.scene.world.links();
    let (there, back) = (links.is_cut(a.into(), b.into()), links.is_cut(b.into(), a.into()));
    let (from, to, how) = match (there, back) {
        (true, true) => (a, b, format!("The link {a}-{b} is cut")),
        (true, false) => (a, b, format!("Nothing gets from {a} to {b}")),
        (false, true) => (b, a, format!("Nothing gets from {b} to {a}")),
        (false, false) => return Found::nothing(format!("The link {a}-{b} is not cut.")),
    };
    match barrier::cut_by(case, from.into(), to.into(), case.end) {
        Some((event, since)) => Found::by(Some(event), format!("{how} since {}.", moment(since))),
        None => Found::nothing(format!("{how}.")),
    }
}

/// Who of these does not run, and since when.
fn absent(case: &Case<'_>, nodes: &[NodeId]) -> Vec<String> {
    let one = |&n: &NodeId| {
        let away: Barrier = barrier::away(case, n)?;
        Some(away.told(n.into(), &[n]))
    };
    nodes.iter().filter_map(one).collect()
}
