//! The behaviour of a backup.

use super::super::{Checkpoint, Cx, Fact, Index, Timer};
use super::{Message, Office, Server, State, Tail, Update, patience};
use crate::ids::NodeId;
use crate::settings::own::primary_backup::rules::{DURABLE_UPDATE, EPOCH_CHECKED};
use crate::sorted::SortedMap;
use serde::Serialize;
use std::sync::Arc;

/// The most updates that wait for one before them to arrive.
const MAX_EARLY: usize = 1_024;

/// The state of a backup.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Backup {
    freshness: Freshness,
    /// Updates that arrived before earlier ones.
    early: SortedMap<Index, Arc<Update>>,
}

/// The quality of a backup's state, as far as it can know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Freshness {
    /// It has not received the state since it started, or since it follows this primary.
    Stale,
    /// It would take part in elections with its present state, since no primary updated it.
    MakingDo,
    /// It received the state of its primary, and applies the updates.
    Current,
}

impl Backup {
    /// A backup that needs the state.
    pub fn stale() -> Self {
        Self { freshness: Freshness::Stale, early: SortedMap::new() }
    }

    /// Whether it may take part in elections.
    pub fn is_current(&self) -> bool {
        self.freshness != Freshness::Stale
    }

    /// Lets it take part in elections with its present state.
    pub fn make_do(&mut self) {
        if self.freshness == Freshness::Stale {
            self.freshness = Freshness::MakingDo;
        }
    }

    /// The description for people.
    pub fn shown(&self) -> &'static str {
        match self.freshness {
            Freshness::Stale => "waits to be brought up to date",
            Freshness::MakingDo => "its own, since nobody brought it up to date",
            Freshness::Current => "follows the primary",
        }
    }
}

impl Server {
    /// Handles a heartbeat of the primary. A backup that is not up to date asks for the state at
    /// every heartbeat until it has it.
    pub(super) fn on_beat(&mut self, from: NodeId, cx: &mut Cx<'_>) {
        let Office::Backup(backup) = &self.office else { return };
        if self.bully.leader() != Some(from) {
            return;
        }
        self.detector.expect(from, patience(cx), cx);
        if backup.freshness != Freshness::Current {
            self.send(from, Message::Join, cx);
            self.listen(cx);
        }
    }

    /// Rule "replace": adopts the state of a primary.
    pub(super) fn on_state(&mut self, from: NodeId, state: &Arc<State>, cx: &mut Cx<'_>) {
        if self.bully.is_stale(from, state.term) {
            return;
        }
        let news = self.bully.announced(from, state.term, patience(cx), cx);
        self.react(news, cx);
        let Office::Backup(backup) = &mut self.office else { return };
        if self.state.is_ahead_of(state) {
            // The transfer left before updates that this node has acknowledged, perhaps before a
            // crash: the primary counts on them, so they stay.
            backup.freshness = Freshness::Current;
            cx.cancel_timer(Timer::Failure);
            self.catch_up(cx);
        } else if backup.freshness != Freshness::Current || self.state.last < state.last {
            backup.freshness = Freshness::Current;
            self.state = (**state).clone();
            self.tail = Tail::behind(state.last);
            cx.note(Fact::Restored(state.last));
            cx.checkpoint(Arc::new(Checkpoint::PrimaryBackup(Arc::clone(state))));
            cx.cancel_timer(Timer::Failure);
            self.catch_up(cx);
        }
        self.acknowledge(from, cx);
    }

    /// Rule "apply": applies updates in their order; one that arrives early waits.
    pub(super) fn on_update(&mut self, from: NodeId, update: Arc<Update>, cx: &mut Cx<'_>) {
        let Office::Backup(backup) = &mut self.office else { return };
        let is_now = self.bully.leader() == Some(from) && self.bully.term() == update.term;
        if !is_now && cx.keeps(EPOCH_CHECKED) {
            return;
        }
        let before = cx.effects.len();
        if is_now {
            self.detector.expect(from, patience(cx), cx);
        }
        if backup.early.len() < MAX_EARLY {
            backup.early.insert(update.index, update);
        }
        if backup.freshness == Freshness::Current {
            self.catch_up(cx);
            if cx.keeps(DURABLE_UPDATE) {
                self.acknowledge(from, cx);
            } else {
                let ack = super::super::Message::PrimaryBackup(self.acknowledgement());
                cx.send_ahead(before, from, ack);
            }
        }
    }

    /// Applies all updates that are next in order.
    fn catch_up(&mut self, cx: &mut Cx<'_>) {
        let Office::Backup(backup) = &mut self.office else { return };
        let mut ready = Vec::new();
        let mut next = self.state.last.next();
        while let Some((&index, _)) = backup.early.first_key_value()
            && index <= next
            && let Some(update) = backup.early.remove(&index)
        {
            if update.index == next {
                next = next.next();
                ready.push(update);
            }
        }
        for update in ready {
            self.apply(update, cx);
            cx.note(Fact::Replicated(self.state.last));
        }
    }

    /// Acknowledges the updates. All of them are on its disk when this message leaves.
    fn acknowledge(&self, primary: NodeId, cx: &mut Cx<'_>) {
        self.send(primary, self.acknowledgement(), cx);
    }

    fn acknowledgement(&self) -> Message {
        Message::Ack { term: self.state.term, upto: self.state.last }
    }
}
