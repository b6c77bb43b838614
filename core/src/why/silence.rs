//! Timers that ran out in vain: the awaited node, and the event that prevented its message.

use super::answerers;
use super::case::{Case, moment};
use crate::ids::{Addr, EventId, NodeId};
use crate::protocol::{Fact, Kind, Timer};
use crate::trace::What;

/// The reason why no message came.
pub enum Silence {
    /// That event prevented it.
    Kept(EventId),
    /// No reason is known: the message was late, or no particular node was awaited.
    Unknown,
}

/// The reason why a timer ran out in vain.
pub fn of(case: &Case<'_>, fired: EventId, what: What) -> Silence {
    let set = case.event(fired).and_then(|e| e.causes.first());
    let (Some(set), Some(awaited)) = (set, awaited(case, fired, what)) else {
        return Silence::Unknown;
    };
    // The message that set the timer was sent earlier: the next one may have been lost in between.
    let heard = case.event(set).filter(|e| matches!(e.what, What::Delivered(_)));
    let from = match awaited {
        Awaited::Node(_) => heard.and_then(|e| e.causes.first()).unwrap_or(set),
        Awaited::Answers => set,
    };
    // The node whose answer was heard last sends only when it is asked.
    let answers = |e: &&crate::trace::Event| e.what.passage().is_some_and(|p| p.kind.is_answer());
    let asked = heard.is_none() || heard.filter(answers).is_some();
    let waits = Waits { whom: awaited, who: who(what), asked };
    let kept = case.between(from, fired).find(|(_, e)| waits.are_kept_by(e.what));
    let kept = kept
        .map(|(id, _)| id)
        .or_else(|| asleep(case, &waits, (from, fired)))
        .or_else(|| lost_further_on(case, &waits, (set, fired)));
    kept.map_or(Silence::Unknown, Silence::Kept)
}

/// The stop of a node that was asked, before it could answer: messages to a paused node wait for
/// it.
fn asleep(case: &Case<'_>, waits: &Waits, (from, fired): (EventId, EventId)) -> Option<EventId> {
    let asked = case.between(from, fired).filter_map(|(_, e)| match e.what {
        What::Sent(p) if Some(p.from) == waits.who && p.kind != Kind::Heartbeat => p.to.node(),
        _ => None,
    });
    let stopped = |n: NodeId| {
        let turn = |w: What| match w {
            What::Crashed(m) | What::Paused(m) | What::Left(m) | What::Resumed(m) => m == n,
            What::Started(m) => m == n,
            _ => false,
        };
        let last = case.last_turn(fired, &turn)?;
        let stops = |w: What| matches!(w, What::Crashed(_) | What::Paused(_) | What::Left(_));
        case.event(last).filter(|e| stops(e.what)).map(|_| last)
    };
    match waits.whom {
        Awaited::Answers => asked.filter_map(stopped).next(),
        Awaited::Node(_) => None,
    }
}

/// A lost message of others that passed the request on, or returned its answer.
fn lost_further_on(
    case: &Case<'_>,
    waits: &Waits,
    (asked, fired): (EventId, EventId),
) -> Option<EventId> {
    if waits.whom != Awaited::Answers {
        return None;
    }
    let led = |id: EventId| answerers::path(case, id).contains(&asked);
    let lost = |answers: bool| {
        let lost = case.between(asked, fired).filter(move |(_, e)| match e.what {
            What::Lost(p, _) => p.kind != Kind::Heartbeat && p.kind.is_answer() == answers,
            _ => false,
        });
        lost.map(|(id, _)| id).find(|id| led(*id))
    };
    lost(true).or_else(|| lost(false))
}

/// The awaited node or nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Awaited {
    Node(NodeId),
    /// The answer of any node that was asked.
    Answers,
}

fn awaited(case: &Case<'_>, fired: EventId, what: What) -> Option<Awaited> {
    match what {
        What::Fired(_, Timer::Suspect(peer)) | What::BalancerFired(Timer::Suspect(peer)) => {
            Some(Awaited::Node(peer))
        }
        What::Fired(_, Timer::Attempt(_))
        | What::BalancerFired(Timer::Attempt(_))
        | What::ClientFired(_, Timer::Attempt(_)) => Some(Awaited::Answers),
        What::Fired(n, Timer::Election) if gives_up(case, fired, n) => Some(Awaited::Answers),
        What::Fired(_, Timer::Election | Timer::Failure) => leader_heard(case, fired),
        _ => None,
    }
}

/// Whether a leader gave up when that timer ran out.
fn gives_up(case: &Case<'_>, fired: EventId, node: NodeId) -> bool {
    let next = case.event(EventId(fired.0 + 1)).map(|e| e.what);
    matches!(next, Some(What::Noted(n, Fact::Abandoned(_))) if n == node)
}

/// The leader whose message set the timer.
fn leader_heard(case: &Case<'_>, fired: EventId) -> Option<Awaited> {
    let set = case.event(fired)?.causes.first()?;
    let What::Delivered(p) = case.event(set)?.what else { return None };
    let speaks = matches!(
        p.kind,
        Kind::AppendEntries
            | Kind::InstallSnapshot
            | Kind::Heartbeat
            | Kind::Coordinator
            | Kind::StateTransfer
            | Kind::Update
    );
    p.from.node().filter(|_| speaks).map(Awaited::Node)
}

fn who(what: What) -> Option<Addr> {
    match what {
        What::Fired(n, _) => Some(n.into()),
        What::ClientFired(c, _) => Some(c.into()),
        What::BalancerFired(_) => Some(Addr::Balancer),
        _ => None,
    }
}

/// The waiting node and the awaited ones.
struct Waits {
    whom: Awaited,
    who: Option<Addr>,
    /// Whether it had sent a request, and waits for the answer.
    asked: bool,
}

impl Waits {
    /// Whether an event prevents the awaited message.
    fn are_kept_by(&self, what: What) -> bool {
        let Some(who) = self.who else { return false };
        match (self.whom, what) {
            (Awaited::Node(n), What::Crashed(m) | What::Paused(m) | What::Left(m)) => n == m,
            (
                Awaited::Node(n),
                What::Noted(m, Fact::SteppedDown(_) | Fact::Abandoned(_) | Fact::Yielded(_)),
            ) => n == m,
            (Awaited::Node(n), What::Lost(p, _)) => {
                let asks = self.asked && p.kind == Kind::Heartbeat;
                (p.from, p.to) == (n.into(), who) || asks && (p.from, p.to) == (who, n.into())
            }
            (Awaited::Answers, What::Lost(p, _)) => {
                let is_answer = p.kind.is_answer() && p.to == who;
                is_answer || p.from == who && p.kind != Kind::Heartbeat
            }
            _ => false,
        }
    }
}

/// The clause to add to a sentence about a timer that ran out in vain.
pub fn told(case: &Case<'_>, fired: EventId, what: What) -> Option<String> {
    let Awaited::Node(node) = awaited(case, fired, what)? else { return None };
    let set = case.event(fired)?.causes.first()?;
    let heard = case.event(set)?;
    let by_it = heard.what.passage().is_some_and(|p| p.from == node.into());
    let lead = if matches!(what, What::Fired(_, Timer::Election)) { "to lead" } else { "of" };
    by_it.then(|| format!(", for {node} was last heard {lead} at {}", moment(heard.at)))
}
