//! Samples of every mark of the stage, for the legend, drawn by the same code as on the stage.

use super::sides::tint;
use super::{balancer, mark, node, painter};
use crate::geometry::point;
use crate::look::Hue;
use crate::px::text;
use crate::scene::Held;
use quorumscope_core::explain::Ability;
use quorumscope_core::ids::NodeId;
use quorumscope_core::protocol::Term;
use yew::prelude::*;

/// A sample: the class that it is drawn with, a drawing around the origin, and its meaning.
pub struct Sample {
    /// The class.
    pub class: &'static str,
    /// The drawing.
    pub picture: Html,
    /// The meaning.
    pub words: &'static str,
}

/// The radius of a node in samples, in pixels.
const R: f64 = 9.0;

/// The marks around and under nodes.
#[must_use]
pub fn at_nodes() -> Vec<Sample> {
    let hue = Hue::of(Some(Term(1))).class();
    let on_node = |inside: Html| {
        html! { <g class={classes!("node", "follows", hue)}><circle class="ring" r={text(R)} />{ inside }</g> }
    };
    let held = |text: &str, disputed| {
        let held = Held { text: text.to_owned(), disputed };
        html! { <text class="held" x="-14" y="5">{ node::held((0, &held)) }</text> }
    };
    vec![
        sample(
            "arc",
            html! { <path class="arc" d={painter::round(point(0.0, 0.0), R + 3.0)} pathLength="240" stroke-dasharray="160 240" /> },
            "what is left of an election timer",
        ),
        sample("lease", on_node(mark::arc(0.7, R + 2.0)), "what is left of a leader's lease"),
        sample("held", held("x=1", false), "what a node holds"),
        sample("disputed", held("x=2", true), "another node holds another value"),
        sample(
            "mark",
            html! { <text class="mark large" x="-14" y="5">{ "2 n3" }</text> },
            "hints: versions that it keeps for another",
        ),
        sample(
            "mark-dot",
            html! { <g transform="translate(-8 8)">{ mark::dot(0, R) }{ mark::dot(1, R) }</g> },
            "the same where there is no room",
        ),
        sample("drum", mark::drum(false, -4.5, 5.0), "its disk, and how many records lie there"),
        sample("saved", mark::drum(true, -4.5, 5.0), "the same, behind a checkpoint"),
        sample(
            "snapshot",
            html! { <rect class={classes!("snapshot", hue)} x="-11" y="-7" width="22" height="14" rx="3" /> },
            "a snapshot, in place of entries",
        ),
        sample("badge", node::badge(0.0, 0.0, "!"), "at fault in a violation"),
    ]
}

/// The marks between nodes.
#[must_use]
pub fn between_nodes() -> Vec<Sample> {
    let line = |class: &'static str| html! { <path {class} d="M-14 0H14" /> };
    let hull = |ability, term| {
        let class = classes!("hull", tint(ability, term), "faint");
        html! { <path {class} d="M-7 0H7" stroke-width="14" /> }
    };
    vec![
        sample("wires", line("wires"), "a link"),
        sample("severed", line("wires severed"), "a link that is cut, in one direction or both"),
        sample("talk", line("wires talk"), "a client and whom it talks to"),
        sample("side-cut", line("side-cut"), "the sides of a split network"),
        sample("hull", hull(Ability::All, Some(Term(1))), "a side that can do all of its work"),
        sample("hull-some", hull(Ability::Some, None), "a side that serves a part of the keys"),
        sample(
            "hull-none",
            hull(Ability::Nothing, None),
            "a side that can commit, or serve, nothing",
        ),
        sample(
            "death",
            html! { <path class="death" d="M-7-7L7 7M7-7L-7 7" /> },
            "a message was lost here",
        ),
        sample(
            "wire-note",
            html! { <text class="wire-note" x="-14" y="5">{ "9ms" }</text> },
            "a link that differs from the others",
        ),
        sample(
            "balancer",
            html! { <g class="balancer"><path transform="scale(0.45)" d={balancer::OUTLINE} /></g> },
            "the load balancer",
        ),
    ]
}

