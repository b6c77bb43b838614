//! The judges that conditions ask by name, each as rarely as its verdict allows.

use super::{Breach, Breaches, Condition, Happened};
use crate::check::linearizability;
use crate::check::naming::Name;
use crate::check::raft_safety::RaftSafety;
use crate::check::{Property, Verdict, referee, sessions};
use crate::history::history;
use crate::run::Command;
use crate::time::{Span, Time};
use crate::world::World;

/// The most calls that the search of one key may examine.
const SEARCH: u64 = 200_000;
/// The virtual time between two looks at what the replicas hold.
const PAUSE: Span = Span::from_ms(10);
/// A run of more steps or operations than this is judged at every 32nd part of its length only.
const LONG: u64 = 20_000;
const MANY: usize = 300;

/// Findings of the judges about a cluster's run, as far as conditions ask for them.
#[derive(Clone, Debug)]
pub(super) struct Panel {
    safety: RaftSafety,
    wanted: Breaches,
    /// Violations that stay.
    found: Breaches,
    /// Violations at the last look that may pass.
    passing: Breaches,
    /// Whether an operation has returned since the answers were judged.
    is_due: bool,
    next_step: u64,
    next_time: Time,
}

impl Panel {
    /// The judges whom these conditions need.
    pub fn of(conditions: &[Condition]) -> Self {
        let mut wanted = Breaches::default();
        for breach in Breach::all() {
            let is = |part: &Condition| match part {
                Condition::Violated(asked) => *asked == breach,
                Condition::Violation => is_of_violation(breach),
                _ => false,
            };
            if conditions.iter().any(|condition| condition.any(&is)) {
                wanted.add(breach);
            }
        }
        Self {
            safety: RaftSafety::new(),
            wanted,
            found: Breaches::default(),
            passing: Breaches::default(),
            is_due: false,
            next_step: 0,
            next_time: Time::ZERO,
        }
    }

    /// Takes in a step.
    pub fn look(&mut self, world: &World, commands: &[Command], happened: Happened) {
        if self.wanted.is_empty() {
            return;
        }
        self.safety.observe(world);
        if let Some(violation) = self.safety.violation() {
            let property = Property::Raft(violation.property);
            self.found.add(Breach::Property(property));
            self.found.add(Breach::Name(of_safety(property)));
        }
        self.is_due |= happened.returned;
        if self.is_due && world.steps() >= self.next_step && !self.found.has_all(self.wanted) {
            self.is_due = false;
            self.answers(world);
            self.pause(world);
        }
        if world.now() >= self.next_time && (happened.returned || world.steps() >= self.next_step) {
            self.next_time = world.now() + PAUSE;
            self.stored(world, commands);
            self.pause(world);
        }
    }

    /// All violations up to the present.
    pub fn broken(&self) -> Breaches {
        self.found.and(self.passing)
    }

    /// Whether what clients were told cannot be right, or servers broke a safety property.
    pub fn is_violated(&self) -> bool {
        Breach::all().any(|breach| is_of_violation(breach) && self.found.has(breach))
    }

    fn pause(&mut self, world: &World) {
        if world.steps() > LONG || world.operations().len() > MANY {
            self.next_step = world.steps() + world.steps() / 32;
        }
    }

    fn wants(&self, breach: Breach) -> bool {
        self.wanted.has(breach) && !self.found.has(breach)
    }

    /// Judges what clients were told: a violation of it stays.
    fn answers(&mut self, world: &World) {
        let history = history(world);
        let linearizable = Breach::Property(Property::Linearizability);
        let name = |name| Breach::Name(name);
        let names = [Name::StaleRead, Name::AppliedTwice, Name::DirtyRead, Name::Contradiction];
        let wants_name = names.into_iter().any(|n| self.wants(name(n)));
        let asks = self.wants(linearizable) || wants_name;
        if asks && linearizability::is_linearizable(&history, SEARCH) == Some(false) {
            if wants_name {
                let verdict = linearizability::check_within(&history, SEARCH).verdict(&history);
                self.found.add(name(crate::check::naming::of(&history, &verdict)));
            }
            self.found.add(linearizable);
        }
        let broken = |verdict: &Verdict| verdict.holds == Some(false);
        for verdict in sessions::check(&history).iter().filter(|v| broken(v)) {
            self.found.add(Breach::Property(verdict.property));
            self.found.add(name(crate::check::naming::of(&history, verdict)));
        }
    }

    /// Judges what the replicas hold: that may become right again.
    fn stored(&mut self, world: &World, commands: &[Command]) {
        let [lost, converge] = [Property::NoLostWrites, Property::Convergence];
        let pairs = [(lost, Name::LostWrite), (converge, Name::Diverged)];
        let asked = |(p, n): (Property, Name)| {
            self.wanted.has(Breach::Property(p)) || self.wanted.has(Breach::Name(n))
        };
        if !pairs.into_iter().any(asked) {
            return;
        }
        self.passing = Breaches::default();
        let verdicts = referee::of_stored(world, commands, &history(world));
        for (verdict, (property, name)) in verdicts.iter().zip(pairs) {
            if verdict.holds == Some(false) {
                self.passing.add(Breach::Property(property));
                self.passing.add(Breach::Name(name));
            }
        }
    }
}

fn is_of_violation(breach: Breach) -> bool {
    matches!(breach, Breach::Property(Property::Linearizability | Property::Raft(_)))
}

fn of_safety(property: Property) -> Name {
    use crate::check::raft_safety::SafetyProperty::{
        ElectionSafety, LeaderCompleteness, Persistence,
    };
    match property {
        Property::Raft(ElectionSafety) => Name::SplitBrain,
        Property::Raft(LeaderCompleteness | Persistence) => Name::LostEntry,
        _ => Name::DivergedLogs,
    }
}
