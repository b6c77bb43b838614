//! Serving clients (chapter 6).

use super::entry::Command;
use super::role::{Role, Waiting};
use super::state::Applied;
use super::{Payload, Server};
use crate::ids::Addr;
use crate::protocol::{Ask, Cx, Fact, Message, Reply, ReplyBody};
use crate::settings::Reads;
use crate::settings::own::raft::rules::APPLY_ONCE;
use std::sync::Arc;

impl Server {
    /// Handles a client's request. A server that does not lead names the leader, as far as it knows
    /// (section 6.2).
    pub(super) fn on_ask(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let reads = !ask.request.op.writes();
        if reads && cx.settings.raft.reads == Reads::Local {
            let answer = self.state.read(&ask.request);
            reply(from, &ask, ReplyBody::Answer(answer), cx);
        } else if self.hands_over() {
            reply(from, &ask, ReplyBody::Unavailable, cx);
        } else if !self.leads() {
            cx.note(Fact::Redirected(self.leader()));
            reply(from, &ask, ReplyBody::NotLeader(self.leader()), cx);
        } else if reads {
            self.on_read(from, ask, cx);
        } else {
            self.on_write(from, ask, cx);
        }
    }

    /// Whether it leads and accepts no more requests (section 3.10).
    fn hands_over(&self) -> bool {
        matches!(&self.role, Role::Leader(l) if l.successor.is_some())
    }

    /// Appends a request to the log unless it has been applied already, or is waiting in the log
    /// (section 6.3). A retry that reaches a new leader may be in the log twice; it is applied
    /// once.
    fn on_write(&mut self, from: Addr, ask: Ask, cx: &mut Cx<'_>) {
        let done = self.state.done(ask.client, ask.operation);
        match done.filter(|_| cx.keeps(APPLY_ONCE)) {
            Some(Applied::Now(answer) | Applied::Before(answer)) => {
                cx.note(Fact::Repeated);
                return reply(from, &ask, ReplyBody::Answer(answer), cx);
            }
            Some(Applied::Outdated) => return,
            None => {}
        }
        let Role::Leader(leader) = &mut self.role else { return };
        if leader.waiting.iter().any(|w| w.operation == ask.operation) {
            return;
        }
        let Ask { client, operation, request } = ask;
        let index = self.log.last_index().next();
        leader.waiting.push_back(Waiting { index, to: from, operation });
        let command = Command { client, operation, request };
        self.append(Payload::Command(Arc::new(command)), cx);
    }
}

pub(super) fn reply(to: Addr, ask: &Ask, body: ReplyBody, cx: &mut Cx<'_>) {
    cx.send(to, Message::Reply(Reply { operation: ask.operation, body }));
}
