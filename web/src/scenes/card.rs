//! A card of the menu of scenes.

use quorumscope_core::settings::Preset;
use serde::{Deserialize, Serialize};
use yew::prelude::*;

/// A scene, as the list describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The name of its file.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The system, or `comparison`.
    pub system: String,
    /// The question that it answers.
    pub question: String,
    /// The failure or the behaviour that it shows, in one line.
    pub promise: String,
    /// Conditions that hold at its end; `2: …` is about the second cluster.
    pub claims: Vec<String>,
}

impl Card {
    /// Whether it is about a system; an empty name is all of them.
    #[must_use]
    pub fn is_of(&self, system: &str) -> bool {
        system.is_empty() || self.system == system
    }

    /// Whether it has every word of a query, somewhere.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        let text = [&self.title, &self.system, &self.question, &self.promise, &self.id];
        let text = text.map(|part| part.to_lowercase()).join(" ");
        query.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }

    fn system_title(&self) -> &str {
        Preset::named(&self.system).map_or("Comparison", |preset| preset.traits().title)
    }

    /// Draws it as a link that opens the scene here, or by itself in another tab.
    pub fn draw(&self, on_open: &Callback<String>) -> Html {
        let id = self.id.clone();
        let onclick = on_open.reform(move |e: MouseEvent| {
            e.prevent_default();
            id.clone()
        });
        html! {
            <li key={self.id.clone()}>
                <a class="card" href={format!("?scene={}", self.id)} {onclick}>
                    <small>{ self.system_title().to_owned() }</small>
                    <b>{ &self.title }</b>
                    <span>{ &self.promise }</span>
                    <em>{ &self.question }</em>
                </a>
            </li>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Card> {
        serde_json::from_str(include_str!("../../scenes/index.json")).expect("it is the list")
    }

    #[test]
    fn failures_are_found_by_name() {
        for name in [
            "lost write",
            "stale read",
            "split brain",
            "applied twice",
            "torn log",
            "forgotten vote",
            "lease under clock skew",
            "minority leader",
            "three-way split",
            "removed server comes back",
            "hinted handoff",
            "read repair",
            "resurrected delete",
            "joins the ring",
            "leaves the ring",
            "majority lost and regained",
            "slow disk",
            "one-way cut",
            "reordered",
            "one cut, three systems",
        ] {
            assert!(all().iter().any(|card| card.matches(name)), "no scene is found by {name}");
        }
        assert!(!all().iter().any(|card| card.matches("lost write zebra")));
    }

    #[test]
    fn a_system_has_its_own() {
        let count = all().iter().filter(|card| card.is_of("raft")).count();
        assert!(count >= 4 && count < all().len());
        assert!(all().iter().all(|card| card.is_of("")));
    }
}
