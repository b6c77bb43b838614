//! Settings and traits of `write-all`.

use crate::settings::table::{LIVE, NODES, setting};
use crate::settings::{Elects, Kind, Limit, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `write-all`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Number of acknowledgements that a write needs with `strict`.
    pub w: u16,
    /// Number of answers that a read needs with `strict`.
    pub r: u16,
    /// Whether W and R are enforced; the original does not.
    pub strict: bool,
}

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "write-all",
        title: "Write to all",
        nodes: 3,
        heartbeat: Span::from_ms(50),
        leader: None,
        elects: Elects::Nobody,
        has_membership: false,
        keeps_disk: false,
        has_log: false,
        has_data: true,
        places_keys: false,
        passes_requests_on: false,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("w", NODES, LIVE, write_all.w, "how many acknowledgements a write needs when strict"),
    setting!("r", NODES, LIVE, write_all.r, "how many answers a read needs when strict"),
    setting!("strict", Kind::Switch, LIVE, write_all.strict, "whether w and r are enforced"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(nodes: u16) -> Self {
        Self { w: nodes, r: nodes.min(2), strict: false }
    }

    fn limits(&self, nodes: u16) -> Vec<Limit> {
        vec![Limit::new("w", self.w, "nodes", nodes), Limit::new("r", self.r, "nodes", nodes)]
    }
}
