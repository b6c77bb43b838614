//! The kinds of messages, in one table: their names and their families.

use serde::Serialize;

/// The purpose of a message: kinds of one family are drawn in one shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Between clients and nodes.
    Client,
    /// Carries data to a place of storage.
    Replicate,
    /// Requests data.
    Fetch,
    /// Asks whether an election could be won.
    Canvass,
    /// Elects.
    Elect,
    /// Moves state in bulk, or brings it up to date.
    Transfer,
    /// Compares data.
    Compare,
    /// A sign of life.
    Alive,
    /// Sent by hand.
    ByHand,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident: $name:literal, $family:ident, $way:ident;)*) => {
        /// The kind of a message.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Kind {
            $($(#[$doc])* $variant,)*
        }

        impl Kind {
            /// Its name, as people and scripts read it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its family.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$variant => Family::$family,)* }
            }

            /// Whether it answers another message.
            #[must_use]
            pub const fn is_answer(self) -> bool {
                match self { $(Self::$variant => kinds!(@$way),)* }
            }
        }
    };
    (@answer) => { true };
    (@request) => { false };
}

kinds! {
    /// A client's request.
    Ask: "Request", Client, request;
    /// The answer to it.
    Reply: "Reply", Client, answer;
    /// By hand.
    Ping: "Ping", ByHand, request;
    /// Its answer.
    Pong: "Pong", ByHand, answer;
    /// Raft: could I win?
    PreVote: "PreVote", Canvass, request;
    /// Raft: its answer.
    PreVoteReply: "PreVoteReply", Canvass, answer;
    /// Raft: vote for me.
    RequestVote: "RequestVote", Elect, request;
    /// Raft: its answer.
    Vote: "Vote", Elect, answer;
    /// Raft: entries, or none as a heartbeat.
    AppendEntries: "AppendEntries", Replicate, request;
    /// Raft: its answer.
    AppendReply: "AppendReply", Replicate, answer;
    /// Raft: a snapshot instead of entries.
    InstallSnapshot: "InstallSnapshot", Transfer, request;
    /// Raft: its answer.
    SnapshotReply: "SnapshotReply", Transfer, answer;
    /// Raft: stand for election at once, I hand over.
    TimeoutNow: "TimeoutNow", Elect, request;
    /// A coordinator asks a replica to store a version.
    Write: "Write", Replicate, request;
    /// Its answer.
    WriteReply: "WriteReply", Replicate, answer;
    /// A coordinator asks a replica for a version.
    Read: "Read", Fetch, request;
    /// Its answer.
    ReadReply: "ReadReply", Fetch, answer;
    /// A coordinator updates a replica that answered a read with an older version.
    ReadRepair: "ReadRepair", Transfer, request;
    /// A stand-in hands over a version that it kept for a node.
    Handoff: "Handoff", Transfer, request;
    /// Its answer.
    HandoffReply: "HandoffReply", Transfer, answer;
    /// A replica compares its data: the roots of its Merkle trees.
    MerkleRoots: "MerkleRoots", Compare, request;
    /// The next level of a tree that differs.
    MerkleHashes: "MerkleHashes", Compare, answer;
    /// The versions under a leaf that differs.
    MerkleLeaf: "MerkleLeaf", Compare, answer;
    /// Versions that the other lacks.
    Sync: "Sync", Transfer, answer;
    /// A sign of life.
    Heartbeat: "Heartbeat", Alive, request;
    /// Its answer.
    HeartbeatReply: "HeartbeatReply", Alive, answer;
    /// Bully: are you there, higher node?
    Election: "Election", Elect, request;
    /// Bully: its answer.
    ElectionAnswer: "Answer", Elect, answer;
    /// Bully: I coordinate.
    Coordinator: "Coordinator", Elect, request;
    /// Primary-backup: apply this.
    Update: "Update", Replicate, request;
    /// Its answer.
    UpdateAck: "UpdateAck", Replicate, answer;
    /// Primary-backup: the whole state.
    StateTransfer: "StateTransfer", Transfer, request;
    /// Primary-backup: a backup asks for the state.
    Join: "Join", Fetch, request;
    /// Peers: I have executed this command.
    Command: "Command", Replicate, request;
    /// Peers: the commands that you missed.
    Replay: "Replay", Transfer, request;
    /// Its answer.
    ReplayReply: "ReplayReply", Transfer, answer;
    /// Ring: a request is passed on to the node that the key belongs to.
    Forward: "Forward", Client, request;
    /// Its answer.
    ForwardReply: "ForwardReply", Client, answer;
    /// Ring: a primary passes a version on to a replica.
    Replicate: "Replicate", Replicate, request;
    /// Ring: data that belongs to another node now.
    Transfer: "Transfer", Transfer, request;
    /// Its answer.
    TransferReply: "TransferReply", Transfer, answer;
    /// The balancer: are you there?
    HealthCheck: "HealthCheck", Alive, request;
    /// Its answer.
    HealthReply: "HealthReply", Alive, answer;
}
