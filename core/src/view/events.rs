//! The events of the trace.

use crate::explain::{self, Scene};
use crate::ids::EventId;
use crate::order;
use crate::protocol::Fact;
use crate::session::Session;
use crate::time::Time;
use crate::timeline::Budget;
use crate::trace::What;
use serde::Serialize;

/// One event of the trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraceEvent {
    /// Its number among the events of its cluster, from 0.
    pub id: u32,
    /// The cluster, from 0.
    pub cluster: usize,
    /// When it happened.
    pub at: f64,
    /// The kind of event: one word.
    pub kind: &'static str,
    /// The node at which it happened, if any.
    pub node: Option<String>,
    /// The message that it concerns, if any.
    pub message: Option<String>,
    /// The events of the same cluster that led to it directly.
    pub causes: Vec<u32>,
    /// One plain sentence.
    pub text: String,
}

/// The events in a span of time, both ends included, in the part simulated so far: by time, at the
/// same time by cluster.
#[must_use]
pub fn events(session: &Session, from: Time, to: Time) -> Vec<TraceEvent> {
    gathered(session, from, to, usize::MAX).unwrap_or_default()
}

/// The most events that [`some_events`] returns.
pub const MOST_EVENTS: usize = 500_000;

/// The events in a span of time, like [`events`], with a limit.
///
/// # Errors
/// When the span has more than [`MOST_EVENTS`].
pub fn some_events(session: &Session, from: Time, to: Time) -> Result<Vec<TraceEvent>, String> {
    gathered(session, from, to, MOST_EVENTS).ok_or_else(|| {
        format!("more than {MOST_EVENTS} events happen in that time: ask for less of it")
    })
}

fn gathered(session: &Session, from: Time, to: Time, most: usize) -> Option<Vec<TraceEvent>> {
    let mut events: Vec<(Time, TraceEvent)> = Vec::new();
    for cluster in 0..session.run().clusters.len() {
        let timeline = session.timeline(cluster);
        let trace = timeline.trace();
        let first = trace.event(trace.first()).filter(|_| trace.first().0 > 0);
        let starts_early = first.is_some_and(|first| first.at >= from);
        let last = trace.iter_back(EventId(u32::MAX)).next().map(|(_, event)| event.at);
        let ends_late = timeline.is_shortened() && last.is_none_or(|last| last <= to);
        if starts_early || ends_late {
            let to = to.min(timeline.frontier().time);
            replayed(session, cluster, (from, to), most, &mut events)?;
            continue;
        }
        let scene = Scene::of(session, cluster);
        gather(&scene, cluster, (from, to), most, &mut events)?;
    }
    order::by_key(&mut events, |(at, _)| *at);
    Some(events.into_iter().map(|(_, event)| event).collect())
}

/// Appends the events of a span from the trace. None where there are more than the limit.
fn gather(
    scene: &Scene<'_>,
    cluster: usize,
    (from, to): (Time, Time),
    most: usize,
    events: &mut Vec<(Time, TraceEvent)>,
) -> Option<()> {
    let inside = scene.trace.iter_from(scene.trace.first_at(from));
    for (id, event) in inside.take_while(|(_, e)| e.at <= to) {
        if events.len() >= most {
            return None;
        }
        events.push((event.at, record(scene, cluster, id, event)));
    }
    Some(())
}

/// Appends the events of a span whose events are partly forgotten, by replaying.
fn replayed(
    session: &Session,
    cluster: usize,
    (from, to): (Time, Time),
    most: usize,
    events: &mut Vec<(Time, TraceEvent)>,
) -> Option<()> {
    let commands = &session.run().commands[..];
    let mut timeline = session.timeline(cluster).clone();
    let mut unlimited = Budget::UNLIMITED;
    timeline.seek(commands, from, &mut unlimited);
    // Events beyond the span are not wanted, and there may be many.
    while timeline.world().now() < to {
        let steps = timeline.world().steps() + STEPS_AT_ONCE;
        // `play_on` does not jump: every event on the way is wanted.
        let more = timeline.play_on(commands, to, &mut Budget::steps(STEPS_AT_ONCE));
        let inside = timeline.trace().len() - timeline.trace().first_at(from).0 as usize;
        if inside > most.saturating_add(STEPS_AT_ONCE as usize * 50) {
            return None;
        }
        if more || timeline.world().steps() < steps {
            break;
        }
    }
    let (world, trace) = (timeline.world(), timeline.trace());
    gather(&Scene { world, trace, commands }, cluster, (from, to), most, events)
}

