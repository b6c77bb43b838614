//! A client: what it asks, and what it gets.

use crate::geometry::Point;
use crate::scene::{ClientScene, Mood};
use yew::prelude::*;

/// What a client is drawn from.
#[derive(PartialEq, Properties)]
pub struct ClientProps {
    /// What there is to see of it.
    pub client: ClientScene,
    /// Where it stands.
    pub at: Point,
}

/// The longest text under a client.
const MOST_CHARS: usize = 17;

/// Draws one client.
#[component]
pub fn Client(props: &ClientProps) -> Html {
    let ClientProps { client, at } = props;
    let mood = match client.mood {
        Mood::Idle => "idle",
        Mood::Waiting => "waiting",
        Mood::Answered => "answered",
        Mood::Failed => "failed",
    };
    let style = format!("transform:translate({:.1}px,{:.1}px)", at.x, at.y);
    html! {
        <g class={classes!("client", "eases", mood)} {style} data-client={client.id.to_string()}
            role="button" tabindex="0" aria-label={client.name()} aria-haspopup="menu">
            <rect x="-25" y="-21" width="50" height="42" rx="10" />
            <text class="name" y="5">{ client.id.to_string() }</text>
            <text class="asks" y="39">{ short(&client.asks) }</text>
            <text class="gets" y="56">{ short(&client.gets) }</text>
        </g>
    }
}

/// A text that fits under a client.
fn short(text: &str) -> String {
    if text.chars().count() <= MOST_CHARS {
        return text.to_owned();
    }
    text.chars().take(MOST_CHARS - 1).chain(['…']).collect()
}
