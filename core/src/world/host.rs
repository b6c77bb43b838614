//! A node: its process, its disk, its clock, and what waits at its door.

use super::clock::Clock;
use super::timers::{Set, Timers};
use crate::disk::WriteId;
use crate::ids::{Addr, EventId, MessageId, NodeId};
use crate::protocol::{Disk, Machine, Message, Order, Record};
use crate::rng::{Concern, Rng};
use crate::settings::Settings;
use crate::store::Word;
use crate::time::{Span, Time};
use serde::Serialize;
use std::collections::VecDeque;

/// Whether a node's process runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// It runs.
    Up,
    /// It is dead; its disk is not.
    Crashed,
    /// It exists and does not run: messages and timers wait for it.
    Paused,
    /// It was removed: nothing can happen to it, unless it is added again.
    Left,
}

impl Status {
    /// The word for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Crashed => "crashed",
            Self::Paused => "paused",
            Self::Left => "left",
        }
    }
}

/// A node of the cluster.
#[derive(Clone, Debug, Serialize)]
pub struct Host {
    pub(super) id: NodeId,
    pub(super) status: Status,
    pub(super) since: Time,
    pub(super) machine: Option<Machine>,
    pub(super) disk: Disk,
    /// What the process takes to be durable: with fsync what is, without it what it wrote.
    pub(super) believed: WriteId,
    /// How long a durable write takes, where that differs from the setting.
    pub(super) disk_takes: Option<Span>,
    /// What the disk is busy with.
    pub(super) busy: Option<Writing>,
    /// A write-back of what was written without fsync is due.
    pub(super) writeback: Option<Time>,
    pub(super) clock: Clock,
    pub(super) timers: Timers,
    pub(super) rng: Rng,
    /// Messages that wait for the disk, in order.
    pub(super) held: VecDeque<Held>,
    /// Messages that arrived while it was paused, in order, and where they are kept.
    pub(super) waiting: Vec<(MessageId, usize)>,
    /// The disk finished while it was paused.
    pub(super) disk_waiting: bool,
    /// What the operator asked for while it was paused, and the events of the asking.
    pub(super) orders: Vec<(Order, EventId)>,
    /// Its process ends once what it sent has left.
    pub(super) leaving: bool,
    /// What the last crash took: what people are told, no part of the state.
    #[serde(skip)]
    pub(super) forgotten: Forgotten,
}

/// The losses of a node's last crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The last records that were not durable, oldest first.
    pub records: Vec<Record>,
    /// How many writes were not durable, those included.
    pub writes: u64,
    /// What a node that writes nothing to a disk held in memory.
    pub data: Vec<(Word, Word)>,
    /// Whether a torn record was thrown away when it started again.
    pub torn: bool,
    /// Whether its disk was emptied.
    pub wiped: bool,
}

/// The most lost records that are kept to be named.
const MOST_NAMED: usize = 8;

impl Forgotten {
    /// What is lost if a node with that process and disk dies now.
    fn of(machine: Option<&Machine>, disk: &Disk) -> Self {
        let records = disk.tail(MOST_NAMED).filter(|(_, durable)| !durable);
        let has_no_disk = disk.written() == WriteId::default();
        let memory = machine.filter(|_| has_no_disk).map(|m| m.view(0).data);
        Self {
            records: records.map(|(record, _)| record.clone()).collect(),
            writes: disk.written().0.saturating_sub(disk.durable().0),
            data: memory.unwrap_or_default(),
            ..Self::default()
        }
    }
}

/// What a disk is busy with.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Writing {
    /// Everything up to this write.
    pub(super) upto: WriteId,
    /// When it is done; an entry of the queue for another time is of a process that died.
    pub(super) due: Time,
    /// The event that handed it over.
    pub(super) cause: EventId,
}

/// A message that leaves when the disk has written what was handed to it before.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub(super) after: WriteId,
    pub(super) to: Addr,
    pub(super) message: Message,
    pub(super) cause: EventId,
}

impl Host {
    pub(super) fn new(id: NodeId, seed: u64, now: Time) -> Self {
        Self {
            id,
            status: Status::Crashed,
            since: now,
            machine: None,
            disk: Disk::default(),
            believed: WriteId::default(),
            disk_takes: None,
            busy: None,
            writeback: None,
            clock: Clock::default(),
            timers: Timers::default(),
            rng: Rng::new(seed, Concern::Node(id.0)),
            held: VecDeque::new(),
            waiting: Vec::new(),
            disk_waiting: false,
            orders: Vec::new(),
            leaving: false,
            forgotten: Forgotten::default(),
        }
    }

    /// What its last crash took.
    #[must_use]
    pub fn forgotten(&self) -> &Forgotten {
        &self.forgotten
    }

    /// Which node.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// How long a durable write takes on its disk, where somebody said that it differs from the setting.
    #[must_use]
    pub fn own_disk_time(&self) -> Option<Span> {
        self.disk_takes
    }

    /// How long a durable write takes on its disk.
    #[must_use]
    pub fn disk_time(&self, settings: &Settings) -> Span {
        self.disk_takes.unwrap_or(settings.disk)
    }

    /// Whether its process runs.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Since when it has had that status.
    #[must_use]
    pub fn since(&self) -> Time {
        self.since
    }

    /// Its process; None when it is dead.
    #[must_use]
    pub fn machine(&self) -> Option<&Machine> {
        self.machine.as_ref()
    }

    /// Its disk.
    #[must_use]
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its timers that are set.
    pub fn timers(&self) -> impl Iterator<Item = &Set> {
        self.timers.iter()
    }

    /// How many of its messages wait for its disk.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// How many messages wait for it to go on.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.waiting.len()
    }

    /// Its process is gone, and with it all that was in memory. The messages that waited for it are
    /// returned, to be lost.
    pub(super) fn lose_memory(&mut self, now: Time) -> Vec<(MessageId, usize)> {
        self.status = Status::Crashed;
        self.since = now;
        self.forgotten = Forgotten::of(self.machine.as_ref(), &self.disk);
        self.machine = None;
        self.disk.crash();
        self.believed = self.disk.durable();
        self.busy = None;
        self.writeback = None;
        self.held.clear();
        self.timers.cancel(|_| true);
        self.disk_waiting = false;
        self.orders.clear();
        self.leaving = false;
        std::mem::take(&mut self.waiting)
    }
}
