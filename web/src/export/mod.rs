//! What leaves the page as a file.

mod picture;

use crate::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// What can be had as a picture, and what finds it in the page.
const PICTURES: [(&str, &str); 2] =
    [("stage", ".cluster.meant .stage"), ("diagram", ".dg .dg-picture")];

/// A part of the page as a picture that stands alone.
///
/// # Errors
/// The sentence why there is none: an unknown name, or what is not shown has no picture.
pub fn svg(name: &str) -> Result<String, String> {
    let known = PICTURES.iter().find(|(known, _)| *known == name);
    let (_, css) = known.ok_or_else(|| format!("there is no picture named {name}"))?;
    let found = dom::document().and_then(|d| d.query_selector(css).ok()?);
    let element: Element = found.ok_or_else(|| format!("the {name} is not shown"))?;
    Ok(picture::standalone(&element))
}

/// Hands a text to the person as a file.
pub fn download(name: &str, mime: &str, text: &str) {
    let link = dom::document().and_then(|d| d.create_element("a").ok());
    if let Some(link) = link {
        let encoded = String::from(js_sys::encode_uri_component(text));
        // Both are names that an attribute may have.
        let _ = link.set_attribute("href", &format!("data:{mime};charset=utf-8,{encoded}"));
        let _ = link.set_attribute("download", name);
        link.unchecked_ref::<HtmlElement>().click();
    }
}
