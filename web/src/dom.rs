//! Small things about the page's elements.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, MediaQueryList};

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The page's clock, in milliseconds.
#[must_use]
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// Whether a media query holds.
#[must_use]
pub fn prefers(query: &str) -> bool {
    media(query).is_some_and(|l| l.matches())
}

/// What tells, at any time, whether a media query holds.
#[must_use]
pub fn media(query: &str) -> Option<MediaQueryList> {
    web_sys::window()?.match_media(query).ok()?
}

/// How large the letters of an element are, in pixels.
#[must_use]
pub fn letters_px(element: &Element) -> Option<f64> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()
}

/// Gives the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    let found = document().and_then(|d| d.query_selector(selector).ok()?);
    // What is drawn in SVG takes the focus by the same name.
    if let Some(element) = found {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Gives the focus to what the first of some selectors finds that is to be seen.
pub fn focus_first(selectors: &[&str]) {
    let is_seen = |css: &&str| {
        let found = document().and_then(|d| d.query_selector(css).ok()?);
        found.is_some_and(|element| element.get_client_rects().length() > 0)
    };
    if let Some(css) = selectors.iter().copied().find(is_seen) {
        focus(css);
    }
}

/// Shuts what unfolds, which a selector finds; what was in it with the focus leaves it to its head.
pub fn shut(details: &str) {
    let found = document().and_then(|d| d.query_selector(details).ok()?);
    if let Some(details) = found.filter(|d| d.has_attribute("open")) {
        let _ = details.remove_attribute("open");
    }
}

/// Unfolds what a selector finds and gives the focus to what is in it, or shuts it where it is open.
pub fn unfold(details: &str, inside: &str) {
    let find = |css: &str| document().and_then(|d| d.query_selector(css).ok()?);
    let Some(found) = find(details) else { return };
    if found.has_attribute("open") {
        return shut(details);
    }
    let _ = found.set_attribute("open", "");
    focus(inside);
}

fn storage() -> Option<web_sys::Storage> {
    // A page whose storage is forbidden has none.
    web_sys::window()?.local_storage().ok()?
}

/// What was remembered under a name, on this visit or an earlier one.
#[must_use]
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a text under a name, where the browser lets it.
pub fn remember(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full storage remembers nothing more; the page works without.
        let _ = storage.set_item(key, text);
    }
}

/// Forgets what was remembered under a name.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // What is not there is forgotten already.
        let _ = storage.remove_item(key);
    }
}

/// Width and height of the window, in CSS pixels.
#[must_use]
pub fn window_size() -> (u16, u16) {
    let window = web_sys::window();
    let side = |f: fn(&web_sys::Window) -> Result<JsValue, JsValue>| {
        window.as_ref().and_then(|w| f(w).ok()?.as_f64()).unwrap_or(800.0) as u16
    };
    (side(web_sys::Window::inner_width), side(web_sys::Window::inner_height))
}
