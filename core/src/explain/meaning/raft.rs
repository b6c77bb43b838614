//! The state of a Raft cluster in sentences.

use super::super::claim::Claim;
use super::super::reach::{can_talk, hears, reached, runs};
use super::super::words::length;
use super::{away_among, believers};
use crate::ids::{ClientId, NodeId};
use crate::protocol::raft::Server;
use crate::protocol::{Index, Kind, Machine, Term};
use crate::quorum::{Configuration, Vote};
use crate::settings::Reads;
use crate::sorted::SortedSet;
use crate::world::World;

/// The voters, by one server's log.
struct Voters<'a> {
    configuration: &'a Configuration<NodeId>,
    ids: Vec<NodeId>,
}

impl<'a> Voters<'a> {
    fn of(server: &'a Server) -> Self {
        let configuration = server.members().configuration();
        let outgoing = configuration.transition().into_iter().flat_map(|t| t.outgoing.iter());
        let ids: SortedSet<NodeId> = configuration.voters().iter().chain(outgoing).collect();
        Self { configuration, ids: ids.into_iter().collect() }
    }

    /// Size of a majority; of one of the two sets while members change.
    fn need(&self) -> usize {
        self.configuration.voters().quorum()
    }

    /// Whether these nodes make a majority, of both the old and the new members during a change.
    fn is_majority(&self, those: &[NodeId]) -> bool {
        self.configuration.vote(|n| Some(those.contains(&n))) == Vote::Won
    }
}

fn server(world: &World, n: NodeId) -> Option<&Server> {
    match world.node(n)?.machine()? {
        Machine::Raft(server) => Some(server),
        _ => None,
    }
}

pub fn raft(world: &World) -> Vec<Claim> {
    let believers = believers(world);
    let Some(&(_, leader)) = believers.last() else { return nobody_leads(world) };
    let Some(leading) = server(world, leader) else { return Vec::new() };
    if let Some(&(term, stale)) = believers.iter().find(|(term, _)| *term < leading.term()) {
        return stale_leader(world, stale, term);
    }
    cannot_commit(world, leader)
        .or_else(|| waiting_entry(world, leader))
        .or_else(|| missing(world, leader))
        .or_else(|| cut_off(world, leader))
        .unwrap_or_else(|| all_is_well(world, leader))
}

/// A leader that reaches too few voters, and the clients whose writes wait.
fn cannot_commit(world: &World, leader: NodeId) -> Option<Vec<Claim>> {
    let leading = server(world, leader)?;
    let voters = Voters::of(leading);
    let reached = reached(world, leader, &voters.ids);
    if voters.is_majority(&reached) {
        return None;
    }
    let mut claims = vec![if voters.configuration.is_joint() {
        Claim::CannotCommitJointly(leader)
    } else {
        Claim::CannotCommit(leader, reached.len(), voters.ids.len(), voters.need())
    }];
    let waiting = waiting_clients(world, leading);
    if !waiting.is_empty() {
        claims.push(Claim::WritesWait(leader, waiting));
    }
    Some(claims)
}

/// The clients whose writes lie in a leader's log, not committed as far as the leader knows.
fn waiting_clients(world: &World, leading: &Server) -> Vec<ClientId> {
    let open = world.clients().filter_map(|c| Some((c.id(), c.open()?)));
    let lies = open.filter(|&(_, op)| leading.awaited(op).is_some_and(|i| i > leading.commit()));
    lies.map(|(client, _)| client).collect()
}

fn stale_leader(world: &World, n: NodeId, term: Term) -> Vec<Claim> {
    let mut claims = vec![Claim::Believes(n, term)];
    let later = |&&m: &&NodeId| server(world, m).is_some_and(|s| s.term() > term);
    let ids: Vec<NodeId> = world.members().to_vec();
    let near = reached(world, n, &ids);
    if let Some(&by) = near.iter().find(later) {
        let later = server(world, by).map_or(term, Server::term);
        claims.push(Claim::KnowsLater(n, by, later));
    } else {
        claims.extend(cannot_commit(world, n).unwrap_or_default());
    }
    claims
}

