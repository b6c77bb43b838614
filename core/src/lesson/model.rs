//! The parts of a lesson.

use super::prose::Block;
use crate::condition::{Condition, Deed};
use crate::ids::ClientId;
use crate::run::{Command, Run, Statement};
use crate::time::Time;

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Its name in links: lower-case letters, digits and `-`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The chapter of the course that it belongs to.
    pub chapter: Option<String>,
    /// How long it takes, in minutes.
    pub minutes: Option<u32>,
    /// Ids of the lessons that come before it.
    pub after: Vec<String>,
    /// The prose before the first step.
    pub intro: Vec<Block>,
    /// Its steps, at least one.
    pub steps: Vec<Step>,
    /// The sentence to remember.
    pub remember: Option<String>,
    /// Its text, with `\n` at the end of each line.
    pub text: String,
}

/// One step: a heading of level 2 and what stands below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its heading; empty for blocks that stand before the first heading.
    pub title: String,
    /// Its first line.
    pub line: usize,
    /// What a learner sees, in the order of the text.
    pub body: Vec<Part>,
    /// The moment from which it starts, if it has a `run`, or the steps before it reach none of
    /// their goals by a learner.
    pub start: Start,
    /// Whether it goes on from the run with which the learner reached the goals of the step before.
    pub goes_on: bool,
    /// Its question.
    pub predict: Option<Prediction>,
    /// Its goals.
    pub goals: Vec<Claim>,
    /// What must not come to hold before the goals are reached.
    pub never: Vec<Claim>,
    /// The statements that count.
    pub allow: Allow,
    /// The hints, in the order in which they are shown.
    pub hints: Vec<Vec<Block>>,
    /// Statements that reach the goals.
    pub solution: Option<Addition>,
    /// Names of the protocol's rules that are switched off from the beginning.
    pub rules: Vec<String>,
    /// Notes for a presenter.
    pub notes: Vec<Block>,
}

/// A part of a step, in the order of the text. The blocks themselves are fields of the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Prose.
    Prose(Block),
    /// The question.
    Predict,
    /// The goals.
    Goal,
}

/// Where a step starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// The run, with its `show` at the moment.
    pub run: Run,
    /// The moment.
    pub at: Time,
}

impl Start {
    /// The start where a run shows its moment, or else where its last statement is executed.
    #[must_use]
    pub fn of(mut run: Run) -> Self {
        let last = run.commands.last().map_or(Time::ZERO, |command| command.at);
        let at = run.show.map_or(last, |show| show.at);
        run.show = Some(crate::run::Show { at, state: None });
        Self { run, at }
    }

    /// What a run does beyond this start. None if it is no continuation of it: another cluster, other
    /// statements before the moment, or one more.
    #[must_use]
    pub fn added<'a>(&self, run: &'a Run) -> Option<&'a [Command]> {
        let own = &self.run.commands;
        let (before, added) = run.commands.split_at_checked(own.len())?;
        let is_same = run.clusters == self.run.clusters && before == own;
        (is_same && added.iter().all(|command| command.at >= self.at)).then_some(added)
    }
}

/// Statements that are added to a run, and the moment to play to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Their first line.
    pub line: usize,
    /// The text.
    pub text: String,
    /// The statements.
    pub added: Vec<Command>,
    /// The whole run.
    pub run: Run,
    /// The moment to play to.
    pub until: Time,
}

/// A condition with its sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Its line.
    pub line: usize,
    /// The condition that is checked; its `Display` is what people see.
    pub condition: Condition,
    /// The author's sentence.
    pub sentence: String,
}

/// A question about what will happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// Its line.
    pub line: usize,
    /// The question.
    pub question: String,
    /// The options; the one is right whose condition holds at the end of the reveal.
    pub options: Vec<Claim>,
    /// What is then played.
    pub reveal: Addition,
}

/// The statements that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allow {
    /// Kinds of statements; with no kind and no client every statement is allowed.
    pub deeds: Vec<Deed>,
    /// Clients whose requests are allowed.
    pub clients: Vec<ClientId>,
    /// The most statements.
    pub statements: Option<usize>,
    /// The virtual time by which the goals must be reached.
    pub within: Option<Time>,
}

impl Allow {
    /// Whether a statement is allowed.
    #[must_use]
    pub fn permits(&self, statement: &Statement) -> bool {
        let of_client = match statement {
            Statement::Ask { client, .. } => self.clients.contains(client),
            _ => false,
        };
        let everything = self.deeds.is_empty() && self.clients.is_empty();
        everything || of_client || self.deeds.iter().any(|deed| deed.is(statement))
    }

    /// The words for what is allowed: `partition, cut, c1`. Empty where everything is.
    #[must_use]
    pub fn words(&self) -> String {
        let deeds = self.deeds.iter().map(|deed| deed.word().to_owned());
        let words: Vec<String> =
            deeds.chain(self.clients.iter().map(ToString::to_string)).collect();
        words.join(", ")
    }
}

impl Lesson {
    /// The start of a step, for a learner who reached the goals of the step before with that run.
    /// None where there is no such step.
    #[must_use]
    pub fn start(&self, step: usize, reached: Option<&Run>) -> Option<Start> {
        let step = self.steps.get(step)?;
        Some(match reached {
            Some(run) if step.goes_on => Start::of(run.clone()),
            _ => step.start.clone(),
        })
    }

    /// The number of statements of the author's solution of a step.
    #[must_use]
    pub fn par(&self, step: usize) -> Option<usize> {
        self.steps.get(step)?.solution.as_ref().map(|solution| solution.added.len())
    }

    /// The hash of its text, as proofs carry it.
    #[must_use]
    pub fn hash(&self) -> u64 {
        hash_of(&self.text)
    }
}

/// The hash of a lesson's text.
pub(super) fn hash_of(text: &str) -> u64 {
    crate::fnv::extend(crate::fnv::OFFSET, text.as_bytes())
}
