//! Writes a part of the page as an SVG that stands alone: its shapes with their computed colours,
//! without style sheets and scripts.
//!
//! Every shape is placed by the matrix that it has on the screen. HTML elements become rectangles
//! with a background and plain text; elements that clip their overflow clip it here too.

use crate::dom;
use crate::px::px;
use std::fmt::Write;
use wasm_bindgen::JsCast;
use web_sys::{CssStyleDeclaration, Element, Node, SvgGraphicsElement};

/// The shapes, and the attributes that define them.
const SHAPES: [(&str, &[&str]); 5] = [
    ("path", &["d", "pathLength"]),
    ("rect", &["x", "y", "width", "height", "rx"]),
    ("circle", &["cx", "cy", "r", "pathLength"]),
    ("line", &["x1", "y1", "x2", "y2"]),
    ("text", &["x", "y"]),
];
/// The style properties of shapes.
const LOOKS: [&str; 9] = [
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
];
/// The style properties of parts of a text.
const PIECES: [&str; 3] = ["fill", "font-weight", "text-decoration"];
/// The style properties of letters.
const LETTERS: [&str; 5] =
    ["font-family", "font-size", "font-weight", "text-anchor", "paint-order"];

/// The visible stages, side by side if there are several. None if there are none.
#[must_use]
pub fn stage() -> Option<String> {
    picture(".stages")
}

/// The visible part of the space-time diagram. None if it is not open.
#[must_use]
pub fn diagram() -> Option<String> {
    picture(".dg .dg-picture")
}

/// The first element of the page that matches a selector, as it is visible. None if there is none.
#[must_use]
pub fn picture(css: &str) -> Option<String> {
    let found = dom::document()?.query_selector(css).ok()??;
    (found.client_width() > 0).then(|| standalone(&found))
}

/// The markup so far, and the upper left corner on the screen.
struct Picture {
    out: String,
    left: f64,
    top: f64,
}

/// An element and everything inside it.
fn standalone(root: &Element) -> String {
    let rect = root.get_bounding_client_rect();
    let (w, h) = (px(rect.width()), px(rect.height()));
    let mut picture = Picture { out: String::new(), left: rect.left(), top: rect.top() };
    let view = format!("width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\"");
    picture.out = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" {view}>");
    let ground = ground(root);
    picture.write(&format!("<rect width=\"{w}\" height=\"{h}\" fill=\"{ground}\"/>"));
    picture.element(root);
    picture.write("</svg>");
    picture.out
}

fn style(element: &Element) -> Option<CssStyleDeclaration> {
    web_sys::window()?.get_computed_style(element).ok()?
}

fn value(style: &CssStyleDeclaration, name: &str) -> String {
    style.get_property_value(name).unwrap_or_default()
}

/// The colour of a background, if it is visible.
fn background(style: &CssStyleDeclaration) -> Option<String> {
    let colour = value(style, "background-color");
    (!colour.is_empty() && colour != "transparent" && !colour.ends_with(", 0)")).then_some(colour)
}

/// The background that shows through an element.
fn ground(element: &Element) -> String {
    let mut at = Some(element.clone());
    while let Some(element) = at {
        if let Some(colour) = style(&element).and_then(|s| background(&s)) {
            return colour;
        }
        at = element.parent_element();
    }
    "#fff".to_owned()
}

impl Picture {
    fn write(&mut self, text: &str) {
        self.out.push_str(text);
    }

    fn element(&mut self, element: &Element) {
        let Some(style) = style(element) else { return };
        if value(&style, "display") == "none" {
            return;
        }
        let name = element.local_name();
        let shape = SHAPES.iter().find(|(known, _)| *known == name);
        let opacity = value(&style, "opacity");
        if opacity != "1" {
            self.write(&format!("<g opacity=\"{opacity}\">"));
        }
        if let Some((_, attributes)) = shape {
            if value(&style, "visibility") == "visible" {
                self.shape(element, &name, attributes, &style);
            }
        } else if element.dyn_ref::<SvgGraphicsElement>().is_some() {
            self.children(element);
        } else {
            self.part(element, &style);
        }
        if opacity != "1" {
            self.write("</g>");
        }
    }

    fn children(&mut self, element: &Element) {
        let children = element.children();
        for place in 0..children.length() {
            if let Some(child) = children.item(place) {
                self.element(&child);
            }
        }
    }

