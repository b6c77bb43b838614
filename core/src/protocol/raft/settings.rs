//! Settings and traits of `raft`.

use crate::settings::SpanRange;
use crate::settings::table::{DAY, LIVE, TICK, setting};
use crate::settings::value::choice;
use crate::settings::{Elects, Kind, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `raft`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// A follower that hears no leader for a time drawn from this range stands for election.
    pub election: SpanRange,
    /// Whether a candidate first asks if it could win (dissertation, section 9.6).
    pub prevote: bool,
    /// The way in which reads are answered.
    pub reads: Reads,
    /// Entries between snapshots; 0 for none.
    pub snapshot: u32,
    /// Whether a leader that hears no majority gives up (dissertation, section 6.2).
    pub check_quorum: bool,
}

/// The way in which a Raft leader answers a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Reads {
    /// After a round of heartbeats has confirmed that it still leads (dissertation, section 6.4).
    Index,
    /// At once while its lease, by its own clock, has not run out (section 6.4.1).
    Lease,
    /// From the state of the asked node: may be stale.
    Local,
}

choice!(Reads: Index "index", Lease "lease", Local "local");

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "raft",
        title: "Raft",
        nodes: 5,
        heartbeat: Span::from_ms(50),
        leader: Some("leader"),
        elects: Elects::ByVotes,
        has_membership: true,
        keeps_disk: true,
        has_log: true,
        has_data: true,
        places_keys: false,
        passes_requests_on: false,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("election", Kind::Range(TICK, DAY), LIVE, raft.election, "how long a follower hears no leader before it stands for election"),
    setting!("prevote", Kind::Switch, LIVE, raft.prevote, "whether a candidate first asks if it could win"),
    setting!("reads", Kind::Choice(Reads::WORDS), LIVE, raft.reads, "how a leader answers reads"),
    setting!("snapshot", Kind::Count(0, 1_000_000), LIVE, raft.snapshot, "entries between snapshots, 0 for none"),
    setting!("check-quorum", Kind::Switch, LIVE, raft.check_quorum, "whether a leader that hears of no majority gives up"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(_nodes: u16) -> Self {
        let ms = Span::from_ms;
        Self {
            election: SpanRange { low: ms(150), high: ms(300) },
            prevote: true,
            reads: Reads::Index,
            snapshot: 0,
            check_quorum: false,
        }
    }
}
