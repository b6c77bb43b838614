//! The listeners of the whole page: keys, clicks beside a menu, the address, the window's size.

use super::{App, Msg, rest};
use crate::dom;
use crate::focus;
use crate::kept::Keeper;
use crate::keys::{self, Key};
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// They listen until they are dropped.
pub fn listeners(ctx: &Context<App>, keeper: &Keeper) -> Vec<EventListener> {
    let (Some(window), Some(document)) = (web_sys::window(), dom::document()) else {
        return Vec::new();
    };
    let (link, player) = (ctx.link().clone(), ctx.props().player.clone());
    // Without chapters the page keys scroll, as everywhere.
    let idle = move |key: &Key| {
        let chapters = || player.session().run().story.chapters().count();
        matches!(key, Key::Chapter(_)) && chapters() == 0
    };
    let options = EventListenerOptions::enable_prevent_default();
    let keys = EventListener::new_with_options(&document, "keydown", options, move |e| {
        let Some(e) = e.dyn_ref::<web_sys::KeyboardEvent>() else { return };
        if e.key() == "Escape" {
            link.send_message(Msg::CloseShare);
            link.send_message(Msg::ClosePart);
            link.send_message(Msg::Define(None));
            dom::shut(".legend");
        }
        if let Some(key) = keys::meant(e).filter(|key| !idle(key)) {
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
    all.extend(late(ctx, keeper));
    all
}

/// The listeners that the second module brings: none before it is there.
pub fn late(ctx: &Context<App>, keeper: &Keeper) -> Vec<EventListener> {
    rest::get().map_or_else(Vec::new, |rest| (rest.listeners)(ctx, keeper.clone()))
}

pub(super) fn of_the_rest(ctx: &Context<App>, keeper: Keeper) -> Vec<EventListener> {
    let mut all = focus::keep();
    let player = ctx.props().player.clone();
    all.extend(
        web_sys::window()
            .map(|window| EventListener::new(&window, "pagehide", move |_| keeper.write(&player))),
    );
    all
}
