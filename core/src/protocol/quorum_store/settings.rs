//! Settings and traits of `quorum`.

use crate::rng::Latency;
use crate::settings::table::{DAY, FIXED, LIVE, NODES, TICK, setting};
use crate::settings::value::choice;
use crate::settings::{Elects, Kind, Limit, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `quorum`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Number of nodes on which a key lives.
    pub n: u16,
    /// Number of answers that a read waits for.
    pub r: u16,
    /// Number of acknowledgements that a write waits for.
    pub w: u16,
    /// The coordinator of operations.
    pub coordinator: Coordinator,
    /// Whether the first reachable nodes stand in for unreachable home nodes of a key.
    pub sloppy: bool,
    /// Whether a read updates the replicas that answered with an older version.
    pub read_repair: bool,
    /// Whether a write for a node that is down is kept elsewhere and handed over later.
    pub hints: bool,
    /// Time between comparisons of replicas; None for never.
    pub anti_entropy: Option<Span>,
    /// Age at which a replica forgets a deletion; None for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tombstones: Option<Span>,
    /// Latency of a write's request; None: that of every message.
    pub latency_w: Option<Latency>,
    /// Latency of a write's acknowledgement.
    pub latency_a: Option<Latency>,
    /// Latency of a read's request.
    pub latency_r: Option<Latency>,
    /// Latency of a read's response.
    pub latency_s: Option<Latency>,
}

/// The coordinator of operations in `quorum`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Coordinator {
    /// The node that the client asks.
    Node,
    /// The client itself.
    Client,
}

/// The legs of a write and a read, whose latencies can be set separately (WARS; Bailis et al.,
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

choice!(Coordinator: Node "node", Client "client");

impl Own {
    /// The latency of that leg of a write or a read, where it is set separately.
    #[must_use]
    pub fn leg_latency(&self, leg: Leg) -> Option<&Latency> {
        let set = match leg {
            Leg::Write => &self.latency_w,
            Leg::Acknowledgement => &self.latency_a,
            Leg::Read => &self.latency_r,
            Leg::Response => &self.latency_s,
        };
        set.as_ref()
    }

    /// Gives the legs the latency of every other message.
    pub fn forget_legs(&mut self) {
        for leg in
            [&mut self.latency_w, &mut self.latency_a, &mut self.latency_r, &mut self.latency_s]
        {
            *leg = None;
        }
    }
}

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "quorum",
        title: "Quorums",
        nodes: 5,
        heartbeat: Span::from_ms(50),
        leader: None,
        elects: Elects::Nobody,
        has_membership: false,
        keeps_disk: true,
        has_log: false,
        has_data: true,
        places_keys: true,
        passes_requests_on: false,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("n", NODES, FIXED, quorum.n, "on how many nodes a key lives"),
    setting!("r", NODES, LIVE, quorum.r, "how many answers a read waits for"),
    setting!("w", NODES, LIVE, quorum.w, "how many acknowledgements a write waits for"),
    setting!("coordinator", Kind::Choice(Coordinator::WORDS), FIXED, quorum.coordinator, "who coordinates"),
    setting!("sloppy", Kind::Switch, LIVE, quorum.sloppy, "whether other nodes stand in for those that cannot be reached"),
    setting!("read-repair", Kind::Switch, LIVE, quorum.read_repair, "whether a read brings older replicas up to date"),
    setting!("hints", Kind::Switch, LIVE, quorum.hints, "whether a write for a node that is down is kept and handed over later"),
    setting!("anti-entropy", Kind::Period(TICK, DAY), LIVE, quorum.anti_entropy, "time between comparisons of replicas"),
    setting!("tombstones", Kind::Period(TICK, DAY), LIVE, quorum.tombstones, "time after which a replica forgets a deletion, off for never"),
    setting!("latency.w", Kind::Latency, FIXED, quorum.latency_w, "how long the request of a write travels"),
    setting!("latency.a", Kind::Latency, FIXED, quorum.latency_a, "how long the acknowledgement of a write travels"),
    setting!("latency.r", Kind::Latency, FIXED, quorum.latency_r, "how long the request of a read travels"),
    setting!("latency.s", Kind::Latency, FIXED, quorum.latency_s, "how long the response to a read travels"),
    ];

    /// Three replicas where there are at least three nodes, and majorities of them.
    const RULES: &'static [Rule] = rules::ALL;

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
            tombstones: None,
            latency_w: None,
            latency_a: None,
            latency_r: None,
            latency_s: None,
        }
    }

    fn limits(&self, nodes: u16) -> Vec<Limit> {
        vec![
            Limit::new("n", self.n, "nodes", nodes),
            Limit::new("w", self.w, "n", self.n),
            Limit::new("r", self.r, "n", self.n),
        ]
    }
}
