//! The contract of a protocol: a deterministic state machine with one entry point.
//!
//! An [`Input`] comes in, [`Effect`]s go out through a [`Cx`]. A machine uses only the clock and
//! the random stream that it is given, and never reads the World: it knows only its messages and
//! timers.
//!
//! Invariant: effects are ordered, and a disk write is a barrier. A message that follows a write
//! leaves only when that write is durable; the kernel ensures it. So a node cannot vote and then
//! forget, unless `fsync=off` lets it.

use super::registry::{Checkpoint, Message, Record};
use super::{Kind, LogMarks, Mark, NodeView, Sign, peers};
use crate::disk::WriteId;
use crate::ids::{Addr, NodeId};
use crate::rng::Rng;
use crate::settings::{Leg, Rule, Settings};
use crate::store::Answer;
use crate::time::{Span, Time};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A Raft term, or the number of an election elsewhere. Counts up from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Term(pub u32);

/// A place in a replicated log, from 1; 0 is before the first entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Index(pub u32);

impl Term {
    /// The term after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl Index {
    /// The place after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }

    /// The place before it; 0 has none and stays.
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The inputs of a machine.
#[derive(Clone, Debug)]
pub enum Input {
    /// It has just started, or started again, with the content of its disk.
    Start,
    /// A message has arrived.
    Message(Addr, Message),
    /// A timer that it set has run out.
    Timer(Timer),
    /// Everything written up to here is durable.
    Durable(WriteId),
    /// The operator gives an order.
    Operator(Order),
    /// A setting has changed.
    Settings,
}

/// The orders of an operator to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Order {
    /// Behave as if the election timer had run out.
    Timeout,
    /// Send that node a typed message.
    Ping(NodeId),
    /// That node has joined. Every running node is informed, the new node too, after its start.
    Add(NodeId),
    /// That node must leave. Every running node is informed. The removed node finishes its duties,
    /// then emits [`Effect::Leave`].
    Remove(NodeId),
    /// Let that node lead.
    Transfer(NodeId),
}

/// The effects of a machine. [`Cx`] has a method for each.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Sends a message.
    Send(Addr, Message),
    /// Sets or resets a timer: it runs out after that time by the node's own clock.
    SetTimer(Timer, Span),
    /// Cancels a timer.
    CancelTimer(Timer),
    /// Hands a record to the disk.
    Write(Record),
    /// Hands a checkpoint to the disk.
    Checkpoint(Arc<Checkpoint>),
    /// Records a fact in the trace.
    Note(Fact),
    /// Ends a client's operation. Only a client's machine emits it.
    Finish(Outcome),
    /// Ends the process of a removed node, once its messages have left.
    Leave,
}

/// A timer of a node or client. One of each can be set at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Timer {
    /// A follower stands for election.
    Election,
    /// A leader, or every node, sends a sign of life.
    Heartbeat,
    /// A client, or a coordinator, gives up waiting for answers to that attempt.
    Attempt(u32),
    /// A client asks again.
    Retry,
    /// State is saved.
    Checkpoint,
    /// A node that was silent for long is suspected.
    Failure,
    /// Replicas compare their data.
    AntiEntropy,
    /// That node is suspected, unless it is heard earlier.
    Suspect(NodeId),
    /// Hints are offered to their home nodes.
    Handoff,
    /// Unacknowledged data in transfer between nodes are sent again.
    Transfer,
    /// Tombstones that are old enough are forgotten.
    Tombstones,
}

impl Timer {
    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Election => "election",
            Self::Heartbeat => "heartbeat",
            Self::Attempt(_) => "attempt",
            Self::Retry => "retry",
            Self::Checkpoint => "checkpoint",
            Self::Failure => "failure",
            Self::AntiEntropy => "anti-entropy",
            Self::Handoff => "handoff",
            Self::Suspect(_) => "suspicion",
            Self::Transfer => "transfer",
            Self::Tombstones => "tombstone",
        }
    }
}

/// The outcome of a client's operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It was answered.
    Ok(Answer),
    /// It surely did not take effect.
    Failed,
    /// It may have taken effect, or may still do so.
    Unknown,
}

