//! The role or status of a node, and its beginning: leader, follower, candidate, crashed, paused.

use super::Found;
use super::answerers::path;
use super::barrier;
use super::case::{Case, moment};
use super::keeps;
use super::node::{head, raft, reached, sign, timer, without};
use super::orders;
use super::removal;
use super::rules;
use super::vote;
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Role, Timer};
use crate::run::Statement;
use crate::settings::Preset;
use crate::trace::What;
use crate::world::{Host, Status};

/// The explanation of a node's role or status.
pub fn as_it_is(case: &Case<'_>, n: NodeId) -> Found {
    if let Some(away) = barrier::away(case, n) {
        let mut sentence = away.told(n.into(), &[n]);
        sentence.push('.');
        return match removed(case, n) {
            Some(order) => has_left(case, away.event, order, sentence),
            None => Found::by(Some(ordered(case, away.event)), sentence),
        };
    }
    let Some(sign) = sign(case, n) else { return Found::nothing(format!("{n} does not run.")) };
    let fact = became(case, n);
    let since = fact.and_then(|f| case.event(f)).map_or(String::new(), |e| moment(e.at));
    let head = head(case);
    let (sentence, mut missing) = match (sign.role, sign.leader, head) {
        (Role::Candidate | Role::PreCandidate, ..) => {
            return without(case, n, head.unwrap_or("leader"));
        }
        (role, _, None) => {
            (format!("{n} is {} since {since}.", stands_as(role)), still(case, n, role))
        }
        (role, _, Some(head)) if role.leads() => {
            let term = sign.term.filter(|_| head == "leader");
            let of = term.map_or(String::new(), |t| format!(" of term {t}"));
            let twice = term.map(|t| vote::twice(case, n, t)).unwrap_or_default();
            let mut missing = if twice.is_empty() { rivals(case, n, head) } else { twice };
            missing.extend(fact.map(|fact| rules::told(case, fact)).unwrap_or_default());
            missing.extend(powerless(case, n));
            (format!("{n} is {head}{of} since {since}."), missing)
        }
        (role, Some(leader), Some(head)) => {
            (format!("{n} takes {leader} for its {head}."), followed(case, n, role, leader))
        }
        (_, None, Some(head)) => return without(case, n, head),
    };
    missing.extend(removal::told(case, n));
    missing.extend(keeps::told(case.scene.world, n));
    missing.extend(clock(case, n));
    Found::by(fact, sentence).lacking(missing)
}

/// A node of Raft that left with an event, because of the statement at another: the chain goes
/// through the entry with the members without it, and its commit.
fn has_left(case: &Case<'_>, left: EventId, order: EventId, sentence: String) -> Found {
    let way = path(case, left);
    if way.contains(&order) {
        return Found::by(Some(left), sentence);
    }
    let commits = |w: What| matches!(w, What::Noted(_, Fact::Committed(_)));
    let mut committed = case.last_before(left, &commits);
    while let Some(id) = committed.filter(|id| *id > order && !path(case, *id).contains(&order)) {
        committed = case.last_before(id, &commits);
    }
    let told = way.iter().rev().find(|id| committed.is_some_and(|by| **id > by));
    match (told, committed.filter(|by| *by > order)) {
        (Some(told), Some(by)) => {
            Found { kept: vec![(*told, by)], ..Found::by(Some(left), sentence) }
        }
        _ => Found::by(Some(order), sentence),
    }
}

/// Under Raft others decide that a node leaves: the statement that asked for it.
fn removed(case: &Case<'_>, n: NodeId) -> Option<EventId> {
    let world = case.scene.world;
    let left = world.node(n)?.status() == Status::Left && world.preset() == Preset::Raft;
    let told = |s: &Statement| *s == Statement::Remove(n);
    left.then(|| orders::last(case, case.end, told))?.map(|order| order.event)
}

/// Other nodes that believe that they lead.
fn rivals(case: &Case<'_>, n: NodeId, head: &str) -> Vec<String> {
    let up = case.scene.world.nodes().filter(|h| h.status() == Status::Up && h.id() != n);
    let leads = |h: &&Host| h.machine().is_some_and(|m| m.sign().role.leads());
    let rivals: Vec<NodeId> = up.filter(leads).map(Host::id).collect();
    let one = |&rival: &NodeId| {
        let since = became(case, rival).and_then(|f| case.event(f));
        let since = since.map_or(String::new(), |e| format!(" since {}", moment(e.at)));
        let apart = barrier::told(case, n.into(), &[rival]).pop();
        let apart = apart.map_or(String::new(), |clause| format!(": {clause}"));
        format!("{rival} takes itself for {head} too{since}{apart}")
    };
    rivals.iter().map(one).collect()
}

/// The nodes that considered themselves the leader before an event, and since when.
pub fn heads(case: &Case<'_>, before: EventId) -> Option<String> {
    let head = head(case)?;
    let nodes = case.scene.world.nodes().map(Host::id);
    let heads: Vec<(NodeId, EventId)> =
        nodes.filter_map(|n| Some((n, vote::office_since(case, n, before)?))).collect();
    let since =
        |(n, led): &(NodeId, EventId)| Some(format!("{n} since {}", moment(case.event(*led)?.at)));
    let who: Vec<NodeId> = heads.iter().map(|(n, _)| *n).collect();
    let each: Vec<String> = heads.iter().filter_map(since).collect();
    (who.len() > 1)
        .then(|| format!("{} each took itself for {head}: {}", listed(&who), each.join(", ")))
}

