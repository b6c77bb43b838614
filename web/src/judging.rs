//! Keeps the verdicts up to date with the playhead. The judges are asked whenever it has moved,
//! with one question at a time; while time runs, at most four times a second.

use crate::clerk::{Answer, Clerk, Place, Request};
use crate::dom;
use crate::known::{Known, Violation};
use crate::language;
use quorumscope_core::order;
use quorumscope_core::run::Run;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::view::ClusterVerdict;
use std::cell::RefCell;
use std::rc::Rc;

/// The least time between two questions while time runs, in milliseconds.
const EVERY_MS: f64 = 250.0;

/// The moment that was judged: the revision of the run, the steps of each cluster, the time, and
/// the time from which on moments of effect are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    revision: u64,
    steps: Vec<u64>,
    now: Time,
    since: Time,
}

/// The latest verdicts.
#[derive(Debug, Default)]
pub struct Latest {
    key: Option<Key>,
    /// The verdicts on every property of every cluster.
    pub verdicts: Rc<Vec<ClusterVerdict>>,
    /// By cluster, the moments at which operations take effect: number (from 1) and time in
    /// microseconds.
    pub places: Vec<Vec<(u32, u64)>>,
}

impl PartialEq for Latest {
    fn eq(&self, other: &Self) -> bool {
        self.verdicts == other.verdicts && self.places == other.places
    }
}

impl Latest {
    /// The verdicts on one cluster.
    pub fn of(&self, cluster: usize) -> impl Iterator<Item = &ClusterVerdict> {
        self.verdicts.iter().filter(move |v| v.cluster == cluster)
    }

    /// The violations in one cluster.
    pub fn violated(&self, cluster: usize) -> impl Iterator<Item = &ClusterVerdict> {
        self.of(cluster).filter(|v| v.holds == Some(false))
    }

    /// The operations at fault in one cluster, sorted, each once.
    #[must_use]
    pub fn at_fault(&self, cluster: usize) -> Vec<u32> {
        let all = self.violated(cluster).flat_map(|v| v.operations.iter().copied());
        let mut numbers: Vec<u32> = all.collect();
        order::sort(&mut numbers);
        numbers.dedup();
        numbers
    }
}

/// The client of the judges. Clones share one state.
#[derive(Clone, Default)]
pub struct Judging(Rc<Shared>);

#[derive(Default)]
struct Shared {
    clerk: Clerk,
    latest: RefCell<Rc<Latest>>,
    known: RefCell<Known>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    asked: Option<Key>,
    /// The time of the last question, by the page's clock, in milliseconds.
    asked_ms: f64,
    /// The revision of the run that the worker knows.
    known: Option<u64>,
    since: Time,
    /// The last run that was judged, and its revision.
    run: Option<(u64, Rc<Run>)>,
}

impl Judging {
    /// The worker that judges.
    #[must_use]
    pub fn clerk(&self) -> &Clerk {
        &self.0.clerk
    }

    /// The latest verdicts: of the playhead, or of its place shortly before.
    #[must_use]
    pub fn latest(&self) -> Rc<Latest> {
        Rc::clone(&self.0.latest.borrow())
    }

    /// All violations that were found in a run so far, even beyond the playhead.
    #[must_use]
    pub fn violations(&self, run: &Run) -> Vec<Violation> {
        self.0.known.borrow().of(run)
    }

    /// The verdicts at the playhead, if they are known already.
    #[must_use]
    pub fn verdicts_at(&self, session: &Session) -> Option<Rc<Vec<ClusterVerdict>>> {
        let latest = self.latest();
        let key = latest.key.as_ref()?;
        let here = Key::of(session, key.since);
        (*key == here).then(|| Rc::clone(&latest.verdicts))
    }

    /// Asks for the moments of effect from about this time on. True if that changes the next
    /// question.
    pub fn set_since(&self, since: Time) -> bool {
        let grain = Time::from_us(since.as_us() / 1_000_000 * 1_000_000);
        std::mem::replace(&mut self.0.state.borrow_mut().since, grain) != grain
    }

    /// Asks the judges about the playhead, if it has moved and they are idle. `answered` is called
    /// after the answer, with true if the verdicts changed.
    pub fn look(&self, session: &Session, playing: bool, answered: impl FnOnce(bool) + 'static) {
        let mut state = self.0.state.borrow_mut();
        let key = Key::of(session, state.since);
        let is_new = self.0.latest.borrow().key.as_ref() != Some(&key);
        let now_ms = dom::now_ms();
        // Who judges reads the run as a script.
        let rests = playing && now_ms < state.asked_ms + EVERY_MS || !language::is_here();
        let idle = session.worlds().all(|world| world.operations().is_empty());
        if !is_new || rests || state.asked.is_some() {
            return;
        }
        if idle {
            // No client has an answer yet, so nothing can be wrong.
            let latest = Latest { key: Some(key), ..Latest::default() };
            *self.0.latest.borrow_mut() = Rc::new(latest);
            return;
        }
        let is_known = state.known == Some(key.revision);
        let last = state.run.take().filter(|(revision, _)| *revision == key.revision);
        let run = last.map_or_else(|| Rc::new(session.run().clone()), |(_, run)| run);
        let place = Place {
            script: (!is_known).then(|| language::print(session.run())),
            steps: key.steps.clone(),
            now_us: key.now.as_us(),
            since_us: key.since.as_us(),
        };
        *state = State {
            asked: Some(key.clone()),
            asked_ms: now_ms,
            known: Some(key.revision),
            run: Some((key.revision, Rc::clone(&run))),
            ..*state
        };
        drop(state);
        let judging = self.clone();
        self.clerk().ask(Request::Judge(place), None, move |answer| {
            let before = judging.latest();
            judging.take(key, &run, is_known, answer);
            answered(*judging.latest() != *before);
        });
    }

    fn take(&self, key: Key, run: &Rc<Run>, was_known: bool, answer: Answer) {
        let mut state = self.0.state.borrow_mut();
        state.asked = None;
        let Answer::Judged(judged) = answer else { return };
        if judged.places.is_empty() && was_known {
            // The worker was replaced, and the new one does not know the run.
            state.known = None;
            return;
        }
        let mut known = self.0.known.borrow_mut();
        for verdict in judged.verdicts.iter().filter(|v| v.holds == Some(false)) {
            let at = verdict.at.map_or(key.now, |ms| Time::from_us((ms * 1_000.0) as u64));
            known.add(run, (verdict.cluster, verdict.property.clone(), at));
        }
        let (verdicts, places) = (Rc::new(judged.verdicts), judged.places);
        let latest = Latest { key: Some(key), verdicts, places };
        *self.0.latest.borrow_mut() = Rc::new(latest);
    }
}

impl Key {
    fn of(session: &Session, since: Time) -> Self {
        let steps = session.worlds().map(|world| world.steps()).collect();
        Self { revision: session.revision(), steps, now: session.now(), since }
    }
}
