//! The few DOM functions that painters need.

use wasm_bindgen::JsCast;
use web_sys::{Element, SvgElement};

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// A new element with a name and a class. It is not in the document yet.
///
/// # Panics
/// If there is no document. The page always has one.
#[must_use]
pub fn make(name: &str, class: &str) -> Element {
    let document = web_sys::window().and_then(|w| w.document()).expect("a page has a document");
    let element = document.create_element_ns(Some(SVG), name).expect("the name is a plain word");
    set(&element, "class", class);
    element
}

/// Sets an attribute.
pub fn set(element: &Element, name: &str, value: &str) {
    // It fails only for invalid attribute names, and all of ours are valid.
    let _ = element.set_attribute(name, value);
}

/// Sets the style of an element through the CSSOM. A `style` attribute in markup may be blocked by
/// the content security policy of the page's host.
pub fn set_style(element: &Element, css: &str) {
    // Every element has a style. `web_sys` declares it for SVG elements here.
    element.unchecked_ref::<SvgElement>().style().set_css_text(css);
}
