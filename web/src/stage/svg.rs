//! The little of the page's interface that painters need.

use crate::geometry::Point;
use crate::px::px;
use std::fmt::Write;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, SvgElement};

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

/// An element that is moved by the compositor alone: its place is a style, and it has a layer of
/// its own, so that moving it paints nothing.
pub struct Mover {
    style: CssStyleDeclaration,
    text: String,
}

impl Mover {
    /// Moves that element: one that is laid out by CSS, as an outermost `svg` is.
    #[must_use]
    pub fn new(element: &Element) -> Self {
        // Every element of the page has a style; this is where it is declared for those of SVG.
        let style = element.unchecked_ref::<SvgElement>().style();
        Self { style, text: String::new() }
    }

    /// Moves it to that many pixels from where it would be.
    pub fn to(&mut self, at: Point) {
        self.text.clear();
        let (x, y) = (px(at.x), px(at.y));
        // A string takes whatever is written.
        let _ = write!(self.text, "translate({x}px,{y}px)");
        let _ = self.style.set_property("transform", &self.text);
    }
}
