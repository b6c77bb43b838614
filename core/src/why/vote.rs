//! Elections by vote: why a server did not get a vote, and why one does not lead.

use super::Found;
use super::barrier;
use super::case::{Case, moment};
use super::node::{head, raft, sign};
use super::role::as_it_is;
use super::term;
use crate::explain::words::listed;
use crate::ids::{EventId, NodeId};
use crate::protocol::{Fact, Kind, Role, Term};
use crate::settings::Preset;
use crate::time::Time;
use crate::trace::{Passage, What};

/// A refused vote: the reason in one clause, and the event that caused it.
pub struct Refusal {
    /// `n5 refused: it had voted for n4 in term 9 at 2.90 s`
    pub clause: String,
    /// The event that prevented the vote.
    pub event: Option<EventId>,
}

/// Why a voter refused its vote. The reason is certain: a voter refuses if it has voted already, or
/// has a longer log; a pre-vote is also refused while the voter hears its leader.
pub fn refused(
    case: &Case<'_>,
    voter: NodeId,
    candidate: NodeId,
    before: EventId,
) -> Option<Refusal> {
    let asked_with = |w: What| match w {
        What::Delivered(p) => {
            let asks = matches!(p.kind, Kind::RequestVote | Kind::PreVote);
            asks && (p.from, p.to) == (candidate.into(), voter.into())
        }
        _ => false,
    };
    let asked = case.last_before(before, &asked_with)?;
    let canvasses = case.event(asked)?.what.passage()?.kind == Kind::PreVote;
    let given = if canvasses { None } else { given(case, voter, candidate, asked) };
    let heard = if canvasses { heard_leader(case, voter, asked) } else { None };
    let lead = format!("{voter} refused");
    Some(match (given, heard) {
        (Some((clause, event)), _) => {
            Refusal { clause: format!("{lead}: {clause}"), event: Some(event) }
        }
        (None, Some((leader, event))) => {
            let at = case.event(event).map_or(String::new(), |e| moment(e.at));
            let clause = if leader == voter {
                format!("{lead}: it leads itself, since {at}")
            } else {
                format!("{lead}: it had heard its leader, {leader}, at {at}")
            };
            Refusal { clause, event: Some(event) }
        }
        (None, None) => {
            Refusal { clause: format!("{lead}: {}", longer(case, voter, candidate)), event: None }
        }
    })
}

/// The candidate to which a voter had given its vote of that term already, itself included.
fn given(
    case: &Case<'_>,
    voter: NodeId,
    candidate: NodeId,
    asked: EventId,
) -> Option<(String, EventId)> {
    let term = stood_in(case, candidate, asked)?;
    let gave = |w: What| match w {
        What::Noted(n, Fact::Stood(t)) => n == voter && t == term,
        What::Noted(n, Fact::Voted(_, t)) => n == voter && t == term,
        _ => false,
    };
    let event = case.last_before(asked, &gave)?;
    let at = case.event(event).map_or(String::new(), |e| moment(e.at));
    Some(match case.event(event)?.what {
        What::Noted(_, Fact::Voted(whom, _)) => {
            (format!("it had voted for {whom} in term {term} at {at}"), event)
        }
        _ => (format!("it stands in term {term} itself, since {at}"), event),
    })
}

/// The last term in which a candidate stood, before an event.
fn stood_in(case: &Case<'_>, candidate: NodeId, before: EventId) -> Option<Term> {
    let stood = |w: What| matches!(w, What::Noted(n, Fact::Stood(_)) if n == candidate);
    let event = case.last_turn(before, &stood)?;
    match case.event(event)?.what {
        What::Noted(_, Fact::Stood(term)) => Some(term),
        _ => None,
    }
}

/// The leader from which a voter had heard within the least election time-out, and the event.
fn heard_leader(case: &Case<'_>, voter: NodeId, asked: EventId) -> Option<(NodeId, EventId)> {
    let leads = |p: Passage| matches!(p.kind, Kind::AppendEntries | Kind::InstallSnapshot);
    let heard = |w: What| match w {
        What::Delivered(p) => p.to == voter.into() && leads(p),
        What::Noted(n, Fact::Led(_)) | What::Started(n) => n == voter,
        _ => false,
    };
    let event = case.last_before(asked, &heard)?;
    let (at, now) = (case.event(event)?.at, case.event(asked)?.at);
    match case.event(event)?.what {
        What::Delivered(p) => {
            let lately = now.since(at) < case.scene.world.settings().raft.election.low;
            Some((p.from.node().filter(|_| lately)?, event))
        }
        What::Noted(..) => Some((voter, event)),
        _ => None,
    }
}

