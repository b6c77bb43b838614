//! The search for an order of the calls on one key.
//!
//! Wing & Gong, *Testing and Verifying Concurrent Objects* (1993): take a call that is first in
//! real time, that is, whose invocation precedes every return of a call not yet taken; apply it to
//! the state if the answer allows; continue until all answered calls are taken; backtrack where
//! that fails. With Lowe's memory of configurations (see [`super::seen`]). The additions prune only
//! branches that are not needed:
//!
//! - **Calls that change nothing are taken at once.** If one is possible now, then any order that
//!   succeeds and has it later succeeds with it here: nothing else sees it.
//! - **An unanswered call is taken only if a call that depends on the state is possible right after
//!   it.** Take an order with the fewest unanswered calls. After each of them comes a call that is
//!   not blind, and which the new state allows; else it could be left out, since nothing saw its
//!   effect. The call after it has been invoked, as no return can come between them. Where no call
//!   asks for mere presence, or for any value but one, no unanswered call is taken that makes an
//!   unobserved value: up to the next blind call there can only be appends after it, and these are
//!   possible without it as well.
//! - **Of unanswered calls of the same effect the one invoked first is taken.** The other can serve
//!   in its place, later: it is invoked earlier, and neither ever returns.
//! - **Of answered calls of the same effect the one that returns first is taken**, and before any
//!   unanswered one of that effect: two calls of the same effect can change places, as both are
//!   invoked already and the one that moves back returns later or never.
//! - **Where a call sets a value that no call asks for, it is taken just before the next blind
//!   call**, which hides it: where it came later nothing depended on it up to the next blind call,
//!   so it is not needed there. This holds where no call asks for mere presence or for any value
//!   but one.
//! - **A state is left only if no call needs it, or some call can make it again**: every answered
//!   call that needs exactly this state comes later, and so does the call that makes it.

use super::line::{Entry, Line};
use super::model::{Action, Call, Condition, Fate, Mutation};
use super::seen::{Bits, Seen};
use super::values::{ABSENT, OTHER, State, Values};
use super::wanted::Wanted;
use crate::history::OperationId;
use crate::order;
use std::cmp::Reverse;

/// Comparing this many words of configurations takes about as long as examining a call.
const WORDS_PER_STEP: u64 = 256;

/// Testing this many classes takes about as long as examining a call.
const CLASSES_PER_STEP: u64 = 16;

/// A call in an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The operation.
    pub id: OperationId,
    /// The event of its invocation.
    pub invoked: u32,
}

impl Placed {
    fn of(call: &Call) -> Self {
        Self { id: call.id, invoked: call.invoked }
    }
}

/// The result of a search.
#[derive(Debug)]
pub enum Found {
    /// There is such an order.
    Order(Vec<Placed>),
    /// There is no order. Every attempt left an answered call out; the one that went furthest got
    /// past all returns before this event.
    Nothing {
        /// The event of a return.
        furthest: u32,
    },
    /// The allowed steps were used up.
    GaveUp {
        /// The event of a return, as above.
        furthest: u32,
    },
}

/// Looks for an order of `calls`, which are sorted by invocation, that begins with one of
/// `initials`. `steps` is the number of calls that it may examine; the used ones are subtracted.
pub fn search(calls: &[Call], initials: &[State], values: &mut Values, steps: &mut u64) -> Found {
    let mut search = Search::new(calls, initials, values);
    let mut found = Found::Nothing { furthest: 0 };
    for &initial in initials {
        search.begin(initial);
        if !search.is_hopeless() {
            found = search.run(*steps);
            if !matches!(found, Found::Nothing { .. }) {
                break;
            }
        }
    }
    *steps = steps.saturating_sub(search.steps);
    found
}

/// Unanswered calls of the same effect, in the order of invocation.
#[derive(Debug)]
struct Class {
    mutation: Mutation,
    /// Indices into `Search::open`.
    next: usize,
    end: usize,
}

