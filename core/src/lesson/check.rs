//! The check of a lesson: every step can be done, none is done before it begins, and each question has
//! one right answer.

use super::attempt::Attempt;
use super::decide::decide;
use super::error::LessonError;
use super::model::{Lesson, Prediction, Step};
use crate::time::Time;
use crate::timeline::Budget;

/// The most steps of Worlds that the check of one lesson may take.
pub const MAX_WORK: u64 = 2_000_000;

/// The result of checking one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The step, from 0.
    pub step: usize,
    /// The proof in words, or the first error.
    pub result: Result<String, LessonError>,
}

/// Checks every step of a lesson.
#[must_use]
pub fn check(lesson: &Lesson) -> Vec<Finding> {
    let mut budget = Budget::steps(MAX_WORK);
    let steps = lesson.steps.iter().enumerate();
    steps.map(|(step, text)| Finding { step, result: check_step(text, &mut budget) }).collect()
}

type Checked<T> = Result<T, LessonError>;

fn wrong<T>(line: usize, sentence: impl Into<String>) -> Checked<T> {
    Err(LessonError::new(line, 1, sentence))
}

const TOO_LONG: &str = "the lesson takes too long to play, expected shorter runs or fewer nodes";

fn check_step(step: &Step, budget: &mut Budget) -> Checked<String> {
    let mut proved = Vec::new();
    if let Some(prediction) = &step.predict {
        proved.push(check_prediction(prediction, step, budget)?);
    }
    if let Some(solution) = &step.solution {
        check_unsolved(step, solution.until, budget)?;
        proved.push(check_solution(step, budget)?);
    }
    Ok(if proved.is_empty() { "text".into() } else { proved.join("; ") })
}

fn check_prediction(prediction: &Prediction, step: &Step, budget: &mut Budget) -> Checked<String> {
    let Some(right) = decide(prediction, &step.start, budget) else {
        return wrong(prediction.line, TOO_LONG);
    };
    match right[..] {
        [one] => Ok(format!("the answer is: {}", prediction.options[one].sentence)),
        [] => wrong(prediction.line, "no option holds at the show of the reveal, expected one"),
        [first, second, ..] => wrong(
            prediction.options[second].line,
            format!(
                "this option and \"{}\" both hold at the show of the reveal, expected one",
                prediction.options[first].sentence
            ),
        ),
    }
}

/// The goals must not be reached by waiting.
fn check_unsolved(step: &Step, until: Time, budget: &mut Budget) -> Checked<()> {
    let mut attempt = Attempt::new(step, &step.start);
    if !attempt.go_to(step.start.at, budget) {
        return wrong(step.line, TOO_LONG);
    }
    if attempt.reached().is_some() {
        return wrong(step.goals[0].line, "the goals hold before the learner does anything");
    }
    if !attempt.go_to(until, budget) {
        return wrong(step.line, TOO_LONG);
    }
    match attempt.reached() {
        Some(reached) => wrong(
            step.goals[0].line,
            format!("the goals are reached at {} though the learner does nothing", reached.at),
        ),
        None => Ok(()),
    }
}

fn check_solution(step: &Step, budget: &mut Budget) -> Checked<String> {
    let Some(solution) = &step.solution else { return Ok(String::new()) };
    let mut attempt = Attempt::new(step, &step.start);
    if let Err(sentence) = attempt.follow(&solution.run) {
        return wrong(solution.line, sentence);
    }
    if !attempt.go_to(solution.until, budget) {
        return wrong(solution.line, TOO_LONG);
    }
    let missing = attempt.since().iter().position(Option::is_none);
    if let Some(goal) = missing.map(|place| &step.goals[place]) {
        let sentence = format!("the solution does not reach the goal {}", goal.condition);
        return wrong(goal.line, sentence);
    }
    if let Some(broken) = attempt.broken() {
        let never = &step.never[broken.never];
        let sentence = format!("with the solution {} holds at {}", never.condition, broken.at);
        return wrong(never.line, sentence);
    }
    if let Some(objection) = attempt.objection() {
        return wrong(solution.line, format!("the solution is not allowed: {objection}"));
    }
    let reached = attempt.reached().map_or(Time::ZERO, |reached| reached.at);
    let (goals, many) =
        (plural(step.goals.len(), "goal"), plural(solution.added.len(), "statement"));
    Ok(format!("{goals} at {reached} with {many}"))
}

fn plural(many: usize, word: &str) -> String {
    if many == 1 { format!("{many} {word}") } else { format!("{many} {word}s") }
}
