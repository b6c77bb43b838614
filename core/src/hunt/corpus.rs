//! The corpus: runs that reached states which no run before had reached, and went well.

use super::chance::Chance;
use crate::run::Command;

/// The most runs that are kept.
const MOST: usize = 96;

/// A run that went well.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The seed of its cluster, if not the one that was given.
    pub seed: Option<u64>,
    /// All its statements.
    pub commands: Vec<Command>,
    /// Number of states that it was the first to reach; reduced each time it is chosen.
    worth: usize,
}

/// Runs that went well.
#[derive(Clone, Debug, Default)]
pub struct Corpus(Vec<Entry>);

impl Corpus {
    /// Keeps a run that was the first to reach so many states. Where there are too many, the one that
    /// is worth the least goes.
    pub fn keep(&mut self, seed: Option<u64>, commands: &[Command], fresh: usize) {
        if fresh == 0 {
            return;
        }
        if self.0.len() == MOST {
            let least = self.0.iter().enumerate().min_by_key(|(_, e)| e.worth);
            let Some((place, least)) = least else { return };
            if least.worth >= fresh {
                return;
            }
            self.0.remove(place);
        }
        self.0.push(Entry { seed, commands: commands.to_vec(), worth: fresh });
    }

    /// One of the runs, the better of two that were drawn.
    pub fn choose(&mut self, chance: &mut Chance) -> Option<Entry> {
        let (one, other) = (chance.below(self.0.len()), chance.below(self.0.len()));
        let place = if self.0.get(one)?.worth >= self.0.get(other)?.worth { one } else { other };
        let chosen = &mut self.0[place];
        chosen.worth -= chosen.worth.div_ceil(8);
        Some(chosen.clone())
    }
}
