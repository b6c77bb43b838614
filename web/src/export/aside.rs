//! The diagram, drawn aside for a picture of it where it is not open: of a usual size, and showing what
//! it would show if it were opened now.

use super::svg;
use crate::diagram::{Diagram, DiagramProps};
use crate::dom;
use crate::player::Player;
use crate::transport::strip::Strip;
use gloo_render::request_animation_frame;
use std::rc::Rc;
use web_sys::Element;
use yew::{AppHandle, Callback};

/// It is measured in the first frame, and drawn at its size in one of the next.
const FRAMES: u32 = 3;

/// The diagram of a cluster, while it stands aside.
struct Aside {
    place: Element,
    diagram: AppHandle<Diagram>,
}

/// Draws the diagram of a cluster and hands over its picture, if there can be one.
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
            // A frame that is forgotten comes nevertheless.
            std::mem::forget(request_animation_frame(move |_| self.after(frames - 1, done)));
            return;
        }
        let picture = svg::picture(".dg-aside .dg-picture");
        self.diagram.destroy();
        self.place.remove();
        done(picture);
    }
}
