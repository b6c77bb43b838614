//! What a protocol is: a deterministic state machine with one entry point.
//!
//! An [`Input`] comes in, [`Effect`]s go out through a [`Cx`]. A machine reads no clock and draws no
//! randomness that is not handed to it, and never looks at the World: it knows what messages and
//! timers tell it.
//!
//! Invariant: effects are ordered, and a disk write is a barrier. What a node sends after a write
//! leaves only when that write is durable; the kernel sees to it. So a node cannot vote and then
//! forget, unless `fsync=off` lets it.

use super::registry::{Checkpoint, Message, Record};
use super::{Kind, LogMarks, Mark, NodeView, Sign, peers};
use crate::disk::WriteId;
use crate::ids::{Addr, NodeId};
use crate::rng::Rng;
use crate::settings::{Leg, Settings};
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

/// What can come to a machine.
#[derive(Clone, Debug)]
pub enum Input {
    /// It has just started, or started again, from what its disk held.
    Start,
    /// A message has arrived.
    Message(Addr, Message),
    /// A timer that it set has run out.
    Timer(Timer),
    /// Everything written up to here is durable.
    Durable(WriteId),
    /// The operator asks for something.
    Operator(Order),
    /// A setting has changed.
    Settings,
}

/// What an operator can ask of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Order {
    /// Behave as if the election timer had run out.
    Timeout,
    /// Send that node a typed message.
    Ping(NodeId),
    /// That node has joined; every running node is told, itself too, after it has started.
    Add(NodeId),
    /// That node shall leave; every running node is told. Itself does what it has to and then says
    /// [`Effect::Leave`].
    Remove(NodeId),
    /// Let that node lead.
    Transfer(NodeId),
}

/// What a machine does. See [`Cx`] for how.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Sends a message.
    Send(Addr, Message),
    /// Sets a timer, or sets it anew: it runs out after that long by the node's own clock.
    SetTimer(Timer, Span),
    /// The timer will not run out.
    CancelTimer(Timer),
    /// Hands a record to the disk.
    Write(Record),
    /// Hands a checkpoint to the disk.
    Checkpoint(Arc<Checkpoint>),
    /// Tells the trace what happened inside.
    Note(Fact),
    /// A client's operation is over. Only a client's machine says so.
    Finish(Outcome),
    /// A node that was removed has done what it had to: its process ends once what it sent has left.
    Leave,
}

/// A timer of a node or client. One of each can be set at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Timer {
    /// A follower stands for election.
    Election,
    /// A leader, or every node, tells that it is alive.
    Heartbeat,
    /// A client, or a coordinator, gives up waiting for answers to that attempt.
    Attempt(u32),
    /// A client asks again.
    Retry,
    /// State is saved.
    Checkpoint,
    /// Whom one has not heard of for long is suspected.
    Failure,
    /// Replicas compare what they hold.
    AntiEntropy,
    /// That node is suspected, unless it is heard of before.
    Suspect(NodeId),
    /// Hints are offered to whom they are for.
    Handoff,
    /// Data on the move between nodes is sent again, as far as it was not acknowledged.
    Transfer,
}

impl Timer {
    /// What it is called, for people.
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
        }
    }
}

/// How a client's operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Outcome {
    /// It was answered.
    Ok(Answer),
    /// It surely did not happen.
    Failed,
    /// It may have happened, or happen yet.
    Unknown,
}

/// What happened inside a machine that people want to know. Numbers only: sentences are
/// [`crate::explain`]'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Fact {
    /// It asks whether it could win an election for that term (pre-vote).
    Canvassed(Term),
    /// It stands for election in that term.
    Stood(Term),
    /// It voted.
    Voted(NodeId, Term),
    /// It was voted for: how many votes it has, of how many it needs.
    Counted(u16, u16),
    /// It leads.
    Led(Term),
    /// It follows that leader from now on.
    Followed(NodeId, Term),
    /// It learnt of a higher term and gave up leading or standing.
    SteppedDown(Term),
    /// It put an entry of its own term into its log.
    Appended(Index),
    /// It took entries from its leader, the last of them at that index.
    Replicated(Index),
    /// It removed the entries from that index on, since they conflicted with its leader's.
    Truncated(Index),
    /// It learnt that everything up to that index is committed.
    Committed(Index),
    /// A majority confirmed that it still leads: it may answer reads as of that index.
    Confirmed(Index),
    /// Its leader's log contradicts what it knows to be committed from that index on, which can
    /// only be when a disk has lost what it promised. It refuses.
    Contradicted(Index),
    /// It heard of no majority for long and gave up leading that term.
    Abandoned(Term),
    /// It made a snapshot of its state up to that index and dropped the log before it.
    Snapshotted(Index),
    /// It took its leader's snapshot, up to that index, in place of its own state.
    Installed(Index),
    /// The members are, from that index on, what the entry there says.
    Reconfigured(Index),
    /// It hands its leadership to that node.
    Yielded(NodeId),
    /// It turned a client away, for it does not lead.
    Redirected(Option<NodeId>),
    /// It found a request that it had applied already and only answered again.
    Repeated,
    /// A version won over what it held.
    Stored,
    /// A version lost against what it held.
    Superseded,
    /// A coordinator has that many answers of so many that it waits for.
    Answered(u16, u16),
    /// A coordinator stops waiting, with that many answers.
    GaveUp(u16),
    /// It believes from now on that the node does not answer.
    Suspected(NodeId),
    /// It keeps a version for that node, to be handed over.
    Hinted(NodeId),
    /// It hands so many versions over to that node.
    HandedOver(NodeId, u32),
    /// A read saw that the node held something older, and brings it up to date.
    Repaired(NodeId),
    /// It heard of that node again, which it had suspected.
    Trusted(NodeId),
    /// It took over the whole state of its primary, up to that update.
    Restored(Index),
    /// It believes from now on that the peer, or itself, is in that state.
    Deemed(NodeId, peers::Standing),
    /// It keeps a command for that peer, which it does not believe to be active.
    Queued(NodeId),
    /// That peer replayed so many commands to it.
    CaughtUp(NodeId, u32),
    /// It refused a command that that peer had accepted: the two differ.
    Declined(NodeId),
    /// In an election, that higher node answered, and it leaves the election to it.
    Outranked(NodeId),
    /// That node did not answer in time, and a replica is asked instead; None: nobody is left.
    FellBack(NodeId, Option<NodeId>),
    /// It found that many records of its log behind its checkpoint, and replayed them.
    Replayed(u32),
    /// It saved a checkpoint of that many keys.
    Saved(u32),
    /// It has received all that others had to hand over to it, or no longer waits for it.
    Settled,
}

