//! Which states something can be made of: asked of every unanswered call that could lead to one, and
//! so laid out once for all of them.

use super::model::{Action, Condition, Mutation};
use super::values::{ABSENT, State};

/// The states in which a call that depends on the state, and that can come next, is possible. Where
/// texts are appended there are ever new states, and this is of no use.
#[derive(Debug, Default)]
pub struct Wanted {
    /// By state, the last round in which it was wanted.
    rounds: Vec<u32>,
    round: u32,
    any: Reach,
    present: Reach,
}

/// Which of many states.
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
    /// For so many states; none of them is wanted.
    pub fn new(states: usize) -> Self {
        Self { rounds: vec![0; states], ..Self::default() }
    }

    /// None of the states is wanted.
    pub fn clear(&mut self) {
        if self.round == u32::MAX {
            self.rounds.fill(0);
            self.round = 0;
        }
        self.round += 1;
        (self.any, self.present) = (Reach::None, Reach::None);
    }

    /// Those are wanted in which this answered call can come.
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

    /// Those are wanted in which this unanswered call can come and changes something. Where it led to
    /// a state itself it does not want that: none of these can come twice without another between.
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