/// Steps between two checks of the number of events.
const STEPS_AT_ONCE: u64 = 10_000;

/// One event; None when it has not been simulated yet.
#[must_use]
pub fn event(session: &Session, cluster: usize, id: EventId) -> Option<TraceEvent> {
    let scene = Scene::of(session, cluster);
    let event = scene.trace.event(id)?;
    Some(record(&scene, cluster, id, event))
}

fn record(
    scene: &Scene<'_>,
    cluster: usize,
    id: EventId,
    event: &crate::trace::Event,
) -> TraceEvent {
    TraceEvent {
        id: id.0,
        cluster,
        at: event.at.as_ms_f64(),
        kind: kind(event.what),
        node: event.what.node().map(|n| n.to_string()),
        message: event.what.passage().map(|p| p.message.to_string()),
        causes: event.causes.iter().map(|c| c.0).collect(),
        text: explain::sentence(scene, id).unwrap_or_default(),
    }
}

/// The kind of an event, in one word.
const fn kind(what: What) -> &'static str {
    match what {
        What::Commanded(_) => "command",
        What::Started(_) => "start",
        What::Crashed(_) => "crash",
        What::Paused(_) => "pause",
        What::Resumed(_) => "resume",
        What::Wiped(_) => "wipe",
        What::Torn(_) => "torn",
        What::Sent(_) => "send",
        What::Delivered(_) => "deliver",
        What::Lost(..) => "lose",
        What::Fired(..) | What::ClientFired(..) => "timer",
        What::Durable(..) => "durable",
        What::Prompted(_) => "prompt",
        What::Invoked(..) => "invoke",
        What::Returned(..) => "return",
        What::Left(_) => "leave",
        What::BalancerStarted => "start",
        What::BalancerFired(_) => "timer",
        What::Noted(_, fact) | What::ClientNoted(_, fact) | What::BalancerNoted(fact) => {
            fact_kind(fact)
        }
    }
}

const fn fact_kind(fact: Fact) -> &'static str {
    match fact {
        Fact::Canvassed(_) => "canvass",
        Fact::Stood(_) => "stand",
        Fact::Voted(..) => "vote",
        Fact::Counted(..) => "count",
        Fact::Led(_) => "lead",
        Fact::Followed(..) => "follow",
        Fact::SteppedDown(_) => "step-down",
        Fact::Appended(_) => "append",
        Fact::Replicated(_) => "replicate",
        Fact::Truncated(_) => "truncate",
        Fact::Committed(_) => "commit",
        Fact::Confirmed(_) => "confirm",
        Fact::Contradicted(_) => "contradict",
        Fact::Abandoned(_) => "abandon",
        Fact::Snapshotted(_) => "snapshot",
        Fact::Installed(_) => "install",
        Fact::Reconfigured(_) => "reconfigure",
        Fact::Yielded(_) => "yield",
        Fact::Redirected(_) => "redirect",
        Fact::Repeated => "repeat",
        Fact::Stored => "store",
        Fact::Superseded => "supersede",
        Fact::Answered(..) => "answer",
        Fact::GaveUp(_) => "give-up",
        Fact::Suspected(_) => "suspect",
        Fact::Trusted(_) => "trust",
        Fact::Hinted(_) => "hint",
        Fact::HandedOver(..) => "hand-over",
        Fact::Repaired(_) => "repair",
        Fact::Restored(_) => "restore",
        Fact::Deemed(..) => "deem",
        Fact::Queued(_) => "queue",
        Fact::CaughtUp(..) => "catch-up",
        Fact::Declined(_) => "decline",
        Fact::FellBack(..) => "fall-back",
        Fact::Replayed(_) => "replay",
        Fact::Saved(_) => "save",
        Fact::Settled => "settle",
        Fact::Forgot(_) => "forget",
        Fact::Outranked(_) => "outrank",
        Fact::Own(_) => "note",
    }
}
