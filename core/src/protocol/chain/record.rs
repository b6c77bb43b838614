//! What a node of a chain keeps on its disk.

use super::super::{Disk, Record as Any};
use super::config::Config;
use super::message::Entry;
use crate::paged::Paged;
use serde::Serialize;
use std::sync::Arc;

/// A record on the disk of a node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Record {
    /// The chain as the node knows it, or as the configurator decided it.
    Config(Arc<Config>),
    /// The data begin anew, with that version of the chain.
    Began(u32),
    /// The node has every write that was committed before it came.
    Complete,
    /// A write.
    Entry(Arc<Entry>),
}

/// What a node finds on its disk.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Kept {
    /// The chain as it knew it; None on a disk that is empty.
    pub config: Option<Arc<Config>>,
    /// The version of the chain with which its data began; 0 for no data.
    pub since: u32,
    /// Whether it has every write that was committed before it came.
    pub complete: bool,
    /// The writes, without a gap, from the first.
    pub log: Paged<Arc<Entry>>,
}

impl Kept {
    pub fn recover(disk: &mut Disk) -> Self {
        let mut kept = Self::default();
        for record in disk.recover().1 {
            match record {
                Any::Chain(record) => kept.replay(record),
                other => unreachable!("{other:?} on the disk of a node of a chain"),
            }
        }
        kept
    }

    /// Takes a record in, as it is written or as it is read back.
    pub fn replay(&mut self, record: Record) {
        match record {
            Record::Config(config) => self.config = Some(config),
            Record::Began(since) => {
                *self = Self { config: self.config.take(), since, ..Self::default() };
            }
            Record::Complete => self.complete = true,
            Record::Entry(entry) => self.log.push(entry),
        }
    }
}
