//! The visible state of a Raft server.

use super::Server;
use super::progress::Peer;
use super::role::{Leader, Role};
use crate::ids::{NodeId, OperationId, ranged};
use crate::protocol::{Index, LogCell, Mark, NodeView};
use crate::settings::Settings;
use crate::sorted::SortedMap;
use crate::time::Time;

impl Server {
    /// The state to show, with the last `most` entries of its log.
    #[must_use]
    pub fn view(&self, most: usize) -> NodeView {
        let cells = self.log.tail(most).map(|(index, entry)| LogCell {
            index,
            term: entry.term,
            op: entry.payload.to_string(),
            committed: index <= self.commit,
        });
        let data = self.state.store().iter().map(|(k, v)| (k.clone(), v.clone()));
        NodeView { sign: self.sign(), data: data.collect(), log: Some(cells.collect()) }
    }

    /// The answers to its candidacy (true: yes); None unless it stands, or asks whether it could
    /// win.
    #[must_use]
    pub fn ballot(&self) -> Option<&SortedMap<NodeId, bool>> {
        match &self.role {
            Role::PreCandidate(b) | Role::Candidate(b) => Some(&b.answers),
            Role::Follower(_) | Role::Leader(_) => None,
        }
    }

    /// The last index that, as a leader, it knows that node to have; for itself the last durable
    /// one.
    #[must_use]
    pub fn acknowledged(&self, node: NodeId) -> Option<Index> {
        let Role::Leader(leader) = &self.role else { return None };
        if node == self.me {
            return Some(self.stable.index());
        }
        leader.peer(node).map(|p| p.matched)
    }

    /// The last index of its log that is durable on its own disk.
    #[must_use]
    pub fn durable(&self) -> Index {
        self.stable.index()
    }

    /// The index of that operation in its log, while a client waits for it to be applied.
    #[must_use]
    pub fn awaited(&self, operation: OperationId) -> Option<Index> {
        let Role::Leader(leader) = &self.role else { return None };
        leader.waiting.iter().find(|w| w.operation == operation).map(|w| w.index)
    }

    /// Whether that operation is a read that waits for a majority to confirm that this node still
    /// leads.
    #[must_use]
    pub fn confirms(&self, operation: OperationId) -> bool {
        let Role::Leader(leader) = &self.role else { return false };
        leader.reads.iter().any(|r| r.operation == operation)
    }

    /// Its marks on a stage, for a reading of its clock.
    #[must_use]
    pub fn marks(&self, clock: Time, settings: &Settings) -> Vec<Mark> {
        let mut marks = Vec::new();
        if let Role::Leader(leader) = &self.role {
            let whole = settings.raft.election.low;
            let lease = leader.lease_left(clock, settings);
            marks.extend(lease.map(|left| Mark::Lease { left, whole }));
        }
        let base = self.log.base().index;
        if base > Index(0) {
            marks.push(Mark::Snapshot(base));
        }
        let now = self.roster.configuration();
        if let Some(change) = now.transition().filter(|_| self.roster.is_member(self.me)) {
            let (old, new) = (change.outgoing.contains(self.me), now.voters().contains(self.me));
            marks.push(Mark::Joint { old, new });
        }
        marks
    }

    /// Further details, names and values in display order.
    #[must_use]
    pub fn detail(&self) -> Vec<(&'static str, String)> {
        let mut rows = vec![
            ("voted for", self.vote.map_or("nobody".into(), |v| v.to_string())),
            ("commit index", self.commit.to_string()),
            ("applied", self.state.applied().to_string()),
            ("durable", self.stable.index().to_string()),
            ("members", self.roster.now().to_string()),
        ];
        if self.log.base().index > Index(0) {
            rows.push(("snapshot up to", self.log.base().index.to_string()));
        }
        match &self.role {
            Role::Follower(f) => {
                rows.push(("follows", f.leader.map_or("nobody".into(), |l| l.to_string())));
            }
            Role::PreCandidate(b) | Role::Candidate(b) => {
                let of = |yes| b.answers.iter().filter(move |(_, v)| **v == yes).map(|(n, _)| *n);
                rows.push(("votes for it", names(of(true))));
                rows.push(("votes against it", names(of(false))));
            }
            Role::Leader(l) => l.detail(&mut rows),
        }
        rows
    }
}

impl Leader {
    fn detail(&self, rows: &mut Vec<(&'static str, String)>) {
        let peer = |p: &Peer| {
            format!("{}: next {}, match {}, {}", p.node, p.next, p.matched, p.flow_name())
        };
        let peers: Vec<String> = self.peers.iter().map(peer).collect();
        if !peers.is_empty() {
            rows.push(("followers", peers.join("\n")));
        }
        if let Some(successor) = self.successor {
            rows.push(("hands over to", successor.to_string()));
        }
        if let Some(from) = self.lease_from {
            rows.push(("lease from", from.said()));
        }
        if !self.waiting.is_empty() {
            rows.push(("clients waiting", self.waiting.len().to_string()));
        }
        if !self.reads.is_empty() {
            rows.push(("reads waiting", self.reads.len().to_string()));
        }
    }
}

fn names(nodes: impl Iterator<Item = NodeId>) -> String {
    let names: Vec<NodeId> = nodes.collect();
    if names.is_empty() { "none".into() } else { ranged(&names) }
}