/// The lead of the voter's log, as far as it still shows.
fn longer(case: &Case<'_>, voter: NodeId, candidate: NodeId) -> String {
    let last = |n| raft(case, n).map(|s| s.log().last());
    match last(voter).zip(last(candidate)) {
        Some((own, other)) if own > other => format!(
            "its log is ahead: it ends with entry {} of term {}, that of {candidate} with entry {} of term {}",
            own.index, own.term, other.index, other.term
        ),
        _ => format!("its log was ahead of that of {candidate}"),
    }
}

/// A voter did or did not vote for a candidate.
pub fn of(case: &Case<'_>, voter: NodeId, candidate: NodeId) -> Found {
    if case.scene.world.preset() != Preset::Raft {
        return Found::nothing("Nobody votes here: elections go by id, or there are none.");
    }
    let since = case.last_turn(
        case.end,
        &|w| matches!(w, What::Noted(n, Fact::Stood(_) | Fact::Canvassed(_)) if n == candidate),
    );
    let Some(since) = since else {
        return Found::nothing(format!("{candidate} has not stood for election."));
    };
    let voted = |w: What| matches!(w, What::Noted(n, Fact::Voted(whom, _)) if (n, whom) == (voter, candidate));
    let given = case.between(since, case.end).find(|(_, e)| voted(e.what)).map(|(id, _)| id);
    if let Some(given) = given {
        return Found::by(Some(given), format!("{}.", case.clause(given)));
    }
    let answered = |w: What| {
        matches!(w, What::Delivered(p)
        if matches!(p.kind, Kind::RequestVote | Kind::PreVote) && (p.from, p.to) == (candidate.into(), voter.into()))
    };
    let asked = case.between(since, case.end).find(|(_, e)| answered(e.what)).map(|(id, _)| id);
    let standing = format!("{voter} has not voted for {candidate}");
    let Some(asked) = asked else {
        let mut missing = barrier::told(case, candidate.into(), &[voter]);
        let lost = |w: What| matches!(w, What::Lost(p, _) if (p.from, p.to) == (candidate.into(), voter.into()));
        let lost = case.between(since, case.end).find(|(_, e)| lost(e.what)).map(|(id, _)| id);
        missing.extend(lost.map(|id| super::client::at(case, id)));
        let sentence = format!("{standing}: it has not been asked.");
        return Found::by(lost.or(Some(since)), sentence).lacking(missing);
    };
    let refusal = refused(case, voter, candidate, case.end);
    let yes = raft(case, candidate).and_then(|s| s.ballot()).and_then(|b| b.get(&voter).copied());
    match refusal.filter(|_| yes != Some(true)) {
        Some(refusal) => {
            let sentence = format!("{standing}.");
            let fact = refusal.event.unwrap_or(asked);
            Found::by(Some(fact), sentence).lacking(vec![refusal.clause])
        }
        None => Found::by(Some(asked), format!("{voter} would vote for {candidate}.")),
    }
}

/// A node does not lead: since when, or why it never did.
pub fn not_leader(case: &Case<'_>, n: NodeId) -> Found {
    let Some(head) = head(case) else { return as_it_is(case, n) };
    if barrier::away(case, n).is_some() {
        return as_it_is(case, n);
    }
    let Some(sign) = sign(case, n) else { return as_it_is(case, n) };
    if sign.role.leads() || matches!(sign.role, Role::Candidate | Role::PreCandidate) {
        return as_it_is(case, n);
    }
    let led = case.last_turn(case.end, &|w| matches!(w, What::Noted(m, Fact::Led(_)) if m == n));
    let lost = led.and_then(|led| lost_office(case, n, led));
    let mut missing = follows(sign.leader, head).into_iter().collect::<Vec<_>>();
    match lost {
        Some((lost, at)) => {
            missing.insert(0, case.clause(lost));
            missing.extend(term::told(case, lost));
            let sentence = format!("{n} {} until {}.", office(case, led), moment(at));
            Found::by(Some(lost), sentence).lacking(missing)
        }
        None => never_led(case, n, head, missing),
    }
}

/// The event since which a node has led, just before another, if it led then.
pub fn office_since(case: &Case<'_>, n: NodeId, before: EventId) -> Option<EventId> {
    let led = |w: What| matches!(w, What::Noted(m, Fact::Led(_)) if m == n);
    let last = case.last_turn(before, &|w| led(w) || ends_office(n, w))?;
    case.event(last).is_some_and(|e| led(e.what)).then_some(last)
}

