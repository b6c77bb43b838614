//! Histories: the operations of clients and their answers, the only part of a run that the checkers
//! of [`crate::check`] see.
//!
//! A history is a sequence of events, invocations and returns, in the order in which they happened
//! (Herlihy & Wing, *Linearizability*, 1990, section 2). The order counts; times are for people.
//! [`History::parse`] and [`History::to_json_lines`] are its file format.

mod files;
mod json_lines;
mod of_world;

pub use files::{ParseError, Reader, Reason, is_history};
pub use json_lines::Lines;
pub use of_world::{history, history_where};

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A key or a value.
pub type Text = Arc<str>;

/// Most operations in a history.
pub const MAX_OPERATIONS: usize = 1_000_000;
/// Most bytes in a key or in a value.
pub const MAX_TEXT_BYTES: usize = 1 << 20;
/// Most marks in a history.
pub const MAX_MARKS: usize = 100_000;
/// Most bytes in a file of operations.
pub const MAX_FILE_BYTES: usize = 1 << 30;

/// A process asks. It has one operation open at a time; a client whose request was left without an
/// answer continues as another process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Process(pub u64);

impl Process {
    /// Processes from here on stand for one operation whose client never learnt its outcome.
    const LOST: u64 = 1 << 63;
    /// The bit at which the number of that operation begins.
    const OPERATION: u32 = 8;

    /// The process of one operation whose client never learnt its outcome and continued. It is
    /// named after the client.
    #[must_use]
    pub fn lost(client: u8, operation: u32) -> Self {
        assert!(operation as usize <= MAX_OPERATIONS);
        Self(Self::LOST | u64::from(operation) << Self::OPERATION | u64::from(client))
    }
}

impl Process {
    /// Its number in a file, where it must differ from that of its client.
    #[must_use]
    pub fn number(self) -> u64 {
        if self.0 < Self::LOST { self.0 } else { 1 << 31 | self.0 & !Self::LOST }
    }
}

impl fmt::Display for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_lost = self.0 >= Self::LOST;
        let client = if is_lost { self.0 % (1 << Self::OPERATION) } else { self.0 };
        write!(f, "c{client}")
    }
}

/// An operation of one history; ids count up from 0 in the order of invocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OperationId(pub u32);

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// The request of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Read the value.
    Get,
    /// Set the value, whatever it was.
    Set(Text),
    /// Set the value if the key is present.
    Upd(Text),
    /// Remove the key if it is present.
    Del,
    /// Set the value to `new` if it is `expected`.
    Cas {
        /// The value that is compared.
        expected: Text,
        /// The new value.
        new: Text,
    },
    /// Append to the value; an absent key is created.
    Append(Text),
}

impl Request {
    /// Whether the answer reports if a condition held.
    #[must_use]
    pub fn is_conditional(&self) -> bool {
        matches!(self, Self::Upd(_) | Self::Del | Self::Cas { .. })
    }

    /// Whether the store may answer that it changed nothing: the condition did not hold or, for a
    /// set that overwrites nothing, the key was present.
    #[must_use]
    pub fn may_be_refused(&self) -> bool {
        self.is_conditional() || matches!(self, Self::Set(_))
    }

    /// Its word in files and scripts.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Set(_) => "set",
            Self::Upd(_) => "upd",
            Self::Del => "del",
            Self::Cas { .. } => "cas",
            Self::Append(_) => "append",
        }
    }
}

/// The outcome of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A get answered with the value, `None` for an absent key.
    Read(Option<Text>),
    /// A write was answered. `applied` is false where its condition did not hold: an answer, not a
    /// failure. For a set it is false where the key was present, in a store whose set overwrites
    /// nothing.
    Done {
        /// Whether it changed the key; always true for append.
        applied: bool,
    },
    /// It surely did not take effect, and returned no information.
    Failed,
    /// It may take effect at any later time, or never.
    Unknown,
}

impl Outcome {
    /// Whether the outcome is an answer of the store.
    #[must_use]
    pub fn is_answer(&self) -> bool {
        matches!(self, Self::Read(_) | Self::Done { .. })
    }

    fn fits(&self, request: &Request) -> bool {
        match self {
            Self::Read(_) => *request == Request::Get,
            Self::Done { applied } => {
                *request != Request::Get && (*applied || request.may_be_refused())
            }
            Self::Failed | Self::Unknown => true,
        }
    }
}

/// The place and time of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Its place among all events of the history, from 0.
    pub event: u32,
    /// Virtual time in microseconds, where it is known.
    pub time_us: Option<u64>,
}

