//! A leader's knowledge of each follower's log (figure 3.1, nextIndex and matchIndex), and the flow
//! of entries.
//!
//! ```text
//!            agreed              conflict, or not acknowledged
//!   Probe ───────────▶ Pipeline ───────────────────────────────▶ Probe
//!     │ its next entry is compacted                                ▲
//!     └───────────────────────────▶ Snapshot ──────────────────────┘
//!                                      │ installed   not acknowledged
//!                                      └───────────▶ Pipeline
//! ```

use super::log::Log;
use super::message::{AppendResult, Conflict, Round};
use crate::ids::NodeId;
use crate::protocol::Index;
use serde::Serialize;

/// The most entries that are sent beyond those that a follower has acknowledged.
const WINDOW: u32 = 256;

/// A leader's knowledge of a follower.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Peer {
    /// The follower.
    pub node: NodeId,
    /// The next entry to send to it.
    pub next: Index,
    /// Its log agrees with the leader's up to here.
    pub matched: Index,
    /// The latest round that it answered.
    pub round: Round,
    /// The last index sent before the heartbeat timer last ran out.
    overdue: Index,
    /// Whether it has answered since a majority was last counted (section 6.2).
    pub answered: bool,
    flow: Flow,
}

/// The flow of entries to a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Flow {
    /// The leader searches for the place up to which the logs agree: one message at a time.
    Probe {
        /// Whether one is in flight. A heartbeat asks again.
        sent: bool,
    },
    /// The logs agree: entries are sent without waiting for answers (section 10.2.2).
    Pipeline,
    /// A snapshot is in flight (section 5.2).
    Snapshot {
        /// Whether the heartbeat timer has run out since.
        overdue: bool,
    },
}

impl Peer {
    /// A follower of a new leader, whose first entry is at `first`.
    pub fn new(node: NodeId, first: Index) -> Self {
        let flow = Flow::Probe { sent: false };
        let none = Index(0);
        Self {
            node,
            next: first,
            matched: none,
            round: Round(0),
            overdue: none,
            answered: true,
            flow,
        }
    }

    /// Whether entries may be sent to it now.
    pub fn is_ready(&self) -> bool {
        match self.flow {
            Flow::Probe { sent } => !sent,
            Flow::Pipeline => self.next.0.saturating_sub(self.matched.0) <= WINDOW,
            Flow::Snapshot { .. } => false,
        }
    }

    /// Whether entries are sent to it without waiting, and it has not acknowledged all up to
    /// `upto`.
    pub fn lags_in_step(&self, upto: Index) -> bool {
        self.flow == Flow::Pipeline && self.matched < upto
    }

    /// Records that `count` entries were sent from `next` on.
    pub fn sent(&mut self, count: usize) {
        match &mut self.flow {
            Flow::Probe { sent } => *sent = true,
            Flow::Pipeline => self.next = Index(self.next.0 + count as u32),
            Flow::Snapshot { .. } => unreachable!("no entries are sent beside a snapshot"),
        }
    }

    /// Records that a snapshot up to `last` was sent.
    pub fn sent_snapshot(&mut self, last: Index) {
        self.next = last.next();
        self.flow = Flow::Snapshot { overdue: false };
    }

    /// Records that the leader's log begins behind `base` from now on. A follower that lacks
    /// earlier entries will report it.
    pub fn compacted(&mut self, base: Index) {
        self.next = self.next.max(base.next());
    }

    /// Handles a heartbeat time: entries that were not acknowledged since the last one are sent
    /// again.
    pub fn check_overdue(&mut self) {
        if self.flow == Flow::Pipeline && self.matched < self.overdue {
            self.next = self.matched.next();
            self.flow = Flow::Probe { sent: false };
        }
        if let Flow::Snapshot { overdue } = &mut self.flow {
            *overdue = true;
        }
        self.overdue = self.next.previous();
    }

    /// The index that a heartbeat asks about. In `Pipeline` it is the follower's matched index, so
    /// that a heartbeat that overtakes entries is not mistaken for a conflict.
    pub fn asks_about(&self, base: Index) -> Index {
        match self.flow {
            Flow::Probe { .. } | Flow::Snapshot { .. } => self.next.previous().max(base),
            Flow::Pipeline => self.matched.max(base),
        }
    }

    /// Handles an answer. True when it shows more of the follower's log than before.
    pub fn take(&mut self, result: AppendResult, log: &Log) -> bool {
        match result {
            AppendResult::Matched(index) => self.agreed(index.min(log.last_index())),
            AppendResult::Conflict(conflict) => {
                self.back_off(conflict, log);
                false
            }
            AppendResult::Stale => false,
        }
    }

    /// An answer as if it spoke of everything that was sent: only where the rule `match-acked` is
    /// broken.
    pub fn presumed(&self, result: AppendResult) -> AppendResult {
        match result {
            AppendResult::Matched(index) => AppendResult::Matched(index.max(self.next.previous())),
            other => other,
        }
    }

    /// Believes an answer also where it confirms less: only with the rule `match-rises` broken.
    pub fn fall_back(&mut self, result: AppendResult) {
        if let AppendResult::Matched(index) = result {
            self.matched = self.matched.min(index);
        }
    }

    fn agreed(&mut self, index: Index) -> bool {
        let more = index > self.matched;
        self.matched = self.matched.max(index);
        self.next = match self.flow {
            Flow::Probe { .. } => index.next(),
            Flow::Pipeline => self.next.max(index.next()),
            // An answer from before the snapshot.
            Flow::Snapshot { .. } if index < self.next.previous() => return more,
            Flow::Snapshot { .. } => index.next(),
        };
        self.flow = Flow::Pipeline;
        more
    }

    /// The follower does not have the entry before `next`: tries further back, past the whole
    /// conflicting term at once (end of section 3.5).
    fn back_off(&mut self, conflict: Conflict, log: &Log) {
        let outdated = match self.flow {
            Flow::Probe { .. } => conflict.at != self.next.previous(),
            Flow::Pipeline => conflict.at >= self.next,
            Flow::Snapshot { overdue } => !overdue,
        };
        if outdated || conflict.at == Index(0) {
            return;
        }
        let behind_term = conflict.term.and_then(|term| {
            let behind = log.first_of(term.next());
            (log.term(behind.previous()) == Some(term)).then_some(behind)
        });
        let next = behind_term.unwrap_or(conflict.first);
        self.next = next.max(Index(1)).min(conflict.at);
        // A follower that denies an acknowledged entry has lost its disk, or the answer is an old
        // one. A lower matched index is safe in either case.
        self.matched = self.matched.min(self.next.previous());
        self.flow = Flow::Probe { sent: false };
    }

    /// A word for the flow of entries.
    pub fn flow_name(&self) -> &'static str {
        match self.flow {
            Flow::Probe { .. } => "probing",
            Flow::Pipeline => "in step",
            Flow::Snapshot { .. } => "installing a snapshot",
        }
    }
}