/// Whether a node ceases to lead with an event.
fn ends_office(n: NodeId, w: What) -> bool {
    match w {
        What::Crashed(m) | What::Left(m) => m == n,
        What::Noted(m, Fact::SteppedDown(_) | Fact::Abandoned(_)) => m == n,
        // In elections by id the node may only hear of another leader.
        What::Noted(m, Fact::Followed(whom, _)) => m == n && whom != n,
        _ => false,
    }
}

/// Event and time at which a node that had led ceased to lead.
fn lost_office(case: &Case<'_>, n: NodeId, led: EventId) -> Option<(EventId, Time)> {
    let ends = |w: What| ends_office(n, w);
    let last = case.last_turn(case.end, &ends).filter(|id| *id > led)?;
    // The first of these events after it led; they are few.
    let mut first = last;
    while let Some(earlier) = case.last_turn(first, &ends).filter(|id| *id > led) {
        first = earlier;
    }
    Some((first, case.event(first)?.at))
}

/// The role of a node since that event.
fn office(case: &Case<'_>, led: Option<EventId>) -> String {
    let what = led.and_then(|id| case.event(id)).map(|e| e.what);
    match (case.scene.world.preset(), what) {
        (Preset::Raft, Some(What::Noted(_, Fact::Led(term)))) => format!("led term {term}"),
        (Preset::PrimaryBackup, _) => "was primary".into(),
        _ => "coordinated".into(),
    }
}

fn follows(leader: Option<NodeId>, head: &str) -> Option<String> {
    Some(format!("it takes {} for its {head}", leader?))
}

/// A node that has not led since it started: whether it stood, and the voters that did not vote for
/// it.
fn never_led(case: &Case<'_>, n: NodeId, head: &str, mut missing: Vec<String>) -> Found {
    let stood = case.last_turn(
        case.end,
        &|w| matches!(w, What::Noted(m, Fact::Stood(_) | Fact::Canvassed(_)) if m == n),
    );
    let sentence = format!("{n} has not been {head}.");
    let Some(stood) = stood.filter(|_| case.scene.world.preset() == Preset::Raft) else {
        let waits = case.scene.world.preset() == Preset::Raft;
        if waits && missing.is_empty() {
            missing.push(format!("{n} has not stood for election yet"));
        }
        let found = as_it_is(case, n);
        missing.extend(found.missing);
        return Found { sentence, missing, ..found };
    };
    let at = case.event(stood).map_or(String::new(), |e| moment(e.at));
    missing.insert(0, format!("{} ({at})", case.clause(stood)));
    let asked: Vec<NodeId> = case.others(n);
    let refusals = asked.iter().filter(|&&v| of_voter_refused(case, v, n, stood));
    missing.extend(refusals.filter_map(|&v| Some(refused(case, v, n, case.end)?.clause)));
    let found = as_it_is(case, n);
    Found { sentence, missing, ..found }
}

/// Whether a voter was asked since then, and answered without a vote.
pub fn of_voter_refused(case: &Case<'_>, voter: NodeId, candidate: NodeId, since: EventId) -> bool {
    let mut asked = false;
    for (_, e) in case.between(since, case.end) {
        match e.what {
            What::Noted(n, Fact::Voted(whom, _)) if (n, whom) == (voter, candidate) => {
                return false;
            }
            What::Delivered(p) if p.kind == Kind::RequestVote => {
                asked |= (p.from, p.to) == (candidate.into(), voter.into());
            }
            _ => {}
        }
    }
    asked
}

/// The servers that voted for a leader and for another in the same term, which is forbidden.
pub fn twice(case: &Case<'_>, leader: NodeId, term: Term) -> Vec<String> {
    let led = |w: What| matches!(w, What::Noted(n, Fact::Led(t)) if t == term && n != leader);
    let Some(other) = case.last_turn(case.end, &led).and_then(|id| case.event(id)?.what.node())
    else {
        return Vec::new();
    };
    let mut clauses = vec![format!("{other} came to lead term {term} too")];
    let voted =
        |whom: NodeId| move |w: What, v: NodeId| w == What::Noted(v, Fact::Voted(whom, term));
    let all: Vec<NodeId> = case.scene.world.nodes().map(crate::world::Host::id).collect();
    let both: Vec<NodeId> = all
        .into_iter()
        .filter(|&v| {
            let gave = |whom| case.last(&|w| voted(whom)(w, v)).is_some();
            gave(leader) && gave(other)
        })
        .collect();
    if !both.is_empty() {
        clauses.push(format!("{} voted for both", listed(&both)));
    }
    clauses
}
