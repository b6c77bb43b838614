//! The marks of a node on a stage, besides its role.

use super::Index;
use crate::ids::NodeId;
use crate::time::Span;
use std::fmt;

/// A property of a node that should be seen at a glance. [`Mark::short`] is the label at the node;
/// `Display` gives a phrase that continues the node's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It keeps that number of versions for that node, which did not answer (hinted handoff).
    Hints(NodeId, u32),
    /// That number of records is on its disk, behind a checkpoint if there is one.
    Disk {
        /// Records that a recovery would replay.
        records: u32,
        /// Whether there is a checkpoint from which it would begin.
        checkpoint: bool,
    },
    /// Its lease as the leader, by its own clock.
    Lease {
        /// The remaining time.
        left: Span,
        /// The duration of a new lease.
        whole: Span,
    },
    /// A snapshot replaces its log up to that index.
    Snapshot(Index),
    /// It is a member of the joint configuration in its log: of the old members, of the new ones,
    /// or of both.
    Joint {
        /// It votes among the old.
        old: bool,
        /// It votes among the new.
        new: bool,
    },
}

impl Mark {
    /// The shortest label; empty where a picture shows the mark.
    #[must_use]
    pub fn short(self) -> String {
        match self {
            Self::Hints(home, versions) => format!("{versions} for {home}"),
            Self::Disk { records, .. } => records.to_string(),
            Self::Lease { .. } => String::new(),
            Self::Snapshot(index) => format!("snapshot {index}"),
            Self::Joint { old, new } => sides(old, new, "old + new").to_owned(),
        }
    }
}

fn sides(old: bool, new: bool, both: &'static str) -> &'static str {
    match (old, new) {
        (true, true) => both,
        (true, false) => "old",
        (false, true) => "new",
        (false, false) => "learner",
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Hints(home, 1) => write!(f, "keeps 1 version for {home}"),
            Self::Hints(home, versions) => write!(f, "keeps {versions} versions for {home}"),
            Self::Disk { records, checkpoint } => {
                let s = if records == 1 { "" } else { "s" };
                let behind =
                    if checkpoint { " behind a checkpoint" } else { ", no checkpoint yet" };
                write!(f, "{records} record{s} on disk{behind}")
            }
            Self::Lease { left, .. } => write!(f, "lease for {} ms more", left.as_us() / 1_000),
            Self::Snapshot(index) => write!(f, "snapshot up to entry {index}"),
            Self::Joint { old: false, new: false } => write!(f, "learns in a joint configuration"),
            Self::Joint { old, new } => {
                write!(f, "votes among the {} members", sides(old, new, "old and the new"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_said_in_short_and_in_words() {
        let said = |mark: Mark| format!("{} | {mark}", mark.short());
        assert_eq!(said(Mark::Hints(NodeId(3), 2)), "2 for n3 | keeps 2 versions for n3");
        let disk = Mark::Disk { records: 1, checkpoint: true };
        assert_eq!(said(disk), "1 | 1 record on disk behind a checkpoint");
        let lease = Mark::Lease { left: Span::from_us(90_500), whole: Span::from_ms(150) };
        assert_eq!(said(lease), " | lease for 90 ms more");
        assert_eq!(said(Mark::Snapshot(Index(40))), "snapshot 40 | snapshot up to entry 40");
        let joint = |old, new| said(Mark::Joint { old, new });
        assert_eq!(joint(true, true), "old + new | votes among the old and the new members");
        assert_eq!(joint(false, true), "new | votes among the new members");
        assert_eq!(joint(false, false), "learner | learns in a joint configuration");
    }
}
