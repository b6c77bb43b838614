//! Settings and traits of `primary-backup`.

use crate::ids::MAX_NODES;
use crate::settings::table::{DAY, LIVE, TICK, setting};
use crate::settings::value::choice;
use crate::settings::{Elects, Kind, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `primary-backup`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// The moment of the primary's answer.
    pub replication: Replication,
    /// Number of backups that must have acknowledged with `sync`; 0: all that are believed alive.
    pub acks: u16,
    /// The way in which a silent primary is replaced.
    pub failover: Failover,
    /// Time of silence after which a node is believed dead.
    pub timeout: Span,
}

/// The moment at which a primary answers a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Replication {
    /// After the backups that it believes alive have acknowledged.
    Sync,
    /// At once.
    Async,
}

/// The way in which a new primary is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Failover {
    /// The highest id that answers takes over (Garcia-Molina, "Elections in a Distributed
    /// Computing System", 1982).
    Bully,
    /// By hand.
    Manual,
}

choice!(Replication: Sync "sync", Async "async");
choice!(Failover: Bully "bully", Manual "manual");

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "primary-backup",
        title: "Primary-backup",
        nodes: 3,
        heartbeat: Span::from_ms(50),
        leader: Some("primary"),
        elects: Elects::ById,
        has_membership: false,
        keeps_disk: true,
        has_log: true,
        has_data: true,
        places_keys: false,
        passes_requests_on: false,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("replication", Kind::Choice(Replication::WORDS), LIVE, primary_backup.replication, "whether the primary answers after its backups or at once"),
    setting!("acks", Kind::Count(0, MAX_NODES as u64), LIVE, primary_backup.acks, "how many backups a synchronous answer waits for, 0 for all that are believed alive"),
    setting!("failover", Kind::Choice(Failover::WORDS), LIVE, primary_backup.failover, "how a new primary is found"),
    setting!("timeout.heartbeat", Kind::Span(TICK, DAY), LIVE, primary_backup.timeout, "how long without a heartbeat before a node is believed dead"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(_nodes: u16) -> Self {
        Self {
            replication: Replication::Sync,
            acks: 0,
            failover: Failover::Bully,
            timeout: Span::from_ms(150),
        }
    }
}
