//! The operations of clients and their answers.

use crate::client::Operation;
use crate::protocol::Outcome;
use crate::session::Session;
use crate::store::{Answer, Op, Word};
use serde::Serialize;

/// One operation of a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperationRecord {
    /// The cluster, from 0.
    pub cluster: usize,
    /// Its number among the operations of its cluster, from 1.
    pub id: u32,
    /// `c1`
    pub client: String,
    /// `get`, `set`, `upd`, `del`, `cas` or `append`.
    pub op: &'static str,
    /// The key.
    pub key: String,
    /// The value to write; null for `get` and `del`.
    pub value: Option<String>,
    /// The value that a `cas` expects.
    pub expected: Option<String>,
    /// The target that the statement named, if any.
    pub via: Option<String>,
    /// Time of its invocation.
    pub invoked: f64,
    /// Time of its return; null while it is open.
    pub returned: Option<f64>,
    /// `ok`, `failed` or `unknown`; null while it is open.
    pub outcome: Option<&'static str>,
    /// The value that a `get` read; null for an absent key too.
    pub read: Option<String>,
    /// Whether an answered write changed anything: false when its condition did not hold.
    pub applied: Option<bool>,
}

/// The operations so far, by cluster and number.
#[must_use]
pub fn history(session: &Session) -> Vec<OperationRecord> {
    let of = |(cluster, world): (usize, &crate::world::World)| {
        let records: Vec<_> =
            world.operations().iter().map(|o| OperationRecord::of(cluster, o)).collect();
        records
    };
    session.worlds().enumerate().flat_map(of).collect()
}

impl OperationRecord {
    fn of(cluster: usize, operation: &Operation) -> Self {
        let request = &operation.request;
        let text = |word: &Word| Some(word.to_string());
        let (expected, value) = match &request.op {
            Op::Get | Op::Del => (None, None),
            Op::Set(v) | Op::Upd(v) | Op::Append(v) => (None, text(v)),
            Op::Cas(old, new) => (text(old), text(new)),
        };
        let outcome = operation.end.as_ref().map(|end| &end.outcome);
        let (outcome, read, applied) = match outcome {
            None => (None, None, None),
            Some(Outcome::Ok(Answer::Read(read))) => (Some("ok"), read.as_ref(), None),
            Some(Outcome::Ok(Answer::Done)) => (Some("ok"), None, Some(true)),
            Some(Outcome::Ok(Answer::Refused(_))) => (Some("ok"), None, Some(false)),
            Some(Outcome::Failed) => (Some("failed"), None, None),
            Some(Outcome::Unknown) => (Some("unknown"), None, None),
        };
        Self {
            cluster,
            id: operation.id.0,
            client: operation.client.to_string(),
            op: request.op.name(),
            key: request.key.to_string(),
            value,
            expected,
            via: operation.via.map(|v| v.to_string()),
            invoked: operation.invoked.as_ms_f64(),
            returned: operation.end.as_ref().map(|end| end.at.as_ms_f64()),
            outcome,
            read: read.map(ToString::to_string),
            applied,
        }
    }
}