/// A call taken, in the order of taking.
#[derive(Clone, Copy, Debug)]
enum Taken {
    /// An answered call.
    Answered(usize),
    /// The next call of a class of unanswered ones, and its place in `Search::open`.
    Open { class: usize, place: usize },
}

/// A configuration that is being tried.
#[derive(Debug)]
struct Frame {
    state: State,
    /// The answered call that was taken last.
    last: usize,
    /// Length of `Search::taken`.
    taken: usize,
    /// The choices still to be tried: from here to the end of `Search::choices`.
    choices: usize,
}

/// A call that can be taken next, and the state after it.
#[derive(Clone, Copy, Debug)]
struct Choice {
    taken: Taken,
    mutation: Mutation,
    state: State,
    /// The rank: lower ones are tried first.
    rank: (u8, u32),
}

struct Search<'a> {
    values: &'a mut Values,
    /// The answered calls, in the order of invocation.
    answered: Vec<(Call, Action)>,
    /// The unanswered calls, by class, and within a class in the order of invocation.
    open: Vec<Placed>,
    classes: Vec<Class>,
    line: Line,
    state: State,
    /// The set of answered calls that are taken, and the last of them.
    done: Bits,
    last: usize,
    /// The set of unanswered calls that are taken.
    used: Bits,
    taken: Vec<Taken>,
    /// The calls that can be taken now, and the choices still to be tried.
    possible: Vec<usize>,
    choices: Vec<Choice>,
    frames: Vec<Frame>,
    seen: Seen,
    /// By state, the number of calls not yet taken that need it, and that make it; empty where
    /// texts are appended, since then the states that a call makes depend on those before.
    needs: Vec<u32>,
    makes: Vec<u32>,
    /// By state, whether an unanswered call may need it.
    wished: Vec<bool>,
    /// The states in which a call that depends on the state can come, where they were computed.
    wanted: Wanted,
    /// Whether a condition can distinguish [`OTHER`] from another value.
    is_other_seen: bool,
    steps: u64,
    furthest: u32,
}

impl<'a> Search<'a> {
    fn new(calls: &[Call], initials: &[State], values: &'a mut Values) -> Self {
        let states = if values.has_appends() { 0 } else { values.state_count() };
        let told_apart = told_apart(calls, initials, states);
        let plain = |state: State| match told_apart.get(state.index()) {
            Some(false) if state != ABSENT => OTHER,
            _ => state,
        };
        let answered: Vec<(Call, Action)> = calls
            .iter()
            .filter_map(|call| match call.fate {
                Fate::Answered(Action::Mutate(mutation)) => {
                    Some((*call, Action::Mutate(mutation.with_result(plain))))
                }
                Fate::Answered(observation) => Some((*call, observation)),
                Fate::Failed | Fate::Open => None,
            })
            .collect();
        let (open, classes) = classes(calls, plain);
        let mut wished = vec![false; states];
        for state in classes.iter().filter_map(|class| class.mutation.needs()) {
            if let Some(wished) = wished.get_mut(state.index()) {
                *wished = true;
            }
        }
        let mut search = Self {
            line: Line::new(&answered),
            done: Bits::new(answered.len()),
            used: Bits::new(open.len()),
            values,
            answered,
            open,
            classes,
            state: ABSENT,
            last: 0,
            taken: Vec::new(),
            possible: Vec::new(),
            choices: Vec::new(),
            frames: Vec::new(),
            seen: Seen::new(),
            needs: vec![0; states],
            makes: vec![0; states],
            wished,
            wanted: Wanted::new(states),
            is_other_seen: calls.iter().any(Call::can_see_other),
            steps: 0,
            furthest: 0,
        };
        search.count_all();
        search
    }

    /// Resets to the configuration in which nothing is taken, with another initial state.
    fn begin(&mut self, initial: State) {
        while !self.taken.is_empty() {
            self.put_back();
        }
        (self.state, self.last) = (initial, 0);
    }

