//! The verdicts of all judges on one cluster of a run, at any of its moments.
//!
//! A World is a pure function of the run, so the referee replays the run by itself and judges its
//! own copy: a player never waits for its judges, and the referee can run elsewhere, with only the
//! run. It continues from its present moment; where the run has changed, or an earlier moment is
//! wanted, it continues from the last suitable moment that it kept.

use super::convergence::Copies;
use super::lost::{self, Missing};
use super::naming::{self, Name};
use super::raft_safety::{RaftSafety, SafetyViolation};
use super::{Property, Verdict, acknowledged, convergence, linearizability, replicas, sessions};
use crate::history::{History, MAX_OPERATIONS, history};
use crate::run::{Command, Setup};
use crate::settings::Preset;
use crate::time::{LATEST, Span, Time};
use crate::timeline::Budget;
use crate::world::World;
use linearizability::{Judge, Report};

/// Steps between kept moments, at first.
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

/// The World and the judge that must watch every step.
#[derive(Clone, Debug)]
struct Moment {
    world: World,
    safety: RaftSafety,
}

impl Referee {
    /// The referee of a cluster, at the beginning of the run. The search of one key for
    /// linearizability may examine `steps` calls.
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

    /// Replaces the commands of the run; the results of the common beginning stay. False if the
    /// cluster is another: that needs another referee.
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

    /// Seeks to the state after that many steps, or after the last one. False when the budget ran
    /// out on the way; another call continues.
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

    /// Goes back to the last kept moment at or before that many steps.
    fn go_back(&mut self, steps: u64) {
        let after = self.kept.partition_point(|kept| kept.world.steps() <= steps);
        // The first kept moment is the beginning, so there is always one.
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

    /// The World at the referee's moment.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.here.world
    }

    /// The history of the clients up to there.
    #[must_use]
    pub fn history(&self) -> History {
        history(&self.here.world)
    }

    /// The judge of linearizability, with the history that it has judged. A caller with little time
    /// lets it judge key by key before asking for the verdicts.
    pub fn judge(&mut self) -> &mut Judge {
        &mut self.judge
    }

    /// The first violation of Raft's safety up to there, if any.
    #[must_use]
    pub fn unsafe_step(&self) -> Option<&SafetyViolation> {
        self.here.safety.violation()
    }

    /// The verdicts on all properties, in the order of [`Property::ALL`]. The World stands at `now`
    /// between its last step and the next.
    pub fn verdicts(&mut self, history: &History, now: Time) -> Vec<Verdict> {
        self.judge.check(history);
        self.here.world.stand_at(now);
        let Self { here, commands, judge, .. } = self;
        all(&here.world, commands, (history, judge.report()), Some(&here.safety))
    }
}

/// The verdicts on a World that was not watched on its way: Raft's properties are unknown. The
/// search of one key may examine `steps` calls.
#[must_use]
pub fn of_world(world: &World, commands: &[Command], steps: u64) -> Vec<Verdict> {
    let history = history(world);
    let report = linearizability::check_within(&history, steps);
    all(world, commands, (&history, &report), None)
}

/// Verdicts on a World whose every step a judge of Raft's safety has watched. The search of one key
/// may look at `steps` calls.
#[must_use]
pub fn of_watched(
    world: &World,
    commands: &[Command],
    steps: u64,
    safety: &RaftSafety,
) -> Vec<Verdict> {
    let history = history(world);
    let report = linearizability::check_within(&history, steps);
    all(world, commands, (&history, &report), Some(safety))
}

/// Verdicts on lost writes and on convergence alone.
#[must_use]
pub fn of_stored(world: &World, commands: &[Command], history: &History) -> [Verdict; 2] {
    in_the_end(world, commands, history, &lost::check(world, history))
}

/// The time for which nothing must have been done before replicas that differ count as such.
#[must_use]
pub fn patience(world: &World) -> Span {
    replicas::patience(world)
}

fn all(
    world: &World,
    commands: &[Command],
    (history, report): (&History, &Report),
    safety: Option<&RaftSafety>,
) -> Vec<Verdict> {
    let missing = lost::check(world, history);
    let linearizable = with_its_cause(history, &missing, report.verdict(history));
    let [own_writes, reads, follow, writes] = sessions::check(history);
    let mut verdicts = vec![linearizable, own_writes, reads, writes, follow];
    verdicts.extend(in_the_end(world, commands, history, &missing));
    if world.operations().len() > MAX_OPERATIONS {
        // The rest is unknown; a violation stays a violation.
        let why = format!("of more than {MAX_OPERATIONS} operations only the first are judged");
        for verdict in verdicts.iter_mut().filter(|v| v.holds == Some(true)) {
            *verdict = Verdict::undecided(verdict.property, &why);
        }
    }
    verdicts.extend(raft(world.preset(), safety));
    let cause = verdicts.remove(0);
    let named = verdicts.into_iter().map(|verdict| naming::named(history, verdict));
    [cause].into_iter().chain(named).collect()
}

/// The verdict on linearizability with the name of its cause, where the World shows more than the
/// answers do.
fn with_its_cause(history: &History, missing: &[Missing], verdict: Verdict) -> Verdict {
    let is_lost = |m: &Missing| m.is_lost() && verdict.operations.contains(&m.operation);
    if missing.iter().any(is_lost) {
        naming::renamed(history, verdict, Name::LostWrite)
    } else {
        verdict
    }
}

/// The verdicts on lost writes and on convergence.
fn in_the_end(
    world: &World,
    commands: &[Command],
    history: &History,
    missing: &[Missing],
) -> [Verdict; 2] {
    let [lost, converge] = [Property::NoLostWrites, Property::Convergence];
    let undecided = |why: &str| [lost, converge].map(|property| Verdict::undecided(property, why));
    let Some(copies) = replicas::copies(world) else {
        return undecided("such a cluster stores nothing");
    };
    let [late, apart] = at_rest(world, commands, history, &copies);
    match missing.first() {
        Some(missing) => [of_missing(missing, history, late), apart],
        None => [late, apart],
    }
}

/// The verdict on a write that no running node has. `late` is the verdict once all is quiet.
fn of_missing(missing: &Missing, history: &History, late: Verdict) -> Verdict {
    let property = Property::NoLostWrites;
    let at_us = history.operation(missing.operation).answered().and_then(|at| at.time_us);
    match late.holds {
        _ if missing.is_lost() => {
            Verdict::violated(property, vec![missing.operation], missing.text.clone()).at(at_us)
        }
        None => Verdict::undecided(property, &missing.text),
        Some(_) => late,
    }
}

/// The verdicts on lost writes and on convergence, once all is healed and quiet.
fn at_rest(
    world: &World,
    commands: &[Command],
    history: &History,
    copies: &Copies,
) -> [Verdict; 2] {
    let [lost, converge] = [Property::NoLostWrites, Property::Convergence];
    let undecided = |why: &str| [lost, converge].map(|property| Verdict::undecided(property, why));
    if let Some(why) = replicas::unrest(world, commands, false) {
        return undecided(&format!("not judged while {why}"));
    }
    let verdict = convergence::check(history, copies);
    let acknowledged = acknowledged::check(history, &replicas::end(copies));
    if verdict.holds == Some(true) && acknowledged.holds == Some(true) {
        return [acknowledged, verdict];
    }
    match replicas::unrest(world, commands, true) {
        Some(why) => undecided(&format!("not judged yet: {why}")),
        None => [acknowledged, verdict],
    }
}

/// The verdicts on Raft's safety properties, as far as they were watched.
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
