//! The calls not yet taken, in the order of real time.

use super::model::{Action, Call};
use crate::order;

/// The invocations and returns of the answered calls not yet taken, in real-time order: a list from
/// which calls are lifted out, and put back in reverse order (Knuth's dancing links).
#[derive(Debug)]
pub struct Line {
    /// By entry: the invocations, then the returns, then the end, which is also the beginning.
    next: Vec<u32>,
    previous: Vec<u32>,
}

/// The kind of an entry of the line, with the index of its call.
#[derive(Clone, Copy, Debug)]
pub enum Entry {
    /// The invocation of this call.
    Call(usize),
    /// The return of this call.
    Return(usize),
    /// Behind all others, and before the first.
    End,
}

impl Line {
    /// All calls, each at the events of its invocation and its return.
    pub fn new(answered: &[(Call, Action)]) -> Self {
        let calls = answered.len();
        let invocations = answered.iter().enumerate().map(|(at, (call, _))| (call.invoked, at));
        let returns =
            answered.iter().enumerate().map(|(at, (call, _))| (call.returned, calls + at));
        let mut events: Vec<(u32, usize)> = invocations.chain(returns).collect();
        order::sort(&mut events);
        let mut line = Self { next: vec![0; 2 * calls + 1], previous: vec![0; 2 * calls + 1] };
        let mut before = 2 * calls;
        for entry in events.into_iter().map(|(_, entry)| entry).chain([2 * calls]) {
            line.join(before, entry);
            before = entry;
        }
        line
    }

    /// The first entry. As a call precedes its return, it is an invocation, and equal to the first
    /// call not yet taken; or it is the end.
    pub fn first(&self) -> usize {
        self.after(self.next.len() - 1)
    }

    /// The entry after another, or the one that followed it when it was lifted out.
    pub fn after(&self, entry: usize) -> usize {
        self.next[entry] as usize
    }

    /// The kind of an entry.
    pub fn kind(&self, entry: usize) -> Entry {
        let calls = self.next.len() / 2;
        match entry {
            end if end == 2 * calls => Entry::End,
            call if call < calls => Entry::Call(call),
            answer => Entry::Return(answer - calls),
        }
    }

    /// Takes out both entries of a call: the return first, so that the successor of the invocation
    /// is an entry that is still there.
    pub fn lift(&mut self, call: usize) {
        for entry in [self.next.len() / 2 + call, call] {
            self.join(self.previous[entry] as usize, self.next[entry] as usize);
        }
    }

    /// Puts back the call that was lifted out last.
    pub fn put_back(&mut self, call: usize) {
        for entry in [call, self.next.len() / 2 + call] {
            let (before, after) = (self.previous[entry] as usize, self.next[entry] as usize);
            self.next[before] = entry as u32;
            self.previous[after] = entry as u32;
        }
    }

    fn join(&mut self, before: usize, after: usize) {
        self.next[before] = after as u32;
        self.previous[after] = before as u32;
    }
}
