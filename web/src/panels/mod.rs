//! The column beside the stage: one thing at a time, and the console at its foot.

pub mod console;
pub mod events;
pub mod health;
pub mod inspector;
pub mod operations;
mod plot;

use crate::still::Drawn;
use yew::prelude::*;

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
}

impl Tab {
    /// All of them, from left to right.
    pub const ALL: [Self; 4] = [Self::Node, Self::Operations, Self::Events, Self::Health];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Node => "Node",
            Self::Operations => "Operations",
            Self::Events => "Events",
            Self::Health => "Health",
        }
    }

    fn beside(self, by: usize) -> Self {
        let place = Self::ALL.iter().position(|t| *t == self).unwrap_or(0);
        Self::ALL[(place + by) % Self::ALL.len()]
    }
}

/// A word with a capital.
#[must_use]
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What the row of tabs shows and whom it tells.
#[derive(PartialEq)]
pub struct Tabs {
    /// The one that is shown.
    pub tab: Tab,
    /// Told which is to be.
    pub on_tab: Callback<Tab>,
}

impl Drawn for Tabs {
    fn draw(&self) -> Html {
        let one = |tab: Tab| {
            let selected = tab == self.tab;
            let on = self.on_tab.clone();
            html! {
                <button key={tab.name()} id={format!("tab-{}", tab.name())} type="button" role="tab" aria-controls="panel"
                    aria-selected={selected.to_string()} tabindex={if selected { "0" } else { "-1" }}
                    onclick={move |_| on.emit(tab)}>{ tab.name() }</button>
            }
        };
        let (now, on) = (self.tab, self.on_tab.clone());
        let onkeydown = move |e: KeyboardEvent| {
            let by = match e.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => Tab::ALL.len() - 1,
                _ => return,
            };
            let next = now.beside(by);
            on.emit(next);
            crate::dom::focus(&format!("#tab-{}", next.name()));
        };
        html! {
            <div class="tabs" role="tablist" aria-label="Panels" {onkeydown}>{ for Tab::ALL.map(one) }</div>
        }
    }
}
