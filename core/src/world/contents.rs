//! Everything that a node keeps, for whoever looks for something wherever it may stand.

use super::Host;
use crate::protocol::Machine;
use serde::Serialize;

/// Reads the parts of a node, of whatever type they are.
pub trait Reader {
    /// Reads one part.
    fn read<T: Serialize + ?Sized>(&mut self, part: &T);
}

impl Host {
    /// Shows what its process has in memory, and what it is about to send.
    pub fn show_memory(&self, reader: &mut impl Reader) {
        self.held.iter().for_each(|held| reader.read(&held.message));
        let Some(machine) = &self.machine else { return };
        reader.read(machine);
        // A log is serialised as a digest.
        if let Machine::Raft(server) = machine {
            server.log().tail(usize::MAX).for_each(|(_, entry)| reader.read(entry));
        }
    }

    /// Shows what was handed over to its disk, also what later records have replaced.
    pub fn show_disk(&self, reader: &mut impl Reader) {
        reader.read(&self.disk);
        self.disk.tail(usize::MAX).for_each(|(record, _)| reader.read(record));
    }
}
