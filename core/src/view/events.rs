//! What happened, event by event.

use crate::explain::{self, Scene};
use crate::ids::EventId;
use crate::order;
use crate::protocol::Fact;
use crate::session::Session;
use crate::time::Time;
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
    /// What kind of event it is: one word.
    pub kind: &'static str,
    /// The node that it happened at, if at one.
    pub node: Option<String>,
    /// The message that it is about, if about one.
    pub message: Option<String>,
    /// The events of the same cluster that led to it directly.
    pub causes: Vec<u32>,
    /// One plain sentence.
    pub text: String,
}

/// The events in a span of time, both ends included, as far as anybody has looked: by time, at the
/// same time by cluster.
#[must_use]
pub fn events(session: &Session, from: Time, to: Time) -> Vec<TraceEvent> {
    let mut events: Vec<(Time, TraceEvent)> = Vec::new();
    for cluster in 0..session.run().clusters.len() {
        let scene = Scene::of(session, cluster);
        let inside = scene.trace.iter_from(scene.trace.first_at(from));
        let inside = inside.take_while(|(_, e)| e.at <= to);
        events.extend(inside.map(|(id, e)| (e.at, record(&scene, cluster, id, e))));
    }
    order::by_key(&mut events, |(at, _)| *at);
    events.into_iter().map(|(_, event)| event).collect()
}

/// One event; None when that has not happened as far as anybody has looked.
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

/// One word for what kind of event it is.
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
        Fact::Outranked(_) => "outrank",
        Fact::Own(_) => "note",
    }
}
