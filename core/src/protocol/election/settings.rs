//! Settings and traits of `election`.

use crate::settings::table::{DAY, LIVE, TICK, setting};
use crate::settings::{Elects, Kind, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `election`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Time without a heartbeat of the coordinator after which a node calls an election.
    pub timeout: Span,
}

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "election",
        title: "Election",
        nodes: 5,
        heartbeat: Span::from_ms(100),
        leader: Some("coordinator"),
        elects: Elects::ById,
        has_membership: false,
        keeps_disk: false,
        has_log: false,
        has_data: false,
        places_keys: false,
        passes_requests_on: false,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("timeout.election", Kind::Span(TICK, DAY), LIVE, election.timeout, "how long without a heartbeat before a node calls an election"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(_nodes: u16) -> Self {
        Self { timeout: Span::from_ms(300) }
    }
}
