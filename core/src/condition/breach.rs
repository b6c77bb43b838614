//! Properties by name, as `violated(…)` takes them: each property of a judge, and the common names of
//! violations.

use crate::check::Property;
use crate::check::naming::Name;

/// A property that is violated, or the common name of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// A property.
    Property(Property),
    /// A common name.
    Name(Name),
}

impl Breach {
    /// Every breach, in display order.
    pub fn all() -> impl Iterator<Item = Self> {
        let properties = Property::ALL.into_iter().map(Self::Property);
        properties.chain(Name::ALL.into_iter().map(Self::Name))
    }

    /// Its word in a condition: `linearizable`, `stale-read`.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Property(property) => property.word(),
            Self::Name(name) => name.word(),
        }
    }

    /// The breach of that word, if there is one.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::all().find(|breach| breach.word() == word)
    }

    fn bit(self) -> u32 {
        let place = Self::all().position(|breach| breach == self);
        1 << place.unwrap_or(31)
    }
}

/// A set of breaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Breaches(u32);

impl Breaches {
    /// Whether that one is in the set.
    #[must_use]
    pub fn has(self, breach: Breach) -> bool {
        self.0 & breach.bit() != 0
    }

    /// Adds one.
    pub fn add(&mut self, breach: Breach) {
        self.0 |= breach.bit();
    }

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether each of the other set is in this one.
    #[must_use]
    pub const fn has_all(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
