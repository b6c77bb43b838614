//! What all judges say of one cluster of a run, at any of its moments.
//!
//! A World is a pure function of the run, so the referee replays the run by itself and watches it
//! there: nothing that plays a run for people has to wait for its judges, and the referee can sit
//! somewhere else, with nothing but the run. It goes on from where it stands; where the run became
//! another one, or it is to look at an earlier moment, it goes on from the last moment it kept.

use super::raft_safety::{RaftSafety, SafetyViolation};
use super::{Property, Verdict, acknowledged, convergence, linearizability, replicas, sessions};
use crate::history::{History, MAX_OPERATIONS, history};
use crate::run::{Command, Setup};
use crate::settings::Preset;
use crate::time::{LATEST, Time};
use crate::timeline::Budget;
use crate::world::World;
use linearizability::{Judge, Report};

/// Steps between moments that are kept, at first.
const FIRST_INTERVAL: u64 = 4_096;
/// When more moments are kept than this, every other one is dropped.
const MAX_KEPT: usize = 64;

/// The judges of one cluster.
#[derive(Clone, Debug)]
pub struct Referee {
    setup: Setup,
    commands: Vec<Command>,
    here: Moment,
    /// By step; the first is the beginning.
    kept: Vec<Moment>,
    interval: u64,
    judge: Judge,
}

/// The World and its judge who must watch every step.
#[derive(Clone, Debug)]
struct Moment {
    world: World,
    safety: RaftSafety,
}

impl Referee {
    /// The referee of a cluster, who has seen nothing yet. The search of one key for
    /// linearizability may look at `steps` calls.
    #[must_use]
    pub fn new(setup: &Setup, commands: &[Command], steps: u64) -> Self {
        let mut world = World::new(setup);
        world.set_recording(false);
        let here = Moment { world, safety: RaftSafety::new() };
        Self {
            setup: setup.clone(),
            commands: commands.to_vec(),
            kept: vec![here.clone()],
            here,
            interval: FIRST_INTERVAL,
            judge: Judge::new(steps),
        }
    }

    /// From now on the run has these commands. What was seen of the common beginning stays. False
    /// if it is another cluster: that needs another referee.
    pub fn follow(&mut self, setup: &Setup, commands: &[Command]) -> bool {
        if *setup != self.setup {
            return false;
        }
        let same = self.commands.iter().zip(commands).take_while(|(old, new)| old == new).count();
        let next = commands.get(same).map(|command| command.at);
        let is_common = |moment: &Moment| {
            moment.world.commands_done() <= same
                && next.is_none_or(|at| moment.world.last_step() <= at)
        };
        self.kept.retain(is_common);
        if !is_common(&self.here) {
            self.go_back(u64::MAX);
            self.judge.forget();
        }
        self.commands = commands.to_vec();
        true
    }

    /// Goes to where that many steps have been taken, or as many as there are. False when the
    /// budget ran out on the way; then another call goes on.
    pub fn go_to(&mut self, steps: u64, budget: &mut Budget) -> bool {
        if self.here.world.steps() > steps {
            self.go_back(steps);
        }
        while self.here.world.steps() < steps {
            if !budget.spend() {
                return false;
            }
            if !self.here.world.advance(&self.commands, LATEST) {
                return true;
            }
            self.here.safety.observe(&self.here.world);
            self.keep();
        }
        true
    }

    /// To the last moment kept that is not beyond so many steps.
    fn go_back(&mut self, steps: u64) {
        let after = self.kept.partition_point(|kept| kept.world.steps() <= steps);
        // The beginning of a run is never beyond anything.
        self.here = self.kept[after.saturating_sub(1)].clone();
    }

    fn keep(&mut self) {
        let steps = self.here.world.steps();
        let is_new = self.kept.last().is_none_or(|kept| kept.world.steps() < steps);
        if !is_new || !steps.is_multiple_of(self.interval) {
            return;
        }
        self.kept.push(self.here.clone());
        if self.kept.len() > MAX_KEPT {
            self.interval *= 2;
            let interval = self.interval;
            self.kept.retain(|kept| kept.world.steps().is_multiple_of(interval));
        }
    }