    fn count_all(&mut self) {
        for call in 0..self.answered.len() {
            self.count(Taken::Answered(call), |count| *count += 1);
        }
        for class in 0..self.classes.len() {
            for place in self.classes[class].next..self.classes[class].end {
                self.count(Taken::Open { class, place }, |count| *count += 1);
            }
        }
    }

    /// Whether a call needs a state that no call makes.
    fn is_hopeless(&self) -> bool {
        let mut states = self.needs.iter().zip(&self.makes).enumerate();
        states
            .any(|(state, (&needs, &makes))| needs > 0 && makes == 0 && state != self.state.index())
    }

    fn run(&mut self, allowance: u64) -> Found {
        loop {
            let deadline = self.observe();
            let Some(deadline) = deadline else {
                return Found::Order(self.order());
            };
            if self.steps > allowance {
                return Found::GaveUp { furthest: self.furthest };
            }
            self.furthest = self.furthest.max(self.answered[deadline].0.returned);
            self.enter(deadline);
            if !self.advance() {
                return Found::Nothing { furthest: self.furthest };
            }
        }
    }

    /// Takes all calls that are possible and change nothing, and leaves in `possible` the others
    /// that can come next. Returns the one of these that must return first; `None` if every
    /// answered call is taken.
    fn observe(&mut self) -> Option<usize> {
        self.possible.clear();
        let mut entry = self.line.first();
        loop {
            match self.line.kind(entry) {
                Entry::End => return None,
                Entry::Return(call) => return Some(call),
                Entry::Call(call) => {
                    self.steps += 1;
                    match self.answered[call].1 {
                        Action::Observe(condition) if condition.holds(self.state) => {
                            self.take(Taken::Answered(call));
                        }
                        _ => self.possible.push(call),
                    }
                }
            }
            entry = self.line.after(entry);
        }
    }

    /// Computes the choices from here, unless this configuration was seen before.
    fn enter(&mut self, deadline: usize) {
        let range = (self.line.first(), self.last);
        let state = if self.is_idle(self.state) { OTHER } else { self.state };
        let is_new = self.seen.insert(state, &self.done, range, &self.used);
        self.steps += std::mem::take(&mut self.seen.compared) / WORDS_PER_STEP;
        if !is_new {
            return;
        }
        let choices = self.choices.len();
        self.choose_answered(deadline);
        self.choose_open(choices, deadline);
        order::by_key(&mut self.choices[choices..], |choice| Reverse(choice.rank));
        let (state, last, taken) = (self.state, self.last, self.taken.len());
        self.frames.push(Frame { state, last, taken, choices });
    }

    fn choose_answered(&mut self, deadline: usize) {
        let begin = self.choices.len();
        for place in 0..self.possible.len() {
            let call = self.possible[place];
            let (Call { returned, .. }, Action::Mutate(mutation)) = self.answered[call] else {
                continue;
            };
            let Some(state) = self.allowed(mutation, true) else {
                continue;
            };
            let rank = (u8::from(call != deadline && !self.suits(deadline, state)), returned);
            let choice = Choice { taken: Taken::Answered(call), mutation, state, rank };
            let mut others = self.choices[begin..].iter_mut();
            match others.find(|other| other.mutation == mutation) {
                Some(other) if other.rank > rank => *other = choice,
                Some(_) => {}
                None => self.choices.push(choice),
            }
        }
    }

    fn choose_open(&mut self, begin: usize, deadline: usize) {
        let now = self.answered[deadline].0.returned;
        let answered = self.choices.len();
        self.lay_out_wanted(now);
        for class in 0..self.classes.len() {
            let Class { mutation, next: place, .. } = self.classes[class];
            if !self.is_invoked(class, now) {
                continue;
            }
            self.steps += 1;
            let mut same = self.choices[begin..answered].iter();
            if same.any(|choice| choice.mutation == mutation) {
                continue;
            }
            let Some(state) = self.allowed(mutation, false) else {
                continue;
            };
            if state == OTHER && !self.is_other_seen {
                continue;
            }
            if state != self.state && self.is_wanted(state, class, now) {
                let rank = (2 + u8::from(!self.suits(deadline, state)), self.open[place].invoked);
                let taken = Taken::Open { class, place };
                self.choices.push(Choice { taken, mutation, state, rank });
            }
        }
    }

