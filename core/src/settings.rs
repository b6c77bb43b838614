//! What can be set about a cluster, with defaults chosen so that a newcomer sees something sensible.

use crate::rng::{Latency, Ppm, Shape};
use crate::time::Span;
use serde::Serialize;
use std::fmt;

/// A system that a cluster can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Preset {
    /// A mock replicated store: the client writes to all and reads the newest of two.
    WriteAll,
    /// Three peers, any of which accepts everything.
    Peers,
    /// A sharded store on a consistent-hash ring behind a balancer.
    Ring,
    /// Primary-backup replication.
    PrimaryBackup,
    /// N/R/W quorums.
    Quorum,
    /// Heartbeats and a bully election, no data.
    Election,
    /// Raft.
    Raft,
}

impl Preset {
    /// Every preset, in the order of the list that people see.
    pub const ALL: [Self; 7] = [
        Self::Raft,
        Self::WriteAll,
        Self::Peers,
        Self::Ring,
        Self::PrimaryBackup,
        Self::Quorum,
        Self::Election,
    ];

    /// The word for it in the language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WriteAll => "write-all",
            Self::Peers => "peers",
            Self::Ring => "ring",
            Self::PrimaryBackup => "primary-backup",
            Self::Quorum => "quorum",
            Self::Election => "election",
            Self::Raft => "raft",
        }
    }

    /// The preset of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// Whether it can be run yet.
    #[must_use]
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::WriteAll | Self::Raft)
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A range of time, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpanRange {
    /// The least.
    pub low: Span,
    /// The most.
    pub high: Span,
}

impl fmt::Display for SpanRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.low == self.high {
            return self.low.fmt(f);
        }
        write!(f, "{}..{}", self.low, self.high)
    }
}

/// How a Raft leader answers a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Reads {
    /// After a round of heartbeats has confirmed that it still leads (dissertation, section 6.4).
    Index,
    /// At once while its lease, by its own clock, has not run out (section 6.4.1).
    Lease,
    /// From whatever the asked node has applied: may be stale.
    Local,
}

/// Settings of `raft`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RaftSettings {
    /// A follower that hears no leader for a time drawn from this range stands for election.
    pub election: SpanRange,
    /// Whether a candidate first asks if it could win (dissertation, section 9.6).
    pub prevote: bool,
    /// How reads are answered.
    pub reads: Reads,
    /// Entries between snapshots; 0 for none.
    pub snapshot: u32,
}

/// Settings of `write-all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WriteAllSettings {
    /// How many acknowledgements a write needs when `strict`.
    pub w: u16,
    /// How many answers a read needs when `strict`.
    pub r: u16,
    /// Whether W and R are enforced; the original does not.
    pub strict: bool,
}

/// Everything that can be set about one cluster. Settings of other presets stay at their defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// Nodes at the start.
    pub nodes: u16,
    /// Clients.
    pub clients: u16,
    /// What every random draw follows from.
    pub seed: u64,
    /// How long messages take.
    pub latency: Latency,
    /// Messages lost.
    pub loss: Ppm,
    /// Messages that arrive twice.
    pub duplicate: Ppm,
    /// Messages held back so that others overtake them.
    pub reorder: Ppm,
    /// How long a durable write takes.
    pub disk: Span,
    /// Whether a write is durable before what follows it leaves the node.
    pub fsync: bool,
    /// Time between heartbeats.
    pub heartbeat: Span,
    /// How long a client waits for an answer to one attempt.
    pub timeout: Span,
    /// How often a client asks again.
    pub retries: u16,
    /// Of `raft`.
    pub raft: RaftSettings,
    /// Of `write-all`.
    pub write_all: WriteAllSettings,
}

impl Settings {
    /// What a preset is unless somebody says otherwise.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        let ms = Span::from_ms;
        Self {
            nodes: match preset {
                Preset::WriteAll | Preset::Peers => 3,
                _ => 5,
            },
            clients: 2,
            seed: 1,
            latency: Latency::of(Shape::Uniform(ms(10), ms(20))),
            loss: Ppm::NEVER,
            duplicate: Ppm::NEVER,
            reorder: Ppm::NEVER,
            disk: ms(1),
            fsync: true,
            heartbeat: ms(50),
            timeout: ms(500),
            retries: 10,
            raft: RaftSettings {
                election: SpanRange { low: ms(150), high: ms(300) },
                prevote: true,
                reads: Reads::Index,
                snapshot: 0,
            },
            write_all: WriteAllSettings { w: 3, r: 2, strict: false },
        }
    }
}
