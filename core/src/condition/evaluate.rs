//! The evaluation of conditions.

use super::{Breaches, Condition, Duration, Quantity, Sign, State};
use crate::client::Operation;
use crate::ids::{ClientId, EventId, NodeId};
use crate::protocol::{Fact, Machine, Outcome};
use crate::run::Command;
use crate::store::{Answer, Word};
use crate::time::{Span, Time};
use crate::trace::{Event, Trace, What};
use crate::world::{Host, Status, World};

/// The events of one step, as far as conditions depend on them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// A node began to lead.
    pub elected: bool,
    /// A client's operation ended without an answer.
    pub failed: bool,
    /// A client's operation ended, answered or not.
    pub returned: bool,
}

impl Happened {
    /// The events of the trace from that one on, up to the World's present.
    #[must_use]
    pub fn since(from: EventId, world: &World, trace: &Trace) -> Self {
        let events = trace.iter_from(from).take_while(|(id, _)| id.0 < world.events());
        Self::of(world, events.map(|(_, event)| event))
    }

    /// The same for these events; the last of them led to the World's present.
    pub fn of<'a>(world: &World, events: impl Iterator<Item = &'a Event>) -> Self {
        let mut happened = Self::default();
        for event in events {
            match event.what {
                What::Noted(_, Fact::Led(_)) => happened.elected = true,
                What::Returned(_, operation) => {
                    let end = world.operation(operation).and_then(|o| o.end.as_ref());
                    let answered = end.is_some_and(|e| matches!(e.outcome, Outcome::Ok(_)));
                    happened.failed |= !answered;
                    happened.returned = true;
                }
                _ => {}
            }
        }
        happened
    }
}

/// A cluster after one of its steps.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The World.
    pub world: &'a World,
    /// The events of the step.
    pub happened: Happened,
    /// Whether a judge has found a violation up to here.
    pub violated: bool,
    /// The properties that are violated, as far as they are known.
    pub broken: Breaches,
    /// The statements executed so far.
    pub done: &'a [Command],
}

impl Condition {
    /// Whether the condition holds.
    #[must_use]
    pub fn holds(&self, moment: &Moment<'_>) -> bool {
        let world = moment.world;
        match self {
            Self::Elected => moment.happened.elected,
            Self::Fails => moment.happened.failed,
            Self::Violation => moment.violated,
            Self::Is(node, state) => world.node(*node).is_some_and(|host| is(host, *state)),
            Self::Leads(yes, node) => (world.leader() == *node) == *yes,
            Self::Holds(key, node, yes, value) => machine(world, *node).is_some_and(|machine| {
                let data = machine.view(0).data;
                let held = data.iter().find(|(k, _)| k == key).map(|(_, v)| v);
                (held == value.as_ref()) == *yes
            }),
            Self::Count(quantity, sign, number) => {
                quantity.of(moment).is_some_and(|n| sign.compares(n, *number))
            }
            Self::Lasts(what, sign, span) => {
                what.of(world).is_some_and(|s| sign.compares(s.as_us(), span.as_us()))
            }
            Self::Violated(breach) => moment.broken.has(*breach),
            Self::Read(client, key, yes, value) => last_read(world, *client, key)
                .is_some_and(|read| (read.as_ref() == value.as_ref()) == *yes),
            Self::Answered(client) => last_of(world, *client).is_some_and(is_answered),
            Self::Failed(client) => last_of(world, *client).is_some_and(is_failed),
            Self::Did(deed) => moment.done.iter().any(|c| deed.is(&c.statement)),
            // Only a follower remembers.
            Self::Then(..) | Self::For(..) => false,
            Self::Not(inner) => !inner.holds(moment),
            Self::All(parts) => parts.iter().all(|part| part.holds(moment)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(moment)),
        }
    }
}

fn is(host: &Host, state: State) -> bool {
    match state {
        State::Status(status) => host.status() == status,
        State::Role(role) => host.machine().is_some_and(|m| m.sign().role == role),
    }
}

