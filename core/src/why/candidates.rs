//! Other possible leaders besides the one that is nearest to leading: other candidates, and the
//! only server that reaches enough voters.

use super::case::{Case, moment};
use super::node::{granted, raft, reached, sign};
use super::vote;
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Role};
use crate::trace::What;
use crate::world::{Host, Status};

/// The most other candidates that are named.
const MOST: usize = 3;

/// The other candidates, and the only server that reaches a majority where there is exactly one,
/// each in one clause, with the voters that refused them.
pub fn told(case: &Case<'_>, nearest: NodeId) -> Vec<String> {
    let up = case.scene.world.nodes().filter(|h| h.status() == Status::Up);
    let servers: Vec<NodeId> = up.map(Host::id).filter(|&n| raft(case, n).is_some()).collect();
    let others = servers.iter().copied().filter(|&n| n != nearest);
    let standing: Vec<NodeId> = others.filter(|&n| stands(case, n)).take(MOST).collect();
    let mut clauses: Vec<String> = standing.iter().flat_map(|&n| candidate(case, n)).collect();
    let reaching: Vec<NodeId> =
        servers.into_iter().filter(|&n| reaches_majority(case, n)).collect();
    if let [only] = reaching[..] {
        clauses.push(format!("{only} alone reaches a majority"));
        if only != nearest && !standing.contains(&only) {
            clauses.extend(refusals(case, only));
        }
    }
    clauses
}

fn stands(case: &Case<'_>, n: NodeId) -> bool {
    sign(case, n).is_some_and(|s| matches!(s.role, Role::Candidate | Role::PreCandidate))
}

/// The votes of another candidate, and the voters that refused it.
fn candidate(case: &Case<'_>, n: NodeId) -> Vec<String> {
    let Some(server) = raft(case, n) else { return Vec::new() };
    let (term, have) = (server.term(), server.ballot().map_or(0, granted));
    let need = server.members().configuration().voters().quorum();
    let standing = match sign(case, n).map(|s| s.role) {
        Some(Role::Candidate) => format!("{n} stands in term {term} too"),
        _ => format!("{n} asks too whether it could win term {}", term.next()),
    };
    let lead = format!("{standing}, and has {have} of {need} votes");
    [lead].into_iter().chain(refusals(case, n)).collect()
}

/// The voters that refused a server when it last stood or asked.
fn refusals(case: &Case<'_>, n: NodeId) -> Vec<String> {
    let Some(stood) = last_tried(case, n) else { return Vec::new() };
    let voters = case.others(n).into_iter();
    let refused: Vec<NodeId> =
        voters.filter(|&v| vote::of_voter_refused(case, v, n, stood)).collect();
    let at = case.event(stood).map_or(String::new(), |e| moment(e.at));
    let clause = |&v: &NodeId| Some(vote::refused(case, v, n, case.end)?.clause);
    let told: Vec<String> = refused.iter().filter_map(clause).collect();
    if told.is_empty() || stands(case, n) {
        return told;
    }
    let lead = format!("{n} stood at {at}, and {} did not vote for it", listed(&refused));
    [lead].into_iter().chain(told).collect()
}

/// The event at which a server last stood for election, or asked whether it could win.
fn last_tried(case: &Case<'_>, n: NodeId) -> Option<EventId> {
    let tried =
        |w: What| matches!(w, What::Noted(m, Fact::Stood(_) | Fact::Canvassed(_)) if m == n);
    case.last_turn(case.end, &tried)
}

/// Whether a server is a voter and can reach a majority of the voters that it knows.
fn reaches_majority(case: &Case<'_>, n: NodeId) -> bool {
    let Some(server) = raft(case, n) else { return false };
    let voters = server.members().configuration().voters();
    let all: Vec<NodeId> = voters.iter().collect();
    voters.contains(n) && reached(case, n, &all) >= voters.quorum()
}
