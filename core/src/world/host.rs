//! A node: its process, its disk, its clock, and the messages that wait for it.

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

/// The status of a node's process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    /// It runs.
    Up,
    /// It is down; its disk remains.
    Crashed,
    /// It does not run but keeps its memory: messages and timers wait for it.
    Paused,
    /// It was removed: no input reaches it, unless it is added again.
    Left,
}

impl Status {
    /// Its word.
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
    /// The last write that the process believes durable: with fsync the durable one, without it the
    /// last one written.
    pub(super) believed: WriteId,
    /// Duration of a durable write, where it differs from the setting.
    pub(super) disk_takes: Option<Span>,
    /// The write in progress on the disk.
    pub(super) busy: Option<Writing>,
    /// Time at which data written without fsync reaches the platter.
    pub(super) writeback: Option<Time>,
    pub(super) clock: Clock,
    pub(super) timers: Timers,
    pub(super) rng: Rng,
    /// Messages that wait for the disk, in order.
    pub(super) held: VecDeque<Held>,
    /// Messages that arrived while it was paused, in order, each with its place among the flights.
    pub(super) waiting: Vec<(MessageId, usize)>,
    /// The disk finished while it was paused.
    pub(super) disk_waiting: bool,
    /// Orders of the operator that arrived while it was paused, each with its event.
    pub(super) orders: Vec<(Order, EventId)>,
    /// Whether its process ends once its messages have left.
    pub(super) leaving: bool,
    /// The losses of the last crash, for people; not part of the state.
    #[serde(skip)]
    pub(super) forgotten: Forgotten,
}

/// The losses of a node's last crash.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The last records that were not durable, oldest first.
    pub records: Vec<Record>,
    /// Number of writes that were not durable, those records included.
    pub writes: u64,
    /// The data in memory of a node that writes nothing to a disk.
    pub data: Vec<(Word, Word)>,
    /// Whether a torn record was discarded when it started again.
    pub torn: bool,
    /// Whether its disk was emptied.
    pub wiped: bool,
}

/// The most lost records that are kept by name.
const MOST_NAMED: usize = 8;

impl Forgotten {
    /// The losses if a node with that process and disk crashes now.
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

/// A write in progress on a disk.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Writing {
    /// The last write of the batch.
    pub(super) upto: WriteId,
    /// The time of its completion. A queue entry for another time belongs to a crashed process.
    pub(super) due: Time,
    /// The event that handed the batch over.
    pub(super) cause: EventId,
}

/// A message that leaves when the disk has completed the earlier writes.
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

    /// The losses of its last crash.
    #[must_use]
    pub fn forgotten(&self) -> &Forgotten {
        &self.forgotten
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> NodeId {
        self.id
    }

    /// Duration of a durable write on its disk, where a statement made it differ from the setting.
    #[must_use]
    pub fn own_disk_time(&self) -> Option<Span> {
        self.disk_takes
    }

    /// Duration of a durable write on its disk.
    #[must_use]
    pub fn disk_time(&self, settings: &Settings) -> Span {
        self.disk_takes.unwrap_or(settings.disk)
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// The beginning of its status.
    #[must_use]
    pub fn since(&self) -> Time {
        self.since
    }

    /// Its process; None when it is down.
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

    /// Number of its messages that wait for its disk.
    #[must_use]
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Number of messages that wait for it to resume.
    #[must_use]
    pub fn backlog(&self) -> usize {
        self.waiting.len()
    }

    /// Removes its process and all its memory. Returns the messages that waited for it, which are
    /// lost.
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
