//! Lessons: a text that a teacher writes, a page plays, a link carries, and a machine checks.
//!
//! Nothing in a lesson is an answer typed by hand: options and goals are conditions
//! ([`crate::condition`]), and the simulator decides which of them hold.
//!
//! # How a page uses this
//!
//! 1. [`parse()`] a text; [`Lesson::steps`] has the steps, and [`Step::body`] what a learner sees, in
//!    the order of the text: prose ([`prose`]) and the places of the question and of the goals.
//! 2. [`Lesson::start`] gives the [`Start`] of a step: the run to load, and the moment to stand at.
//!    `reached` is the run of the step before ([`Attempt::run`]), which a step without a `run` goes on
//!    from ([`Step::goes_on`]).
//! 3. A question ([`Step::predict`]): once it is answered, play [`Prediction::reveal`]'s run to its
//!    `until`, as a branch; [`decide()`] says which option holds there. Then go back to the start.
//! 4. Goals: make an [`Attempt`] from step and start. After each change of the run (a gesture, undo,
//!    another branch) call [`Attempt::follow`] with the whole run, and while it plays
//!    [`Attempt::go_to`] with the playhead's time, under a budget. It replays the run by itself, so
//!    going back is allowed. Then ask: [`Attempt::since`] (the ticks), [`Attempt::holds_now`],
//!    [`Attempt::broken`] (a `never`, and the moment before it, to go back to),
//!    [`Attempt::objection`], [`Attempt::is_solved`]. What is checked is `goal.condition`, printed.
//! 5. The proof: for each step [`Done::new`] with the answer and [`Attempt::run`], then
//!    [`Proof::new`] and [`Proof::encode`]: the fragment of a link. Whoever opens it calls
//!    [`Proof::decode`] and [`verify()`], which replays everything and believes nothing.
//!
//! [`check()`] proves of every step that it can be done and is not done before it begins. [`link`]
//! carries the text of a lesson.
//!
//! Everything is bounded: the size of texts and links, the length of runs in statements, nodes and
//! virtual time, and the steps of Worlds that a check or a judgement may take.

mod attempt;
mod blocks;
mod check;
mod decide;
mod error;
pub mod link;
mod model;
mod pack;
mod parse;
mod proof;
pub mod prose;
mod verify;

#[cfg(test)]
mod tests;

pub use attempt::{Attempt, Broken, Reached};
pub use blocks::{LATEST, MAX_STATEMENTS};
pub use check::{Finding, check};
pub use decide::decide;
pub use error::LessonError;
pub use model::{Addition, Allow, Claim, Lesson, Part, Prediction, Start, Step};
pub use parse::{MAX_BYTES, MAX_STEPS, parse};
pub use proof::{Done, MAX_NAME, Proof};
pub use verify::{Judgement, StepJudgement, verify};
