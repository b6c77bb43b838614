//! Where who goes by Tab can go at once: past the head and everything on the stage there are some
//! forty stops to the panels. Seen while they have the focus.

use crate::dom;
use crate::still::Drawn;
use yew::prelude::*;

/// What each is called, and what takes the focus: the first of them that is to be seen.
const PLACES: [(&str, &[&str]); 4] = [
    ("Skip to the stage", &[".meant [data-node]", "[data-node]"]),
    ("Skip to the diagram", &[".dg-view", ".toggle[aria-controls=bottom]", "#tab-Diagram"]),
    ("Skip to the panels", &["#side [role=tab][tabindex='0']", ".toggle[aria-controls=side]"]),
    ("Skip to playing", &[".round.play"]),
];

/// The first stops of the page.
#[derive(PartialEq)]
pub struct Skips;

impl Drawn for Skips {
    fn draw(&self) -> Html {
        let one = |(name, to): (&'static str, &'static [&'static str])| {
            html! { <button key={name} type="button" onclick={move |_| dom::focus_first(to)}>{ name }</button> }
        };
        html! { <nav class="skips" aria-label="Skip">{ for PLACES.into_iter().map(one) }</nav> }
    }
}