fn nobody_leads(world: &World) -> Vec<Claim> {
    let waits = Claim::ClientsWait(world.settings().raft.reads == Reads::Local);
    let voters = newest_voters(world);
    // Votes in flight may still elect a leader.
    let votes_travel = world.flights().any(|f| f.message.kind() == Kind::Vote);
    if let Some(voters) = voters.filter(|v| !votes_travel && !v.configuration.is_joint()) {
        let (of, need) = (voters.ids.len(), voters.need());
        let up = voters.ids.iter().filter(|&&n| runs(world, n)).count();
        if up < need {
            return vec![Claim::TooFewRun(up, of, need), waits];
        }
        let most = voters.ids.iter().filter(|&&n| runs(world, n));
        let most = most.map(|&n| reached(world, n, &voters.ids).len()).max().unwrap_or(0);
        if most < need {
            return vec![Claim::TooFewReached(most, of, need), waits];
        }
    }
    let range = world.settings().raft.election;
    let stands = format!(
        "Whoever hears of no [[leader]] for {} to {} stands for [[election]].",
        length(range.low),
        length(range.high)
    );
    vec![waits, Claim::General(stands)]
}

/// The voters, where all running servers agree on them.
fn newest_voters(world: &World) -> Option<Voters<'_>> {
    let mut all = world.nodes().filter_map(|h| server(world, h.id())).map(Voters::of);
    let first = all.next()?;
    all.all(|other| other.ids == first.ids).then_some(first)
}

/// An entry that a majority does not have yet. While a workload runs there is always one.
fn waiting_entry(world: &World, leader: NodeId) -> Option<Vec<Claim>> {
    let leading = server(world, leader)?;
    let last = leading.log().last();
    if leading.commit() >= last.index || world.workload().is_some() {
        return None;
    }
    let voters = Voters::of(leading);
    let has = |n: NodeId| leading.acknowledged(n).is_some_and(|upto| upto >= last.index);
    let have = voters.ids.iter().filter(|&&n| has(n)).count();
    let (of, need) = (voters.ids.len(), voters.need());
    let counted = !voters.configuration.is_joint() && have < need && last.index > Index(0);
    counted.then(|| {
        let claim = Claim::Counts(leader, last.index, (have, of, need), world.settings().fsync);
        vec![claim]
    })
}

/// The missing voters, and the number of further ones that may fail.
fn missing(world: &World, leader: NodeId) -> Option<Vec<Claim>> {
    let voters = Voters::of(server(world, leader)?);
    let away = away_among(world, &voters.ids)?;
    let reached = reached(world, leader, &voters.ids);
    let up: Vec<NodeId> = voters.ids.iter().copied().filter(|&n| runs(world, n)).collect();
    let apart = |&a: &NodeId| up.iter().any(|&b| !can_talk(world, a.into(), b.into()));
    let mut claims = vec![away];
    if !voters.configuration.is_joint() {
        let (of, need) = (voters.ids.len(), voters.need());
        let more = (!up.iter().any(apart)).then(|| reached.len() - need);
        claims.push(Claim::Tolerates(leader, (reached.len(), of, need), more));
    }
    Some(claims)
}

/// The voters that do not hear the leader; else those whose answers the leader does not hear.
fn cut_off(world: &World, leader: NodeId) -> Option<Vec<Claim>> {
    let voters = Voters::of(server(world, leader)?);
    let reached = reached(world, leader, &voters.ids);
    let away = voters.ids.iter().copied().filter(|n| runs(world, *n) && !reached.contains(n));
    let (deaf, unheard): (Vec<NodeId>, Vec<NodeId>) =
        away.partition(|&n| !hears(world, n.into(), leader.into()));
    if !deaf.is_empty() {
        return Some(vec![Claim::Deaf(deaf, leader)]);
    }
    (!unheard.is_empty()).then(|| vec![Claim::Unheard(unheard, leader)])
}

fn all_is_well(world: &World, leader: NodeId) -> Vec<Claim> {
    let members = server(world, leader).map_or(1, |s| s.members().configuration().members().len());
    if members == 1 {
        return vec![Claim::Alone(leader)];
    }
    let settings = world.settings();
    let range = settings.raft.election;
    let stands = format!(
        "Whoever hears none for {} to {} stands for [[election]].",
        length(range.low),
        length(range.high)
    );
    vec![Claim::Heartbeats(leader, settings.heartbeat), Claim::General(stands)]
}