/// The event with which a node that led just before another event began to lead, if others led too.
pub fn rival_since(case: &Case<'_>, n: NodeId, before: EventId) -> Option<EventId> {
    let mut others = case.scene.world.nodes().map(Host::id).filter(|&m| m != n);
    let is_alone = !others.any(|m| vote::office_since(case, m, before).is_some());
    vote::office_since(case, n, before).filter(|_| !is_alone)
}

/// The voters that a leader of Raft needs and cannot reach, and a pending change of members.
pub fn powerless(case: &Case<'_>, n: NodeId) -> Vec<String> {
    let Some(server) = raft(case, n) else { return Vec::new() };
    let configuration = server.members().configuration();
    let voters: Vec<NodeId> = configuration.voters().iter().collect();
    let (need, have) = (configuration.voters().quorum(), reached(case, n, &voters));
    let mut clauses = Vec::new();
    if have < need {
        let of = voters.len();
        clauses.push(format!("{n} needs {need} of {of} to commit anything, and reaches {have}"));
        clauses.extend(barrier::told(case, n.into(), &voters));
        clauses.extend(removal::pending(case));
    }
    if let Some(change) = configuration.transition() {
        let old: Vec<NodeId> = change.outgoing.iter().collect();
        clauses.push(format!(
            "the members are changing: until that is done it takes a majority of {} and one of {}",
            listed(&old),
            listed(&voters)
        ));
    }
    clauses
}

/// The obstacles of a follower: its leader cannot be reached, or it lacks votes.
fn followed(case: &Case<'_>, n: NodeId, role: Role, leader: NodeId) -> Vec<String> {
    let mut clauses = barrier::told(case, n.into(), &[leader]);
    let is_heard = barrier::away(case, leader).is_none()
        && !case.scene.world.links().is_cut(leader.into(), n.into());
    if !clauses.is_empty() && is_heard {
        clauses = vec![format!("{}, though {n} still hears it", clauses.join("; "))];
    } else if !clauses.is_empty() {
        let kinds = [Timer::Suspect(leader), Timer::Election, Timer::Failure];
        let waits = kinds.into_iter().find_map(|kind| timer(case, n, kind));
        clauses.extend(waits.map(|left| format!("{n} has not noticed: it waits {left} more")));
        if waits_for_a_word(case) {
            clauses.push(MANUAL.into());
        }
    }
    if role == Role::Learner {
        clauses.push(format!("{n} only learns: it has no vote yet"));
    }
    clauses
}

/// Whether no node takes over by itself.
pub fn waits_for_a_word(case: &Case<'_>) -> bool {
    let world = case.scene.world;
    world.preset() == Preset::PrimaryBackup
        && world.settings().primary_backup.failover == crate::settings::Failover::Manual
}

/// The clause about a manual failover.
pub const MANUAL: &str = "failover is manual: nobody takes over until a node is told to";

/// The preconditions of a peer that does not take part yet.
fn still(case: &Case<'_>, n: NodeId, role: Role) -> Vec<String> {
    match role {
        Role::Recover => {
            let mut clauses = vec![format!("{n} does not know yet what it missed")];
            let others = case.others(n);
            let waits: Vec<NodeId> =
                others.iter().copied().filter(|&m| !has_answered(case, n, m)).collect();
            if !waits.is_empty() {
                let verb = if waits.len() == 1 { "has" } else { "have" };
                clauses.push(format!("{} {verb} not answered it since it started", listed(&waits)));
            }
            clauses.extend(barrier::told(case, n.into(), &others));
            clauses
        }
        Role::Recovered => timer(case, n, Timer::Heartbeat)
            .map(|left| format!("{n} takes part again with its next heartbeats, in {left}"))
            .into_iter()
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether any message came from a peer since the node started.
fn has_answered(case: &Case<'_>, n: NodeId, peer: NodeId) -> bool {
    let started = case.last_turn(case.end, &|w| w == What::Started(n)).unwrap_or(EventId(0));
    let came = |w: What| match w {
        What::Delivered(p) => p.kind.is_answer() && (p.from, p.to) == (peer.into(), n.into()),
        _ => false,
    };
    case.between(started, case.end).any(|(_, e)| came(e.what))
}

/// The clause that its clock is wrong.
fn clock(case: &Case<'_>, n: NodeId) -> Option<String> {
    let off = case.scene.world.node(n)?.clock().offset_us(case.scene.world.now());
    (off != 0).then(|| orders::clock(case, n.into(), case.end))?.map(|order| order.told(case))
}

/// The event that gave a node its role or status.
pub fn became(case: &Case<'_>, n: NodeId) -> Option<EventId> {
    case.last_turn(case.end, &|what| match what {
        What::Started(m) | What::Crashed(m) | What::Paused(m) | What::Left(m) => m == n,
        What::Noted(m, fact) => m == n && turns(n, fact),
        _ => false,
    })
}

/// Whether a fact about a node changes its role.
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

/// The statement that directly caused an event, if there is one: it says the same in fewer words.
pub fn ordered(case: &Case<'_>, event: EventId) -> EventId {
    let cause = case.event(event).and_then(|e| e.causes.first());
    let is_order =
        |c: &EventId| case.event(*c).is_some_and(|e| matches!(e.what, What::Commanded(_)));
    cause.filter(is_order).unwrap_or(event)
}

/// The words for a role, where there is no leader.
fn stands_as(role: Role) -> String {
    match role {
        Role::Replica => "up".into(),
        Role::Active | Role::Recover | Role::Recovered => role.name().to_uppercase(),
        role => role.name().into(),
    }
}
