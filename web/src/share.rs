//! Links: reading the address of the page, and making the link to its run.

use crate::language;
use crate::player::Player;
use quorumscope_core::script::link::Opened;
use wasm_bindgen_futures::JsFuture;

fn location() -> Option<web_sys::Location> {
    Some(web_sys::window()?.location())
}

/// Whether the address names a run, readable or not.
#[must_use]
pub fn names_a_run() -> bool {
    location().and_then(|l| l.hash().ok()).is_some_and(|hash| hash.len() > 1)
}

/// The run that the address names, and what people should know of it. None when it names none.
///
/// # Errors
/// The sentence that says what is wrong with the address.
pub fn from_address() -> Result<Option<Opened>, String> {
    let hash = location().and_then(|l| l.hash().ok()).unwrap_or_default();
    match hash.trim_start_matches('#') {
        "" => Ok(None),
        fragment => language::decode(fragment).map(Some),
    }
}

/// True if the page is embedded in another: only stage and transport are shown.
#[must_use]
pub fn is_embedded() -> bool {
    asks_for("embed")
}

/// Whether the page opens standing still, at its first moment.
#[must_use]
pub fn stands_still() -> bool {
    asks_for("paused")
}

/// Whether a word stands behind the `?` of the address, with or without a value.
fn asks_for(word: &str) -> bool {
    let search = location().and_then(|l| l.search().ok()).unwrap_or_default();
    let mut all = search.trim_start_matches('?').split('&');
    all.any(|part| part.split('=').next() == Some(word))
}

/// The address of the page without query and fragment.
fn base() -> String {
    let href = location().and_then(|l| l.href().ok()).unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// The link to the run on the page.
#[must_use]
pub fn link(player: &Player) -> String {
    format!("{}#{}", base(), language::link(&player.session()))
}

/// Copies text to the clipboard. False if the page may not.
pub async fn copy(text: String) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Pages that do not come over https have no clipboard.
    let navigator: wasm_bindgen::JsValue = window.navigator().into();
    let has = js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|c| c.is_object());
    has && JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
}