/// A fact inside a machine that interests people. It holds numbers only: [`crate::explain`] makes
/// the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fact {
    /// It asks whether it could win an election for that term (pre-vote).
    Canvassed(Term),
    /// It stands for election in that term.
    Stood(Term),
    /// It voted.
    Voted(NodeId, Term),
    /// It received a vote: number of its votes, and number that it needs.
    Counted(u16, u16),
    /// It leads.
    Led(Term),
    /// It follows that leader from now on.
    Followed(NodeId, Term),
    /// It learnt of a higher term and stopped leading or standing.
    SteppedDown(Term),
    /// It put an entry of its own term into its log.
    Appended(Index),
    /// It appended entries from its leader, the last of them at that index.
    Replicated(Index),
    /// It removed the entries from that index on, since they conflicted with its leader's.
    Truncated(Index),
    /// It learnt that all entries up to that index are committed.
    Committed(Index),
    /// A majority confirmed that it still leads: it may answer reads as of that index.
    Confirmed(Index),
    /// Its leader's log contradicts the entries that it knows to be committed, from that index on.
    /// This requires a disk that lost durable data. It refuses.
    Contradicted(Index),
    /// It heard no majority for long and gave up leading that term.
    Abandoned(Term),
    /// It made a snapshot of its state up to that index and dropped the log before it.
    Snapshotted(Index),
    /// It replaced its own state by its leader's snapshot, up to that index.
    Installed(Index),
    /// The members are, from that index on, those of the entry there.
    Reconfigured(Index),
    /// It hands its leadership to that node.
    Yielded(NodeId),
    /// It refused a client, since it does not lead.
    Redirected(Option<NodeId>),
    /// It received a request that it had applied already, and only answered again.
    Repeated,
    /// A version won over the present one.
    Stored,
    /// A version lost against the present one.
    Superseded,
    /// A coordinator has a number of answers: (received, needed).
    Answered(u16, u16),
    /// A coordinator stops waiting, with that number of answers.
    GaveUp(u16),
    /// It believes from now on that the node is down.
    Suspected(NodeId),
    /// It keeps a version for that node, for later delivery.
    Hinted(NodeId),
    /// It hands that number of versions over to that node.
    HandedOver(NodeId, u32),
    /// A read showed that the node has an older version, and updates it.
    Repaired(NodeId),
    /// It heard that node again, which it had suspected.
    Trusted(NodeId),
    /// It replaced its whole state by that of its primary, up to that update.
    Restored(Index),
    /// It believes from now on that the peer, or itself, has that standing.
    Deemed(NodeId, peers::Standing),
    /// It keeps a command for that peer, which it does not believe to be active.
    Queued(NodeId),
    /// That peer replayed that number of commands to it.
    CaughtUp(NodeId, u32),
    /// It refused a command that that peer had accepted: their data differ.
    Declined(NodeId),
    /// In an election, that higher node answered, and it leaves the election to it.
    Outranked(NodeId),
    /// That node did not answer in time, and a replica is asked instead; None: no replica is left.
    FellBack(NodeId, Option<NodeId>),
    /// It replayed that number of log records behind its checkpoint.
    Replayed(u32),
    /// It saved a checkpoint of that many keys.
    Saved(u32),
    /// It has received all data that others had to hand over to it, or no longer waits for them.
    Settled,
    /// It forgot the tombstone of the key at that position of the hash ring.
    Forgot(u64),
    /// A fact that only its protocol has.
    Own(OwnFact),
}

/// A fact that only one protocol has: see [`crate::settings::Traits::facts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OwnFact {
    /// Its place among the facts of its protocol.
    pub form: u8,
    /// Another node that it concerns.
    pub who: Option<NodeId>,
    /// A number that belongs to it.
    pub number: u32,
}

impl Fact {
    /// A fact that only its protocol has.
    #[must_use]
    pub const fn own(form: u8, who: Option<NodeId>, number: u32) -> Self {
        Self::Own(OwnFact { form, who, number })
    }
}

/// A node's disk.
pub type Disk = crate::disk::Disk<Record, Checkpoint>;

/// The context of a machine's step: its surroundings, and the place for its effects.
pub struct Cx<'a> {
    /// The address of the machine.
    pub me: Addr,
    /// The reading of its own clock; not the true time.
    pub clock: Time,
    /// Its own random stream.
    pub rng: &'a mut Rng,
    /// The cluster's settings, as they are now.
    pub settings: &'a Settings,
    /// The last write handed to its disk, including those of this input.
    pub written: WriteId,
    /// The effects so far, in order.
    pub effects: &'a mut Vec<Effect>,
}

