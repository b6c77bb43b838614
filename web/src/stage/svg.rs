//! The little of the page's interface that painters need.

use wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// An element of that name and class that stands nowhere yet.
///
/// # Panics
/// Where there is no document: the page always has one.
#[must_use]
pub fn make(name: &str, class: &str) -> Element {
    let document = web_sys::window().and_then(|w| w.document()).expect("a page has a document");
    let element = document.create_element_ns(Some(SVG), name).expect("the name is a plain word");
    set(&element, "class", class);
    element
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    // It fails for names that are not names alone, and all of ours are.
    let _ = element.set_attribute(name, value);
}

/// Gives an element that style. An attribute would be blocked where a policy of the page's host allows
/// no styles in markup.
pub fn set_style(element: &Element, css: &str) {
    // Every element of the page has a style; this is where it is declared for those of SVG.
    element.unchecked_ref::<SvgElement>().style().set_css_text(css);
}
