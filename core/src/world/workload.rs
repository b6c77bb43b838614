//! The requests that clients make on their own, from the seed.
//!
//! Clients ask at exponentially distributed times, as independent people do. A client that still
//! waits for an answer is skipped, so that requests do not pile up while a cluster cannot answer.
//! Every write writes another value, so that a read identifies the write that it saw.

use super::World;
use super::queue::Due;
use crate::ids::ClientId;
use crate::rng::{Concern, Latency, Rng, Shape};
use crate::run::Workload;
use crate::store::{Op, Request, Word};
use crate::time::{Span, Time};
use crate::trace::{Causes, What};
use serde::Serialize;
use std::sync::Arc;

/// The state of a running workload.
#[derive(Clone, Debug, Serialize)]
pub(super) struct State {
    pub(super) workload: Workload,
    pub(super) next: Time,
    rng: Rng,
    written: u32,
}

impl State {
    /// The time until the next request.
    fn pause(&mut self) -> Span {
        let mean_us = 1_000_000_000 / u64::from(self.workload.rate_mhz.max(1));
        Latency::of(Shape::Exp(Span::from_us(mean_us.max(1)))).draw(&mut self.rng)
    }

    fn request(&mut self) -> Request {
        let key = key(self.rng.below(u32::from(self.workload.keys.max(1))));
        if self.rng.chance(self.workload.reads) {
            return Request { key, op: Op::Get };
        }
        self.written += 1;
        Request { key, op: Op::Set(self.written.to_string().into()) }
    }
}

/// `x`, `y`, `z`, then `k4`, `k5`, …
fn key(number: u32) -> Word {
    match number {
        0 => "x".into(),
        1 => "y".into(),
        2 => "z".into(),
        n => format!("k{}", n + 1).into(),
    }
}

impl World {
    pub(super) fn set_workload(&mut self, workload: Option<Workload>) {
        let Some(workload) = workload else {
            self.workload = None;
            return;
        };
        let old = self.workload.take();
        let fresh = || (Rng::new(self.settings.seed, Concern::Workload), 0);
        let (rng, written) = old.map_or_else(fresh, |s| (s.rng, s.written));
        let mut state = State { workload, next: Time::ZERO, rng, written };
        state.next = self.now + state.pause();
        self.queue.push(state.next, Due::Workload);
        self.workload = Some(state);
    }

    /// Makes a client ask.
    pub(super) fn workload_due(&mut self) {
        let idle: Vec<ClientId> =
            self.clients.iter().filter(|p| p.session.is_idle()).map(|p| p.session.id()).collect();
        let Some(state) = &mut self.workload else { return };
        state.next = self.now + state.pause();
        self.queue.push(state.next, Due::Workload);
        let chosen = state.rng.below(idle.len() as u32) as usize;
        let request = state.request();
        if let Some(&client) = idle.get(chosen) {
            let event = self.record(What::Prompted(client), Causes::NONE);
            self.ask(client, Arc::new(request), None, event);
        }
    }
}
