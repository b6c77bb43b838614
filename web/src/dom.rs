//! Helpers for the elements of the page.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlElement, MediaQueryList};

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The page's clock, in milliseconds since the page was opened.
#[must_use]
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// True if a media query matches.
#[must_use]
pub fn prefers(query: &str) -> bool {
    media(query).is_some_and(|l| l.matches())
}

/// A media query, whose result can be read at any time.
#[must_use]
pub fn media(query: &str) -> Option<MediaQueryList> {
    web_sys::window()?.match_media(query).ok()?
}

/// The font size of an element, in pixels.
#[must_use]
pub fn letters_px(element: &Element) -> Option<f64> {
    let style = web_sys::window()?.get_computed_style(element).ok()??;
    style.get_property_value("font-size").ok()?.trim_end_matches("px").parse().ok()
}

/// Moves the focus to the first element that matches a selector.
pub fn focus(selector: &str) {
    let found = document().and_then(|d| d.query_selector(selector).ok()?);
    // SVG elements have a `focus` method of the same name.
    if let Some(element) = found {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// Moves the focus to the element of the first selector that matches something visible.
pub fn focus_first(selectors: &[&str]) {
    let is_seen = |css: &&str| {
        let found = document().and_then(|d| d.query_selector(css).ok()?);
        found.is_some_and(|element| element.get_client_rects().length() > 0)
    };
    if let Some(css) = selectors.iter().copied().find(is_seen) {
        focus(css);
    }
}

/// Closes a `details` element. A focused element inside passes the focus to its summary.
pub fn shut(details: &str) {
    let found = document().and_then(|d| d.query_selector(details).ok()?);
    if let Some(details) = found.filter(|d| d.has_attribute("open")) {
        let _ = details.remove_attribute("open");
    }
}

/// Opens a `details` element and moves the focus to an element inside, or closes it if it is open.
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

/// The text that was stored under a name, now or on an earlier visit.
#[must_use]
pub fn remembered(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Stores a text under a name, if the browser allows it.
pub fn remember(key: &str, text: &str) {
    if let Some(storage) = storage() {
        // A full storage takes nothing more. The page works without it.
        let _ = storage.set_item(key, text);
    }
}

/// Removes the text that was stored under a name.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // A missing text is removed already.
        let _ = storage.remove_item(key);
    }
}

/// The width and height of the window, in CSS pixels.
#[must_use]
pub fn window_size() -> (u16, u16) {
    let window = web_sys::window();
    let side = |f: fn(&web_sys::Window) -> Result<JsValue, JsValue>| {
        window.as_ref().and_then(|w| f(w).ok()?.as_f64()).unwrap_or(800.0) as u16
    };
    (side(web_sys::Window::inner_width), side(web_sys::Window::inner_height))
}
