//! What can be set about a cluster, with defaults chosen so that a newcomer sees something sensible.
//!
//! A setting is a field here and a row of [`SETTINGS`]: parser, printer, completion and `set` are
//! all driven by that table.

mod rules;
mod table;
mod value;

pub use rules::{Broken, RULES, Rule};
pub use table::{Change, Kind, SETTINGS, Setting};
pub use value::Value;

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

    /// Whether it stores anything that clients can ask for.
    #[must_use]
    pub const fn has_data(self) -> bool {
        !matches!(self, Self::Election)
    }

    /// Whether nodes can join it and leave it while it runs.
    #[must_use]
    pub const fn has_membership(self) -> bool {
        matches!(self, Self::Ring | Self::Raft)
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
    /// Whether a leader that hears of no majority gives up (dissertation, section 6.2).
    pub check_quorum: bool,
    /// Which of its rules are broken. Where none is, it hashes as if there were no such thing.
    #[serde(skip_serializing_if = "Broken::is_none")]
    pub broken: Broken,
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

/// Settings of `quorum`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuorumSettings {
    /// On how many nodes a key lives.
    pub n: u16,
    /// How many answers a read waits for.
    pub r: u16,
    /// How many acknowledgements a write waits for.
    pub w: u16,
    /// Who coordinates.
    pub coordinator: Coordinator,
    /// Whether the first reachable nodes stand in for those that a key belongs to.
    pub sloppy: bool,
    /// Whether a read brings up to date the replicas that answered with something older.
    pub read_repair: bool,
    /// Whether a write for a node that is down is kept elsewhere and handed over later.
    pub hints: bool,
    /// Time between comparisons of replicas; None for never.
    pub anti_entropy: Option<Span>,
    /// How long the request of a write travels; None: as every message.
    pub latency_w: Option<Latency>,
    /// How long the acknowledgement of a write travels.
    pub latency_a: Option<Latency>,
    /// How long the request of a read travels.
    pub latency_r: Option<Latency>,
    /// How long the response to a read travels.
    pub latency_s: Option<Latency>,
}

/// The legs of a write and a read, whose latencies can be set apart (WARS; Bailis et al.,
/// "Probabilistically Bounded Staleness for Practical Partial Quorums", 2012, section 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Leg {
    /// W: the request of a write.
    Write,
    /// A: its acknowledgement.
    Acknowledgement,
    /// R: the request of a read.
    Read,
    /// S: its response.
    Response,
}

/// Who coordinates the operations of `quorum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Coordinator {
    /// The node that the client asks.
    Node,
    /// The client itself.
    Client,
}

/// Settings of `primary-backup`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PrimaryBackupSettings {
    /// When the primary answers.
    pub replication: Replication,
    /// How many backups must have acknowledged when `sync`; 0: all that are believed alive.
    pub acks: u16,
    /// Who follows a primary that is not heard of any more.
    pub failover: Failover,
    /// Who is not heard of for so long is believed dead.
    pub timeout: Span,
}

/// When a primary answers a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Replication {
    /// After the backups that it believes alive have acknowledged.
    Sync,
    /// At once.
    Async,
}

/// How a new primary is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Failover {
    /// The highest id that answers takes over (Garcia-Molina, "Elections in a Distributed
    /// Computing System", 1982).
    Bully,
    /// By hand.
    Manual,
}

/// Settings of `ring`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RingSettings {
    /// On how many nodes a key lives, its owner included.
    pub replicas: u16,
    /// How many places on the ring each node has.
    pub vnodes: u16,
    /// Whether clients ask through a balancer.
    pub balancer: bool,
    /// Time between checkpoints.
    pub checkpoint: Span,
}

/// Settings of `election`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ElectionSettings {
    /// Without a heartbeat of the coordinator for so long, a node calls an election.
    pub timeout: Span,
}

/// Settings of `peers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PeersSettings {
    /// Without an answer to a heartbeat for so long, a peer is believed dead.
    pub timeout: Span,
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
    /// Of `quorum`.
    pub quorum: QuorumSettings,
    /// Of `primary-backup`.
    pub primary_backup: PrimaryBackupSettings,
    /// Of `ring`.
    pub ring: RingSettings,
    /// Of `election`.
    pub election: ElectionSettings,
    /// Of `peers`.
    pub peers: PeersSettings,
}

