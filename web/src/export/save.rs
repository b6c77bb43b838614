//! Saving a text as a file, by a link that is pressed once.

use crate::dom;
use gloo_timers::callback::Timeout;
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// How long the file is kept for the browser to fetch it.
const KEPT_MS: u32 = 60_000;

/// Saves pieces of text under a name, where the person's browser puts such files.
pub fn save(pieces: &Array, name: &str) {
    let kind = if name.ends_with(".svg") { "image/svg+xml" } else { "text/plain;charset=utf-8" };
    let options: BlobPropertyBag = Object::new().unchecked_into();
    // A fresh object takes every property.
    let _ = Reflect::set(&options, &"type".into(), &kind.into());
    let Ok(blob) = Blob::new_with_str_sequence_and_options(pieces, &options) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = dom::document().and_then(|d| d.create_element("a").ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", name);
        link.unchecked_ref::<HtmlElement>().click();
    }
    Timeout::new(KEPT_MS, move || _ = Url::revoke_object_url(&address)).forget();
}
