//! The targets of a hunt: properties and conditions, and the judge that decides whether a run hits
//! one.
//!
//! The cheap judges come first; the exact verdict is made only for a run that they condemn.

use super::simulation::Simulation;
use crate::check::linearizability;
use crate::check::naming::Name;
use crate::check::{Property, Verdict, referee};
use crate::condition::{self, Condition, Moment};
use crate::history::history;
use crate::run::Run;
use crate::settings::Preset;
use crate::time::Time;
use std::fmt;

/// The most calls that the linearizability search of one key may examine. A run of a hunt is short.
const SEARCH: u64 = 200_000;

/// Names of violations that show in what clients were told.
const ANSWERS: [Name; 6] = [
    Name::LostWrite,
    Name::StaleRead,
    Name::AppliedTwice,
    Name::DirtyRead,
    Name::OutOfOrder,
    Name::Contradiction,
];

/// A target of a hunt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A broken property.
    Property(Property),
    /// A violation of whatever property, by the name that people know.
    Named(Name),
    /// A condition that holds, with its text.
    Condition(Condition, String),
}

impl Target {
    /// Reads the word for a property, or a condition on the run's clusters.
    ///
    /// # Errors
    /// One sentence where it is neither.
    pub fn parse(text: &str, run: &Run) -> Result<Self, String> {
        let text = text.trim();
        if let Some(property) = Property::ALL.into_iter().find(|p| p.word() == text) {
            return Ok(Self::Property(property));
        }
        if let Some(name) = Name::ALL.into_iter().find(|name| name.word() == text) {
            return Ok(Self::Named(name));
        }
        match condition::parse(text, condition::Names::of(run)) {
            Ok(condition) if condition.needs_past() => Err(format!(
                "the condition {text}: a hunt looks at one moment, so then, for and violated(…) \
                 cannot stand in it; a property stands alone, such as linearizable"
            )),
            Ok(condition) => Ok(Self::Condition(condition.clone(), condition.to_string())),
            Err(_) if !text.contains(' ') => {
                let all = Property::ALL.map(Property::word).join(", ");
                let names = Name::ALL.map(Name::word).join(", ");
                Err(format!(
                    "there is no property {text}, expected {all}, a name such as {names}, or a condition"
                ))
            }
            Err(error) => Err(format!("the condition {text}: {}", error.sentence)),
        }
    }

    /// The default targets: all properties; for a system that only elects a leader, two leaders at
    /// once.
    #[must_use]
    pub fn defaults(preset: Preset) -> Vec<Self> {
        if !preset.traits().has_data {
            let condition =
                Condition::Count(condition::Quantity::Leaders, condition::Sign::More, 1);
            let text = condition.to_string();
            return vec![Self::Condition(condition, text)];
        }
        let applies = |p: &Property| preset == Preset::Raft || !matches!(p, Property::Raft(_));
        Property::ALL.into_iter().filter(applies).map(Self::Property).collect()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(property) => f.write_str(&property.word()),
            Self::Named(name) => f.write_str(&name.word()),
            Self::Condition(_, text) => f.write_str(text),
        }
    }
}

/// A target that a run hits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The target.
    pub target: Target,
    /// The kind of violation by its common name: `Stale read`, `Split brain`. For a condition its
    /// text.
    pub kind: String,
    /// A sentence without its full stop.
    pub sentence: String,
    /// The virtual time at which it shows, where that is known; the judge may need a later one.
    pub at: Option<Time>,
}

impl Violation {
    /// Whether the other is the same kind of violation of the same target.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        self.target == other.target && self.kind == other.kind
    }

    fn of(target: &Target, verdict: &Verdict) -> Self {
        let kind = verdict.text.split(['(', ':']).next().unwrap_or_default().trim();
        Self {
            target: target.clone(),
            kind: kind.to_owned(),
            sentence: verdict.text.clone(),
            at: verdict.at_us.map(Time::from_us),
        }
    }
}

/// All targets of a hunt.
#[derive(Clone, Debug)]
pub struct Targets {
    all: Vec<Target>,
    /// Whether Raft's safety is checked at each step.
    pub watches_safety: bool,
    /// Whether a condition depends on the events of a step, which needs a trace.
    pub needs_events: bool,
    /// Whether the answers to clients are judged.
    judges_answers: bool,
    /// Whether the final data of nodes are judged.
    pub judges_rest: bool,
}

