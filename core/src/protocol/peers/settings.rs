//! Settings and traits of `peers`.

use crate::settings::table::{DAY, LIVE, TICK, setting};
use crate::settings::{Elects, Kind, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `peers`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Time without an answer to a heartbeat after which a peer is believed dead.
    pub timeout: Span,
}

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "peers",
        title: "Peers",
        nodes: 3,
        heartbeat: Span::from_ms(5000),
        leader: None,
        elects: Elects::Nobody,
        has_membership: false,
        keeps_disk: false,
        has_log: false,
        has_data: true,
        places_keys: false,
        passes_requests_on: true,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("timeout.heartbeat", Kind::Span(TICK, DAY), LIVE, peers.timeout, "how long without an answer before a peer is believed dead"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(_nodes: u16) -> Self {
        Self { timeout: Span::from_ms(3_000) }
    }
}
