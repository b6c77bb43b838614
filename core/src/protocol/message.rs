//! Messages that all protocols share: what clients ask and are answered, and pings.

use super::{Cx, Input, Message, Order};
use crate::ids::{ClientId, NodeId, OperationId};
use crate::store::{Answer, Request};
use serde::Serialize;
use std::sync::Arc;

/// A client's request to a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ask {
    /// Who asks.
    pub client: ClientId,
    /// Which of its operations: the same in every attempt, so that a server can tell.
    pub operation: OperationId,
    /// What is asked.
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

/// What a node says to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum ReplyBody {
    /// It was done, and this came of it.
    Answer(Answer),
    /// Ask the leader; here is who that is, as far as this node knows. Nothing was done.
    NotLeader(Option<NodeId>),
    /// It cannot be done now. Nothing was done.
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

/// Pings are the same in every protocol: the input comes back unless it was about one.
pub(super) fn answer_pings(input: Input, cx: &mut Cx<'_>) -> Option<Input> {
    match input {
        Input::Operator(Order::Ping(to)) => cx.send(to, Message::Ping),
        Input::Message(from, Message::Ping) => cx.send(from, Message::Pong),
        Input::Message(_, Message::Pong) => {}
        other => return Some(other),
    }
    None
}