    /// The state after a mutation, if it is possible and the present state may be left.
    fn allowed(&mut self, mutation: Mutation, is_answered: bool) -> Option<State> {
        let state = mutation.apply(self.state, self.values)?;
        let here = self.state.index();
        if state != self.state && here < self.needs.len() {
            let itself = u32::from(is_answered && mutation.needs() == Some(self.state));
            if self.needs[here] > itself && self.makes[here] == 0 {
                return None;
            }
        }
        Some(state)
    }

    /// Whether an answered call that real time allows can come in a state.
    fn suits(&mut self, call: usize, state: State) -> bool {
        match self.answered[call].1 {
            Action::Observe(condition) => condition.holds(state),
            Action::Mutate(mutation) => {
                !mutation.is_blind() && mutation.apply(state, self.values).is_some()
            }
        }
    }

    /// Computes the states in which a call that depends on the state can come.
    fn lay_out_wanted(&mut self, now: u32) {
        if self.values.has_appends() {
            return;
        }
        self.wanted.clear();
        for &call in &self.possible {
            self.wanted.answered(self.answered[call].1);
        }
        for class in 0..self.classes.len() {
            if self.is_invoked(class, now) {
                self.wanted.open(self.classes[class].mutation);
            }
        }
    }

    /// Whether a call that depends on the state can come right after an unanswered call of `class`
    /// has made `state`.
    fn is_wanted(&mut self, state: State, class: usize, now: u32) -> bool {
        if !self.values.has_appends() {
            return self.wanted.holds(state);
        }
        self.steps += (self.possible.len() + self.classes.len()) as u64 / CLASSES_PER_STEP;
        (0..self.possible.len()).any(|place| self.suits(self.possible[place], state))
            || (0..self.classes.len()).any(|other| {
                let mutation = self.classes[other].mutation;
                !mutation.is_blind()
                    && (other != class || self.classes[other].next + 1 < self.classes[other].end)
                    && self.is_invoked(other, now)
                    && mutation.apply(state, self.values).is_some_and(|after| after != state)
            })
    }

    /// Whether an unanswered call of the class is left that was invoked before the event `now`.
    fn is_invoked(&self, class: usize, now: u32) -> bool {
        let Class { next, end, .. } = self.classes[class];
        next < end && self.open[next].invoked < now
    }

    /// Takes the next choice; backtracks where none is left. False if none is left at all.
    fn advance(&mut self) -> bool {
        while let Some(&Frame { state, last, taken, choices }) = self.frames.last() {
            while self.taken.len() > taken {
                self.put_back();
            }
            (self.state, self.last) = (state, last);
            if self.choices.len() > choices {
                let choice = self.choices.pop().expect("there are more than none");
                if choice.mutation.is_blind() {
                    self.take_idle_sets(choice.taken);
                }
                self.take(choice.taken);
                self.state = choice.state;
                return true;
            }
            self.frames.pop();
        }
        false
    }

    /// Whether no call not yet taken can distinguish the state from any other present one.
    fn is_idle(&self, state: State) -> bool {
        let here = state.index();
        !self.is_other_seen
            && state != ABSENT
            && self.needs.get(here) == Some(&0)
            && !self.wished[here]
    }

