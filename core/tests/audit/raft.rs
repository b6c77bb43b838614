//! The auditor of Raft.

use super::disks::started;
use quorumscope_core::ids::{MessageId, NodeId};
use quorumscope_core::protocol::raft::{
    AppendReply, AppendResult, Members, Message, Payload, Position, Server, VoteReply, VoteRequest,
};
use quorumscope_core::protocol::{Index, Machine, Message as AnyMessage, ReplyBody, Term};
use quorumscope_core::settings::Reads;
use quorumscope_core::time::Time;
use quorumscope_core::world::{Flight, Host, World};
use std::collections::BTreeMap;

type Ballot = (Term, Option<NodeId>);

/// The observations of the servers so far.
#[derive(Default)]
pub struct Auditor {
    seen: BTreeMap<NodeId, Seen>,
    /// The last entry that any server knew to be committed, by time.
    committed: Vec<(Time, Index)>,
    /// The last message that had left by then.
    left: Option<MessageId>,
}

/// The state of a server at its last check.
#[derive(Clone, Default)]
struct Seen {
    ballot: Ballot,
    /// The ballot when everything was last durable.
    kept: Ballot,
    led: Option<Term>,
    commit: Index,
    last: Index,
    members: Option<Members>,
}

impl Auditor {
    /// Checks the nodes that took part in the World's last step.
    pub fn look(&mut self, world: &World) -> Result<(), String> {
        let fresh: Vec<&Flight> = world.flights().filter(|f| Some(f.id) > self.left).collect();
        self.left = fresh.iter().map(|f| f.id).max().max(self.left);
        for host in world.touched().iter().filter_map(|id| world.node(*id)) {
            let Some(Machine::Raft(server)) = host.machine() else { continue };
            let before = self.seen.get(&host.id()).cloned().unwrap_or_default();
            let most = self.committed.last().map_or(Index(0), |(_, index)| *index);
            if server.commit() > most {
                self.committed.push((world.now(), server.commit()));
            }
            if world.settings().raft.reads == Reads::Index {
                for flight in fresh.iter().copied() {
                    self.read_is_fresh(world, host.id(), server, flight)?;
                }
            }
            if world.settings().fsync {
                votes_stay(world, host, server, &before)?;
                for flight in fresh.iter().copied() {
                    if flight.from == host.id().into() {
                        promise_is_durable(world, host, flight)?;
                    }
                }
            }
            let led = server.leads().then(|| server.term());
            if led.is_some() && led != before.led {
                was_elected(world, host.id(), server)?;
            }
            if led.is_some() && server.commit() > before.commit && before.led == led {
                is_replicated(world, host.id(), server, before.members.as_ref())?;
            }
            if led.is_some() && before.led == led {
                may_reconfigure(host.id(), server, before.last)?;
            }
            self.seen.insert(host.id(), Seen::of(host, server, &before));
        }
        Ok(())
    }
}

impl Auditor {
    /// Checks that a server that answers a read has applied all entries that any server knew to be
    /// committed when the read was invoked (section 6.4).
    fn read_is_fresh(
        &self,
        world: &World,
        n: NodeId,
        server: &Server,
        flight: &Flight,
    ) -> Result<(), String> {
        let AnyMessage::Reply(reply) = &flight.message else { return Ok(()) };
        let ours = flight.from == n.into() && matches!(reply.body, ReplyBody::Answer(_));
        let Some(read) = world.operation(reply.operation).filter(|_| ours) else { return Ok(()) };
        let before = self.committed.iter().rev().find(|(since, _)| *since < read.invoked);
        let owed = before.map_or(Index(0), |(_, index)| *index);
        if read.request.op.writes() || server.state().applied() >= owed {
            return Ok(());
        }
        Err(format!(
            "a read misses nothing that was committed before it: {n} answers {} of {} having applied up \
             to {}, and {owed} was committed by then",
            read.request,
            read.client,
            server.state().applied()
        ))
    }
}

impl Seen {
    fn of(host: &Host, server: &Server, before: &Self) -> Self {
        let ballot = (server.term(), server.vote());
        let is_durable = host.disk().durable() == host.disk().written();
        Self {
            ballot,
            kept: if is_durable { ballot } else { before.kept },
            led: server.leads().then(|| server.term()),
            commit: server.commit(),
            last: server.log().last_index(),
            members: Some(server.members().clone()),
        }
    }
}

/// Checks that a vote in a term never changes, restarts included, and that terms do not fall.
fn votes_stay(world: &World, host: &Host, server: &Server, before: &Seen) -> Result<(), String> {
    let now = (server.term(), server.vote());
    // A process that has just started must keep only durable state.
    let owed = if host.since() == world.now() { before.kept } else { before.ballot };
    let broken = now.0 < owed.0 || now.0 == owed.0 && owed.1.is_some() && now.1 != owed.1;
    let said = |(term, vote): Ballot| {
        let whom = vote.map_or("nobody".into(), |v| v.to_string());
        format!("{whom} in term {term}")
    };
    if broken {
        return Err(format!(
            "a vote in a term never changes: {} had voted for {}, and has voted for {}",
            host.id(),
            said(owed),
            said(now)
        ));
    }
    Ok(())
}

/// The state of a server that would remain after a crash.
fn durable(world: &World, host: &Host) -> Machine {
    let disk = host.disk();
    match host.machine().filter(|_| disk.durable() == disk.written()) {
        Some(machine) => machine.clone(),
        None => started(world, host),
    }
}

