//! Histories for tests: of a correct store, and of an incorrect one.

use crate::history::{History, Outcome, Process, Request, Text};
use crate::sorted::SortedMap;

/// SplitMix64 (Steele et al., 2014).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let word = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let word = (word ^ word >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ word >> 31
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn percent(&mut self, chance: u32) -> bool {
        self.below(100) < chance as usize
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// The requests of the simulated clients.
#[derive(Clone, Copy)]
pub struct Workload {
    pub operations: usize,
    pub processes: u32,
    pub keys: usize,
    /// The functions of the requests.
    pub functions: &'static [&'static str],
    /// The values that are written; empty for values that are each written once.
    pub values: &'static [&'static str],
    /// Percentage of operations that are never answered, and of answers that are wrong.
    pub unknown: u32,
    pub lies: u32,
    /// Percentage of sets of a present key that are refused, as by a store whose set overwrites
    /// nothing.
    pub refused: u32,
}

pub const ALL_FUNCTIONS: &[&str] = &["get", "get", "set", "upd", "del", "cas", "append"];

/// The phase of a process.
enum Phase {
    Idle,
    Asked(Text, Request),
    Done(Outcome),
}

/// The state after a request, and its answer: the store as the format of operations describes it,
/// independent of the judge's code.
pub fn apply(state: Option<&str>, request: &Request) -> (Option<String>, Outcome) {
    let done = |state: Option<String>, applied| (state, Outcome::Done { applied });
    let unchanged = state.map(str::to_owned);
    match request {
        Request::Get => (unchanged, Outcome::Read(state.map(Into::into))),
        Request::Set(value) => done(Some(value.to_string()), true),
        Request::Upd(value) if state.is_some() => done(Some(value.to_string()), true),
        Request::Del if state.is_some() => done(None, true),
        Request::Cas { expected, new } if state == Some(expected) => {
            done(Some(new.to_string()), true)
        }
        Request::Append(text) => done(Some(state.unwrap_or("").to_owned() + text), true),
        Request::Upd(_) | Request::Del | Request::Cas { .. } => done(unchanged, false),
    }
}

/// The state after a request that was answered with `told`, where the store may answer so: a set of
/// a present key may be refused.
pub fn answered(state: Option<&str>, request: &Request, told: &Outcome) -> Option<Option<String>> {
    let is_refused =
        matches!(request, Request::Set(_)) && *told == Outcome::Done { applied: false };
    if is_refused {
        return state.map(|state| Some(state.to_owned()));
    }
    let (after, outcome) = apply(state, request);
    (outcome == *told).then_some(after)
}

/// A history of a store that applies each request at one moment between invocation and return,
/// except for its wrong answers.
pub fn simulate(seed: u64, workload: &Workload) -> History {
    let mut random = Random(seed);
    let mut history = History::default();
    let mut store: SortedMap<Text, String> = SortedMap::new();
    let mut phases: Vec<(Process, Phase)> =
        (0..workload.processes).map(|id| (Process(id.into()), Phase::Idle)).collect();
    let mut fresh = workload.processes;
    while history.operations().len() < workload.operations {
        let slot = random.below(phases.len());
        let (process, phase) = &mut phases[slot];
        *phase = match std::mem::replace(phase, Phase::Idle) {
            Phase::Idle => {
                let key: Text = format!("k{}", random.below(workload.keys)).into();
                let count = history.operations().len();
                let request = request(&mut random, workload, count);
                history.invoke(*process, key.clone(), request.clone(), None).unwrap();
                Phase::Asked(key, request)
            }
            Phase::Asked(..) if random.percent(workload.unknown / 4) => {
                history.complete(*process, Outcome::Failed, None).unwrap();
                Phase::Idle
            }
            Phase::Asked(..) if random.percent(workload.unknown) => {
                retire(&mut random, &mut history, process, &mut fresh);
                Phase::Idle
            }
            Phase::Asked(key, request) => {
                let before = store.get(&key).map(String::as_str);
                let is_refused = workload.refused > 0
                    && matches!(request, Request::Set(_))
                    && before.is_some()
                    && random.percent(workload.refused);
                let (state, mut outcome) = if is_refused {
                    (before.map(str::to_owned), Outcome::Done { applied: false })
                } else {
                    apply(before, &request)
                };
                match state {
                    Some(state) => store.insert(key.clone(), state),
                    None => store.remove(&key),
                };
                if random.percent(workload.lies) {
                    outcome = lie(&mut random, workload, &request);
                }
                Phase::Done(outcome)
            }
            Phase::Done(..) if random.percent(workload.unknown) => {
                retire(&mut random, &mut history, process, &mut fresh);
                Phase::Idle
            }
            Phase::Done(outcome) => {
                history.complete(*process, outcome, None).unwrap();
                Phase::Idle
            }
        };
    }
    history
}

/// The process does not learn its outcome; a new process takes its place.
fn retire(random: &mut Random, history: &mut History, process: &mut Process, fresh: &mut u32) {
    if random.percent(50) {
        history.complete(*process, Outcome::Unknown, None).unwrap();
    }
    *process = Process((*fresh).into());
    *fresh += 1;
}

fn request(random: &mut Random, workload: &Workload, count: usize) -> Request {
    let mut value = || -> Text {
        match workload.values {
            [] => count.to_string().into(),
            values => random.one_of(values).into(),
        }
    };
    let (value, expected) = (value(), value());
    match random.one_of(workload.functions) {
        "set" => Request::Set(value),
        "upd" => Request::Upd(value),
        "del" => Request::Del,
        "cas" => Request::Cas { expected, new: value },
        "append" => Request::Append(value),
        _ => Request::Get,
    }
}

fn lie(random: &mut Random, workload: &Workload, request: &Request) -> Outcome {
    match request {
        Request::Get if random.percent(20) || workload.values.is_empty() => Outcome::Read(None),
        Request::Get => Outcome::Read(Some(random.one_of(workload.values).into())),
        Request::Set(_) if workload.refused > 0 => Outcome::Done { applied: random.percent(50) },
        _ => Outcome::Done { applied: !request.is_conditional() || random.percent(50) },
    }
}