    /// The World where the referee stands.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.here.world
    }

    /// What clients asked and were told up to there.
    #[must_use]
    pub fn history(&self) -> History {
        history(&self.here.world)
    }

    /// The judge of linearizability, who has seen that history or others of the same run. Who has
    /// no time to wait lets it judge key by key before asking for the verdicts.
    pub fn judge(&mut self) -> &mut Judge {
        &mut self.judge
    }

    /// The first violation of Raft's safety up to there, if there was one.
    #[must_use]
    pub fn unsafe_step(&self) -> Option<&SafetyViolation> {
        self.here.safety.violation()
    }

    /// What the judges say of all properties, in the order of [`Property::ALL`]. The World stands
    /// at `now` between its last step and the next.
    pub fn verdicts(&mut self, history: &History, now: Time) -> Vec<Verdict> {
        self.judge.check(history);
        self.here.world.stand_at(now);
        let Self { here, commands, judge, .. } = self;
        all(&here.world, commands, (history, judge.report()), Some(&here.safety))
    }
}

/// What the judges say of a World that nobody watched on its way: of Raft's properties they cannot
/// know. The search of one key may look at `steps` calls.
#[must_use]
pub fn of_world(world: &World, commands: &[Command], steps: u64) -> Vec<Verdict> {
    let history = history(world);
    let report = linearizability::check_within(&history, steps);
    all(world, commands, (&history, &report), None)
}

fn all(
    world: &World,
    commands: &[Command],
    (history, report): (&History, &Report),
    safety: Option<&RaftSafety>,
) -> Vec<Verdict> {
    let mut verdicts = vec![report.verdict(history)];
    let [own_writes, reads, follow, writes] = sessions::check(history);
    verdicts.extend([own_writes, reads, writes, follow]);
    verdicts.extend(in_the_end(world, commands, history));
    if world.operations().len() > MAX_OPERATIONS {
        // Of the rest nothing is known; what is wrong stays wrong.
        let why = format!("of more than {MAX_OPERATIONS} operations only the first are judged");
        for verdict in verdicts.iter_mut().filter(|v| v.holds == Some(true)) {
            *verdict = Verdict::undecided(verdict.property, &why);
        }
    }
    verdicts.extend(raft(world.preset(), safety));
    verdicts
}

/// No acknowledged write lost, and convergence.
fn in_the_end(world: &World, commands: &[Command], history: &History) -> [Verdict; 2] {
    let [lost, converge] = [Property::NoLostWrites, Property::Convergence];
    let undecided = |why: &str| [lost, converge].map(|property| Verdict::undecided(property, why));
    let Some(copies) = replicas::copies(world) else {
        return undecided("such a cluster stores nothing");
    };
    if let Some(why) = replicas::unrest(world, commands, false) {
        return undecided(&format!("not judged while {why}"));
    }
    let verdict = convergence::check(history, &copies);
    let acknowledged = acknowledged::check(history, &replicas::end(&copies));
    if verdict.holds == Some(true) && acknowledged.holds == Some(true) {
        return [acknowledged, verdict];
    }
    match replicas::unrest(world, commands, true) {
        Some(why) => undecided(&format!("not judged yet: {why}")),
        None => [acknowledged, verdict],
    }
}

/// Raft's safety properties, as far as they were watched.
fn raft(preset: Preset, safety: Option<&RaftSafety>) -> impl Iterator<Item = Verdict> {
    let unknown = match safety {
        _ if preset != Preset::Raft => Some("a property of Raft, which this cluster does not run"),
        None => Some("the run is too long to be watched at once"),
        Some(_) => None,
    };
    let violation = safety.and_then(RaftSafety::violation);
    Property::ALL.into_iter().filter_map(move |property| {
        let Property::Raft(one) = property else { return None };
        Some(match (unknown, violation) {
            (Some(why), _) => Verdict::undecided(property, why),
            (None, None) => Verdict::holds(property),
            (None, Some(found)) if found.property == one => Verdict {
                nodes: [Some(found.node), found.other].into_iter().flatten().collect(),
                ..Verdict::violated(property, Vec::new(), found.text.clone())
                    .at(Some(found.at.as_us()))
            },
            (None, Some(found)) => {
                let why = format!("not judged any more since {} was violated", found.property);
                Verdict::undecided(property, &why)
            }
        })
    })
}

#[cfg(test)]
mod tests;
