//! Messages that all protocols share: requests of clients, answers, and pings.

use super::{Cx, Input, Message, Order};
use crate::ids::{ClientId, NodeId, OperationId};
use crate::store::{Answer, Request};
use serde::Serialize;
use std::sync::Arc;

/// A client's request to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// The client.
    pub client: ClientId,
    /// The operation: equal in every attempt, so that a server can recognise a retry.
    pub operation: OperationId,
    /// The request.
    pub request: Arc<Request>,
}

/// A node's answer to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// The operation that it answers.
    pub operation: OperationId,
    /// The answer.
    pub body: ReplyBody,
}

/// The content of a node's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ReplyBody {
    /// The operation was executed, with this answer.
    Answer(Answer),
    /// Ask the leader, which is this node as far as is known. Nothing was executed.
    NotLeader(Option<NodeId>),
    /// The operation is impossible now. Nothing was executed.
    Unavailable,
}

impl std::fmt::Display for ReplyBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Answer(Answer::Read(Some(v))) => write!(f, "{}", crate::store::Quoted(v)),
            Self::Answer(Answer::Read(None)) => f.write_str("no such key"),
            Self::Answer(Answer::Done) => f.write_str("done"),
            Self::Answer(Answer::Refused(why)) => why.fmt(f),
            Self::NotLeader(Some(n)) => write!(f, "ask {n}, it leads"),
            Self::NotLeader(None) => f.write_str("not the leader, and knows none"),
            Self::Unavailable => f.write_str("unavailable"),
        }
    }
}

/// Answers pings, which are the same in every protocol. Returns any other input.
pub(super) fn answer_pings(input: Input, cx: &mut Cx<'_>) -> Option<Input> {
    match input {
        Input::Operator(Order::Ping(to)) => cx.send(to, Message::Ping),
        Input::Message(from, Message::Ping) => cx.send(from, Message::Pong),
        Input::Message(_, Message::Pong) => {}
        other => return Some(other),
    }
    None
}
