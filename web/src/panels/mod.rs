//! The panels beside and under the stage: one thing at a time in each dock.
//!
//! A panel is a variant of [`Tab`] and its entry in [`Tab::ALL`], and an arm in `app/docks.rs`.

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

/// Which panel is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// One node.
    #[default]
    Node,
    /// What clients asked.
    Operations,
    /// What happened.
    Events,
    /// How it is doing.
    Health,
    /// What is in flight.
    Messages,
    /// Where playing stops.
    Breakpoints,
    /// What something comes from.
    Why,
    /// What led to what: lanes along time.
    Diagram,
}

impl Tab {
    /// All of them from left to right, what they are called (one word), and where they are.
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

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Its name in three parts, of which the middle is not seen where tabs have little room; whoever
    /// hears the name hears all of it.
    #[must_use]
    pub fn parts(self) -> [&'static str; 3] {
        match self {
            Self::Operations => ["Op", "eration", "s"],
            Self::Breakpoints => ["Break", "point", "s"],
            other => [other.name(), "", ""],
        }
    }

    /// Where it is.
    #[must_use]
    pub fn dock(self) -> Dock {
        self.entry().2
    }

    /// Those of a dock.
    pub fn of(dock: Dock) -> impl Iterator<Item = Self> {
        Self::ALL.iter().filter(move |(.., d)| *d == dock).map(|(tab, ..)| *tab)
    }

    fn entry(self) -> &'static (Self, &'static str, Dock) {
        Self::ALL.iter().find(|(tab, ..)| *tab == self).unwrap_or(&Self::ALL[0])
    }
}

/// A word with a capital.
#[must_use]
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}
