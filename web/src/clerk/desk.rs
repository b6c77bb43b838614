//! The work itself, portion by portion. It knows nothing of pages and workers.

use super::copied::Copying;
use super::imported::{Import, Kept};
use super::request::{Answer, Judged, Place, Reply, Request};
use crate::language;
use quorumscope_core::check::linearizability::{Axis, Changed};
use quorumscope_core::check::referee::Referee;
use quorumscope_core::history::History;
use quorumscope_core::run::Run;
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Budget;
use quorumscope_core::view::ClusterVerdict;

/// Steps of a run that are replayed in one portion.
const STEPS_AT_ONCE: u64 = 20_000;
/// The most operations of which it is told where they take effect.
const MOST_PLACES: usize = 2_000;

/// Where the work is done.
pub struct Desk {
    /// How many calls the search of one key may look at.
    patience: u64,
    run: Option<Run>,
    referees: Vec<Referee>,
    kept: Option<Kept>,
    job: Option<Job>,
}

/// What is being worked on.
enum Job {
    Judging(Judging),
    Importing(Box<Import>, Purpose),
    Copying(Box<Copying>),
    Done(Answer),
}

/// What a file is read for.
enum Purpose {
    /// To be looked at.
    Keep,
    /// To be judged.
    Judge,
    /// To answer a question.
    Explain(String),
}

struct Judging {
    place: Place,
    judged: Judged,
    /// The history of the cluster that is being judged, and its keys that are left.
    open: Option<(History, Changed)>,
}

impl Desk {
    /// An empty one. The search of one key for linearizability may look at `patience` calls.
    #[must_use]
    pub fn new(patience: u64) -> Self {
        Self { patience, run: None, referees: Vec::new(), kept: None, job: None }
    }

    /// Takes up a request, with the file that came with it.
    pub fn begin(&mut self, request: &Request, file: Vec<u8>) {
        self.job = Some(match request {
            Request::Judge(place) => self.begin_to_judge(place.clone()),
            &Request::Import { keep } => {
                self.import(file, if keep { Purpose::Keep } else { Purpose::Judge })
            }
            Request::Why(question) if !file.is_empty() => {
                self.import(file, Purpose::Explain(question.clone()))
            }
            Request::Why(question) => {
                let kept = self.kept.as_ref().ok_or("there is no file of operations");
                let told = kept.map_err(str::to_owned).and_then(|kept| kept.why(question));
                Job::Done(Answer::Why(told))
            }
            Request::Lanes(view) => {
                let bars = self.kept.as_ref().map(|kept| kept.bars(view));
                Job::Done(Answer::Lanes(bars.unwrap_or_default()))
            }
            Request::Copy(copy) => match Copying::new(copy) {
                Some(copying) => Job::Copying(Box::new(copying)),
                None => Job::Done(Answer::Copied(None)),
            },
        });
    }

    /// Whether there is something to be worked on.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Does a portion of the work. What there is to be said, in the end the answer.
    pub fn work(&mut self) -> Option<Reply> {
        match self.job.take()? {
            Job::Done(answer) => return Some(Reply::Answer(answer)),
            Job::Judging(judging) => self.job = Some(self.judge(judging)),
            Job::Copying(mut copying) => {
                let is_done = copying.work();
                let percent = copying.percent();
                self.job = Some(match is_done {
                    true => Job::Done(Answer::Copied(copying.file())),
                    false => Job::Copying(copying),
                });
                return percent.map(Reply::Percent);
            }
            Job::Importing(mut import, purpose) => {
                self.job = Some(match import.work() {
                    None => Job::Importing(import, purpose),
                    Some(read) => Job::Done(self.read(read, purpose)),
                });
            }
        }
        None
    }

    fn import(&self, file: Vec<u8>, purpose: Purpose) -> Job {
        Job::Importing(Box::new(Import::new(file, self.patience)), purpose)
    }

    /// A file was read and judged, or cannot be.
    fn read(&mut self, read: Result<Kept, String>, purpose: Purpose) -> Answer {
        if let Purpose::Explain(question) = purpose {
            return Answer::Why(read.and_then(|kept| kept.why(&question)));
        }
        let imported = read.map(|kept| {
            let imported = kept.imported.clone();
            if matches!(purpose, Purpose::Keep) {
                self.kept = Some(kept);
            }
            imported
        });
        Answer::Imported(imported)
    }

    fn begin_to_judge(&mut self, place: Place) -> Job {
        if let Some(script) = &place.script {
            // What the page printed can be read.
            self.run = language::run(script).ok();
            self.follow();
        }
        let judging = Judging { place, judged: Judged::default(), open: None };
        Job::Judging(judging)
    }

    /// The referees are told of another run; those of other clusters are replaced.
    fn follow(&mut self) {
        let Some(run) = &self.run else { return };
        self.referees.truncate(run.clusters.len());
        for (i, setup) in run.clusters.iter().enumerate() {
            let follows = self.referees.get_mut(i).is_some_and(|r| r.follow(setup, &run.commands));
            if !follows {
                self.referees.truncate(i);
                self.referees.push(Referee::new(setup, &run.commands, self.patience));
            }
        }
    }

    fn judge(&mut self, mut judging: Judging) -> Job {
        let cluster = judging.judged.places.len();
        let Some(referee) = self.referees.get_mut(cluster) else {
            return Job::Done(Answer::Judged(judging.judged));
        };
        let Some((history, changed)) = &mut judging.open else {
            let steps = judging.place.steps.get(cluster).copied().unwrap_or(0);
            if referee.go_to(steps, &mut Budget::steps(STEPS_AT_ONCE)) {
                let history = referee.history();
                let changed = referee.judge().changed(&history);
                judging.open = Some((history, changed));
            }
            return Job::Judging(judging);
        };
        if referee.judge().check_next(history, changed) {
            return Job::Judging(judging);
        }
        let now = Time::from_us(judging.place.now_us);
        let verdicts = referee.verdicts(history, now).into_iter();
        judging.judged.verdicts.extend(verdicts.map(|v| ClusterVerdict::of(cluster, v)));
        let places = referee.judge().report().places(&Axis::of(history));
        let since = judging.place.since_us;
        let told = places.into_iter().filter(|&(_, at)| at >= since).take(MOST_PLACES);
        judging.judged.places.push(told.map(|(id, at)| (id.0 + 1, at)).collect());
        judging.open = None;
        Job::Judging(judging)
    }
}
