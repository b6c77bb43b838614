//! Linearizable reads without log entries (section 6.4).

use super::Server;
use super::client::reply;
use super::message::Round;
use super::role::{Leader, Read, Role};
use crate::ids::Addr;
use crate::protocol::{Ask, Cx, Fact, Message, Reply, ReplyBody};
use crate::settings::own::raft::rules::{
    LEASE_FROM_SENDING, LEASE_SHORTER, NOOP_FIRST, READ_CONFIRMED,
};
use crate::settings::{Reads, Settings};
use crate::time::{Span, Time};
use std::collections::VecDeque;

impl Server {
    /// ReadIndex: the read waits until the entries committed now have been applied and a majority
    /// has answered a round of heartbeats that begins now. The index is at least that of the
    /// leader's own no-op, since a leader knows the commit index only when that is committed.
    pub(super) fn on_read(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let Role::Leader(leader) = &mut self.role else { return };
        let known = if cx.keeps(NOOP_FIRST) { leader.first } else { self.commit };
        let index = self.commit.max(known);
        let lease = leader.lease_left(cx.clock, cx.settings).is_some();
        let at_once = lease || !cx.keeps(READ_CONFIRMED);
        if at_once && self.state.applied() >= index {
            let answer = self.state.read(&ask.request);
            return reply(from, &ask, ReplyBody::Answer(answer), cx);
        }
        let round = Round(leader.round.0 + 1);
        let Ask { operation, request, .. } = ask;
        leader.reads.push_back(Read { to: from, operation, request, round, index });
        self.begin_round(cx);
    }

    /// Handles the first answer of a follower to a round.
    pub(super) fn on_round_answered(&mut self, cx: &mut Cx<'_>) {
        let confirmed = self.confirmed_round();
        if let Some(leader) = self.role.leader_mut() {
            let before = leader.lease_from;
            leader.confirm(confirmed);
            if leader.lease_from != before && !cx.keeps(LEASE_FROM_SENDING) {
                leader.lease_from = Some(cx.clock);
            }
        }
        self.answer_confirmed(confirmed, cx);
    }

    /// The latest round that a majority has answered.
    fn confirmed_round(&self) -> Round {
        let Role::Leader(leader) = &self.role else { return Round(0) };
        let round = self.roster.configuration().committed(|node| {
            let own = (node == self.me).then_some(leader.round);
            own.or_else(|| leader.peer(node).map(|p| p.round)).map(|r| u64::from(r.0))
        });
        Round(round.min(u64::from(leader.round.0)) as u32)
    }

    /// Answers the reads whose round is confirmed and whose index is applied.
    pub(super) fn answer_reads(&mut self, cx: &mut Cx<'_>) {
        if matches!(&self.role, Role::Leader(leader) if !leader.reads.is_empty()) {
            self.answer_confirmed(self.confirmed_round(), cx);
        }
    }

    fn answer_confirmed(&mut self, confirmed: Round, cx: &mut Cx<'_>) {
        let applied = self.state.applied();
        let Role::Leader(leader) = &mut self.role else { return };
        let mut upto = None;
        while let Some(read) = leader.reads.front() {
            if read.round > confirmed || read.index > applied {
                break;
            }
            if upto.replace(read.index) != Some(read.index) {
                cx.note(Fact::Confirmed(read.index));
            }
            let body = ReplyBody::Answer(self.state.read(&read.request));
            cx.send(read.to, Message::Reply(Reply { operation: read.operation, body }));
            leader.reads.pop_front();
        }
    }

    /// It no longer leads: its readers may ask elsewhere, since reading has changed nothing.
    pub(super) fn turn_away(reads: VecDeque<Read>, cx: &mut Cx<'_>) {
        for Read { to, operation, .. } in reads {
            let body = ReplyBody::NotLeader(None);
            cx.send(to, Message::Reply(Reply { operation, body }));
        }
    }
}

impl Leader {
    /// The time during which no other leader can be elected, if clocks run alike: a majority heard
    /// this leader after `lease_from` and votes for no other within the least election time-out
    /// (section 6.4.1). Clocks at different speeds break it. None without a lease, or when reads
    /// need none.
    pub fn lease_left(&self, clock: Time, settings: &Settings) -> Option<Span> {
        if settings.raft.reads != Reads::Lease || self.unbound {
            return None;
        }
        let lasts = match settings.keeps(LEASE_SHORTER) {
            true => settings.raft.election.low,
            false => settings.raft.election.high + settings.raft.election.high,
        };
        let end = self.lease_from? + lasts;
        (clock < end).then(|| end.since(clock))
    }
}
