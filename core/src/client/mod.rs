//! Clients: their requests, the targets of these, and the handling of answers.
//!
//! A client has one operation outstanding; later requests wait in a queue. The client's agent
//! executes an operation: most protocols are asked [`Direct`]ly, some make the client their
//! coordinator.

mod direct;

use crate::ids::{Addr, ClientId, EventId, NodeId, OperationId};
use crate::protocol::{Cx, Input, Outcome, Timer, quorum_store, write_all};
use crate::rng::{Concern, Rng};
use crate::settings::{Coordinator, Preset};
use crate::store::Request;
use crate::time::{Span, Time};
use serde::Serialize;
use std::collections::VecDeque;
use std::sync::Arc;

pub use direct::Direct;

/// The most operations that may wait in the queue of one client.
pub const MAX_QUEUED: usize = 10_000;

/// One operation of a client and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// The client.
    pub client: ClientId,
    /// The request.
    pub request: Arc<Request>,
    /// The target that the statement named, if any.
    pub via: Option<Addr>,
    /// Time of its invocation.
    pub invoked: Time,
    /// The event of its invocation.
    pub invoked_event: EventId,
    /// Time, outcome and event of its return; None while it is open.
    pub end: Option<End>,
}

impl Operation {
    /// Latency until the answer; None without an answer.
    #[must_use]
    pub fn took(&self) -> Option<Span> {
        let end = self.end.as_ref()?;
        matches!(end.outcome, Outcome::Ok(_)).then(|| end.at.since(self.invoked))
    }
}

/// The return of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// Its time.
    pub at: Time,
    /// Its outcome.
    pub outcome: Outcome,
    /// Its event.
    pub event: EventId,
}

/// One client.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    id: ClientId,
    waiting: VecDeque<Waiting>,
    open: Option<Open>,
    last: Option<OperationId>,
    /// The node that it asks unless a request names another.
    prefers: Option<NodeId>,
    rng: Rng,
}

#[derive(Clone, Debug, Serialize)]
struct Waiting {
    request: Arc<Request>,
    via: Option<Addr>,
}

#[derive(Clone, Debug, Serialize)]
struct Open {
    operation: OperationId,
    agent: Agent,
}

/// The agent that executes an operation.
#[derive(Clone, Debug, Serialize)]
enum Agent {
    Direct(Direct),
    WriteAll(Box<write_all::Coordinator>),
    Quorum(Box<quorum_store::Client>),
}

/// The next operation of a client, taken from its queue.
#[derive(Clone, Debug)]
pub struct Taken {
    /// The request.
    pub request: Arc<Request>,
    /// The target that the statement named, if any.
    pub via: Option<Addr>,
}

impl Session {
    /// A client without operations.
    #[must_use]
    pub fn new(id: ClientId, seed: u64) -> Self {
        let rng = Rng::new(seed, Concern::Client(id.0));
        Self { id, waiting: VecDeque::new(), open: None, last: None, prefers: None, rng }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> ClientId {
        self.id
    }

    /// The operation it is waiting for.
    #[must_use]
    pub fn open(&self) -> Option<OperationId> {
        self.open.as_ref().map(|o| o.operation)
    }

    /// The last of its operations that ended.
    #[must_use]
    pub fn last(&self) -> Option<OperationId> {
        self.last
    }

    /// The node or balancer that it waits for; None when it waits for several or for none.
    #[must_use]
    pub fn asking(&self) -> Option<Addr> {
        match &self.open.as_ref()?.agent {
            Agent::Direct(d) => Some(d.target()),
            Agent::WriteAll(_) | Agent::Quorum(_) => None,
        }
    }

    /// The node that it would ask next.
    #[must_use]
    pub fn prefers(&self) -> Option<NodeId> {
        self.prefers
    }

    /// Number of operations in its queue.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.waiting.len()
    }

    /// Whether it has nothing to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_none() && self.waiting.is_empty()
    }

    /// Appends an operation to its queue. Beyond [`MAX_QUEUED`] it is ignored.
    pub fn push(&mut self, request: Arc<Request>, via: Option<Addr>) {
        if self.waiting.len() < MAX_QUEUED {
            self.waiting.push_back(Waiting { request, via });
        }
    }

    /// Takes the next operation from the queue, if none is open.
    pub fn take(&mut self) -> Option<Taken> {
        if self.open.is_some() {
            return None;
        }
        self.waiting.pop_front().map(|Waiting { request, via }| Taken { request, via })
    }

    /// Its own random stream.
    #[must_use]
    pub fn rng(&self) -> &Rng {
        &self.rng
    }

    /// Puts its random stream back after a step.
    pub fn set_rng(&mut self, rng: Rng) {
        self.rng = rng;
    }

    /// Begins an operation taken from the queue. `nodes` are the nodes that the client knows.
    pub fn begin(
        &mut self,
        preset: Preset,
        operation: OperationId,
        taken: Taken,
        nodes: &[NodeId],
        cx: &mut Cx<'_>,
    ) {
        assert!(self.open.is_none());
        let agent = if preset == Preset::WriteAll {
            let replicas: Vec<Addr> = nodes.iter().map(|&n| n.into()).collect();
            let coordinator =
                write_all::Coordinator::begin(operation, taken.request, &replicas, cx);
            Agent::WriteAll(Box::new(coordinator))
        } else if preset == Preset::Quorum && cx.settings.quorum.coordinator == Coordinator::Client
        {
            Agent::Quorum(Box::new(quorum_store::Client::begin(operation, taken.request, cx)))
        } else {
            let first = taken.via.or(self.prefers.map(Addr::from)).or(usual(preset, cx));
            Agent::Direct(Direct::begin(self.id, operation, taken.request, first, nodes, cx))
        };
        self.open = Some(Open { operation, agent });
    }

    /// Handles a message or a timer of the open operation. Without one it is late and ignored.
    pub fn step(&mut self, input: Input, nodes: &[NodeId], cx: &mut Cx<'_>) {
        match self.open.as_mut().map(|o| &mut o.agent) {
            Some(Agent::Direct(d)) => {
                d.step(input, nodes, cx);
                self.prefers = d.target().node();
            }
            Some(Agent::WriteAll(c)) => c.step(input, cx),
            Some(Agent::Quorum(c)) => c.step(input, cx),
            None => {}
        }
    }

    /// Closes the open operation.
    pub fn finish(&mut self) -> Option<OperationId> {
        let open = self.open.take()?;
        self.last = Some(open.operation);
        self.last
    }
}

/// The first target of a client that has not asked anyone yet: the balancer, where there is one.
fn usual(preset: Preset, cx: &Cx<'_>) -> Option<Addr> {
    (preset == Preset::Ring && cx.settings.ring.balancer).then_some(Addr::Balancer)
}

/// Whether a timer belongs to an operation and ends with it.
#[must_use]
pub fn ends_with_operation(timer: Timer) -> bool {
    matches!(timer, Timer::Attempt(_) | Timer::Retry)
}