/// One operation of a client and its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The process.
    pub process: Process,
    /// The key.
    pub key: Text,
    /// The request.
    pub request: Request,
    /// The moment of its invocation.
    pub invoked: Moment,
    /// Moment and outcome of its return; `None` while the operation is open.
    pub returned: Option<(Moment, Outcome)>,
}

impl Operation {
    /// Its outcome; an open operation counts as unknown.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        self.returned.as_ref().map_or(&Outcome::Unknown, |(_, outcome)| outcome)
    }

    /// The moment of the store's answer; `None` without one. Any effect of the operation happens
    /// before it.
    #[must_use]
    pub fn answered(&self) -> Option<Moment> {
        self.returned.as_ref().filter(|(_, outcome)| outcome.is_answer()).map(|(at, _)| *at)
    }

    /// The value that a get read, `Some(None)` for an absent key; `None` where nothing was read.
    #[must_use]
    pub fn value_read(&self) -> Option<Option<&Text>> {
        match self.outcome() {
            Outcome::Read(value) => Some(value.as_ref()),
            _ => None,
        }
    }

    /// Whether it may have changed the key: a write that did not fail and was not answered with a
    /// condition that did not hold.
    #[must_use]
    pub fn may_have_written(&self) -> bool {
        self.request != Request::Get
            && matches!(self.outcome(), Outcome::Unknown | Outcome::Done { applied: true })
    }

    /// Whether the store answered that it changed the key.
    #[must_use]
    pub fn has_written(&self) -> bool {
        *self.outcome() == Outcome::Done { applied: true }
    }
}

/// The reason why an event cannot be part of a history. The history is unchanged then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryError {
    /// The process has an operation open.
    Busy(Process),
    /// The process did not learn the outcome of its last operation, and so can ask nothing more.
    Retired(Process),
    /// The process has no operation open.
    Idle(Process),
    /// The request cannot have such an outcome.
    Unfit,
    /// The history has [`MAX_OPERATIONS`] operations.
    Full,
    /// The history has [`MAX_MARKS`] marks.
    FullOfMarks,
    /// A key or value has more than [`MAX_TEXT_BYTES`] bytes.
    TooLong,
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(Process(id)) => write!(f, "process {id} has an operation open already"),
            Self::Retired(Process(id)) => {
                write!(f, "process {id} asks again after an outcome that it did not learn")
            }
            Self::Idle(Process(id)) => write!(f, "process {id} has no operation open"),
            Self::Unfit => f.write_str("such an operation cannot have such an outcome"),
            Self::Full => write!(f, "more than {MAX_OPERATIONS} operations"),
            Self::FullOfMarks => write!(f, "more than {MAX_MARKS} faults"),
            Self::TooLong => write!(f, "a key or value of more than {MAX_TEXT_BYTES} bytes"),
        }
    }
}

impl std::error::Error for HistoryError {}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ProcessState {
    Idle,
    Busy(OperationId),
    Retired,
}

/// An action on the system while clients asked: a crash, a partition, its end. Marks are for
/// people; judges ignore them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The event before which it happened; the number of all events if it happened after the last.
    pub event: u32,
    /// Virtual time in microseconds, where it is known.
    pub time_us: Option<u64>,
    /// Its description.
    pub text: Text,
}

/// Operations in the order of invocation, and the initial values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    initial: BTreeMap<Text, Text>,
    operations: Vec<Operation>,
    marks: Vec<Mark>,
    processes: BTreeMap<Process, ProcessState>,
    events: u32,
}

impl History {
    /// An empty history that begins with these values; every other key is absent.
    #[must_use]
    pub fn new(initial: BTreeMap<Text, Text>) -> Self {
        Self { initial, ..Self::default() }
    }

    /// The initial values.
    #[must_use]
    pub fn initial(&self) -> &BTreeMap<Text, Text> {
        &self.initial
    }

