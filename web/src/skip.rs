//! Skip links for keyboard users. Without them Tab takes some forty stops from the header past the
//! stage to the panels. They are visible while focused.

use crate::dom;
use crate::still::Drawn;
use yew::prelude::*;

/// The label of each link, and its targets: the first visible one takes the focus.
const PLACES: [(&str, &[&str]); 4] = [
    ("Skip to the stage", &[".meant [data-node]", "[data-node]"]),
    ("Skip to the diagram", &[".dg-view", ".toggle[aria-controls=bottom]", "#tab-Diagram"]),
    ("Skip to the panels", &["#side [role=tab][tabindex='0']", ".toggle[aria-controls=side]"]),
    ("Skip to playing", &[".round.play"]),
];

/// The skip links, which are the first tab stops of the page.
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
