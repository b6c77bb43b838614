//! Draws a client with its request and the result.

use super::node::{badge, blameable};
use crate::geometry::Point;
use crate::look::{AT_FAULT, Fate};
use crate::px::px;
use crate::scene::ClientScene;
use crate::still::Drawn;
use crate::words::fitted;
use quorumscope_core::store::Word;
use yew::prelude::*;

/// The input of a client's drawing.
#[derive(PartialEq)]
pub struct Client {
    /// The state of the client.
    pub client: ClientScene,
    /// The centre, in pixels of the stage.
    pub at: Point,
    /// The factor by which it is enlarged.
    pub scale: f64,
    /// The key on which its operations contradict others, if they do.
    pub blamed: Option<Word>,
}

/// The largest number of letters under a client.
const MOST_CHARS: usize = 17;

impl Drawn for Client {
    fn draw(&self) -> Html {
        let Self { client, at, scale, blamed } = self;
        let fate = client.fate.map(Fate::class);
        let (x, y, percent) = (px(at.x), px(at.y), (scale * 100.0) as i32);
        let style = format!("transform:translate({x}px,{y}px)scale({percent}%)");
        let class = classes!("client", "eases", fate, blamed.is_some().then_some(AT_FAULT));
        html! {
            <>
                <g class={class.clone()} ~style={style.clone()} data-client={client.id.to_string()}
                    role="button" tabindex="0" aria-label={blameable(client.name(), blamed.is_some())} aria-haspopup="menu">
                    <rect x="-25" y="-21" width="50" height="42" rx="10" />
                    <text class="name" y="5">{ client.id.to_string() }</text>
                </g>
                // Outside of the button, for the reason given in `node.rs`.
                <g class={classes!("beside", class)} ~style={style} aria-hidden="true">
                    { for blamed.iter().map(|key| badge(25.0, -19.0, &format!("! {}", fitted(key, MOST_CHARS)))) }
                    <text class="asks" y="39">{ fitted(&client.asks, MOST_CHARS) }</text>
                    <text class="gets" y="56">{ fitted(&client.gets, MOST_CHARS) }</text>
                </g>
            </>
        }
    }
}
