//! Clients: what they ask, whom, and what they make of the answers.
//!
//! A client has one operation outstanding; what it is asked meanwhile waits its turn. How an
//! operation gets done is its agent's: most protocols are asked [`Direct`]ly, where some make the
//! client their coordinator.

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

/// The most operations that may wait for their turn at one client.
pub const MAX_QUEUED: usize = 10_000;

/// One thing that a client asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    /// Which.
    pub id: OperationId,
    /// Who asked.
    pub client: ClientId,
    /// What.
    pub request: Arc<Request>,
    /// Whom it was told to ask, if it was told.
    pub via: Option<Addr>,
    /// When it began.
    pub invoked: Time,
    /// The event of its beginning.
    pub invoked_event: EventId,
    /// When it ended, how, and the event of it; None while it is open.
    pub end: Option<End>,
}

impl Operation {
    /// How long it took until it was answered; None when it was not, or not yet.
    #[must_use]
    pub fn took(&self) -> Option<Span> {
        let end = self.end.as_ref()?;
        matches!(end.outcome, Outcome::Ok(_)).then(|| end.at.since(self.invoked))
    }
}

/// The end of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct End {
    /// When.
    pub at: Time,
    /// How.
    pub outcome: Outcome,
    /// The event of it.
    pub event: EventId,
}

/// One client.
#[derive(Clone, Debug, Serialize)]
pub struct Session {
    id: ClientId,
    waiting: VecDeque<Waiting>,
    open: Option<Open>,
    last: Option<OperationId>,
    /// Whom it talks to unless told otherwise.
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

/// How an operation gets done.
#[derive(Clone, Debug, Serialize)]
enum Agent {
    Direct(Direct),
    WriteAll(Box<write_all::Coordinator>),
    Quorum(Box<quorum_store::Client>),
}

/// What a client takes up: one operation, as asked.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What.
    pub request: Arc<Request>,
    /// Whom it shall ask.
    pub via: Option<Addr>,
}

impl Session {
    /// A client that has asked nothing yet.
    #[must_use]
    pub fn new(id: ClientId, seed: u64) -> Self {
        let rng = Rng::new(seed, Concern::Client(id.0));
        Self { id, waiting: VecDeque::new(), open: None, last: None, prefers: None, rng }
    }

    /// Who it is.
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

    /// Whom it waits for: one node; None when for several or for nobody.
    #[must_use]
    pub fn asking(&self) -> Option<Addr> {
        match &self.open.as_ref()?.agent {
            Agent::Direct(d) => Some(d.target()),
            Agent::WriteAll(_) | Agent::Quorum(_) => None,
        }
    }

    /// Whom it would ask next.
    #[must_use]
    pub fn prefers(&self) -> Option<NodeId> {
        self.prefers
    }

    /// How many operations wait for their turn.
    #[must_use]
    pub fn queued(&self) -> usize {
        self.waiting.len()
    }

    /// Whether it has nothing to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.open.is_none() && self.waiting.is_empty()
    }

    /// Puts an operation at the end of what it has to do. Beyond [`MAX_QUEUED`] it is ignored.
    pub fn push(&mut self, request: Arc<Request>, via: Option<Addr>) {
        if self.waiting.len() < MAX_QUEUED {
            self.waiting.push_back(Waiting { request, via });
        }
    }

    /// Takes up the next operation, if it is free for one.
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

    /// Begins an operation that it took up. `nodes` are those that it knows of.
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

    /// A message or a timer for the operation that is open; without one it is late and ignored.
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

    /// The open operation is over.
    pub fn finish(&mut self) -> Option<OperationId> {
        let open = self.open.take()?;
        self.last = Some(open.operation);
        self.last
    }
}

/// Whom a client asks that has not talked to anybody yet: the balancer, where there is one.
fn usual(preset: Preset, cx: &Cx<'_>) -> Option<Addr> {
    (preset == Preset::Ring && cx.settings.ring.balancer).then_some(Addr::Balancer)
}

/// Timers that are an operation's own end with it.
#[must_use]
pub fn ends_with_operation(timer: Timer) -> bool {
    matches!(timer, Timer::Attempt(_) | Timer::Retry)
}