/// Checks that a server that votes, stands or acknowledges has this on its disk when the message
/// leaves.
fn promise_is_durable(world: &World, host: &Host, flight: &Flight) -> Result<(), String> {
    let disk = host.disk();
    let AnyMessage::Raft(message) = &flight.message else { return Ok(()) };
    if disk.durable() == disk.written() {
        return Ok(());
    }
    let Machine::Raft(kept) = durable(world, host) else { return Ok(()) };
    let ballot = (kept.term(), kept.vote());
    let voted = |term: Term, whom| ballot.0 > term || ballot == (term, Some(whom));
    let holds = match message {
        Message::Vote(VoteReply { asked, granted: true, .. }) => {
            flight.to.node().is_none_or(|whom| voted(*asked, whom))
        }
        Message::RequestVote(VoteRequest { term, .. }) => voted(*term, host.id()),
        Message::AppendReply(AppendReply {
            result: AppendResult::Matched(index), term, ..
        }) => {
            // In a later term another leader may have replaced the entries meanwhile.
            kept.term() > *term || kept.term() == *term && kept.log().last_index() >= *index
        }
        _ => true,
    };
    if holds {
        return Ok(());
    }
    let (from, to) = (host.id(), flight.to);
    Err(format!(
        "what is promised is durable: {from} tells {to} {message:?}, and has term {}, vote {:?} and \
         {} entries on its disk",
        ballot.0,
        ballot.1,
        kept.log().last_index()
    ))
}

/// Whether a condition holds for a majority of the voters of a configuration, in both halves of it.
fn majority(world: &World, members: &Members, has: impl Fn(&Server) -> bool) -> bool {
    let of = |n: NodeId| {
        let host = world.node(n)?;
        match durable(world, host) {
            Machine::Raft(server) => Some(has(&server)),
            _ => None,
        }
    };
    let configuration = members.configuration();
    // Half by half, as section 4.3 defines it, and not as the servers count.
    let half = |voters: Vec<NodeId>| {
        2 * voters.iter().filter(|n| of(**n) == Some(true)).count() > voters.len()
    };
    let old = configuration.transition().map(|t| t.outgoing.iter().collect::<Vec<_>>());
    half(configuration.voters().iter().collect()) && old.is_none_or(half)
}

/// Checks that a leader has the votes of a majority, each of them durable, and only of voters whose
/// logs were no more up to date than its own when it stood (section 3.6.1).
fn was_elected(world: &World, n: NodeId, server: &Server) -> Result<(), String> {
    let (term, log, members) = (server.term(), server.log(), server.members());
    // Without the entry with which its term begins.
    let index = log.first_of(term).previous();
    let Some(before) = log.term(index).map(|term| Position { term, index }) else { return Ok(()) };
    let voted = |s: &Server| {
        // Only the leader itself has entries of its term yet.
        let last = s.log().last();
        let no_longer = last <= before || last.term == term;
        s.term() > term || (s.term(), s.vote()) == (term, Some(n)) && no_longer
    };
    if majority(world, members, voted) {
        return Ok(());
    }
    Err(format!(
        "a leader is elected by a majority, by logs that are no more up to date: {n} leads term {term}, \
         members: {members}"
    ))
}

/// Checks that all entries that a leader believes committed are on the disks of a majority.
/// The members may have changed in the same step, before or after.
fn is_replicated(
    world: &World,
    n: NodeId,
    server: &Server,
    before: Option<&Members>,
) -> Result<(), String> {
    let index = server.commit();
    let (term, members) = (server.log().term(index), server.members());
    if term != Some(server.term()) {
        return Err(format!(
            "a leader counts only entries of its own term (section 3.6.2): {n}, leader of term {}, has \
             committed up to entry {index}, of term {term:?}",
            server.term()
        ));
    }
    let holds = |s: &Server| s.log().term(index) == term || s.log().base().index >= index;
    if majority(world, members, holds) || before.is_some_and(|m| majority(world, m, holds)) {
        return Ok(());
    }
    Err(format!(
        "what is committed is on a majority of the disks: {n}, leader of term {}, has committed entry \
         {index}; members: {members}",
        server.term()
    ))
}

/// Checks that a leader changes the members one change after another, and only after it has
/// committed an entry of its own term (section 4.1; the bug found in 2015).
fn may_reconfigure(n: NodeId, server: &Server, before: Index) -> Result<(), String> {
    let (log, commit, term) = (server.log(), server.commit(), server.term());
    let configures = |i: u32| {
        let entry = log.entry(Index(i));
        entry.is_some_and(|e| e.term == term && matches!(e.payload, Payload::Members(_)))
    };
    let fresh = (before.0 + 1..=log.last_index().0).rev().find(|&i| configures(i));
    let Some(fresh) = fresh else { return Ok(()) };
    let begins = if log.base().term == term { log.base().index } else { log.first_of(term) };
    if begins > commit {
        return Err(format!(
            "members change only after the term's first entry is committed: {n} has appended entry \
             {fresh} in term {term}, with entries up to {commit} committed"
        ));
    }
    let earlier = (log.base().index.0 + 1..fresh)
        .rev()
        .find(|&i| log.entry(Index(i)).is_some_and(|e| matches!(e.payload, Payload::Members(_))));
    match earlier {
        Some(earlier) if Index(earlier) > commit => Err(format!(
            "members change one change after another: {n} has appended entry {fresh}, and entry \
             {earlier} is not committed"
        )),
        _ => Ok(()),
    }
}
