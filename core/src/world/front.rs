//! The load balancer, where a preset has one: a machine like a node's, without a disk, that never
//! crashes. The kernel drives it here; its behaviour belongs to the protocol.

use super::clock::Clock;
use super::timers::{Set, Timers};
use super::{World, hash, outlook};
use crate::disk::WriteId;
use crate::ids::{Addr, EventId};
use crate::protocol::ring::Balancer;
use crate::protocol::{Cx, Effect, Input};
use crate::rng::{Concern, Rng};
use crate::run::Setup;
use crate::settings::Preset;
use crate::time::Span;
use crate::trace::{Causes, What};
use serde::Serialize;

/// The load balancer and the kernel's data about it.
#[derive(Clone, Debug, Serialize)]
pub struct Front {
    machine: Balancer,
    pub(super) timers: Timers,
    pub(super) clock: Clock,
    rng: Rng,
}

impl Front {
    /// The load balancer of a cluster, if it has one.
    pub(super) fn of(setup: &Setup) -> Option<Self> {
        let settings = &setup.settings;
        let wanted = setup.preset == Preset::Ring && settings.ring.balancer;
        wanted.then(|| Self {
            machine: Balancer::boot(settings),
            timers: Timers::default(),
            clock: Clock::default(),
            rng: Rng::new(settings.seed, Concern::Balancer),
        })
    }

    /// The part of the World's outlook that it decides.
    pub(super) fn outlook(&self) -> u64 {
        hash::of(&(&self.machine, outlook::set(&self.timers), &self.clock, &self.rng))
    }

    /// Its machine.
    #[must_use]
    pub fn machine(&self) -> &Balancer {
        &self.machine
    }

    /// Its clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Its timers that are set.
    pub fn timers(&self) -> impl Iterator<Item = &Set> {
        self.timers.iter()
    }
}

impl World {
    pub(super) fn start_front(&mut self) {
        if self.front.is_some() {
            let event = self.record(What::BalancerStarted, Causes::NONE);
            self.dispatch_front(Input::Start, event);
        }
    }

    /// Gives the load balancer an input, if there is one, and applies its effects.
    pub(super) fn dispatch_front(&mut self, input: Input, cause: EventId) {
        let Some(front) = &mut self.front else { return };
        let mut effects = std::mem::take(&mut self.scratch);
        let mut cx = Cx {
            me: Addr::Balancer,
            clock: front.clock.reading(self.now),
            rng: &mut front.rng,
            settings: &self.settings,
            written: WriteId::default(),
            effects: &mut effects,
        };
        front.machine.step(input, &mut cx);
        for effect in effects.drain(..) {
            self.apply_front(effect, cause);
        }
        self.scratch = effects;
    }

    fn apply_front(&mut self, effect: Effect, cause: EventId) {
        let Some(front) = &mut self.front else { return };
        match effect {
            Effect::Send(to, message) => {
                self.send(Addr::Balancer, to, message, Causes::one(cause));
            }
            Effect::SetTimer(timer, after) => {
                let least = Span::from_us(1);
                let due = self.now + front.clock.true_length(after).max(least);
                let set = Set { timer, since: self.now, due, cause };
                front.timers.set(set, Addr::Balancer.dense(), &mut self.queue);
            }
            Effect::CancelTimer(timer) => front.timers.cancel(|t| t == timer),
            Effect::Note(fact) => {
                self.record(What::BalancerNoted(fact), Causes::one(cause));
            }
            Effect::Write(_) | Effect::Checkpoint(_) | Effect::Finish(_) | Effect::Leave => {
                unreachable!("a balancer has no disk, asks nothing and is no member")
            }
        }
    }
}