impl Cx<'_> {
    /// Sends a message. It leaves when all earlier writes are durable.
    pub fn send(&mut self, to: impl Into<Addr>, message: Message) {
        self.effects.push(Effect::Send(to.into(), message));
    }

    /// Sets or resets a timer, to run out after that time by the node's own clock.
    pub fn set_timer(&mut self, timer: Timer, after: Span) {
        self.effects.push(Effect::SetTimer(timer, after));
    }

    /// Cancels a timer.
    pub fn cancel_timer(&mut self, timer: Timer) {
        self.effects.push(Effect::CancelTimer(timer));
    }

    /// Hands a record to the disk. `Input::Durable` reports when it is durable.
    pub fn write(&mut self, record: Record) -> WriteId {
        self.effects.push(Effect::Write(record));
        self.written.0 += 1;
        self.written
    }

    /// Hands a checkpoint to the disk.
    pub fn checkpoint(&mut self, checkpoint: Arc<Checkpoint>) -> WriteId {
        self.effects.push(Effect::Checkpoint(checkpoint));
        self.written.0 += 1;
        self.written
    }

    /// Records a fact in the trace.
    pub fn note(&mut self, fact: Fact) {
        self.effects.push(Effect::Note(fact));
    }

    /// Ends the process of a removed node, once its messages have left.
    pub fn leave(&mut self) {
        self.effects.push(Effect::Leave);
    }

    /// Sends a message ahead of effects that are in the list already, from the place `effect` on.
    /// Later writes do not delay it; only broken rules use this.
    pub fn send_ahead(&mut self, effect: usize, to: impl Into<Addr>, message: Message) {
        self.effects.insert(effect, Effect::Send(to.into(), message));
    }

    /// Whether a rule of this protocol is followed.
    #[must_use]
    pub const fn keeps(&self, rule: Rule) -> bool {
        self.settings.keeps(rule)
    }

    /// The node of the machine.
    ///
    /// # Panics
    /// When it is a client: a node's machine runs on nodes only.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.me.node().expect("a node's machine runs on a node")
    }
}

/// The machine of a node: the operations of a protocol, and the state that it shows.
pub trait Protocol: Clone + std::fmt::Debug + Serialize {
    /// Prepares a node's disk before its first start, for the initial nodes of the cluster. A node
    /// that joins later finds an empty disk.
    fn format_disk(members: &[NodeId], settings: &Settings, disk: &mut Disk) {
        let _ = (members, settings, disk);
    }

    /// A machine with the content of its disk. It has to learn all else. `members` is the
    /// operator's list of the members, including `me`.
    fn boot(me: NodeId, members: &[NodeId], settings: &Settings, disk: &mut Disk) -> Self;

    /// Handles an input.
    fn step(&mut self, input: Input, cx: &mut Cx<'_>);

    /// A view of it for people, with the last `most` entries of its log.
    fn view(&self, most: usize) -> NodeView;

    /// Further details, names and values in display order.
    fn detail(&self) -> Vec<(&'static str, String)>;

    /// Its role, without the rest of the view.
    fn sign(&self) -> Sign;

    /// The end of its log, and of the committed part, where it has a log.
    fn log_marks(&self) -> Option<LogMarks> {
        None
    }

    /// Whether it leads and knows the removal of that node to be committed.
    fn confirms_removal(&self, node: NodeId) -> bool {
        let _ = node;
        false
    }

    /// Whether it must hold every key that belongs to it. A node that was removed, or only decides,
    /// does not.
    fn is_replica(&self) -> bool {
        true
    }

    /// Its marks on a stage, for a reading of its clock.
    fn marks(&self, clock: Time, settings: &Settings) -> Vec<Mark> {
        let _ = (clock, settings);
        Vec::new()
    }

    /// The nodes for which it keeps data, each with the number of versions, commands or keys.
    fn keeps(&self) -> Vec<(NodeId, usize)> {
        Vec::new()
    }
}

/// A message of one protocol.
pub trait Payload {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// The term that it carries, if any: it determines the colour.
    fn term(&self) -> Option<Term> {
        None
    }

    /// The leg of a quorum's write or read, if it is one.
    fn leg(&self) -> Option<Leg> {
        None
    }

    /// Number of entries or values that it carries: a heartbeat carries none and is drawn small.
    fn load(&self) -> usize;

    /// Its fields for people: names and values in display order.
    fn fields(&self) -> Vec<(&'static str, String)>;
}

/// No message, record or checkpoint, for a protocol without them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Nothing {}

impl Payload for Nothing {
    fn kind(&self) -> Kind {
        match *self {}
    }

    fn load(&self) -> usize {
        match *self {}
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        match *self {}
    }
}