impl Settings {
    /// What a preset is unless somebody says otherwise.
    #[must_use]
    pub fn of(preset: Preset) -> Self {
        let nodes = match preset {
            Preset::WriteAll | Preset::Peers | Preset::PrimaryBackup => 3,
            Preset::Ring | Preset::Quorum | Preset::Election | Preset::Raft => 5,
        };
        Self::sized(preset, nodes)
    }

    /// The same with that many nodes: what counts nodes follows, so that `write-all` still writes
    /// to all of them, and a quorum is never more than there are.
    #[must_use]
    pub fn sized(preset: Preset, nodes: u16) -> Self {
        let ms = Span::from_ms;
        Self {
            nodes,
            clients: 2,
            seed: 1,
            latency: Latency::of(Shape::Uniform(ms(10), ms(20))),
            loss: Ppm::NEVER,
            duplicate: Ppm::NEVER,
            reorder: Ppm::NEVER,
            disk: ms(1),
            fsync: true,
            heartbeat: match preset {
                Preset::Peers => ms(5_000),
                Preset::Election => ms(100),
                Preset::Ring => ms(200),
                _ => ms(50),
            },
            timeout: ms(500),
            retries: 10,
            raft: RaftSettings {
                election: SpanRange { low: ms(150), high: ms(300) },
                prevote: true,
                reads: Reads::Index,
                snapshot: 0,
                check_quorum: false,
                broken: Broken::default(),
            },
            write_all: WriteAllSettings { w: nodes, r: nodes.min(2), strict: false },
            quorum: QuorumSettings::sized(nodes),
            primary_backup: PrimaryBackupSettings {
                replication: Replication::Sync,
                acks: 0,
                failover: Failover::Bully,
                timeout: ms(150),
            },
            ring: RingSettings {
                replicas: nodes.min(3),
                vnodes: 8,
                balancer: true,
                checkpoint: ms(10_000),
            },
            election: ElectionSettings { timeout: ms(300) },
            peers: PeersSettings { timeout: ms(3_000) },
        }
    }

    /// How long messages on that leg of a write or a read take, where it is set apart.
    #[must_use]
    pub fn leg_latency(&self, leg: Leg) -> Option<&Latency> {
        let quorum = &self.quorum;
        let set = match leg {
            Leg::Write => &quorum.latency_w,
            Leg::Acknowledgement => &quorum.latency_a,
            Leg::Read => &quorum.latency_r,
            Leg::Response => &quorum.latency_s,
        };
        set.as_ref()
    }

    /// What about these settings cannot be meant: the setting at fault, and a sentence.
    #[must_use]
    pub fn contradiction(&self, preset: Preset) -> Option<(&'static str, String)> {
        let quorum = &self.quorum;
        let pairs: &[_] = match preset {
            Preset::WriteAll => &[
                ("w", self.write_all.w, "nodes", self.nodes),
                ("r", self.write_all.r, "nodes", self.nodes),
            ],
            Preset::Quorum => &[
                ("n", quorum.n, "nodes", self.nodes),
                ("w", quorum.w, "n", quorum.n),
                ("r", quorum.r, "n", quorum.n),
            ],
            Preset::Ring => &[("replicas", self.ring.replicas, "nodes", self.nodes)],
            Preset::Raft | Preset::Peers | Preset::PrimaryBackup | Preset::Election => &[],
        };
        let (name, value, most, limit) = pairs.iter().find(|(_, value, _, limit)| value > limit)?;
        Some((name, format!("{name}={value} is more than {most}={limit}, expected at most that")))
    }
}

impl QuorumSettings {
    /// Three replicas where there are as many, and majorities of them.
    fn sized(nodes: u16) -> Self {
        let n = nodes.min(3);
        Self {
            n,
            r: n / 2 + 1,
            w: n / 2 + 1,
            coordinator: Coordinator::Node,
            sloppy: false,
            read_repair: true,
            hints: true,
            anti_entropy: None,
            latency_w: None,
            latency_a: None,
            latency_r: None,
            latency_s: None,
        }
    }
}
