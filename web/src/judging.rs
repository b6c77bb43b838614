//! What the judges say, kept up with the playhead: they are asked whenever it has moved, one question
//! at a time, and at most a few times a second while time runs.

use crate::clerk::{Answer, Clerk, Place, Request};
use crate::dom;
use crate::language;
use quorumscope_core::order;
use quorumscope_core::session::Session;
use quorumscope_core::time::Time;
use quorumscope_core::view::ClusterVerdict;
use std::cell::RefCell;
use std::rc::Rc;

/// While time runs, the judges are asked at most this often.
const EVERY_MS: f64 = 250.0;

/// The moment that was judged: the revision of the run, the steps of each cluster, the time, and
/// from when on it is of interest where operations take effect.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    revision: u64,
    steps: Vec<u64>,
    now: Time,
    since: Time,
}

/// What the judges said last.
#[derive(Debug, Default)]
pub struct Latest {
    key: Option<Key>,
    /// On every property of every cluster.
    pub verdicts: Rc<Vec<ClusterVerdict>>,
    /// By cluster, where operations take effect: their numbers, from 1, and microseconds.
    pub places: Vec<Vec<(u32, u64)>>,
    /// What was ever seen not to hold in this run, also beyond the playhead: cluster, property, when.
    pub violations: Vec<(usize, String, Time)>,
}

impl PartialEq for Latest {
    fn eq(&self, other: &Self) -> bool {
        self.verdicts == other.verdicts && self.places == other.places
    }
}

impl Latest {
    /// What they said of a cluster.
    pub fn of(&self, cluster: usize) -> impl Iterator<Item = &ClusterVerdict> {
        self.verdicts.iter().filter(move |v| v.cluster == cluster)
    }

    /// What does not hold in a cluster.
    pub fn violated(&self, cluster: usize) -> impl Iterator<Item = &ClusterVerdict> {
        self.of(cluster).filter(|v| v.holds == Some(false))
    }

    /// The operations at fault in a cluster, each once, by number.
    #[must_use]
    pub fn at_fault(&self, cluster: usize) -> Vec<u32> {
        let all = self.violated(cluster).flat_map(|v| v.operations.iter().copied());
        let mut numbers: Vec<u32> = all.collect();
        order::sort(&mut numbers);
        numbers.dedup();
        numbers
    }
}

/// Who asks the judges. Clones are the same one.
#[derive(Clone, Default)]
pub struct Judging(Rc<Shared>);

#[derive(Default)]
struct Shared {
    clerk: Clerk,
    latest: RefCell<Rc<Latest>>,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    asked: Option<Key>,
    /// When they were asked last, by the page's clock.
    asked_ms: f64,
    /// The revision of the run that the clerk knows.
    known: Option<u64>,
    since: Time,
}

impl Judging {
    /// Who does the work.
    #[must_use]
    pub fn clerk(&self) -> &Clerk {
        &self.0.clerk
    }

    /// What the judges said last: of the playhead, or of where it was shortly before.
    #[must_use]
    pub fn latest(&self) -> Rc<Latest> {
        Rc::clone(&self.0.latest.borrow())
    }

    /// What they say of the playhead, if they have said it already.
    #[must_use]
    pub fn verdicts_at(&self, session: &Session) -> Option<Rc<Vec<ClusterVerdict>>> {
        let latest = self.latest();
        let key = latest.key.as_ref()?;
        let here = Key::of(session, key.since);
        (*key == here).then(|| Rc::clone(&latest.verdicts))
    }

    /// From now on it is told where operations take effect from about that time on. True if that is
    /// news.
    pub fn set_since(&self, since: Time) -> bool {
        let grain = Time::from_us(since.as_us() / 1_000_000 * 1_000_000);
        std::mem::replace(&mut self.0.state.borrow_mut().since, grain) != grain
    }

    /// Asks the judges about the playhead, if there is anything new to ask and they are free;
    /// `answered` is called when they have answered, with whether they say anything else than before.
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
            // Nobody was told anything that could be wrong.
            let latest = Latest { key: Some(key), ..Latest::default() };
            *self.0.latest.borrow_mut() = Rc::new(latest);
            return;
        }
        let is_known = state.known == Some(key.revision);
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
            ..*state
        };
        drop(state);
        let judging = self.clone();
        self.clerk().ask(Request::Judge(place), None, move |answer| {
            let before = judging.latest();
            judging.take(key, is_known, answer);
            answered(*judging.latest() != *before);
        });
    }

    fn take(&self, key: Key, was_known: bool, answer: Answer) {
        let mut state = self.0.state.borrow_mut();
        state.asked = None;
        let Answer::Judged(judged) = answer else { return };
        if judged.places.is_empty() && was_known {
            // Somebody else does the work now, and does not know the run.
            state.known = None;
            return;
        }
        let before = self.latest();
        let same = before.key.as_ref().is_some_and(|before| before.revision == key.revision);
        let mut violations = if same { before.violations.clone() } else { Vec::new() };
        for verdict in judged.verdicts.iter().filter(|v| v.holds == Some(false)) {
            let at = verdict.at.map_or(key.now, |ms| Time::from_us((ms * 1_000.0) as u64));
            let violation = (verdict.cluster, verdict.property.clone(), at);
            if !violations.iter().any(|(c, p, _)| (*c, p) == (violation.0, &violation.1)) {
                violations.push(violation);
            }
        }
        let (verdicts, places) = (Rc::new(judged.verdicts), judged.places);
        let latest = Latest { key: Some(key), verdicts, places, violations };
        *self.0.latest.borrow_mut() = Rc::new(latest);
    }
}

impl Key {
    fn of(session: &Session, since: Time) -> Self {
        let steps = session.worlds().map(|world| world.steps()).collect();
        Self { revision: session.revision(), steps, now: session.now(), since }
    }
}
