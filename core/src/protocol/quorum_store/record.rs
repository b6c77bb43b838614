//! The disk content of a replica, and its recovery.
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

/// The least number of records in the log before a checkpoint replaces it.
const LEAST_LOG: usize = 1_000;

/// A record of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// A version was stored.
    Version(Arc<Entry>),
    /// A version was stored for that node, for later delivery.
    Hint(NodeId, Arc<Entry>),
    /// A hint was handed over.
    HandedOver(NodeId, Arc<Entry>),
    /// A tombstone was forgotten, among the own data and the hints.
    Forgot(Arc<Entry>),
}

/// The content of the log: versions in the order of their keys, and hints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    entries: Vec<Entry>,
    hints: Hints,
}

impl Snapshot {
    /// The whole content of a replica.
    #[must_use]
    pub fn of(stock: &Stock, hints: &Hints) -> Self {
        let entries = stock.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
        Self { entries, hints: hints.clone() }
    }
}

/// Reads the disk of a starting replica. Returns its versions, its hints and the number of replayed
/// records.
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

/// Whether a checkpoint of that number of versions should replace a log of that length. Checkpoints
/// are rare enough that they cost no more writing than the log. The versions are counted only once
/// per `LEAST_LOG` records.
pub fn is_long(log: usize, versions: impl FnOnce() -> usize) -> bool {
    log >= LEAST_LOG && log.is_multiple_of(LEAST_LOG) && log >= versions()
}
