//! The events that deserve a sentence: the content of the list of events, the live region and the
//! headline. Messages and requests of the workload are not among them.

use super::Scene;
use crate::ids::{ClientId, EventId, NodeId, OperationId};
use crate::protocol::{Fact, Index, Kind};
use crate::run::Statement;
use crate::settings::Preset;
use crate::sorted::SortedMap;
use crate::trace::{Event, What};

/// The beats of one cluster's run, up to the end of the trace read so far. Reading continues as the
/// trace grows.
#[derive(Clone, Debug, Default)]
pub struct Beats {
    beats: Vec<EventId>,
    read: u32,
    /// The last operation of each client that a statement asked for.
    asked: SortedMap<ClientId, OperationId>,
}

impl Beats {
    /// Reads the new part of the trace, and returns the new beats.
    pub fn read(&mut self, scene: &Scene<'_>) -> &[EventId] {
        let before = self.beats.len();
        for (id, event) in scene.trace.iter_from(EventId(self.read)) {
            self.take(scene, id, event);
        }
        // A window of the trace may end before the part read so far.
        self.read = self.read.max(scene.trace.len() as u32);
        &self.beats[before..]
    }

    /// Forgets all events from that one on: from there the run is another.
    pub fn rewind(&mut self, scene: &Scene<'_>, to: EventId) {
        if to.0 >= self.read {
            return;
        }
        self.read = to.0;
        self.beats.retain(|&beat| beat < to);
        self.asked.clear();
        for &beat in &self.beats {
            if let Some(What::Invoked(client, operation)) = scene.trace.event(beat).map(|e| e.what)
            {
                self.asked.insert(client, operation);
            }
        }
    }

    /// The beats before an event, oldest first. [`crate::timeline::Timeline::next_event`] selects
    /// those before the playhead.
    #[must_use]
    pub fn before(&self, event: EventId) -> &[EventId] {
        &self.beats[..self.beats.partition_point(|&beat| beat < event)]
    }

    fn take(&mut self, scene: &Scene<'_>, id: EventId, event: &Event) {
        if let What::Invoked(client, operation) = event.what
            && !is_prompted(scene, event)
        {
            self.asked.insert(client, operation);
        }
        let is_beat = match event.what {
            What::Commanded(place) => {
                let command = scene.commands.get(place as usize);
                // The client reports a request itself, when it begins.
                command.is_some_and(|c| !matches!(c.statement, Statement::Ask { .. }))
            }
            What::Invoked(client, operation) | What::Returned(client, operation) => {
                self.asked.get(&client) == Some(&operation)
            }
            What::Noted(n, Fact::SteppedDown(_)) => self.stands_or_leads(scene, n),
            // For peers the standing is reported instead.
            What::Noted(_, Fact::Suspected(_) | Fact::Trusted(_)) => {
                scene.world.preset() != Preset::Peers
            }
            // Its followers adopt the new members as its entry reaches them.
            What::Noted(_, Fact::Reconfigured(_)) => !came_from_leader(scene, event),
            What::Noted(_, fact) => is_turn(fact) || is_own_turn(scene.world.preset(), fact),
            What::ClientNoted(client, Fact::GaveUp(_)) => self.asked.contains_key(&client),
            _ => false,
        };
        if is_beat {
            self.beats.push(id);
        }
    }

    /// Whether a node stood for election or led, and has not given that up. A node that only asked
    /// whether it could win has nothing to give up.
    fn stands_or_leads(&self, scene: &Scene<'_>, node: NodeId) -> bool {
        let was = |&beat: &EventId| match scene.trace.event(beat)?.what {
            What::Noted(n, Fact::Stood(_) | Fact::Led(_)) if n == node => Some(true),
            What::Noted(n, Fact::SteppedDown(_) | Fact::Abandoned(_)) if n == node => Some(false),
            _ => None,
        };
        self.beats.iter().rev().take(LOOK_BACK).find_map(was).unwrap_or(false)
    }
}

/// The most beats that are searched backwards for a node's role.
const LOOK_BACK: usize = 1_000;

/// Whether the workload made a client ask: directly, or after its previous operation.
fn is_prompted(scene: &Scene<'_>, invoked: &Event) -> bool {
    let cause = invoked.causes.first().and_then(|c| scene.trace.event(c));
    cause.is_some_and(|c| matches!(c.what, What::Prompted(_)))
}

/// Whether a node acted because its leader sent it entries, or a snapshot.
fn came_from_leader(scene: &Scene<'_>, noted: &Event) -> bool {
    let cause = noted.causes.first().and_then(|c| scene.trace.event(c));
    let sent = |kind| matches!(kind, Kind::AppendEntries | Kind::InstallSnapshot);
    cause.is_some_and(|c| matches!(c.what, What::Delivered(p) if sent(p.kind)))
}

/// Whether a fact that only one protocol has is a turn of the story.
fn is_own_turn(preset: Preset, fact: Fact) -> bool {
    let Fact::Own(own) = fact else { return false };
    preset.traits().facts.get(usize::from(own.form)).is_some_and(|form| form.is_beat)
}

/// Whether a fact is a turn of the story.
const fn is_turn(fact: Fact) -> bool {
    if matches!(fact, Fact::Restored(Index(0)) | Fact::CaughtUp(_, 0) | Fact::HandedOver(_, 0)) {
        return false;
    }
    matches!(
        fact,
        Fact::Stood(_)
            | Fact::Led(_)
            | Fact::Abandoned(_)
            | Fact::Yielded(_)
            | Fact::Truncated(_)
            | Fact::Contradicted(_)
            | Fact::Installed(_)
            | Fact::HandedOver(..)
            | Fact::Restored(_)
            | Fact::Deemed(..)
            | Fact::CaughtUp(..)
            | Fact::Declined(_)
    )
}
