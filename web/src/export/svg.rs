//! Pictures that stand alone: what is drawn on the page, with the styles that it has there written
//! into it.

use crate::dom;
use crate::stage::make;
use std::fmt::Write;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, Node, Window};

/// What a picture's look depends on.
const STYLES: [&str; 14] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "paint-order",
    "opacity",
    "visibility",
    "display",
    "vector-effect",
];

/// What the look of a text depends on beside.
const TYPE_STYLES: [&str; 6] = [
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
    "text-decoration-line",
    "text-decoration-style",
];

/// What a property is where nothing says otherwise: such values are left out.
const USUAL: [(&str, &str); 16] = [
    ("fill-opacity", "1"),
    ("stroke", "none"),
    ("stroke-width", "1px"),
    ("stroke-opacity", "1"),
    ("stroke-dasharray", "none"),
    ("stroke-dashoffset", "0px"),
    ("stroke-linecap", "butt"),
    ("stroke-linejoin", "miter"),
    ("paint-order", "normal"),
    ("opacity", "1"),
    ("visibility", "visible"),
    ("display", "inline"),
    ("display", "block"),
    ("text-decoration-line", "none"),
    ("text-decoration-style", "solid"),
    ("vector-effect", "none"),
];

/// The stages as they are on the page, beside each other where there are several. None where there
/// is none to be seen.
#[must_use]
pub fn stage() -> Option<String> {
    picture(".stage")
}

/// All SVG in the elements of that selector, as it is on the page, as one picture. None where there
/// is none to be seen.
#[must_use]
pub fn picture(selector: &str) -> Option<String> {
    let parts = all(dom::document()?.as_ref(), selector);
    let frames: Vec<_> = parts.iter().map(Element::get_bounding_client_rect).collect();
    let seen = || parts.iter().zip(&frames).filter(|(_, f)| f.width() > 0.0);
    let left = seen().map(|(_, f)| f.left()).reduce(f64::min)?;
    let top = seen().map(|(_, f)| f.top()).reduce(f64::min)?;
    let right = seen().map(|(_, f)| f.right()).reduce(f64::max)?;
    let bottom = seen().map(|(_, f)| f.bottom()).reduce(f64::max)?;
    let picture = Picture::new(right - left, bottom - top);
    for (part, _) in seen() {
        for layer in all(part, "svg") {
            picture.place(&layer, left, top);
        }
    }
    Some(picture.text())
}

/// A picture in the making.
struct Picture {
    root: Element,
    window: Option<Window>,
}

impl Picture {
    /// An empty one, on the page's paper.
    fn new(width: f64, height: f64) -> Self {
        let root = make("svg", "");
        let _ = root.remove_attribute("class");
        let set = |name, value: &str| _ = root.set_attribute(name, value);
        let (w, h) = (width.ceil() as u32, height.ceil() as u32);
        set("xmlns", "http://www.w3.org/2000/svg");
        set("viewBox", &format!("0 0 {w} {h}"));
        set("width", &w.to_string());
        set("height", &h.to_string());
        let window = web_sys::window();
        let body = dom::document().and_then(|d| d.body());
        let paper = body.and_then(|body| {
            window
                .as_ref()?
                .get_computed_style(&body)
                .ok()??
                .get_property_value("background-color")
                .ok()
        });
        let ground = make("rect", "");
        let _ = ground.remove_attribute("class");
        let _ = ground.set_attribute("width", "100%");
        let _ = ground.set_attribute("height", "100%");
        let _ = ground.set_attribute("fill", &paper.unwrap_or_else(|| "white".to_owned()));
        let _ = root.append_child(&ground);
        Self { root, window }
    }

    /// Puts a copy of an SVG where that is to be seen.
    fn place(&self, drawn: &Element, left: f64, top: f64) {
        let frame = drawn.get_bounding_client_rect();
        if frame.width() == 0.0 {
            return;
        }
        let Ok(copy) = drawn.clone_node_with_deep(true) else { return };
        let Ok(copy) = copy.dyn_into::<Element>() else { return };
        self.dress(drawn, &copy);
        // Where it is to be seen says how it was moved.
        let _ = copy.remove_attribute("transform");
        let set = |name, value: f64| _ = copy.set_attribute(name, &format!("{value:.1}"));
        set("x", frame.left() - left);
        set("y", frame.top() - top);
        set("width", frame.width());
        set("height", frame.height());
        let _ = self.root.append_child(&copy);
    }

    /// Writes the styles of what is drawn into its copy, and of all that is in it. What is not to
    /// be seen goes.
    fn dress(&self, drawn: &Element, copy: &Element) {
        let style = self.window.as_ref().and_then(|w| w.get_computed_style(drawn).ok()?);
        let place = style.as_ref().and_then(|s| s.get_property_value("transform").ok());
        let says = matches!(drawn.tag_name().as_str(), "text" | "tspan");
        let written = style.map_or_else(String::new, |style| written(&style, says));
        let _ = copy.set_attribute("style", &written);
        if let Some(place) = place.filter(|place| place != "none") {
            // As an attribute, which every program that draws SVG understands.
            let _ = copy.set_attribute("transform", &place);
        }
        for name in ["class", "tabindex", "role", "aria-pressed", "data-node", "data-message"] {
            let _ = copy.remove_attribute(name);
        }
        let (mut from, mut to) = (drawn.first_element_child(), copy.first_element_child());
        while let (Some(original), Some(twin)) = (from, to) {
            from = original.next_element_sibling();
            to = twin.next_element_sibling();
            if self.is_seen(&original) {
                self.dress(&original, &twin);
            } else {
                twin.remove();
            }
        }
    }

    fn is_seen(&self, drawn: &Element) -> bool {
        let style = self.window.as_ref().and_then(|w| w.get_computed_style(drawn).ok()?);
        let display = style.and_then(|s| s.get_property_value("display").ok());
        display.is_none_or(|d| d != "none")
    }

    fn text(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", self.root.outer_html())
    }
}

/// The styles of an element, but for those that everything has; those of type where it says
/// something.
fn written(style: &CssStyleDeclaration, says: bool) -> String {
    let mut text = String::new();
    let type_styles = if says { &TYPE_STYLES[..] } else { &[] };
    for &name in STYLES.iter().chain(type_styles) {
        let value = style.get_property_value(name).unwrap_or_default();
        if !value.is_empty() && !USUAL.contains(&(name, &value)) {
            // A string takes whatever is written.
            let _ = write!(text, "{name}:{value};");
        }
    }
    text
}

fn all(within: &Node, selector: &str) -> Vec<Element> {
    let found = match (within.dyn_ref::<Element>(), within.dyn_ref::<web_sys::Document>()) {
        (Some(element), _) => element.query_selector_all(selector),
        (_, Some(document)) => document.query_selector_all(selector),
        _ => return Vec::new(),
    };
    let Ok(found) = found else { return Vec::new() };
    (0..found.length()).filter_map(|i| found.get(i)?.dyn_into().ok()).collect()
}
