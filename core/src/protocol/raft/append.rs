//! A follower's part of log replication (section 3.5).

use super::message::{AppendEntries, AppendReply, AppendResult, Conflict, Message};
use super::role::Role;
use super::{Position, Record, Server};
use crate::ids::NodeId;
use crate::protocol::{Cx, Fact, Index};
use crate::settings::own::raft::rules::{
    COMMIT_RISES, COMMIT_WITHIN_MATCH, DURABLE_ENTRIES, LEADER_OF_THIS_TERM, PREVIOUS_ENTRY,
    TRUNCATE_ON_CONFLICT,
};
use std::sync::Arc;

impl Server {
    /// Handles AppendEntries (figure 3.1, receiver implementation).
    pub(super) fn on_append_entries(&mut self, from: NodeId, m: &AppendEntries, cx: &mut Cx<'_>) {
        let before = cx.effects.len();
        let result = if m.term < self.term && cx.keeps(LEADER_OF_THIS_TERM) {
            Some(AppendResult::Stale)
        } else if matches!(self.role, Role::Leader(_)) {
            // Two leaders in one term: only possible when a disk forgot a vote.
            None
        } else {
            if m.term == self.term {
                self.follow(from, cx);
            }
            self.accept_entries(m, cx)
        };
        if let Some(result) = result {
            let reply = AppendReply { term: self.term, round: m.round, result };
            let reply = Message::AppendReply(reply);
            if cx.keeps(DURABLE_ENTRIES) {
                self.tell(from, reply, cx);
            } else {
                cx.send_ahead(before, from, crate::protocol::Message::Raft(reply));
            }
        }
    }

    /// Rules 2 to 5. None when the entries contradict committed ones.
    fn accept_entries(&mut self, m: &AppendEntries, cx: &mut Cx<'_>) -> Option<AppendResult> {
        let mut skip = 0;
        if m.previous.index < self.log.base().index {
            // Entries covered by a snapshot are committed, and so equal.
            skip = (self.log.base().index.0 - m.previous.index.0) as usize;
        } else if !self.agrees_at(m.previous, cx) {
            return Some(AppendResult::Conflict(self.conflict(m.previous.index)));
        }
        let matched = Index(m.previous.index.0 + m.entries.len() as u32);
        if !self.store_entries(m, skip, cx) {
            return None;
        }
        let surely = if cx.keeps(COMMIT_WITHIN_MATCH) { matched } else { self.log.last_index() };
        let commit = m.commit.min(surely);
        if commit < self.commit && !cx.keeps(COMMIT_RISES) {
            self.commit = commit;
        }
        self.commit_upto(commit, cx);
        Some(AppendResult::Matched(matched))
    }

    /// Whether its log holds the entry that new ones must follow.
    fn agrees_at(&self, previous: Position, cx: &Cx<'_>) -> bool {
        let is_within = previous.index <= self.log.last_index();
        self.log.holds(previous) || is_within && !cx.keeps(PREVIOUS_ENTRY)
    }

    /// The place where this log diverges from the leader's, whose entry at `at` differs.
    fn conflict(&self, at: Index) -> Conflict {
        match self.log.term(at) {
            Some(term) => Conflict { at, term: Some(term), first: self.log.first_of(term) },
            None => Conflict { at, term: None, first: self.log.last_index().next() },
        }
    }

    /// Keeps its own entries that agree; from the first that differs on, the leader's replace its
    /// own (rules 3 and 4). False when that would remove committed entries.
    fn store_entries(&mut self, m: &AppendEntries, mut skip: usize, cx: &mut Cx<'_>) -> bool {
        let place = |skip: usize| Index(m.previous.index.0 + skip as u32 + 1);
        while m.entries.get(skip).is_some_and(|e| self.log.term(place(skip)) == Some(e.term)) {
            skip += 1;
        }
        if skip >= m.entries.len() {
            if !cx.keeps(TRUNCATE_ON_CONFLICT) {
                self.cut_behind(place(m.entries.len()).previous(), cx);
            }
            return true;
        }
        let after = place(skip).previous();
        if after < self.log.last_index() {
            if after < self.settled() {
                cx.note(Fact::Contradicted(after.next()));
                return false;
            }
            self.truncate(after, cx);
        }
        let fresh = if skip == 0 { Arc::clone(&m.entries) } else { m.entries[skip..].into() };
        for entry in fresh.iter() {
            self.push(entry.clone(), cx);
        }
        self.write_entries(after, fresh, cx);
        cx.note(Fact::Replicated(self.log.last_index()));
        true
    }

    /// The index of the last committed entry. It stays, also where the commit index was made to
    /// fall.
    fn settled(&self) -> Index {
        self.commit.max(self.state.applied())
    }

    /// Removes the entries that its leader's message did not contain, except committed ones.
    fn cut_behind(&mut self, last: Index, cx: &mut Cx<'_>) {
        let last = last.max(self.settled());
        if last < self.log.last_index() {
            self.truncate(last, cx);
            self.write_entries(last, Arc::default(), cx);
        }
    }

    /// Removes all entries behind that index from the log.
    fn truncate(&mut self, last: Index, cx: &mut Cx<'_>) {
        assert!(!self.leads(), "a leader never removes its own entries");
        assert!(last >= self.commit, "what is committed is never removed");
        self.log.truncate(last);
        self.stable.truncated(last);
        cx.note(Fact::Truncated(last.next()));
        if self.roster.since() > last {
            self.roster.truncate(last);
            self.on_members_changed(cx);
        }
    }

    /// Appends an entry to the log. A configuration is in effect from then on (section 4.1).
    pub(super) fn push(&mut self, entry: super::Entry, cx: &mut Cx<'_>) -> Index {
        let members = match &entry.payload {
            super::Payload::Members(members) => Some(members.clone()),
            super::Payload::Noop | super::Payload::Command(_) => None,
        };
        let index = self.log.push(entry);
        if let Some(members) = members {
            self.roster.push(index, members);
            self.on_members_changed(cx);
        }
        index
    }

    /// Hands the end of the log to the disk.
    pub(super) fn write_entries(
        &mut self,
        after: Index,
        entries: Arc<[super::Entry]>,
        cx: &mut Cx<'_>,
    ) {
        // In the order of the log: a term's entries never precede the term.
        self.pledge(cx);
        let write = cx.write(crate::protocol::Record::Raft(Record::Entries { after, entries }));
        self.stable.written(write, self.log.last_index());
    }
}