/// A node's disk.
pub type Disk = crate::disk::Disk<Record, Checkpoint>;

/// What a machine is handed with an input, and where its effects go.
pub struct Cx<'a> {
    /// Who it is.
    pub me: Addr,
    /// What its own clock reads; not the true time.
    pub clock: Time,
    /// Its own random stream.
    pub rng: &'a mut Rng,
    /// The cluster's settings, as they are now.
    pub settings: &'a Settings,
    /// The last write that it handed to its disk, counting those of this input.
    pub written: WriteId,
    /// The effects so far, in order.
    pub effects: &'a mut Vec<Effect>,
}

impl Cx<'_> {
    /// Sends a message. It leaves when every write before it is durable.
    pub fn send(&mut self, to: impl Into<Addr>, message: Message) {
        self.effects.push(Effect::Send(to.into(), message));
    }

    /// Sets a timer, or sets it anew, to run out after that long by the node's own clock.
    pub fn set_timer(&mut self, timer: Timer, after: Span) {
        self.effects.push(Effect::SetTimer(timer, after));
    }

    /// Makes sure that a timer does not run out.
    pub fn cancel_timer(&mut self, timer: Timer) {
        self.effects.push(Effect::CancelTimer(timer));
    }

    /// Hands a record to the disk. `Input::Durable` tells when it is durable.
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

    /// Tells the trace what happened.
    pub fn note(&mut self, fact: Fact) {
        self.effects.push(Effect::Note(fact));
    }

    /// Ends the process of a node that was removed, once what it sent has left.
    pub fn leave(&mut self) {
        self.effects.push(Effect::Leave);
    }

    /// The node that this is.
    ///
    /// # Panics
    /// When it is a client: a node's machine runs on nodes only.
    #[must_use]
    pub fn node(&self) -> NodeId {
        self.me.node().expect("a node's machine runs on a node")
    }
}

/// A node's machine: what a protocol must be able to do, and what it may show of itself.
pub trait Protocol: Clone + std::fmt::Debug + Serialize {
    /// Prepares a node's disk before it first starts, for the nodes that begin the cluster. One that
    /// joins later finds nothing.
    fn format_disk(members: &[NodeId], disk: &mut Disk) {
        let _ = (members, disk);
    }

    /// A machine that finds this on its disk. Everything else it has to learn. `members` is the
    /// operator's list of the nodes that there are, `me` among them.
    fn boot(me: NodeId, members: &[NodeId], settings: &Settings, disk: &mut Disk) -> Self;

    /// The one entry point.
    fn step(&mut self, input: Input, cx: &mut Cx<'_>);

    /// A view of it for people, with the last `most` entries of its log.
    fn view(&self, most: usize) -> NodeView;

    /// The protocol's own facts, by name, in the order to show them.
    fn detail(&self) -> Vec<(&'static str, String)>;

    /// Its role, without the rest of the view.
    fn sign(&self) -> Sign;

    /// How far its log reaches, where it has one.
    fn log_marks(&self) -> Option<LogMarks> {
        None
    }

    /// Whether it leads and knows it to be committed that that node is no member.
    fn confirms_removal(&self, node: NodeId) -> bool {
        let _ = node;
        false
    }

    /// The marks on a stage, when its clock reads that.
    fn marks(&self, clock: Time, settings: &Settings) -> Vec<Mark> {
        let _ = (clock, settings);
        Vec::new()
    }

    /// How many versions, commands or keys it keeps for others, to be handed over later.
    fn keeps(&self) -> Vec<(NodeId, usize)> {
        Vec::new()
    }
}

/// A message of one protocol.
pub trait Payload {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// The term that it carries, if it does: what it is coloured by.
    fn term(&self) -> Option<Term> {
        None
    }

    /// Which leg of a quorum's write or read it is, if one.
    fn leg(&self) -> Option<Leg> {
        None
    }

    /// How many entries or values it carries: a heartbeat carries none and is drawn small.
    fn load(&self) -> usize;

    /// Its fields, for people: names and values in the order to show them.
    fn fields(&self) -> Vec<(&'static str, String)>;
}

/// No message, record or checkpoint: that of a protocol which has none.
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
