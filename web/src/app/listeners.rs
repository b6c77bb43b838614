//! What the page listens to as a whole: keys, clicks beside a menu, the address, the window's size.

use super::{App, Msg, rest};
use crate::dom;
use crate::keys;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// They listen until they are dropped.
pub fn listeners(ctx: &Context<App>) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (web_sys::window(), dom::document()) else {
        return Vec::new();
    };
    let link = ctx.link().clone();
    let options = EventListenerOptions::enable_prevent_default();
    let keys = EventListener::new_with_options(&document, "keydown", options, move |e| {
        let Some(e) = e.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if e.key() == "Escape" {
            link.send_message(Msg::CloseShare);
            link.send_message(Msg::ClosePart);
            link.send_message(Msg::Define(None));
            dom::shut(".legend");
        }
        if let Some(key) = keys::meant(e) {
            e.prevent_default();
            link.send_message(Msg::Key(key));
        }
    });
    let link = ctx.link().clone();
    let beside = EventListener::new(&document, "pointerdown", move |e| {
        let on = e.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
        let inside = |css| on.as_ref().is_some_and(|el| el.closest(css).is_ok_and(|m| m.is_some()));
        if !inside(".menu") {
            link.send_message(Msg::CloseMenu);
        }
        if !inside(".legend") {
            dom::shut(".legend");
        }
        if !inside(".popover,.cta,.term") {
            link.send_message(Msg::CloseShare);
            link.send_message(Msg::ClosePart);
            link.send_message(Msg::Define(None));
        }
    });
    let link = ctx.link().clone();
    let address =
        EventListener::new(&window, "hashchange", move |_| link.send_message(Msg::Address));
    let link = ctx.link().clone();
    let size = EventListener::new(&window, "resize", move |_| link.send_message(Msg::Resized));
    let mut all = vec![keys, beside, address, size];
    all.extend(rest::get().into_iter().flat_map(|rest| (rest.keep_focus)()));
    all
}
