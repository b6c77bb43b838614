//! Zoom and pan of the stage by wheel, pinch, keys and buttons.

use super::{Msg, Stage, Target, crowd};
use crate::geometry::Point;
use crate::icons;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, WheelEvent};
use yew::prelude::*;

/// The exponent of the zoom factor for each pixel of wheel movement.
const WHEEL: f64 = 0.0022;
/// The distance that an arrow key pans by, in pixels.
const PAN: f64 = 80.0;

/// The pointers that are down. Two of them pinch.
#[derive(Default)]
pub struct Pinch(Vec<(i32, Point)>);

impl Pinch {
    /// Adds a pointer. Returns true if it is the second one.
    pub fn put(&mut self, id: i32, at: Point) -> bool {
        self.lift(id);
        self.0.push((id, at));
        self.0.len() == 2
    }

    /// Removes a pointer.
    pub fn lift(&mut self, id: i32) {
        self.0.retain(|(other, _)| *other != id);
    }

    /// Moves a pointer. If two are down, returns their middle before and after, and the factor by
    /// which their distance grew.
    pub fn drag(&mut self, id: i32, at: Point) -> Option<(Point, Point, f64)> {
        let before = self.pair();
        self.0.iter_mut().find(|(other, _)| *other == id)?.1 = at;
        let ((a, b), (c, d)) = (before?, self.pair()?);
        let apart = c.distance(d).max(1.0) / a.distance(b).max(1.0);
        Some((a.toward(b, 0.5), c.toward(d, 0.5), apart))
    }

    fn pair(&self) -> Option<(Point, Point)> {
        match self.0[..] {
            [(_, a), (_, b)] => Some((a, b)),
            _ => None,
        }
    }
}

impl Stage {
    /// Adds a listener for the wheel. It must not be passive; Chromium makes wheel listeners on the
    /// page passive by default, so it stands on the frame.
    pub(super) fn watch_wheel(&mut self, ctx: &Context<Self>) {
        let Some(frame) = self.frame.cast::<Element>() else { return };
        let link = ctx.link().clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listener = EventListener::new_with_options(&frame, "wheel", options, move |e| {
            link.send_message(Msg::Wheel(e.clone().unchecked_into()));
        });
        self.wheel = Some(listener);
    }

    pub(super) fn wheel(&mut self, ctx: &Context<Self>, e: &WheelEvent) -> bool {
        let size = self.plan.size;
        if e.ctrl_key() || e.meta_key() {
            e.prevent_default();
            self.lens.zoom_at(self.whereabouts(e), (-e.delta_y() * WHEEL).exp(), size);
        } else if self.lens.is_whole() {
            return false;
        } else {
            e.prevent_default();
            self.lens.pan(-e.delta_x(), -e.delta_y(), size);
        }
        self.plan_again(size, &ctx.props().scene)
    }

    pub(super) fn down(&mut self, e: &PointerEvent) -> bool {
        if self.pinch.put(e.pointer_id(), self.whereabouts(e)) {
            self.forget_line();
            // Lifting the fingers after a pinch is not a click.
            self.drew = true;
            return true;
        }
        self.begin_line(e)
    }

    pub(super) fn pinch(&mut self, ctx: &Context<Self>, e: &PointerEvent) -> bool {
        let here = self.whereabouts(e);
        let Some((from, to, apart)) = self.pinch.drag(e.pointer_id(), here) else { return false };
        let size = self.plan.size;
        self.lens.pan(to.x - from.x, to.y - from.y, size);
        self.lens.zoom_at(to, apart, size);
        self.plan_again(size, &ctx.props().scene)
    }

    /// Pans with the arrow keys, while only a part of the stage is visible.
    pub(super) fn pan_by_key(&mut self, ctx: &Context<Self>, e: &KeyboardEvent) -> bool {
        let (dx, dy) = match e.key().as_str() {
            "ArrowLeft" => (PAN, 0.0),
            "ArrowRight" => (-PAN, 0.0),
            "ArrowUp" => (0.0, PAN),
            "ArrowDown" => (0.0, -PAN),
            _ => return false,
        };
        if self.lens.is_whole() {
            return false;
        }
        e.prevent_default();
        self.lens.pan(dx, dy, self.plan.size);
        self.plan_again(self.plan.size, &ctx.props().scene)
    }

    /// Shows the wires of the node under the pointer, and brings a focused node into view.
    pub(super) fn come_near(&mut self, ctx: &Context<Self>, e: &Event) -> bool {
        let Some((Target::Node(node), _)) = Target::of(e) else { return false };
        let many = ctx.props().scene.nodes.len() > crowd::ABOVE;
        let changed = self.near.replace(node) != Some(node) && many;
        if e.type_() == "focusin"
            && !self.lens.is_whole()
            && let Some(place) = self.plan.place(node.into())
        {
            let size = self.plan.size;
            self.lens.bring_in(place, self.plan.radius.min(size.h / 3.0), size);
            return self.plan_again(size, &ctx.props().scene) || changed;
        }
        changed
    }

    /// The zoom buttons, shown where not everything fits.
    pub(super) fn controls(&self, ctx: &Context<Self>) -> Html {
        if self.lens.is_whole() && !self.plan.crowded {
            return html! { <div></div> };
        }
        let button = |name: &'static str, step: i8, d: &'static str| {
            let onclick = ctx.link().callback(move |e: MouseEvent| {
                e.stop_propagation();
                Msg::Zoom(step)
            });
            let title = format!("{name} ({})", ["-", "0", "+"][(step + 1) as usize]);
            html! { <button type="button" class="icon" aria-label={name} {title} {onclick}>{ icons::stroke(d) }</button> }
        };
        html! {
            <div class="lens" role="group" aria-label="How near the stage is seen">
                { button("Zoom in", 1, "M10 4v12M4 10h12") }
                { button("Zoom out", -1, "M4 10h12") }
                { button("Show the whole stage", 0, "M4 8V4h4M12 4h4v4M16 12v4h-4M8 16H4v-4") }
            </div>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::point;

    #[test]
    fn two_fingers_pinch_and_one_does_not() {
        let mut pinch = Pinch::default();
        assert!(!pinch.put(1, point(0.0, 0.0)));
        assert_eq!(pinch.drag(1, point(10.0, 0.0)), None);
        assert!(pinch.put(2, point(20.0, 0.0)));
        let moved = pinch.drag(2, point(30.0, 0.0));
        assert_eq!(moved, Some((point(15.0, 0.0), point(20.0, 0.0), 2.0)));
        pinch.lift(1);
        assert_eq!(pinch.drag(2, point(0.0, 0.0)), None);
    }
}
