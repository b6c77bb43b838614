//! The state of a server, and its representation on disk.

use super::super::database::{Applied, Database};
use super::super::{Checkpoint, Disk, Index, Term};
use crate::ids::{ClientId, NodeId, OperationId};
use crate::store::Request;
use serde::Serialize;
use std::sync::Arc;

/// One write of a client, numbered by a primary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Update {
    /// The epoch in which it was numbered.
    pub term: Term,
    /// Its number.
    pub index: Index,
    /// The client.
    pub client: ClientId,
    /// The client's operation.
    pub operation: OperationId,
    /// The request.
    pub request: Arc<Request>,
}

/// A record on a server's disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// It became primary in that epoch.
    TookOver(Term),
    /// It applied this update.
    Update(Arc<Update>),
}

/// The durable state of a server: its disk keeps it, and a primary sends it to a backup that is not
/// up to date.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct State {
    /// Its epoch; 0 before the first.
    pub term: Term,
    /// The primary of that epoch.
    pub primary: Option<NodeId>,
    /// The last update in it.
    pub last: Index,
    /// The result of the updates.
    pub database: Database,
}

impl State {
    /// Reads the checkpoint, then replays the records behind it; `once`: each operation at most once. A node that took over records that
    /// before anything else of its epoch.
    pub(super) fn recover(me: NodeId, once: bool, disk: &mut Disk) -> Self {
        let (checkpoint, records) = disk.recover();
        let mut state = checkpoint.map_or_else(Self::default, |c| match &*c {
            Checkpoint::PrimaryBackup(state) => (**state).clone(),
            other => unreachable!("{other:?} on the disk of a primary-backup server"),
        });
        for record in records {
            match record {
                super::super::Record::PrimaryBackup(Record::TookOver(term)) => {
                    (state.term, state.primary) = (term, Some(me));
                }
                super::super::Record::PrimaryBackup(Record::Update(update)) => {
                    state.apply(&update, once);
                }
                other => unreachable!("{other:?} on the disk of a primary-backup server"),
            }
        }
        state
    }

    /// Whether it is of the same epoch as another state and has updates that the other has not.
    pub(super) fn is_ahead_of(&self, other: &Self) -> bool {
        (self.term, self.primary) == (other.term, other.primary) && self.last > other.last
    }

    /// Applies the next update; `once`: not if its client's operation was applied before.
    ///
    /// # Panics
    /// When it is not the next.
    pub(super) fn apply(&mut self, update: &Update, once: bool) -> Applied {
        assert_eq!(update.index, self.last.next(), "updates are applied in order, each once");
        self.last = update.index;
        let Update { client, operation, request, .. } = update;
        match once {
            true => self.database.apply(*client, *operation, request),
            false => self.database.apply_again(*client, *operation, request),
        }
    }
}
