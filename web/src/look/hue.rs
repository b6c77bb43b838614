//! Colours of terms. Six colours take turns; everything without a term has a seventh.

use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::Term;
use quorumscope_core::settings::Preset;
use quorumscope_core::world::World;

/// The number of colours that take turns.
const ROUND: u32 = 6;
const CLASSES: [&str; Hue::COUNT] = ["t0", "t1", "t2", "t3", "t4", "t5", "t6"];

/// The colour of a term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hue(u8);

impl Hue {
    /// The number of colours.
    pub const COUNT: usize = ROUND as usize + 1;
    /// The colour of everything without a term.
    pub const NONE: Self = Self(0);

    /// The colour of a term.
    #[must_use]
    pub fn of(term: Option<Term>) -> Self {
        term.map_or(Self::NONE, |term| Self::round(term.0))
    }

    /// The colour of a node of its own, for rings, which have no terms.
    #[must_use]
    pub fn own(node: NodeId) -> Self {
        Self::round(node.0.into())
    }

    /// The colour of a node: its own if `own`, else that of its term.
    #[must_use]
    pub fn of_node(node: NodeId, term: Option<Term>, own: bool) -> Self {
        if own { Self::own(node) } else { Self::of(term) }
    }

    /// True if the nodes of a cluster have colours of their own.
    #[must_use]
    pub fn are_own(world: &World) -> bool {
        world.preset() == Preset::Ring
    }

    fn round(number: u32) -> Self {
        Self(if number == 0 { 0 } else { ((number - 1) % ROUND + 1) as u8 })
    }

    /// All colours, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT as u8).map(Self)
    }

    /// The index of this colour among all.
    #[must_use]
    pub const fn place(self) -> usize {
        self.0 as usize
    }

    /// The class that sets this colour as `--c`.
    #[must_use]
    pub const fn class(self) -> &'static str {
        CLASSES[self.place()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_hues_go_round() {
        let class = |term| Hue::of(Some(Term(term))).class();
        assert_eq!([0, 1, 6, 7, 12, 13].map(class), ["t0", "t1", "t6", "t1", "t6", "t1"]);
        assert_eq!(Hue::of(None), Hue::NONE);
        assert_eq!(Hue::own(NodeId(8)).class(), "t2");
    }

    #[test]
    fn every_hue_has_its_place() {
        assert!(Hue::all().map(Hue::place).eq(0..Hue::COUNT));
    }
}
