//! The little of the SVG interface that the painter needs.

use wasm_bindgen::JsCast;
use web_sys::{Element, SvgGraphicsElement, SvgTransform};

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

/// The one transform of an element that stands in the page, to be moved without any text.
///
/// # Panics
/// When the element is not one that can be drawn, or stands in no `svg`.
#[must_use]
pub fn place(element: &Element) -> SvgTransform {
    let drawn: &SvgGraphicsElement = element.unchecked_ref();
    let list = drawn.transform().base_val();
    let owner = drawn.owner_svg_element().expect("it stands in an svg");
    let _ = list.clear();
    list.append_item(&owner.create_svg_transform()).expect("a new list takes an item")
}
