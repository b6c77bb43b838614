//! The mock replicated store: the client writes to all nodes and reads the newest of two.

use super::{Cx, Input, Kind, NodeView, Role, Sign};
use crate::ids::{Addr, OperationId};
use crate::store::Request;
use serde::Serialize;
use std::sync::Arc;

/// Between a coordinating client and the replicas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// Store this.
    Write(OperationId),
}

impl Message {
    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        Kind::Write
    }
    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// One of the stores.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Replica {}

impl Replica {
    /// The one entry point.
    pub fn step(&mut self, _input: Input, _cx: &mut Cx<'_>) {}

    /// Its role.
    #[must_use]
    pub fn sign(&self) -> Sign {
        Sign { role: Role::Replica, term: None, leader: None }
    }

    /// What there is to see of it.
    #[must_use]
    pub fn view(&self) -> NodeView {
        NodeView { sign: self.sign(), data: Vec::new(), log: None, detail: Vec::new() }
    }
}

/// The client as coordinator of one operation.
#[derive(Clone, Debug, Serialize)]
pub struct Coordinator {}

impl Coordinator {
    /// Begins an operation: asks every one of `nodes`.
    pub fn begin(
        _operation: OperationId,
        _request: Arc<Request>,
        _nodes: &[Addr],
        _cx: &mut Cx<'_>,
    ) -> Self {
        Self {}
    }

    /// A message or a timer for it. It says [`super::Effect::Finish`] when it is over.
    pub fn step(&mut self, _input: Input, _cx: &mut Cx<'_>) {}
}
