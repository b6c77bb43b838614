//! The one list of protocols: a row each.
//!
//! [`protocols!`] passes every row to a macro. Each room generates its part from the same rows:
//! `settings` the [`Preset`](crate::settings::Preset) and its settings, `protocol` the machines,
//! messages, records and checkpoints.
//!
//! A row names the folder of the protocol in `core/src/protocol`. The folder has a `settings.rs`,
//! in which a type `Own` implements [`Own`](crate::settings::Own), and a `mod.rs` with the machine
//! and its messages. New rows go to the end: their places are part of the state hash.

/// Calls the macro `$with` with the rows of all protocols.
macro_rules! protocols {
    ($with:ident) => {
        $with! {
            /// Raft: one log, one leader, majorities.
            Raft {
                module: raft, settings: raft,
                machine: raft::Server, message: raft::Message,
                record: raft::Record, checkpoint: raft::Snapshot,
            }
            /// A mock replicated store: the client writes to all replicas and reads the newer of
            /// two.
            WriteAll {
                module: write_all, settings: write_all,
                machine: write_all::Replica, message: write_all::Message,
                record: Nothing, checkpoint: Nothing,
            }
            /// Three peers, each of which accepts every command.
            Peers {
                module: peers, settings: peers,
                machine: peers::Server, message: peers::Message,
                record: Nothing, checkpoint: Nothing,
            }
            /// A sharded store on a consistent-hash ring behind a balancer.
            Ring {
                module: ring, settings: ring,
                machine: ring::Node, message: ring::Message,
                record: ring::Record, checkpoint: ring::Snapshot,
            }
            /// Primary-backup replication.
            PrimaryBackup {
                module: primary_backup, settings: primary_backup,
                machine: primary_backup::Server, message: primary_backup::Message,
                record: primary_backup::Record, checkpoint: Arc<primary_backup::State>,
            }
            /// N/R/W quorums.
            Quorum {
                module: quorum_store, settings: quorum,
                machine: quorum_store::Replica, message: quorum_store::Message,
                record: quorum_store::Record, checkpoint: quorum_store::Snapshot,
            }
            /// Heartbeats and a bully election, no data.
            Election {
                module: election, settings: election,
                machine: election::Member, message: Nothing,
                record: Nothing, checkpoint: Nothing,
            }
            /// Chain replication: writes at the head, reads at the tail.
            Chain {
                module: chain, settings: chain,
                machine: chain::Server, message: chain::Message,
                record: chain::Record, checkpoint: Nothing,
            }
        }
    };
}

pub(crate) use protocols;
