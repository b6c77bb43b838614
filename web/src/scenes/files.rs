//! Files that lie beside the page.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Fetches a file beside the page as text.
///
/// # Errors
/// One sentence where the file cannot be fetched, as from a page that was opened from a disk.
pub async fn text(path: &str) -> Result<String, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let unreachable = |_| "the file cannot be fetched from where the page lies".to_owned();
    let answer = JsFuture::from(window.fetch_with_str(path)).await.map_err(unreachable)?;
    let answer: web_sys::Response = answer.unchecked_into();
    if !answer.ok() {
        return Err("there is no such file beside the page".to_owned());
    }
    let text = JsFuture::from(answer.text().map_err(unreachable)?).await.map_err(unreachable)?;
    text.as_string().ok_or_else(|| "the file is no text".to_owned())
}
