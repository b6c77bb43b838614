//! The little of the page's interface that painters need.

use web_sys::Element;

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
