//! What a replica writes to its disk, and how it comes back.
//!
//! The log is replayed on recovery, in the order written. When it has grown long, a checkpoint of
//! everything replaces it.

use super::hints::Hints;
use super::message::Entry;
use super::placement::Placement;
use super::stock::Stock;
use crate::ids::NodeId;
use crate::protocol::{Checkpoint as AnyCheckpoint, Disk, Record as AnyRecord};
use serde::Serialize;
use std::sync::Arc;

/// The log is not replaced by a checkpoint before it has that many records.
const LEAST_LOG: usize = 1_000;

/// A record of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// A version was stored.
    Version(Arc<Entry>),
    /// A version was stored for that node, to be handed over.
    Hint(NodeId, Arc<Entry>),
    /// It was handed over.
    HandedOver(NodeId, Arc<Entry>),
    /// A tombstone was forgotten, wherever it was kept.
    Forgot(Arc<Entry>),
}

/// Everything that the log said: versions in the order of their keys, and hints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    entries: Vec<Entry>,
    hints: Hints,
}

impl Snapshot {
    /// All that a replica holds.
    #[must_use]
    pub fn of(stock: &Stock, hints: &Hints) -> Self {
        let entries = stock.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        Self { entries, hints: hints.clone() }
    }
}

/// What a starting replica finds on its disk, and how many records it replayed.
pub fn recover(placement: Placement, disk: &mut Disk) -> (Stock, Hints, usize) {
    let (checkpoint, records) = disk.recover();
    let (mut stock, mut hints) = (Stock::new(placement), Hints::default());
    if let Some(AnyCheckpoint::Quorum(snapshot)) = checkpoint.as_deref() {
        for (key, version) in &snapshot.entries {
            stock.merge(key, version);
        }
        hints = snapshot.hints.clone();
    }
    for record in &records {
        let AnyRecord::Quorum(record) = record else { continue };
        match record {
            Record::Version(entry) => {
                stock.merge(&entry.0, &entry.1);
            }
            Record::Hint(home, entry) => {
                hints.keep(*home, &entry.0, &entry.1);
            }
            Record::HandedOver(home, entry) => {
                hints.forget(*home, entry);
            }
            Record::Forgot(entry) => {
                stock.forget(entry);
                hints.forget_for_all(entry);
            }
        }
    }
    (stock, hints, records.len())
}

/// Whether a log of that length is due to be replaced by a checkpoint of that many versions: so
/// seldom that checkpoints cost no more to write than the log does. They are counted only once in
/// so many records.
pub fn is_long(log: usize, versions: impl FnOnce() -> usize) -> bool {
    log >= LEAST_LOG && log.is_multiple_of(LEAST_LOG) && log >= versions()
}
