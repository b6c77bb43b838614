//! The event queue, in a total order: entries due at the same time have a fixed order too.
//!
//! Entries are never removed from the middle. A stale entry (a timer that was reset, a message that
//! was dropped) is detected when it comes up: its owner knows the time that it waits for.

use crate::ids::{Addr, MessageId};
use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most messages in flight at a time.
pub const MAX_IN_FLIGHT: usize = 200_000;

/// The kind of a queue entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A message, by its id and the place where it is kept.
    Flight(MessageId, usize),
    /// A disk completes its write, by the dense number of its node.
    Disk(usize),
    /// Data of a node without fsync reaches the platter, by the dense number of its node.
    Writeback(usize),
    /// A timer of a node or client, by the owner's dense number and the timer's place.
    Timer(usize, usize),
    /// The workload makes a client ask.
    Workload,
}

/// At the same time entries are ordered by kind in this order, and then by number: this order does
/// not depend on the order of insertion.
const FLIGHT: u64 = 0;
const DISK: u64 = 1;
const WRITEBACK: u64 = 2;
const TIMER: u64 = 3;
const WORKLOAD: u64 = 4;

const RANK: u32 = 61;
const SLOT: u32 = 20;

impl Due {
    fn pack(self) -> u64 {
        match self {
            Self::Flight(id, slot) => FLIGHT << RANK | id.0 << SLOT | slot as u64,
            Self::Disk(node) => DISK << RANK | node as u64,
            Self::Writeback(node) => WRITEBACK << RANK | node as u64,
            Self::Timer(owner, slot) => TIMER << RANK | (owner as u64) << SLOT | slot as u64,
            Self::Workload => WORKLOAD << RANK,
        }
    }

    fn unpack(packed: u64) -> Self {
        let body = packed & ((1 << RANK) - 1);
        let (high, low) = (body >> SLOT, (body & ((1 << SLOT) - 1)) as usize);
        match packed >> RANK {
            FLIGHT => Self::Flight(MessageId(high), low),
            DISK => Self::Disk(low),
            WRITEBACK => Self::Writeback(low),
            TIMER => Self::Timer(high as usize, low),
            _ => Self::Workload,
        }
    }
}

/// The queue of entries by time.
#[derive(Clone, Debug, Default)]
pub struct Queue(BinaryHeap<Reverse<(Time, u64)>>);

const _: () = assert!(MAX_IN_FLIGHT <= 1 << SLOT && Addr::DENSE < 1 << SLOT);

impl Queue {
    /// Inserts an entry at that time.
    pub fn push(&mut self, at: Time, due: Due) {
        self.0.push(Reverse((at, due.pack())));
    }

    /// The next entry and its time.
    #[must_use]
    pub fn peek(&self) -> Option<(Time, Due)> {
        self.0.peek().map(|Reverse((at, packed))| (*at, Due::unpack(*packed)))
    }

    /// Removes the next entry.
    pub fn pop(&mut self) {
        self.0.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let all = [
            Due::Flight(MessageId(3), 9),
            Due::Flight(MessageId(4), 0),
            Due::Disk(2),
            Due::Writeback(0),
            Due::Timer(0, 1),
            Due::Timer(150, 0),
            Due::Workload,
        ];
        let mut queue = Queue::default();
        for due in all.iter().rev() {
            queue.push(Time::from_us(5), *due);
        }
        queue.push(Time::from_us(4), Due::Workload);
        assert_eq!(queue.peek(), Some((Time::from_us(4), Due::Workload)));
        queue.pop();
        for due in all {
            assert_eq!(queue.peek(), Some((Time::from_us(5), due)));
            queue.pop();
        }
    }
}