    /// Writes an element that is not SVG.
    fn part(&mut self, element: &Element, style: &CssStyleDeclaration) {
        let rect = element.get_bounding_client_rect();
        let (x, y) = (px(rect.left() - self.left), px(rect.top() - self.top));
        let (w, h) = (px(rect.width()), px(rect.height()));
        if rect.width() <= 0.0 && rect.height() <= 0.0 {
            return;
        }
        let place = format!("x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"");
        if let Some(colour) = background(style) {
            self.write(&format!("<rect {place} fill=\"{colour}\"/>"));
        }
        let hides = value(style, "overflow-x") != "visible";
        if hides {
            self.write(&format!("<svg {place} viewBox=\"{x} {y} {w} {h}\">"));
        }
        self.words(element, style);
        self.children(element);
        if hides {
            self.write("</svg>");
        }
    }

    /// Writes the element's own text, on one line.
    fn words(&mut self, element: &Element, style: &CssStyleDeclaration) {
        let nodes = element.child_nodes();
        let own =
            |place| nodes.get(place).filter(|n| n.node_type() == Node::TEXT_NODE)?.node_value();
        let words: String = (0..nodes.length()).filter_map(own).collect();
        if words.trim().is_empty() {
            return;
        }
        let rect = element.get_bounding_client_rect();
        let x = px(rect.left() - self.left);
        let y = px(rect.top() - self.top + rect.height() / 2.0 + 4.0);
        let colour = value(style, "color");
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\"");
        self.looks(style, &LETTERS);
        self.write(">");
        self.escaped(words.trim());
        self.write("</text>");
    }

    fn shape(&mut self, element: &Element, name: &str, of: &[&str], style: &CssStyleDeclaration) {
        let Some(m) = element.dyn_ref::<SvgGraphicsElement>().and_then(|e| e.get_screen_ctm())
        else {
            return;
        };
        let (a, b, c, d) = (m.a(), m.b(), m.c(), m.d());
        let (e, f) = (f64::from(m.e()) - self.left, f64::from(m.f()) - self.top);
        let _ = write!(self.out, "<{name} transform=\"matrix(");
        for (i, part) in [a, b, c, d].into_iter().enumerate() {
            let _ =
                write!(self.out, "{}{}", if i > 0 { " " } else { "" }, thousandths(part.into()));
        }
        let _ = write!(self.out, " {} {})\"", px(e), px(f));
        for attribute in of {
            if let Some(said) = element.get_attribute(attribute) {
                let _ = write!(self.out, " {attribute}=\"{said}\"");
            }
        }
        self.looks(style, &LOOKS);
        if name == "text" {
            self.looks(style, &LETTERS);
            self.write(">");
            self.letters(element);
            self.write("</text>");
        } else {
            self.write("/>");
        }
    }

    /// Writes the letters of a text, and the `tspan`s in it with their own style.
    fn letters(&mut self, text: &Element) {
        let nodes = text.child_nodes();
        for node in (0..nodes.length()).filter_map(|place| nodes.get(place)) {
            let Some(piece) = node.dyn_ref::<Element>() else {
                self.escaped(&node.node_value().unwrap_or_default());
                continue;
            };
            let dx = piece.get_attribute("dx").unwrap_or_default();
            let _ = write!(self.out, "<tspan dx=\"{dx}\"");
            if let Some(style) = style(piece) {
                self.looks(&style, &PIECES);
            }
            self.write(">");
            self.escaped(&piece.text_content().unwrap_or_default());
            self.write("</tspan>");
        }
    }

    fn looks(&mut self, style: &CssStyleDeclaration, names: &[&str]) {
        for name in names {
            let said = value(style, name).replace('"', "'");
            if !said.is_empty() && said != usual(name) {
                let _ = write!(self.out, " {name}=\"{said}\"");
            }
        }
    }

    fn escaped(&mut self, text: &str) {
        crate::diagram::escape(&mut self.out, text);
    }
}

/// The initial value of a style property.
fn usual(name: &str) -> &'static str {
    match name {
        "fill-opacity" | "stroke-opacity" => "1",
        "stroke" | "stroke-dasharray" => "none",
        "stroke-dashoffset" => "0px",
        "stroke-linecap" => "butt",
        "stroke-linejoin" => "miter",
        "stroke-width" => "1px",
        "text-anchor" => "start",
        "paint-order" => "normal",
        "font-weight" => "400",
        _ => "",
    }
}

/// A matrix coefficient to the thousandth. Integer arithmetic keeps float formatting out of the
/// page.
fn thousandths(value: f64) -> String {
    let parts = (value * 1_000.0).round() as i64;
    let sign = if parts < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", parts.abs() / 1_000, parts.abs() % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_matrix_are_told_to_the_thousandth() {
        assert_eq!(
            [1.0, -0.5, 0.0004, 12.3456].map(thousandths),
            ["1.000", "-0.500", "0.000", "12.346"]
        );
    }
}
