//! The disk content of a node of a chain.

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
    /// The data begin again, with that version of the chain.
    Began(u32),
    /// The node has every write that was committed before it joined.
    Complete,
    /// A write.
    Entry(Arc<Entry>),
}

/// The state that a node recovers from its disk.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Kept {
    /// The chain as the node knew it; None on an empty disk.
    pub config: Option<Arc<Config>>,
    /// The version of the chain with which its data began; 0 for no data.
    pub since: u32,
    /// Whether it has every write that was committed before it joined.
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

    /// Applies a record, when it is written and when it is read back.
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