/// The marks of a ring of keys.
#[must_use]
pub fn on_the_ring() -> Vec<Sample> {
    let hue = Hue::own(NodeId(1)).class();
    let ring = |inside: Html| html! { <g class="hash-ring"><g class={classes!("places", hue)}>{ inside }</g></g> };
    let key = |inside: Html| html! { <g class={classes!("ring-key", hue)}>{ inside }</g> };
    let home =
        |class: &'static str| key(html! { <path class={classes!(class, "seen")} d="M-14 0H14" /> });
    vec![
        sample(
            "arcs",
            ring(html! { <path class="arcs" d="M-14 4Q0-8 14 4" /> }),
            "keys that belong to one node",
        ),
        sample(
            "ticks",
            ring(html! { <path class="ticks" d="M0-9V9" /> }),
            "a virtual node: where they end",
        ),
        sample(
            "dot",
            key(html! { <circle class="dot" r="4.5" /> }),
            "a key, in its owner's colour",
        ),
        sample("owner", home("home owner"), "leads from a key to its owner"),
        sample("copy", home("home copy"), "leads to the copies"),
    ]
}

fn sample(class: &'static str, picture: Html, words: &'static str) -> Sample {
    Sample { class, picture, words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The sources of everything that the stage draws.
    const SOURCES: [&str; 11] = [
        include_str!("balancer.rs"),
        include_str!("client.rs"),
        include_str!("crowd.rs"),
        include_str!("death.rs"),
        include_str!("link.rs"),
        include_str!("mark.rs"),
        include_str!("mod.rs"),
        include_str!("node.rs"),
        include_str!("painter.rs"),
        include_str!("ring.rs"),
        include_str!("sides.rs"),
    ];

    /// Classes that are not marks: parts that another section of the legend explains (a node's
    /// disc, a client's box, an entry's cell, a message), hit areas, containers, names, and lines
    /// under the pointer.
    const NO_MARKS: &[&str] = &[
        "bars",
        "beside",
        "blade",
        "cell",
        "chosen",
        "client",
        "committed",
        "cross",
        "crowd-names",
        "crown",
        "cut-label",
        "disc",
        "eases",
        "flights",
        "ground",
        "halo",
        "hash-ring",
        "hit",
        "home",
        "inner",
        "inward",
        "letters",
        "link",
        "many",
        "marks",
        "message",
        "message-halo",
        "motion",
        "name",
        "node",
        "places",
        "reach",
        "ring",
        "ring-key",
        "ring-keys",
        "role",
        "shape",
        "small",
        "stage",
        "tip",
        "asks",
        "gets",
        "agreed",
    ];

    /// The quoted strings where a source sets a class.
    fn quoted(rest: &str) -> Vec<&str> {
        let (of, from) = match rest {
            _ if rest.starts_with("=\"") => (rest.split('"').nth(1), 0),
            _ if rest.starts_with("={") => (rest.split('}').next(), 1),
            _ if rest.starts_with(" = if") => (Some(rest), 1),
            _ => (None, 0),
        };
        let Some(of) = of else { return Vec::new() };
        if from == 0 { vec![of] } else { of.split('"').skip(1).step_by(2).collect() }
    }

    /// The classes that a source draws with.
    fn classes(source: &str) -> BTreeSet<String> {
        let source = source.split("#[cfg(test)]").next().unwrap_or_default();
        let mut found = BTreeSet::new();
        for line in source.lines().filter(|l| !l.trim_start().starts_with("//")) {
            let made = line.split("make(").skip(1).filter_map(|rest| rest.split('"').nth(3));
            let said = line.split("class").skip(1).flat_map(quoted);
            let words = made.chain(said).flat_map(|text| text.split(' '));
            let is_class =
                |w: &&str| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            found.extend(words.filter(is_class).map(str::to_owned));
        }
        found
    }

    #[test]
    fn every_mark_of_the_stage_is_in_the_legend() {
        let all = at_nodes().into_iter().chain(between_nodes()).chain(on_the_ring());
        let known: BTreeSet<&str> = all.map(|s| s.class).chain(NO_MARKS.iter().copied()).collect();
        let drawn: BTreeSet<String> = SOURCES.into_iter().flat_map(classes).collect();
        assert!(drawn.len() > 30, "hardly any class was found: {drawn:?}");
        let missing: Vec<_> = drawn.iter().filter(|c| !known.contains(c.as_str())).collect();
        assert!(missing.is_empty(), "the legend does not say what {missing:?} means");
    }
}
