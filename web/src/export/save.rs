//! Saves a file by clicking a link with `download`.

use crate::dom;
use gloo_timers::callback::Timeout;
use js_sys::Array;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// The time for which the file is kept for the browser, in milliseconds.
const KEPT_MS: u32 = 60_000;

/// A text as a file.
pub fn text(text: &str) -> Option<Blob> {
    file(text, "text/plain;charset=utf-8")
}

/// A picture as a file.
pub fn picture(svg: &str) -> Option<Blob> {
    file(svg, "image/svg+xml")
}

fn file(text: &str, kind: &str) -> Option<Blob> {
    let properties = BlobPropertyBag::new();
    properties.set_type(kind);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &properties).ok()
}

/// Saves a file under a name, in the browser's folder for downloads.
pub fn save(file: &Blob, name: &str) {
    let Ok(address) = Url::create_object_url_with_blob(file) else { return };
    let link = dom::document().and_then(|d| d.create_element("a").ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", name);
        link.unchecked_ref::<HtmlElement>().click();
    }
    Timeout::new(KEPT_MS, move || _ = Url::revoke_object_url(&address)).forget();
}
