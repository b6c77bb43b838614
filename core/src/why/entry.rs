//! Entries of logs: whether one is committed, and the missing preconditions.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use super::node::raft;
use super::slow;
use crate::explain::words::{be, listed};
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Index, Machine, raft};
use crate::settings::Preset;
use crate::trace::What;
use crate::world::{Host, Status};

/// Whether an entry is committed, as far as a node knows; without a node, as far as the leader
/// knows, else any node that has it.
pub fn committed(case: &Case<'_>, index: Index, n: Option<NodeId>) -> Result<Found, String> {
    match case.scene.world.preset() {
        Preset::Raft => {}
        Preset::PrimaryBackup => return update(case, index, n),
        _ => {
            return Err(
                "only the nodes of raft and primary-backup have a log of numbered entries".into()
            );
        }
    }
    if index == Index(0) {
        return Err("found entry 0, expected an entry from 1 on".into());
    }
    let holds = |h: &&Host| raft(case, h.id()).is_some_and(|s| s.log().last_index() >= index);
    let holder = || case.scene.world.nodes().find(holds).map(Host::id);
    let first = || case.scene.world.nodes().next().map(Host::id);
    let n = n.or_else(|| case.scene.world.leader()).or_else(holder).or_else(first);
    let n = n.ok_or("there is no node")?;
    let Some(server) = raft(case, n) else { return Ok(super::role::as_it_is(case, n)) };
    Ok(if server.commit() >= index {
        known(case, index, n)
    } else if server.log().last_index() < index {
        lacking(case, index, n, server)
    } else {
        uncommitted(case, index, n, server)
    })
}

/// The same for an update of a primary: it is settled when the number of backups that an answer
/// waits for have it.
fn update(case: &Case<'_>, index: Index, n: Option<NodeId>) -> Result<Found, String> {
    let first = || case.scene.world.nodes().next().map(Host::id);
    let n = n.or_else(|| case.scene.world.leader()).or_else(first).ok_or("there is no node")?;
    let Some(machine) = case.scene.world.node(n).and_then(Host::machine) else {
        return Ok(super::role::as_it_is(case, n));
    };
    let cell = machine.view(usize::MAX).log.into_iter().flatten().find(|c| c.index == index);
    // Updates that it executed before it started, or sent long ago, are no longer listed one by
    // one.
    let marks = match machine {
        Machine::PrimaryBackup(server) => Some(server.log_marks()),
        _ => None,
    };
    let done = marks.filter(|marks| index > Index(0) && index <= marks.last);
    let is_settled = match (&cell, done) {
        (Some(cell), _) => cell.committed,
        (None, Some(marks)) => index <= marks.committed,
        (None, None) => return Err(format!("{n} keeps no update {index}")),
    };
    let fact = put_there(case, index, n);
    if is_settled {
        let sentence =
            format!("Update {index} of {n} is on as many backups as an answer waits for.");
        return Ok(Found::by(fact, sentence));
    }
    let leads = machine.sign().role.leads();
    let sentence = if leads {
        format!("Update {index} of {n} is not on as many backups as an answer waits for.")
    } else {
        format!("{n} has update {index}; only the primary knows on how many backups it is.")
    };
    let missing = barrier::told(case, n.into(), &case.others(n));
    Ok(Found::by(fact, sentence).lacking(missing))
}

/// The node knows that it is committed, and since when.
fn known(case: &Case<'_>, index: Index, n: NodeId) -> Found {
    let upto = |w: What| match w {
        What::Noted(m, Fact::Committed(i) | Fact::Installed(i)) if m == n => Some(u64::from(i.0)),
        _ => None,
    };
    // The commit index of a process only grows.
    let started = case.last_turn(case.end, &|w| w == What::Started(n));
    let from = started.unwrap_or(EventId(0));
    let since = case.first_reaching(from, u64::from(index.0), &upto);
    let at = since.and_then(|id| case.event(id));
    let sentence = match at {
        Some(event) => {
            format!("{n} knows since {} that entry {index} is committed.", moment(event.at))
        }
        None => format!("{n} knows that entry {index} is committed: its disk said so."),
    };
    Found::by(since.or(started), sentence)
}

