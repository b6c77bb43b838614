//! The whole content of a node, for searches in all its places.

use super::Host;
use crate::protocol::Machine;
use serde::Serialize;

/// A visitor of the parts of a node, of any type.
pub trait Reader {
    /// Reads one part.
    fn read<T: Serialize + ?Sized>(&mut self, part: &T);
}

impl Host {
    /// Shows the memory of its process, and the messages that wait for the disk.
    pub fn show_memory(&self, reader: &mut impl Reader) {
        self.held.iter().for_each(|held| reader.read(&held.message));
        let Some(machine) = &self.machine else { return };
        reader.read(machine);
        // The log is shown entry by entry, since it is serialised as a digest.
        if let Machine::Raft(server) = machine {
            server.log().tail(usize::MAX).for_each(|(_, entry)| reader.read(entry));
        }
    }

    /// Shows the writes handed over to its disk, also those that later records have replaced.
    pub fn show_disk(&self, reader: &mut impl Reader) {
        reader.read(&self.disk);
        self.disk.tail(usize::MAX).for_each(|(record, _)| reader.read(record));
    }
}