    /// Takes all answered calls that are possible and set an idle value, except the one that comes
    /// next.
    fn take_idle_sets(&mut self, next: Taken) {
        let mut entry = self.line.first();
        while let Entry::Call(call) = self.line.kind(entry) {
            self.steps += 1;
            let is_next = matches!(next, Taken::Answered(next) if next == call);
            if let Action::Mutate(Mutation::Set(value)) = self.answered[call].1
                && !is_next
                && self.is_idle(value)
            {
                self.take(Taken::Answered(call));
            }
            entry = self.line.after(entry);
        }
    }

    fn take(&mut self, taken: Taken) {
        match taken {
            Taken::Answered(call) => {
                self.line.lift(call);
                self.done.flip(call);
                self.last = self.last.max(call);
            }
            Taken::Open { class, place } => {
                self.used.flip(place);
                self.classes[class].next += 1;
            }
        }
        self.count(taken, |count| *count -= 1);
        self.taken.push(taken);
    }

    /// Undoes the last `take`, except for `last`, which the frame holds.
    fn put_back(&mut self) {
        let Some(taken) = self.taken.pop() else {
            return;
        };
        match taken {
            Taken::Answered(call) => {
                self.line.put_back(call);
                self.done.flip(call);
            }
            Taken::Open { class, place } => {
                self.used.flip(place);
                self.classes[class].next -= 1;
            }
        }
        self.count(taken, |count| *count += 1);
    }

    /// Changes the counts of the states that a call needs and makes.
    fn count(&mut self, taken: Taken, change: impl Fn(&mut u32)) {
        if self.needs.is_empty() {
            return;
        }
        let (needed, made) = match taken {
            Taken::Answered(call) => needed_and_made(self.answered[call].1),
            Taken::Open { class, .. } => (None, self.classes[class].mutation.makes()),
        };
        if let Some(state) = needed {
            change(&mut self.needs[state.index()]);
        }
        if let Some(state) = made {
            change(&mut self.makes[state.index()]);
        }
    }

    fn order(&self) -> Vec<Placed> {
        let placed = self.taken.iter().map(|taken| match *taken {
            Taken::Answered(call) => Placed::of(&self.answered[call].0),
            Taken::Open { place, .. } => self.open[place],
        });
        placed.collect()
    }
}

/// The state that an answered call needs, if it is one, and the one that it makes.
fn needed_and_made(action: Action) -> (Option<State>, Option<State>) {
    match action {
        Action::Observe(Condition::Is(state)) => (Some(state), None),
        Action::Observe(Condition::IsNot(_)) => (None, None),
        Action::Mutate(mutation) => (mutation.needs(), mutation.makes()),
    }
}

/// By state, whether any of these calls can distinguish it from unobserved values: the values were
/// observed by calls of the whole history, and these calls may be a part of it. The first states
/// keep their numbers.
fn told_apart(calls: &[Call], initials: &[State], states: usize) -> Vec<bool> {
    let mut told_apart = vec![false; states];
    for state in calls.iter().filter_map(Call::distinguishes).chain(initials.iter().copied()) {
        if let Some(told_apart) = told_apart.get_mut(state.index()) {
            *told_apart = true;
        }
    }
    told_apart
}

/// The unanswered calls, sorted by class, and the classes.
fn classes(calls: &[Call], plain: impl Fn(State) -> State) -> (Vec<Placed>, Vec<Class>) {
    let unanswered = calls.iter().filter(|call| call.fate == Fate::Open);
    let mut open: Vec<(Mutation, Placed)> = unanswered
        .filter_map(|call| Some((call.open?.with_result(&plain), Placed::of(call))))
        .collect();
    order::by_key(&mut open, |&(mutation, placed)| (mutation, placed.invoked, placed.id));
    let mut classes: Vec<Class> = Vec::new();
    for (place, &(mutation, _)) in open.iter().enumerate() {
        match classes.last_mut() {
            Some(class) if class.mutation == mutation => class.end = place + 1,
            _ => classes.push(Class { mutation, next: place, end: place + 1 }),
        }
    }
    (open.into_iter().map(|(_, placed)| placed).collect(), classes)
}
