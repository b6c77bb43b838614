//! Draws the diagram out of view for an export while it is not open. The picture has the usual
//! size, and shows what the diagram would show if it were opened now.

use super::svg;
use crate::diagram::{Diagram, DiagramProps};
use crate::dom;
use crate::player::Player;
use crate::transport::strip::Strip;
use gloo_render::request_animation_frame;
use std::rc::Rc;
use web_sys::Element;
use yew::{AppHandle, Callback};

/// The number of frames until the picture is taken: one to measure, some to draw.
const FRAMES: u32 = 3;

/// A diagram that is drawn out of view.
struct Aside {
    place: Element,
    diagram: AppHandle<Diagram>,
}

/// Draws the diagram of a cluster and hands over its SVG, or None if that is not possible.
pub fn picture(player: &Player, cluster: usize, done: impl FnOnce(Option<String>) + 'static) {
    match Aside::new(player, cluster) {
        Some(aside) => aside.after(FRAMES, Box::new(done)),
        None => done(None),
    }
}

impl Aside {
    fn new(player: &Player, cluster: usize) -> Option<Self> {
        let document = dom::document()?;
        let place = document.create_element("div").ok()?;
        place.set_attribute("class", "dg-aside").ok()?;
        place.set_attribute("inert", "").ok()?;
        document.query_selector(".page").ok()??.append_child(&place).ok()?;
        let props = DiagramProps {
            player: player.clone(),
            cluster,
            strip: Rc::new(Strip::of_player(player, cluster)),
            judged: player.judging().latest(),
            selected: None,
            whose: None,
            on_select: Callback::noop(),
        };
        let diagram = yew::Renderer::with_root_and_props(place.clone(), props).render();
        Some(Self { place, diagram })
    }

    fn after(self, frames: u32, done: Box<dyn FnOnce(Option<String>)>) {
        if frames > 0 {
            // A forgotten handle still fires, exactly once.
            std::mem::forget(request_animation_frame(move |_| self.after(frames - 1, done)));
            return;
        }
        let picture = svg::picture(".dg-aside .dg-picture");
        self.diagram.destroy();
        self.place.remove();
        done(picture);
    }
}
