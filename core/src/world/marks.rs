//! The marks of nodes on the stage.

use super::{Host, World};
use crate::protocol::Mark;
use crate::settings::Preset;

impl World {
    /// The marks of a node of this World: those of its machine, by its own clock; and in the
    /// sharded store the records that a recovery would find on its disk, whether it runs or not.
    #[must_use]
    pub fn marks(&self, host: &Host) -> Vec<Mark> {
        let clock = host.clock().reading(self.now());
        let mut marks = host.machine().map_or_else(Vec::new, |m| m.marks(clock, self.settings()));
        let disk = host.disk();
        if self.preset() == Preset::Ring && (disk.log_len() > 0 || disk.has_checkpoint()) {
            let (records, checkpoint) = (disk.log_len() as u32, disk.has_checkpoint());
            marks.push(Mark::Disk { records, checkpoint });
        }
        marks
    }
}
