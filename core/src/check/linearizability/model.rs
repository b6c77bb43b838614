//! One key of a history in the form that the search needs: the calls, their possible effects, and
//! the events between which these lie.

use super::values::{ABSENT, State, Suffix, Values};
use crate::history::{History, Operation, OperationId, Outcome, Request, Text};

/// The event of a return that never comes.
pub const NEVER: u32 = u32::MAX;

/// A condition that an answer implies on the state at the moment of the operation's effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The state was this.
    Is(State),
    /// The state was anything else.
    IsNot(State),
}

impl Condition {
    /// Whether it holds in a state.
    pub fn holds(self, state: State) -> bool {
        match self {
            Self::Is(wanted) => state == wanted,
            Self::IsNot(unwanted) => state != unwanted,
        }
    }
}

/// A change of the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mutation {
    /// Sets this value, whatever the state was.
    Set(State),
    /// Sets this value, if the key is present.
    Upd(State),
    /// Removes the key, if it is present.
    Del,
    /// Replaces the first by the second, which differ.
    Cas(State, State),
    /// Appends to the value.
    Append(Suffix),
}

impl Mutation {
    /// The state after it, or `None` where its condition does not hold.
    pub fn apply(self, state: State, values: &mut Values) -> Option<State> {
        match self {
            Self::Set(new) => Some(new),
            Self::Upd(new) => (state != ABSENT).then_some(new),
            Self::Del => (state != ABSENT).then_some(ABSENT),
            Self::Cas(expected, new) => (state == expected).then_some(new),
            Self::Append(suffix) => Some(values.append(state, suffix)),
        }
    }

    /// The mutation with another state in place of the one that it leads to, where that does not
    /// depend on the state before; absence stays.
    pub fn with_result(self, replace: impl Fn(State) -> State) -> Self {
        match self {
            Self::Set(new) => Self::Set(replace(new)),
            Self::Upd(new) => Self::Upd(replace(new)),
            Self::Cas(expected, new) => Self::Cas(expected, replace(new)),
            Self::Del | Self::Append(_) => self,
        }
    }

    /// Whether it neither depends on the state nor leaves anything of it.
    pub fn is_blind(self) -> bool {
        matches!(self, Self::Set(_))
    }

    /// The only state in which it is possible, if there is exactly one.
    pub fn needs(self) -> Option<State> {
        match self {
            Self::Cas(expected, _) => Some(expected),
            _ => None,
        }
    }

    /// The state that it makes, if that does not depend on the state before.
    pub fn makes(self) -> Option<State> {
        match self {
            Self::Set(new) | Self::Upd(new) | Self::Cas(_, new) => Some(new),
            Self::Del => Some(ABSENT),
            Self::Append(_) => None,
        }
    }
}

/// The effect of an operation, given its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// It changed nothing.
    Observe(Condition),
    /// It changed the state, and its condition held.
    Mutate(Mutation),
}

/// The fate of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was answered, and had this effect.
    Answered(Action),
    /// It did not happen.
    Failed,
    /// It may happen at any time after its invocation, or never.
    Open,
}

/// An operation on the key.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The operation.
    pub id: OperationId,
    /// The event of its invocation.
    pub invoked: u32,
    /// The event at which its fate became known, or [`NEVER`].
    pub returned: u32,
    /// Its fate.
    pub fate: Fate,
    /// Its possible effect while its fate is unknown; `None` where that makes no difference.
    pub open: Option<Mutation>,
}

impl Call {
    /// The state that its condition distinguishes from all others, if it has such a condition.
    pub fn distinguishes(&self) -> Option<State> {
        match self.fate {
            Fate::Answered(Action::Observe(Condition::Is(state) | Condition::IsNot(state))) => {
                Some(state)
            }
            Fate::Answered(Action::Mutate(mutation)) => mutation.needs(),
            Fate::Open => self.open?.needs(),
            Fate::Failed => None,
        }
    }

    /// Whether its condition, if it has one, can hold in [`super::values::OTHER`].
    pub fn can_see_other(&self) -> bool {
        let mutation = match self.fate {
            Fate::Answered(Action::Observe(condition)) => {
                return matches!(condition, Condition::IsNot(_));
            }
            Fate::Answered(Action::Mutate(mutation)) => Some(mutation),
            Fate::Open => self.open,
            Fate::Failed => None,
        };
        matches!(mutation, Some(Mutation::Upd(_) | Mutation::Del))
    }

