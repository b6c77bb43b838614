//! The states in which further calls are possible: computed once for all unanswered calls that
//! could make one.

use super::model::{Action, Condition, Mutation};
use super::values::{ABSENT, State};

/// The states in which a call that depends on the state, and that can come next, is possible.
/// Useless where texts are appended, since there are ever new states.
#[derive(Debug, Default)]
pub struct Wanted {
    /// By state, the last round in which it was wanted.
    rounds: Vec<u32>,
    round: u32,
    any: Reach,
    present: Reach,
}

/// A set of states.
#[derive(Clone, Copy, Debug, Default)]
enum Reach {
    #[default]
    None,
    AllBut(State),
    All,
}

impl Reach {
    fn add_all_but(&mut self, state: State) {
        *self = match *self {
            Self::None => Self::AllBut(state),
            Self::AllBut(other) if other == state => Self::AllBut(other),
            Self::AllBut(_) | Self::All => Self::All,
        };
    }

    fn holds(self, state: State) -> bool {
        match self {
            Self::None => false,
            Self::AllBut(other) => state != other,
            Self::All => true,
        }
    }
}

impl Wanted {
    /// A table of that many states, none of them wanted.
    pub fn new(states: usize) -> Self {
        Self { rounds: vec![0; states], ..Self::default() }
    }

    /// Marks all states as not wanted.
    pub fn clear(&mut self) {
        if self.round == u32::MAX {
            self.rounds.fill(0);
            self.round = 0;
        }
        self.round += 1;
        (self.any, self.present) = (Reach::None, Reach::None);
    }

    /// Marks the states in which this answered call can come.
    pub fn answered(&mut self, action: Action) {
        match action {
            Action::Observe(Condition::Is(state)) | Action::Mutate(Mutation::Cas(state, _)) => {
                self.one(state);
            }
            Action::Observe(Condition::IsNot(state)) => self.any.add_all_but(state),
            Action::Mutate(Mutation::Upd(_) | Mutation::Del) => self.present = Reach::All,
            Action::Mutate(Mutation::Set(_) | Mutation::Append(_)) => {}
        }
    }

    /// Marks the states in which this unanswered call can come and changes something, except the
    /// state that it makes itself: it cannot come twice without another between.
    pub fn open(&mut self, mutation: Mutation) {
        match mutation {
            Mutation::Cas(state, _) => self.one(state),
            Mutation::Upd(state) => self.present.add_all_but(state),
            Mutation::Del => self.present = Reach::All,
            Mutation::Set(_) | Mutation::Append(_) => {}
        }
    }

    fn one(&mut self, state: State) {
        self.rounds[state.index()] = self.round;
    }

    /// Whether a state is wanted.
    pub fn holds(&self, state: State) -> bool {
        self.rounds[state.index()] == self.round
            || self.any.holds(state)
            || state != ABSENT && self.present.holds(state)
    }
}