/// The log of the node ends before the index.
fn lacking(case: &Case<'_>, index: Index, n: NodeId, server: &raft::Server) -> Found {
    let last = server.log().last_index();
    let have: Vec<NodeId> = others_with(case, index, n);
    let fact = case.last(&|w| match w {
        What::Noted(m, Fact::Replicated(_) | Fact::Truncated(_) | Fact::Installed(_)) => m == n,
        What::Noted(m, Fact::Appended(_)) => m == n,
        What::Started(m)
        | What::Lost(crate::trace::Passage { to: crate::ids::Addr::Node(m), .. }, _) => m == n,
        _ => false,
    });
    if have.is_empty() {
        let sentence = format!("There is no entry {index} yet: the log of {n} ends at {last}.");
        return Found::by(fact, sentence);
    }
    let verb = if have.len() == 1 { "has" } else { "have" };
    let mut missing = vec![format!("{} {verb} entry {index}", listed(&have))];
    missing.extend(barrier::told(case, n.into(), &case.others(n)));
    if server.sign().leader.is_none() && !server.leads() {
        missing.push(format!("{n} knows of no leader who would send it"));
    }
    Found::by(fact, format!("{n} does not have entry {index}: its log ends at {last}."))
        .lacking(missing)
}

/// Other running nodes that have an entry at that index.
fn others_with(case: &Case<'_>, index: Index, but: NodeId) -> Vec<NodeId> {
    let up = case.scene.world.nodes().filter(|h| h.status() == Status::Up && h.id() != but);
    up.map(Host::id)
        .filter(|&m| raft(case, m).is_some_and(|s| s.log().last_index() >= index))
        .collect()
}

/// The node has the entry and does not know it to be committed.
fn uncommitted(case: &Case<'_>, index: Index, n: NodeId, server: &raft::Server) -> Found {
    let fact = put_there(case, index, n);
    let own = server.log().term(index);
    let settled = |is: Place| {
        let nodes = case.scene.world.nodes().map(Host::id).filter(|&m| m != n);
        let all = nodes.filter(|&m| place(case, index, (server, own), m) == Some(is));
        all.collect::<Vec<_>>()
    };
    let (same, another) = (settled(Place::Same), settled(Place::Another));
    if !same.is_empty() {
        return unheard(case, (index, n, server), &same);
    }
    if !another.is_empty() {
        return replaced(case, (index, n, server), &another);
    }
    let sentence = format!("{n} does not know that entry {index} is committed.");
    if server.leads() {
        let missing = acknowledgements(case, index, n, server);
        let sentence = format!("Entry {index} of {n} is not committed.");
        return by_slow_disks(case, fact, Found::by(fact, sentence).lacking(missing), server);
    }
    let mut missing = holders(case, index, n, server);
    match server.sign().leader {
        None => missing.push(format!("{n} knows of no leader that would tell it")),
        Some(leader) => {
            if let Some(inner) = raft(case, leader).filter(|s| s.leads()) {
                missing.extend(acknowledgements(case, index, leader, inner));
            }
        }
    }
    missing.extend(barrier::told(case, n.into(), &case.others(n)));
    missing.dedup();
    by_slow_disks(case, fact, Found::by(fact, sentence).lacking(missing), server)
}

/// The chain of an entry that disks have not written yet leads back to the reason for their
/// slowness.
fn by_slow_disks(
    case: &Case<'_>,
    fact: Option<EventId>,
    found: Found,
    server: &raft::Server,
) -> Found {
    let voters: Vec<NodeId> = server.members().configuration().voters().iter().collect();
    let kept = fact.and_then(|fact| Some((fact, slow::because(case, &voters, fact)?)));
    Found { kept: kept.into_iter().collect(), ..found }
}

/// The entry of another server at some place, which that one knows to be committed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is the same entry.
    Same,
    /// It is another entry, so that the one in question can never be committed.
    Another,
}