impl Targets {
    /// These targets, in the order of reporting.
    #[must_use]
    pub fn new(all: Vec<Target>) -> Self {
        let any = |of: &dyn Fn(&Target) -> bool| all.iter().any(of);
        let property = |of: fn(Property) -> bool| {
            any(&|t| matches!(t, Target::Property(property) if of(*property)))
        };
        let condition =
            |of: fn(&Condition) -> bool| any(&|t| matches!(t, Target::Condition(c, _) if of(c)));
        let named =
            |names: &[Name]| any(&|t| matches!(t, Target::Named(name) if names.contains(name)));
        let rest = |p| matches!(p, Property::NoLostWrites | Property::Convergence);
        Self {
            watches_safety: property(|p| matches!(p, Property::Raft(_)))
                || named(&[Name::SplitBrain, Name::LostEntry, Name::DivergedLogs])
                || condition(Condition::needs_judge),
            needs_events: condition(asks_what_happened),
            judges_answers: property(|p| {
                !matches!(p, Property::Raft(_) | Property::NoLostWrites | Property::Convergence)
            }) || condition(Condition::needs_judge)
                || named(&ANSWERS),
            judges_rest: property(rest) || named(&[Name::LostWrite, Name::Diverged]),
            all,
        }
    }

    /// The same set without any target, so that only Raft's safety is watched where it was.
    #[must_use]
    pub fn safety_of(of: &Self) -> Self {
        Self { all: Vec::new(), ..of.clone() }
    }

    /// Checks the targets after a step. Returns the violation, if there is one.
    pub fn look(&self, simulation: &Simulation) -> Option<Violation> {
        if let Some(found) = simulation.safety.violation() {
            let is_wanted = |t: &Target| match t {
                Target::Property(property) => *property == Property::Raft(found.property),
                Target::Named(_) => true,
                Target::Condition(..) => false,
            };
            let exact = || self.exact(simulation);
            let ruling = self.all.iter().any(is_wanted).then(exact).flatten();
            if ruling.is_some() {
                return ruling;
            }
        }
        self.all.iter().find_map(|target| match target {
            Target::Condition(condition, text) => {
                let moment = Moment {
                    world: &simulation.world,
                    happened: simulation.happened,
                    violated: condition.needs_judge() && is_violated(simulation),
                    broken: condition::Breaches::default(),
                    done: &simulation.commands[..simulation.world.commands_done()],
                };
                condition.holds(&moment).then(|| Violation {
                    target: target.clone(),
                    kind: text.clone(),
                    sentence: format!("It came to this: {text}"),
                    at: Some(simulation.world.now()),
                })
            }
            Target::Property(_) | Target::Named(_) => None,
        })
    }

    /// Judges the simulation's present. Returns the first violation in the order of the targets.
    pub fn judge(&self, simulation: &Simulation) -> Option<Violation> {
        let (world, commands) = (&simulation.world, &simulation.commands);
        let is_unsafe = self.watches_safety && simulation.safety.violation().is_some();
        let mut suspicious = is_unsafe;
        if !suspicious && (self.judges_answers || self.judges_rest) {
            let history = history(world);
            suspicious = self.judges_answers
                && linearizability::is_linearizable(&history, SEARCH) == Some(false)
                || self.judges_rest
                    && referee::of_stored(world, commands, &history)
                        .iter()
                        .any(|verdict| verdict.holds == Some(false));
        }
        let found = suspicious.then(|| self.exact(simulation)).flatten();
        found.or_else(|| self.look(simulation))
    }

    /// The verdict of all judges, for people.
    fn exact(&self, simulation: &Simulation) -> Option<Violation> {
        let Simulation { world, commands, safety, .. } = simulation;
        let verdicts = referee::of_watched(world, commands, SEARCH, safety);
        self.all.iter().find_map(|target| {
            let hits = |v: &&Verdict| match target {
                Target::Property(property) => v.holds == Some(false) && v.property == *property,
                Target::Named(name) => name.is_of(v),
                Target::Condition(..) => false,
            };
            verdicts.iter().find(hits).map(|verdict| Violation::of(target, verdict))
        })
    }
}

/// Whether the answers to clients or Raft's safety are violated at the simulation's present.
fn is_violated(simulation: &Simulation) -> bool {
    simulation.safety.violation().is_some()
        || linearizability::is_linearizable(&history(&simulation.world), SEARCH) == Some(false)
}

fn asks_what_happened(condition: &Condition) -> bool {
    match condition {
        Condition::Elected | Condition::Fails => true,
        Condition::Not(inner) => asks_what_happened(inner),
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(asks_what_happened),
        _ => false,
    }
}
