//! The load balancer, drawn in the middle of the nodes.

use crate::geometry::Point;
use crate::px::px;
use crate::scene::BalancerScene;
use crate::still::Drawn;
use quorumscope_core::ids::Addr;
use yew::prelude::*;

/// The input of the balancer's drawing.
#[derive(PartialEq)]
pub struct Balancer {
    /// The state of the balancer.
    pub balancer: BalancerScene,
    /// The centre, in pixels of the stage.
    pub at: Point,
    /// The factor by which it is enlarged.
    pub scale: f64,
}

/// The outline, around the origin.
pub const OUTLINE: &str = "M-15-26H15L30 0L15 26H-15L-30 0Z";

impl Drawn for Balancer {
    fn draw(&self) -> Html {
        let place =
            format!("translate({} {})scale({})", px(self.at.x), px(self.at.y), px(self.scale));
        let name = Addr::Balancer.to_string();
        html! {
            <g class="balancer" transform={place} data-balancer={name.clone()} role="button" tabindex="0"
                aria-label={self.balancer.name()} aria-haspopup="menu">
                <path d={OUTLINE} /><text y="5">{ name }</text>
            </g>
        }
    }
}
