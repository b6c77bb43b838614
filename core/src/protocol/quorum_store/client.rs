//! The client as coordinator (DeCandia et al., *Dynamo*, 2007, section 6.4): it asks the replicas
//! itself, and its own clock stamps its writes.
//!
//! It ends with its operation: it has no disk for hints, and waits for no late answers, so read
//! repair reaches only replicas that were among the first R.

use super::coordination::{Coordination, Verdict};
use super::message::{Message, Ticket};
use super::suspects::Suspects;
use crate::ids::{NodeId, OperationId};
use crate::protocol::{Cx, Effect, Input, Message as AnyMessage, Outcome};
use crate::store::Request;
use serde::Serialize;
use std::sync::Arc;

/// A client that coordinates one operation.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    coordination: Coordination,
    suspects: Suspects,
}

impl Client {
    /// Begins an operation.
    pub fn begin(operation: OperationId, request: Arc<Request>, cx: &mut Cx<'_>) -> Self {
        let ticket = Ticket { epoch: 0, serial: operation.0 };
        let suspects = Suspects::default();
        let attempts = u32::from(cx.settings.retries) + 1;
        let coordination = Coordination::begin(ticket, request, attempts, &suspects, cx);
        Self { coordination, suspects }
    }

    /// Handles a message or a timer. It emits [`Effect::Finish`] at the end, and nothing after.
    pub fn step(&mut self, input: Input, cx: &mut Cx<'_>) {
        let verdict = match input {
            Input::Message(from, AnyMessage::Quorum(message)) => {
                let Some(from) = from.node() else { return };
                self.suspects.clear(from);
                self.receive(from, message, cx)
            }
            // Timers end with their operation, so this one belongs to the present operation.
            Input::Timer(_) => self.coordination.on_timeout(&mut self.suspects, cx),
            _ => None,
        };
        if let Some(verdict) = verdict {
            cx.effects.push(Effect::Finish(outcome(verdict)));
        }
    }

    fn receive(&mut self, from: NodeId, message: Message, cx: &mut Cx<'_>) -> Option<Verdict> {
        let it = &mut self.coordination;
        match message {
            Message::ReadReply { ticket, version } if ticket == it.ticket() => {
                it.on_version(from, version, &self.suspects, cx)
            }
            Message::WriteReply { ticket } if ticket == it.ticket() => it.on_acknowledged(from, cx),
            _ => None,
        }
    }
}

fn outcome(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Answered(answer) => Outcome::Ok(answer),
        Verdict::Unavailable => Outcome::Failed,
        Verdict::Unknown => Outcome::Unknown,
    }
}