/// The entry that server `m` knows to be committed at an index, compared with the one of another
/// server. None where it knows none, or where that cannot be decided.
fn place(
    case: &Case<'_>,
    index: Index,
    (server, own): (&raft::Server, Option<crate::protocol::Term>),
    m: NodeId,
) -> Option<Place> {
    let other = raft(case, m).filter(|s| s.commit() >= index)?;
    // Two entries of one index and one term are equal, and so are all before them.
    let is_same = match other.log().term(index) {
        Some(term) => own? == term,
        None => {
            let base = other.log().base();
            server.log().holds(base).then_some(true)?
        }
    };
    Some(if is_same { Place::Same } else { Place::Another })
}

/// The fate of an entry that a server does not know to be committed, as a relative clause.
pub fn fate(case: &Case<'_>, index: Index, n: NodeId) -> &'static str {
    let Some(server) = raft(case, n) else { return "which is not committed" };
    let own = server.log().term(index);
    let others = case.scene.world.nodes().map(Host::id).filter(|&m| m != n);
    let places: Vec<Place> = others.filter_map(|m| place(case, index, (server, own), m)).collect();
    if places.contains(&Place::Same) {
        "which others know to be committed"
    } else if places.contains(&Place::Another) {
        "in whose place another is committed"
    } else {
        "which is not committed"
    }
}

/// Others know that it is committed; this node does not know it yet.
fn unheard(
    case: &Case<'_>,
    (index, n, server): (Index, NodeId, &raft::Server),
    knowing: &[NodeId],
) -> Found {
    let know = if knowing.len() == 1 { "knows" } else { "know" };
    let sentence =
        format!("Entry {index} is committed, as {} {know}; {n} has not heard so.", listed(knowing));
    let mut missing = Vec::new();
    if server.leads() {
        missing.push(leads_no_more(case, n, server));
    } else if server.sign().leader.is_none() {
        missing.push(format!("{n} knows of no leader that would tell it"));
    }
    missing.extend(barrier::told(case, n.into(), &case.others(n)));
    let fact = put_there(case, index, n);
    Found::by(fact, sentence).lacking(missing)
}

/// Others know another entry to be committed in its place.
fn replaced(
    case: &Case<'_>,
    (index, n, server): (Index, NodeId, &raft::Server),
    knowing: &[NodeId],
) -> Found {
    let know = if knowing.len() == 1 { "knows" } else { "know" };
    let sentence = format!(
        "Entry {index} of {n} can never be committed: {} {know} another entry {index} to be committed.",
        listed(knowing)
    );
    let own = server.log().term(index);
    let other = knowing.iter().find_map(|&m| raft(case, m)?.log().term(index));
    let mut missing: Vec<String> = own
        .zip(other)
        .map(|(own, other)| {
            format!("that of {n} is of term {own}, the committed one of term {other}")
        })
        .into_iter()
        .collect();
    if server.leads() {
        missing.push(leads_no_more(case, n, server));
    }
    missing.push(format!("{n} will remove it when a leader sends it the other one"));
    missing.extend(barrier::told(case, n.into(), &case.others(n)));
    Found::by(put_there(case, index, n), sentence).lacking(missing)
}

/// A clause about a leader that others have replaced in a later term.
fn leads_no_more(case: &Case<'_>, n: NodeId, server: &raft::Server) -> String {
    let servers = case.scene.world.nodes().filter_map(|h| raft(case, h.id()));
    let newest = servers.map(raft::Server::term).max();
    match newest.filter(|term| *term > server.term()) {
        Some(term) => {
            format!(
                "{n} takes itself for leader of term {}, and others are in term {term}",
                server.term()
            )
        }
        None => format!("{n} takes itself for leader of term {}", server.term()),
    }
}

/// Number of logs and disks that hold an entry, which no node of the cluster can see.
fn holders(case: &Case<'_>, index: Index, n: NodeId, server: &raft::Server) -> Vec<String> {
    let configuration = server.members().configuration();
    let (need, of) = (configuration.voters().quorum(), configuration.voters().len());
    let term = server.log().term(index);
    let holds = |v: &NodeId| {
        *v == n || raft(case, *v).is_some_and(|s| term.is_some() && s.log().term(index) == term)
    };
    let have: Vec<NodeId> = configuration.voters().iter().filter(holds).collect();
    let durable = |v: &NodeId| raft(case, *v).is_some_and(|s| s.durable() >= index);
    let written = have.iter().filter(|v| durable(v)).count();
    let have = have.len();
    let mut clauses = vec![format!(
        "entry {index} is in {have} of {of} logs, not counting nodes that are down; it needs {need}"
    )];
    if written < have {
        clauses.push(format!("it is on {written} of {of} disks, and only those count"));
        let voters: Vec<NodeId> = configuration.voters().iter().collect();
        clauses.extend(slow::told(case, &voters));
    }
    clauses
}

/// The missing preconditions of a leader's entry: acknowledgements, or an entry of the leader's own
/// term.
fn acknowledgements(
    case: &Case<'_>,
    index: Index,
    n: NodeId,
    server: &raft::Server,
) -> Vec<String> {
    let configuration = server.members().configuration();
    let need = configuration.voters().quorum();
    let has = |v: &NodeId| server.acknowledged(*v).is_some_and(|i| i >= index);
    let (have, lack): (Vec<NodeId>, Vec<NodeId>) = configuration.voters().iter().partition(has);
    let mut missing =
        vec![format!("entry {index} needs {need} acknowledgements, {n} has {}", have.len())];
    if lack.contains(&n) {
        missing.push(format!("the disk of {n} has not made it durable yet"));
    }
    let voters: Vec<NodeId> = configuration.voters().iter().collect();
    missing.extend(slow::told(case, &voters));
    let others: Vec<NodeId> = lack.into_iter().filter(|&v| v != n).collect();
    missing.extend(barrier::told(case, n.into(), &others));
    let reached =
        others.into_iter().filter(|&v| barrier::between(case, n.into(), v.into()).is_none());
    let own = server.log().term(index);
    let knows_another = |v: &NodeId| {
        raft(case, *v).is_some_and(|s| s.commit() >= index && s.log().term(index) != own)
    };
    let (refuse, reached): (Vec<NodeId>, Vec<NodeId>) = reached.partition(knows_another);
    if !refuse.is_empty() {
        let verb = if refuse.len() == 1 { "refuses it: it knows" } else { "refuse it: they know" };
        missing.push(format!("{} {verb} another entry {index} to be committed", listed(&refuse)));
    }
    if have.len() < need && !reached.is_empty() {
        missing.push(format!("{} {} still to acknowledge it", listed(&reached), be(&reached)));
    }
    let term = server.log().term(index);
    if have.len() >= need && term.is_some_and(|t| t != server.term()) {
        missing.push(format!(
            "it is of an earlier term: {n} may only count acknowledgements of entries of its own term {}, and commits the earlier ones with them",
            server.term()
        ));
    }
    missing
}

/// The event that put the entry into a node's log: the last one that extended the log to it.
fn put_there(case: &Case<'_>, index: Index, n: NodeId) -> Option<EventId> {
    let mut found = None;
    let mut before = case.end;
    while let Some(id) = case.last_before(before, &|w| grows(w, n)) {
        match case.event(id)?.what {
            What::Noted(_, Fact::Appended(i)) if i == index => return Some(id),
            What::Noted(_, Fact::Replicated(i)) if i >= index => found = Some(id),
            What::Noted(_, Fact::Appended(i)) if i > index => {}
            _ => return found.or(Some(id)),
        }
        before = id;
    }
    found
}

fn grows(what: What, n: NodeId) -> bool {
    match what {
        What::Noted(
            m,
            Fact::Appended(_)
            | Fact::Replicated(_)
            | Fact::Truncated(_)
            | Fact::Installed(_)
            | Fact::Restored(_),
        ) => m == n,
        What::Started(m) => m == n,
        _ => false,
    }
}