    /// All operations, in the order of invocation: the one with id `i` is at index `i`.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Marks in the order in which they happened.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The operation with this id.
    ///
    /// # Panics
    /// If the id is of another history.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> &Operation {
        &self.operations[id.0 as usize]
    }

    /// All operations with their ids, in the order of invocation.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (OperationId, &Operation)> {
        self.operations.iter().enumerate().map(|(index, op)| (OperationId(index as u32), op))
    }

    /// Number of events: invocations and returns.
    #[must_use]
    pub fn events(&self) -> u32 {
        self.events
    }

    /// The operations of each key, in the order of invocation.
    #[must_use]
    pub fn by_key(&self) -> BTreeMap<Text, Vec<OperationId>> {
        let mut keys: BTreeMap<Text, Vec<OperationId>> = BTreeMap::new();
        for (id, op) in self.iter() {
            if let Some(ids) = keys.get_mut(&op.key) {
                ids.push(id);
            } else {
                keys.insert(op.key.clone(), vec![id]);
            }
        }
        keys
    }

    /// The history as it was after its first `events` events.
    #[must_use]
    pub fn until(&self, events: u32) -> Self {
        let mut past = Self::new(self.initial.clone());
        past.events = self.events.min(events);
        let marks = self.marks.iter().take_while(|mark| mark.event <= events);
        past.marks = marks.cloned().collect();
        for (id, op) in self.iter().take_while(|(_, op)| op.invoked.event < events) {
            let returned = op.returned.clone().filter(|(at, _)| at.event < events);
            let state = match &returned {
                None => ProcessState::Busy(id),
                Some((_, Outcome::Unknown)) => ProcessState::Retired,
                Some(_) => ProcessState::Idle,
            };
            past.processes.insert(op.process, state);
            past.operations.push(Operation { returned, ..op.clone() });
        }
        past
    }

    /// Adds the invocation of an operation by `process`.
    ///
    /// # Errors
    /// When the process has an operation open or did not learn the outcome of its last one, or when
    /// a limit is exceeded.
    pub fn invoke(
        &mut self,
        process: Process,
        key: Text,
        request: Request,
        time_us: Option<u64>,
    ) -> Result<OperationId, HistoryError> {
        match self.processes.get(&process) {
            Some(ProcessState::Busy(_)) => return Err(HistoryError::Busy(process)),
            Some(ProcessState::Retired) => return Err(HistoryError::Retired(process)),
            Some(ProcessState::Idle) | None => {}
        }
        if self.operations.len() == MAX_OPERATIONS {
            return Err(HistoryError::Full);
        }
        if is_too_long(&key, &request) {
            return Err(HistoryError::TooLong);
        }
        let id = OperationId(self.operations.len() as u32);
        let invoked = self.moment(time_us);
        self.operations.push(Operation { process, key, request, invoked, returned: None });
        self.processes.insert(process, ProcessState::Busy(id));
        Ok(id)
    }

    /// Adds the outcome of the open operation of `process`.
    ///
    /// # Errors
    /// When the process has none open, or such an operation cannot have such an outcome.
    pub fn complete(
        &mut self,
        process: Process,
        outcome: Outcome,
        time_us: Option<u64>,
    ) -> Result<OperationId, HistoryError> {
        let id = self.open_operation(process).ok_or(HistoryError::Idle(process))?;
        if !outcome.fits(&self.operation(id).request) {
            return Err(HistoryError::Unfit);
        }
        if matches!(&outcome, Outcome::Read(Some(value)) if value.len() > MAX_TEXT_BYTES) {
            return Err(HistoryError::TooLong);
        }
        let state = match outcome {
            Outcome::Unknown => ProcessState::Retired,
            _ => ProcessState::Idle,
        };
        self.processes.insert(process, state);
        let moment = self.moment(time_us);
        self.operations[id.0 as usize].returned = Some((moment, outcome));
        Ok(id)
    }

    /// Adds a mark: an action on the system.
    ///
    /// # Errors
    /// When a limit is exceeded.
    pub fn mark(&mut self, text: Text, time_us: Option<u64>) -> Result<(), HistoryError> {
        if self.marks.len() == MAX_MARKS {
            return Err(HistoryError::FullOfMarks);
        }
        if text.len() > MAX_TEXT_BYTES {
            return Err(HistoryError::TooLong);
        }
        self.marks.push(Mark { event: self.events, time_us, text });
        Ok(())
    }

    /// The open operation of `process`, if any.
    #[must_use]
    pub fn open_operation(&self, process: Process) -> Option<OperationId> {
        match self.processes.get(&process) {
            Some(&ProcessState::Busy(id)) => Some(id),
            _ => None,
        }
    }

    fn moment(&mut self, time_us: Option<u64>) -> Moment {
        let event = self.events;
        self.events += 1;
        Moment { event, time_us }
    }
}

fn is_too_long(key: &Text, request: &Request) -> bool {
    let longest = match request {
        Request::Get | Request::Del => 0,
        Request::Set(value) | Request::Upd(value) | Request::Append(value) => value.len(),
        Request::Cas { expected, new } => expected.len().max(new.len()),
    };
    longest.max(key.len()) > MAX_TEXT_BYTES
}