fn machine(world: &World, node: NodeId) -> Option<&Machine> {
    world.node(node).and_then(Host::machine)
}

fn is_answered(operation: &Operation) -> bool {
    matches!(&operation.end, Some(end) if matches!(end.outcome, Outcome::Ok(_)))
}

fn is_failed(operation: &Operation) -> bool {
    matches!(&operation.end, Some(end) if !matches!(end.outcome, Outcome::Ok(_)))
}

/// The operations of a client, latest first.
fn operations_of(world: &World, client: ClientId) -> impl Iterator<Item = &Operation> {
    let all = world.operations();
    (0..all.len()).rev().filter_map(|place| all.get(place)).filter(move |o| o.client == client)
}

fn last_of(world: &World, client: ClientId) -> Option<&Operation> {
    operations_of(world, client).next()
}

/// The last answer to a client's reads of a key.
fn last_read(world: &World, client: ClientId, key: &Word) -> Option<Option<Word>> {
    operations_of(world, client).filter(|o| o.request.key == *key).find_map(|o| {
        match &o.end.as_ref()?.outcome {
            Outcome::Ok(Answer::Read(value)) => Some(value.clone()),
            _ => None,
        }
    })
}

/// Number of operations, of one client or of all, that satisfy a predicate.
fn count(world: &World, client: Option<ClientId>, is: fn(&Operation) -> bool) -> Option<u64> {
    let all = world.operations().iter();
    let those = all.filter(|o| client.is_none_or(|c| o.client == c) && is(o));
    Some(those.count() as u64)
}

impl Quantity {
    fn of(self, moment: &Moment<'_>) -> Option<u64> {
        let world = moment.world;
        let nodes = |is: fn(&Host) -> bool| Some(world.nodes().filter(|h| is(h)).count() as u64);
        match self {
            Self::Term(node) => most(world, node, |m| m.sign().term.map(|t| t.0.into())),
            Self::Commit(node) => {
                most(world, node, |m| m.log_marks().map(|l| l.committed.0.into()))
            }
            Self::Log(node) => most(world, node, |m| m.log_marks().map(|l| l.last.0.into())),
            Self::Leaders => nodes(|h| h.machine().is_some_and(|m| m.sign().role.leads())),
            Self::Up => nodes(|h| h.status() == Status::Up),
            Self::Crashed => nodes(|h| h.status() == Status::Crashed),
            Self::Messages => Some(world.flight_count() as u64),
            Self::Waiting => Some(world.clients().filter(|c| c.open().is_some()).count() as u64),
            Self::Answered(client) => count(world, client, is_answered),
            Self::Failed(client) => count(world, client, is_failed),
            Self::Did(deed) => {
                Some(moment.done.iter().filter(|c| deed.is(&c.statement)).count() as u64)
            }
            Self::Statements => Some(moment.done.len() as u64),
        }
    }
}

/// The value of a node, or the greatest value of any running node.
fn most(world: &World, node: Option<NodeId>, of: fn(&Machine) -> Option<u64>) -> Option<u64> {
    match node {
        Some(node) => machine(world, node).and_then(of),
        None => world.nodes().filter_map(Host::machine).filter_map(of).max(),
    }
}

impl Duration {
    fn of(self, world: &World) -> Option<Span> {
        match self {
            Self::Wait(client) => waited(world, client),
            Self::Run => Some(world.now().since(Time::ZERO)),
        }
    }
}

/// The time that a client has waited; None when it does not wait.
fn waited(world: &World, client: ClientId) -> Option<Span> {
    let session = world.clients().nth(client.index())?;
    let operation = world.operation(session.open()?)?;
    Some(world.now().since(operation.invoked))
}

impl Sign {
    const fn compares(self, a: u64, b: u64) -> bool {
        match self {
            Self::Equal => a == b,
            Self::Unequal => a != b,
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::More => a > b,
            Self::AtLeast => a >= b,
        }
    }
}
