//! Small things about the page's elements.

use wasm_bindgen::JsCast;
use web_sys::{Document, HtmlElement};

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// Whether a media query holds.
#[must_use]
pub fn prefers(query: &str) -> bool {
    let list = web_sys::window().and_then(|w| w.match_media(query).ok()?);
    list.is_some_and(|l| l.matches())
}

/// Gives the focus to the first element that a selector finds.
pub fn focus(selector: &str) {
    let found = document().and_then(|d| d.query_selector(selector).ok()?);
    // What is drawn in SVG takes the focus by the same name.
    if let Some(element) = found {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}
