//! The judgement of a proof: everything in it is replayed.

use super::attempt::{Attempt, Reached};
use super::blocks::{LATEST, MAX_STATEMENTS};
use super::decide::decide;
use super::model::{Lesson, Start, Step};
use super::proof::{Done, Proof, run_of};
use crate::run::Run;
use crate::time::Time;
use crate::timeline::Budget;

/// The most steps of Worlds that the judgement of one proof may take.
pub const MAX_WORK: u64 = 1_000_000;

/// The judgement of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// The id of the lesson.
    pub lesson: String,
    /// Its title.
    pub title: String,
    /// The learner's name; may be empty.
    pub name: String,
    /// Whether the lesson is one that this program knows, with the same text.
    pub is_known: bool,
    /// The judgements of the steps.
    pub steps: Vec<StepJudgement>,
}

/// The judgement of one step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StepJudgement {
    /// For each goal the moment at which it came to hold, if it did.
    pub goals: Vec<Option<Time>>,
    /// The moment at which the last one did, and the learner's statements until then.
    pub reached: Option<Reached>,
    /// The number of statements of the author's solution.
    pub par: Option<usize>,
    /// Whether the answer to the question is right, if there is a question and an answer.
    pub predicted: Option<bool>,
    /// Whether the step has a question.
    pub asks: bool,
    /// The run, to be watched.
    pub run: Option<Run>,
    /// The reason why the step is not done: a sentence.
    pub problem: Option<String>,
}

impl Judgement {
    /// Whether every goal of every step is reached as it must be.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.steps.iter().all(|step| step.problem.is_none())
    }

    /// The goals that are reached, and all goals.
    #[must_use]
    pub fn goals(&self) -> (usize, usize) {
        let all = || self.steps.iter().flat_map(|step| &step.goals);
        (all().filter(|goal| goal.is_some()).count(), all().count())
    }

    /// The right predictions, and all questions.
    #[must_use]
    pub fn predictions(&self) -> (usize, usize) {
        let right = self.steps.iter().filter(|step| step.predicted == Some(true)).count();
        (right, self.steps.iter().filter(|step| step.asks).count())
    }

    /// The learner's statements, and par.
    #[must_use]
    pub fn statements(&self) -> (usize, usize) {
        let done = self.steps.iter().filter_map(|step| step.reached).map(|r| r.statements).sum();
        (done, self.steps.iter().filter_map(|step| step.par).sum())
    }

    /// One sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        let failed = self.steps.iter().enumerate().find_map(|(place, step)| {
            step.problem.as_ref().map(|problem| format!("Step {}: {problem}", place + 1))
        });
        failed.unwrap_or_else(|| {
            let (reached, all) = self.goals();
            format!("The proof holds: {reached} of {all} goals are reached.")
        })
    }
}

/// Judges a proof. `known` gives the built-in lesson of an id.
///
/// # Errors
/// One sentence where the proof is not one of a lesson that can be played. A proof whose goals are not
/// reached is judged, and does not hold ([`Judgement::holds`]).
pub fn verify<'a>(
    proof: &Proof,
    known: impl Fn(&str) -> Option<&'a Lesson>,
) -> Result<Judgement, String> {
    let known = known(&proof.lesson);
    let carried = match &proof.text {
        Some(text) => {
            let lesson = super::parse(text)
                .map_err(|error| format!("The lesson in the proof has an error: {error}."))?;
            if lesson.id != proof.lesson || lesson.hash() != proof.hash {
                return Err("The proof names another lesson than the one that it carries.".into());
            }
            Some(lesson)
        }
        None => None,
    };
    let lesson = match (&carried, known) {
        (Some(lesson), _) => lesson,
        (None, Some(lesson)) => lesson,
        (None, None) => {
            let id: String = proof.lesson.chars().take(60).filter(|c| !c.is_control()).collect();
            return Err(format!("The proof is of a lesson that is not known here: {id}."));
        }
    };
    if lesson.hash() != proof.hash {
        return Err(format!(
            "The proof was made with another text of the lesson {}, so it cannot be judged.",
            lesson.id
        ));
    }
    if proof.steps.len() != lesson.steps.len() {
        return Err(format!(
            "The proof has {} steps, but the lesson has {}.",
            proof.steps.len(),
            lesson.steps.len()
        ));
    }
    let mut budget = Budget::steps(MAX_WORK);
    let mut reached: Option<Run> = None;
    let mut steps = Vec::new();
    for (place, (step, done)) in lesson.steps.iter().zip(&proof.steps).enumerate() {
        let start = lesson.start(place, reached.as_ref()).unwrap_or_else(|| step.start.clone());
        let judged = judge_step(step, &start, done, &mut budget);
        reached = judged.run.clone();
        steps.push(judged);
    }
    let is_known = known.is_some_and(|known| known.text == lesson.text);
    let (id, title) = (lesson.id.clone(), lesson.title.clone());
    Ok(Judgement { lesson: id, title, name: proof.name.clone(), is_known, steps })
}

fn judge_step(step: &Step, start: &Start, done: &Done, budget: &mut Budget) -> StepJudgement {
    let mut judged = StepJudgement {
        goals: vec![None; step.goals.len()],
        par: step.solution.as_ref().map(|solution| solution.added.len()),
        asks: step.predict.is_some(),
        ..StepJudgement::default()
    };
    if let Some(prediction) = &step.predict {
        let answer = done.answer.map(usize::from);
        judged.problem = match answer {
            None => Some("the question is not answered.".into()),
            Some(answer) if answer >= prediction.options.len() => {
                Some("the answer is none of the options.".into())
            }
            Some(answer) => match decide(prediction, start, budget) {
                Some(right) => {
                    judged.predicted = Some(right == [answer]);
                    None
                }
                None => Some(TOO_LONG.into()),
            },
        };
    }
    if !step.goals.is_empty() {
        let problem = judge_goals(step, start, done, budget, &mut judged).err();
        judged.problem = judged.problem.take().or(problem);
    }
    judged
}

const TOO_LONG: &str = "its run is too long to be judged.";

fn judge_goals(
    step: &Step,
    start: &Start,
    done: &Done,
    budget: &mut Budget,
    judged: &mut StepJudgement,
) -> Result<(), String> {
    let Some(statements) = &done.statements else {
        return Err("there is no run that reaches its goals.".into());
    };
    let run = run_of(start, statements).map_err(|why| format!("{why}."))?;
    let show = run.show.ok_or("its run does not say where it ends.")?;
    if show.at > LATEST || run.commands.len() > start.run.commands.len() + MAX_STATEMENTS {
        return Err(TOO_LONG.into());
    }
    let mut attempt = Attempt::new(step, start);
    attempt.follow(&run)?;
    if !attempt.go_to(show.at, budget) {
        return Err(TOO_LONG.into());
    }
    judged.goals = attempt.since().to_vec();
    judged.reached = attempt.reached();
    judged.run = attempt.run();
    let missing = judged.goals.iter().position(Option::is_none);
    if let Some(goal) = missing.map(|place| &step.goals[place]) {
        return Err(format!("its run does not reach the goal {}.", goal.condition));
    }
    if let Some(broken) = attempt.broken() {
        let never = &step.never[broken.never].condition;
        return Err(format!("in its run {never} holds at {}.", broken.at));
    }
    attempt.objection().map_or(Ok(()), Err)
}
