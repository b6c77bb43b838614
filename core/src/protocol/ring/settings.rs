//! Settings and traits of `ring`.

use crate::settings::table::{DAY, FIXED, LIVE, NODES, TICK, setting};
use crate::settings::{Elects, Kind, Limit, Rule, Setting, Traits};
use crate::time::Span;
use serde::Serialize;

pub mod rules;

/// Settings of `ring`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Number of nodes on which a key lives, including its owner.
    pub replicas: u16,
    /// Number of places of each node on the ring.
    pub vnodes: u16,
    /// Whether clients ask through a balancer.
    pub balancer: bool,
    /// Time between checkpoints.
    pub checkpoint: Span,
}

impl crate::settings::Own for Own {
    const TRAITS: Traits = Traits {
        name: "ring",
        title: "Ring",
        nodes: 5,
        heartbeat: Span::from_ms(200),
        leader: None,
        elects: Elects::Nobody,
        has_membership: true,
        keeps_disk: true,
        has_log: false,
        has_data: true,
        places_keys: true,
        passes_requests_on: true,
        facts: &[],
    };

    #[rustfmt::skip]
    const SETTINGS: &'static [Setting] = &[
    setting!("replicas", NODES, FIXED, ring.replicas, "on how many nodes a key lives, its owner included"),
    setting!("vnodes", Kind::Count(1, 256), FIXED, ring.vnodes, "places on the ring that each node has"),
    setting!("balancer", Kind::Switch, FIXED, ring.balancer, "whether clients ask through a balancer"),
    setting!("checkpoint", Kind::Span(TICK, DAY), LIVE, ring.checkpoint, "time between checkpoints"),
    ];

    const RULES: &'static [Rule] = rules::ALL;

    fn sized(nodes: u16) -> Self {
        Self {
            replicas: nodes.min(3),
            vnodes: 8,
            balancer: true,
            checkpoint: Span::from_ms(10_000),
        }
    }

    fn limits(&self, nodes: u16) -> Vec<Limit> {
        vec![Limit::new("replicas", self.replicas, "nodes", nodes)]
    }
}
