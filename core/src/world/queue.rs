//! The event queue: what is due, in a fixed order also for what is due at the same time.
//!
//! Entries are never removed from the middle. An entry that no longer holds (a timer set anew, a
//! message dropped) is found out when it comes up: the owner knows what it waits for.

use crate::ids::{Addr, MessageId};
use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The most messages in flight at a time.
pub const MAX_IN_FLIGHT: usize = 200_000;

/// What may be due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// A message, by its id and the place where it is kept.
    Flight(MessageId, usize),
    /// A disk has written what it had to, by the dense number of its node.
    Disk(usize),
    /// What a node without fsync wrote reaches the platter, by the dense number of its node.
    Writeback(usize),
    /// A timer of a node or client, by the owner's dense number and the timer's place.
    Timer(usize, usize),
    /// A client is to ask on its own.
    Workload,
}

/// At the same time, by kind in this order, and then by number: an order that does not depend on
/// how things came into the queue.
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

/// What is due and when.
#[derive(Clone, Debug, Default)]
pub struct Queue(BinaryHeap<Reverse<(Time, u64)>>);

const _: () = assert!(MAX_IN_FLIGHT <= 1 << SLOT && Addr::DENSE < 1 << SLOT);

impl Queue {
    /// Something is due at that time.
    pub fn push(&mut self, at: Time, due: Due) {
        self.0.push(Reverse((at, due.pack())));
    }

    /// What is due next.
    #[must_use]
    pub fn peek(&self) -> Option<(Time, Due)> {
        self.0.peek().map(|Reverse((at, packed))| (*at, Due::unpack(*packed)))
    }

    /// Takes what is due next out.
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
