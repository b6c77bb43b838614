//! The panels beside and under the stage. Each dock shows one at a time.
//!
//! A new panel needs a variant of [`Tab`] with its entry in [`Tab::ALL`], and an arm in
//! `app/docks.rs`.

pub mod breakpoints;
pub mod console;
pub mod events;
pub mod health;
pub mod inspector;
pub mod messages;
pub mod operations;
mod plot;
pub mod verdicts;
pub mod why;

use crate::frame::Dock;

/// A panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The panel of one node.
    #[default]
    Node,
    /// The operations of clients.
    Operations,
    /// The list of events.
    Events,
    /// The health of the clusters.
    Health,
    /// The messages in flight.
    Messages,
    /// The breakpoints.
    Breakpoints,
    /// The answers to questions of `why`.
    Why,
    /// The space-time diagram.
    Diagram,
}

impl Tab {
    /// All panels from left to right, with their names (one word) and docks.
    pub const ALL: &[(Self, &'static str, Dock)] = &[
        (Self::Node, "Node", Dock::Side),
        (Self::Operations, "Operations", Dock::Side),
        (Self::Events, "Events", Dock::Side),
        (Self::Why, "Why", Dock::Side),
        (Self::Health, "Health", Dock::Side),
        (Self::Messages, "Messages", Dock::Side),
        (Self::Breakpoints, "Breakpoints", Dock::Side),
        (Self::Diagram, "Diagram", Dock::Bottom),
    ];

    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The name in three parts. The middle part is hidden where tabs have little room; screen
    /// readers read all three.
    #[must_use]
    pub fn parts(self) -> [&'static str; 3] {
        match self {
            Self::Operations => ["Op", "eration", "s"],
            Self::Breakpoints => ["Break", "point", "s"],
            other => [other.name(), "", ""],
        }
    }

    /// The dock.
    #[must_use]
    pub fn dock(self) -> Dock {
        self.entry().2
    }

    /// The panels of a dock.
    pub fn of(dock: Dock) -> impl Iterator<Item = Self> {
        Self::ALL.iter().filter(move |(.., d)| *d == dock).map(|(tab, ..)| *tab)
    }

    fn entry(self) -> &'static (Self, &'static str, Dock) {
        Self::ALL.iter().find(|(tab, ..)| *tab == self).unwrap_or(&Self::ALL[0])
    }
}

/// A word with a capital letter.
#[must_use]
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