    /// The call as it was known before `event`; `None` if it had not begun.
    pub fn before(&self, event: u32) -> Option<Self> {
        let seen = if self.returned < event {
            *self
        } else {
            Self { returned: NEVER, fate: Fate::Open, ..*self }
        };
        (self.invoked < event).then_some(seen)
    }

    /// The call without its answer: if it may have changed the state, then at any time, or never;
    /// `None` if it only observed.
    pub fn relaxed(&self) -> Option<Self> {
        match self.fate {
            Fate::Answered(Action::Observe(_)) => None,
            Fate::Answered(Action::Mutate(_)) | Fate::Failed | Fate::Open => {
                Some(Self { invoked: 0, returned: NEVER, fate: Fate::Open, ..*self })
            }
        }
    }
}

/// The calls on one key.
#[derive(Debug)]
pub struct KeyHistory {
    /// The initial state.
    pub initial: State,
    /// The calls, in the order of invocation.
    pub calls: Vec<Call>,
    /// The meaning of the states.
    pub values: Values,
}

impl KeyHistory {
    /// The calls of these operations, which are all those on `key`.
    pub fn new(history: &History, key: &Text, operations: &[OperationId]) -> Self {
        let operations = || operations.iter().map(|&id| (id, history.operation(id)));
        let observed = operations().filter_map(|(_, op)| observed(op)).collect();
        let suffixes = operations().filter_map(|(_, op)| match &op.request {
            Request::Append(text) => Some(text.clone()),
            _ => None,
        });
        let mut values = Values::new(observed, suffixes.collect());
        let initial = history.initial().get(key).map_or(ABSENT, |value| values.state(value));
        let calls = operations().map(|(id, op)| call(id, op, &mut values)).collect();
        Self { initial, calls, values }
    }
}

/// The value that an operation distinguishes from all others.
fn observed(op: &Operation) -> Option<Text> {
    match (&op.request, op.outcome()) {
        (Request::Cas { expected, .. }, _) => Some(expected.clone()),
        (Request::Get, Outcome::Read(value)) => value.clone(),
        _ => None,
    }
}

fn call(id: OperationId, op: &Operation, values: &mut Values) -> Call {
    let open = mutation(&op.request, values);
    let (returned, fate) = match &op.returned {
        None | Some((_, Outcome::Unknown)) => (NEVER, Fate::Open),
        Some((at, Outcome::Failed)) => (at.event, Fate::Failed),
        Some((at, _)) => (at.event, Fate::Answered(action(op, open, values))),
    };
    Call { id, invoked: op.invoked.event, returned, fate, open }
}

/// The effect of a request; `None` for one that changes nothing in any state.
fn mutation(request: &Request, values: &mut Values) -> Option<Mutation> {
    match request {
        Request::Get => None,
        Request::Set(value) => Some(Mutation::Set(values.state(value))),
        Request::Upd(value) => Some(Mutation::Upd(values.state(value))),
        Request::Del => Some(Mutation::Del),
        Request::Cas { expected, new } if expected == new => None,
        Request::Cas { expected, new } => {
            Some(Mutation::Cas(values.state(expected), values.state(new)))
        }
        Request::Append(text) => Some(Mutation::Append(values.suffix(text))),
    }
}

/// The effect of an operation, given its answer.
fn action(op: &Operation, mutation: Option<Mutation>, values: &mut Values) -> Action {
    let applied = *op.outcome() != Outcome::Done { applied: false };
    match (&op.request, mutation) {
        (_, Some(mutation)) if applied => Action::Mutate(mutation),
        (Request::Cas { expected, .. }, _) => {
            let expected = values.state(expected);
            Action::Observe(if applied {
                Condition::Is(expected)
            } else {
                Condition::IsNot(expected)
            })
        }
        (Request::Get, _) => {
            let value = match op.outcome() {
                Outcome::Read(Some(value)) => values.state(value),
                _ => ABSENT,
            };
            Action::Observe(Condition::Is(value))
        }
        (Request::Set(_), _) => Action::Observe(Condition::IsNot(ABSENT)),
        _ => Action::Observe(Condition::Is(ABSENT)),
    }
}
