//! Messages between Raft servers (figures 3.1 and 3.2, section 9.6).

use super::entry::{Entry, Position};
use super::membership::Members;
use super::state::State;
use crate::protocol::{Index, Kind, Term};
use serde::Serialize;
use std::sync::Arc;

/// Between Raft servers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Could I win the election of that term?
    PreVote(VoteRequest),
    /// Its answer.
    PreVoteReply(VoteReply),
    /// Vote for me in that term.
    RequestVote(VoteRequest),
    /// Its answer.
    Vote(VoteReply),
    /// Entries for the follower's log, or none as a heartbeat.
    AppendEntries(AppendEntries),
    /// Its answer.
    AppendReply(AppendReply),
    /// The leader's state instead of entries that it no longer has.
    InstallSnapshot(InstallSnapshot),
    /// Its answer.
    SnapshotReply(AppendReply),
    /// Stand for election at once: the leader of that term hands over.
    TimeoutNow(Term),
}

/// Asks for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct VoteRequest {
    /// The term of the election.
    pub term: Term,
    /// The last entry of the candidate's log.
    pub last: Position,
    /// Whether the leader itself asked the candidate to stand, so that voters need not protect the
    /// leader (section 4.2.3).
    pub handover: bool,
}

/// Answers a request for a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct VoteReply {
    /// The voter's term.
    pub term: Term,
    /// The term of the request.
    pub asked: Term,
    /// Whether the vote is granted.
    pub granted: bool,
}

/// Entries for the follower's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AppendEntries {
    /// The leader's term.
    pub term: Term,
    /// The entry before the first of `entries`.
    pub previous: Position,
    /// At most [`super::MAX_BATCH`] of them; none in a heartbeat.
    pub entries: Arc<[Entry]>,
    /// The leader's commit index.
    pub commit: Index,
    /// The leader's latest round of heartbeats.
    pub round: Round,
}

/// The number of a leader's round of heartbeats in its term. A server that answers a round
/// believed, after the round began, that its sender led (section 6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Round(pub u32);

/// A snapshot in place of the log up to `last` (figure 5.3; in one piece, where the paper sends
/// several).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InstallSnapshot {
    /// The leader's term.
    pub term: Term,
    /// The last entry that it covers.
    pub last: Position,
    /// The digest of the log up to `last`.
    pub digest: u64,
    /// The members at `last`.
    pub members: Members,
    /// The state after all entries up to `last`.
    pub state: Arc<State>,
    /// The leader's latest round of heartbeats.
    pub round: Round,
}

/// Answers AppendEntries, or InstallSnapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AppendReply {
    /// The follower's term.
    pub term: Term,
    /// The round that it answers.
    pub round: Round,
    /// The result.
    pub result: AppendResult,
}

/// The result of AppendEntries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum AppendResult {
    /// The follower's log agrees with the leader's up to this index.
    Matched(Index),
    /// The follower does not have the entry before the first.
    Conflict(Conflict),
    /// The leader's term has passed.
    Stale,
}

/// The place where a follower's log diverges from its leader's, so that the leader can skip a whole
/// term at once (end of section 3.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The index that the leader asked for.
    pub at: Index,
    /// The term of the follower's entry at that index; None when its log is shorter.
    pub term: Option<Term>,
    /// The index of its first entry of that term, or the index behind its last entry.
    pub first: Index,
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::PreVote(_) => Kind::PreVote,
            Self::PreVoteReply(_) => Kind::PreVoteReply,
            Self::RequestVote(_) => Kind::RequestVote,
            Self::Vote(_) => Kind::Vote,
            Self::AppendEntries(_) => Kind::AppendEntries,
            Self::AppendReply(_) => Kind::AppendReply,
            Self::InstallSnapshot(_) => Kind::InstallSnapshot,
            Self::SnapshotReply(_) => Kind::SnapshotReply,
            Self::TimeoutNow(_) => Kind::TimeoutNow,
        }
    }

    /// Its term.
    #[must_use]
    pub fn term(&self) -> Term {
        match self {
            Self::PreVote(m) | Self::RequestVote(m) => m.term,
            Self::PreVoteReply(m) | Self::Vote(m) => m.term,
            Self::AppendEntries(m) => m.term,
            Self::AppendReply(m) | Self::SnapshotReply(m) => m.term,
            Self::InstallSnapshot(m) => m.term,
            Self::TimeoutNow(term) => *term,
        }
    }

    /// Number of entries that it carries.
    #[must_use]
    pub fn load(&self) -> usize {
        match self {
            Self::AppendEntries(m) => m.entries.len(),
            Self::InstallSnapshot(_) => 1,
            _ => 0,
        }
    }

    /// Its fields, for people.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::PreVote(m) | Self::RequestVote(m) => m.fields(),
            Self::PreVoteReply(m) | Self::Vote(m) => m.fields(),
            Self::AppendEntries(m) => m.fields(),
            Self::AppendReply(m) | Self::SnapshotReply(m) => m.fields(),
            Self::InstallSnapshot(m) => m.fields(),
            Self::TimeoutNow(term) => vec![("term", term.to_string())],
        }
    }
}

impl VoteRequest {
    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("term", self.term.to_string()),
            ("last index", self.last.index.to_string()),
            ("last term", self.last.term.to_string()),
        ]
    }
}

impl VoteReply {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let granted = if self.granted { "yes" } else { "no" };
        vec![
            ("term", self.term.to_string()),
            ("asked for term", self.asked.to_string()),
            ("granted", granted.into()),
        ]
    }
}

impl AppendEntries {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let entries = self.entries.iter().map(|e| format!("{} (term {})", e.payload, e.term));
        vec![
            ("term", self.term.to_string()),
            ("previous index", self.previous.index.to_string()),
            ("previous term", self.previous.term.to_string()),
            ("entries", entries.collect::<Vec<_>>().join(", ")),
            ("commit", self.commit.to_string()),
            ("round", self.round.0.to_string()),
        ]
    }
}

impl InstallSnapshot {
    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("term", self.term.to_string()),
            ("last index", self.last.index.to_string()),
            ("last term", self.last.term.to_string()),
            ("members", self.members.to_string()),
            ("keys", self.state.store().iter().count().to_string()),
            ("round", self.round.0.to_string()),
        ]
    }
}

impl AppendReply {
    fn fields(&self) -> Vec<(&'static str, String)> {
        let result = match self.result {
            AppendResult::Matched(index) => format!("agrees up to {index}"),
            AppendResult::Conflict(Conflict { at, term: Some(t), first }) => {
                format!("holds term {t} at {at}, from {first} on")
            }
            AppendResult::Conflict(Conflict { at, term: None, first }) => {
                format!("holds nothing at {at}, its log ends before {first}")
            }
            AppendResult::Stale => "that term has passed".into(),
        };
        vec![
            ("term", self.term.to_string()),
            ("result", result),
            ("round", self.round.0.to_string()),
        ]
    }
}

impl crate::protocol::Payload for Message {
    fn kind(&self) -> Kind {
        self.kind()
    }

    fn term(&self) -> Option<Term> {
        Some(self.term())
    }

    fn load(&self) -> usize {
        self.load()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        self.fields()
    }
}
