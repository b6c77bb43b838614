//! A simulated disk: a checkpoint, and behind it a log of records.
//!
//! A write is *handed over* when the process issues it and *durable* when it would survive a crash.
//! Writes become durable in the order handed over, by [`Disk::flush`]; the kernel decides when. A
//! durable checkpoint replaces all earlier writes. A torn record fails its checksum on recovery: it
//! is not read back.

use crate::paged::Paged;
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// A point in the order of writes: the number of writes handed over so far. 0 is before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WriteId(pub u64);

/// A disk of records `R` and checkpoints `C`. Clones share their common parts.
#[derive(Clone, Debug)]
pub struct Disk<R: Clone, C> {
    checkpoint: Option<Arc<C>>,
    log: Paged<Write<R, C>>,
    /// The write before the first of `log`.
    base: WriteId,
    durable: WriteId,
    /// The first record that fails its checksum.
    torn: Option<WriteId>,
}

#[derive(Debug, Serialize)]
enum Write<R, C> {
    Record(R),
    Checkpoint(Arc<C>),
}

impl<R: Clone, C> Clone for Write<R, C> {
    fn clone(&self) -> Self {
        match self {
            Self::Record(r) => Self::Record(r.clone()),
            Self::Checkpoint(c) => Self::Checkpoint(Arc::clone(c)),
        }
    }
}

impl<R: Clone, C> Default for Disk<R, C> {
    fn default() -> Self {
        Self {
            checkpoint: None,
            log: Paged::default(),
            base: WriteId(0),
            durable: WriteId(0),
            torn: None,
        }
    }
}

impl<R: Clone, C> Disk<R, C> {
    /// Hands a record over.
    pub fn append(&mut self, record: R) -> WriteId {
        self.log.push(Write::Record(record));
        self.written()
    }

    /// Hands over a checkpoint; once durable it replaces everything written before it.
    pub fn checkpoint(&mut self, checkpoint: Arc<C>) -> WriteId {
        self.log.push(Write::Checkpoint(checkpoint));
        self.written()
    }

    /// Makes all writes up to and including `upto` durable.
    pub fn flush(&mut self, upto: WriteId) {
        assert!(upto <= self.written());
        let fresh = self.durable.0.max(self.base.0)..upto.0;
        let newest = fresh.rev().find_map(|n| match &self.log[(n - self.base.0) as usize] {
            Write::Checkpoint(c) => Some((WriteId(n + 1), Arc::clone(c))),
            Write::Record(_) => None,
        });
        if let Some((at, checkpoint)) = newest {
            self.log.drop_first((at.0 - self.base.0) as usize);
            self.base = at;
            self.torn = self.torn.filter(|&torn| torn > at);
            self.checkpoint = Some(checkpoint);
        }
        self.durable = self.durable.max(upto);
    }

    /// Loses power: all writes that are not durable are gone.
    pub fn crash(&mut self) {
        self.log.truncate((self.durable.0 - self.base.0) as usize);
        self.torn = self.torn.filter(|&torn| torn <= self.durable);
        // Writes are numbered on from here, so that a number never means two writes.
        assert_eq!(self.written(), self.durable);
    }

    /// Empties the disk. The numbers of writes continue.
    pub fn wipe(&mut self) {
        let written = self.written();
        *self = Self { base: written, durable: written, ..Self::default() };
    }

    /// Tears the last record: it will fail its checksum. False when there is none.
    pub fn tear(&mut self) -> bool {
        if self.log.is_empty() {
            return false;
        }
        self.torn = Some(self.torn.map_or(self.written(), |torn| torn.min(self.written())));
        true
    }

    /// Reads the disk as a starting process does: the checkpoint, and the records behind it in
    /// order. A torn record and all behind it are cut off for good: the next record's start is
    /// unknown.
    pub fn recover(&mut self) -> (Option<Arc<C>>, Vec<R>) {
        if let Some(torn) = self.torn.take() {
            self.log.truncate((torn.0 - 1 - self.base.0) as usize);
            self.durable = self.written();
        }
        let records = self.log.iter().filter_map(|w| match w {
            Write::Record(r) => Some(r.clone()),
            Write::Checkpoint(_) => None,
        });
        (self.checkpoint.clone(), records.collect())
    }

    /// The last write handed over.
    #[must_use]
    pub fn written(&self) -> WriteId {
        WriteId(self.base.0 + self.log.len() as u64)
    }

    /// The last durable write.
    #[must_use]
    pub fn durable(&self) -> WriteId {
        self.durable
    }

    /// Number of writes behind the checkpoint.
    #[must_use]
    pub fn log_len(&self) -> usize {
        self.log.len()
    }

    /// Whether a checkpoint is durable.
    #[must_use]
    pub fn has_checkpoint(&self) -> bool {
        self.checkpoint.is_some()
    }

    /// Whether a record is torn.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.torn.is_some()
    }

    /// The last `most` records behind the checkpoint, oldest first, each with its durability.
    pub fn tail(&self, most: usize) -> impl Iterator<Item = (&R, bool)> {
        let skip = self.log.len().saturating_sub(most);
        let first = self.base.0 + 1;
        self.log.iter().enumerate().skip(skip).filter_map(move |(i, w)| match w {
            Write::Record(r) => Some((r, first + i as u64 <= self.durable.0)),
            Write::Checkpoint(_) => None,
        })
    }
}

/// Serialises only the parts that tell two disks apart cheaply. A write's number stands for its
/// content, since the processes that wrote it are part of the same state.
impl<R: Clone + Serialize, C: Serialize> Serialize for Disk<R, C> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let last = self.log.last();
        (&self.checkpoint, self.base, self.durable, self.log.len(), last, self.torn).serialize(s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(disk: &mut Disk<u32, Vec<u32>>) -> (Option<Vec<u32>>, Vec<u32>) {
        let (checkpoint, records) = disk.recover();
        (checkpoint.map(|c| (*c).clone()), records)
    }

    #[test]
    fn a_crash_keeps_what_was_durable() {
        let mut disk = Disk::default();
        disk.append(1);
        let two = disk.append(2);
        disk.append(3);
        disk.flush(two);
        disk.crash();
        assert_eq!(records(&mut disk), (None, vec![1, 2]));
    }

    #[test]
    fn a_checkpoint_replaces_what_was_before_it_once_durable() {
        let mut disk = Disk::default();
        disk.append(1);
        disk.flush(disk.written());
        let saved = disk.checkpoint(Arc::new(vec![1]));
        disk.append(2);
        assert_eq!(records(&mut disk.clone()).0, None);
        disk.flush(saved);
        assert_eq!(records(&mut disk.clone()), (Some(vec![1]), vec![2]));
        disk.crash();
        assert_eq!(records(&mut disk), (Some(vec![1]), vec![]));
    }

    #[test]
    fn a_torn_record_is_not_read_back() {
        let mut disk: Disk<u32, Vec<u32>> = Disk::default();
        assert!(!disk.tear());
        disk.append(1);
        disk.append(2);
        disk.flush(disk.written());
        assert!(disk.tear());
        disk.append(3);
        disk.flush(disk.written());
        assert_eq!(records(&mut disk), (None, vec![1]), "what stands behind it is lost too");
        assert_eq!(records(&mut disk), (None, vec![1]));
        disk.wipe();
        assert_eq!(records(&mut disk), (None, vec![]));
        assert_eq!(disk.written(), disk.durable());
    }
}
