//! The work of the worker, portion by portion. It does not depend on pages and workers.

use super::copied::Copying;
use super::hunted;
use super::imported::{Import, Kept};
use super::request::{Answer, Judged, Place, Reply, Request};
use crate::language;
use quorumscope_core::check::linearizability::{Axis, Changed};
use quorumscope_core::check::referee::Referee;
use quorumscope_core::history::History;
use quorumscope_core::hunt::Hunt;
use quorumscope_core::run::Run;
use quorumscope_core::time::Time;
use quorumscope_core::timeline::Budget;
use quorumscope_core::view::ClusterVerdict;

/// The number of steps that one portion replays.
const STEPS_AT_ONCE: u64 = 20_000;
/// The largest number of moments of effect in one answer.
const MOST_PLACES: usize = 2_000;

/// The executor of requests.
pub struct Desk {
    /// The number of calls that the search of one key may look at.
    patience: u64,
    run: Option<Run>,
    referees: Vec<Referee>,
    kept: Option<Kept>,
    job: Option<Job>,
    /// The last hunt, to go on with.
    hunt: Option<Box<Hunt>>,
}

/// The request that is being worked on.
enum Job {
    Judging(Judging),
    Importing(Box<Import>, Purpose),
    Copying(Box<Copying>),
    Hunting(hunted::Hunting),
    Done(Answer),
}

/// The purpose for which a file is read.
enum Purpose {
    /// To keep it, and answer questions about it.
    Keep,
    /// To judge it.
    Judge,
    /// To answer a question.
    Explain(String),
}

struct Judging {
    place: Place,
    judged: Judged,
    /// The history of the cluster that is being judged, and the keys that are left.
    open: Option<(History, Changed)>,
}

impl Desk {
    /// An executor without data. The search of one key for linearizability may look at `patience`
    /// calls.
    #[must_use]
    pub fn new(patience: u64) -> Self {
        Self { patience, run: None, referees: Vec::new(), kept: None, job: None, hunt: None }
    }

    /// Begins a request, with the file that came with it.
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
            Request::Hunt(portion) => match hunted::Hunting::begin(portion, self.hunt.take()) {
                Ok(hunting) => Job::Hunting(hunting),
                Err(ended) => {
                    let (answer, hunt) = *ended;
                    self.hunt = hunt;
                    Job::Done(answer)
                }
            },
            Request::Copy(copy) => match Copying::new(copy) {
                Some(copying) => Job::Copying(Box::new(copying)),
                None => Job::Done(Answer::Copied(None)),
            },
        });
    }

    /// True if there is work to do.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.job.is_some()
    }

    /// Does a portion of the work. Returns progress, or in the end the answer.
    pub fn work(&mut self) -> Option<Reply> {
        match self.job.take()? {
            Job::Done(answer) => return Some(Reply::Answer(answer)),
            Job::Judging(judging) => self.job = Some(self.judge(judging)),
            Job::Hunting(mut hunting) => match hunting.work() {
                None => self.job = Some(Job::Hunting(hunting)),
                Some(answer) => {
                    self.hunt = Some(hunting.into_hunt());
                    return Some(Reply::Answer(answer));
                }
            },
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

    /// The answer about a file that was read and judged, or could not be.
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
            // The page printed this script, so it can be parsed.
            self.run = language::run(script).ok();
            self.follow();
        }
        let judging = Judging { place, judged: Judged::default(), open: None };
        Job::Judging(judging)
    }

    /// Gives the run to the referees. Referees of other clusters are replaced.
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
